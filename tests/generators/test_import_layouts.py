"""Public sets in the layouts in which people have them today: of their sites, and of the Hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.generators.test_import_sets import bring, jpeg, picture, reasons, spoken
from vary_data.base.errors import SourceError, UsageError
from vary_data.dataset.reader import DatasetConfig
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.generators.imports import Import, ImportOptions

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def table(path: Path, rows: list[dict[str, Any]], **types: pa.DataType) -> None:
    """A Parquet file of the Hub; the columns in `types` are of these types."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {name: pa.array([row[name] for row in rows], types.get(name)) for name in rows[0]}
    pq.write_table(pa.table(columns), path, row_group_size=2)


def image(path: str | None = None, data: bytes | None = None) -> dict[str, Any]:
    return {"bytes": data or jpeg(), "path": path}


def asked(config: DatasetConfig) -> list[tuple[str, str]]:
    """Question and truth of each row."""
    rows = []
    for row in config.rows():
        (_, (mark, question)), (_, (answer,)) = spoken(row)
        assert mark == "<image>"
        assert answer == row["text"]
        rows.append((question, answer))
    return rows


def documents(**options: Any) -> list[str]:
    """The documents of the tasks, which decide the split."""
    recipe = Recipe("import", "set", "en", ImportOptions(**options))
    return [task.doc_id for task in RunPlan.resolve(recipe, Import()).tasks]


def docvqa_row(number: int, name: str) -> dict[str, Any]:
    return {
        "questionId": number, "question": f"What is number {number}?",
        "question_types": ["handwritten"], "image": f"documents/{name}", "docId": number,
        "ucsf_document_id": "x", "ucsf_document_page_no": "1",
        "answers": [str(number), f"no {number}"], "data_split": "train",
    }  # fmt: skip


@pytest.mark.parametrize("named", [".", "spdocvqa_qas", "spdocvqa_qas/train_v1.0_withQT.json"])
def test_docvqa_of_its_site(tmp_path: Path, named: str) -> None:
    root = tmp_path / "docvqa"
    names = ["d0.png", "d1.png"]
    for name in names:
        picture(root / "spdocvqa_images" / name)
    (root / "spdocvqa_qas").mkdir()
    data = [docvqa_row(i, name) for i, name in enumerate([*names, "gone.png"])]
    text = json.dumps({"dataset_name": "docvqa", "dataset_split": "train", "data": data})
    (root / "spdocvqa_qas" / "train_v1.0_withQT.json").write_text("\ufeff" + text)
    config = bring(tmp_path / "out", dataset="docvqa", src=str(root / named))
    assert asked(config) == [("What is number 0?", "0"), ("What is number 1?", "1")]
    assert reasons(config) == {"missing-image": 1}


def test_docvqa_and_infovqa_of_the_hub(tmp_path: Path) -> None:
    """`lmms-lab/DocVQA` has both sets, each in a folder."""
    root = tmp_path / "hub"
    rows = [
        {"questionId": "7", "question": "When?", "question_types": ["x"], "image": image("a.png"),
         "docId": 1, "ucsf_document_id": "lldj0224", "ucsf_document_page_no": "2",
         "answers": ["4/29/2005"], "data_split": "val"},
        {"questionId": "8", "question": "Who?", "question_types": None, "image": None,
         "docId": 1, "ucsf_document_id": "lldj0224", "ucsf_document_page_no": "2",
         "answers": ["Ann"], "data_split": "val"},
        {"questionId": "9", "question": "Where?", "question_types": None, "image": image(),
         "docId": 1, "ucsf_document_id": "lldj0224", "ucsf_document_page_no": "3",
         "answers": None, "data_split": "val"},
    ]  # fmt: skip
    table(root / "DocVQA" / "validation-00000-of-00006.parquet", rows, image=IMAGE)
    info = {"questionId": "65718", "question": "How many?", "answers": ["3"],
            "answer_type": ["single span"], "image": image(), "image_url": "https://x/1.png",
            "operation/reasoning": [], "ocr": "[]", "data_split": "val"}  # fmt: skip
    table(root / "InfographicVQA" / "validation-00000-of-00001.parquet", [info], image=IMAGE)
    options = {"src": str(root), "split": "validation"}
    config = bring(tmp_path / "out", dataset="docvqa", **options)
    assert asked(config) == [("When?", "4/29/2005")]
    assert reasons(config) == {"no-image": 1, "no-answer": 1}
    assert documents(dataset="docvqa", **options)[0] == "docvqa:lldj0224"
    assert asked(bring(tmp_path / "info", dataset="infovqa", **options)) == [("How many?", "3")]
    assert documents(dataset="infovqa", **options) == ["infovqa:https://x/1.png"]
    with pytest.raises(SourceError, match=r"no train_v1\.0_withQT\.json or .* train-\*\.parquet"):
        bring(tmp_path / "none", dataset="docvqa", src=str(root))


def test_infovqa_of_its_site(tmp_path: Path) -> None:
    root = tmp_path / "info"
    picture(root / "infographicsvqa_images" / "30001.jpeg")
    row = {"questionId": 1, "question": "How many?", "image_local_name": "30001.jpeg",
           "image_url": "https://x/1.jpg", "ocr_output_file": "30001.json", "answers": ["3", "III"],
           "data_split": "train"}  # fmt: skip
    (root / "infographicsvqa_qas").mkdir()
    file = root / "infographicsvqa_qas" / "infographicsVQA_train_v1.0.json"
    file.write_text(json.dumps({"dataset_name": "infographicVQA", "data": [row]}))
    assert asked(bring(tmp_path / "out", dataset="infovqa", src=str(root))) == [("How many?", "3")]


def test_textvqa_of_its_site_and_of_the_hub(tmp_path: Path) -> None:
    root = tmp_path / "textvqa"
    picture(root / "train_images" / "0054c91397f2fe05.jpg")
    row = {"question": "What brand?", "image_id": "0054c91397f2fe05", "image_classes": ["Phone"],
           "flickr_original_url": "https://x", "image_width": 48, "image_height": 32,
           "answers": ["nokia", "noka", *["Nokia"] * 7, "toshiba"], "question_tokens": ["what"],
           "question_id": 34602, "set_name": "val"}  # fmt: skip
    (root / "TextVQA_0.5.1_val.json").write_text(
        json.dumps({"dataset_type": "val", "dataset_name": "textvqa", "data": [row]})
    )
    options = {"dataset": "textvqa", "split": "validation"}
    config = bring(tmp_path / "out", src=str(root), **options)
    assert asked(config) == [("What brand?", "Nokia")], "the most frequent answer"
    table(
        tmp_path / "hub" / "data" / "validation-00000-of-00003.parquet",
        [{**row, "image": image()}] * 2,
        image=IMAGE,
    )
    hub = bring(tmp_path / "out2", src=str(tmp_path / "hub"), **options)
    assert asked(hub) == [("What brand?", "Nokia")] * 2
    assert set(documents(src=str(tmp_path / "hub"), **options)) == {"textvqa:0054c91397f2fe05"}


def test_chartqa_of_the_hub(tmp_path: Path) -> None:
    """HuggingFaceM4/ChartQA and lmms-lab/ChartQA; pictures have no names and are told apart by
    their bytes."""
    other = jpeg() + b"\0"
    rows = [
        {"image": image(), "query": "How many?", "label": ["14"], "human_or_machine": 0},
        {"image": image(), "query": "Which?", "label": ["Yes"], "human_or_machine": 1},
        {"image": image(data=other), "query": "", "label": ["Yes"], "human_or_machine": 1},
        {"image": image(data=other), "query": "Who?", "label": [], "human_or_machine": 1},
    ]
    file = tmp_path / "m4" / "data" / "train-00000-of-00003-49492f364babfa44.parquet"
    table(file, rows, image=IMAGE)
    for source in (tmp_path / "m4", file):
        config = bring(tmp_path / f"out-{source.name}", dataset="chartqa", src=str(source))
        assert asked(config) == [("How many?", "14"), ("Which?", "Yes")]
        assert reasons(config) == {"empty-turn": 2}
        assert [json.loads(row["meta"])["part"] for row in config.rows()] == ["human", "augmented"]
    first, second, *_ = documents(dataset="chartqa", src=str(file))
    assert first == second
    rows = [{"type": "human_test", "question": "How?", "answer": "14", "image": image()}]
    table(tmp_path / "lmms" / "data" / "test-00000-of-00001.parquet", rows, image=IMAGE)
    config = bring(tmp_path / "out2", dataset="chartqa", src=str(tmp_path / "lmms"), split="test")
    assert asked(config) == [("How?", "14")]


HUMAN = {"from": "human", "value": "<image>\nWhat?"}
GPT = {"from": "gpt", "value": "A cat."}


def test_llava_665k_of_its_site(tmp_path: Path) -> None:
    picture(tmp_path / "data" / "coco" / "train2017" / "1.jpg")
    picture(tmp_path / "data" / "textvqa" / "train_images" / "2.jpg")
    talk = [HUMAN, GPT]
    rows = [
        {"id": "000000033471", "image": "coco/train2017/1.jpg", "conversations": talk},
        {"id": "2", "image": ["textvqa/train_images/2.jpg"], "conversations": talk},
        {"id": "3", "model": "", "conversations": [{"from": "human", "value": "Hi"}, GPT]},
        {"id": "4", "image": ["coco/train2017/1.jpg"] * 2, "conversations": talk},
        {"id": "5", "image": [], "conversations": talk},
        {"id": "6", "image": "vg/VG_100K/1.jpg", "conversations": talk},
    ]
    file = tmp_path / "llava_v1_5_mix665k.json"
    file.write_text("\ufeff" + json.dumps(rows))
    options = {"dataset": "llava", "src": str(file), "images": str(tmp_path / "data")}
    config = bring(tmp_path / "out", **options)
    assert [json.loads(row["meta"])["row"] for row in config.rows()] == ["000000033471", "2"]
    assert reasons(config) == {
        "text-only": 1, "several-images": 1, "no-image": 1, "missing-image": 1
    }  # fmt: skip


def test_llava_of_the_hub(tmp_path: Path) -> None:
    """lmms-lab/LLaVA-NeXT-Data: conversations, and one picture or none."""
    rows = [
        {"id": "1", "image": image("1.jpg"), "conversations": [HUMAN, GPT], "data_source": "x"},
        {"id": "2", "image": None, "conversations": [HUMAN, GPT], "data_source": "x"},
        {"id": "3", "image": image("1.jpg"), "conversations": [GPT, HUMAN], "data_source": "x"},
        {"id": "4", "image": image("1.jpg"), "conversations": [HUMAN, GPT], "data_source": "x"},
    ]
    table(tmp_path / "hub" / "data" / "train-00000-of-00250.parquet", rows, image=IMAGE)
    config = bring(tmp_path / "out", dataset="llava", src=str(tmp_path / "hub"))
    row, _ = config.rows()
    assert spoken(row) == [("user", ["<image>", "\nWhat?"]), ("assistant", ["A cat."])]
    assert reasons(config) == {"text-only": 1, "turn-order": 1}
    assert documents(dataset="llava", src=str(tmp_path / "hub"))[::3] == ["llava:1.jpg"] * 2


def test_messages_with_parts_of_the_hub(tmp_path: Path) -> None:
    """HuggingFaceH4/llava-instruct-mix-vsft: the format of TRL, with a list of pictures."""
    parts = [
        {"index": None, "text": "What?\n", "type": "text"},
        {"index": 0, "text": None, "type": "image"},
    ]
    answer = [{"index": None, "text": "A cat.", "type": "text"}]
    messages = [{"content": parts, "role": "user"}, {"content": answer, "role": "assistant"}]
    rows = [
        {"messages": messages, "images": [image()]},
        {"messages": messages, "images": [image(), image()]},
        {"messages": messages, "images": []},
    ]
    table(tmp_path / "train-00000-of-00020.parquet", rows, images=pa.list_(IMAGE))
    config = bring(tmp_path / "out", dataset="llava", src=str(tmp_path))
    (row,) = config.rows()
    assert spoken(row) == [("user", ["What?\n", "<image>"]), ("assistant", ["A cat."])]
    assert reasons(config) == {"several-images": 1, "text-only": 1}


def test_a_table_brings_no_file_from_outside(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    picture(secret)
    rows = [
        {"image": {"bytes": None, "path": path}, "query": "q", "label": ["a"]}
        for path in (str(secret), "../secret.png", "none.png")
    ]
    table(tmp_path / "hub" / "train-00000-of-00001.parquet", rows, image=IMAGE)
    config = bring(tmp_path / "out", dataset="chartqa", src=str(tmp_path / "hub"))
    assert list(config.rows()) == []
    assert reasons(config) == {"outside": 2, "missing": 1}
    (tmp_path / "linked").mkdir()
    link = tmp_path / "linked" / "train-0.parquet"
    link.symlink_to(tmp_path / "hub" / "train-00000-of-00001.parquet")
    with pytest.raises(SourceError, match="outside"):
        bring(tmp_path / "out2", dataset="chartqa", src=str(tmp_path / "linked"))
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 not really")
    with pytest.raises(SourceError, match="is the download complete"):
        bring(tmp_path / "out3", dataset="docvqa", src=str(broken))
    table(tmp_path / "words.parquet", [{"query": "q"}])
    with pytest.raises(SourceError, match=r"no column of .* has pictures"):
        bring(tmp_path / "out4", dataset="llava", src=str(tmp_path / "words.parquet"))


def test_images_are_where_the_user_says(tmp_path: Path) -> None:
    """`--images` for every set whose pictures are files, and refused where they are not."""
    elsewhere = tmp_path / "elsewhere"
    for name in ("documents/d.png", "30001.jpeg", "t.jpg", "png/c.png", "00000/l.jpg", "v.png"):
        picture(elsewhere / name)
    root = tmp_path / "set"
    (root / "train").mkdir(parents=True)
    (root / "00000").mkdir()
    (root / "train_v1.0.json").write_text(json.dumps([docvqa_row(1, "d.png")]))
    info = {"questionId": 1, "question": "q", "image_local_name": "30001.jpeg", "answers": ["a"]}
    (root / "infographicsVQA_train_v1.0.json").write_text(json.dumps([info]))
    text = {"question_id": 1, "question": "q", "image_id": "t", "answers": ["a"]}
    (root / "TextVQA_0.5.1_train.json").write_text(json.dumps([text]))
    chart = {"imgname": "c.png", "query": "q", "label": "a"}
    (root / "train" / "train_human.json").write_text(json.dumps([chart]))
    (root / "00000" / "l.txt").write_text("a caption")
    (root / "v.json").write_text(json.dumps([{"image": "v.png", "conversations": [HUMAN, GPT]}]))
    sources = {"llava": root / "v.json", "vary": root / "v.json"}
    for name in ("llava", "vary", "docvqa", "infovqa", "textvqa", "chartqa"):
        options = {"dataset": name, "src": str(sources.get(name, root))}
        config = bring(tmp_path / name, images=str(elsewhere), **options)
        assert len(list(config.rows())) == 1, name
        assert reasons(bring(tmp_path / f"no-{name}", **options)) == {"missing-image": 1}
    laion = bring(tmp_path / "laion", dataset="laion-coco", src=str(root), images=str(elsewhere))
    assert [row["text"] for row in laion.rows()] == ["a caption"]
    assert reasons(laion) == {"no-caption": 5}
    with pytest.raises(SourceError, match="nowhere is not a folder"):
        bring(tmp_path / "x", dataset="docvqa", src=str(root), images=str(tmp_path / "nowhere"))
    rows = [{"image": image(), "query": "q", "label": ["a"]}]
    table(tmp_path / "hub" / "train-0.parquet", rows, image=IMAGE)
    with pytest.raises(UsageError, match="has the pictures"):
        bring(tmp_path / "y", dataset="chartqa", src=str(tmp_path / "hub"), images=str(elsewhere))
