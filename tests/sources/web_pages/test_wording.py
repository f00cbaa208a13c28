"""The wording of composed pages: names in patterns, texts that come twice, totals of tables."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from renderers.languages.registry import language, languages
from renderers.web.document import Form, Leader, ListItem, Pair, Table, TextBlock, plain
from vary_data.sources.prose.built_in import ProseCorpus, built_in_prose
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.genres import GENRES, genres_of
from vary_data.sources.web_pages.phrases import phrases

SEEDS = range(4)

VOWEL = "[aeiouàâéèêëîïôùûœæ]"
MUTE_H = "(?:hiver|histoire|hôpital|horloge|hélène)"
WRONG = {
    "de": (
        r"\bvon (?:Universität|Sparkasse|Stadtwerke|Handelskammer|Institut|Verein)",
        r"\bStadtwerke \w+ (?:will|stellt)\b",
        r"\bBremener\b",
        r"\bals Lehrerin\b",
    ),
    "en": (
        r"\b[Aa] (?!uni|use|usu|euro|one|uti)(?=[aeiou])",
        r"\b[Aa] (?=honest|hour)",
        r"\b[Aa]n (?=uni[tvfq]|use|usu|uti)",
    ),
    "es": (
        r"\b(?:de|a) el\b",
        r"\by (?=[ií]|hi(?!e))",
        r"\b(?:Según|para) (?:Universidad|Ayuntamiento|Banco|Instituto|Cámara)",
    ),
    "fr": (
        rf"(?i)\b(?:de|le|la|que|je|ne|se|jusque) (?={VOWEL}|{MUTE_H})",
        r"(?i)\bsi ils?\b",
        r"\bde les? ",
        r"\bà les? ",
        r"\b(?:Selon|pour) (?:Université|Mairie|Société|Association|Institut|Chambre)",
    ),
    "it": (
        r"(?i)\b(?:l[ao]|una|dell[ao]|all[ao]|nell[ao]|dall[ao]|sull[ao]) (?=[aeiouàèéìòù])",
        r"\b(?:[Ii]l|del|al|dal) (?:[aeiou]|8|11 )",
        r"\b[Ee] (?=[eE])",
        r"\b(?:Secondo|per) (?:Università|Comune|Banca|Istituto|Camera|Associazione)",
    ),
    "pt": (
        r"\b(?:de|em|por) (?:o|os|as) ",
        r"\ba (?:a|as|o|os) ",
        r"\b(?:de|em|a) Porto\b",
        r"\b(?:Segundo|para) (?:Universidade|Prefeitura|Banco|Instituto|Câmara)",
    ),
}
"""Words that no text of the language has before each other."""
JOINED = {
    "de": r"Nach Angaben (?:der|des) ",
    "en": r"\ban [aeiou]",
    "es": r"Según (?:el|la) ",
    "fr": r"\bd'(?:Amiens|Orléans)",
    "it": r"\b(?:dell|l)'(?:8|11)",
    "pt": r"Segundo [oa] ",
}
"""What the pages have in their place."""


def own_words(lang: str) -> ProseCorpus:
    """The built-in words without the sentences of an installed package."""
    return dataclasses.replace(built_in_prose(lang), borrowed=())


def parts(value: Any, kind: type) -> Iterator[Any]:
    """All values of a class within a composition."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item, kind)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from parts(getattr(value, field.name), kind)


@cache
def written(lang: str) -> list[tuple[str, Any, list[str]]]:
    """Pages of every genre, written once for all tests: its name, the blocks, all sentences."""
    found: list[tuple[str, Any, list[str]]] = []
    said: list[str] = []
    write = Prose.sentence

    def recorded(writer: Prose) -> str:
        said.append(write(writer))
        return said[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Prose, "sentence", recorded)
        for genre in genres_of(lang):
            for seed in SEEDS:
                writer = Prose(own_words(lang), np.random.Generator(np.random.Philox(key=seed)))
                found.append((genre, GENRES[genre].compose()(writer).blocks, said[:]))
                said.clear()
    return found


def pages(lang: str) -> Iterator[tuple[str, Any]]:
    for genre, blocks, _ in written(lang):
        yield genre, blocks


def lines(blocks: Any) -> Iterator[str]:
    """The texts of blocks, items and cells."""
    for block in parts(blocks, TextBlock):
        yield plain(block.content)
    for item in (*parts(blocks, ListItem), *parts(blocks, Leader)):
        yield plain(item.content)
    for pair in parts(blocks, Pair):
        yield from (plain(pair.key), plain(pair.value))
    for table in parts(blocks, Table):
        yield from (plain(cell.content) for row in table.rows for cell in row)


@pytest.mark.parametrize(
    ("lang", "put_together", "right"),
    [
        ("fr", "la gare de Orléans", "la gare d'Orléans"),
        ("fr", "le Énergie, la Île, que il", "l'Énergie, l'Île, qu'il"),
        ("fr", "le hiver de Hélène", "l'hiver d'Hélène"),
        ("fr", "le handball, le onze, de Lille", "le handball, le onze, de Lille"),
        ("fr", "si il part de Le Mans", "s'il part du Mans"),
        ("fr", "donne-le à Anne", "donne-le à Anne"),
        ("it", "la Italia della Umbria di Ancona", "l'Italia dell'Umbria di Ancona"),
        ("it", "il 8 %, del 11 %, del 110 %", "l'8 %, dell'11 %, del 110 %"),
        ("it", "Marco e Elisa a Ancona", "Marco ed Elisa ad Ancona"),
        ("es", "de el Banco a el Prado", "del Banco al Prado"),
        ("es", "Ana y Inés, nieve y hielo, uno o otro", "Ana e Inés, nieve y hielo, uno u otro"),
        ("es", "de El Salvador", "de El Salvador"),
        ("pt", "de o Banco, em a Bahia, por os rios", "do Banco, na Bahia, pelos rios"),
        ("pt", "a o Banco, a a Bahia, para a Bahia", "ao Banco, à Bahia, para a Bahia"),
        ("en", "a open, a honest, a useful, a urgent", "an open, an honest, a useful, an urgent"),
        ("de", "von der Leine", "von der Leine"),
    ],
)
def test_words_have_the_form_that_the_next_one_asks_for(
    lang: str, put_together: str, right: str
) -> None:
    assert language(lang).joined(put_together) == right
    assert language(lang).joined(right) == right


@pytest.mark.parametrize("lang", [tag for tag, entry in languages().items() if entry.joins])
def test_patterns_are_right_as_they_are(lang: str) -> None:
    """What holds for names changes nothing that is written out."""
    patterns = [p for symbol in built_in_prose(lang).grammar.values() for p in symbol]
    for genre in GENRES:
        patterns += [p for entries in phrases(lang, genre).entries.values() for p in entries]
    assert len(patterns) > 400
    assert [p for p in patterns if language(lang).joined(p) != p] == []


@pytest.mark.parametrize("lang", list(WRONG))
def test_names_are_put_into_patterns_in_the_right_form(lang: str) -> None:
    found = [text for _, blocks in pages(lang) for text in lines(blocks)]
    wrong = [text for text in found for pattern in WRONG[lang] if re.search(pattern, text)]
    assert not wrong
    assert any(re.search(JOINED[lang], text) for text in found)


@pytest.mark.parametrize("lang", list(languages()))
def test_no_page_has_a_sentence_twice(lang: str) -> None:
    total = 0
    for genre, _, said in written(lang):
        assert len(set(said)) == len(said), (genre, Counter(said).most_common(3))
        total += len(said)
    assert total > 1000


@pytest.mark.parametrize("lang", list(languages()))
def test_no_list_has_an_item_twice(lang: str) -> None:
    """Lists, questions, tables of contents, dishes and goods; not the menus of documentation."""
    for genre, blocks in pages(lang):
        items = [plain(item.content) for item in parts(blocks, ListItem)]
        for entry in parts(blocks, Leader):
            items.append(re.sub(r"^\S*\d\S*\s|^\D*\d+\S*\s", "", plain(entry.content)))
        items += [plain(p.key) for p in parts(blocks, Pair) if p.look == "dish"]
        if genre == "catalogue":
            items += [plain(b.content) for b in parts(blocks, TextBlock) if b.level == 2]
        twice = [item for item, count in Counter(filter(None, items)).items() if count > 1]
        assert not [item for item in twice if "______" not in item], genre


@pytest.mark.parametrize("lang", ["zh", "zh-Hant", "ja"])
def test_no_passage_of_a_classical_book_comes_twice(lang: str) -> None:
    for seed in range(8):
        writer = Prose(own_words(lang), np.random.Generator(np.random.Philox(key=seed)))
        blocks = GENRES["classical"].compose()(writer).blocks
        passages = [plain(b.content) for b in parts(blocks, TextBlock) if b.role == "paragraph"]
        sentences = [s for text in passages for s in text.split("。") if len(s) > 9]
        assert len(sentences) > 5
        assert len(set(sentences)) == len(sentences)


def test_a_corpus_comes_again_only_when_the_page_has_all_of_it() -> None:
    corpus = dataclasses.replace(own_words("fr"), sentences=("Un.", "Deux.", "Un.", "Trois."))
    writer = Prose(corpus, np.random.Generator(np.random.Philox(key=1)))
    shown = [writer.sentence() for _ in range(9)]
    assert [set(shown[i : i + 3]) for i in (0, 3, 6)] == [{"Un.", "Deux.", "Trois."}] * 3


@pytest.mark.parametrize("lang", list(languages()))
def test_a_road_leads_to_another_place(lang: str) -> None:
    corpus = own_words(lang)
    corpus = dataclasses.replace(corpus, grammar={**corpus.grammar, "road": ("{place}|{place2}",)})
    writer = Prose(corpus, np.random.Generator(np.random.Philox(key=2)))
    for _ in range(200):
        first, second = writer.say("road").split("|")
        assert first != second


def totals(lang: str) -> Iterator[tuple[list[list[str]], list[str]]]:
    """The columns of numbers above the totals of tables without merged cells, and the totals."""
    name = phrases(lang, "spreadsheet")["total"]
    for _, blocks in pages(lang):
        for table in parts(blocks, Table):
            last = table.rows[-1]
            if not last or plain(last[0].content) != name or not last[0].header:
                continue
            shown = [plain(cell.content) for cell in last[1:]]
            rows = [row for row in table.rows[:-1] if row and not row[-1].header]
            columns = [
                [plain(row[i - len(shown)].content) for row in rows] for i in range(len(shown))
            ]
            yield columns, shown


@pytest.mark.parametrize("lang", list(languages()))
def test_shares_have_no_total(lang: str) -> None:
    """Shares of other wholes do not add up, nor do words and dates."""
    percent = language(lang).percent.strip()
    found = list(totals(lang))
    assert found
    for columns, shown in found:
        assert any(shown)
        for column, total in zip(columns, shown, strict=True):
            if any(percent in text for text in column):
                assert total == ""


def test_totals_are_the_sums_of_their_columns() -> None:
    checked = 0
    for columns, shown in totals("en"):
        for column, total in zip(columns, shown, strict=True):
            if total:
                values = [float(t.replace(",", "")) for t in column if t not in ("", "–", "n/a")]
                assert float(total.replace(",", "")) == pytest.approx(sum(values), abs=0.006)
                checked += 1
    assert checked > 5


@pytest.mark.parametrize("lang", list(languages()))
def test_no_word_of_a_dictionary_points_to_itself(lang: str) -> None:
    front, back = map(re.escape, phrases(lang, "dictionary")["see"].split("{}"))
    references = 0
    for seed in range(12):
        writer = Prose(own_words(lang), np.random.Generator(np.random.Philox(key=seed)))
        blocks = GENRES["dictionary"].compose()(writer).blocks
        for entry in parts(blocks, TextBlock):
            shown = plain(entry.content)
            word = re.escape(plain(entry.content[:1]))
            assert not re.search(rf"{front}{word}{back}(?!\w)", shown)
            references += re.search(rf"{front}.+{back}", shown) is not None
    assert lang in ("en", "zh") or references > 50


def test_sections_of_forms_and_parts_of_examinations_are_without_gaps() -> None:
    """No section without fields, no part C after part A."""
    for seed in range(40):
        writer = Prose(own_words("en"), np.random.Generator(np.random.Philox(key=seed)))
        sections = [b for b in GENRES["form"].compose()(writer).blocks if isinstance(b, Form)]
        assert all(section.blocks for section in sections)
        blocks = GENRES["exam"].compose()(writer).blocks
        named = [plain(b.content) for b in parts(blocks, TextBlock) if b.role == "section_header"]
        assert [name.split()[1] for name in named] == list("ABCDE"[: len(named)])


def test_english_places_are_towns_and_organizations_have_names() -> None:
    """An address has no country or state for a town, and no branch of industry sends a letter."""
    words = own_words("en").words
    assert not {"Kenya", "Alaska", "Europe", "Lake Country"} & set(words["place"])
    assert not {"Agriculture", "Accounting", "Real estate activities"} & set(words["org"])
    assert {"Oslo", "Boston"} <= set(words["place"])
    assert len(words["org"]) > 50
