"""A short caption of a chart, built from its values, in English or Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from vary_data.targets.charts.chart import Chart
from vary_data.targets.charts.compare import differ, extreme
from vary_data.targets.charts.names import field_name, point_name, type_name
from vary_data.targets.printed import numbers

MAX_LISTED = 4
"""More names than this are counted instead."""

WITHOUT_EXTREMES = ("waterfall", "gauge", "parallel", "bar_line")
"""Types whose values are not compared with each other: a sum, a single one, several axes."""


def caption(chart: Chart) -> str:
    """Two or three sentences: what the chart is, what it compares, and its extremes or trend."""
    write = _chinese if chart.lang == "zh" else _english
    return write(chart)


def _english(chart: Chart) -> str:
    name = type_name(chart.type, "en")
    article = "An" if name[0] in "aeiou" else "A"
    about = f' titled "{chart.title}"' if chart.title else ""
    sentences = [f"{article} {name}{about}."]
    match chart.shape:
        case "points":
            clouds = chart.points()
            kind = point_name(chart.type, "en")
            points = _counted(sum(len(cloud) for _, cloud in clouds), kind)
            named = _listed(_names(clouds))
            groups = f" in {len(clouds)} groups ({named})" if clouds[0][0] else ""
            sentences.append(f"It shows {points}{groups}.")
        case "tree":
            leaves = list(chart.leaves())
            sentences.append(
                f"It divides {_counted(len(chart.values), 'group')} into "
                f"{_counted(len(leaves), 'part')}."
            )
        case "flow":
            links = _counted(len(list(chart.leaves())), "link")
            sources = _counted(len(chart.values), "source")
            sentences.append(f"It shows {links} from {sources}.")
        case "summary":
            categories = _counted(len(chart.values), "category", "categories")
            fields = [field_name(name, "en") for name in _names(chart.series())]
            sentences.append(f"It shows {_listed(fields, len(fields))} of {categories}.")
        case _:
            series = chart.series()
            count = _counted(len(series[0][1]), "category", "categories")
            if series[0][0]:
                sentences.append(
                    f"It compares {len(series)} series ({_listed(_names(series))}) over {count}."
                )
            elif len(series[0][1]) > 1:
                sentences.append(f"It shows {count}.")
    return " ".join([*sentences, *_english_facts(chart)])


def _english_facts(chart: Chart) -> list[str]:
    about = "about " if chart.steps else ""
    if trend := _trend(chart):
        (first, low), (last, high), up = trend
        verb = "rises" if up else "falls"
        return [f"The value {verb} from {about}{low} ({first}) to {about}{high} ({last})."]
    largest, smallest = _extremes(chart)
    if largest and smallest:
        return [
            f"The highest value is {about}{largest[1]} ({largest[0]}), "
            f"the lowest {about}{smallest[1]} ({smallest[0]})."
        ]
    if largest:
        return [f"The highest value is {about}{largest[1]} ({largest[0]})."]
    if chart.type == "gauge":
        ((path, value),) = list(chart.leaves())[:1]
        return [f"{path[-1]} is {value}."]
    return []


def _chinese(chart: Chart) -> str:
    name = type_name(chart.type, "zh")
    title = f"，标题为“{chart.title}”" if chart.title else ""
    sentences = [f"一幅{name}{title}。"]
    match chart.shape:
        case "points":
            clouds = chart.points()
            points = sum(len(cloud) for _, cloud in clouds)
            named = _listed_zh(_names(clouds))
            groups = f"，分为{len(clouds)}组（{named}）" if clouds[0][0] else ""
            sentences.append(f"共有{points}{point_name(chart.type, 'zh')}{groups}。")
        case "tree":
            sentences.append(f"{len(chart.values)}个大类共分为{len(list(chart.leaves()))}个部分。")
        case "flow":
            sentences.append(f"{len(chart.values)}个来源共有{len(list(chart.leaves()))}条流向。")
        case "summary":
            fields = [field_name(name, "zh") for name in _names(chart.series())]
            listed = _listed_zh(fields, len(fields))
            sentences.append(f"图中给出{len(chart.values)}个类别的{listed}。")
        case _:
            series = chart.series()
            count = len(series[0][1])
            if series[0][0]:
                names = _listed_zh(_names(series))
                sentences.append(f"比较{len(series)}个系列（{names}）在{count}个类别上的数值。")
            elif count > 1:
                sentences.append(f"共有{count}个类别。")
    return "".join([*sentences, *_chinese_facts(chart)])


def _chinese_facts(chart: Chart) -> list[str]:
    about = "约" if chart.steps else ""
    if trend := _trend(chart):
        (first, low), (last, high), up = trend
        verb = "上升" if up else "下降"
        return [f"数值从{about}{low}（{first}）{verb}到{about}{high}（{last}）。"]
    largest, smallest = _extremes(chart)
    if largest and smallest:
        return [
            f"最大值{about}为{largest[1]}（{largest[0]}），"
            f"最小值{about}为{smallest[1]}（{smallest[0]}）。"
        ]
    if largest:
        return [f"最大值{about}为{largest[1]}（{largest[0]}）。"]
    if chart.type == "gauge":
        ((path, value),) = list(chart.leaves())[:1]
        return [f"{path[-1]}为{value}。"]
    return []


Fact = tuple[str, str]
"""The name and the printed text of a value."""


def _trend(chart: Chart) -> tuple[Fact, Fact, bool] | None:
    """First and last value of the only series over a sequence; None if a reader cannot tell them
    apart."""
    if not chart.ordered or chart.shape != "table" or chart.type in ("histogram", "calendar"):
        return None
    series = chart.series()
    if len(series) > 1 or len(series[0][1]) < 2:
        return None
    first, last = series[0][1][0], series[0][1][-1]
    found = numbers([first[1], last[1]], chart.printed_in)
    prefix = (series[0][0],) if series[0][0] else ()
    paths = ((*prefix, first[0]), (*prefix, last[0]))
    if found is None or not differ(chart, *paths, (found[0], found[1])):
        return None
    return first, last, found[1].value > found[0].value


def _extremes(chart: Chart) -> tuple[Fact | None, Fact | None]:
    if chart.shape not in ("table", "tree", "flow") or chart.type in WITHOUT_EXTREMES:
        return None, None
    items = list(chart.leaves())
    join = " → " if chart.shape == "flow" else ", " if chart.lang == "en" else "，"
    facts = [extreme(chart, items, largest) for largest in (True, False)]
    largest, smallest = ((join.join(f[0]), f[1]) if f else None for f in facts)
    return largest, smallest


def _names(series: Sequence[tuple[str, object]]) -> list[str]:
    return [name for name, _ in series]


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _listed(names: Sequence[str], limit: int = MAX_LISTED) -> str:
    if len(names) > limit:
        return f"{names[0]} to {names[-1]}"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _listed_zh(names: Sequence[str], limit: int = MAX_LISTED) -> str:
    if len(names) > limit:
        return f"{names[0]}至{names[-1]}"
    return "和".join(filter(None, ["、".join(names[:-1]), names[-1]]))
