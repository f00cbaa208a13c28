"""The generator `negatives`: natural pictures with the text that there is nothing to read
(paper, section 3.2.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from vary_data.base.errors import UsageError
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.dataset.rejection import Rejection
from vary_data.engine.generator import Task
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators import prompts

if TYPE_CHECKING:
    from vary_data.engine.recipe import Recipe

SENTENCES = {
    "en": (
        "It’s an image of nature",
        "Here’s a nature picture",
        "It’s a nature photo",
        "This is a natural image",
        "That’s a shot from nature",
    ),
    "zh": (
        "这是一幅自然图像",
        "这里是一张自然图片",
        "这是一张自然照片",
        "这是自然图像",
        "那是一张取自自然的照片",
    ),
}
"""The paper's five sentences, literally, and five Chinese sentences with the same meaning."""


@dataclass(frozen=True, slots=True)
class NegativeOptions:
    """Settings of the generator `negatives`."""

    coco: str = option("", role="path")
    """A COCO root, a folder or archive of pictures, or a local dataset."""
    split: str | None = option(
        None, flags=("--coco-split",), unset="train2017 or train, or all pictures of another folder"
    )
    """Folder and annotations of a COCO root, or split of a local dataset."""
    coco_text: str = option("", role="path", unset="no file")
    """Annotations of COCO-Text: its pictures with legible text are left out."""
    reader: str = option("", choices=("", "rapidocr"), unset="no reader")
    """OCR engine; pictures on which it reads text are left out."""
    n: int = option(120_000, range=(1, None), role="count", flags=("-n", "--num-samples"))
    """Greatest number of pictures, a seeded choice."""
    long_side: int = option(1280, range=(32, 8192), unit="pixels")
    """Longer side of an image; larger images are made smaller."""
    license: str = option("", unset="unknown")
    """License to state for pictures without one in the annotations."""


class Negatives:
    """The generator `negatives`."""

    name = "negatives"
    label = "negatives"
    Options = NegativeOptions

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """One task per picture; the choice depends only on names and seed.

        Raises:
            UsageError: an option is invalid.
            SourceError: the source has no pictures.
        """
        from vary_data.sources.coco import list_pictures

        options: NegativeOptions = recipe.options
        if not options.coco:
            raise UsageError("no source of pictures was given", "use --coco with a folder")
        found = list_pictures(options.coco, options.split)
        if len(found) > options.n:
            ranks = [stable_hash(recipe.seed, "negatives", ref.name) for ref in found]
            chosen = sorted(range(len(found)), key=lambda i: (ranks[i], found[i].name))
            found = [found[i] for i in sorted(chosen[: options.n])]
        tasks = []
        for ref in found:
            key = f"{recipe.name}-{stable_hash(ref.name, bits=128):032x}"
            tasks.append(Task(key, f"picture:{ref.name}", 1, asdict(ref)))
        return tasks

    def open(self, recipe: Recipe) -> NegativeTaskRunner:
        return NegativeTaskRunner(recipe)


class NegativeTaskRunner:
    """Reads and normalizes pictures; keeps the last archive open."""

    def __init__(self, recipe: Recipe) -> None:
        from vary_data.quality.validate.second_reader import open_reader
        from vary_data.sources.coco import PictureReader
        from vary_data.sources.coco_text import pictures_with_text

        options: NegativeOptions = recipe.options
        self.recipe = recipe
        self.reader = PictureReader()
        self.written = pictures_with_text(options.coco_text) if options.coco_text else frozenset()
        self.ocr = open_reader(options.reader) if options.reader else None

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        from renderers.photo import prepare
        from vary_data.dataset.rejection import Rejected
        from vary_data.quality.validate.second_reader import texts_on
        from vary_data.sources.coco import PictureRef

        options: NegativeOptions = self.recipe.options
        expected = task.params.get("expected")
        ref = PictureRef(**{**task.params, "expected": tuple(expected) if expected else None})
        if ref.name.rpartition("/")[2] in self.written:
            yield Rejection(task.key, "has-text", f"{ref.name}: has legible text in COCO-Text")
            return
        try:
            photo = prepare(
                self.reader.read(ref),
                ref.name,
                options.long_side,
                self.recipe.image_format,  # type: ignore[arg-type]
                ref.expected,
            )
        except Rejected as error:
            yield Rejection(task.key, error.reason, f"{ref.name}: {error.detail}")
            return
        if self.ocr is not None:
            shown = texts_on(photo.data, self.ocr)
            if shown:
                yield Rejection(task.key, "has-text", f"{ref.name}: reads {shown[0]!r}")
                return
        rng = seed.generator()
        lang = self.recipe.lang
        sentences = SENTENCES[lang]
        yield Sample(
            id=task.key,
            image=photo.data,
            image_format=photo.image_format,
            width=photo.width,
            height=photo.height,
            text=sentences[int(rng.integers(len(sentences)))],
            prompt=prompts.pick(rng, "plain", lang),
            kind="negative",
            format="caption",
            lang=lang,
            doc_id=task.doc_id,
            source=ref.name,
            license=ref.license or options.license or "unknown",
            renderer="original" if photo.untouched else "pillow",
            template="",
            seed=seed.value,
            meta={"untouched": photo.untouched},
        )

    def close(self) -> None:
        self.reader.close()
