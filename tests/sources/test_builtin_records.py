from __future__ import annotations

import numpy as np
import pytest

from renderers.charts.catalog import CATALOG
from vary_data.base.seed import TaskSeed
from vary_data.quality.chart_coherence import broken_rules
from vary_data.sources.builtin.records import (
    ORDERED_LISTS,
    TIME_LISTS,
    builtin_content,
    builtin_record,
)
from vary_data.sources.builtin.topics import BuiltinTopic, lists, topics
from vary_data.sources.corpus import built_in
from vary_data.sources.records.convert import record_content
from vary_data.sources.records.models import RecordProblem, TableRecord


def records(lang: str, count: int) -> list[TableRecord]:
    seeds = (TaskSeed.of(0, "records", str(i)) for i in range(count))
    return [builtin_record(i, lang, seed.generator()) for i, seed in enumerate(seeds)]


def named(record: TableRecord) -> BuiltinTopic:
    return next(topic for topic in topics("en") if topic.title == record.topic)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_topic_gives_good_records(lang: str) -> None:
    assert len(topics(lang)) >= 150
    assert len({topic.title for topic in topics(lang)}) == len(topics(lang))
    for record in records(lang, 2 * len(topics(lang))):
        try:
            record_content(record, lang)
        except RecordProblem as problem:
            pytest.fail(f"{record.title}, {record.chart_type}: {problem}")
    made = records(lang, len(topics(lang)))
    assert len({record.topic for record in made}) == len(topics(lang))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_list_that_is_named_exists_and_has_no_name_twice(lang: str) -> None:
    known = lists(lang)
    for topic in topics(lang):
        for name in (topic.names, topic.series):
            assert not name or name in known or name in TIME_LISTS, topic
    for name, items in known.items():
        assert len(set(items)) == len(items) >= 2, name
    assert {n for t in topics(lang) for n in (t.names, t.series)} - set(TIME_LISTS) - {""} <= set(
        known
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_records_show_every_type_and_break_no_rule(lang: str) -> None:
    topic_titles = {topic.title for topic in topics(lang)}
    seen = set()
    for number in range(200):
        content = builtin_content(number, lang, TaskSeed(number).generator())
        seen.update(content.types)
        of_words = content.topic not in topic_titles
        assert broken_rules(content, built_in(lang), of_words=of_words) == [], content
    assert seen == set(CATALOG)


def test_shares_add_up_and_values_stay_in_their_range() -> None:
    for record in records("en", 178):
        topic = named(record)
        values = [value for one in record.series for value in one.values]
        if topic.shape == "share":
            assert sum(values) == pytest.approx(100)
        else:
            assert min(values) >= topic.low - 0.01
            assert max(values) <= topic.high + 0.01


def test_a_season_peaks_in_its_month() -> None:
    warmth = "Average temperature in {city}"
    number = next(i for i, record in enumerate(records("en", 178)) if record.topic == warmth)
    peaks = []
    for i in range(40):
        record = builtin_record(number, "en", TaskSeed(i).generator())
        peaks.append(record.categories[int(np.argmax(record.series[0].values))])
    assert set(peaks) <= {"Jun", "Jul", "Aug"}


def test_times_have_no_gaps() -> None:
    for record in records("en", 178):
        if named(record).names == "years":
            years = [int(name) for name in record.categories]
            assert years == list(range(years[0], years[0] + len(years)))
    assert "months" in ORDERED_LISTS
