import io
import json
import tarfile
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vary_data.base.errors import SourceError
from vary_data.dataset.rejection import Rejected
from vary_data.sources.coco import MAX_PICTURE_BYTES, PictureReader, list_pictures

PICTURES = {"b.jpg": b"picture b", "a.jpg": b"picture a", "sub/c.png": b"picture c"}


@pytest.fixture
def folder(tmp_path):
    for name, data in PICTURES.items():
        path = tmp_path / "coco" / "train2017" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "coco" / "readme.txt").write_text("not a picture")
    return tmp_path / "coco"


def content(source):
    reader = PictureReader()
    try:
        return {ref.name: reader.read(ref) for ref in list_pictures(str(source))}
    finally:
        reader.close()


def test_a_coco_root(folder):
    assert content(folder) == {f"train2017/{name}": data for name, data in PICTURES.items()}
    assert list(content(folder)) == ["train2017/a.jpg", "train2017/b.jpg", "train2017/sub/c.png"]


def test_a_split_that_is_not_there(folder, tmp_path):
    with pytest.raises(SourceError, match="has no folder val2017; did you mean 'train2017'"):
        list_pictures(str(folder), "val2017")
    (folder / "val2017").mkdir()
    (folder / "val2017" / "v.png").write_bytes(PICTURES["sub/c.png"])
    assert [ref.name for ref in list_pictures(str(folder), "val2017")] == ["val2017/v.png"]
    (tmp_path / "one.zip").write_bytes(b"x")
    with pytest.raises(SourceError, match="is one file and has no val2017"):
        list_pictures(str(tmp_path / "one.zip"), "val2017")


def test_annotations_give_size_and_license(folder):
    (folder / "annotations").mkdir()
    facts = {
        "licenses": [{"id": 4, "name": "Attribution License", "url": "x"}],
        "images": [{"id": 1, "file_name": "a.jpg", "width": 8, "height": 6, "license": 4}],
    }
    (folder / "annotations" / "captions_train2017.json").write_text(json.dumps(facts))
    refs = {ref.name: ref for ref in list_pictures(str(folder))}
    assert refs["train2017/a.jpg"].expected == (8, 6)
    assert refs["train2017/a.jpg"].license == "Attribution License"
    assert refs["train2017/b.jpg"].expected is None
    (folder / "annotations" / "captions_train2017.json").write_text("[1]")
    with pytest.raises(SourceError, match="not a COCO annotation file"):
        list_pictures(str(folder))


def test_archives_are_read_in_place(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "train2017.zip", "w") as archive:
        archive.writestr("notes.txt", "x")
        for name, data in PICTURES.items():
            archive.writestr(name, data)
    with tarfile.open(tmp_path / "train2017.tar", "w") as archive:
        archive.add(folder / "train2017", ".")
    assert content(tmp_path / "train2017.zip") == PICTURES
    tar = {
        name.removeprefix("./"): data for name, data in content(tmp_path / "train2017.tar").items()
    }
    assert tar == PICTURES
    with tarfile.open(tmp_path / "train2017.tar.gz", "w:gz") as archive:
        archive.add(folder / "train2017", ".")
    with pytest.raises(SourceError, match="unpack it first"):
        list_pictures(str(tmp_path / "train2017.tar.gz"))


def table(rows):
    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    schema = pa.schema([("id", pa.int64()), ("image", image)])
    return pa.Table.from_pylist(
        [{"id": i, "image": {"bytes": data, "path": f"{i}.jpg"}} for i, data in enumerate(rows)],
        schema,
    )


def test_datasets_in_parquet_and_arrow(tmp_path):
    rows = [b"one", b"two", b"three", b"four", b"five"]
    for name in ("parquet", "arrow"):
        (tmp_path / name).mkdir()
    pq.write_table(table(rows), tmp_path / "parquet" / "train.parquet", row_group_size=2)
    file = str(tmp_path / "arrow" / "data-00000-of-00001.arrow")
    with pa.OSFile(file, "wb") as sink, pa.ipc.new_stream(sink, table(rows).schema) as writer:
        writer.write_table(table(rows), max_chunksize=2)
    assert list(content(tmp_path / "parquet").values()) == rows
    assert list(content(tmp_path / "arrow").values()) == rows
    assert list(content(tmp_path / "parquet"))[3] == "train.parquet:3"


def test_a_table_without_pictures(tmp_path):
    pq.write_table(pa.table({"text": ["a"]}), tmp_path / "text.parquet")
    with pytest.raises(SourceError, match="has pictures"):
        list_pictures(str(tmp_path / "text.parquet"))


def test_nothing_there(tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        list_pictures(str(tmp_path / "absent"))
    with pytest.raises(SourceError, match=r"no picture in .*looked for \*\.jpg"):
        list_pictures(str(tmp_path))
    (tmp_path / "file.bin").write_bytes(b"x" * 2000)
    with pytest.raises(SourceError, match="is not an archive of pictures"):
        list_pictures(str(tmp_path / "file.bin"))


def reason(ref):
    with pytest.raises(Rejected) as caught:
        PictureReader().read(ref)
    return caught.value.reason


def test_pictures_that_go_away_or_are_too_large(folder, tmp_path):
    ref = list_pictures(str(folder))[0]
    (folder / ref.name).unlink()
    assert reason(ref) == "missing"
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.png", bytes(MAX_PICTURE_BYTES + 1))
    (bomb,) = list_pictures(str(tmp_path / "bomb.zip"))
    assert reason(bomb) == "too-large"


def test_a_broken_archive(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.jpg", b"first " * 100)
    data = bytearray(out.getvalue())
    data[40:80] = bytes(40)
    (tmp_path / "a.zip").write_bytes(data)
    (ref,) = list_pictures(str(tmp_path / "a.zip"))
    assert reason(ref) == "unreadable"
