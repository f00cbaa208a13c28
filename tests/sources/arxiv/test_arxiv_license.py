"""The license that a source states, and the encodings of traditional Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.arxiv.test_arxiv_document import read
from vary_data.sources.arxiv.license import stated_license
from vary_data.sources.arxiv.read.decode import decode


@pytest.mark.parametrize(
    ("line", "identifier"),
    [
        ("% https://creativecommons.org/licenses/by-nc-sa/4.0/", "CC-BY-NC-SA-4.0"),
        (r"\\license{CC BY 4.0}", "CC-BY-4.0"),
        ("This text is CC-BY-SA.", "CC-BY-SA-4.0"),
        ("Creative Commons Attribution-ShareAlike 3.0 Unported", "CC-BY-SA-3.0"),
        ("creativecommons.org/publicdomain/zero/1.0", "CC0-1.0"),
        ("% This file may be distributed under the LaTeX Project Public License 1.3", ""),
    ],
)
def test_creative_commons_licenses_are_found(line: str, identifier: str) -> None:
    assert stated_license(["A license.", line]) == identifier


def test_the_license_of_a_document_is_in_its_extraction(tmp_path: Path) -> None:
    extraction = read(tmp_path, "One.", "% License: CC BY-SA 4.0")
    assert extraction.license == "CC-BY-SA-4.0"
    assert extraction.notes == ("% License: CC BY-SA 4.0",)
    assert read(tmp_path, "One.").license == ""


TRADITIONAL = "這是一個關於插值多項式誤差估計的問題，我們在本文中證明了這個結果。"
SIMPLIFIED = "这是一个关于插值多项式误差估计的问题，我们在本文中证明了这个结果。"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (TRADITIONAL, "big5"),
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "gb18030"),
        ("\\begin{CJK*}{Bg5}{bsmi}中文", "big5"),
        ("\\begin{CJK}{GBK}{song}中文", "gbk"),
        ("Ångström naïve Größe façade é è ü ö ä ß", "cp1252"),
    ],
)
def test_chinese_encodings_are_distinguished(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == text
