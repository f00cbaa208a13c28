"""docs/settings.md agrees with the declared options."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_settings_page_is_current() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "write_settings.py"))
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert script["document"]() == page, "run `make settings`"
