"""Find the license that a source states for its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CREATIVE = re.compile(
    r"creativecommons\.org/(?:licenses|publicdomain)/(?P<code>[a-z-]+|zero)/(?P<number>\d\.\d)"
    r"|\bCC[ -]?(?P<short>BY(?:[ -](?:NC|SA|ND))*|0)(?:[ -]v?(?P<version>\d\.\d))?(?![A-Za-z])"
    r"|Creative Commons Attribution"
    r"(?P<words>(?:[ -]*(?:Non-?Commercial|Share-?Alike|No-?Deriv\w*))*)"
    r"[^\n]{0,20}?(?P<stated>\d\.\d)",
    re.IGNORECASE,
)
_WORDS = (("noncommercial", "NC"), ("sharealike", "SA"), ("noderiv", "ND"))


def stated_license(lines: Sequence[str]) -> str:
    """The SPDX identifier of the Creative Commons license that lines name; empty without one.

    Other licenses in a source are mostly those of its class or template.
    """
    for line in lines:
        if match := _CREATIVE.search(line):
            return _identifier(match)
    return ""


def _identifier(match: re.Match[str]) -> str:
    version = match["number"] or match["version"] or match["stated"] or "4.0"
    if match["words"] is not None:
        words = re.sub(r"[ -]", "", match["words"]).lower()
        parts = ["BY", *(short for word, short in _WORDS if word in words)]
        return f"CC-{'-'.join(parts)}-{version}"
    code = (match["code"] or match["short"]).upper().replace(" ", "-")
    return "CC0-1.0" if code in ("ZERO", "0") else f"CC-{code}-{version}"
