"""All thresholds for keeping or rejecting a page, and the checks that use them.

Sources: MinerU `pdf_classify.py` for the number of characters, the abnormal share and image
coverage; the limits of the ink audit were chosen with a clear margin to good pages of both
languages. docs/pages.md explains each reason to users.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from renderers.pdf.characters import Line, PageCharacters
from renderers.pdf.ink_map import InkMap, InkReport
from renderers.pdf.painted import Painted
from renderers.pdf.vertical import VERTICAL_FORMS
from renderers.pdf.visibility import Visibility
from renderers.rejected import Rejected


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits of the checks of a page, by reason of rejection; shares are from 0 to 1."""

    min_characters: int = 50
    """`too-little-text` below it (spaces do not count); MinerU's value."""
    max_characters: int = 16_000
    """`too-much-text` above it: about 4,096 tokens of English."""
    unmapped: float = 0.005
    """`no-unicode`: share of characters without Unicode. If fewer, each is U+FFFD in the text.
    MinerU allows 0.03 for a whole file."""
    lying: float = 0.002
    """`font-lies`: share of characters that a font gives to the glyphs of other letters."""
    abnormal: float = 0.01
    """`abnormal-characters`: share of control characters, unassigned code points and
    surrogates."""
    punctuation: float = 0.35
    """`abnormal-characters`: share of ASCII punctuation other than dots and hyphens;
    MinerU takes 0.25 for whole files, code listings have up to 0.3."""
    image_share: float = 0.8
    """`ocr-layer` and `scanned-page`: share of the page under pictures; MinerU's value."""
    invisible: float = 0.05
    """`invisible-text`: share of characters that are not painted. If fewer, they are left out of
    the text, which is then correct."""
    hidden: float = 0.05
    """`covered-text`, `text-without-ink`, `hidden-text`: share of characters that are painted, but
    not shown by the picture. If fewer, they are left out of the text."""
    cut: float = 0.005
    """`cut-text`: share of characters of which the picture shows a part."""
    overprinted: float = 0.01
    overprinted_characters: int = 8
    """`overprinted-text`: both the share and the number of letters drawn over other letters. The
    logo of LaTeX has two."""
    clipped: int = 0
    """`off-page-text`: characters that the page's edge cuts."""
    rotated: float = 0.05
    rotated_characters: int = 60
    """`rotated-text`: both the share and the number of characters on lines that are not
    horizontal. If fewer (a stamp in the margin), they come at the end of the text."""
    order_agreement: float = 0.75
    """`order-uncertain`: smallest agreement of reading order and drawing order, unless the text
    itself shows that its rows continue each other."""
    single_flow_agreement: float = 0.5
    """The same on pages with one column: a table may be drawn column by column."""
    tag_agreement: float = 0.9
    """The same of reading order and structure tree, on a tagged page."""
    continued: float = 3.5
    """Evidence in nats of at least `judged_rows` rows that continue a paragraph, from which the
    text itself shows the order; a row has 0.5 on average."""
    broken: float = -2.0
    broken_odds: float = 2.5
    """`order-uncertain`: the rows of paragraphs do not belong together. Both the evidence of their
    joins, below this, and how much likelier rows in random order are, in nats, by the scores of the
    page's own words. Of 1,100 pages in the right order 1 to 3 are rejected, of those with shuffled
    rows 0.7."""
    judged_rows: int = 8
    math: float = 0.2
    """`mostly-formulas`: share of characters in fonts for formulas."""
    labels: float = 0.4
    """`diagram-labels`: share of characters that are short texts between drawings."""
    stray_ink: float = 0.02
    """`ink-without-text`: share of ink that neither text nor a picture or drawing explains."""
    drawn_ink: float = 0.6
    """`mostly-pictures`: share of ink under pictures and drawings; letters drawn as outlines
    end here too."""
    picture_text: float = 0.1
    """`text-in-pictures`: share of the page's vertical edges in rows of text inside of pictures."""
    min_size_en: float = 7.0
    min_size_zh: float = 9.0
    """`text-too-small`: font size of most characters in pixels of the picture."""


DEFAULTS = Thresholds()

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Letters of Hebrew, Arabic and the scripts between them."""


def check_characters(found: PageCharacters, painted: Painted, limits: Thresholds) -> None:
    """Reject a page by the properties of its characters in the file.

    Raises:
        Rejected: see `Thresholds`.
    """
    hidden = found.invisible / max(1, found.total)
    if painted.image_share >= limits.image_share:
        if hidden > 0.5:
            raise Rejected("ocr-layer", f"{hidden:.0%} of the text is invisible, over a scan")
        if found.total < limits.min_characters:
            raise Rejected("scanned-page", f"{found.total} characters on a full-page picture")
    if found.total - found.invisible < limits.min_characters:
        if found.total >= limits.min_characters:
            raise Rejected("invisible-text", f"{hidden:.0%} of the text is invisible")
        raise Rejected("too-little-text", f"{found.total} characters")
    if hidden > limits.invisible:
        raise Rejected("invisible-text", f"{hidden:.1%} of the text is invisible")
    if found.lying > limits.lying * found.total:
        share = f"{found.lying / found.total:.1%} of the characters"
        raise Rejected("font-lies", f"{share} are drawn as other letters")
    if found.clipped > limits.clipped:
        raise Rejected("off-page-text", f"the page's edge cuts {found.clipped} characters")
    total = sum(len(line.text) for line in found.lines)
    rotated = sum(len(line.text) for line in found.lines if not line.horizontal)
    if rotated > max(limits.rotated * total, limits.rotated_characters):
        raise Rejected("rotated-text", f"{rotated / total:.0%} of the text is not horizontal")


def check_text(text: str, limits: Thresholds) -> None:
    """Reject a page by the characters of its text; their order is not needed.

    Raises:
        Rejected: see `Thresholds`.
    """
    counts = Counter(text)
    for space in " \n":
        del counts[space]
    total = counts.total()
    if total < limits.min_characters:
        raise Rejected("too-little-text", f"{total} characters")
    if total > limits.max_characters:
        raise Rejected("too-much-text", f"{total} characters")
    categories = {c: unicodedata.category(c) for c in counts}
    unmapped = [c for c in counts if c == "\ufffd" or categories[c] == "Co"]
    missing = sum(counts[c] for c in unmapped)
    if missing > limits.unmapped * total:
        raise Rejected("no-unicode", f"{missing} characters such as U+{ord(unmapped[0]):04X}")
    abnormal = sum(n for c, n in counts.items() if categories[c] in ("Cc", "Cn", "Cs"))
    if abnormal > limits.abnormal * total:
        raise Rejected("abnormal-characters", f"{abnormal / total:.1%} of the characters")
    marks = sum(counts[c] for c in "!\"#$%&'()*+,/:;<=>?@[\\]^_`{|}~")
    if marks > limits.punctuation * total:
        raise Rejected("abnormal-characters", f"{marks / total:.0%} punctuation")


def check_direction(text: str) -> None:
    """Reject a page with letters that are read from right to left among others.

    MuPDF takes the marks beside such a word for a part of it, and loses the spaces.

    Raises:
        Rejected: `right-to-left-text`.
    """
    found = _RIGHT_TO_LEFT.search(text)
    if found:
        raise Rejected("right-to-left-text", f"letters such as U+{ord(found[0]):04X}")


def check_visibility(
    seen: Visibility,
    found: PageCharacters,
    painted: Painted,
    ink_map: InkMap,
    limits: Thresholds,
) -> None:
    """Reject a page if its picture does not show, or cuts, too many characters.

    Raises:
        Rejected: `ocr-layer`, `covered-text`, `text-without-ink`, `hidden-text` or `cut-text`.
    """
    total = max(1, sum(len(line.text) - line.text.count(" ") for line in found.lines))
    hidden = int(seen.hidden.sum())
    if hidden > limits.hidden * total:
        share = f"{hidden / total:.1%} of the text"
        if painted.image_share >= limits.image_share and hidden > 0.5 * total:
            raise Rejected("ocr-layer", f"{share} is not visible, over a scan")
        boxes = found.edges[seen.hidden]
        if not painted.shows_picture(boxes).mean() < 0.5:
            raise Rejected("covered-text", f"{share} is under pictures")
        if ink_map.shows(boxes).mean() < 0.5:
            raise Rejected("text-without-ink", share)
        raise Rejected("hidden-text", f"{share} is covered, clipped or transparent")
    cut = int(seen.cut.sum())
    if cut > limits.cut * total:
        raise Rejected("cut-text", f"{cut / total:.1%} of the text is shown in part")


def check_overprint(count: int, found: PageCharacters, limits: Thresholds) -> None:
    """Reject a page with texts on top of each other.

    Raises:
        Rejected: `overprinted-text`.
    """
    total = sum(len(line.text) - line.text.count(" ") for line in found.lines)
    if count > max(limits.overprinted * total, limits.overprinted_characters):
        raise Rejected("overprinted-text", f"{count / total:.1%} of the text is over other text")


def check_size(
    lines: Sequence[Line], lang: str, pixels_per_point: float, limits: Thresholds
) -> None:
    """Reject text that is too small to be legible on the picture.

    Raises:
        Rejected: `text-too-small`.
    """
    sizes = sorted((line.size, len(line.text)) for line in lines)
    half = sum(count for _, count in sizes) / 2
    passed = accumulate(count for _, count in sizes)
    size = next(size for (size, _), reached in zip(sizes, passed, strict=True) if reached >= half)
    least = limits.min_size_zh if lang == "zh" else limits.min_size_en
    if size * pixels_per_point < least:
        raise Rejected("text-too-small", f"most letters are {size * pixels_per_point:.1f} pixels")


def check_picture_text(share: float, limits: Thresholds) -> None:
    """Reject a page with text inside of its pictures, which its own text does not have.

    Raises:
        Rejected: `text-in-pictures`.
    """
    if share > limits.picture_text:
        raise Rejected("text-in-pictures", f"{share:.0%} of the ink is text in pictures")


def check_complete(lines: Sequence[Line], texts: Iterable[str]) -> None:
    """Reject a page if its text does not have exactly the characters of its lines. Vertical forms
    of punctuation count as the usual ones, which the text of vertical columns has.

    Raises:
        Rejected: `lost-text`; an error of this program, which must not become a false text.
    """
    wanted, found = _sorted_codes(line.text for line in lines), _sorted_codes(texts)
    if not np.array_equal(wanted, found):
        detail = f"of {len(wanted)} characters the text has {len(found)}, or others"
        raise Rejected("lost-text", detail)


def _sorted_codes(texts: Iterable[str]) -> npt.NDArray[np.uint32]:
    """The code points of all characters but spaces and ends of lines, in ascending order."""
    text = "".join(texts).replace(" ", "").replace("\n", "")
    if not text.isascii():
        text = text.translate(VERTICAL_FORMS)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.sort(codes)


def ink_is_explained(report: InkReport, limits: Thresholds) -> bool:
    """Whether stray ink and drawn ink are within their limits."""
    return report.stray_ink <= limits.stray_ink and report.drawn_ink <= limits.drawn_ink


def check_ink(report: InkReport, limits: Thresholds) -> None:
    """Reject a page by the result of the ink audit.

    Raises:
        Rejected: see `Thresholds`.
    """
    if report.stray_ink > limits.stray_ink:
        raise Rejected("ink-without-text", f"{report.stray_ink:.1%} of the ink")
    if report.drawn_ink > limits.drawn_ink:
        raise Rejected("mostly-pictures", f"{report.drawn_ink:.0%} of the ink")
