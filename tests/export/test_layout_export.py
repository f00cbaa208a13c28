"""Exports of the layout, as detectors and table readers take them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from PIL import Image

from tests.export.layout_rows import PAGE
from tests.tools.written_rows import write_rows
from vary_data.base.errors import SourceError
from vary_data.cli import group

SPLITS = {"train": 0.7, "validation": 0.3}
ROWS = [{**PAGE, "doc": number} for number in range(12)]
NAMES = ["Caption", "Footnote", "Formula", "List-item", "Page-footer", "Page-header", "Picture",
         "Section-header", "Table", "Text", "Title"]  # fmt: skip


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layout") / "out"
    write_rows(folder, "pages-en", ROWS, splits=SPLITS)
    return folder


def export(out: Path, form: str, to: Path) -> dict[str, int]:
    words = ["export", str(out), "--format", form, "--to", str(to), "--json"]
    done = CliRunner().invoke(group, words)
    assert done.exit_code == 0, done.output
    rows: dict[str, int] = json.loads(done.stdout)["rows"]
    assert set(rows) == set(SPLITS)
    return rows


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # in pycocotools
def test_pycocotools_reads_coco(out: Path, tmp_path: Path) -> None:
    coco = pytest.importorskip("pycocotools.coco")
    rows = export(out, "coco", tmp_path / "to")
    for split, count in rows.items():
        read = coco.COCO(str(tmp_path / "to" / f"{split}.json"))
        assert len(read.imgs) == count
        for number, image in read.imgs.items():
            with Image.open(tmp_path / "to" / image["file_name"]) as picture:
                assert picture.size == (image["width"], image["height"])
            found = read.loadAnns(read.getAnnIds(imgIds=[number]))
            names = [read.cats[one["category_id"]]["name"] for one in found]
            assert names == ["Title", "Text", "Table", "Caption"], "a number of lines has none"
            assert [one["order"] for one in found] == [0, 2, 3, 8]
            title, turned = found[:2]
            assert title["bbox"] == [2.0, 1.0, 18.0, 3.0]
            assert title["area"] == 54.0
            assert turned["area"] == 40.0, "of the quad, half of its box"
            assert abs(read.annToMask(turned).sum() - 40.0) < 10


def test_yolo_labels(out: Path, tmp_path: Path) -> None:
    rows = export(out, "yolo", tmp_path / "to")
    data = yaml.safe_load((tmp_path / "to" / "data.yaml").read_text())
    assert [data["names"][str(i)] for i in range(len(NAMES))] == NAMES
    for split, key in (("train", "train"), ("validation", "val")):
        images = sorted((tmp_path / "to" / data[key]).iterdir())
        assert len(images) == rows[split]
        for image in images:
            label = tmp_path / "to" / "labels" / split / f"{image.stem}.txt"
            lines = label.read_text().splitlines()
            assert lines[0] == f"{NAMES.index('Title')} 0.343750 0.104167 0.562500 0.125000"
            assert len(lines) == 4


def built(html: dict[str, Any]) -> str:
    """The table as HTML: every `</td>` ends the next cell."""
    cells = iter(html["cells"])
    tokens = html["structure"]["tokens"]
    return "".join("".join(next(cells)["tokens"]) + t if t == "</td>" else t for t in tokens)


def test_pubtabnet_tables(out: Path, tmp_path: Path) -> None:
    rows = export(out, "pubtabnet", tmp_path / "to")
    lines = (tmp_path / "to" / "val.jsonl").read_text().splitlines()
    assert len(lines) == rows["validation"]
    entry = json.loads(lines[0])
    assert built(entry["html"]) == (
        '<thead><tr><td colspan="2">To all</td></tr></thead><tbody><tr><td rowspan="2">North</td>'
        "<td>7:15</td></tr><tr><td></td></tr></tbody>"
    )
    boxes = [one.get("bbox") for one in entry["html"]["cells"]]
    assert boxes[3] is None, "an empty cell has none"
    with Image.open(tmp_path / "to" / "val" / entry["filename"]) as picture:
        assert picture.size == (22, 20), "the box of the table, and a margin up to the edge"
    assert boxes[0] == [2.0, 4.0, 18.0, 8.0]


def test_swift_objects_fill_the_marks(out: Path, tmp_path: Path) -> None:
    export(out, "swift", tmp_path / "to")
    lines = [json.loads(x) for x in (tmp_path / "to" / "train.jsonl").read_text().splitlines()]
    own, located = lines[:2]
    assert own["messages"][0]["content"] == "<image>\nRead it."
    assert own["messages"][1] == {"role": "assistant", "content": PAGE["text"]}
    assert (tmp_path / "to" / own["images"][0]).stat().st_size
    answer = located["messages"][1]["content"]
    for name, mark in (("ref", "<ref-object>"), ("bbox", "<bbox>")):
        for value in located["objects"][name]:
            answer = answer.replace(mark, json.dumps(value).strip('"'), 1)
    found = json.loads(answer)
    assert found[0] == {"bbox_2d": [2.0, 1.0, 20.0, 4.0], "label": "Title"}
    assert [one["label"] for one in found] == ["Title", "Text", "Table", "Caption"]


def test_omnidocbench_annotations(out: Path, tmp_path: Path) -> None:
    rows = export(out, "omnidocbench", tmp_path / "to")
    for split, count in rows.items():
        entries = json.loads((tmp_path / "to" / f"{split}.json").read_text())
        assert len(entries) == count
        for entry in entries:
            info = entry["page_info"]
            with Image.open(tmp_path / "to" / "images" / info["image_path"]) as picture:
                assert picture.size == (info["width"], info["height"])
        kinds = [found["category_type"] for found in entries[0]["layout_dets"]]
        assert kinds == ["title", "text_block", "table", "table_caption", "abandon"]
        html = entries[0]["layout_dets"][2]["html"]
        assert html.count("<td") + html.count("<th") - html.count("<thead") == 4


def test_rows_that_are_no_pages_are_left_out(tmp_path: Path) -> None:
    chart = {"text": "{'title': 'a', 'values': {'b': '1'}}", "format": "dict", "kind": "chart"}
    write_rows(tmp_path / "out", "mixed", [PAGE, chart])
    words = ["export", tmp_path / "out", "--format", "omnidocbench", "--to", tmp_path / "to"]
    done = CliRunner().invoke(group, [*map(str, words), "--json"])
    assert json.loads(done.stdout)["left_out"] == {"no-such-form": 1}
    assert len(json.loads((tmp_path / "to" / "train.json").read_text())) == 1


def test_webdataset_keeps_the_types_of_regions(tmp_path: Path) -> None:
    """`datasets` takes the types of the first rows for all."""
    from datasets import load_dataset

    write_rows(tmp_path / "out", "pages-en", [{"text": "first"}] * 30 + [PAGE])
    words = ["export", tmp_path / "out", "--format", "webdataset", "--to", tmp_path / "to"]
    assert CliRunner().invoke(group, list(map(str, words))).exit_code == 0
    files = {"train": str(tmp_path / "to" / "train-*.tar")}
    cache = str(tmp_path / "cache")
    data = load_dataset("webdataset", data_files=files, split="train", cache_dir=cache)
    regions = data[30]["json"]["regions"]
    assert regions[2]["quad"] == PAGE["regions"][2]["quad"]
    assert [r["rowspan"] for r in regions] == [-1] * 4 + [1, 2, 1, 1, -1, -1]
    assert regions[4]["header"] is True
    assert data[0]["json"]["regions"][0]["quad"] == [0, 0, 32, 0, 32, 24, 0, 24]


def test_rows_without_blocks(tmp_path: Path) -> None:
    write_rows(tmp_path / "out", "pages-en", [{"text": "a", "regions": []}])
    for form in ("coco", "yolo", "swift"):
        words = ["export", tmp_path / "out", "--format", form, "--to", tmp_path / form]
        assert CliRunner().invoke(group, list(map(str, words))).exit_code == 0
    assert json.loads((tmp_path / "coco" / "train.json").read_text())["annotations"] == []
    assert len((tmp_path / "swift" / "train.jsonl").read_text().splitlines()) == 1


TITLE, TABLE_AT = 0, 3


@pytest.mark.parametrize(
    ("place", "damage"),
    [
        (TITLE, {"parent": 1}),
        (TITLE, {"parent": 77}),
        (TITLE, {"bbox": [float("nan"), 1.0, 20.0, 4.0]}),
        (TABLE_AT + 1, {"rowspan": 2_000_000_000}),
        (TABLE_AT, {"bbox": [200.0, 200.0, 210.0, 210.0]}),
    ],
    ids=["cycle", "parent", "nan", "span", "outside"],
)
@pytest.mark.parametrize("form", ["coco", "yolo", "swift", "pubtabnet"])
def test_damaged_rows_are_left_out_and_counted(
    tmp_path: Path, form: str, place: int, damage: dict[str, Any]
) -> None:
    regions = [dict(region) for region in PAGE["regions"]]
    regions[place] |= damage
    write_rows(tmp_path / "out", "pages-en", [PAGE, {**PAGE, "regions": regions}])
    words = [
        "export",
        str(tmp_path / "out"),
        "--format",
        form,
        "--to",
        str(tmp_path / "to"),
        "--json",
    ]
    done = CliRunner().invoke(group, words)
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    of_tables = place != TITLE
    whole = of_tables and form != "pubtabnet"  # a block that is not on the picture is not written
    assert result["rows"] == {"train": 2 if whole else 1}
    assert sum(result["left_out"].values()) == (0 if whole else 1)


def test_yolo_boxes_end_at_the_picture(tmp_path: Path) -> None:
    region = {"bbox": [-0.5, -0.5, 32.5, 24.5], "text": "a", "role": "paragraph", "order": 0}
    write_rows(tmp_path / "out", "pages-en", [{"text": "a", "regions": [region]}])
    words = ["export", str(tmp_path / "out"), "--format", "yolo", "--to", str(tmp_path / "to")]
    assert CliRunner().invoke(group, words).exit_code == 0
    (label,) = (tmp_path / "to" / "labels" / "train").iterdir()
    assert label.read_text().split()[1:] == ["0.500000", "0.500000", "1.000000", "1.000000"]
    data = yaml.safe_load((tmp_path / "to" / "data.yaml").read_text())
    assert "path" not in data, "Ultralytics takes a relative one for a folder of its own"


def test_pages_without_tables_are_left_out_of_pubtabnet(tmp_path: Path) -> None:
    """They were counted as rows of an empty file."""
    chart = {"text": "{'A': '1'}", "regions": [{"bbox": [0.0, 0.0, 30.0, 20.0], "role": "chart"}]}
    out = tmp_path / "out"
    words = ["export", str(out), "--format", "pubtabnet", "--to", str(tmp_path / "to")]
    write_rows(out, "charts-en", [chart, chart])
    done = CliRunner().invoke(group, words)
    assert done.exit_code == 1
    assert isinstance(done.exception, SourceError)
    assert done.exception.message == "no row can be exported"
    assert done.exception.hint == "left out: no-table 2"
    assert not (tmp_path / "to").exists()
    write_rows(tmp_path / "both", "pages-en", [PAGE, chart])
    words[1] = str(tmp_path / "both")
    done = CliRunner().invoke(group, [*words, "--json"])
    result = json.loads(done.stdout)
    assert result["rows"] == {"train": 1}
    assert result["left_out"] == {"no-table": 1}
