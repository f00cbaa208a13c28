"""Texts of benchmarks/styled_pages.py: what is kept and what is changed."""

from __future__ import annotations

import html
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont

from benchmarks.corpora import words_of
from benchmarks.font_sets import SIGNS, drawn_as_others, families_of, latin
from benchmarks.styled_pages.content import with_chinese
from benchmarks.styled_pages.story import Extras, inline
from benchmarks.styled_pages.text import HAN, cut_stretches, mixed, typographic

RNG = np.random.default_rng


def test_splits_share_no_stretch() -> None:
    paragraphs = [("p", f"{i:04d}" * 10) for i in range(1000)]
    train = [p for s in cut_stretches(paragraphs, 400, "train") for p in s]
    held_out = [p for s in cut_stretches(paragraphs, 400, "validation") for p in s]
    assert held_out
    assert not set(train) & set(held_out)
    assert len(train) + len(held_out) == len(paragraphs)


def test_latin_words_are_put_between_chinese_characters() -> None:
    text = [("p", "一二三四五六七八九十" * 20)]
    assert mixed(text, ["word"], 0.0, np.random.default_rng(0)) == text
    ((_, changed),) = mixed(text, ["word"], 0.2, np.random.default_rng(0))
    assert "word" in changed
    assert "word，word" in changed
    assert "word、word" in changed
    assert HAN.findall(changed) == list(text[0][1])


def test_chinese_pages_have_latin_fonts_too() -> None:
    for langs in (("zh",), ("en", "zh")):
        kinds = {(lang, kind) for lang, kind, _ in families_of(langs)}
        assert kinds == {
            ("en", "serif"), ("en", "sans"), ("en", "mono"), ("en", "caps"),
            ("zh", "serif"), ("zh", "sans"), ("zh", "kai"),
        }  # fmt: skip
    assert {lang for lang, _, _ in families_of(("en",))} == {"en"}


def test_signs_that_a_font_draws_as_others_are_left_out(tmp_path: Path) -> None:
    """Latin Modern Mono draws quotation marks and dashes as those of a typewriter."""
    builder = FontBuilder(1000, isTTF=False)
    drawn = {".notdef": 9, "quote": 1, "hyphen": 2, "dash": 2, "curly": 1, "dot": 3, "A": 4}
    glyphs = {}
    for name, height in drawn.items():
        pen = T2CharStringPen(500, None)
        pen.moveTo((0, 0))
        pen.lineTo((100, 100 * height))
        pen.lineTo((100, 0))
        pen.closePath()
        glyphs[name] = pen.getCharString()
    builder.setupGlyphOrder([*drawn])
    names = {'"': "quote", "-": "hyphen", "–": "dash", "—": "dash", "“": "curly", "”": "curly"}
    names |= {"·": "dot", "⋅": "dot", "•": "dot", "A": "A", "Α": "A"}
    builder.setupCharacterMap({ord(c): name for c, name in names.items()})
    builder.setupCFF("Test", {}, glyphs, {})
    builder.setupHorizontalMetrics(dict.fromkeys(drawn, (500, 0)))
    builder.setupHorizontalHeader()
    builder.setupOS2()
    builder.setupPost()
    builder.save(tmp_path / "test.otf")
    font = TTFont(tmp_path / "test.otf")
    assert drawn_as_others(font, latin()) == {*"“”–—•"} <= {*SIGNS}


def test_set_text_has_curly_quotation_marks() -> None:
    text = [("p", """He said "don't" and 'no'; the dogs' 5" disk, x['a']."""), ("h", '"A" and "B"')]
    assert typographic(text, np.random.default_rng(0)) == [
        ("p", "He said “don’t” and ‘no’; the dogs' 5\" disk, x[‘a’]."),
        ("h", "“A” and “B”"),
    ]


def test_set_text_has_dashes_of_one_kind() -> None:
    text = [("p", "Pages 12-34 of 2020-01-02, well-known -- as --here - or there--and -5.")]
    found = {typographic(text, np.random.default_rng(seed))[0][1] for seed in range(20)}
    assert found == {
        f"Pages 12–34 of 2020-01-02, well-known{dash}as --here{dash}or there{dash}and -5."
        for dash in ("—", " – ", " — ")
    }


def test_chinese_text_keeps_its_characters_between_names_and_emphasis() -> None:
    text = "如果 a<b & c，则使用该命令。" * 30
    rng = np.random.default_rng(0)
    style = SimpleNamespace(latin=True, emphasis=0.1)
    extras = SimpleNamespace(lang="zh", rng=rng, technical=True, name=lambda: "\\x<y>")
    markup = inline(text, style, extras)  # type: ignore[arg-type]
    assert {"<b>", "<i>", "<code>\\x&lt;y&gt;</code>", "<span class=l>a&lt;b"} <= {
        *re.findall(r"<b>|<i>|<code>.*?</code>|<span class=l>a&lt;b", markup)
    }
    words = re.sub(r" ?<code>.*?</code> ?", "", markup)
    assert html.unescape(re.sub(r"<[^>]*>", "", words)) == text


def test_a_chinese_document_has_chinese_comments_and_values_in_programs() -> None:
    rng = np.random.default_rng(0)
    lines = [with_chinese("print('some text')  # as it is", lambda: "文字", rng) for _ in range(40)]
    assert {*lines} == {"print('some text')  # as it is", "print('文字')  # as it is"}
    assert with_chinese("x = 1", lambda: "文字", rng) == "x = 1"


def test_code_of_a_flowing_page_is_as_wide_as_its_column() -> None:
    """A Chinese character takes two places."""
    style = SimpleNamespace(column=116.0, size=10.0)
    code = ["x" * 30 + "\n一二三四五六七八九十百千"]
    extras = Extras(["字"], code, style, "zh", RNG(1))  # type: ignore[arg-type]
    assert extras.technical
    row, chinese = extras.code().removeprefix("<pre>").removesuffix("</pre>").split("\n")
    assert (len(row), len(chinese)) == (20, 10)


def test_names_of_authors_have_no_broken_entities() -> None:
    style = SimpleNamespace(size=10.0)
    extras = Extras(["a&b", "<c>"], ["x"], style, "en", RNG(0))  # type: ignore[arg-type]
    markup = extras.bibliography()
    assert "&amp;B" in markup
    assert "&Amp;" not in markup


def test_messages_have_no_tags_keys_and_entities() -> None:
    link = f"<a href='{'x' * 80}'>"
    message = f"ctx\x04&amp;File (&F) under &quot;A &gt; B&quot;, 1 &amp; 4 &#39;s {link}here</a>"
    words = words_of(message)
    assert " ".join(words.split()) == '&File (F) under "A > B", 1 & 4 \'s here'
