"""TEDS: the similarity of two tables as trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from trainer.evaluation.metrics.edits import ned
from trainer.evaluation.metrics.matching import assign
from trainer.evaluation.metrics.table import Cell, Table

_MAX_NODE_PAIRS = 1_500_000
"""Product of node counts above which different tables score 0: about 1,200 rows and cells on both
sides, which take seconds. Larger answers come only from models that repeat themselves."""


def teds(truth: Table, answer: Table, structure: bool = False) -> float:
    """Tree-edit-distance similarity (PubTabNet, arXiv 1911.10683): 1 − distance / nodes.

    A table is a tree of rows and cells. Inserting and deleting a node costs 1; renaming costs 1
    between nodes of different type or span, else the NED of the cells' texts. `nodes` is the
    larger count of rows and cells, without the root, as in the authors' code. Header and body are
    not distinguished, as in a `tabular`. With `structure`, texts are ignored (TEDS-Struct).
    """
    if truth == answer:
        return 1.0
    if structure:
        truth, answer = _without_text(truth), _without_text(answer)
    nodes = max(_size(truth), _size(answer))
    if not nodes or _size(truth) * _size(answer) > _MAX_NODE_PAIRS:
        return float(nodes == 0)
    return max(0.0, 1 - _distance(_Tree.of(truth), _Tree.of(answer)) / nodes)


def teds_of_page(truth: Sequence[Table], answer: Sequence[Table], structure: bool = False) -> float:
    """Σ TEDS / the larger number of tables, over the best one-to-one pairing of a page's tables.

    A missing or additional table counts 0.
    """
    if not truth or not answer:
        return float(len(truth) == len(answer))
    gain = np.array([[teds(t, a, structure) for a in answer] for t in truth])
    rows, columns = assign(gain)
    return float(gain[rows, columns].sum()) / max(len(truth), len(answer))


def _without_text(table: Table) -> Table:
    return tuple(tuple(replace(cell, text="") for cell in row) for row in table)


def _size(table: Table) -> int:
    return len(table) + sum(map(len, table))


@dataclass(frozen=True, slots=True)
class _Tree:
    """A table in postorder: cells, their row, …, the root.

    `leftmost[i]` is the first node of i's subtree; `keys` are the nodes with a left sibling, and
    the root.
    """

    nodes: tuple[Cell | str, ...]
    leftmost: tuple[int, ...]
    keys: tuple[int, ...]

    @classmethod
    def of(cls, table: Table) -> _Tree:
        nodes: list[Cell | str] = []
        leftmost: list[int] = []
        for row in table:
            first = len(nodes)
            for cell in row:
                leftmost.append(len(nodes))
                nodes.append(cell)
            leftmost.append(first)
            nodes.append("row")
        leftmost.append(0)
        nodes.append("table")
        highest = {left: node for node, left in enumerate(leftmost)}
        return cls(tuple(nodes), tuple(leftmost), tuple(sorted(highest.values())))


def _distance(a: _Tree, b: _Tree) -> float:
    """Zhang and Shasha's tree edit distance (SIAM J. Comput. 18, 1989)."""
    trees = [[0.0] * len(b.nodes) for _ in a.nodes]
    for i in a.keys:
        for j in b.keys:
            _forest(a, b, i, j, trees)
    return trees[-1][-1]


def _forest(a: _Tree, b: _Tree, i: int, j: int, trees: list[list[float]]) -> None:
    """Fill `trees` for all pairs of subtrees with the same leftmost leaves as `i` and `j`."""
    left_a, left_b = a.leftmost[i], b.leftmost[j]
    above = [float(n) for n in range(j - left_b + 2)]
    forests = [above]
    for x in range(left_a, i + 1):
        row = [above[0] + 1]
        whole_a = a.leftmost[x] == left_a
        known = trees[x]
        start_a = forests[a.leftmost[x] - left_a]
        for n, y in enumerate(range(left_b, j + 1), 1):
            best = min(above[n], row[-1]) + 1
            if whole_a and b.leftmost[y] == left_b:
                best = min(best, above[n - 1] + _rename(a.nodes[x], b.nodes[y]))
                known[y] = best
            else:
                best = min(best, start_a[b.leftmost[y] - left_b] + known[y])
            row.append(best)
        forests.append(row)
        above = row


def _rename(a: Cell | str, b: Cell | str) -> float:
    if isinstance(a, str) or isinstance(b, str):
        return float(a != b)
    if (a.columns, a.rows) != (b.columns, b.rows):
        return 1.0
    return 0.0 if a.text == b.text else ned(a.text, b.text)
