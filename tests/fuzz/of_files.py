"""Readers of files that a command is given: profiles, mixtures, corpora, datasets, settings."""

from __future__ import annotations

import atexit
import contextlib
import json
import re
import shutil
import tempfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np

from renderers.degrade.profile import ProfileError, parse
from renderers.jpeg_metadata import without_metadata
from renderers.web.document import ItemList, ListItem, Span, Table, TableCell, TextBlock, WebPage
from renderers.web.html import write
from renderers.web.texts import texts_of
from tests.faults.faulty import make_here
from tests.fuzz.mutate import choices
from trainer.errors import SettingsError
from trainer.settings.recipe import read_recipe, settings_from
from vary_data.base.errors import VaryError
from vary_data.base.plain_yaml import plain_yaml
from vary_data.dataset.mixture import resolve
from vary_data.dataset.mixture_file import read_mixture
from vary_data.dataset.reader import Dataset
from vary_data.engine.recipe import parse_yaml
from vary_data.generators.retarget import read_wordings
from vary_data.sources.prose.prose import split_sentences
from vary_data.sources.texts import read_texts
from vary_data.sources.web_pages.phonetic import with_phonetic

MAX_TAKEN = 100_000
"""Samples of a mixture that are counted one by one."""


def degrade_profile(data: bytes) -> None:
    """A profile that is accepted can be drawn from, stored, and read again."""
    with contextlib.suppress(ProfileError):
        profile = parse(data.decode(errors="replace"), "mine", plain_yaml)
        rng = np.random.default_rng(0)
        for step in profile.chosen(rng).steps:
            step.draw(0.5, rng)
        json.loads(profile.to_json())


def mixture(data: bytes) -> None:
    """A description of a mixture, with counts or with weights."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mixture.yaml"
        path.write_bytes(data)
        with contextlib.suppress(VaryError):
            read_mixture(path)
        with contextlib.suppress(VaryError, UnicodeDecodeError):
            made = resolve(parse_yaml(data.decode(), path.name), datasets())
            path.write_text(made.to_yaml())
            assert read_mixture(path) == made
            for part in made.parts:
                if part.count <= MAX_TAKEN:
                    assert made.times(part).sum() == part.count


@cache
def datasets() -> Path:
    """A folder with a dataset `out`, whose configurations `a-en` and `b-en` have 9 and 4 rows."""
    folder = tempfile.mkdtemp(prefix="fuzz-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, rows in (("a-en", 9), ("b-en", 4)):
        make_here(Path(folder) / "out", name=name, options={"num_samples": rows})
    return Path(folder)


def corpus(data: bytes) -> None:
    """The first line is the name of the file."""
    name, _, content = data.partition(b"\n")
    suffix = ".jsonl" if b"jsonl" in name else ".txt"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"corpus{suffix}"
        path.write_bytes(content)
        with contextlib.suppress(VaryError):
            texts, _ = read_texts(path)
            for text in texts:
                for lang in ("en", "zh"):
                    assert all("\n" not in one for one in split_sentences(text, lang))
        with contextlib.suppress(VaryError):
            read_wordings(str(path))


def stored_dataset(data: bytes) -> None:
    """A dataset of others: its plan and its recipe."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("plan.json", "recipe.json"):
            path = Path(folder) / "pages" / ".vary" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        with contextlib.suppress(VaryError):
            (config,) = Dataset.open(folder).configs
            for shard in config.shards:
                assert Path(str(shard.path)).resolve().is_relative_to(Path(folder).resolve())
            assert all(kind.name for kind in config.row_kinds.described)
            config.recipe.get("generator")


def settings(data: bytes) -> None:
    """Settings of `vary-train`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recipe.yaml"
        path.write_bytes(data)
        with contextlib.suppress(SettingsError):
            settings_from(read_recipe(path))


def jpeg(data: bytes) -> None:
    """The result is a JPEG file again, which stays as it is."""
    if (made := without_metadata(data)) is not None:
        assert made[:2] == data[:2]
        assert without_metadata(made) == made


def browser_page(data: bytes) -> None:
    """Texts of a corpus on a page: none becomes an element or an attribute."""
    text = re.sub(r"[\0\r]", " ", data.decode(errors="replace"))
    words = [word for word in text.split("\n") if word.strip()][:50] or ["a"]
    styles = ("", "bold", "code", "link")
    spans = tuple(Span(word, styles[i % len(styles)]) for i, word in enumerate(words))
    blocks = (
        TextBlock(spans, look=words[0]),
        ItemList((ListItem(words[-1], spans),)),
        Table(((TableCell(spans, look=words[0]),),), caption=spans),
    )
    lang = choices(data).choice(("en", "de", "hi"))
    reader = _read(write(WebPage("letter", lang, blocks)).html)
    assert reader.tags <= TAGS, reader.tags - TAGS
    assert reader.text.count("".join(words)) >= len(blocks)
    reader = _read(write(WebPage("letter", lang, blocks), hyphenated=True).html)
    assert reader.tags <= TAGS, reader.tags - TAGS
    spoken = with_phonetic(WebPage("textbook", "zh", blocks))
    assert len(texts_of(spoken)) >= len(texts_of(WebPage("textbook", "zh", blocks)))
    assert _read(write(spoken).html).tags <= {*TAGS, "ruby", "rt"}


TAGS = frozenset(("p", "b", "code", "a", "div", "span", "table", "tbody", "tr", "td"))


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name not in ("class", "data-n", "data-f")], attrs

    def handle_data(self, data: str) -> None:
        self.text += data
