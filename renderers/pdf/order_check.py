"""Whether the order of a page is certain: the file's drawing order and the text itself as
witnesses."""

from __future__ import annotations

from renderers.pdf.continuity import broken_rows
from renderers.pdf.quality import DEFAULTS, Thresholds
from renderers.pdf.text import PageText
from renderers.rejected import Rejected


def check_order(page: PageText, limits: Thresholds = DEFAULTS, tags: float | None = None) -> None:
    """Reject a page whose reading order is uncertain.

    `tags` is the agreement with the structure tree of a tagged page: it takes the place of the
    drawing order, and settles gutters in doubt.

    Raises:
        Rejected: `order-uncertain`.
    """
    rows = page.continuity
    judged = rows.count >= limits.judged_rows
    if judged and rows.total < limits.broken:
        odds = broken_rows(rows, page.running_rows)
        if odds is not None and odds > limits.broken_odds:
            detail = f"{rows.count} rows do not continue each other ({rows.total:.1f} nats)"
            raise Rejected("order-uncertain", detail)
    if judged and rows.total >= limits.continued:
        return
    if tags is not None:
        if tags < limits.tag_agreement:
            raise Rejected("order-uncertain", f"reading order and tags agree by {tags:.0%}")
        return
    if page.doubts:
        raise Rejected("order-uncertain", f"{page.doubts} gutters may be columns or cells")
    least = limits.order_agreement if page.flows > 1 else limits.single_flow_agreement
    if page.order_agreement < least:
        raise Rejected("order-uncertain", f"orders agree by {page.order_agreement:.0%}")
