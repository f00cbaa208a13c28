"""Charts that this project did not draw: a test for models trained on its charts.

    python -m benchmarks.foreign_charts --out FOLDER [--count 40] [--seed 0]
                                        [--libraries matplotlib seaborn plotly pyecharts]

A library draws each chart as a plain script does that takes all its defaults: size, colors,
fonts, ticks, grid and legend are the library's. Only what a reader needs is set: titles, names
that would overlap are turned, fonts that have Chinese characters. The contents are random ones of
`vary_data.sources.charts`. Where values are printed, they are printed with their unit; where not,
the truth holds them as precisely as the ticks that the library chose allow, without a unit. Charts
whose names overlap all the same are counted and left out. Writes configurations LIBRARY-en and
LIBRARY-zh of the split `test`. Needs seaborn and plotly (`pip install seaborn plotly`) for their
charts.
"""
