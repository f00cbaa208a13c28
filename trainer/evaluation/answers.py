"""Answers in JSONL: those of any system, and the journal with which an evaluation is resumed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from trainer.errors import DataError, RunError
from trainer.evaluation.example import Example
from vary_data.base.json_lines import parse_json


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """A model's answer to an example; `key` is the example's, `error` why there is no answer."""

    id: str
    answer: str
    key: str
    tokens: int = 0
    finished: bool = True
    error: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a file of answers fits a test set."""

    answered: int
    missing: tuple[str, ...]
    unknown: tuple[str, ...]

    def notes(self) -> Iterator[str]:
        """Notes for a reader of the scores, one sentence each."""
        if self.missing:
            yield f"without an answer, counted as empty: {_some(self.missing)}"
        if self.unknown:
            yield f"answers to ids that are not in the test set: {_some(self.unknown)}"


def _some(ids: Sequence[str]) -> str:
    return f"{len(ids)} ({', '.join(ids[:3])}{', …' if len(ids) > 3 else ''})"


def read_predictions(path: Path) -> dict[str, str]:
    """Answers by id from lines of `{"id": …, "answer": …}`; other keys are ignored.

    Raises:
        DataError: a line has another form, or an id has two different answers.
    """
    answers: dict[str, str] = {}
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DataError(f"{path} cannot be read ({reason})", "expected JSON lines") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name, answer = _prediction(line, f"{path}, line {number}")
        if answers.setdefault(name, answer) != answer:
            raise DataError(f"{path}, line {number}: {name!r} has another answer before")
    return answers


def coverage(
    examples: Sequence[Example], answers: Mapping[str, str], whole: bool = True
) -> Coverage:
    """How answers fit; those to other ids are unknown only if `examples` are the `whole` set.

    Raises:
        DataError: no answer belongs to the examples.
    """
    known = {example.id for example in examples}
    missing = tuple(dict.fromkeys(e.id for e in examples if e.id not in answers))
    unknown = tuple(name for name in answers if name not in known)
    if answers and len(unknown) == len(answers):
        raise DataError(
            f"none of the {len(answers)} answered ids is in the test set",
            f"it has ids like {examples[0].id!r}, the answers {unknown[0]!r}",
        )
    return Coverage(len(known) - len(missing), missing, unknown if whole else ())


def _prediction(line: bytes, where: str) -> tuple[str, str]:
    try:
        data = parse_json(line)
    except ValueError as error:
        raise DataError(
            f"{where} is not JSON ({error})"[:400], 'expected {"id": …, "answer": …}'
        ) from error
    if not isinstance(data, dict):
        raise DataError(f"{where} is not a JSON object", 'expected {"id": …, "answer": …}')
    for name in ("id", "answer"):
        if not isinstance(data.get(name), str):
            raise DataError(f"{where}: {name!r} is not a string", 'expected {"id": …, "answer": …}')
    return data["id"], data["answer"]


@dataclass(frozen=True, slots=True)
class Journal:
    """The answers that an evaluation has written so far, in a folder; one file per process.

    The files can also be read as predictions.
    """

    folder: Path

    def drop_incomplete_lines(self) -> None:
        """Drop last lines without an end; called by one process before any appends."""
        for path in self._files():
            data = path.read_bytes()
            if not data.endswith(b"\n"):
                with path.open("rb+") as file:
                    file.truncate(data.rfind(b"\n") + 1)

    def read(self, examples: Sequence[Example]) -> dict[str, ModelAnswer]:
        """Answers to exactly these examples, by id; those to other questions are skipped.

        Raises:
            RunError: a line of a file is not an answer.
        """
        keys = {example.id: example.key for example in examples}
        answers: dict[str, ModelAnswer] = {}
        for path in self._files():
            for answer in _journal_lines(path):
                if keys.get(answer.id) == answer.key:
                    answers[answer.id] = answer
        return answers

    def append(self, answers: Sequence[ModelAnswer], rank: int = 0) -> None:
        """Add answers to this process's file.

        Raises:
            RunError: the file cannot be written.
        """
        path = self.folder / (f"answers-{rank}.jsonl" if rank else "answers.jsonl")
        text = "".join(json.dumps(asdict(a), ensure_ascii=False) + "\n" for a in answers)
        try:
            with path.open("ab") as file:
                file.write(text.encode("utf-8", "replace"))
        except OSError as error:
            raise RunError(f"{path} cannot be written ({error.strerror})") from error

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("answers*.jsonl"))


def _checked(answer: ModelAnswer) -> ModelAnswer:
    """Raises:
    TypeError: a field has another type.
    """
    for each in fields(ModelAnswer):
        kind = {"tokens": int, "finished": bool}.get(each.name, str)
        if not isinstance(getattr(answer, each.name), kind):
            raise TypeError(each.name)
    return answer


def _journal_lines(path: Path) -> Iterator[ModelAnswer]:
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        try:
            yield _checked(ModelAnswer(**parse_json(line)))
        except (ValueError, TypeError) as error:
            raise RunError(
                f"{path}, line {number} is not an answer", "delete the file to answer again"
            ) from error
