"""Choose the templates of a document: those that suit it, so that pages are even over templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from renderers.latex.blocks import Block, Document, Formula, ListBlock, Paragraph, Text
from renderers.latex.template import Template

_MIN_PRINTABLE = 0.9
"""Share of a document's blocks that a template should be able to print."""


def statistics(blocks: Sequence[Block]) -> dict[str, float]:
    """What the `suits` of a template bounds (`template.STATISTICS`)."""
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    letters = sum(len(s.text) for p in paragraphs for s in p.spans if isinstance(s, Text))
    items = sum(len(block.items) for block in blocks if isinstance(block, ListBlock))
    displays = sum(isinstance(block, Formula) for block in blocks)
    return {
        "paragraph": letters / max(len(paragraphs), 1),
        "listed": (items + displays) / max(len(paragraphs) + items + displays, 1),
    }


def suits(template: Template, found: Mapping[str, float]) -> bool:
    """Whether a document with these statistics suits a template."""
    return all(low <= found[name] <= high for name, (low, high) in template.suits.items())


def in_order(
    document: Document,
    templates: Sequence[Template],
    rng: np.random.Generator,
    prints: Callable[[Template], float],
) -> Iterator[Template]:
    """The templates that suit a document, in the order in which it takes them.

    A document fills few pages of a dense template and many of a slide, so a template is drawn with
    a weight that is proportional to its capacity: then its pages are as many as those of others.
    Templates that can print too few of its blocks come last (`prints` gives the share):
    traditional Chinese loses most of its text in a simplified font.
    """
    found = statistics(document.blocks)
    fitting = [template for template in templates if suits(template, found)]
    if not fitting:
        return
    weights = np.array([template.capacity for template in fitting], np.float64)
    order = rng.choice(len(fitting), len(fitting), replace=False, p=weights / weights.sum())
    last = []
    for i in order.tolist():
        if prints(fitting[i]) >= _MIN_PRINTABLE:
            yield fitting[i]
        else:
            last.append(fitting[i])
    yield from last
