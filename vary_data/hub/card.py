"""The card of a published dataset: what it is, how it was made, what it is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from vary_data import __version__
from vary_data.dataset.schema import features
from vary_data.engine.card import MARK, TAGS, TASKS, limitations
from vary_data.engine.provenance import made_with
from vary_data.hub.facts import ConfigFacts, Facts, SourceCount
from vary_data.hub.licenses import UNKNOWN, hub_license
from vary_data.hub.recipes import FILE, Recipes

GRID = "samples.png"
SOURCES = "sources.tsv"
SOURCES_SHOWN = 20
SHARDS_SHOWN = 3
SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """The content of a card. `about` is Markdown by the owner; `testset` is the command that made
    the test set in this repository, if it is one."""

    repo: str
    facts: Facts
    recipes: Recipes
    about: str = ""
    testset: str = ""

    def text(self) -> str:
        """The whole file: YAML front matter, then Markdown."""
        front = yaml.safe_dump(front_matter(self), sort_keys=False, allow_unicode=True)
        return f"---\n{front}---\n\n" + "\n".join(_body(self))


def front_matter(card: Card) -> dict[str, Any]:
    """The metadata of a card as the Hub defines it."""
    facts = card.facts
    origin = "original" if all(kind.original for kind in facts.row_kinds) else "extended"
    stated = hub_license(facts.licenses())
    return {
        "pretty_name": card.repo.partition("/")[2],
        "license": stated,
        **({"license_name": "stated-by-each-row"} if stated == "other" else {}),
        "language": facts.values("langs"),
        "task_categories": list(TASKS),
        "size_categories": [next((name for n, name in SIZES if facts.rows < n), "100M<n<1B")],
        "annotations_creators": ["machine-generated"],
        "source_datasets": [origin],
        "tags": list(TAGS),
        "configs": [_config(config) for config in facts.configs],
        "dataset_info": [_info(config) for config in facts.configs],
    }


def sources_table(origins: Sequence[SourceCount]) -> str:
    """All sources with their licenses, as tab-separated values."""
    lines = ["configuration\tsource\tlicense\trows"]
    for origin in origins:
        cells = (origin.config, origin.source, origin.license, str(origin.rows))
        lines.append("\t".join(" ".join(cell.split()) for cell in cells))
    return "\n".join(lines) + "\n"


def _config(config: ConfigFacts) -> dict[str, Any]:
    files = [
        {"split": split, "path": f"{config.name}/data/{split}-*.parquet"} for split in config.splits
    ]
    return {"config_name": config.name, "data_files": files}


def _info(config: ConfigFacts) -> dict[str, Any]:
    splits = [
        {"name": split, "num_bytes": config.bytes[split], "num_examples": rows}
        for split, rows in config.splits.items()
    ]
    return {
        "config_name": config.name,
        "features": [{"name": name, **_feature(value)} for name, value in features().items()],
        "splits": splits,
        "dataset_size": sum(config.bytes.values()),
    }


def _feature(value: Any) -> dict[str, Any]:
    """A feature as cards write it: `dtype: string`, `dtype: image`, `list: …`, `struct: …`."""
    if value.get("_type") == "Value":
        return {"dtype": value["dtype"]}
    if value.get("_type") == "Image":
        return {"dtype": "image"}
    if value.get("_type") == "List":
        item = _feature(value["feature"])
        return {"list": item.get("dtype") or item.get("struct") or item}
    return {"struct": [{"name": name, **_feature(inner)} for name, inner in value.items()]}


def _body(card: Card) -> Iterator[str]:
    facts, name = card.facts, card.repo.partition("/")[2]
    yield f"# {name}\n"
    if card.about:
        yield f"{card.about.strip()}\n"
    what = "; ".join(kind.label or f"`{kind.name}`" for kind in facts.row_kinds)
    yield f"{MARK} {__version__}: {facts.rows:,} samples. They are {what}.\n"
    yield f"![Samples]({GRID})\n"
    yield from _loading(card)
    yield from _contents(facts)
    yield from _making(card, name)
    yield from _licenses(facts)
    yield "\n## Limitations\n"
    for text in limitations([config.config for config in facts.configs], facts.row_kinds):
        yield f"* {text}"
    yield ""


def _loading(card: Card) -> Iterator[str]:
    config = card.facts.configs[0]
    split = next(iter(config.splits))
    yield "```python\nfrom datasets import load_dataset\n"
    yield f'rows = load_dataset("{card.repo}", "{config.name}", split="{split}")\n```\n'
    yield "`text` is the ground truth, `messages` the same as a conversation, `regions` are the"
    yield "layout tree: blocks, words, cells, marks with box, role and parent, as they are read.\n"


def _contents(facts: Facts) -> Iterator[str]:
    yield "| configuration | samples | kinds | languages | drawn by | rejected tasks |"
    yield "| --- | --- | --- | --- | --- | ---: |"
    for config in facts.configs:
        splits = ", ".join(f"{split} {rows:,}" for split, rows in config.splits.items())
        columns = (config.kinds, config.langs, config.renderers)
        values = (", ".join(_cell(value) for value in column) for column in columns)
        yield f"| {config.name} | {splits} | {' | '.join(values)} | {config.rejected:,} |"
    left_out = sum(config.left_out for config in facts.configs)
    if left_out:
        yield f"\n{left_out:,} duplicates were left out."


def _making(card: Card, name: str) -> Iterator[str]:
    yield "\n## How it was made\n"
    if card.recipes.text:
        yield f"With [{FILE}]({FILE}) of this repository, by\n"
        yield f"```sh\n{card.recipes.command(name)}\n```\n"
        if card.recipes.variables:
            used = (f"`{key}` was {_cell(v)}" for key, v in card.recipes.variables.items())
            yield f"where PATH is one's own copy of the source; {', '.join(used)}.\n"
    if card.testset:
        yield "As a test set, whose samples testset.json lists with their hashes, by\n"
        yield f"```sh\n{card.testset}\n```\n"
    lists = (c.config.keep_list for c in card.facts.configs if c.left_out)
    for command in dict.fromkeys(keep_list.made_by for keep_list in lists):
        yield f"Duplicates were found by `{command}`.\n"
    yield "Same recipe, sources and versions: same samples, pixel for pixel.\n"
    yield "| configuration | plan | made with |\n| --- | --- | --- |"
    for config in card.facts.configs:
        for versions, shards in made_with(config.config).items():
            note = "" if len(shards) == len(config.config.shards) else f" ({_listed(shards)})"
            yield f"| {config.name}{note} | `{config.config.plan_id}` | {versions} |"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHARDS_SHOWN:,} more" if len(names) > SHARDS_SHOWN else ""
    return ", ".join(names[:SHARDS_SHOWN]) + more


def _licenses(facts: Facts) -> Iterator[str]:
    yield "\n## Sources and licenses\n"
    yield "Each row states its own `source` and `license`.\n"
    yield "| license | samples |\n| --- | ---: |"
    for license, rows in facts.licenses().items():
        yield f"| {_cell(license)} | {rows:,} |"
    unknown = sum(rows for name, rows in facts.licenses().items() if name in UNKNOWN)
    if unknown:
        yield f"\nThe license of {unknown:,} samples is not known: ask before using them."
    yield "\n| configuration | source | license | samples |\n| --- | --- | --- | ---: |"
    for origin in facts.origins[:SOURCES_SHOWN]:
        cells = (origin.config, origin.source, origin.license, f"{origin.rows:,}")
        yield f"| {' | '.join(_cell(cell) for cell in cells)} |"
    if len(facts.origins) > SOURCES_SHOWN:
        more = len(facts.origins) - SOURCES_SHOWN
        yield f"\n{more:,} more sources: [{SOURCES}]({SOURCES}) has them all."


def _cell(text: str) -> str:
    """Text from anywhere inside a table's cell."""
    flat = " ".join(text.split())
    for sign in "\\|`<>[]*_":
        flat = flat.replace(sign, f"\\{sign}")
    return flat[:200]
