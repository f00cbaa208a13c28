"""Font families for each language, as the renderers see them."""

from __future__ import annotations

from collections.abc import Iterator

from vary_data.quality.doctor.check import Check

GROUP = "Fonts"
LANGUAGES = {"en": "English", "zh": "Chinese"}


def fonts() -> Iterator[Check]:
    """A language without any family cannot be drawn; missing ones only make data less varied."""
    from renderers.fonts import families, packages

    for lang, language in LANGUAGES.items():
        found = [family.name for family in families(lang)]
        wanted = packages(lang)
        needed_by = f"render-charts --lang {lang}"
        if not found:
            yield Check(GROUP, language, "missing", "no family", needed_by, packages=wanted)
            continue
        yield Check(GROUP, language, "ok", f"{len(found)} families: {', '.join(found)}", needed_by)
        if wanted:
            detail = "more variety with more families"
            yield Check(GROUP, f"more {language}", "absent", detail, packages=wanted)
