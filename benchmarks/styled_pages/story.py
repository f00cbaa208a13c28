"""Flowing pages: HTML blocks that PyMuPDF sets in one to three columns."""

from __future__ import annotations

import html
import io
import re
from collections import deque
from collections.abc import Callable, Sequence

import numpy as np
import pymupdf

from benchmarks.page_styles import Style, random_style
from benchmarks.styled_pages.content import CURLY_CODE, NAME, as_shown
from benchmarks.styled_pages.lines import SYLLABLE, fitting_in
from benchmarks.styled_pages.signs import OPERATORS, PREFIXED, PREFIXES, RELATIONS
from benchmarks.styled_pages.source import LATIN_RUN, Source
from benchmarks.styled_pages.text import (
    HAN,
    TYPOGRAPHIC,
    Paragraph,
    changed,
    mixed,
    number,
    take,
    typographic,
)

PAGES = (3, 5)
MOST_PAGES = 3 * PAGES[1]
PIECES = 12
"""Pieces of program code that a document has."""
CLAUSE = re.compile("(?<=[，。、；：？！])")
LONG_WORD = re.compile("[!-~]{20}(?=[!-~]{5})")
NAMES = (
    "name value size index data item count path file list text line page table color width "
    "height begin end section usepackage document figure label ref newcommand set get put "
    "print open close input output init load save start stop key type node tree mode flag "
    "user host port config test main run make build install update remove src lib bin share "
    "local etc home"
)
TECHNICAL = {"en": 0.4, "zh": 0.6}
"""The share of documents with pieces of programs, whose names stand in the text, too."""
INLINE_NAMES = 0.03
"""Names for each word of such text."""
MORE_BLOCKS = 0.3
"""How often, at least, a block follows a paragraph of it."""
USUAL = {"en": 80, "zh": 40}
"""Characters of a paragraph; blocks follow shorter ones less often."""
ARGUMENT = 0.15
"""The share of names with an argument."""
GREEK = "αβγδεθλμπρστφωΔΩ"


def compose(text: Sequence[Paragraph], style: Style, extras: Extras) -> list[str]:
    """HTML blocks: the paragraphs, headings with numbers, lists, and what else stands on pages."""
    rng = extras.rng
    blocks: list[str] = extras.contents() if rng.random() < 0.1 else []
    section = int(rng.integers(1, 12))
    chance = max(style.extra, MORE_BLOCKS * extras.technical)
    sub, items = 0, list[str]()
    for tag, words in text:
        if tag != "li" and items:
            blocks.append(extras.listing(items))
            items = []
        body = inline(words, style, extras)
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
        if not items and rng.random() < chance * min(1.0, len(words) / USUAL[extras.lang]):
            blocks.append(extras.one())
    if items:
        blocks.append(extras.listing(items))
    if rng.random() < 0.08:
        blocks.append(extras.bibliography())
    return blocks


def inline(text: str, style: Style, extras: Extras) -> str:
    """Escaped text with places for hyphens, emphasis, names, and a Latin font in Chinese."""
    rng = extras.rng
    text = LONG_WORD.sub("\\g<0>\u00ad", text)  # room to break
    if extras.lang == "zh":
        return chinese_inline(text, style, extras)
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
    if extras.technical:
        for i in np.nonzero(rng.random(len(words)) < INLINE_NAMES)[0]:
            words[i] = f"<code>{html.escape(extras.name())}</code> {words[i]}"
    return " ".join(words)


def chinese_inline(text: str, style: Style, extras: Extras) -> str:
    """The same for Chinese: clauses are emphasized, names stand between characters."""
    rng = extras.rng

    def name(match: re.Match[str]) -> str:
        if rng.random() >= INLINE_NAMES / 2:
            return match[0]
        space = " " if rng.random() < 0.7 else ""
        return f"{match[0]}{space}<code>{html.escape(extras.name())}</code>{space}"

    parts = []
    for clause in CLAUSE.split(text):
        part = html.escape(clause)
        if style.latin:
            part = LATIN_RUN.sub(lambda m: f"<span class=l>{html.escape(m[0])}</span>", clause)
        if extras.technical:
            part = HAN.sub(name, part)
        if style.emphasis and rng.random() < 3 * style.emphasis:
            tag = "bi"[int(rng.integers(2))]
            part = f"<{tag}>{part}</{tag}>"
        parts.append(part)
    return "".join(parts)


def set_story(key: tuple[int, ...], source: Source) -> bytes:
    """The PDF of a document that flows; `key` seeds it."""
    corpus = source.corpus
    style_rng, text_rng, extra_rng = (np.random.default_rng((*key, part)) for part in range(3))
    style = random_style(style_rng, corpus.lang, source.families)
    kind = str(text_rng.choice(list(source.kinds), p=list(source.kinds.values())))
    count = style_rng.integers(PAGES[0], PAGES[1] + 1)
    pick = np.random.default_rng((*key, 3))
    stretch = corpus.stretches[int(pick.integers(len(corpus.stretches)))]
    text = list(take(stretch, float(pick.random()), int(style.room * count)))
    text = changed(text, kind, corpus, text_rng)
    if corpus.lang == "en" and text_rng.random() < TYPOGRAPHIC:
        text = typographic(text, text_rng)
    if corpus.lang == "zh" and kind in ("shuffled", "random"):
        text = mixed(text, corpus.latin, float(text_rng.choice((0.0, 0.02, 0.05))), text_rng)
    words = [w for _, t in text for w in (t.split() if corpus.lang == "en" else HAN.findall(t))]
    extras = Extras(words or ["text"], source.code, style, corpus.lang, extra_rng)
    return typeset(compose(text, style, extras), style, source, extras)


class Extras:
    """Blocks that are no running text, made of a document's words, numbers and signs."""

    def __init__(
        self,
        words: Sequence[str],
        code: Sequence[str],
        style: Style,
        lang: str,
        rng: np.random.Generator,
    ) -> None:
        self._words, self._style, self.lang, self.rng = words, style, lang, rng
        self._joiner = " " if lang == "en" else ""
        self.technical = rng.random() < TECHNICAL[lang]
        first = int(rng.integers(len(code))) if self.technical else 0
        self._pieces = deque(code[first : first + PIECES]) if self.technical else deque()
        self._curly = rng.random() < CURLY_CODE
        self._names = NAME.findall("\n".join(self._pieces)) or ["name"]

    def one(self) -> str:
        makers = (self.table, self.code, self.formula, self.figure, self.table, self.code)
        return makers[int(self.rng.integers(len(makers)))]()

    def some(self, low: int, high: int) -> str:
        """A few words, escaped."""
        return html.escape(self._plain(low, high))

    def _plain(self, low: int, high: int) -> str:
        count = int(self.rng.integers(low, high)) * (1 if self.lang == "en" else 2)
        chosen = self.rng.integers(len(self._words), size=count)
        return self._joiner.join(self._words[k] for k in chosen)[:60]

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

    def name(self) -> str:
        """A name that the document's program code has; some with an argument, as manuals write
        it."""
        name = self._names[int(self.rng.integers(len(self._names)))]
        if self.rng.random() < ARGUMENT:
            opening, end = ("{}", "[]", "()", "  ")[int(self.rng.integers(4))]
            name += f"{opening}⟨{self._plain(1, 3)}⟩{end}"
        return name.strip()

    def code(self) -> str:
        """Program code, or lines like it."""
        width = int(self._style.column / (self._style.size * 0.58))
        lines = self._piece() if self._pieces else self._invented()
        rows = (line[: fitting_in(line, width)] for line in lines)
        return f"<pre>{html.escape(chr(10).join(rows))}</pre>"

    def _piece(self) -> list[str]:
        """Some lines of the next piece of code, the first one again after the last."""
        self._pieces.rotate(-1)
        lines = self._pieces[-1].split("\n")[: int(self.rng.integers(2, 25))]
        phrase = (lambda: self._plain(2, 8)) if self.lang == "zh" else None
        return as_shown(lines, phrase, self._curly, self.rng)

    def _invented(self) -> list[str]:
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
        return [forms[int(rng.integers(len(forms)))]() for _ in range(int(rng.integers(1, 12)))]

    def formula(self) -> str:
        rng = self.rng
        letters = [*"abcdefghijkmnpqrstuvwxyzABCDFGHKLMNPRSTXYZ", *GREEK]

        def term() -> str:
            name = f"<i>{letters[int(rng.integers(len(letters)))]}</i>"
            if rng.random() < PREFIXED:
                name = PREFIXES[int(rng.integers(len(PREFIXES)))] + name
            case = rng.random()
            if case < 0.3:
                return f"{name}<sub>{letters[int(rng.integers(24))]}</sub>"
            if case < 0.5:
                return f"{name}<sup>{int(rng.integers(2, 10))}</sup>"
            return f"{name}({letters[int(rng.integers(24))]})" if case < 0.6 else name

        terms = [term() for _ in range(int(rng.integers(2, 6)))]
        between = " " + OPERATORS
        body = "".join(t + between[int(rng.integers(len(between)))] for t in terms[:-1]) + terms[-1]
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
                f"{chr(65 + int(rng.integers(26)))}. {html.escape(self._plain(1, 2).title())}"
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
        lines = "".join(style.margin_lines(head, first + page) for page in range(MOST_PAGES))
        margins = pymupdf.Story(f"<body>{lines}</body>", user_css=style.css, archive=source.archive)
    while more and page < MOST_PAGES:
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
