"""All settings of a training run, as nested frozen dataclasses.

A recipe is the same tree in YAML; `optim.lr=1e-4` on the command line overrides one value.
"""

from trainer.settings.groups import (
    CheckpointSettings,
    DataSettings,
    EvaluationSettings,
    LogSettings,
    ModelSettings,
    OptimSettings,
    TrainSettings,
    WeightsSettings,
)
from trainer.settings.lora import LoraSettings
from trainer.settings.recipe import (
    load_settings,
    open_recipe,
    read_recipe,
    recipe_path,
    settings_from,
    to_yaml,
)
from trainer.settings.settings import CONVERSATIONS, PARTS, STAGES, Settings
from trainer.settings.warm_up import WarmUpSettings

__all__ = [
    "CONVERSATIONS",
    "PARTS",
    "STAGES",
    "CheckpointSettings",
    "DataSettings",
    "EvaluationSettings",
    "LogSettings",
    "LoraSettings",
    "ModelSettings",
    "OptimSettings",
    "Settings",
    "TrainSettings",
    "WarmUpSettings",
    "WeightsSettings",
    "load_settings",
    "open_recipe",
    "read_recipe",
    "recipe_path",
    "settings_from",
    "to_yaml",
]
