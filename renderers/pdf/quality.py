"""Every threshold by which a page is kept or rejected, and the checks that use them.

Sources: MinerU `pdf_classify.py` for the number of characters, the abnormal share and image
coverage; the ink audit's limits are our own, chosen so that good pages of both languages
stay clear of them. docs/pages.md explains each reason to users.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from renderers.pdf.characters import Line, PageCharacters
from renderers.pdf.document import Unusable
from renderers.pdf.ink import InkReport
from renderers.pdf.painted import Painted
from renderers.pdf.text import PageText


@dataclass(frozen=True, slots=True)
class Thresholds:
    min_characters: int = 50
    """`too-little-text` below it (spaces do not count); MinerU's value."""
    max_characters: int = 16_000
    """`too-much-text` above it: about 4,096 tokens of English."""
    unmapped: float = 0.0
    """`no-unicode`: share of characters without Unicode (U+FFFD, private use). MinerU allows
    0.03 when it decides about a whole file; a page with one unknown character has a wrong
    ground truth already."""
    abnormal: float = 0.01
    """`abnormal-characters`: share of control characters, unassigned code points and
    surrogates."""
    punctuation: float = 0.35
    """`abnormal-characters`: share of ASCII punctuation other than dots and hyphens;
    MinerU takes 0.25 for whole files, code listings have up to 0.3."""
    image_share: float = 0.8
    """`ocr-layer` and `scanned-page`: share of the page under pictures; MinerU's value."""
    invisible: float = 0.05
    """`invisible-text`: share of characters that are painted in no way. Fewer are left out
    of the text, which is then right."""
    covered: float = 0.02
    """`covered-text`: share of the area of text under a picture that is painted later."""
    cut: int = 0
    """`off-page-text`: characters that the page's edge cuts."""
    upright: float = 0.05
    upright_characters: int = 60
    """`rotated-text`: both the share and the number of characters on lines that are not
    horizontal. Fewer (a stamp in the margin) come at the end of the text."""
    order_agreement: float = 0.75
    """`order-uncertain`: least agreement of reading order and drawing order on pages with
    several columns."""
    blank_characters: float = 0.01
    """`text-without-ink`: share of characters with nothing drawn under them."""
    stray_ink: float = 0.02
    """`ink-without-text`: share of ink that neither text nor a picture or drawing explains."""
    drawn_ink: float = 0.6
    """`mostly-pictures`: share of ink under pictures and drawings; letters drawn as outlines
    end here too."""
    min_size_en: float = 7.0
    min_size_zh: float = 9.0
    """`text-too-small`: font size of most characters in pixels of the picture."""


DEFAULTS = Thresholds()


def check_characters(found: PageCharacters, painted: Painted, limits: Thresholds) -> None:
    """Reject by what the file says about its characters.

    Raises:
        Unusable: see `Thresholds`.
    """
    hidden = found.invisible / max(1, found.total)
    if painted.image_share >= limits.image_share:
        if hidden > 0.5:
            raise Unusable("ocr-layer", f"{hidden:.0%} of the text is invisible, over a scan")
        if found.total < limits.min_characters:
            raise Unusable("scanned-page", f"{found.total} characters on a full-page picture")
    if found.total - found.invisible < limits.min_characters:
        if found.total >= limits.min_characters:
            raise Unusable("invisible-text", f"{hidden:.0%} of the text is invisible")
        raise Unusable("too-little-text", f"{found.total} characters")
    if hidden > limits.invisible:
        raise Unusable("invisible-text", f"{hidden:.1%} of the text is invisible")
    if painted.covered > limits.covered:
        raise Unusable("covered-text", f"{painted.covered:.1%} of the text lies under pictures")
    if found.cut > limits.cut:
        raise Unusable("off-page-text", f"the page's edge cuts {found.cut} characters")
    total = sum(len(line.text) for line in found.lines)
    upright = sum(len(line.text) for line in found.lines if not line.horizontal)
    if upright > max(limits.upright * total, limits.upright_characters):
        raise Unusable("rotated-text", f"{upright / total:.0%} of the text is not horizontal")


def check_text(text: str, limits: Thresholds) -> None:
    """Reject by the characters of the text, in whatever order.

    Raises:
        Unusable: see `Thresholds`.
    """
    counts = Counter(text)
    for space in " \n":
        del counts[space]
    total = counts.total()
    if total < limits.min_characters:
        raise Unusable("too-little-text", f"{total} characters")
    if total > limits.max_characters:
        raise Unusable("too-much-text", f"{total} characters")
    categories = {c: unicodedata.category(c) for c in counts}
    unmapped = [c for c in counts if c == "\ufffd" or categories[c] == "Co"]
    missing = sum(counts[c] for c in unmapped)
    if missing > limits.unmapped * total:
        raise Unusable("no-unicode", f"{missing} characters such as U+{ord(unmapped[0]):04X}")
    abnormal = sum(n for c, n in counts.items() if categories[c] in ("Cc", "Cn", "Cs"))
    if abnormal > limits.abnormal * total:
        raise Unusable("abnormal-characters", f"{abnormal / total:.1%} of the characters")
    marks = sum(counts[c] for c in "!\"#$%&'()*+,/:;<=>?@[\\]^_`{|}~")
    if marks > limits.punctuation * total:
        raise Unusable("abnormal-characters", f"{marks / total:.0%} punctuation")


def check_order(page: PageText, limits: Thresholds) -> None:
    """Reject pages whose reading order is a guess.

    Raises:
        Unusable: `order-uncertain`.
    """
    if page.flows > 1 and page.order_agreement < limits.order_agreement:
        raise Unusable("order-uncertain", f"orders agree by {page.order_agreement:.0%}")


def check_size(
    lines: Sequence[Line], lang: str, pixels_per_point: float, limits: Thresholds
) -> None:
    """Reject text that nobody could read on the picture.

    Raises:
        Unusable: `text-too-small`.
    """
    sizes = sorted((line.size, len(line.text)) for line in lines)
    half = sum(count for _, count in sizes) / 2
    passed = accumulate(count for _, count in sizes)
    size = next(size for (size, _), reached in zip(sizes, passed, strict=True) if reached >= half)
    least = limits.min_size_zh if lang == "zh" else limits.min_size_en
    if size * pixels_per_point < least:
        raise Unusable("text-too-small", f"most letters are {size * pixels_per_point:.1f} pixels")


def explained(report: InkReport, limits: Thresholds) -> bool:
    """Whether text, pictures and drawings account for enough of the ink, each in its share."""
    return report.stray_ink <= limits.stray_ink and report.drawn_ink <= limits.drawn_ink


def check_ink(report: InkReport, limits: Thresholds) -> None:
    """Reject by the ink audit.

    Raises:
        Unusable: see `Thresholds`.
    """
    if report.blank_characters > limits.blank_characters:
        raise Unusable("text-without-ink", f"{report.blank_characters:.1%} of the characters")
    if report.stray_ink > limits.stray_ink:
        raise Unusable("ink-without-text", f"{report.stray_ink:.1%} of the ink")
    if report.drawn_ink > limits.drawn_ink:
        raise Unusable("mostly-pictures", f"{report.drawn_ink:.0%} of the ink")
