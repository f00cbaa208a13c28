"""The common result of all readers: one conversation about one picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vary_data.base.errors import SourceError
from vary_data.base.json_lines import JsonLine, json_items, json_lines, split_lines
from vary_data.dataset.rejection import Rejected
from vary_data.engine.sample import Turn
from vary_data.sources.coco import PictureRef
from vary_data.sources.files import (
    MAX_ANNOTATION_BYTES,
    named_file,
    read_source,
    source_file,
)

IMAGE_MARK = "<image>"
FORMAT_BYTES = 4096
"""The first bytes of a file, which show whether it is a list."""
SOURCE_SPLITS = {"train": "train", "validation": "val", "test": "test"}
"""Our splits by name, as ChartQA and DocVQA name them."""


@dataclass(frozen=True, slots=True)
class InstructionExample:
    """A conversation about a picture, or the `reason` and `detail` of an unusable row.

    `key` is the row's name in its source. `answers` are all accepted answers, for scoring.
    `group` determines the split: rows about one picture or document share it.
    """

    key: str
    picture: PictureRef | None = None
    turns: tuple[Turn, ...] = ()
    kind: str = "conversation"
    format: str = "answer"
    group: str = ""
    answers: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    license: str = ""
    reason: str = ""
    detail: str = ""

    def to_plain(self) -> dict[str, Any]:
        """The example as values that JSON has."""
        return asdict(self)

    @classmethod
    def from_plain(cls, data: Mapping[str, Any]) -> InstructionExample:
        """The example that `to_plain` wrote."""
        values = dict(data)
        if values["picture"]:
            values["picture"] = PictureRef(**values["picture"])
        values["turns"] = tuple(Turn(**turn) for turn in values["turns"])
        values["answers"] = tuple(values["answers"])
        values["facts"] = tuple((str(k), str(v)) for k, v in values["facts"])
        return cls(**values)


def load_rows(path: Path) -> Iterator[JsonLine]:
    """The rows of a JSON list or a JSONL file; a row that is no JSON has a `problem`.

    Raises:
        SourceError: the file is unreadable or has another format.
    """
    path = named_file(path)
    try:
        with path.open("rb") as file:
            start = file.read(FORMAT_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
            file.seek(0)
            if start.startswith(b"["):
                yield from json_items(read_source(path.parent, path.name, MAX_ANNOTATION_BYTES))
            else:
                yield from json_lines(split_lines(file))
    except (OSError, ValueError, Rejected) as error:
        raise SourceError(
            f"cannot read {path}: {error}", "expected a JSON list or JSONL"
        ) from error


def picture_file(root: Path, name: Any) -> PictureRef:
    """The picture of a row: a regular file below `root`.

    Raises:
        Rejected: `no-image`, `outside` (a path or link out of the folder), `missing-image`, or as
            `source_file`.
    """
    if not isinstance(name, str) or not name:
        raise Rejected("no-image")
    try:
        source_file(root, name)
    except Rejected as error:
        if error.reason != "missing":
            raise
        raise Rejected("missing-image", error.detail) from None
    return PictureRef("file", str(root), name)


def first_picture(places: Sequence[tuple[Path, Any]]) -> PictureRef:
    """The picture at the first of some places (folder and name) where there is a file.

    Raises:
        Rejected: as `picture_file`, of the first place.
    """
    problem: Rejected | None = None
    for folder, name in places:
        try:
            return picture_file(folder, name)
        except Rejected as error:
            if error.reason != "missing-image":
                raise
            problem = problem or error
    raise problem or Rejected("no-image")


def conversation(pairs: Sequence[tuple[str, Any]]) -> tuple[Turn, ...]:
    """Turns from (role, text) pairs; the picture is at the position of `IMAGE_MARK`.

    A line break between mark and text stays: Vary and GOT-OCR2 are trained with it.

    Raises:
        Rejected: `empty-turn`, `turn-order` (not an optional system turn, then user and
            assistant alternating), `several-images`, `no-image-mark`.
    """
    roles = [role for role, _ in pairs]
    body = roles[1:] if roles[:1] == ["system"] else roles
    if (
        not body
        or len(body) % 2
        or any(r != ("user", "assistant")[i % 2] for i, r in enumerate(body))
    ):
        raise Rejected("turn-order", " ".join(roles)[:80])
    if any(
        not isinstance(text, str) or not text.replace(IMAGE_MARK, "").strip() for _, text in pairs
    ):
        raise Rejected("empty-turn")
    marks = sum(text.count(IMAGE_MARK) for _, text in pairs)
    if marks != 1:
        raise Rejected("several-images" if marks else "no-image-mark")
    return tuple(_turn(role, text) for role, text in pairs)


def question(text: str, answer: str) -> tuple[Turn, ...]:
    """One question about a picture and its answer."""
    return (Turn("user", text, image=True), Turn("assistant", answer))


def checked(rows: Iterable[tuple[str, JsonLine]], read: Any) -> Iterator[InstructionExample]:
    """`read(key, row)` for each row; a rejected row becomes an example with a reason."""
    for key, line in rows:
        try:
            if line.problem:
                raise Rejected("malformed-row", f"{line.problem}: {line.text}"[:200])
            yield read(key, line.value)
        except Rejected as error:
            yield InstructionExample(key, reason=error.reason, detail=error.detail)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            yield InstructionExample(key, reason="malformed-row", detail=repr(error)[:200])


def _turn(role: str, text: str) -> Turn:
    place = text.find(IMAGE_MARK)
    if place < 0:
        return Turn(role, text)
    before, after = text[:place], text[place + len(IMAGE_MARK) :]
    return Turn(role, before + after, image=True, image_at=len(before))
