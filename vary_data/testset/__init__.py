"""The paper's test set, built from documents that no training set has."""

from vary_data.testset.build import Result, build, survey
from vary_data.testset.request import Request

__all__ = ["Request", "Result", "build", "survey"]
