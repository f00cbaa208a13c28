"""The languages of rows: tags of the registry, in BCP 47."""

from __future__ import annotations

from renderers.languages.registry import FIRST, Language, find, languages
from vary_data.base.errors import UsageError, nearest

__all__ = ["FIRST", "Language", "check_language", "find", "language_name", "languages", "tag_of"]


def tag_of(value: object) -> str:
    """The registry's tag for a BCP 47 tag: `zh` for `zh-Hans` or `zh-CN`, `de` for `de-AT`.

    Raises:
        UsageError: there is no such language.
    """
    found = find(value) if isinstance(value, str) else None
    if found is None:
        known = tuple(languages())
        hint = nearest(str(value), known) or f"known: {', '.join(known)}"
        raise UsageError(f"there is no language {value!r}", hint)
    return found.tag


def check_language(value: object) -> None:
    """Check the language of a recipe, which is a tag of the registry.

    Raises:
        UsageError: it is none.
    """
    if value not in languages():
        tag_of(value)
        raise UsageError(f"lang {value!r} is {tag_of(value)!r} here", f"write {tag_of(value)}")


def language_name(tag: str) -> str:
    """The English name of a language; the tag itself if it is not in the registry."""
    entry = languages().get(tag)
    return entry.name if entry else tag
