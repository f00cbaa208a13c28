"""PDF files of pages to read in thousands of styles, without a browser: 64 cores set 60,000 pages
in two minutes.

    python -m benchmarks.styled_pages --corpus FOLDER --fonts FOLDER --out FOLDER --lang en
        --documents 1000 [--split train] [--kinds natural=0.4,scrambled=0.6] [--seed 0] [-j 64]

`benchmarks.corpora` makes the corpus and `benchmarks.font_sets` the fonts. A document is some four
pages in one style (`benchmarks.page_styles`): a stretch of the corpus as it stands (`natural`),
its sentences among others (`shuffled`), its words or Chinese characters in random order
(`scrambled`), or words and characters that nobody could guess (`random`). A stretch of the corpus
belongs to one split. One seed and number give one style and one choice of stretch, so that two
calls with other kinds set the same layouts with other text.
"""

from __future__ import annotations

import argparse
import html
import io
import json
import lzma
import multiprocessing
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pymupdf

from benchmarks.page_styles import Family, Style, pictures, random_style

STRETCH = {"en": 24_000, "zh": 8_000}
"""Characters that no other split has a part of."""
HELD_OUT = 40
"""One of so many stretches is for validation."""
PAGES = (3, 5)
KINDS = "natural=0.4,shuffled=0.25,scrambled=0.2,random=0.15"
SENTENCE = re.compile(r"(?<=[.!?;]) +|(?<=[。！？；])")
HAN = re.compile("[\u4e00-\u9fff]")
LATIN_RUN = re.compile(r"[!-~\u00a1-\u024f]+(?: [!-~\u00a1-\u024f]+)*")
SYLLABLE = re.compile(
    "(?<=[a-z][aeiouy][bcdfghjklmnpqrstvwxz])(?=[bcdfghjklmnpqrstvwxz][aeiouy][a-z])"
    "|(?<=[a-z][bcdfghjklmnpqrstvwxz][aeiou])(?=[bcdfghjklmnpqrstvwxz][aeiou][a-z])"
)
LONG_WORD = re.compile("[!-~]{20}(?=[!-~]{5})")
LETTERS = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
NAMES = (
    "name value size index data item count path file list text line page table color width "
    "height begin end section usepackage document figure label ref newcommand set get put "
    "print open close input output init load save start stop key type node tree mode flag "
    "user host port config test main run make build install update remove src lib bin share "
    "local etc home"
)
GREEK = "αβγδεθλμπρστφωΔΩ"
RELATIONS = ["=", "=", "=", "<", ">", "≤", "≥", "≈", "∈", "→"]

Paragraph = tuple[str, str]
"""Tag and text."""


@dataclass(frozen=True)
class Source:
    """What all documents of one call are made from."""

    lang: str
    stretches: list[list[Paragraph]]
    words: list[str]
    """Different words; of Chinese, all characters that the fonts have."""
    latin: list[str]
    """Latin words and names that stand in Chinese text."""
    families: list[Family]
    archive: pymupdf.Archive
    kinds: dict[str, float]
    seed: int
    out: Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lang", choices=("en", "zh"), required=True)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--split", choices=("train", "validation"), default="train")
    parser.add_argument("--kinds", default=KINDS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-j", "--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    global SOURCE
    SOURCE = open_source(arguments)
    with multiprocessing.get_context("fork").Pool(arguments.workers) as pool:
        numbers = range(arguments.documents)
        pages = sum(pool.imap_unordered(set_document, numbers, chunksize=8))
    print(f"{arguments.lang}: {arguments.documents} documents, {pages} pages")


SOURCE: Source


def open_source(arguments: argparse.Namespace) -> Source:
    """Read the corpus of a split, the fonts and the pictures."""
    with lzma.open(arguments.corpus / f"{arguments.lang}.xz", "rt", encoding="utf-8") as file:
        paragraphs = [(tag, text) for _, tag, text in map(json.loads, file)]
    stretches = list(cut_stretches(paragraphs, STRETCH[arguments.lang], arguments.split))
    joined = " ".join(text for stretch in stretches for _, text in stretch)
    latin: list[str] = []
    if arguments.lang == "en":
        words = sorted(set(joined.split()))
    else:
        latin = sorted({w for run in LATIN_RUN.findall(joined) for w in run.split() if len(w) < 15})
        codes = (bytes((a, b)) for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF))
        words = [c for code in codes for c in code.decode("gb2312", "ignore")]
    archive = pymupdf.Archive(str(arguments.fonts))
    for name, data in pictures():
        archive.add((data, name))
    shares = dict(part.split("=") for part in arguments.kinds.split(","))
    return Source(
        lang=arguments.lang,
        stretches=stretches,
        words=words,
        latin=latin,
        families=[Family(**f) for f in json.loads((arguments.fonts / "fonts.json").read_text())],
        archive=archive,
        kinds={kind: float(share) for kind, share in shares.items()},
        seed=arguments.seed,
        out=arguments.out,
    )


def cut_stretches(
    paragraphs: Sequence[Paragraph], size: int, split: str
) -> Iterator[list[Paragraph]]:
    """The stretches of a split: every `HELD_OUT`-th is for validation."""
    number, stretch, length = 0, list[Paragraph](), 0
    for paragraph in paragraphs:
        stretch.append(paragraph)
        length += len(paragraph[1])
        if length >= size:
            if (number % HELD_OUT == HELD_OUT // 2) == (split == "validation"):
                yield stretch
            number, stretch, length = number + 1, [], 0


def set_document(number: int) -> int:
    """Set and write document `number`; returns its pages."""
    source = SOURCE
    key = (source.seed, ord(source.lang[0]), number)
    style_rng, text_rng, extra_rng = (np.random.default_rng((*key, part)) for part in range(3))
    style = random_style(style_rng, source.lang, source.families)
    kind = str(text_rng.choice(list(source.kinds), p=list(source.kinds.values())))
    count = style_rng.integers(PAGES[0], PAGES[1] + 1)
    pick = np.random.default_rng((*key, 3))
    stretch = source.stretches[int(pick.integers(len(source.stretches)))]
    text = list(take(stretch, float(pick.random()), int(style.room * count)))
    text = changed(text, kind, source, text_rng)
    if source.lang == "zh" and kind in ("shuffled", "random"):
        text = mixed(text, source.latin, float(text_rng.choice((0.0, 0.02, 0.05))), text_rng)
    words = [w for _, t in text for w in (t.split() if source.lang == "en" else HAN.findall(t))]
    extras = Extras(words or ["text"], style, source.lang, extra_rng)
    target = source.out / f"{number:06d}.pdf"
    target.write_bytes(typeset(compose(text, style, extras), style, source, extras))
    with pymupdf.open(target) as document:
        return int(document.page_count)


def take(stretch: Sequence[Paragraph], start: float, characters: int) -> Iterator[Paragraph]:
    """Paragraphs from somewhere in the stretch on, around its end if need be."""
    i = int(start * len(stretch))
    while characters > 0:
        yield stretch[i % len(stretch)]
        characters -= len(stretch[i % len(stretch)][1]) + 12
        i += 1


def changed(
    text: list[Paragraph], kind: str, source: Source, rng: np.random.Generator
) -> list[Paragraph]:
    """The paragraphs with the text of a kind: as many, about as long."""
    if kind == "natural":
        return text
    joiner = " " if source.lang == "en" else ""
    lengths = [len(t) for _, t in text]
    if kind == "shuffled":
        sentences: list[str] = []
        while sum(map(len, sentences)) < sum(lengths):
            stretch = source.stretches[int(rng.integers(len(source.stretches)))]
            sentences += SENTENCE.split(stretch[int(rng.integers(len(stretch)))][1])
        order = [sentences[k] for k in rng.permutation(len(sentences))]
        return [
            (tag, joiner.join(fill(order, n))) for (tag, _), n in zip(text, lengths, strict=True)
        ]
    if source.lang == "zh":
        characters = [c for _, t in text for c in t if HAN.match(c)]
        if kind == "scrambled":
            characters = [characters[k] for k in rng.permutation(len(characters))]
        else:
            characters = [
                source.words[k] for k in rng.integers(len(source.words), size=len(characters))
            ]
        new = iter(characters)
        return [(tag, HAN.sub(lambda _: next(new), t)) for tag, t in text]
    words = [word for _, t in text for word in t.split()]
    if kind == "scrambled":
        words = [words[k] for k in rng.permutation(len(words))]
    else:
        # short words stay: without them no page would pass for English
        words = [w if len(w) < 4 else unlikely(source, rng) for w in words]
    order = words[::-1]
    return [(tag, " ".join(order.pop() for _ in t.split())) for tag, t in text]


def mixed(
    text: list[Paragraph], latin: Sequence[str], rate: float, rng: np.random.Generator
) -> list[Paragraph]:
    """Chinese text with Latin words in it, as technical text has them: one after so many
    characters."""

    def insert(match: re.Match[str]) -> str:
        if rng.random() >= rate:
            return match[0]
        space = " " if rng.random() < 0.7 else ""
        return f"{match[0]}{space}{latin[int(rng.integers(len(latin)))]}{space}"

    return [(tag, HAN.sub(insert, t)) for tag, t in text]


def fill(order: list[str], length: int) -> Iterator[str]:
    """Sentences for a paragraph of some `length` characters."""
    while order and length > 0:
        sentence = order.pop()
        length -= len(sentence)
        yield sentence


def unlikely(source: Source, rng: np.random.Generator) -> str:
    """A word of the corpus, each equally likely, a number, or letters at random."""
    case = rng.random()
    if case < 0.6:
        return source.words[int(rng.integers(len(source.words)))]
    if case < 0.75:
        return number(rng)
    return "".join(LETTERS[k] for k in rng.integers(len(LETTERS), size=int(rng.integers(1, 11))))


def number(rng: np.random.Generator) -> str:
    """A number as tables and texts have them."""
    value = float(np.exp(rng.uniform(-2, 12)))
    forms = (
        f"{value:.0f}",
        f"{value:.2f}",
        f"{value:,.0f}",
        f"{value % 100:.1f}%",
        f"-{value:.1f}",
        f"{1900 + value % 130:.0f}",
        f"{value % 30 + 1:.0f}/{value % 12 + 1:.0f}",
        f"{value:.1e}",
    )
    return forms[int(rng.integers(len(forms)))]


def compose(text: Sequence[Paragraph], style: Style, extras: Extras) -> list[str]:
    """HTML blocks: the paragraphs, headings with numbers, lists, and what else stands on pages."""
    rng = extras.rng
    blocks: list[str] = extras.contents() if rng.random() < 0.1 else []
    section = int(rng.integers(1, 12))
    sub, items = 0, list[str]()
    for tag, words in text:
        if tag != "li" and items:
            blocks.append(extras.listing(items))
            items = []
        body = inline(words, style, extras.lang, rng)
        if tag == "li":
            items.append(body)
        elif tag == "h":
            if style.numbered:
                sub = 0 if (new := rng.random() < 0.3) else sub + 1
                section += new
                body = f"{section}.{sub} {body}" if sub else f"{section}{style.dot} {body}"
            blocks.append(f"<h2>{body}</h2>" if len(words) < 90 else f"<p>{body}</p>")
        else:
            blocks.append(f"<p>{body}</p>")
        if not items and rng.random() < style.extra:
            blocks.append(extras.one())
    if items:
        blocks.append(extras.listing(items))
    if rng.random() < 0.08:
        blocks.append(extras.bibliography())
    return blocks


def inline(text: str, style: Style, lang: str, rng: np.random.Generator) -> str:
    """Escaped text with places for hyphens, emphasis, and a Latin font in Chinese."""
    text = LONG_WORD.sub("\\g<0>\u00ad", text)  # room to break
    if lang == "zh":
        parts = [html.escape(text)]
        if style.latin:
            parts = [LATIN_RUN.sub(lambda m: f"<span class=l>{html.escape(m[0])}</span>", text)]
        return parts[0]
    words = html.escape(text).split(" ")
    if style.hyphenated:
        words = [SYLLABLE.sub("\u00ad", w) if w.isalpha() else w for w in words]
    if style.emphasis:
        for i in np.nonzero(rng.random(len(words)) < style.emphasis)[0]:
            tag = ("i", "b", "code", "i")[int(rng.integers(4))]
            end = min(len(words) - 1, int(i) + int(rng.integers(3)))
            if not any("<" in w for w in words[i : end + 1]):
                words[i] = f"<{tag}>{words[i]}"
                words[end] = f"{words[end]}</{tag}>"
    return " ".join(words)


class Extras:
    """Blocks that are no running text, made of a document's words, numbers and signs."""

    def __init__(
        self, words: Sequence[str], style: Style, lang: str, rng: np.random.Generator
    ) -> None:
        self._words, self._style, self.lang, self.rng = words, style, lang, rng
        self._joiner = " " if lang == "en" else ""

    def one(self) -> str:
        makers = (self.table, self.code, self.formula, self.figure, self.table, self.code)
        return makers[int(self.rng.integers(len(makers)))]()

    def some(self, low: int, high: int) -> str:
        """A few words, escaped."""
        count = int(self.rng.integers(low, high)) * (1 if self.lang == "en" else 2)
        chosen = self.rng.integers(len(self._words), size=count)
        text = self._joiner.join(self._words[k] for k in chosen)
        return html.escape(text[:60])

    def listing(self, items: Sequence[str]) -> str:
        tag = "ol" if self._style.ordered else "ul"
        return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"

    def table(self) -> str:
        rng = self.rng
        rows, columns = (
            int(rng.integers(3, 10)),
            int(rng.integers(2, 6 if self._style.columns == 1 else 4)),
        )
        kinds = rng.random(columns) < 0.6
        kinds[0] = False
        head = "".join(f"<th>{self.some(1, 3)}</th>" for _ in range(columns))
        body = (
            "".join(f"<td>{number(rng) if k else self.some(1, 4)}</td>" for k in kinds)
            for _ in range(rows)
        )
        caption = f"<p class=cap>{self._label('Table', '表')}{self.some(3, 9)}</p>"
        table = f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in body)}</table>"
        return caption + table if rng.random() < 0.6 else table

    def _label(self, en: str, zh: str) -> str:
        name = en if self.lang == "en" else zh
        return f"{name} {int(self.rng.integers(1, 30))}{self._style.dot or ':'} "

    def code(self) -> str:
        rng = self.rng
        names = re.findall("[a-z_]{2,12}", " ".join(self._words).lower()) or NAMES.split()

        def pick() -> str:
            return names[int(rng.integers(len(names)))]

        forms: tuple[Callable[[], str], ...] = (
            lambda: f"{pick()} = {pick()}({pick()}, {number(rng)})",
            lambda: f"$ {pick()} --{pick()} {pick()}.{pick()[:3]}",
            lambda: f"if ({pick()} != {pick()}) {{",
            lambda: f"    return {pick()}[{int(rng.integers(20))}];",
            lambda: "}",
            lambda: f"# {pick()} {pick()} {pick()}",
            lambda: f"\\{pick()}{{{pick()}}}",
            lambda: f'    {pick()}.{pick()}("{pick()}")',
            lambda: f"/usr/{pick()}/{pick()}/{pick()}",
        )
        width = int(self._style.column / (self._style.size * 0.58))
        count = int(rng.integers(1, 12))
        lines = (forms[int(rng.integers(len(forms)))]()[:width] for _ in range(count))
        return f"<pre>{html.escape(chr(10).join(lines))}</pre>"

    def formula(self) -> str:
        rng = self.rng
        letters = [*"abcdefghijkmnpqrstuvwxyzABCDFGHKLMNPRSTXYZ", *GREEK]

        def term() -> str:
            name = f"<i>{letters[int(rng.integers(len(letters)))]}</i>"
            case = rng.random()
            if case < 0.3:
                return f"{name}<sub>{letters[int(rng.integers(24))]}</sub>"
            if case < 0.5:
                return f"{name}<sup>{int(rng.integers(2, 10))}</sup>"
            return f"{name}({letters[int(rng.integers(24))]})" if case < 0.6 else name

        terms = [term() for _ in range(int(rng.integers(2, 6)))]
        body = (
            "".join(t + ("+", "−", " ", "·", "/")[int(rng.integers(5))] for t in terms[:-1])
            + terms[-1]
        )
        relation = html.escape(RELATIONS[int(rng.integers(len(RELATIONS)))])
        end = f"    ({int(rng.integers(1, 90))})" if rng.random() < 0.5 else ""
        return f"<p class=f>{term()} {relation} {body}{end}</p>"

    def figure(self) -> str:
        width = int(self._style.column * self.rng.uniform(0.3, 0.9))
        image = f"<img src=fig{int(self.rng.integers(24))}.png width={width}>"
        caption = f"{self._label('Figure', '图')}{self.some(3, 14)}"
        return f"<p class=f>{image}</p><p class=cap>{caption}</p>"

    def contents(self) -> list[str]:
        """A table of contents, dots up to the page numbers."""
        rng, style = self.rng, self._style
        font = style.measure
        lines = [f"<h2>{('Contents', '目录')[self.lang == 'zh']}</h2>"]
        page, dot = int(rng.integers(1, 40)), (".", " .", "·")[int(rng.integers(3))]
        for i in range(int(rng.integers(8, 30))):
            page += int(rng.integers(0, 5))
            name = html.unescape(self.some(1, 7))
            left = f"{i // 4 + 1}.{i % 4 + 1} {name} " if style.numbered else f"{name} "
            room = style.column * 0.85 - font.text_length(f"{left} {page}", style.size)
            dots = dot * max(0, int(room / max(0.5, font.text_length(dot, style.size))))
            lines.append(f"<p class=t>{html.escape(left)}{dots} {page}</p>")
        return lines

    def bibliography(self) -> str:
        rng, lines = self.rng, []
        for i in range(int(rng.integers(4, 16))):
            names = ", ".join(
                f"{chr(65 + int(rng.integers(26)))}. {self.some(1, 2).title()}"
                for _ in range(int(rng.integers(1, 4)))
            )
            lines.append(
                f"<p class=b>[{i + 1}] {names}. {self.some(3, 9)}. <i>{self.some(2, 5)}</i>, "
                f"{int(rng.integers(1, 80))}({int(rng.integers(1, 12))}):"
                f"{int(rng.integers(1, 900))}–{int(rng.integers(900, 1800))}, "
                f"{int(rng.integers(1950, 2025))}.</p>"
            )
        return f"<h2>{('References', '参考文献')[self.lang == 'zh']}</h2>{''.join(lines)}"


def typeset(blocks: Sequence[str], style: Style, source: Source, extras: Extras) -> bytes:
    """The PDF of a document: columns, and what stands in the margins."""
    story = pymupdf.Story(
        f"<body>{''.join(blocks)}</body>", user_css=style.css, archive=source.archive
    )
    buffer = io.BytesIO()
    writer = pymupdf.DocumentWriter(buffer)
    more, page = True, 0
    margins = None
    if style.furniture:
        head, first = extras.some(1, 6), int(extras.rng.integers(1, 400))
        lines = "".join(style.margin_lines(head, first + page) for page in range(PAGES[1] * 3))
        margins = pymupdf.Story(f"<body>{lines}</body>", user_css=style.css, archive=source.archive)
    while more and page < PAGES[1] * 3:
        device = writer.begin_page(pymupdf.Rect(0, 0, style.width, style.height))
        for rect in style.columns_of(page):
            if more:
                more, _ = story.place(pymupdf.Rect(rect))
                story.draw(device)
        if margins:
            for rect in style.margin_places():
                margins.place(pymupdf.Rect(rect))
                margins.draw(device)
        writer.end_page()
        page += 1
    writer.close()
    return buffer.getvalue()


if __name__ == "__main__":
    main()
