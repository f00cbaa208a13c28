"""An export writes only below its folder, whatever the rows of a dataset claim."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from vary_data.base.errors import SourceError
from vary_data.export import llava, webdataset
from vary_data.export.format import ExportedRow
from vary_data.export.pictures import exported_picture


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "teal").save(out, "PNG")
    return out.getvalue()


def row(row_id: str, path: str, data: bytes | None = None) -> dict[str, Any]:
    content = [{"type": "image", "text": None}, {"type": "text", "text": "Read it."}]
    messages = [
        {"role": "user", "content": content},
        {"role": "assistant", "content": [{"type": "text", "text": "yes"}]},
    ]
    image = {"bytes": png() if data is None else data, "path": path}
    return {"id": row_id, "image": image, "text": "yes", "messages": messages, "seed": 1}


HOSTILE = st.one_of(
    st.sampled_from(
        ["../../.bashrc", "/etc/passwd", "..", ".", "", "a/b", "a\\b", "C:x", "\0", "~"]
    ),
    st.text(max_size=300),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row_id=HOSTILE, path=HOSTILE, number=st.integers(0, 10**9))
def test_a_name_is_one_plain_file(row_id: str, path: str, number: int) -> None:
    name = exported_picture(number, row(row_id, f"{path}.png")).file
    assert Path(name).name == name
    assert name.startswith(f"{number:08d}")
    assert name.endswith(".png")
    assert len(name) < 150


@pytest.mark.parametrize("path", ["../../.bashrc.png", "/tmp/outside.png", "x/../../y.png"])
def test_nothing_is_written_outside(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "a" / "b" / "export"
    plain = [row("../../../evil", path), row("fine", "fine.png"), row("fine", "fine.png")]
    rows = [ExportedRow(r, exported_picture(number, r)) for number, r in enumerate(plain)]
    for form, name in ((llava, "llava"), (webdataset, "webdataset")):
        (folder / name).mkdir(parents=True)
        form.FORMAT.write_split("train", rows, folder / name)
    files = [p.relative_to(folder).as_posix() for p in tmp_path.rglob("*") if p.is_file()]
    assert sorted(files) == [
        "llava/images/00000000.png",
        "llava/images/00000001-fine.png",
        "llava/images/00000002-fine.png",
        "llava/train.json",
        "webdataset/train-00000.tar",
    ]
    items = json.loads((folder / "llava/train.json").read_text())
    assert [item["id"] for item in items] == ["../../../evil", "fine", "fine"]
    with tarfile.open(folder / "webdataset/train-00000.tar") as archive:
        assert archive.getnames()[:3] == ["00000000.png", "00000000.txt", "00000000.json"]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("x.png", b"echo I run at your next login\n"),
        ("x.bashrc", None),
        ("x.jpeg", None),
        ("", None),
        ("x.png", b""),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_bytes_must_be_the_picture_that_they_claim(path: str, data: bytes | None) -> None:
    with pytest.raises(SourceError, match=r"row 7 \('a'\) has no picture of the format"):
        exported_picture(7, row("a", path, data))


def test_a_row_without_an_image() -> None:
    with pytest.raises(SourceError, match="validate --deep"):
        exported_picture(0, {"id": "a", "image": None})
