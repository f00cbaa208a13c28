"""PDF files full of running text in English and Chinese, as a source for `vary-data pages`.

    python -m benchmarks.text_pages --out FOLDER [--pages-en 1500] [--pages-zh 2500] [--seed 0]
                                    [--cache FOLDER]

The text is documentation that Debian packages bring: `apt-get download` fetches them into the
cache, nothing is installed. A document is a stretch of one package's paragraphs that no other
document has, set by Chromium in one random style, so that splits by document share no text.
Writes FOLDER/en/*.pdf, FOLDER/zh/*.pdf and next to them corpus-*.jsonl, the paragraphs with their
packages. Documents that exist are kept; one seed gives the same ones again.
"""

from __future__ import annotations

import argparse
import gzip
import html
import io
import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import lxml.html
import numpy as np
import pymupdf
from fontTools import subset
from fontTools.ttLib import TTFont
from playwright.sync_api import Page, sync_playwright

from renderers.charts.echarts import find_browser

SOURCES = {
    "en": {
        "libreoffice-help-en-us": "*.html",
        "gimp-help-en": "*.html",
        "debian-reference-en": "*.en.html",
        "debian-faq": "*.en.html",
        "kicad-doc-en": "*.html",
        "debian-handbook": "en-US/*.html",
        "python3.11-doc": "*.html",
    },
    "zh": {
        "libreoffice-help-zh-cn": "*.html",
        "gimp-help-zh-cn": "*.html",
        "manpages-zh": "zh_CN/*/*.gz",
        "debian-reference-zh-cn": "*.html",
        "debian-faq-zh-cn": "*.html",
        "maint-guide-zh-cn": "*.html",
        "kicad-doc-zh": "*.html",
        "fortunes-zh": "fortunes/*[a-z0]",
        "debian-edu-doc-zh-cn": "*.html",
        "debian-edu-doc-legacy-zh-cn": "*.html",
        "lilypond-doc-html-zh": "*.zh.html",
        "debian-handbook": "zh-CN/*.html",
        "gnome-user-docs": "zh_CN/*/*.page",
        "python3-jieba": "dict.txt",
    },
}
"""Packages and what to read of them."""

FACES = {
    "en": "DejaVu Sans|DejaVu Serif|Liberation Serif|Liberation Sans|Liberation Mono|Carlito|"
    "Caladea|FreeSerif|FreeSans|Latin Modern Roman|Latin Modern Sans|TeX Gyre Termes|"
    "TeX Gyre Pagella|TeX Gyre Bonum|TeX Gyre Heros|TeX Gyre Schola|DejaVu Sans Condensed",
    "zh": "Noto Sans CJK SC|Noto Serif CJK SC|AR PL UMing CN|AR PL SungtiL GB|"
    "AR PL KaitiM GB|LXGW WenKai|WenQuanYi Zen Hei",
}
LENGTHS = {"en": (25, 36), "zh": (38, 54)}
"""Pages of a document, about: Chinese faces weigh more, so fewer documents bring them."""
SIZES = {"A4": (210, 297), "Letter": (216, 279), "B5": (176, 250)}
"""Millimetres."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "title")
DROPPED = (
    "//script|//style|//nav|//header|//footer|//aside|//pre|//*[@hidden]|//sup"
    "|//*[contains(concat(' ', @class, ' '), ' toc ')]|//*[contains(@class, 'nav')]"
    "|//*[contains(@class, 'howtoget') or contains(@class, 'related')]"
    "|//a[@class='headerlink']|//*[contains(@class, 'sphinxsidebar')]"
)
BLOCK = "self::p or self::li or self::dd or self::div or self::ul or self::ol or self::dl"
HAN = re.compile(r"[\u4e00-\u9fff]")
TRADITIONAL = re.compile("[們個這來時為說國會學對過還開關電應種發經點樣無與從後見長門問間]")
BETWEEN_HAN = re.compile(
    r"(?<=[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])"
)
WORD_PARAGRAPHS = 4500
"""A part of the dictionary, so that running text remains the most."""


class Paragraph(NamedTuple):
    """A paragraph, where it comes from, and whether it is a heading (h), text (p) or item (li)."""

    package: str
    tag: str
    text: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pages-en", type=int, default=1500)
    parser.add_argument("--pages-zh", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cache", type=Path, default=Path("text-pages-cache"))
    arguments = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(),
            args=["--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"],
            chromium_sandbox=os.geteuid() != 0,
        )
        context = browser.new_context(offline=True, locale="en-US", java_script_enabled=False)
        context.route("**/*", lambda route: route.abort())
        page = context.new_page()
        for lang in ("en", "zh"):
            wanted = getattr(arguments, f"pages_{lang}")
            if not wanted:
                continue
            corpus = read_corpus(lang, arguments.cache)
            folder = arguments.out / lang
            folder.mkdir(parents=True, exist_ok=True)
            report(lang, corpus)
            with (arguments.out / f"corpus-{lang}.jsonl").open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(p._asdict(), ensure_ascii=False) + "\n" for p in corpus)
            pages = print_documents(page, folder, lang, corpus, wanted, arguments.seed)
            size = sum(path.stat().st_size for path in folder.glob("*.pdf")) / 1e6
            print(f"{lang}: {pages} pages, {size:.1f} MB", flush=True)


def report(lang: str, corpus: list[Paragraph]) -> None:
    """How much text there is, by package, and how many Han characters."""
    by_package: Counter[str] = Counter()
    for paragraph in corpus:
        by_package[paragraph.package] += len(paragraph.text)
    han = Counter(HAN.findall("".join(p.text for p in corpus)))
    often = sum(count >= 3 for count in han.values())
    print(f"{lang}: {len(corpus)} paragraphs, {by_package.total()} characters {dict(by_package)}")
    print(f"{lang}: {han.total()} Han, {len(han)} distinct, {often} at least 3 times", flush=True)


def fetch(package: str, cache: Path) -> Path:
    """The package's files, unpacked in the cache."""
    folder = cache / "x" / package
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "-q", "download", package], cwd=cache, check=True)
        archive = max(cache.glob(f"{package}_*.deb"))
        partial = folder.with_name(package + ".part")
        partial.mkdir(parents=True, exist_ok=True)
        subprocess.run(["dpkg-deb", "-x", archive, partial], check=True)
        partial.rename(folder)
    return folder


def read_corpus(lang: str, cache: Path) -> list[Paragraph]:
    """All paragraphs of a language in the order of their files, each text once."""
    seen: set[str] = set()
    found: list[Paragraph] = []
    for package, pattern in SOURCES[lang].items():
        for path in sorted(fetch(package, cache).rglob(pattern)):
            if path.is_symlink() or not path.is_file():
                continue
            for tag, raw in read(path):
                text = BETWEEN_HAN.sub("", " ".join(raw.split()))
                if text not in seen and wanted_text(lang, tag, text):
                    seen.add(text)
                    if tag == "h" and found and found[-1].tag == "h":
                        found.pop()  # nothing under it was wanted
                    found.append(Paragraph(package, tag, text))
    return found


def wanted_text(lang: str, tag: str, text: str) -> bool:
    """Whether the text is long enough, of the language, and no code."""
    letters = len(re.findall(r"[A-Za-z]", text))
    han = len(HAN.findall(text))
    if len(text) < (2 if tag == "h" else 20) or "�" in text:
        return False
    if lang == "en":
        return not re.search(r"[^\x00-\u024f\u2010-\u22ff]", text) and letters > 0.65 * len(text)
    return han > 0.25 * len(text) and not TRADITIONAL.search(text)


def read(path: Path) -> Iterator[tuple[str, str]]:
    """Tags and texts of one file, by what it is."""
    if path.suffix in (".html", ".page"):
        return read_html(path)
    if path.suffix == ".gz":
        return read_roff(gzip.decompress(path.read_bytes()).decode("utf-8", "replace"))
    text = path.read_text(encoding="utf-8", errors="replace")
    return read_words(text) if path.suffix == ".txt" else read_fortunes(text)


def read_html(path: Path) -> Iterator[tuple[str, str]]:
    """Headings, paragraphs and items that hold no other block, without navigation and code."""
    root = lxml.html.fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    for element in root.xpath(DROPPED):
        if element.getparent() is not None:
            element.drop_tree()
    for area in root.xpath("//*[@id='DisplayArea']") or [root]:  # LibreOffice's text
        for element in area.iter(*HEADINGS[:-1], "p", "li", "dd", "div"):
            if element.tag == "div" and element.get("class") != "para":  # Publican's paragraphs
                continue
            if not element.xpath(f".//*[{BLOCK}]"):
                tag = "h" if element.tag in HEADINGS else "li" if element.tag == "li" else "p"
                yield tag, element.text_content()


def read_roff(text: str) -> Iterator[tuple[str, str]]:
    """Sections and paragraphs of a manual page; requests that set text keep their words."""
    words: list[str] = []
    for line in [*text.splitlines(), ".PP"]:
        line = re.sub(r"\\f(\(..|\[\w*\]|.)|\\[&/,|^%:]|\\s[-+]?\d", "", line)
        line = re.sub(r"\\\((..)|\\(.)", lambda m: {"e": "\\"}.get(m[2], m[2] or " "), line)
        request, _, rest = line.partition(" ")
        if not line.startswith((".", "'")):
            words.append(line)
        elif request in (".B", ".I", ".BR", ".IR", ".RB", ".RI", ".BI", ".IB"):
            words.append(rest.replace('"', ""))
        if not line.strip() or request in (".PP", ".P", ".LP", ".TP", ".IP", ".sp", ".SH", ".SS"):
            yield "p", " ".join(words)
            words = []
        if request in (".SH", ".SS"):
            yield "h", rest.strip('" ')


def read_fortunes(text: str) -> Iterator[tuple[str, str]]:
    """Paragraphs of poems and sayings, without terminal colors."""
    for saying in re.sub(r"\x1b\[[\d;]*m", "", text).split("\n%\n"):
        if "Debian 参考手册" not in saying:  # another package has it in full
            yield from (("p", part) for part in saying.split("\n\n"))


def read_words(text: str) -> Iterator[tuple[str, str]]:
    """Words of a dictionary in random order: rare characters, and nothing that one could guess."""
    words = re.findall("^[\u4e00-\u9fff]{2,}", text, re.MULTILINE)
    order = np.random.default_rng(0).permutation(len(words))[: WORD_PARAGRAPHS * 30]
    for some in order.reshape(-1, 30):
        yield "p", "、".join(words[k] for k in some) + "。"


def print_documents(
    page: Page, folder: Path, lang: str, corpus: list[Paragraph], wanted: int, seed: int
) -> int:
    """Print documents until there are enough pages or no text is left; returns the pages."""
    left: dict[str, list[Paragraph]] = {}
    for paragraph in reversed(corpus):
        left.setdefault(paragraph.package, []).append(paragraph)
    faces = installed(FACES[lang].split("|"))
    latin = installed(FACES["en"].split("|"))
    pages = number = 0
    while pages < wanted and left:
        rng = np.random.default_rng((seed, ord(lang[0]), number))
        style, room = random_style(rng, lang, faces, latin)
        # Whenever this ends, all packages had their part, and the largest not nearly all of it.
        names = sorted(left)
        weights = np.sqrt([sum(len(p.text) for p in left[name]) for name in names])
        name = names[int(rng.choice(len(names), p=weights / weights.sum()))]
        text = list(take(left[name], room * int(rng.integers(*LENGTHS[lang]))))
        if not left[name]:
            del left[name]
        target = folder / f"{number:04d}-{name}.pdf"
        if not target.exists():
            print_document(page, target, style, text, lang)
        with pymupdf.open(target) as document:
            pages += document.page_count
        number += 1
    return pages


def take(stack: list[Paragraph], characters: int) -> Iterator[Paragraph]:
    """Take paragraphs off the stack that fill about so many characters."""
    while stack and characters > 0:
        paragraph = stack.pop()
        characters -= len(paragraph.text) + 12  # half a row is left empty after it
        yield paragraph


def installed(faces: Iterable[str]) -> list[str]:
    """Those faces that fontconfig knows."""
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=True)
    known = {name.strip() for line in listed.stdout.splitlines() for name in line.split(",")}
    return [face for face in faces if face in known]


def random_style(
    rng: np.random.Generator, lang: str, faces: list[str], latin: list[str]
) -> tuple[str, int]:
    """A style sheet and about how many characters a page in it has room for."""

    def pick(values: Iterable[Any], p: list[float] | None = None) -> Any:
        values = list(values)
        return values[int(rng.choice(len(values), p=p))]

    size = round(float(np.clip(rng.normal(11.3, 1.6), 9, 16)), 1)
    leading = round(float(rng.uniform(1.2 if lang == "en" else 1.3, 1.8)), 2)
    page = pick(SIZES, [0.5, 0.25, 0.25])
    width, height = SIZES[page]
    x, y = (int(rng.integers(12, 30)) for _ in range(2))
    columns = pick((1, 2), [0.7, 0.3]) if size < 12.5 else 1
    family = [pick(faces)]
    if lang == "zh" and rng.random() < 0.5:
        family.insert(0, pick(latin))
    paragraph = pick(("margin: 0; text-indent: 2em", "margin: 0 0 0.7em", "margin: 0 0 0.3em"))
    # Mostly black on white, as print is.
    ink, paper = pick((("#000", "#fff"), ("#333", "#fff"), ("#111", "#fbf8ef")), [0.75, 0.15, 0.1])
    sheet = f"""@page {{ size: {width}mm {height}mm; margin: {y}mm {x}mm }}
        html {{ background: {paper} }}
        body {{ margin: 0; color: {ink}; font-synthesis: none;
            font: {size}pt/{leading} {json.dumps(family)[1:-1]};
            text-align: {pick(("justify", "left"), [0.7, 0.3])}; overflow-wrap: anywhere;
            column-count: {columns}; column-gap: {int(rng.integers(5, 10))}mm; column-fill: auto }}
        p {{ {paragraph} }} li {{ margin: 0 0 0.2em }}
        ol {{ margin: 0.3em 0; list-style: {pick(("decimal", "decimal", "lower-alpha", "disc"))} }}
        h2 {{ font-size: {pick((1.0, 1.15, 1.3, 1.5))}em; margin: 0.8em 0 0.4em; text-indent: 0;
            font-weight: {pick(("bold", "normal"))}; line-height: 1.3;
            text-align: {pick(("left", "center"), [0.8, 0.2])} }}"""
    area = (width - 2 * x) * (height - 2 * y) / (size * 0.3528) ** 2 / leading
    return sheet, int(area * (1.75 if lang == "en" else 0.9))


def print_document(page: Page, target: Path, style: str, text: list[Paragraph], lang: str) -> None:
    """Set the paragraphs in the style and print them; a broken run leaves no half file."""
    parts = [f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><style>{style}</style>']
    listing = False
    for _, tag, words in text:
        if (tag == "li") != listing:
            listing = not listing
            parts.append("<ol>" if listing else "</ol>")
        name = "h2" if tag == "h" else tag
        parts.append(f"<{name}>{html.escape(words)}</{name}>")
    page.set_content("\n".join(parts))
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    partial = target.with_suffix(".part")
    with pymupdf.open(stream=printed) as document:
        shrink_fonts(document)
        document.save(partial, garbage=4, deflate=True, use_objstms=True, compression_effort=100)
    partial.replace(target)


def shrink_fonts(document: pymupdf.Document) -> None:
    """Leave only the shown glyphs in TrueType fonts: Chromium embeds some large ones whole."""
    shown: dict[str, set[int]] = {}
    fonts: set[tuple[int, str]] = set()
    for page in document.pages():
        fonts.update((font[0], font[3].partition("+")[2]) for font in page.get_fonts())
        for span in page.get_texttrace():
            glyphs = {character[1] for character in span["chars"] if character[1] > 0}
            shown.setdefault(span["font"], set()).update(glyphs)
    for xref, name in fonts:
        _, kind, _, data = document.extract_font(xref)
        if kind != "ttf" or name not in shown:
            continue
        options = subset.Options(
            retain_gids=True, hinting=False, notdef_outline=True, ignore_missing_glyphs=True
        )
        options.drop_tables += [
            "cmap",
            "GSUB",
            "GPOS",
            "GDEF",
            "OS/2",
            "name",
            "post",
            "vmtx",
            "vhea",
        ]
        font = TTFont(io.BytesIO(data), fontNumber=0)
        cut = subset.Subsetter(options)
        cut.populate(gids=shown[name])
        cut.subset(font)
        small = io.BytesIO()
        font.save(small)
        document.update_stream(font_file(document, xref), small.getvalue())


def font_file(document: pymupdf.Document, xref: int) -> int:
    """The object that holds a composite font's data."""
    for key in ("DescendantFonts", "FontDescriptor", "FontFile2"):
        kind, value = document.xref_get_key(xref, key)
        if kind != "xref" and kind != "array":
            raise ValueError(f"a font without {key}")
        xref = int(value.strip("[]").split()[0])
    return xref


if __name__ == "__main__":
    main()
