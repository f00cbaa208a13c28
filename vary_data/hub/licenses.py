"""The license names of rows and of the Hub."""

from __future__ import annotations

from collections.abc import Iterable

_NAMES = """
afl-3.0 agpl-3.0 apache-2.0 artistic-2.0 bsd bsd-2-clause bsd-3-clause bsl-1.0 cc cc-by-2.0
cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nc-nd-3.0
cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cc-by-nd-4.0 cc-by-sa-3.0
cc-by-sa-4.0 cc0-1.0 cdla-permissive-1.0 cdla-permissive-2.0 cdla-sharing-1.0 ecl-2.0 epl-1.0
epl-2.0 eupl-1.1 eupl-1.2 gfdl gpl gpl-2.0 gpl-3.0 isc lgpl lgpl-2.1 lgpl-3.0 lppl-1.3c mit
mpl-2.0 ms-pl mulanpsl-2.0 ncsa odbl odc-by ofl-1.1 osl-3.0 pddl postgresql unlicense wtfpl zlib
"""
HUB = frozenset(_NAMES.split())
"""The license names of the Hub; every other license is `other` there."""
UNKNOWN = ("", "unknown")


def hub_license(stated: Iterable[str]) -> str | list[str]:
    """The field `license` of a card for rows with these licenses: all of them, or `other`."""
    names = sorted({name.strip().lower().replace(" ", "-") for name in stated})
    if not names or any(name not in HUB for name in names):
        return "other"
    return names[0] if len(names) == 1 else names
