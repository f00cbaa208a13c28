"""Tables: with rules between their cells, or only with columns of cells that stand in line.

The cells of a table with rules are found from the rules; each text belongs to the cell around it,
so that cells of several rows are not interleaved. A table without rules is a run of rows with wide
gaps; its columns are where the cells of its rows stand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from renderers.pdf.blocks import Block, Table
from renderers.pdf.characters import Line
from renderers.pdf.gutters import is_running
from renderers.pdf.order import grouped_rows
from renderers.pdf.paragraphs import join_rows, join_texts
from renderers.pdf.rows import CellPart, TextRow, text_row
from renderers.pdf.rules import TOUCH, Grid, closed_grids, open_frames
from renderers.pdf.styles import escaped
from renderers.pdf.table_columns import bold_rows, in_columns, table_of
from renderers.picture import Box
from renderers.roles import TABLE

MAX_CELL_ROWS = 6
"""Rows of text of a cell; where there are more, several rows of cells have no rule between them."""
MAX_WRAPPED_ROWS = 10
"""Rows of one text in a narrow cell; more are a column of text."""
MAX_WRAPPED_IN_TABLE = 30
MIN_CELLS = 9
"""The same in one of so many cells with text: most cells beside columns of text are tall, too."""
MAX_SENTENCES = 24
"""Rows of running text in a table whose cells are mostly such rows."""
MAX_OPEN_ROWS = 80
MAX_OPEN_CELL = 60
"""Characters of a cell between such rules; longer ones are running text between two rules."""
MAX_LONG_CELLS = 0.25
MIN_BROKEN_ROWS = 0.5
"""Share of the rows between such rules that have several cells; labels in rules have one."""
MIN_WHOLE_BANDS = 3
"""Bands between two rules that are one row, from which wrapped texts in another are one, too."""
MAX_PADDING = 8.0
"""Points between the rules and the text of a cell that fills its column."""
SPACE_EM = 0.2
"""The narrowest space between two words, in font sizes."""
MAX_LETTER_GAP_EM = 0.15
"""Gap between two letters of a word, in font sizes."""
MIN_FILLED = 0.34
"""Share of cells with text; a smaller one is no table but a drawing."""

PLACE = "\ufffc"
"""Text of the line that stands for a table while the page is ordered."""


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table with rules as a block, and the lines in it."""

    block: Block
    lines: tuple[Line, ...]


def ruled_tables(
    lines: Sequence[Line], rules: Sequence[Box]
) -> tuple[list[Line], dict[int, RuledTable]]:
    """Replace the lines of each table by one line at its place.

    `rules` are boxes of drawings in points. Returns the remaining lines in drawing order, and the
    tables by the index of their line.
    """
    grids = closed_grids(rules)
    found: list[Line] = list(lines)
    tables: dict[int, RuledTable] = {}
    for grid in [*grids, *open_frames(lines, rules)]:
        inside = [i for i, line in enumerate(found) if grid.holds(line) and line.text != PLACE]
        chosen = [found[i] for i in inside]
        table = _read_grid(grid, chosen) if grid.vertical else _read_open(chosen)
        if table is None:
            continue
        first = inside[0]
        place = _place(table)
        kept = [(line, i) for i, line in enumerate(found) if i == first or i not in set(inside)]
        before = {id(found[i]): t for i, t in tables.items()}
        found = [place if i == first else line for line, i in kept]
        tables = {i: before[id(line)] for i, line in enumerate(found) if id(line) in before}
        tables[next(i for i, line in enumerate(found) if line is place)] = table
    return found, tables


def _place(table: RuledTable) -> Line:
    box = table.block.box
    size = max(line.size for line in table.lines)
    return Line(PLACE, (box,), size, box[3] - 0.2 * size, True, False, box, box[1], box[3])


def _read_grid(grid: Grid, lines: Sequence[Line]) -> RuledTable | None:
    """The table of a grid; None if its texts do not fit the cells."""
    if len(lines) < 2:
        return None
    cells: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        for piece in _split(line, grid):
            row = bisect_right(grid.ys, (piece.top + piece.bottom) / 2) - 1
            column = _column(piece, grid)
            if not (0 <= row < len(grid.ys) - 1 and 0 <= column < len(grid.xs) - 1):
                return None  # a frame around words of a sentence
            cells.setdefault((row, column), []).append(piece)
    rows, columns = len(grid.ys) - 1, len(grid.xs) - 1
    read = {place: _cell(pieces) for place, pieces in cells.items()}
    whole = [row for cell in read.values() for row in cell]
    tall = sum(len(cell) > MAX_WRAPPED_ROWS for cell in read.values())
    most = MAX_WRAPPED_IN_TABLE if tall * MIN_CELLS <= len(cells) else MAX_WRAPPED_ROWS
    if any(_is_column(cell, most) for cell in read.values()) or _is_page_of_text(whole):
        return None  # columns of text with a rule between them
    bands = [[read.get((row, column), []) for column in range(columns)] for row in range(rows)]
    table_rows: list[list[list[TextRow]]] = []
    for band in _without_wrapped([_band(cells) for cells in bands], bands, grid.xs):
        table_rows += band
    table_rows = [row for row in table_rows if any(row)]
    used = [c for c in range(columns) if any(row[c] for row in table_rows)]
    if any(len(cell) > most for row in table_rows for cell in row):
        return None  # boxes of text
    if len(table_rows) < 2 or len(used) < 2 or len(cells) < MIN_FILLED * rows * columns:
        return None
    chosen = [[row[c] for c in used] for row in table_rows]
    block = Block(tuple(_text_rows(chosen)), TABLE, table=_table(chosen))
    return RuledTable(block, tuple(lines))


def _column(piece: Line, grid: Grid) -> int:
    """The column of a piece by its middle; that of one too long for its cell by its start."""
    start = bisect_right(grid.xs, piece.x0 + 1) - 1
    if 0 <= start < len(grid.xs) - 1 and piece.x0 - grid.xs[start] < MAX_PADDING:
        return start
    return bisect_right(grid.xs, (piece.x0 + piece.x1) / 2) - 1


def _split(line: Line, grid: Grid) -> list[Line]:
    """A line that crosses vertical rules, cut at their positions, or after the word that a rule
    runs through: it is too long for its cell."""
    middle = (line.top + line.bottom) / 2
    cuts = [
        x
        for x in grid.xs[1:-1]
        if line.x0 + 1 < x < line.x1 - 1
        and any(abs((b[0] + b[2]) / 2 - x) < TOUCH and b[1] < middle < b[3] for b in grid.vertical)
    ]
    if not cuts:
        return [line]
    parts: list[Line] = []
    sides = [bisect_right(cuts, (box[0] + box[2]) / 2) for box in line.boxes]
    for at in range(1, len(sides)):
        if sides[at] != sides[at - 1] and _is_in_word(line, at):
            sides[at] = sides[at - 1]
    start = 0
    for stop in range(1, len(sides) + 1):
        if stop == len(sides) or sides[stop] != sides[start]:
            part = _part(line, start, stop)
            if part is not None:
                parts.append(part)
            start = stop
    return parts


def _is_in_word(line: Line, at: int) -> bool:
    """Whether a character continues the Latin word of the one before it."""
    before, after = line.text[at - 1], line.text[at]
    if not (before.isascii() and after.isascii()) or " " in (before, after):
        return False
    return line.boxes[at][0] - line.boxes[at - 1][2] < MAX_LETTER_GAP_EM * line.size


def _part(line: Line, start: int, stop: int) -> Line | None:
    while start < stop and line.text[start] == " ":
        start += 1
    while stop > start and line.text[stop - 1] == " ":
        stop -= 1
    if start == stop:
        return None
    boxes = line.boxes[start:stop]
    box = (boxes[0][0], line.box[1], boxes[-1][2], line.box[3])
    return replace(
        line, text=line.text[start:stop], boxes=boxes, box=box, styles=line.styles[start:stop]
    )


def _cell(pieces: Sequence[Line]) -> list[TextRow]:
    index = grouped_rows(pieces, range(len(pieces)))
    return [text_row([pieces[i] for i in row]) for row in index]


def _band(cells: list[list[TextRow]]) -> list[list[list[TextRow]]]:
    """The rows of a table between two horizontal rules.

    Where cells have the same number of rows on the same base lines, each is a row of the table;
    otherwise cells have several rows. A cell with a single row may stand beside several rows of
    numbers: it belongs to the first of them.
    """
    filled = [cell for cell in cells if cell]
    count = max((len(cell) for cell in filled), default=0)
    if count > MAX_CELL_ROWS:
        return _by_first_column(cells)
    tall = [cell for cell in filled if len(cell) == count]
    if count < 2 or len(tall) < 2 or any(len(cell) not in (1, count) for cell in filled):
        return [cells]
    for rows in zip(*tall, strict=True):
        if max(r.baseline for r in rows) - min(r.baseline for r in rows) > 0.35 * rows[0].size:
            return [cells]
    if len(tall) == len(filled):
        if all(_runs_on(cell) for cell in filled):
            return [cells]
    elif any(map(_runs_on, tall)) or 2 * sum(
        _is_number(row) for cell in tall for row in cell
    ) < count * len(tall):
        return [cells]
    return [[cell[i : i + 1] for cell in cells] for i in range(count)]


def _without_wrapped(
    read: Sequence[list[list[list[TextRow]]]],
    bands: Sequence[list[list[TextRow]]],
    edges: Sequence[float],
) -> list[list[list[list[TextRow]]]]:
    """The rows of each band; where rules are below most rows, those of a band with wrapped texts
    are one: their base lines are the same by chance. `edges` are those of the columns."""
    cut = [len(rows) > 1 for rows in read]
    whole = sum(any(cells) for cells in bands) - sum(cut)
    if whole < max(MIN_WHOLE_BANDS, sum(cut)):
        return list(read)
    rights = []
    for column, (left, right) in zip(zip(*bands, strict=True), pairwise(edges), strict=True):
        start = min((row.box[0] for cell in column for row in cell), default=left)
        rights.append(right - min(max(0.0, start - left), MAX_PADDING))
    return [
        [cells] if split and all(map(_is_wrapped, cells, rights)) else rows
        for rows, cells, split in zip(read, bands, cut, strict=True)
    ]


def _is_wrapped(cell: Sequence[TextRow], right: float) -> bool:
    """Whether what begins a row has no room in the row above, in a column that ends at `right`.

    Numbers and capitalized words below each other may have no room beside each other by chance.
    """
    if len(cell) > 1 and all(len(row.words) == 1 and _is_entry(row.text) for row in cell):
        return False
    return all(
        above.box[2] + SPACE_EM * above.size + _first_width(below) > right
        for above, below in pairwise(cell)
    )


def _is_entry(text: str) -> bool:
    """Whether a Latin text does not begin in lower case."""
    return text.isascii() and not text[0].islower()


def _first_width(row: TextRow) -> float:
    """The width of what may not be broken at the start of a row: a word, or a Chinese character."""
    first = row.words[0]
    width = first.box[2] - first.box[0]
    return width if first.text[0].isascii() else width / len(first.text)


def _is_number(row: TextRow) -> bool:
    return any(map(str.isdigit, row.text)) and not any(map(str.isalpha, row.text))


def _is_column(cell: Sequence[TextRow], most: int) -> bool:
    """Whether a cell is so long and full of sentences that it is a column of text."""
    running = sum(is_running(row.text) for row in cell)
    return len(cell) > most and running > 0.5 * len(cell)


def _is_page_of_text(rows: Sequence[TextRow]) -> bool:
    """Whether what rules enclose is mostly sentences and too long for a table."""
    running = sum(is_running(row.text) for row in rows)
    return running > MAX_SENTENCES and running > 0.5 * len(rows)


def _by_first_column(cells: list[list[TextRow]]) -> list[list[list[TextRow]]]:
    """The rows of a table without rules between them: each begins where the first column does."""
    starts = [row.baseline - 0.5 * row.size for row in next(cell for cell in cells if cell)]
    rows: list[list[list[TextRow]]] = [[[] for _ in cells] for _ in starts]
    for column, cell in enumerate(cells):
        for row in cell:
            number = max(0, bisect_right(starts, row.baseline) - 1)
            rows[number][column].append(row)
    return rows


def _runs_on(cell: Sequence[TextRow]) -> bool:
    """Whether rows of a cell go on in lower case or after a hyphen: one text, not several cells."""
    return any(
        below.text[0].islower() and above.text[-1] not in ".:;" for above, below in pairwise(cell)
    )


def _table(rows: Sequence[Sequence[Sequence[TextRow]]]) -> Table:
    marked: tuple[tuple[str, ...], ...] = ()
    if any(row.marked for cells in rows for cell in cells for row in cell):
        marked = tuple(
            tuple(
                join_texts([r.marked or escaped(r.text) for r in cell]) if cell else ""
                for cell in cells
            )
            for cells in rows
        )
    texts = tuple(tuple(join_rows(cell) if cell else "" for cell in cells) for cells in rows)
    words = tuple(
        tuple(tuple(w for r in cell for w in r.words) for cell in cells) for cells in rows
    )
    headers = bold_rows(all(r.bold for cell in cells for r in cell) for cells in rows)
    return Table(texts, marked, words, headers)


def _text_rows(rows: Sequence[Sequence[Sequence[TextRow]]]) -> list[TextRow]:
    """Regions of a table: a row whose cells have one row each is one, others are cell by cell."""
    found: list[TextRow] = []
    for cells in rows:
        filled = [cell for cell in cells if cell]
        if all(len(cell) == 1 for cell in filled):
            found.append(_beside([cell[0] for cell in filled]))
        else:
            found += [row for cell in filled for row in cell]
    return found


def _beside(cells: Sequence[TextRow]) -> TextRow:
    box = (
        cells[0].box[0],
        min(c.box[1] for c in cells),
        cells[-1].box[2],
        max(c.box[3] for c in cells),
    )
    return replace(
        cells[0],
        text=" ".join(c.text for c in cells),
        box=box,
        words=tuple(w for c in cells for w in c.words),
        cells=len(cells),
        parts=tuple(map(CellPart.of, cells)),
    )


def _read_open(lines: Sequence[Line]) -> RuledTable | None:
    """The table between horizontal rules; None if its texts do not stand in columns."""
    if not 4 <= len(lines) <= MAX_OPEN_ROWS * 8:
        return None
    rows = []
    for index in grouped_rows(lines, range(len(lines))):
        cells: list[list[Line]] = []
        for i in index:
            line = lines[i]
            if cells and line.x0 - cells[-1][-1].x1 < 0.7 * line.size:
                cells[-1].append(line)
            else:
                cells.append([line])
        rows.append([text_row(cell) for cell in cells])
    if not 2 <= len(rows) <= MAX_OPEN_ROWS or _is_page_of_text([c for row in rows for c in row]):
        return None
    if sum(len(row) > 1 for row in rows) < MIN_BROKEN_ROWS * len(rows):
        return None
    placed = in_columns([[CellPart.of(cell) for cell in row] for row in rows])
    if placed is None:
        return None
    texts = [part.text for row in placed for part in row if part]
    if sum(len(text) > MAX_OPEN_CELL for text in texts) > MAX_LONG_CELLS * len(texts):
        return None
    block = Block(tuple(_beside(row) for row in rows), TABLE, table=table_of(placed))
    return RuledTable(block, tuple(lines))
