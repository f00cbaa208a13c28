"""Our models inside lmms-eval: `lmms-eval --model vary --model_args model=runs/tiny`.

lmms-eval (0.7 or newer) finds this through the entry point group `lmms_eval.models`; nothing of it
is imported unless it asks.
"""

from __future__ import annotations

from typing import Any


def manifest() -> Any:
    """What lmms-eval's registry wants to know: the name, and where the class is."""
    from lmms_eval.models.registry_v2 import ModelManifest

    return ModelManifest(
        model_id="vary", simple_class_path="trainer.evaluation.lmms_eval.model.Vary"
    )
