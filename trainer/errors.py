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
    pass


class SettingsError(TrainerError, UsageError):
    pass


class DataError(TrainerError, SourceError):
    pass


class WeightsError(TrainerError):
    pass


class RunError(TrainerError):
    pass


class OutOfMemory(TrainerError):
    pass
