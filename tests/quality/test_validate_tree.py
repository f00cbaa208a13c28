"""Every fault of a tree of regions is found and named; a good tree has none."""

from typing import Any

import pytest

from renderers.picture import Cell, Region
from vary_data.engine.rows import to_batch
from vary_data.engine.sample import Sample
from vary_data.quality.validate.tree import check_tree

TABLE = (0.0, 40.0, 100.0, 80.0)


def cell(row: int, column: int, rows: int = 1, columns: int = 1, header: bool = False) -> Region:
    box = (50.0 * column, 40.0 + 20 * row, 50.0 * column + 40, 55.0 + 20 * row)
    return Region(box, f"{row}{column}", "cell", 4, Cell(row, column, rows, columns, header))


REGIONS = (
    Region((0, 0, 100, 30), "one two", "paragraph"),
    Region((0, 0, 100, 15), "one", "line", 0),
    Region((0, 0, 40, 15), "one", "word", 1),
    Region((0, 85, 100, 95), "Table 1", "caption", 4),
    Region(TABLE, "00 01 10 11", "table"),
    cell(0, 0, header=True), cell(0, 1, header=True), cell(1, 0), cell(1, 1),
    Region((110, 0, 120, 60), "up", "margin_note", quad=(110, 60, 110, 0, 120, 0, 120, 60)),
    Region((0, 100, 100, 110), "2 Heading", "section_header", level=2),
    Region((0, 110, 100, 120), "three", "paragraph", continues=0),
)  # fmt: skip


def stored() -> list[dict[str, Any]]:
    sample = Sample(
        id="a", image=b"", image_format="png", width=200, height=200, text="", prompt="",
        kind="page", format="plain", lang="en", doc_id="d", source="s", license="", renderer="r",
        template="", seed=1, regions=REGIONS,
    )  # fmt: skip
    (row,) = to_batch([sample]).to_pylist()
    return list(row["regions"])


def test_a_good_tree_has_no_faults() -> None:
    assert list(check_tree(stored())) == []
    assert list(check_tree([])) == []


@pytest.mark.parametrize(
    ("index", "changes", "check", "what"),
    [
        (1, {"parent": 99}, "tree", "the parent of line 'one' is region 99 of 12"),
        (1, {"parent": -1}, "tree", "the parent of line 'one' is region -1 of 12"),
        (2, {"parent": 2}, "tree", "word 'one' is below itself"),
        (0, {"parent": 2}, "tree", "paragraph 'one two' is below itself"),
        (2, {"bbox": [80, 0, 120, 15]}, "tree", "word 'one' is not inside line 'one', its parent"),
        (1, {"order": 2}, "order", "the order is no permutation of 0 to 11"),
        (1, {"order": None}, "order", "the order is no permutation of 0 to 11"),
        (11, {"order": 12}, "order", "the order is no permutation of 0 to 11"),
        (8, {"column": 0}, "cells", "cell '11' overlaps another cell at (1, 0)"),
        (8, {"column": 2}, "cells", "table '00 01 10 11' has no cell at (0, 2)"),
        (5, {"rowspan": 2}, "cells", "cell '10' overlaps another cell at (1, 0)"),
        (8, {"colspan": 0}, "cells", "cell '11' covers no place of its table"),
        (8, {"row": -1}, "cells", "cell '11' covers no place of its table"),
        (8, {"rowspan": 2**31 - 1, "colspan": 2**31 - 1}, "cells", "more than 1,000,000 places"),
        (8, {"row": 2**31 - 2}, "cells", "table '00 01 10 11' has no cell at (1, 1)"),
        (8, {"header": None}, "region", "cell '11' has no header"),
        (0, {"row": 0}, "region", "paragraph 'one two' has row, but is no cell"),
        (
            9,
            {"quad": [110.0, 60.0, 110.0, 0.0, 140.0, 0.0, 140.0, 60.0]},
            "quad",
            "does not agree with its box",
        ),
        (
            9,
            {"quad": [110.0, 60.0, 120.0, 60.0, 120.0, 0.0, 110.0, 0.0]},
            "quad",
            "are not clockwise",
        ),
        (9, {"quad": [110, 60]}, "quad", "is not eight numbers"),
        (9, {"quad": [110.0, None, 110, 0, 120, 0, 120, 60]}, "quad", "is not eight numbers"),
        (9, {"quad": [110.0, float("nan"), *[1.0] * 6]}, "quad", "is not eight numbers"),
        (10, {"level": 0}, "region", "section_header '2 Heading' has the level 0"),
        (0, {"level": 1}, "region", "paragraph 'one two' has the level 1"),
        (11, {"continues": 10}, "region", "paragraph 'three' continues region 10"),
        (11, {"continues": 11}, "region", "paragraph 'three' continues region 11"),
        (11, {"continues": 12}, "region", "paragraph 'three' continues region 12"),
        (0, {"role": "heading"}, "region", "heading 'one two' has an unknown role"),
    ],
)
def test_planted_faults(index: int, changes: dict[str, Any], check: str, what: str) -> None:
    regions = stored()
    regions[index].update(changes)
    found = list(check_tree(regions))
    assert check in {name for name, _ in found}
    assert any(what in said for name, said in found if name == check), found


def test_a_cell_too_few() -> None:
    regions = [region for i, region in enumerate(stored()) if i != 8]
    for place, region in enumerate(regions):
        region["order"] = place
    regions[-1]["continues"] = None
    assert [check for check, _ in check_tree(regions)] == ["cells"]
