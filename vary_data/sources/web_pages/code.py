"""Program text for listings: commands, settings and short functions with random names."""

from __future__ import annotations

from renderers.web.document import Code
from vary_data.sources.prose.prose import Prose

WORDS = (
    *("count", "total", "name", "path", "items", "value", "index", "limit", "result", "config"),
    *("user", "data", "size", "page", "text", "width", "load", "save", "read", "write", "check"),
    *("merge", "find", "update", "parse", "client", "server", "cache", "token", "line", "queue"),
    *("task", "file", "key"),
)


def listing(prose: Prose) -> Code:
    """A few lines of one sort of program text; ASCII only."""
    return Code(tuple(prose.pick((_commands, _function, _settings, _json))(prose)))


def _name(prose: Prose) -> str:
    return "_".join(prose.pick(WORDS) for _ in range(prose.whole(1, 2)))


def _commands(prose: Prose) -> list[str]:
    tools = ("git", "pip", "make", "curl", "docker", "ssh", "tar", "npm")
    lines = []
    for _ in range(prose.whole(1, 4)):
        flag = prose.pick(("--verbose", "-n 12", "--all", f"--{prose.pick(WORDS)}", "-x"))
        lines.append(f"$ {prose.pick(tools)} {prose.pick(WORDS)} {flag} {_name(prose)}.txt")
    return lines


def _function(prose: Prose) -> list[str]:
    name, argument, local = _name(prose), prose.pick(WORDS), _name(prose)
    lines = [f"def {name}({argument}, {prose.pick(WORDS)}={prose.whole(0, 99)}):"]
    lines.append(f"    {local} = {_name(prose)}({argument})")
    for _ in range(prose.whole(1, 3)):
        other = _name(prose)
        lines.append(f"    if {local} {prose.pick(('>', '<', '==', '!='))} {prose.whole(0, 500)}:")
        lines.append(f"        {other} = {local} {prose.pick('+-*')} {prose.whole(1, 60)}")
    return [*lines, f"    return {local}"]


def _settings(prose: Prose) -> list[str]:
    lines = [f"[{prose.pick(WORDS)}]"]
    for _ in range(prose.whole(2, 6)):
        value = prose.pick((str(prose.whole(0, 9000)), "true", "false", f'"{prose.pick(WORDS)}"'))
        lines.append(f"{_name(prose)} = {value}")
    return lines


def _json(prose: Prose) -> list[str]:
    names = list(dict.fromkeys(_name(prose) for _ in range(prose.whole(2, 5))))
    rows = [f'  "{name}": {prose.whole(0, 900)}' for name in names]
    return ["{", *[f"{row}," for row in rows[:-1]], rows[-1], "}"]
