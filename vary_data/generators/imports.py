"""The generator `import`: public image-text and instruction sets in the schema of the dataset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vary_data.base.errors import SourceError, UsageError, nearest
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed
from vary_data.dataset.languages import languages
from vary_data.dataset.rejection import Rejection
from vary_data.engine.generator import Task
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators import prompts

if TYPE_CHECKING:
    from vary_data.engine.recipe import Recipe
    from vary_data.sources.instructions.example import InstructionExample

SETS = ("llava", "vary", "docvqa", "infovqa", "textvqa", "chartqa", "laion-coco")
QUESTION_SETS = ("docvqa", "infovqa", "textvqa", "chartqa")
"""Sets of questions, in splits that their authors made."""
SPLITS = ("train", "validation", "test")
SHORT_ANSWER = {
    "en": "Answer the following questions using a single word or phrase:",
    "zh": "请用一个词或短语回答下列问题：",
}
"""The English text is the paper's (section 4.4); it is that of other languages, too."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Settings of the generator `import`."""

    dataset: str = option("", choices=SETS, argument=True)
    """Name of the set."""
    src: str = option("", role="path")
    """Annotation file (llava, vary), folder of the set, or its Parquet files from the Hub."""
    images: str = option("", role="path", unset="next to the annotations")
    """Folder of the images."""
    split: str = option("train", choices=SPLITS)
    """Split of the sets of questions, and of Parquet files."""
    short_answers: bool = option(False)
    """Ask for a single word or phrase, as the paper does for sets of questions."""
    long_side: int = option(2048, range=(32, 8192), unit="pixels")
    """Longer side of an image; larger images are made smaller."""
    license: str = option("", unset="unknown")
    """License to state for rows without one."""
    max_rows: int = option(0, range=(1, None), unset="all")
    """Only the first rows of the source; `-n` chooses among all."""


class Import:
    """The generator `import`: one task per row of a set."""

    name = "import"
    label = "import"
    Options = ImportOptions
    languages = tuple(languages())

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """A task for every row, also for unusable ones; rows about one picture share a split.

        Raises:
            UsageError: an option is invalid.
            SourceError: the set cannot be read.
        """
        tasks = []
        examples = _read(recipe)
        for number, example in enumerate(examples):
            if recipe.options.max_rows and number >= recipe.options.max_rows:
                break
            group = f"{recipe.options.dataset}:{example.group or example.key}"
            key = f"{recipe.name}-{number:08d}"
            tasks.append(Task(key, group, 1, {"example": example.to_plain()}))
        return tasks

    def open(self, recipe: Recipe) -> ImportTaskRunner:
        return ImportTaskRunner(recipe)


class ImportTaskRunner:
    """Reads and normalizes pictures; keeps the last archive open."""

    def __init__(self, recipe: Recipe) -> None:
        from vary_data.sources.coco import PictureReader

        self.recipe = recipe
        self.reader = PictureReader()

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        from renderers.photo import prepare
        from vary_data.dataset.rejection import Rejected
        from vary_data.sources.instructions.example import InstructionExample

        example = InstructionExample.from_plain(task.params["example"])
        if example.picture is None:
            yield Rejection(task.key, example.reason, f"{example.key}: {example.detail}")
            return
        options: ImportOptions = self.recipe.options
        try:
            photo = prepare(
                self.reader.read(example.picture),
                example.picture.name,
                options.long_side,
                self.recipe.image_format,  # type: ignore[arg-type]
                example.picture.expected,
            )
        except Rejected as error:
            yield Rejection(task.key, error.reason, f"{example.picture.name}: {error.detail}")
            return
        answers = [turn.text for turn in example.turns if turn.role == "assistant"]
        yield Sample(
            id=task.key,
            image=photo.data,
            image_format=photo.image_format,
            width=photo.width,
            height=photo.height,
            text=answers[0] if len(answers) == 1 else "",
            prompt="",
            kind=example.kind,
            format=example.format,
            lang=self.recipe.lang,
            doc_id=task.doc_id,
            source=f"{options.dataset}:{example.picture.name}",
            license=example.license or options.license or "unknown",
            renderer="original" if photo.untouched else "pillow",
            template="",
            seed=seed.value,
            turns=example.turns,
            meta={**dict(example.facts), "answers": list(example.answers)},
        )

    def close(self) -> None:
        self.reader.close()


def _read(recipe: Recipe) -> Iterator[InstructionExample]:
    from vary_data.sources.cache import local_only
    from vary_data.sources.instructions import chartqa, laion, llava, questions

    options: ImportOptions = recipe.options
    if not options.dataset:
        raise UsageError("no set was named", nearest("", SETS))
    if not options.src:
        raise UsageError("no source was given", "use --src with a file or folder")
    source = Path(local_only(options.src, "a set")).expanduser()
    images = Path(options.images).expanduser() if options.images else None
    if images and not images.is_dir():
        raise SourceError(f"{images} is not a folder", "name that of the images with --images")
    prefix = SHORT_ANSWER.get(recipe.lang, SHORT_ANSWER["en"]) if options.short_answers else ""
    if options.dataset in ("llava", "vary"):
        return llava.read(source, images, options.split)
    if options.dataset == "chartqa":
        return chartqa.read(source, images, options.split, prefix)
    if options.dataset in questions.SETS:
        return questions.read(options.dataset, source, images, options.split, prefix)
    pool = prompts.POOLS.get(("caption", recipe.lang), prompts.POOLS["caption", "en"])
    return laion.read(source, images, pool[0])
