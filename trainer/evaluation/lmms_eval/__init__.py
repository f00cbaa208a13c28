"""Vary in lmms-eval: `lmms-eval --model vary --model_args model=runs/tiny`.

lmms-eval (0.7 or newer) finds this by the entry point group `lmms_eval.models`; importing this
module does not import lmms-eval.
"""

from __future__ import annotations

from typing import Any


def manifest() -> Any:
    """The entry of lmms-eval's registry: the model's name and its class."""
    from lmms_eval.models.registry_v2 import ModelManifest

    return ModelManifest(
        model_id="vary", simple_class_path="trainer.evaluation.lmms_eval.model.Vary"
    )
