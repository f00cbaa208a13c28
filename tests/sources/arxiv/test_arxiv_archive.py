from __future__ import annotations

import contextlib
import gzip
import io
import os
import pickle
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vary_data.sources.arxiv import (
    DocumentRejected,
    ExtractionLimits,
    find_documents,
    read_document,
)
from vary_data.sources.arxiv.read.archive import read_members
from vary_data.sources.arxiv.read.decode import decode

MAIN = rb"""\documentclass{article}\begin{document}
This is the text of a paper that is written in English, and it has a few words in it.
\input{part}\end{document}"""
PART = rb"And this is the part that was in a file of its own."


def tar_bytes(files: dict[str, bytes], *extra: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in extra:
            archive.addfile(info)
    return out.getvalue()


def zip_bytes(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


FILES = {"p/main.tex": MAIN, "p/part.tex": PART, "p/figure.pdf": b"%PDF\x00"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.tar.gz", gzip.compress(tar_bytes(FILES))),
        ("2001.00001", gzip.compress(tar_bytes(FILES))),
        ("a.tar", tar_bytes(FILES)),
        ("a.zip", zip_bytes(FILES)),
    ],
)
def test_every_packing_gives_the_same_text(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    extraction = read_document(path)
    assert extraction.main_file == "p/main.tex"
    (paragraph,) = extraction.document.blocks
    assert paragraph.spans[0].text.endswith("in a file of its own.")  # type: ignore[union-attr]
    assert extraction.counts["text"] == 1


@pytest.mark.parametrize("name", ["a.gz", "2001.00002", "a.tex", "a.txt"])
def test_a_single_file_may_be_gzipped_or_not(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(MAIN if name.endswith(("tex", "txt")) else gzip.compress(MAIN))
    assert read_document(path).counts["text"] == 1


def reason(path: Path, limits: ExtractionLimits = ExtractionLimits()) -> str:  # noqa: B008 - frozen
    with pytest.raises(DocumentRejected) as caught:
        read_document(path, limits=limits)
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_a_gzip_bomb_is_rejected(tmp_path: Path) -> None:
    bomb = tar_bytes({"main.tex": MAIN, "zeros.pdf": bytes(60_000_000)})
    (tmp_path / "bomb.tar.gz").write_bytes(gzip.compress(bomb))
    assert reason(tmp_path / "bomb.tar.gz") == "bomb"


def test_a_single_file_that_grows_too_large_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(bytes(10_000_000)))
    assert reason(tmp_path / "a.gz") == "too-large"


def test_a_zip_with_a_huge_member_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_bytes({**FILES, "p/huge.tex": b" " * 6_000_000}))
    extraction = read_document(tmp_path / "a.zip")
    assert [(r.kind, r.reason) for r in extraction.rejected] == [("input", "too-large")]


def test_too_many_members_are_rejected(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tar_bytes({f"{i}.tex": b"" for i in range(30)}))
    assert reason(tmp_path / "a.tar", ExtractionLimits(members=20)) == "too-large"


@pytest.mark.parametrize("name", ["../evil.tex", "/etc/evil.tex", "a/../../evil.tex", "c:/e.tex"])
@pytest.mark.parametrize("pack", [tar_bytes, zip_bytes])
def test_names_that_point_outside_are_left_out(tmp_path: Path, name: str, pack) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a").write_bytes(pack({**FILES, name: b"evil"}))
    members = read_members(tmp_path / "a", ExtractionLimits())
    assert sorted(members.files) == ["p/main.tex", "p/part.tex"]
    assert [why for _, why in members.rejected] == ["outside"]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a"]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_in_an_archive_are_left_out(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("p/link.tex")
    info.type, info.linkname = kind, "/etc/passwd"
    (tmp_path / "a.tar").write_bytes(tar_bytes(FILES, info))
    members = read_members(tmp_path / "a.tar", ExtractionLimits())
    assert members.rejected == (("p/link.tex", "link-or-device"),)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.tex"
    secret.write_text("secret")
    paper = tmp_path / "paper"
    paper.mkdir()
    (paper / "main.tex").write_bytes(MAIN)
    (paper / "part.tex").symlink_to(secret)
    (paper / "up").symlink_to(tmp_path)
    os.mkfifo(paper / "pipe.tex")
    extraction = read_document(paper)
    assert "secret" not in str(extraction.document)
    assert sorted(r.reason for r in extraction.rejected) == [
        "link-or-device", "link-or-device", "missing-input",
    ]  # fmt: skip


def test_binary_junk_named_tex_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "junk.tex").write_bytes(bytes(range(256)) * 100)
    assert reason(tmp_path / "junk.tex") == "empty"


@pytest.mark.parametrize(
    "data",
    [b"", b"\x1f\x8b\x08junk", b"PK\x03\x04junk", gzip.compress(b"")[:-4]],
    ids=["empty", "gzip", "zip", "gzip cut short"],
)
def test_broken_archives_are_rejected(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.gz").write_bytes(data)
    assert reason(tmp_path / "a.gz") in ("unreadable", "empty", "not-latex")


def test_a_truncated_tar_is_rejected_or_read_as_far_as_it_goes(tmp_path: Path) -> None:
    data = gzip.compress(tar_bytes({**FILES, "p/x.tex": os.urandom(5000).hex().encode()}))
    (tmp_path / "a.tar.gz").write_bytes(data[: len(data) // 2])
    assert reason(tmp_path / "a.tar.gz") == "unreadable"


def test_a_missing_path_is_rejected(tmp_path: Path) -> None:
    assert reason(tmp_path / "none") == "unreadable"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.binary(max_size=400)
    | st.binary(max_size=200).map(lambda data: b"\x1f\x8b" + data)
    | st.binary(max_size=200).map(gzip.compress)
    | st.binary(max_size=600).map(lambda data: (data + tar_bytes(FILES))[:900])
)
def test_no_bytes_make_it_crash(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    with contextlib.suppress(DocumentRejected):  # anything else is a failure
        read_document(path)


def test_the_error_survives_a_pickle() -> None:
    error = pickle.loads(pickle.dumps(DocumentRejected("m", "h", "bomb")))
    assert (error.message, error.hint, error.reason) == ("m", "h", "bomb")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("\ufeffaé\r\nb".encode(), "aé\nb"),
        ("naïve".encode("latin-1"), "naïve"),
        (
            "\\usepackage[koi8-r]{inputenc} Дом".encode("koi8-r"),
            "\\usepackage[koi8-r]{inputenc} Дом",
        ),
        ("插值多项式的误差估计".encode("gb18030"), "插值多项式的误差估计"),
        ("x=1".encode("utf-16"), "x=1"),
    ],
)
def test_encodings(data: bytes, text: str) -> None:
    assert decode(data) == text


def test_documents_are_found_in_a_fixed_order(tmp_path: Path) -> None:
    paper = tmp_path / "b_paper"
    (paper / "sections").mkdir(parents=True)
    (paper / "main.tex").write_bytes(MAIN)
    (paper / "sections" / "part.tex").write_bytes(PART)
    singles = tmp_path / "c_singles"
    singles.mkdir()
    (singles / "one.tex").write_bytes(MAIN)
    (singles / "two.tex").write_bytes(MAIN.replace(b"English", b"words") + b"%")
    (tmp_path / "a.tar.gz").write_bytes(b"")
    (tmp_path / "0001001").write_bytes(b"")
    (tmp_path / "notes.pdf").write_bytes(b"")
    assert [(one.name, one.problem) for one in find_documents(tmp_path)] == [
        ("0001001", "not-latex"), ("a.tar.gz", "not-latex"), ("b_paper", ""),
        ("c_singles/one.tex", ""), ("c_singles/two.tex", ""), ("notes.pdf", "not-latex"),
    ]  # fmt: skip
