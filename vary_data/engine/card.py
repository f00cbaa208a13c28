"""The README.md in the root of an output folder, where `load_dataset` finds the configurations."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Sequence

import yaml
from pyarrow import ArrowInvalid

from vary_data import __version__
from vary_data.base.errors import OutputError
from vary_data.base.storage import Location
from vary_data.dataset.languages import language_name
from vary_data.dataset.reader import Dataset, DatasetConfig, Shard
from vary_data.dataset.row_kinds import RowKind
from vary_data.engine.provenance import made_with
from vary_data.engine.writer import write_text

MARK = "Made with vary-data"
TAGS = ("synthetic", "ocr", "document", "chart", "vary-data")
BATCH_ROWS = 4096
TASKS = ("image-to-text", "image-text-to-text")
HEAD = """# {title}

{mark} {version}. Each configuration can be loaded on its own:

```python
from datasets import load_dataset

rows = load_dataset("{title}", "{example}")
```

| configuration | kind | language | samples | shards | rejected tasks |
| --- | --- | --- | ---: | ---: | ---: |
"""

RENDERED = "Pictures are rendered, not photographed or scanned: no noise, no folds, no perspective."
SIMULATED = "Scans and photographs are simulated: noise, folds and perspective are computed."


def check_readme(root: Location) -> None:
    """Check that this project may overwrite the README.md of a folder.

    Raises:
        OutputError: the folder has a README.md of another origin.
    """
    readme = root / "README.md"
    if readme.exists() and MARK not in readme.read_text(encoding="utf-8", errors="replace"):
        raise OutputError(
            f"{readme} is not a dataset card of vary-data", "choose another folder with -o"
        )


def write_card(root: Location) -> None:
    """Write the card of all configurations that have a finished shard."""
    configs = [c for c in Dataset.open(root).configs if any(s.finished for s in c.shards)]
    if not configs:
        return
    front = {
        "configs": [_front_matter(config) for config in configs],
        "tags": list(TAGS),
        "task_categories": list(TASKS),
        "language": sorted({str(config.recipe["lang"]) for config in configs}),
    }
    head = HEAD.format(
        mark=MARK, title=root.resolve().name, version=__version__, example=configs[0].name
    )
    lines = [_line(config) for config in configs]
    lines += [line for config in configs for line in _versions(config)]
    kinds = [kind for config in configs for kind in _row_kinds(config)]
    lines += ["", "## Limitations", ""]
    lines += [f"* {text}" for text in limitations(configs, kinds)]
    text = yaml.safe_dump(front, sort_keys=False, allow_unicode=True)
    write_text(root / "README.md", f"---\n{text}---\n\n{head}" + "\n".join(lines) + "\n")


def limitations(configs: Sequence[DatasetConfig], kinds: Iterable[RowKind]) -> list[str]:
    """What the data of configurations with rows of these kinds is not, a sentence or two each."""
    degraded = any(c.recipe["generator"] == "degrade" or c.recipe.get("degrade") for c in configs)
    fonts = [config.name for config in configs if config.recipe["options"].get("fonts")]
    stated = list(dict.fromkeys(kind.limitation for kind in kinds if kind.limitation))
    if fonts:
        stated.append(
            f"Texts of {', '.join(fonts)} are drawn with fonts that were given, whose licenses "
            "were not checked: whoever publishes the pictures must have the right to use them so."
        )
    names = sorted({language_name(config.recipe["lang"]) for config in configs})
    return [*stated, SIMULATED if degraded else RENDERED, f"The texts are in {', '.join(names)}."]


def _row_kinds(config: DatasetConfig) -> list[RowKind]:
    """The kinds of the rows in the first finished shard of each split; the others hold the same."""
    first: dict[str, Shard] = {}
    for shard in config.shards:
        if shard.finished:
            first.setdefault(shard.split, shard)
    names: set[str] = set()
    for shard in first.values():
        # A damaged shard is the matter of the checks, not of the card.
        with contextlib.suppress(OSError, ArrowInvalid):
            for batch in config.batches(shard, ["kind"], BATCH_ROWS):
                names.update(batch.column("kind").to_pylist())
    return [config.row_kinds.get(name) for name in sorted(names)]


def _front_matter(config: DatasetConfig) -> dict[str, object]:
    finished = [shard.split for shard in config.shards if shard.finished]
    return {
        "config_name": config.name,
        "data_files": [
            {"split": split, "path": f"{config.name}/data/{split}-*.parquet"}
            for split, _ in itertools.groupby(finished)
        ],
    }


def _versions(config: DatasetConfig) -> list[str]:
    """What the shards were made with, if not all were made with the same."""
    groups = made_with(config)
    if len(groups) < 2:
        return []
    lines = [f"- {len(shards):,} from {shards[0]}: {text}" for text, shards in groups.items()]
    return ["", f"The shards of {config.name} were made with different versions:", "", *lines]


def _line(config: DatasetConfig) -> str:
    reports = list(config.reports())
    samples = sum(report["samples"] for report in reports)
    failed = sum(report["failed_tasks"] for report in reports)
    finished = sum(shard.finished for shard in config.shards)
    return (
        f"| {config.name} | {config.recipe['generator']} | {config.recipe['lang']} | {samples:,} "
        f"| {finished} of {len(config.shards)} | {failed:,} |"
    )
