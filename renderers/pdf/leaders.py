"""The blocks of a page without the leaders of its entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from renderers.leaders import has_leader, without_leaders
from renderers.pdf.blocks import Block, Table
from renderers.roles import CODE


def blocks_without_leaders(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with a space for each leader; rows of programs keep their dots.

    Rows and blocks that were only dots are left out.
    """
    found = (_without_leaders(block) for block in blocks)
    return [block for block in found if block.rows]


def _without_leaders(block: Block) -> Block:
    texts = [row.text for row in block.rows]
    if block.role == CODE or not any(map(has_leader, texts)):
        return block
    rows = [
        replace(
            row,
            text=without_leaders(row.text),
            marked=without_leaders(row.marked, markdown=True),
        )
        for row in block.rows
    ]
    table = _table(block.table) if block.table else None
    if table and not table.cells:
        rows = []
    return replace(block, rows=tuple(row for row in rows if row.text), table=table)


def _table(table: Table) -> Table:
    """The table without leaders in its cells, and without rows that have only leaders."""
    cells = [tuple(map(without_leaders, row)) for row in table.cells]
    kept = [i for i, row in enumerate(cells) if any(row) or not any(table.cells[i])]
    marked = [tuple(without_leaders(c, markdown=True) for c in row) for row in table.marked]
    return replace(
        table,
        cells=tuple(cells[i] for i in kept),
        marked=tuple(marked[i] for i in kept) if marked else (),
        words=tuple(table.words[i] for i in kept) if table.words else (),
        headers=sum(i < table.headers for i in kept),
    )
