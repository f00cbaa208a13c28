"""Charts with one annotation of each kind, and with the same one at another place."""

from renderers.charts.annotations.levels import Band, Threshold
from renderers.charts.annotations.pointers import Callout, Highlight, Significance
from renderers.charts.annotations.sums import Totals, Trend
from renderers.charts.annotations.texts import Footnote, Subtitle, TextBlock
from renderers.charts.annotations.times import Event, Period
from renderers.charts.spec import ChartSpec, NumberFormat, Point, Points, PointSeries, Series, Table

YEARS = ("2015", "2016", "2017", "2018", "2019", "2020")
NUMBER = NumberFormat(0, suffix=" t")


def chart(type_, *annotations, series=1, **changes):
    columns = ((30.0, 42.0, 38.0, 55.0, 61.0, 48.0), (12.0, 20.0, 26.0, 22.0, 33.0, 40.0))[:series]
    names = ("Rice", "Oats") if series > 1 else ("",)
    data = Table(YEARS, tuple(Series(n, c, NUMBER) for n, c in zip(names, columns, strict=True)))
    given = {"title": "Harvest", "labels": False, "annotations": annotations, **changes}
    return ChartSpec(type_, "en", data, **given)


def cloud(*annotations):
    points = tuple(Point(float(x), 2.0 * x + 5 + (-1) ** x * 3) for x in range(2, 12))
    data = Points((PointSeries("", points),), NumberFormat(0), NumberFormat(0))
    return ChartSpec("scatter", "en", data, "Cloud", labels=False, annotations=annotations)


EXAMPLES = {
    "thresholds": chart("bar", Threshold("Target", 45.0)),
    "bands": chart("line", Band("Usual", 35.0, 50.0)),
    "events": chart("line", Event("Reform", "2017")),
    "periods": chart("line", Period("Crisis", "2017", "2019")),
    "callouts": chart("bar", Callout("Peak", ("2019",))),
    "highlighted": chart("bar", Highlight("2018")),
    "totals": chart("stacked_bar", Totals(), series=2),
    "significance": chart("bar", Significance("2016", "2018", "p < 0.05")),
    "trend": cloud(Trend(2.0, 5.0, (1, 1), "0.87")),
    "subtitle": chart("bar", Subtitle("Preliminary")),
    "text": chart("bar", TextBlock("2019 is in front, and little is expected to change soon.")),
    "footnote": chart("bar", Footnote("* Estimated.")),
}

OTHERS = {
    "thresholds": chart("bar", Threshold("Target", 52.0, printed=False)),
    "bands": chart("line", Band("Usual", 35.0, 57.0)),
    "events": chart("line", Event("Reform", "2018")),
    "periods": chart("line", Period("Crisis", "2017", "2018")),
    "callouts": chart("bar", Callout("Peak", ("2015",))),
    "highlighted": chart("bar", Highlight("2016")),
    "significance": chart("bar", Significance("2016", "2019", "p < 0.05")),
    "trend": cloud(Trend(2.0, 9.0, (1, 1))),
}
