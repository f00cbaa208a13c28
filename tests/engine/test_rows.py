import json

import pytest

from renderers.picture import Region
from renderers.twins import TWINS, usual_signs
from vary_data.engine.rows import to_batch
from vary_data.engine.sample import Sample, Turn

TYPED = "5 \u00b5m, \u2206x = 3 \u2126"
USUAL = "5 μm, Δx = 3 Ω"


def row_of(**changes):
    facts = {
        "id": "\u00b5-1",
        "image": b"",
        "image_format": "png",
        "width": 1,
        "height": 1,
        "text": TYPED,
        "prompt": "Read.",
        "kind": "page",
        "format": "plain",
        "lang": "en",
        "doc_id": "d",
        "source": "\u00b5.txt",
        "license": "",
        "renderer": "",
        "template": "",
        "seed": 1,
    }
    (row,) = to_batch([Sample(**{**facts, **changes})]).to_pylist()
    return row


def test_a_row_names_signs_by_what_its_picture_shows():
    """Browser pages, charts and LaTeX pages had the micro sign, PDF pages the letter."""
    meta = {"origin": "\u00b5-1", "values": [{"path": [TYPED], "mark": 1}]}
    row = row_of(regions=(Region((0, 0, 1, 1), TYPED, "paragraph"),), meta=meta)
    assert row["text"] == row["regions"][0]["text"] == USUAL
    assert row["messages"][1]["content"] == [{"type": "text", "text": USUAL}]
    assert json.loads(row["meta"])["values"][0]["path"] == [USUAL]


def test_names_of_files_and_rows_stay():
    row = row_of(meta={"origin": "\u00b5-1"})
    assert (row["id"], row["source"], json.loads(row["meta"])["origin"]) == (
        *("\u00b5-1", "\u00b5.txt", "\u00b5-1"),
    )


def test_the_origin_of_a_crops_page_stays():
    row = row_of(meta={"page": {"origin": "\u00b5-1", "note": "\u00b5"}, "box": [1, 2.5, None]})
    kept = {"page": {"origin": "\u00b5-1", "note": "μ"}, "box": [1, 2.5, None]}
    assert json.loads(row["meta"]) == kept


def test_turns_keep_the_place_of_their_picture():
    turns = (Turn("user", "\u00b5 \u00b5", image=True, image_at=2), Turn("assistant", "\u2126"))
    user, assistant = row_of(turns=turns)["messages"]
    assert [part["text"] for part in user["content"]] == ["μ ", None, "μ"]
    assert assistant["content"][0]["text"] == "Ω"


@pytest.mark.parametrize("text", ["5 mm", "5 μm · Δ", "ˉˊˇˋ"])
def test_usual_texts_stay(text):
    assert usual_signs(text) == text


def test_twins_are_single_characters_without_twins_of_their_own():
    assert all(len(a) == len(b) == 1 and b not in TWINS for a, b in TWINS.items())
