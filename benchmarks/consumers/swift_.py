"""ms-swift on an export, in the environment where it is installed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from benchmarks.consumers.tiny_llava import tiny_llava


def train_with_swift(python: Path, source: Path, folder: Path) -> str:
    """Run swift_inside.py by the interpreter that has ms-swift; its last line is the result."""
    model, processor = tiny_llava()
    model.save_pretrained(folder / "model")
    processor.save_pretrained(folder / "model")
    inside = Path(__file__).with_name("swift_inside.py")
    offline = {"HF_HUB_OFFLINE": "1", "MODELSCOPE_CACHE": str(folder / "cache")}
    done = subprocess.run(
        [python, inside, folder / "model", folder / "run"], cwd=source, check=False,
        env=os.environ | offline, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]
