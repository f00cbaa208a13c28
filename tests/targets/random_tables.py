"""Random tables with spans, for round trips."""

from __future__ import annotations

from functools import cache

import numpy as np

from vary_data.targets.tables.table import Table, TableCell, clean

TEXTS = (
    "", "12.5 %", "a | b", r"\alpha & \beta", "<b>", "x\\", "a, b", 'say "no"', "总计", "a\\|b",
    "&amp;", "1 < 2", r"\(x_1\)", "new  line", "'", "|", "---", "{n}", "#1_a", "~", "\u00a0x",
    "*a*", "_b_", "c_d", "`e`", "$5", "$3 - $4", r"\(f\)5", r"\(|g|\)", "&lt;", "</i>",
)  # fmt: skip


def random_table(rng: np.random.Generator, spans: bool = True) -> Table:
    """A table of up to 7 x 6 slots; headers are rows at the top, or cells of the first column."""
    rows, columns = (int(n) for n in rng.integers(1, (8, 7)))
    heads = int(rng.integers(0, min(3, rows + 1)))
    row_headers = rng.random() < 0.3
    free = np.ones((rows, columns), bool)
    cells = []
    for r in range(rows):
        for c in range(columns):
            if not free[r, c]:
                continue
            height = width = 1
            if spans and rng.random() < 0.3:
                height = int(rng.integers(1, min(3, rows - r) + 1))
                width = int(rng.integers(1, min(3, columns - c) + 1))
                while not free[r, c : c + width].all():
                    width -= 1
            header = r < heads or (row_headers and c == 0)
            free[r : r + height, c : c + width] = False
            text = clean(" ".join(rng.choice(TEXTS, rng.integers(1, 3))))
            cells.append(TableCell(r, c, text, height, width, header))
    return Table.of(cells)


@cache
def random_tables(count: int, seed: int = 0, spans: bool = True) -> list[Table]:
    rng = np.random.default_rng(seed)
    return [random_table(rng, spans) for _ in range(count)]
