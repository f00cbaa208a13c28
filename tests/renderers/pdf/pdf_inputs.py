"""Documents that the tests make: by LaTeX, by HTML, and by hand."""

from __future__ import annotations

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from fontTools.ttLib import TTFont

A4 = (595, 842)


def latex(folder: Path, source: str) -> Path:
    """Set a LaTeX document; the test is skipped where there is no pdflatex."""
    if shutil.which("pdflatex") is None:
        pytest.skip("needs pdflatex")
    (folder / "page.tex").write_text(source)
    command = ["pdflatex", "-interaction=batchmode", "-no-shell-escape", "page.tex"]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=True)
    return folder / "page.pdf"


def html(
    path: Path, *parts: tuple[str, tuple[float, float, float, float]], size: tuple[int, int] = A4
) -> Path:
    """One page with a piece of HTML in each box (points)."""
    writer = pymupdf.DocumentWriter(path)
    device = writer.begin_page(pymupdf.Rect(0, 0, *size))
    for text, box in parts:
        story = pymupdf.Story(text)
        more, _ = story.place(pymupdf.Rect(box))
        assert not more, "the text does not fit its box"
        story.draw(device)
    writer.end_page()
    writer.close()
    return path


ENGLISH = (
    "It is a truth universally acknowledged, that a single man in possession of a good"
    " fortune, must be in want of a wife. However little known the feelings or views of such"
    " a man may be on his first entering a neighbourhood, this truth is so well fixed in the"
    " minds of the surrounding families, that he is considered the rightful property of some"
    " one or other of their daughters."
)
CHINESE = (
    "学而时习之，不亦说乎？有朋自远方来，不亦乐乎？人不知而不愠，不亦君子乎？"
    "吾日三省吾身：为人谋而不忠乎？与朋友交而不信乎？传不习乎？"
)


def written(path: Path, text: str = ENGLISH, *, size: tuple[int, int] = A4, **kwargs) -> Path:
    """A PDF of one page with one paragraph, by PyMuPDF; `kwargs` go to `insert_textbox`."""
    with pymupdf.open() as document:
        page = document.new_page(width=size[0], height=size[1])
        page.insert_textbox(pymupdf.Rect(60, 60, size[0] - 60, size[1] - 60), text, **kwargs)
        document.save(path)
    return path


def read(path: Path, index: int = 0, **settings):
    """Read one page with a `PageReader` of these settings."""
    from renderers.pdf.document import open_document, silence
    from renderers.pdf.page import PageReader

    silence()
    with open_document(path) as document:
        return PageReader(**settings).read(document, index)


def reason(path: Path, index: int = 0, **settings) -> str:
    """Why a page is not kept."""
    from renderers.rejected import Rejected

    with pytest.raises(Rejected) as caught:
        read(path, index, **settings)
    return caught.value.reason


def named(path: Path, text: str, names: dict[str, str]) -> Path:
    """A page of Chinese text whose ToUnicode table calls some characters by other names."""
    written(path, text, fontname="china-s", fontsize=14)
    rows = "".join(f"<{ord(c):04x}> <{ord(names.get(c, c)):04x}>\n" for c in sorted(set(text)))
    table = (
        "begincmap\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{len(set(text))} beginbfchar\n{rows}endbfchar\nendcmap\n"
    )
    with pymupdf.open(path) as document:
        ((font, *_),) = document.get_page_fonts(0)
        stream = document.get_new_xref()
        document.update_object(stream, "<<>>")
        document.update_stream(stream, table.encode())
        document.xref_set_key(font, "ToUnicode", f"{stream} 0 R")
        document.saveIncr()
    return path


def printed(path: Path, body: str) -> Path:
    """HTML as Chromium prints it in Noto Sans CJK SC; the test is skipped without either."""
    from playwright.sync_api import sync_playwright

    from renderers.charts.backend import ToolNotFound
    from renderers.charts.echarts import find_browser
    from renderers.fonts import families

    if not any(family.name == "Noto Sans CJK SC" for family in families("zh")):
        pytest.skip("needs the font Noto Sans CJK SC")
    try:
        browser = find_browser()
    except ToolNotFound as error:
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = opened.new_page()
        page.set_content(f"<div style='font: 16px Noto Sans CJK SC'>{body}</div>")
        page.pdf(path=path)
        opened.close()
    return path


def noto_faces() -> Iterator[TTFont]:
    """Every face of Noto CJK; the test is skipped where a font is missing."""
    from fontTools.ttLib import TTCollection

    from renderers.fonts import families

    files = {f.regular.path for f in families("zh") if f.name.startswith("Noto ")}
    if len(files) < 2:
        pytest.skip("needs the fonts Noto Sans CJK and Noto Serif CJK")
    for file in sorted(files):
        with TTCollection(file, lazy=True) as collection:
            yield from collection.fonts


def characters_by_glyph(font: TTFont) -> dict[str, list[str]]:
    found = defaultdict(list)
    for code, glyph in font["cmap"].getBestCmap().items():
        found[glyph].append(chr(code))
    return found


def written_as(text: str) -> str:
    from renderers.pdf.canonical import normalize

    return normalize(text, [(0.0, 0.0, 1.0, 1.0)] * len(text))[0]


def words(path: Path) -> str:
    """The text without its line ends, which must be that of the regions too."""
    page = read(path, keep_rows=True)
    text = page.text.replace("\n", "")
    assert "".join(r.text for r in page.picture.regions if r.role == "word") == text
    return text


def raw(path: Path) -> str:
    """The characters of the ToUnicode tables; those in Chromium's `ActualText` differ."""
    with pymupdf.open(path) as document:
        return document[0].get_text(flags=pymupdf.TEXT_IGNORE_ACTUALTEXT).replace("\n", "")
