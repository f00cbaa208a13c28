"""The README.md in the root of an output folder, where `load_dataset` finds the configurations."""

from __future__ import annotations

import itertools

import yaml

from vary_data import __version__
from vary_data.base.errors import OutputError
from vary_data.base.storage import Location
from vary_data.dataset.reader import Dataset, DatasetConfig
from vary_data.engine.provenance import made_with
from vary_data.engine.writer import write_text

MARK = "Made with vary-data"
TAGS = ("synthetic", "ocr", "document", "chart", "vary-data")
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
    text = yaml.safe_dump(front, sort_keys=False, allow_unicode=True)
    write_text(root / "README.md", f"---\n{text}---\n\n{head}" + "\n".join(lines) + "\n")


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
