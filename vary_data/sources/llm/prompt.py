"""The request for a few records on one topic, and the schema of the reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from renderers.charts.catalog import CATALOG
from renderers.languages.registry import language
from vary_data.base.seed import stable_hash
from vary_data.sources.charts.checks import max_name, max_title
from vary_data.sources.llm.topics import RequestTopic
from vary_data.sources.records.models import RECORD_OF_TYPE

TYPES = tuple(RECORD_OF_TYPE)
"""A request may ask for any type that a record can have."""
TOKENS_PER_RECORD = 640
"""Limit for a record in a reply; measured records have 200 to 300 tokens, a month of days 600."""

SYSTEM = {
    "en": (
        "You write the content of statistical charts as data. Words and numbers belong together: "
        "real-sounding names, a fitting unit, magnitudes and trends as one would find them in a "
        "published chart. Numbers carry at most two decimals. Never write code."
    ),
    "zh": (
        "你负责撰写统计图表的内容，只给数据，不写代码。文字与数字要相互吻合：名称真实可信，"
        "单位恰当，数量级和走势与公开发表的图表相符。数字保留三到四位有效数字。"
        "所有文字一律用简体中文。"
    ),
}

IN_LANGUAGE = (
    "Write every text in {name} ({native}), also titles, names, units and the source, as a chart "
    "from a country of that language has them; the field, subject, region and period are given in "
    "English."
)
"""What is said of a language without prompts of its own."""

USER = {
    "en": (
        "Write {count} different charts for {persona}.\n"
        "Field: {field}. Subject: {subject}. Region: {region}. Period: {period}.\n"
        "Chart types to use, one each: {types}.\n"
        "Rules: the title has at most {title} characters and no number except years; every name "
        "has at most {name} characters and no name occurs twice; every series has exactly one "
        "value per category; parts of a whole given in % add up to 100; leave `name` of the "
        "series empty when a chart has only one; `x_title` names the categories and `y_title` the "
        "values, also of charts that lie; a source is not older than the data; leave texts empty "
        "that the chart would not have."
    ),
    "zh": (
        "请为{persona}写出{count}张不同的图表。\n"
        "领域：{field}。主题：{subject}。地区：{region}。时期：{period}。\n"
        "图表类型依次为：{types}。\n"
        "要求：标题不超过{title}个字，除年份外不出现数字；每个名称不超过{name}个字，且互不重复；"
        "每个系列的数值个数与类别个数相同；以百分比表示的构成之和为100；只有一个系列时 `name` "
        "留空；`x_title` 是类别轴的名称，`y_title` 是数值轴的名称，横向图表也是如此；"
        "数据来源的年份不早于数据；图表没有的文字留空。"
    ),
}

RULES = {
    "calendar": "the days of one month, 2024-03-01 to its end",
    "histogram": "bins written 0-10, 10-20 and so on",
    "waterfall": "the last value is the sum of those before it",
    "funnel": "stages in their order, no value grows",
    "gauge": "a percentage",
    "percent_bar": "in %, each category adds up to 100",
    "pyramid": "age bands by sex",
    "radar": "criteria rated on one scale",
    "parallel": "criteria rated on one scale",
    "bar_line": "an amount, and a rate in another unit",
    "box": "each row ascends",
    "candlestick": "consecutive days",
    "scatter": "labels empty, sizes null",
    "bubble": "every point has a label and a size",
    "effect_scatter": "every point has a label, sizes null",
    "horizontal_percent_bar": "in %, each category adds up to 100",
    "waffle": "whole percentages that add up to 100",
    "slope": "two times",
    "bump": "no unit, at each time the ranks from 1",
    "survival": "in %, the first value is 100, none rises; categories are times from 0",
    "confusion_matrix": "counts; the series are named as the categories, in the same order",
    "tile_map": "postal codes of states of the USA, in Chinese 京, 沪, 粤 and so on",
    "venn": "counts of A, B, A ∩ B, or of all seven regions of three sets",
    "timeline": "events with their years, no unit",
    "range_bar": "each row ascends",
    "bullet": "reached and target",
    "forest": "ratios, each estimate within its interval",
    "gantt": "whole weeks, start before end",
    "violin": "each row ascends",
    "box_points": "each row ascends",
    "strip": "each row ascends",
    "swarm": "each row ascends",
    "interval_line": "consecutive times, each row ascends",
    "roc_curve": "rates from 0 to 1, labels empty, sizes null",
    "pr_curve": "rates from 0 to 1, labels empty, sizes null",
}
"""What a model must know of a type beyond its size."""


def answer_schema(types: Sequence[str]) -> dict[str, Any]:
    """The JSON schema of a reply with records of these types: the shapes that they need, and no
    texts that a schema can do without, as each request pays for it."""
    models = dict.fromkeys(RECORD_OF_TYPE[name] for name in types)
    references, definitions = models_json_schema([(model, "validation") for model in models])
    schemas = _without_texts(definitions["$defs"])
    for model in models:
        wanted = [name for name in dict.fromkeys(types) if RECORD_OF_TYPE[name] is model]
        schemas[model.__name__]["properties"]["chart_type"]["enum"] = wanted
    items = {"anyOf": [references[model, "validation"] for model in models]}
    return {
        "type": "object",
        "properties": {"records": {"type": "array", "items": items}},
        "required": ["records"],
        "additionalProperties": False,
        "$defs": schemas,
    }


def _without_texts(schema: Any) -> Any:
    """The schema without the titles and descriptions that pydantic writes; a property that is
    called `title` stays."""
    if isinstance(schema, list):
        return [_without_texts(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _without_texts(value)
        for key, value in schema.items()
        if not (key in ("title", "description") and isinstance(value, str))
    }


def request_body(
    number: int,
    topic: RequestTopic,
    lang: str,
    model: str,
    count: int,
    attempt: int,
    types: Sequence[str] = TYPES,
) -> dict[str, Any]:
    """The body of the chat completion request; it contains everything that affects the reply. It
    asks for different ones of these chart types."""
    order = sorted(types, key=lambda name: stable_hash("type", number, attempt, name))
    types = order[:count]
    described = ", ".join(_described(name) for name in types)
    words = lang if lang in SYSTEM else "en"
    system = SYSTEM[words]
    if words != lang:
        known = language(lang)
        system += f" {IN_LANGUAGE.format(name=known.name, native=known.native)}"
    user = USER[words].format(
        count=count,
        persona=topic.persona,
        field=topic.field,
        subject=topic.subject,
        region=topic.region,
        period=topic.period,
        types=described,
        title=max_title(lang),
        name=max_name(lang),
    )
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": user},
        ],
        # Servers that constrain decoding by a schema can generate endless white space.
        "max_tokens": 200 + count * TOKENS_PER_RECORD,
        "temperature": 1.0,
        "seed": stable_hash("llm", number, attempt, bits=32),
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "charts",
                "strict": True,
                "schema": answer_schema(types),
            },
        },
    }


def _described(name: str) -> str:
    """`bar (3-14 categories, 1 series)`, with the rules of the type."""
    entry = CATALOG[name]
    count, series = _limits(*entry.usual_categories), _limits(*entry.usual_series)
    sizes = {
        "table": f"{count} categories, {series} series",
        "summary": f"{count} categories, fields {', '.join(entry.fields) or 'before and after'}",
        "points": f"{series} series of {count} points each",
        "tree": f"{count} groups of at least two members",
        "flow": f"{count} links, no target is a source",
    }
    rule = RULES.get(name)
    return f"{name} ({sizes[entry.shape]}{f'; {rule}' if rule else ''})"


def _limits(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low}-{high}"
