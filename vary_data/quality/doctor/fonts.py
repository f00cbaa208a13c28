"""Checks the font families of each language, as the renderers find them."""

from __future__ import annotations

from collections.abc import Iterator

from vary_data.dataset.schema import LANGUAGE_NAMES
from vary_data.quality.doctor.check import MachineCheck

GROUP = "Fonts"


def fonts() -> Iterator[MachineCheck]:
    """A language without any family cannot be drawn; more families only add variety."""
    from renderers.fonts import families, packages

    for lang, language in LANGUAGE_NAMES.items():
        found = [family.name for family in families(lang)]
        wanted = packages(lang)
        needed_by = f"render-charts --lang {lang}"
        if not found:
            yield MachineCheck(GROUP, language, "missing", "no family", needed_by, packages=wanted)
            continue
        yield MachineCheck(
            GROUP, language, "ok", f"{len(found)} families: {', '.join(found)}", needed_by
        )
        if wanted:
            detail = "more variety with more families"
            yield MachineCheck(GROUP, f"more {language}", "absent", detail, packages=wanted)
