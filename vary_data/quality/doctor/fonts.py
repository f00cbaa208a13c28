"""Checks the font families of each language, as the renderers find them."""

from __future__ import annotations

from collections.abc import Iterator

from vary_data.dataset.languages import FIRST, languages
from vary_data.quality.doctor.check import MachineCheck

GROUP = "Fonts"


def fonts() -> Iterator[MachineCheck]:
    """A language without any family cannot be drawn; more families only add variety."""
    from renderers.fonts import families, packages

    for lang, entry in languages().items():
        found = [family.name for family in families(lang)]
        wanted, name = packages(lang), entry.name
        first = lang in FIRST
        needed_by = f"{'render-charts' if first else 'web-pages'} --lang {lang}"
        if not found:
            yield MachineCheck(
                GROUP,
                name,
                "missing" if first else "absent",
                "no family",
                needed_by,
                packages=wanted,
            )
            continue
        shown = f"{len(found)} families" + (f": {', '.join(found)}" if first else "")
        yield MachineCheck(GROUP, name, "ok", shown, needed_by)
        if wanted:
            detail = "more variety with more families"
            yield MachineCheck(GROUP, f"more {name}", "absent", detail, packages=wanted)
