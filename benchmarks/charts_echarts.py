"""Charts per second from the kept page against a browser started for each chart, and memory.

    python benchmarks/charts_echarts.py [--charts 400] [--plain-charts 5] [--memory 3000]

The plain side is what the snapshot tools of pyecharts do for each chart: `render` an HTML file,
start a browser, load the file with ECharts next to it, wait two seconds, take the canvas as PNG,
quit. It checks nothing. Ours samples a style, draws, reads every text and mark back, audits,
repairs and encodes. Both sides draw the same specifications, English and Chinese ones apart.
Processor seconds are those of the whole process tree, browser included; other load changes them
less than wall time.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from playwright.sync_api import sync_playwright
from pyecharts import options as opts
from pyecharts.charts import Bar, Line, Pie

from renderers.charts import repair
from renderers.charts.echarts import EchartsBackend, find_browser, find_echarts_js
from renderers.charts.echarts import backend as stages
from renderers.charts.spec import ChartSpec, Table
from renderers.picture import encode
from renderers.rejected import Rejected
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus

PLAIN_TYPES = ("bar", "line", "pie")
LANGUAGES = ("en", "zh")
SNAPSHOT_DELAY = 2.0
"""Seconds: the default of pyecharts' snapshot tools."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charts", type=int, default=400)
    parser.add_argument("--plain-charts", type=int, default=5)
    parser.add_argument("--memory", type=int, default=0, help="draw that many and watch memory")
    arguments = parser.parse_args()
    if arguments.memory:
        watch_memory(arguments.memory)
        return
    for lang in LANGUAGES:
        plain, without_wait, plain_cpu = plain_seconds(arguments.plain_charts, (lang,))
        print(
            f"{lang}, browser per chart: {plain:.2f} s a chart ({without_wait:.2f} s without its "
            f"wait, {plain_cpu:.2f} processor seconds)"
        )
        for name, types in (("same types", PLAIN_TYPES), ("all types", None)):
            wall, cpu, shares = kept_seconds(arguments.charts, types, (lang,))
            print(
                f"{lang}, kept page, {name}: {1 / wall:.1f} charts/s ({1 / cpu:.1f} per processor "
                f"second), {plain / wall:.0f}x the plain side, {without_wait / wall:.0f}x without "
                f"its wait, {plain_cpu / cpu:.0f}x in processor time"
            )
            parts = (f"{key} {value * 1000:.1f} ms" for key, value in shares.items())
            print("    " + ", ".join(parts))


def specs(
    count: int, types: tuple[str, ...] | None, langs: tuple[str, ...] = LANGUAGES
) -> Iterator[tuple[ChartSpec, Any]]:
    """Contents in these languages, types in turns, the same in every run."""
    names = types or tuple(sorted(EchartsBackend.types))
    corpora = {lang: load_corpus(lang) for lang in langs}
    for index in range(count):
        rng = np.random.default_rng(index)
        lang = langs[index // len(names) % len(langs)]
        # The plain side draws linear axes only.
        forms = frozenset[str]() if types else EchartsBackend.forms
        yield random_spec(names[index % len(names)], lang, corpora[lang], rng, forms), rng


def plain_seconds(count: int, langs: tuple[str, ...]) -> tuple[float, float, float]:
    """Seconds per chart of the plain side, with and without its wait, and processor seconds."""
    folder = Path(tempfile.mkdtemp(prefix="snapshot-"))
    shutil.copy(find_echarts_js(), folder / "echarts.min.js")
    start, own, browsers = time.perf_counter(), time.process_time(), 0.0
    for spec, _ in specs(count, PLAIN_TYPES, langs):
        chart = plain_chart(spec)
        chart.js_host = f"{folder.as_uri()}/"
        page_file = folder / "chart.html"
        chart.render(str(page_file))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser())
            page = browser.new_page()
            page.goto(page_file.as_uri())
            time.sleep(SNAPSHOT_DELAY)
            url = page.evaluate("document.querySelector('canvas').toDataURL('image/png')")
            (folder / "chart.png").write_bytes(base64.b64decode(url.partition(",")[2]))
            # The browser and its driver are new for each chart.
            browsers += _cpu_seconds() - sum(psutil.Process().cpu_times()[:2])
            browser.close()
    seconds = (time.perf_counter() - start) / count
    processor = (time.process_time() - own + browsers) / count
    shutil.rmtree(folder)
    return seconds, seconds - SNAPSHOT_DELAY, processor


def plain_chart(spec: ChartSpec) -> Any:
    """The chart as a user of pyecharts writes it."""
    assert isinstance(spec.data, Table)
    values = list(spec.data.series[0].values)
    names = list(spec.data.categories)
    chart: Any
    if spec.type == "pie":
        chart = Pie().add("", [list(pair) for pair in zip(names, values, strict=True)])
    else:
        chart = (Bar() if spec.type == "bar" else Line()).add_xaxis(names).add_yaxis("", values)
    return chart.set_global_opts(title_opts=opts.TitleOpts(title=spec.title or ""))


def kept_seconds(
    count: int, types: tuple[str, ...] | None, langs: tuple[str, ...]
) -> tuple[float, float, dict[str, float]]:
    """Wall and processor seconds per chart, and the wall seconds of each stage."""
    spent: dict[str, float] = defaultdict(float)
    backend = EchartsBackend()
    _time_stages(backend, spent)
    todo = list(specs(count, types, langs))
    for spec, rng in specs(20, types, langs):
        _draw(backend, spec, rng, spent)
    spent.clear()
    cpu, start, drawn = _cpu_seconds(), time.perf_counter(), 0
    for spec, rng in todo:
        drawn += _draw(backend, spec, rng, spent)
    wall = time.perf_counter() - start
    cpu = _cpu_seconds() - cpu
    backend.close()
    print(f"    {drawn} of {count} drawn, {spent.pop('draws') / count:.2f} draws each")
    known = {key: value / count for key, value in sorted(spent.items())}
    known["options and layout"] = wall / count - sum(known.values())
    return wall / drawn, cpu / drawn, known


def _draw(backend: EchartsBackend, spec: ChartSpec, rng: Any, spent: dict[str, float]) -> int:
    try:
        chart = backend.render(spec, rng)
    except Rejected:
        return 0
    begin = time.perf_counter()
    encode(chart.drawing.pixels)
    spent["PNG"] += time.perf_counter() - begin
    return 1


def _time_stages(backend: EchartsBackend, spent: dict[str, float]) -> None:
    """Let the page's call, the read-back and the audit say how long they take."""

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any) -> Any:
            begin = time.perf_counter()
            try:
                return work(*args)
            finally:
                spent[name] += time.perf_counter() - begin
                spent["draws"] += name == "draw"

        return run

    for where, name in ((backend._page, "draw"), (stages, "read_back"), (repair, "audit")):
        setattr(where, name, timed(name, getattr(where, name)))


def watch_memory(count: int) -> None:
    backend = EchartsBackend(recycle_after=500)
    for index, (spec, rng) in enumerate(specs(count, None)):
        if index % max(1, count // 10) == 0:
            own, browser = _memory()
            print(f"{index:6d} charts: worker {own:.0f} MiB, browser and driver {browser:.0f} MiB")
        _draw(backend, spec, rng, defaultdict(float))
    own, browser = _memory()
    print(f"{count:6d} charts: worker {own:.0f} MiB, browser and driver {browser:.0f} MiB")
    backend.close()


def _memory() -> tuple[float, float]:
    """Proportional set sizes in MiB: shared pages are counted once."""
    me = psutil.Process()
    own = me.memory_full_info().pss
    rest = sum(child.memory_full_info().pss for child in me.children(recursive=True))
    return own / 2**20, rest / 2**20


def _cpu_seconds() -> float:
    me = psutil.Process()
    times = [process.cpu_times() for process in (me, *me.children(recursive=True))]
    return float(sum(t.user + t.system for t in times))


if __name__ == "__main__":
    main()
