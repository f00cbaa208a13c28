"""Find and convert the pictures of figures; a figure that lacks one is left out with its caption.

References to a figure that is left out are rejected by `References`, so that no sentence points to
something that the document does not have.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from renderers.figures.image import FigureImage
from renderers.rejected import Rejected
from vary_data.sources.arxiv.limits import ExtractionLimits
from vary_data.sources.arxiv.structure.nodes import (
    FigureNode,
    ListNode,
    Node,
    RejectedNode,
)

Convert = Callable[[bytes], FigureImage]
"""The picture of a file; raises `Rejected`. `renderers.figures.converter` provides one."""

_GRAPHICS_PATH = re.compile(r"\\graphicspath\s*\{((?:\s*\{[^{}]*\})*)\s*\}")
_SUFFIXES = ("", ".pdf", ".png", ".jpg", ".jpeg", ".eps", "-eps-converted-to.pdf", ".ps",
             ".PDF", ".PNG", ".JPG", ".JPEG", ".EPS")  # fmt: skip


def folders_of_pictures(source: str, main: str) -> tuple[str, ...]:
    """The folders in which TeX looks for pictures: that of the main file and `\\graphicspath`."""
    root = posixpath.dirname(main)
    named = [
        folder
        for match in _GRAPHICS_PATH.finditer(source)
        for folder in re.findall(r"\{([^{}]*)\}", match.group(1))
    ]
    return tuple(dict.fromkeys(posixpath.join(root, folder) for folder in ("", *named)))


@dataclass(slots=True)
class FigureFiles:
    """Converts the pictures of one document, each file once."""

    pictures: Mapping[str, bytes | None]
    folders: Sequence[str]
    convert: Convert
    limits: ExtractionLimits
    clock: Callable[[], float]
    """Seconds that `convert` has computed so far."""
    left_out: set[tuple[str, str]] = field(default_factory=set)
    """Kind and number of the figures that are left out."""
    _converted: dict[str, FigureImage | Rejected] = field(default_factory=dict)
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def resolved(self, nodes: Sequence[Node]) -> list[Node]:
        """The nodes with the pictures of their figures; rejected nodes instead of other figures."""
        return [self._node(node) for node in nodes]

    def _node(self, node: Node) -> Node:
        if isinstance(node, ListNode):
            node.items = [self.resolved(item) for item in node.items]
        if not isinstance(node, FigureNode):
            return node
        try:
            self._find(node)
        except Rejected as error:
            if node.number:
                self.left_out.add((node.kind, node.number.rpartition(" ")[2]))
            source = f"{node.number} {node.caption}"
            return RejectedNode("figure", error.reason, error.detail, source)
        return node

    def _find(self, node: FigureNode) -> None:
        if node.drawn:
            raise Rejected("figure-drawn", "a drawing in TeX")
        if not 1 <= len(node.panels) <= self.limits.figure_panels:
            raise Rejected("figure-panels", f"{len(node.panels)} pictures")
        for panel in node.panels:
            panel.image = self._image(panel.name)

    def _image(self, name: str) -> FigureImage:
        path = self._path(name)
        if path not in self._converted:
            self._converted[path] = self._attempt(path)
        found = self._converted[path]
        if isinstance(found, Rejected):
            raise found
        return found

    def _attempt(self, path: str) -> FigureImage | Rejected:
        data = self.pictures[path]
        if data is None:
            return Rejected("figure-too-large", path)
        if self.clock() - self._began > self.limits.picture_seconds:
            return Rejected("figure-timeout", f"{path}: the figures before it took all the time")
        try:
            return self.convert(data)
        except Rejected as error:
            return Rejected(error.reason, f"{path}: {error.detail}")

    def _path(self, name: str) -> str:
        for path in self._candidates(name):
            if path in self.pictures:
                return path
        raise Rejected("figure-missing", name)

    def _candidates(self, name: str) -> Iterator[str]:
        name = name.strip().strip('"').replace("\\string", "").removeprefix("./")
        stem, suffix = posixpath.splitext(name)
        names = [name + ending for ending in _SUFFIXES]
        if suffix.lower() in (".eps", ".ps", ".pdf"):  # authors convert and keep the old name
            names += [stem + ending for ending in _SUFFIXES[1:]]
        for one in names:
            for folder in self.folders:
                yield posixpath.normpath(posixpath.join(folder, one))
