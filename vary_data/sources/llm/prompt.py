"""The request for a few records on one topic, and the schema of the reply."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from renderers.charts.catalog import CATALOG
from vary_data.base.seed import stable_hash
from vary_data.sources.llm.topics import RequestTopic
from vary_data.sources.records import MAX_NAME, MAX_TITLE, TYPES, ChartRecord

TOKENS_PER_RECORD = 420
"""Limit for a record in a reply; measured records have 200 to 300 tokens."""

SYSTEM = {
    "en": (
        "You write the content of statistical charts as data. Words and numbers belong together: "
        "real-sounding names, a fitting unit, magnitudes and trends as one would find them in a "
        "published chart. Numbers carry at most two decimals. Never write code."
    ),
    "zh": (
        "你负责撰写统计图表的内容，只给数据，不写代码。文字与数字要相互吻合：名称真实可信，"
        "单位恰当，数量级和走势与公开发表的图表相符。数字最多保留两位小数。"
        "所有文字一律用简体中文。"
    ),
}

USER = {
    "en": (
        "Write {count} different charts for {persona}.\n"
        "Field: {field}. Subject: {subject}. Region: {region}. Period: {period}.\n"
        "Chart types to use, one each: {types}.\n"
        "Rules: the title has at most {title} characters and no number except years; every name "
        "has at most {name} characters and no name occurs twice; every series has exactly one "
        "value per category; parts of a whole given in % add up to 100; leave `name` of the "
        "series empty when a chart has only one; leave texts empty that the chart would not have."
    ),
    "zh": (
        "请为{persona}写出{count}张不同的图表。\n"
        "领域：{field}。主题：{subject}。地区：{region}。时期：{period}。\n"
        "图表类型依次为：{types}。\n"
        "要求：标题不超过{title}个字，除年份外不出现数字；每个名称不超过{name}个字，且互不重复；"
        "每个系列的数值个数与类别个数相同；以百分比表示的构成之和为100；只有一个系列时 `name` "
        "留空；图表没有的文字留空。"
    ),
}


class Answer(BaseModel):
    """What the model is asked to return."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    records: list[ChartRecord]


def request_body(
    number: int, topic: RequestTopic, lang: str, model: str, count: int, attempt: int
) -> dict[str, Any]:
    """The body of the chat completion request; it contains everything that affects the reply."""
    types = [TYPES[stable_hash("type", number, i, attempt) % len(TYPES)] for i in range(count)]
    described = ", ".join(_described(name) for name in types)
    user = USER[lang].format(
        count=count,
        persona=topic.persona,
        field=topic.field,
        subject=topic.subject,
        region=topic.region,
        period=topic.period,
        types=described,
        title=MAX_TITLE[lang],
        name=MAX_NAME[lang],
    )
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": SYSTEM[lang]},
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
                "schema": Answer.model_json_schema(),
            },
        },
    }


def _described(name: str) -> str:
    entry = CATALOG[name]
    (low, high), (fewest, most) = entry.categories, entry.series
    series = f"{fewest}" if fewest == most else f"{fewest}-{most}"
    return f"{name} ({low}-{high} categories, {series} series)"
