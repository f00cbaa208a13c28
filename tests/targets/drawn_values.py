"""Runs scripts that draw charts, and reads from the figure or the options what they drew.

python drawn_values.py matplotlib|pyecharts < scripts.json > values.json
"""

import contextlib
import io
import json
import logging
import math
import os
import sys
import tempfile
import warnings


def matplotlib_values(code):
    """Every number that an artist of the figure stands for."""
    import matplotlib.pyplot as plt
    from matplotlib.collections import LineCollection, PathCollection, PolyCollection
    from matplotlib.patches import Polygon, Rectangle, Wedge
    from matplotlib.quiver import Quiver

    plt.close("all")
    exec(compile(code, "<script>", "exec"), {"__name__": "__main__"})
    found = {"bars": [], "ends": [], "lines": [], "fills": [], "points": [], "cells": []}
    found |= {"shares": [], "spans": [], "counts": [], "areas": [], "texts": [], "parts": []}
    for axes in plt.gcf().axes:
        lying = {
            id(patch)
            for container in axes.containers
            if getattr(container, "orientation", "") == "horizontal"
            for patch in container
        }
        found["texts"] += [float(t.get_text()) for t in axes.texts if t.get_text().isdecimal()]
        for patch in axes.patches:
            if isinstance(patch, Wedge):
                found["shares"].append((patch.theta2 - patch.theta1) / 360)
            elif isinstance(patch, Rectangle):
                width, height = patch.get_width(), patch.get_height()
                flat = id(patch) in lying
                found["bars"].append(width if flat else height)
                start = patch.get_x() if flat else patch.get_y()
                found["ends"] += [start, start + (width if flat else height)]
                found["areas"].append(width * height)
            elif isinstance(patch, Polygon):
                found["fills"] += patch.get_xy()[:-1, 1].tolist()
        for line in axes.lines:
            for data in (line.get_xdata(), line.get_ydata()):
                with contextlib.suppress(ValueError, TypeError):
                    found["lines"] += [float(value) for value in data]
        for collection in axes.collections:
            if isinstance(collection, LineCollection):
                for a, b in (segment[[0, -1]] for segment in collection.get_segments()):
                    found["spans"] += [*a.tolist(), *b.tolist(), float(abs(b - a).max()) / 2]
            elif isinstance(collection, Quiver):
                for values in (collection.X, collection.Y, collection.U, collection.V):
                    found["points"] += values.tolist()
            elif isinstance(collection, PathCollection):
                for x, y in collection.get_offsets().data.tolist():
                    height = y / (3**0.5 / 2)
                    found["parts"] += [height, 1 - x - height / 2, x - height / 2]
                found["points"] += [*collection.get_offsets().data.ravel().tolist()]
                found["points"] += collection.get_sizes().tolist()
                if collection.get_array() is not None:
                    found["cells"] += collection.get_array().tolist()
            elif isinstance(collection, PolyCollection):
                for path in collection.get_paths():
                    by_x = {}
                    for x, y in path.vertices.tolist():
                        by_x.setdefault(round(x, 6), []).append(y)
                    found["fills"] += [max(ys) - min(ys) for ys in by_x.values()]
        for image in axes.images:
            found["cells"] += image.get_array().ravel().tolist()
            cells = found["cells"][-image.get_array().size :]
            found["counts"] += [float(cells.count(value)) for value in set(cells)]
    return found


def pyecharts_values(code):
    """Every number of the series of the chart's options."""
    names = {"__name__": "__main__"}
    exec(compile(code, "<script>", "exec"), names)
    options = json.loads(names["chart"].dump_options_with_quotes())
    found = []

    def collect(data):
        if isinstance(data, dict):
            for key in ("value", "data", "links", "nodes", "children"):
                collect(data.get(key))
        elif isinstance(data, list):
            for item in data:
                collect(item)
        elif isinstance(data, int | float) and not isinstance(data, bool):
            found.append(float(data))

    for series in options["series"]:
        collect(series)
    return {"series": found}


def main():
    os.environ["MPLBACKEND"] = "Agg"
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    read = matplotlib_values if sys.argv[1] == "matplotlib" else pyecharts_values
    results = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for code in json.load(sys.stdin):
            with contextlib.redirect_stdout(io.StringIO()):
                values = read(code)
            results.append(
                {key: [float(v) for v in data if math.isfinite(v)] for key, data in values.items()}
            )
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
