"""Files at URLs behave as files on disk do, and appear whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from tests.tools.faulty_store import Store
from vary_data.base import remote_path
from vary_data.base.errors import ToolMissing, UsageError
from vary_data.base.remote_path import RemotePath
from vary_data.base.storage import entries, location, relative, size_of


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_path, "RETRY_PAUSES", (0.0, 0.0, 0.0, 0.0))


def test_what_is_a_url_and_what_a_path() -> None:
    assert location("out/charts") == Path("out/charts")
    assert location(Path("out")) == Path("out")
    assert location("file:///tmp/a%20b") == Path("/tmp/a b")
    assert location("s3://bucket/out/") == RemotePath("s3://bucket/out")
    assert location("C:/out") == Path("C:/out")


def test_names_and_parents() -> None:
    path = RemotePath("s3://bucket/out") / "charts-en" / "data" / "train-00000-of-00001.parquet"
    assert (path.name, path.stem, path.suffix) == (
        "train-00000-of-00001.parquet",
        "train-00000-of-00001",
        ".parquet",
    )
    assert str(path.parent.parent) == "s3://bucket/out/charts-en"
    assert RemotePath("s3://bucket").parent == RemotePath("s3://bucket")
    assert relative(path, RemotePath("s3://bucket/out/charts-en")).startswith("data/train")
    assert relative(Path(".vary/lock"), Path()) == ".vary/lock"


def test_a_range_that_is_cut_off_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class CutOff(io.BytesIO):
        size = 6

        def read(self, _: int | None = -1) -> bytes:
            raise OSError("received 1 of 3 bytes")

    path = RemotePath("memory://test-a-range")
    path.write_bytes(b"abcdef")
    whole, first = MemoryFileSystem.open, [CutOff()]

    def opened(self: MemoryFileSystem, *args: Any, **options: Any) -> Any:
        return first.pop() if first else whole(self, *args, **options)

    monkeypatch.setattr(MemoryFileSystem, "open", opened)
    with path.open() as file:
        file.seek(2)
        assert (file.read(3), file.tell(), file.read()) == (b"cde", 5, b"f")
    assert not first


@pytest.mark.parametrize("place", ["memory", "moved", "s3"])
def test_a_folder_at_a_url(place: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    # `local:` is a store whose uploads can be seen half done, so they are moved into place.
    urls = {"memory": "memory://test-a-folder", "moved": f"local://{tmp_path}/remote"}
    root = location(urls[place] if place in urls else request.getfixturevalue("bucket") + "/x")
    assert isinstance(root, RemotePath)
    assert not root.exists()
    assert entries(root) == []
    (root / "a" / "one.json").write_bytes(b'{"a": 1}')
    source = tmp_path / "source.bin"
    source.write_bytes(bytes(range(256)) * 4000)
    (root / "a" / "two.bin").upload(source)
    assert [str(path) for path in entries(root)] == [f"{root}/a"]
    assert [path.name for path in entries(root, "**/*")] == ["one.json", "two.bin"]
    assert (root / "a").is_dir()
    assert (root / "a" / "one.json").read_text() == '{"a": 1}'
    two = root / "a" / "two.bin"
    assert (size_of(two), two.tail(3), two.is_file()) == (1_024_000, b"\xfd\xfe\xff", True)
    assert (root / "a" / "one.json").tail(1000) == b'{"a": 1}'
    with two.open() as file:
        file.seek(256)
        assert file.read(3) == b"\x00\x01\x02"
    before = (root / "a" / "one.json").version()
    (root / "a" / "one.json").write_bytes(b'{"a": 22}')
    assert (root / "a" / "one.json").version() != before
    two.download(tmp_path / "copy.bin")
    assert (tmp_path / "copy.bin").read_bytes() == source.read_bytes()
    two.unlink()
    two.unlink(missing_ok=True)
    with pytest.raises(FileNotFoundError):
        two.read_bytes()
    root.remove_tree()
    assert not root.exists()


def test_passing_failures_are_tried_again(bucket: str, s3_server: Store) -> None:
    s3_server.every = 3
    s3_server.faults.clear()
    for number in range(12):
        (location(bucket) / f"{number:02d}").write_bytes(b"x" * number)  # type: ignore[union-attr]
    names = [path.name for path in entries(location(bucket))]
    assert names == [f"{number:02d}" for number in range(12)]
    assert [size_of(path) for path in entries(location(bucket))] == list(range(12))
    assert set(s3_server.faults) == {
        "503 SlowDown",
        "500 InternalError",
        "lost-answer",
        "cut-off",
    }


def test_a_store_that_is_away_is_not_taken_for_an_empty_folder(
    bucket: str, s3_server: Store
) -> None:
    folder = RemotePath(f"{bucket}/out")
    (folder / "a").write_bytes(b"a")
    s3_server.every = 1
    for question in (folder.exists, folder.is_dir, (folder / "a").is_file):
        with pytest.raises(OSError, match=r".+"):
            question()
    with pytest.raises(OSError, match=r".+"):
        entries(folder)


def test_a_store_that_never_answered_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class EndpointConnectionError(Exception):
        pass

    asked = []

    def opened(url: str) -> None:
        asked.append(url)
        raise EndpointConnectionError("could not connect")

    monkeypatch.setattr(remote_path, "_ANSWERED", set())
    monkeypatch.setattr(remote_path, "_filesystem", opened)
    folder = RemotePath("s3://nowhere/out")
    with pytest.raises(OSError, match="could not connect"):
        folder.exists()
    assert len(asked) == 1
    remote_path._ANSWERED.add("s3://nowhere")
    with pytest.raises(OSError, match="could not connect"):
        folder.exists()
    assert len(asked) == 1 + 5, "it answered before: it may come back"


def test_a_refusal_is_not_tried_again(bucket: str, s3_server: Store) -> None:
    s3_server.refuse_writes = True
    before = s3_server.requests["PUT"]
    with pytest.raises(PermissionError):
        RemotePath(f"{bucket}/a").write_bytes(b"a")
    assert s3_server.requests["PUT"] == before + 1


def test_a_failed_upload_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fsspec.implementations.local import LocalFileSystem

    def half(self: Any, source: str, target: str, **_: Any) -> None:
        Path(target).write_bytes(Path(source).read_bytes()[:10])
        raise OSError("the network went away")

    monkeypatch.setattr(LocalFileSystem, "put_file", half)
    source = tmp_path / "source"
    source.write_bytes(b"0123456789" * 10)
    target = RemotePath(f"local://{tmp_path}/remote/shard.parquet")
    with pytest.raises(OSError, match="the network went away"):
        target.upload(source)
    assert list((tmp_path / "remote").iterdir()) == []


def test_unknown_and_uninstalled_stores_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="cannot open nowhere://x/y: Protocol not known"):
        RemotePath("nowhere://x/y").exists()

    import fsspec

    def missing(url: str) -> Any:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec, "url_to_fs", missing)
    with pytest.raises(ToolMissing, match=r"pip install 'vary-data\[s3\]'"):
        RemotePath("s3://x/y").exists()
