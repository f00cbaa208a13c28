"""Every file of a source is part of a document, or has a reason why not."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from vary_data.sources.arxiv import ExtractionLimits, find_documents, read_document


def paper(words: str, extra: str = "") -> str:
    return (
        f"\\documentclass{{article}}\\begin{{document}}This is the text of the paper on {words}, "
        f"and it is written in English.\n{extra}\\end{{document}}\n"
    )


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def tar(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def found(source: Path) -> dict[str, str]:
    """Name to problem, with the text of each document read."""
    result = {}
    for document in find_documents(source):
        assert document.name not in result
        result[document.name] = document.problem
        if not document.problem:
            extraction = read_document(document.path, part=document.part)
            assert "missing-input" not in {one.reason for one in extraction.rejected}
    return result


PAPERS: dict[str, str | bytes] = {f"paper{i}.tex": paper(f"subject {i}") for i in range(6)}


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ("paper0.pdf", "not-latex"),
        ("refs.bib", "not-latex"),
        ("figures/a.png", "not-latex"),
        ("old.tex", "plain-tex"),
        ("notes.txt", "not-latex"),
    ],
)
def test_single_papers_in_one_folder_are_all_found(tmp_path: Path, extra: str, reason: str) -> None:
    content = "\\hsize=3in Text. \\bye" if extra == "old.tex" else "words"
    write(tmp_path, {**PAPERS, extra: content})
    assert found(tmp_path) == {**dict.fromkeys(PAPERS, ""), extra: reason}


def test_papers_of_one_folder_keep_the_files_that_they_name(tmp_path: Path) -> None:
    write(tmp_path, {
        "a.tex": paper("seas", r"\input{parts/a} \bibliography{all}"),
        "b.tex": paper("lakes", r"\includegraphics{b}"), "b.pdf": b"%PDF\0",
        "parts/a.tex": "A part of the paper.", "parts/stale.tex": "Nobody reads this.",
        "all.bib": "", "lost.eps": "%!PS",
    })  # fmt: skip
    assert found(tmp_path) == {
        "a.tex": "", "b.tex": "", "lost.eps": "not-latex", "parts/stale.tex": "not-latex",
    }  # fmt: skip


def test_a_stray_document_does_not_hide_the_folders_below(tmp_path: Path) -> None:
    papers: dict[str, str | bytes] = {f"{name}/main.tex": paper(name) for name in "ABC"}
    write(
        tmp_path, {**papers, "B/part.tex": "", "B/figure.pdf": b"\0", "notes.tex": paper("notes")}
    )
    assert found(tmp_path) == {"notes.tex": "", "A": "", "B": "", "C": ""}


def test_one_main_file_takes_the_folder_with_it(tmp_path: Path) -> None:
    write(tmp_path, {
        "p/main.tex": paper("tides", r"\newcommand{\at}{sec}\input{\at/one}"),
        "p/sec/one.tex": "The first part.", "p/main.synctex.gz": b"\x1f\x8bjunk",
        "p/fig.eps": "%!", "p/README": "Read me.", "p/data/values.csv": "1,2",
    })  # fmt: skip
    assert found(tmp_path) == {"p": ""}


def test_a_supplement_in_an_archive_is_a_document_of_the_same_paper(tmp_path: Path) -> None:
    data = tar({"main.tex": paper("tides"), "supp.tex": paper("more tides"), "fig.pdf": b"\0"})
    write(tmp_path, {"2301.1.tar.gz": gzip.compress(data)})
    first, second = find_documents(tmp_path)
    assert (first.name, second.name) == ("2301.1.tar.gz", "2301.1.tar.gz/supp.tex")
    assert first.doc_id == second.doc_id
    assert first.key != second.key
    assert "more tides" in str(read_document(second.path, part=second.part).document)


def test_a_version_of_a_paper_is_a_duplicate(tmp_path: Path) -> None:
    lines = "\n".join(f"This is line {i} of a text that is long enough." for i in range(9))
    data = tar({
        "main.tex": paper("tides", r"\input{body}"), "body.tex": lines,
        "arxiv.tex": paper("tides in arXiv", lines + "\nAnd one more line that is only in here."),
    })  # fmt: skip
    write(tmp_path, {"a.tar": data})
    assert found(tmp_path) == {"a.tar": "", "a.tar/arxiv.tex": "duplicate-document"}


@pytest.mark.parametrize("pack", ["tar", "tar.gz", "zip"])
def test_every_paper_of_a_bundle_is_found(tmp_path: Path, pack: str) -> None:
    members: dict[str, str | bytes] = {
        "0001/0001001.gz": gzip.compress(paper("one").encode()),
        "0001/0001002.gz": gzip.compress(tar({"m.tex": paper("two")})),
        "0001/0001003.pdf": b"%PDF\0",
        "0001/0001004.gz": b"\x1f\x8bjunk",
    }
    data = tar(members)
    if pack == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        data = out.getvalue()
    name = f"arXiv_src_0001_001.{pack}"
    write(tmp_path, {name: gzip.compress(data) if pack == "tar.gz" else data})
    assert found(tmp_path) == {
        f"{name}/0001/0001001.gz": "", f"{name}/0001/0001002.gz": "",
        f"{name}/0001/0001004.gz": "unreadable", f"{name}/0001/0001003.pdf": "not-latex",
    }  # fmt: skip
    assert found(tmp_path / name) == found(tmp_path)


def test_a_bundle_may_be_larger_than_a_paper(tmp_path: Path) -> None:
    members = {f"{i}.gz": gzip.compress(paper(f"subject {i}").encode()) for i in range(9)}
    write(tmp_path, {"all.tar": tar(dict(members))})
    limits = ExtractionLimits(input_bytes=2_000)
    assert (tmp_path / "all.tar").stat().st_size > limits.input_bytes
    assert [one.problem for one in find_documents(tmp_path, limits)] == [""] * 9
    few = ExtractionLimits(bundle_members=8)
    assert [one.problem for one in find_documents(tmp_path, few)] == ["too-large"]


def test_one_source_has_one_key_however_it_is_packed(tmp_path: Path) -> None:
    text = paper("tides")
    write(tmp_path, {
        "a.tex": text, "b.gz": gzip.compress(text.encode()), "c/ms.tex": text, "c/fig.pdf": b"\0",
        "d.tar.gz": gzip.compress(tar({"x/paper.tex": text, "x/f.png": b"\0"})),
        "2301.00001": gzip.compress(text.encode()),
    })  # fmt: skip
    for place in sorted(tmp_path.iterdir()):
        documents = list(find_documents(place))
        assert [one.problem for one in documents] == [""]
        assert len(documents) == 1
    keys = {one.doc_id for place in tmp_path.iterdir() for one in find_documents(place)}
    assert len(keys) == 1
    write(tmp_path, {"c/ms.tex": text + "%"})
    assert len({one.key for one in find_documents(tmp_path / "c")} - keys) == 1


def test_links_are_named_and_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    write(secret, {"part.tex": "secret", "main.tex": paper("secrets")})
    source = write(tmp_path / "src", {"a.tex": paper("a"), "b.tex": paper("b", r"\input{in/part}")})
    (source / "in").symlink_to(secret)
    (source / "c.tex").symlink_to(secret / "main.tex")
    problems = {one.name: one.problem for one in find_documents(source)}
    assert problems == {"a.tex": "", "b.tex": "", "c.tex": "link-or-device",
                        "in": "link-or-device"}  # fmt: skip
    (b,) = (one for one in find_documents(source) if one.name == "b.tex")
    assert "secret" not in str(read_document(b.path, part=b.part).document)


def test_a_text_that_quotes_a_class_is_no_document(tmp_path: Path) -> None:
    quoting = (
        "\\chapter{How to} \\begin{verbatim}\\documentclass{book}\\begin{document}\\end{verbatim}"
    )
    write(tmp_path, {"main.tex": paper("tides"), "tutorial.txt": quoting, "how.tex": quoting})
    assert found(tmp_path) == {tmp_path.name: ""}
