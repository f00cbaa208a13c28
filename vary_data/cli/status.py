"""`vary-data status OUT`."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import click


@click.command(name="status")
@click.argument("out")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")
def command(out: str, as_json: bool) -> None:
    """How far each configuration in the dataset folder OUT is."""
    from vary_data.dataset.reader import Dataset

    facts = [_facts(config) for config in Dataset.open(out).configs]
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for fact in facts:
        state = "complete" if fact["finished"] == fact["shards"] else "unfinished"
        reasons = ", ".join(f"{word} {n:,}" for word, n in fact["rejected"].items())
        click.echo(
            f"{fact['name']}: {state}, {fact['finished']} of {fact['shards']} shards, "
            f"{fact['samples']:,} samples"
            + (f", {fact['left_out']:,} of them left out by dedup" if fact["left_out"] else "")
            + (f", rejected: {reasons}" if reasons else "")
        )


def _facts(config: Any) -> dict[str, Any]:
    reports = list(config.reports())
    reasons = Counter(
        rejection["reason"]
        for report in reports
        for rejection in report["rejections"]
        if not rejection["retried"]
    )
    return {
        "name": config.name,
        "plan_id": config.plan_id,
        "shards": len(config.shards),
        "finished": sum(shard.finished for shard in config.shards),
        "samples": sum(report["samples"] for report in reports),
        "left_out": config.keep_list.dropped_count,
        "rejected": dict(reasons.most_common()),
    }
