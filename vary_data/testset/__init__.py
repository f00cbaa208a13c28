"""The paper's test set, built from documents that no training set has."""

from vary_data.testset.build import BuildResult, build, survey
from vary_data.testset.request import BuildRequest

__all__ = ["BuildRequest", "BuildResult", "build", "survey"]
