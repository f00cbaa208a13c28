"""The paper's test set, built from documents that no training set has."""

from vary_data.testset.build import TestsetResult, build, survey
from vary_data.testset.request import TestsetRequest

__all__ = ["TestsetRequest", "TestsetResult", "build", "survey"]
