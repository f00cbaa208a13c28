"""Split a document at its page breaks: blocks in, the parts of them on one page out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from renderers.latex import programs
from renderers.latex.atoms import Path, lookup
from renderers.latex.blocks import (
    Block,
    Footnote,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Program,
    Span,
    Text,
)
from renderers.latex.mmd import FootnoteText

ShownText = Mapping[Path, str]
"""The text of each atom that a page shows: a part of a text, the whole source of a formula."""


def shown_blocks(block: Block, path: Path, shown: ShownText) -> tuple[Block, ...]:
    """The part of a block that is shown: nothing, one block, or several.

    Tables, formulas and figures are shown whole or not at all. An item of a list that began on an
    earlier page becomes plain blocks before the list: it has no label here.
    """
    if isinstance(block, Heading | Paragraph):
        spans = _spans(block.spans, path, shown)
        return (replace(block, spans=spans),) if spans else ()
    if isinstance(block, ListBlock):
        return _list(block, path, shown)
    if isinstance(block, Program):
        part = programs.shown(block, path, shown)
        return (part,) if part is not None else ()
    return (block,) if any(p[: len(path)] == path for p in shown) else ()


def shown_footnotes(
    blocks: Sequence[Block], shown: ShownText, numbers: Mapping[Path, int]
) -> tuple[FootnoteText, ...]:
    """Footnotes whose text is on this page, in the order of their numbers.

    `numbers` gives the number of the footnote whose span has a path.
    """
    found = []
    for path, number in numbers.items():
        footnote = lookup(blocks, path)
        if not isinstance(footnote, Footnote):
            continue
        here = _spans(footnote.spans, (*path, "note"), shown)
        if here:
            found.append(
                FootnoteText(number, tuple(s for s in here if not isinstance(s, Footnote)))
            )
    return tuple(found)


def _list(block: ListBlock, path: Path, shown: ShownText) -> tuple[Block, ...]:
    before: list[Block] = []
    items: list[tuple[Block, ...]] = []
    labels: list[str] = []
    for i, item in enumerate(block.items):
        inner = tuple(
            b for j, x in enumerate(item) for b in shown_blocks(x, (*path, "item", i, j), shown)
        )
        if (*path, "label", i) in shown:
            items.append(inner)
            labels.append(block.labels[i])
        else:
            before.extend(inner)
    if items:
        before.append(ListBlock(block.ordered, tuple(items), tuple(labels)))
    return tuple(before)


def _spans(spans: Sequence[Span], path: Path, shown: ShownText) -> tuple[Span, ...]:
    here: list[Span] = []
    for i, span in enumerate(spans):
        if isinstance(span, Footnote):
            if (*path, i, "mark") in shown:
                here.append(span)
        elif isinstance(span, Inline):
            if (*path, i) in shown:
                here.append(span)
        elif not span.text.strip():
            here.append(span)
        elif (*path, i) in shown:
            text = shown[*path, i]
            here.append(span if text == span.text else replace(span, text=text))
    return _stripped(here)


def _stripped(spans: list[Span]) -> tuple[Span, ...]:
    """Spans without white space at the ends."""
    while spans and isinstance(spans[0], Text) and not spans[0].text.strip():
        del spans[0]
    while spans and isinstance(spans[-1], Text) and not spans[-1].text.strip():
        del spans[-1]
    for i, strip in ((0, str.lstrip), (-1, str.rstrip)):
        if spans and isinstance(end := spans[i], Text):
            text = strip(end.text)
            if text != end.text:
                spans[i] = replace(end, text=text)
    return tuple(spans)
