"""The trainer's errors, a branch of `vary_data.base.errors`.

VaryError                      one clear line: what, where, what to do       exit 1
├── UsageError                                                               exit 2
├── SourceError                a dataset that cannot be read
└── TrainerError
    ├── SettingsError          also a UsageError: a setting, recipe key or flag that is not valid
    ├── DataError              also a SourceError: data without samples to train on
    ├── WeightsError           weights or a tokenizer that do not fit the model
    ├── RunError               a run folder that cannot be written or belongs to other settings
    └── OutOfMemory            the device is full: which setting to lower
"""

from __future__ import annotations

from vary_data.base.errors import SourceError, UsageError, VaryError
from vary_data.base.errors import nearest as nearest


class TrainerError(VaryError):
    """What is expected to go wrong with models and runs."""


class SettingsError(TrainerError, UsageError):
    """A setting, recipe key or flag that is not valid."""


class DataError(TrainerError, SourceError):
    """Data without samples to train on, or answers and tests that cannot be read."""


class WeightsError(TrainerError):
    """Weights or a tokenizer that do not fit the model."""


class RunError(TrainerError):
    """A run folder that cannot be written or belongs to other settings."""


class OutOfMemory(TrainerError):
    """The memory of the device is full; the hint names the setting to lower."""
