"""Each public set in its own layout, with the damage that it usually has."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from vary_data import generators
from vary_data.base.errors import SourceError, UsageError
from vary_data.dataset.reader import Dataset, DatasetConfig
from vary_data.engine.executors import local
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.generators.imports import Import, ImportOptions


def picture(path: Path, mode: str = "RGB", color: Any = "teal") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, (48, 32), color).save(path)
    return path.name


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (48, 32), "olive").save(out, "JPEG")
    return out.getvalue()


def bring(out: Path, **options: Any) -> DatasetConfig:
    lang = options.pop("lang", "en")
    recipe = Recipe("import", "set", lang, ImportOptions(**options), samples_per_shard=100)
    local.run(RunPlan.resolve(recipe, Import()), out, generators.load, 1)
    return Dataset.open(out).config("set")


def reasons(config: DatasetConfig) -> dict[str, int]:
    return dict(Counter(rejection.reason for rejection in config.rejections()))


def spoken(row: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The messages of a row, the picture written as `<image>`."""
    return [
        (m["role"], [p["text"] if p["type"] == "text" else "<image>" for p in m["content"]])
        for m in row["messages"]
    ]


def test_llava_with_its_damage(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        picture(tmp_path / "coco" / name)
    human, gpt = (lambda v: {"from": "human", "value": v}), (lambda v: {"from": "gpt", "value": v})
    rows = [
        {"id": "1", "image": "coco/a.png",
         "conversations": [human("<image>\nWhat?"), gpt("A."), human("Why?"), gpt("B.")]},
        {"id": "2", "image": "coco/b.png", "conversations": [human("Look:\n<image>"), gpt("C.")]},
        {"id": "3", "image": "coco/none.png", "conversations": [human("<image>\nx"), gpt("y")]},
        {"id": "4", "conversations": [human("No picture"), gpt("y")]},
        {"id": "5", "image": "coco/a.png", "conversations": [human("<image>\n"), gpt("y")]},
        {"id": "6", "image": "coco/a.png", "conversations": [gpt("y"), human("<image>")]},
        {"id": "7", "image": "../secret.png", "conversations": [human("<image>x"), gpt("y")]},
        {"id": "8", "image": "coco/a.png", "conversations": [human("x"), gpt("y")]},
        {"id": "9", "image": "coco/a.png", "conversations": 5},
        "not even a row",
    ]  # fmt: skip
    picture(tmp_path.parent / "secret.png")
    (tmp_path / "data.json").write_text(json.dumps(rows))
    config = bring(tmp_path / "out", dataset="llava", src=str(tmp_path / "data.json"))
    first, second = config.rows()
    assert spoken(first) == [
        ("user", ["<image>", "\nWhat?"]),
        ("assistant", ["A."]),
        ("user", ["Why?"]),
        ("assistant", ["B."]),
    ]
    assert first["text"] == ""
    assert spoken(second) == [("user", ["Look:\n", "<image>"]), ("assistant", ["C."])]
    assert second["text"] == "C."
    assert json.loads(second["meta"])["row"] == "2"
    assert reasons(config) == {
        "missing-image": 1,
        "text-only": 1,
        "empty-turn": 1,
        "turn-order": 1,
        "outside": 1,
        "no-image-mark": 1,
        "malformed-row": 2,
    }


def test_vary_tiny_600k_and_sharegpt_shapes(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", "L", 90)
    rows = [
        {"image": "a.png", "question": "OCR: ", "caption": "文字"},
        {"images": ["a.png"], "messages": [
            {"role": "user", "content": "Who <image> here?"},
            {"role": "assistant", "content": "Nobody."}]},
        {"images": ["a.png", "a.png"], "messages": []},
    ]  # fmt: skip
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    config = bring(tmp_path / "out", dataset="vary", src=str(tmp_path / "rows.jsonl"), lang="zh")
    first, second = config.rows()
    assert spoken(first) == [("user", ["<image>", "OCR: "]), ("assistant", ["文字"])]
    assert spoken(second)[0] == ("user", ["Who ", "<image>", " here?"])
    assert reasons(config) == {"several-images": 1}
    with Image.open(io.BytesIO(first["image"]["bytes"])) as image:
        assert (image.mode, image.size) == ("L", (48, 32))


def test_docvqa(tmp_path: Path) -> None:
    picture(tmp_path / "documents" / "x_1.png")
    base = {"image": "documents/x_1.png", "ucsf_document_id": "x"}
    rows = [
        {**base, "questionId": 1, "question": "When?", "answers": ["4/29/2005", "April 29"]},
        {**base, "questionId": 2, "question": "Who?"},
        {**base, "questionId": 3, "question": "", "answers": ["x"]},
        {"questionId": 4, "question": "What?", "answers": ["x"], "image": "documents/gone.png"},
    ]
    (tmp_path / "val_v1.0_withQT.json").write_text(json.dumps({"data": rows}))
    options = {"dataset": "docvqa", "src": str(tmp_path), "split": "validation"}
    config = bring(tmp_path / "out", short_answers=True, **options)
    (row,) = config.rows()
    prompt = "Answer the following questions using a single word or phrase: When?"
    assert spoken(row) == [("user", ["<image>", prompt]), ("assistant", ["4/29/2005"])]
    assert json.loads(row["meta"])["answers"] == ["4/29/2005", "April 29"]
    assert row["kind"] == "vqa"
    assert reasons(config) == {"no-answer": 1, "empty-turn": 1, "missing-image": 1}
    (tmp_path / "val_v1.0_withQT.json").write_text(json.dumps(rows[:1]))
    assert len(list(bring(tmp_path / "bare", **options).rows())) == 1
    with pytest.raises(SourceError, match=r"no test_v1\.0_withQT\.json or"):
        bring(tmp_path / "none", **{**options, "split": "test"})


def test_chartqa(tmp_path: Path) -> None:
    root = tmp_path / "ChartQA Dataset" / "train"
    picture(root / "png" / "two_col_1.png")
    row = {"imgname": "two_col_1.png", "query": "How many?", "label": "2094.6"}
    (root / "train_human.json").write_text(json.dumps([row]))
    (root / "train_augmented.json").write_text(
        json.dumps([{**row, "label": 7}, {**row, "imgname": "no.png"}, {"imgname": "x"}])
    )
    config = bring(tmp_path / "out", dataset="chartqa", src=str(tmp_path))
    assert [(r["text"], json.loads(r["meta"])["part"]) for r in config.rows()] == [
        ("2094.6", "human"),
        ("7", "augmented"),
    ]
    assert reasons(config) == {"missing-image": 2}
    (root / "train_human.json").unlink()
    assert len(list(bring(tmp_path / "half", dataset="chartqa", src=str(tmp_path)).rows())) == 1


def webdataset(path: Path) -> None:
    members = {
        "000000000.jpg": jpeg(),
        "000000000.txt": b"a olive field",
        "000000000.json": b"{}",
        "000000001.jpg": b"\xff\xd8 broken",
        "000000001.txt": b"broken",
        "000000002.txt": b"no picture",
        "000000003.jpg": jpeg(),
        "000000003.txt": b"  ",
    }
    with tarfile.open(path, "w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def test_laion_coco_in_its_three_layouts(tmp_path: Path) -> None:
    (tmp_path / "tars").mkdir()
    webdataset(tmp_path / "tars" / "00000.tar")
    (tmp_path / "tars" / "00000_stats.json").write_text("{}")
    config = bring(tmp_path / "out1", dataset="laion-coco", src=str(tmp_path / "tars"))
    (row,) = config.rows()
    assert spoken(row) == [
        ("user", ["<image>", "Describe this image."]),
        ("assistant", ["a olive field"]),
    ]
    assert row["image"]["bytes"] == jpeg(), "an untouched JPEG stays as it is"
    found = reasons(config)
    assert found.pop("missing-image") == 1
    assert found.pop("no-caption") == 1
    assert sum(found.values()) == 1

    (tmp_path / "tables").mkdir()
    table = pa.table(
        {
            "jpg": [jpeg(), None, jpeg()],
            "caption": ["one", "two", "three"],
            "status": ["success", "failed_to_download", "success"],
        }
    )
    pq.write_table(table, tmp_path / "tables" / "00000.parquet")
    pq.write_table(table.drop(["jpg"]), tmp_path / "tables" / "meta.parquet")
    config = bring(tmp_path / "out2", dataset="laion-coco", src=str(tmp_path / "tables"))
    assert [r["text"] for r in config.rows()] == ["one", "three"]
    assert reasons(config) == {"download-failed": 1}

    (tmp_path / "files" / "00000").mkdir(parents=True)
    (tmp_path / "files" / "00000" / "000000000.jpg").write_bytes(jpeg())
    (tmp_path / "files" / "00000" / "000000000.txt").write_text("a caption")
    config = bring(tmp_path / "out3", dataset="laion-coco", src=str(tmp_path / "files"))
    assert [r["text"] for r in config.rows()] == ["a caption"]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"dataset": "lava"},
            UsageError,
            "options.dataset cannot be 'lava'; did you mean 'llava'?",
        ),
        ({"dataset": "llava"}, UsageError, "no source was given"),
        ({"dataset": "llava", "src": "nowhere.json"}, SourceError, "cannot read nowhere.json"),
        ({"dataset": "laion-coco", "src": "nowhere"}, SourceError, "nowhere does not exist"),
        (
            {"dataset": "docvqa", "src": ".", "split": "dev"},
            UsageError,
            "options.split cannot be 'dev'",
        ),
    ],
)
def test_mistakes(tmp_path: Path, options: dict[str, Any], error: Any, message: str) -> None:
    with pytest.raises(error) as raised:
        bring(tmp_path, **options)
    assert message in str(raised.value)


def test_real_llava_files(tmp_path: Path) -> None:
    folder = os.environ.get("VARY_TEST_DATA")
    if not folder or not (Path(folder) / "llava").is_dir():
        pytest.skip("set VARY_TEST_DATA to a folder that holds llava/ to try real files")
    demo = Path(folder) / "llava" / "llamafactory_mllm_demo" / "mllm_demo.json"
    config = bring(tmp_path / "demo", dataset="llava", src=str(demo))
    rows = list(config.rows())
    assert rows
    assert set(reasons(config)) <= {"several-images"}
    for row in rows:
        assert sum(part == ["<image>"] or "<image>" in part for _, part in spoken(row)) == 1
    celeba = Path(folder) / "llava" / "lmms_finetune" / "celeba_image_eval.json"
    config = bring(tmp_path / "celeba", dataset="llava", src=str(celeba))
    assert set(reasons(config)) == {"missing-image"}
