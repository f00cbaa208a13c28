"""KaTeX, which draws formulas from LaTeX: where it is, its fonts, and the letters it prints."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from renderers.tool_errors import ToolNotFound
from renderers.web.formulas import FUNCTIONS, Math

KATEX_VERSION = "0.19.1"
"""The version that pages are written and tested against."""
KATEX_ENV = "VARY_KATEX"
_INSIDE_NODE_MODULES = Path("node_modules/katex/dist")
_FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
_FONT_NAME = re.compile(r"(KaTeX_\w+)-(Regular|Bold|Italic|BoldItalic)\.woff2")
_NAMES = frozenset(
    (
        *FUNCTIONS,
        *("lim", "det", "dim", "ker", "deg", "arg", "gcd", "inf", "sup", "hom", "Pr", "mod", "lg"),
        *("sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "cot", "sec", "csc"),
    )
)
"""Commands that print their own name."""
_NOT_PRINTED = re.compile(
    r"\\(?:begin|end)\{(?:array|alignedat)\}(?:\{[^{}]*\})?|\\(?:begin|end)\{[a-zA-Z*]+\}"
    r"|\\(?:hspace|vspace|kern|color|textcolor|label|tag|phantom|hphantom|vphantom)\*?\{[^{}]*\}"
    r"|\\\\\[[^\]]*\]|\\(?:kern|mkern|hskip|mskip)\s*-?[\d.]+\s*[a-z]{2}"
)
_COMMAND = re.compile(r"\\([a-zA-Z]+|.)")


@dataclass(frozen=True, slots=True)
class Katex:
    """The script, its style sheet without fonts, and the font files with name, weight, style."""

    script: Path
    css: str
    fonts: tuple[tuple[str, str, str, Path], ...]


def tex(latex: str) -> Math:
    """A formula that KaTeX draws."""
    return Math("", latex, printed_letters(latex))


def printed_letters(latex: str) -> str:
    """The Latin letters and digits that a formula prints, in the order of its source."""
    plain = _NOT_PRINTED.sub(" ", latex)
    plain = _COMMAND.sub(lambda found: found[1] if found[1] in _NAMES else " ", plain)
    return "".join(char for char in plain if char.isascii() and char.isalnum())


def prints_all(letters: str, printed: str) -> bool:
    """Whether each letter of a formula's source is printed as often as the source has it."""
    return not Counter(letters) - Counter(printed)


def find_katex() -> Path:
    """The folder with `katex.min.js`, `katex.min.css` and `fonts/`.

    Looked for in this order: `$VARY_KATEX`, the nearest `node_modules` above this module or the
    working directory, the user's cache folder.

    Raises:
        ToolNotFound: there is none.
    """
    for folder in _places():
        if (folder / "katex.min.js").is_file():
            return folder
    raise ToolNotFound(
        "KaTeX was not found",
        f"run `npm install katex@{KATEX_VERSION}` here, or name its folder `dist` with {KATEX_ENV}",
    )


def has_katex() -> bool:
    """Whether KaTeX is installed."""
    return any((folder / "katex.min.js").is_file() for folder in _places())


def load_katex() -> Katex:
    """KaTeX as installed.

    Raises:
        ToolNotFound: it is not, or a file of it cannot be read.
    """
    folder = find_katex()
    try:
        css = (folder / "katex.min.css").read_text(encoding="utf-8")
        names = sorted((folder / "fonts").glob("*.woff2"))
    except OSError as error:
        raise ToolNotFound(
            f"KaTeX in {folder} cannot be read ({error})", "install it again"
        ) from error
    fonts = []
    for path in names:
        if found := _FONT_NAME.fullmatch(path.name):
            weight = "bold" if "Bold" in found[2] else "normal"
            style = "italic" if "Italic" in found[2] else "normal"
            fonts.append((found[1], weight, style, path))
    return Katex(folder / "katex.min.js", _FONT_FACE.sub("", css), tuple(fonts))


def _places() -> Iterator[Path]:
    if asked := os.environ.get(KATEX_ENV):
        yield Path(asked)
        return
    for start in (Path(__file__).resolve().parent, Path.cwd()):
        for folder in (start, *start.parents):
            yield folder / _INSIDE_NODE_MODULES
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    yield Path(cache) / "vary-data" / f"katex-{KATEX_VERSION}"
