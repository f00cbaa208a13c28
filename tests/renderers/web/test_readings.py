"""Readings above and beside Chinese characters: the text and its boxes are without them."""

from __future__ import annotations

import pytest

from renderers.roles import WORD
from renderers.web.document import Span, TextBlock, text
from tests.renderers.web.conftest import Draw

FONTS = {"zh": "Noto Sans CJK SC", "zh-Hant": "Noto Sans CJK TC"}


@pytest.mark.parametrize(
    ("lang", "characters"),
    [("zh", {"双": "shuāng", "江": "jiāng"}), ("zh-Hant", {"雙": "ㄕㄨㄤ", "江": "ㄐㄧㄤ"})],
)
def test_readings_are_drawn_and_are_no_text(
    lang: str, characters: dict[str, str], draw: Draw
) -> None:
    font = FONTS[lang]
    spans = [Span(character, "bold", reading) for character, reading in characters.items()]
    page = draw(
        TextBlock(text(*spans, "。")),
        lang=lang,
        size=40,
        body=font,
        head=font,
        css="#sheet{padding:20px}",
    )
    assert page.text == f"**{''.join(characters)}**。"
    found = [region for region in page.picture.regions if region.role == WORD]
    assert "".join(region.text for region in found) == f"{''.join(characters)}。"
    pixels = page.picture.pixels
    for region in found[:2]:
        x0, y0, x1, y1 = (round(v) for v in region.bbox)
        if len(region.text) == 1:
            assert x1 - x0 == pytest.approx(40, abs=2)  # the character, not its longer reading
        if lang == "zh":
            assert pixels[max(0, y0 - 14) : y0 - 2, x0:x1].min() < 128
        else:
            assert pixels[y0:y1, x1 + 2 : x1 + 12].min() < 128
