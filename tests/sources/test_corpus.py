import json
import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from renderers.charts.palette import PALETTES
from renderers.fonts import families
from vary_data.base.errors import SourceError
from vary_data.sources.builtin.topics import lists
from vary_data.sources.charts.description import (
    Description,
    Period,
    contracted,
    describe,
    may_cross,
    with_groups,
)
from vary_data.sources.corpus import (
    built_in,
    chart_languages,
    chinese_nouns,
    english_nouns,
    load_corpus,
)
from vary_data.sources.corpus_words import Words, chinese_words, drawable, english_words

ENGLISH = [
    f"The {a} {b} of the northern valley sold {c} baskets to old {a} markets."
    for a in ("green", "little", "silver", "broken", "distant", "quiet", "ancient", "wooden")
    for b in ("harbour", "garden", "bridge", "station", "temple", "orchard", "workshop", "tower")
    for c in ("woven", "painted")
]
CHINESE = [
    f"{a}的{b}在{c}举行，{b}{d}。"
    for a in ("美丽", "古老", "遥远", "安静")
    for b in ("花园", "车站", "图书馆", "工厂", "博物馆", "港口", "剧院", "市场", "学校")
    for c in ("春天", "秋天", "山城")
    for d in ("开放", "关闭", "很受欢迎")
]


@pytest.mark.parametrize("lang", chart_languages())
def test_built_in_lists_are_whole(lang):
    corpus = load_corpus(lang)
    labels = {subject.label for subject in corpus.subjects}
    for measure in corpus.measures:
        assert measure.low < measure.high
        assert measure.sort in ("amount", "rate", "share", "change")
        assert set(measure.subjects) <= labels
    for subject in corpus.subjects:
        assert len(set(subject.names)) == len(subject.names)
        assert not set("${}|\\") & set("".join(subject.names))
    assert {m.sort for m in corpus.measures} == {"amount", "rate", "share", "change"}
    assert len(PALETTES) >= 10


@pytest.mark.parametrize("lang", chart_languages())
def test_names_without_a_measure_are_those_of_its_subjects(lang):
    corpus = load_corpus(lang)
    for measure in corpus.measures:
        listed = [s for s in corpus.subjects if s.label in measure.subjects]
        assert measure.without <= {name for s in listed for name in s.names}, measure.name
        # Enough are left for most charts.
        for subject in listed:
            assert len(set(subject.names) - measure.without) >= 3, (measure.name, subject.label)


@pytest.mark.parametrize("lang", chart_languages())
def test_every_subject_has_measures_for_each_figure_of_a_chart(lang):
    """Bubbles show three of them, a line on a second axis a rate besides the one below it: were
    there fewer, a chart would show one that the subject does not have."""
    corpus = load_corpus(lang)
    for label in {subject.label for subject in corpus.subjects}:
        sorts = [m.sort for m in corpus.measures if label in m.subjects]
        assert sorts.count("amount") + sorts.count("rate") >= 3, label
        assert sorts.count("rate") >= 2, label


def test_fish_are_not_grouped_by_other_animals_or_foods():
    rng = np.random.default_rng(3)
    for lang, label, others in (
        ("en", "Fish species", {"Animal", "Tree species"}),
        ("zh", "水产品", {"食品", "饮品", "农作物", "产品", "商品类别"}),
    ):
        corpus = load_corpus(lang)
        (fish,) = [subject for subject in corpus.subjects if subject.label == label]
        groups = set()
        for measure in corpus.measures:
            if label in measure.subjects:
                known = Description(measure, fish, fish.names[:4], Period(2020, 2020))
                for _ in range(12):
                    crossed = with_groups(known, corpus, 2, rng, years=False)
                    groups |= {crossed.group_subject.label} if crossed else set()
        assert groups
        assert not groups & others
        for subject in corpus.subjects:
            assert subject.label not in others or not may_cross(fish, subject)


def test_fuel_is_used_by_what_has_an_engine():
    for lang, name in (("en", "Fuel consumption"), ("zh", "百公里油耗")):
        corpus = load_corpus(lang)
        (fuel,) = [measure for measure in corpus.measures if measure.name == name]
        rng = np.random.default_rng(5)
        only = replace(corpus, measures=(fuel,))
        shown = {name for _ in range(60) for name in describe(only, 4, rng).members}
        assert len(shown) > 8
        assert not shown & {"Bicycle", "Walking", "Trailers", "Battery electric cars"}
        assert not shown & {"步行", "自行车", "挂车", "纯电动汽车"}


@pytest.mark.parametrize("lang", chart_languages())
def test_all_languages_have_the_same_phrases_and_scenarios(lang):
    english, corpus = load_corpus("en"), load_corpus(lang)
    assert set(corpus.phrases) - {"contractions"} == set(english.phrases)
    assert set(corpus.scenarios) == set(english.scenarios)
    for shape, rows in corpus.scenarios.items():
        assert {len(row) for row in rows} == {len(row) for row in english.scenarios[shape]}, shape
    groups = {name: names.split(", ") for name, names in corpus.scenarios["group"]}
    for _, _, listed in corpus.scenarios["tree"]:
        names = [name for group in listed.split(", ") for name in groups[group]]
        assert len(set(names)) == len(names), "a name of a tree is there once"
    teams = {name for name, _ in corpus.scenarios["team"]}
    for _, listed in corpus.scenarios["org"]:
        assert set(listed.split(", ")) <= teams
    measures = {measure.name for measure in corpus.measures}
    assert len(measures) == len(corpus.measures) >= 40
    assert {*corpus.phrases["hourly"], *corpus.phrases["daily"]} <= measures
    labels = {subject.label for subject in corpus.subjects}
    for shape in ("gauge", "ratings"):
        assert {row[0] for row in corpus.scenarios[shape]} - {"*"} <= labels
    named = {"measure", "subject", "groups", "place", "year", "first", "last", "name", "other",
             "third", "where", "by_subject", "by_groups", "published", "n", "auc",
             "time"}  # fmt: skip
    times = {"y", "m", "d", "h", "mm", "dd", "hh", "ii", "month"}
    for purpose, patterns in corpus.phrases.items():
        known = times if purpose.endswith(" times") else named
        assert {f for p in patterns for f in re.findall(r"{(\w*)}", p)} <= known, purpose
    for purpose in ("title", "crossed", "years", "trend", "relation", "parts", "ratings"):
        # A title can always be composed: one pattern needs nothing that may be unknown.
        assert any("{place}" not in p and "{year}" not in p for p in corpus.phrases[purpose])


def test_nouns_come_by_frequency_and_leave_out_the_excluded():
    assert "Government" in english_nouns()[:20]
    assert not any("Execution" in noun for noun in english_nouns())
    names = {"Lawrence", "Florence", "Clarence", "Laurence", "Constance", "Inverness", "Guinness"}
    assert not names & set(english_nouns())
    listed = lists("en")
    assert not {*listed["city"], *listed["first_names"]} & set(english_nouns())
    assert not {"Insecure", "Obscure", "Premature", "Reassure"} & set(english_nouns())
    assert all(2 <= len(noun) <= 4 for noun in chinese_nouns())
    assert len(chinese_nouns()) > 1000


def test_a_text_file_of_the_user(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("\n".join(ENGLISH), encoding="utf-8")
    corpus = load_corpus("en", [str(path)])
    names = {name for subject in corpus.subjects for name in subject.names}
    assert "Old green markets" in names
    assert "Green harbour" in names
    assert corpus.source == str(path)
    assert not {"Brazil", "London"} & names
    assert corpus.digest == load_corpus("en", [str(path)]).digest
    assert corpus.digest != load_corpus("en").digest


def test_names_keep_their_letters():
    words = english_words(
        [
            "Größe und Überfluß, São Paulo, Kraków, déjà vu, Łódź. The COVID-19 cases, 5G networks,"
            " A/B testing, R&D spending, O'Brien, AT&T; St. Louis, U.S. exports, Côte d'Ivoire!"
        ],
        stop={"the"},
    )
    assert words.names == (
        "Größe und Überfluß", "São Paulo", "Kraków", "Déjà vu", "Łódź", "COVID-19 cases",
        "5G networks", "A/B testing", "R&D spending", "O'Brien", "AT&T", "St. Louis",
        "U.S. exports", "Côte d'Ivoire",
    )  # fmt: skip


def test_the_word_for_an_absent_text_is_no_name():
    words = english_words(["none, None, nonetheless. None of them, NONE"], stop={"of", "them"})
    assert words.names == ("Nonetheless", "NONE")


def test_the_first_letter_alone_is_a_capital():
    words = english_words(["\ufb01nal result and \u01c6amija street"], stop={"and"})
    assert words.names == ("Final result", "\u01c5amija street")
    assert words.titles == ("Final result and \u01c6amija street",)


def test_chinese_names_keep_latin_letters_and_rare_characters():
    words = chinese_words(
        ["5G基站，我国建设了许多5G基站和网络。𠮷野家，COVID-19疫情报告"], {"基站", "网络"}
    )
    assert words.names == ("5G基站", "网络", "𠮷野家")
    assert words.titles == ("我国建设了许多5G基站和网络", "COVID-19疫情报告")


def test_what_no_font_draws_is_counted_by_character():
    words = Words(("Kraków", "Tea 🍵", "Tea 🍵 time"), ("All about 🍵 and tea",))
    names, titles, lines = drawable(words, families("en"))
    assert (names, titles) == (["Kraków"], [])
    assert lines == ["U+1F375 🍵: 3 names and titles"]


def test_a_broken_line_costs_only_itself(tmp_path):
    path = tmp_path / "words.jsonl"
    lines = [json.dumps({"text": text}) for text in ENGLISH]
    path.write_text("\n".join([*lines[:1], "{oops", *lines[1:]]), encoding="utf-8")
    corpus = load_corpus("en", [str(path)])
    assert [(part.reason, part.detail) for part in corpus.left_out] == [
        ("malformed-line", "words.jsonl:2")
    ]
    good = tmp_path / "good.jsonl"
    good.write_text("\n".join(lines), encoding="utf-8")
    assert corpus.digest == load_corpus("en", [str(good)]).digest


def test_chinese_names_are_runs_and_nouns(tmp_path):
    path = tmp_path / "words.txt"
    extra = [
        f"第{a}{b}"
        for a in "一二三四五六七八九十"
        for b in ("中学", "医院", "工厂", "车间", "商店")
    ]
    path.write_text("\n".join([*CHINESE, *extra]), encoding="utf-8")
    corpus = load_corpus("zh", [str(path)])
    names = {name for subject in corpus.subjects for name in subject.names}
    assert "第一中学" in names
    assert "图书馆" in names


def test_jsonl_parquet_and_folders_give_the_same_names(tmp_path):
    lines = tmp_path / "a.jsonl"
    lines.write_text("\n".join(json.dumps({"text": t, "id": 1}) for t in ENGLISH), encoding="utf-8")
    table = tmp_path / "b.parquet"
    pq.write_table(pa.table({"text": ENGLISH, "n": list(range(len(ENGLISH)))}), table)
    plain = tmp_path / "folder"
    plain.mkdir()
    (plain / "x.txt").write_text("\n".join(ENGLISH), encoding="utf-8")
    digests = {load_corpus("en", [str(p)]).digest for p in (lines, table, plain)}
    assert len(digests) == 1


def test_a_folder_saved_by_datasets(tmp_path):
    import datasets

    datasets.Dataset.from_dict({"text": ENGLISH}).save_to_disk(str(tmp_path / "saved"))
    names = load_corpus("en", [str(tmp_path / "saved")]).subjects[0].names
    assert len(names) == 40


@pytest.mark.parametrize(
    ("name", "content", "lang", "message"),
    [
        ("none.txt", None, "en", "does not exist"),
        ("empty.txt", b" \n\n", "en", "holds no text"),
        ("latin1.txt", "Zürich ähnlich\n".encode("latin-1") * 9, "en", "cannot be read"),
        ("bad.jsonl", b"{oops\n", "en", "holds no text; bad.jsonl:1 is not JSON"),
        ("bad.parquet", b"PAR1 is what this is not", "en", "not a Parquet file"),
        ("few.txt", b"Only a few words are in here.", "en", "only . distinct names"),
        ("digits.txt", b"1234 5678\n", "en", "holds no English text"),
        ("zh.txt", "\n".join(CHINESE).encode(), "en", "is Chinese text"),
        ("en.txt", "\n".join(ENGLISH).encode(), "zh", "is English text"),
    ],
)
def test_what_is_of_no_use_is_named_in_one_line(tmp_path, name, content, lang, message):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=message) as error:
        load_corpus(lang, [str(path)])
    assert "\n" not in str(error.value)
    assert name in str(error.value)


def test_titles_have_the_forms_that_words_have_before_each_other():
    spanish, italian = built_in("es"), built_in("it")
    assert contracted(spanish, "Ventas y importaciones") == "Ventas e importaciones"
    assert contracted(spanish, "Importaciones y ventas") == "Importaciones y ventas"
    assert contracted(italian, "Classifica da mar a ago") == "Classifica da mar ad ago"
    assert contracted(built_in("zh"), "各国家人口") == "各国人口"
