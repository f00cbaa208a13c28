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
    """Show the progress of each configuration of the dataset in OUT."""
    from vary_data.dataset.reader import Dataset

    facts = [_facts(config) for config in Dataset.open(out).configs]
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for fact in facts:
        state = "unfinished" if fact["unfinished"] else "complete"
        reasons = ", ".join(f"{word} {n:,}" for word, n in fact["rejected"].items())
        click.echo(
            f"{fact['name']}: {state}, {fact['finished']} of {fact['shards']} shards, "
            f"{fact['samples']:,} samples"
            + (f", {fact['left_out']:,} of them left out by dedup" if fact["left_out"] else "")
            + (f", rejected: {reasons}" if reasons else "")
            + "".join(f"; {what}" for what in fact["unfinished"])
            + (", run the same command again" if fact["unfinished"] else "")
        )
        for note in fact["versions"]:
            click.echo(f"{fact['name']}: {note}")


def _facts(config: Any) -> dict[str, Any]:
    from vary_data.engine.provenance import version_notes

    reports = list(config.reports())
    finished = [shard for shard in config.shards if shard.finished]
    unstable = sum(shard.unstable for shard in finished)
    unfinished = {
        "{} shards are missing": len(config.shards) - len(finished),
        "{} shards have no readable report": len(finished) - len(reports),
        "{} rejections are due to the machine, not to the input": unstable,
    }
    reasons = Counter(
        rejection.reason for rejection in config.rejections() if not rejection.retried
    )
    return {
        "name": config.name,
        "plan_id": config.plan_id,
        "shards": len(config.shards),
        "finished": len(finished),
        "unstable": unstable,
        "unfinished": [what.format(f"{n:,}") for what, n in unfinished.items() if n],
        "samples": sum(report["samples"] for report in reports),
        "versions": version_notes(config),
        "left_out": config.keep_list.dropped_count,
        "rejected": dict(reasons.most_common()),
    }
