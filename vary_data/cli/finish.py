"""`vary-data finish OUT`."""

from __future__ import annotations

import click


@click.command(name="finish")
@click.argument("out")
@click.pass_context
def command(ctx: click.Context, out: str) -> None:
    """Write the card of the dataset in OUT after several runs made their --shards.

    Lists the missing shards; exit code 0 if there are none, else 1.
    """
    from vary_data.dataset.reader import Dataset
    from vary_data.engine.card import check_readme, write_card

    dataset = Dataset.open(out)
    check_readme(dataset.path)
    write_card(dataset.path)
    complete = True
    for config in dataset.configs:
        missing = [number for number, shard in enumerate(config.shards) if not shard.finished]
        unstable = sum(shard.unstable for shard in config.shards)
        if missing:
            complete = False
            listed = ", ".join(map(str, missing[:20])) + (", …" if len(missing) > 20 else "")
            click.echo(
                f"{config.name}: {len(missing)} of {len(config.shards)} shards are missing: "
                f"{listed}"
            )
        elif unstable:
            complete = False
            click.echo(
                f"{config.name}: {unstable} rejections are due to the machine; run the same "
                "commands again"
            )
        else:
            click.echo(f"{config.name}: complete, {len(config.shards)} shards")
    ctx.exit(0 if complete else 1)
