import hashlib
import os

import pytest

from vary_data.base.errors import SourceError, UsageError
from vary_data.sources.pdfs import find_documents


@pytest.fixture
def folder(tmp_path):
    for name in ("b.pdf", "a.PDF", "deep/er/c.epub", "deep/notes.txt", "page.html"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path / "in"


def names(*sources):
    return [file.name for file in find_documents([str(s) for s in sources])]


def test_a_folder_is_searched_with_its_subfolders(folder):
    assert names(folder) == ["a.PDF", "b.pdf", "deep/er/c.epub"]


def test_files_patterns_and_each_path_once(folder):
    assert names(folder / "page.html") == ["page.html"]
    assert names(f"{folder}/*.pdf") == ["b.pdf"]
    assert names(f"{folder}/**/*.epub") == ["c.epub"]
    assert names(folder / "b.pdf", folder) == ["b.pdf", "a.PDF", "deep/er/c.epub"]


def test_a_list_file_is_relative_to_itself(folder):
    listed = folder.parent / "list.txt"
    listed.write_text("# two of them\nin/b.pdf\n\nin/deep\n")
    assert names(listed) == names(f"@{listed}") == ["b.pdf", "er/c.epub"]
    listed.write_text("in/b.pdf\nin/absent.pdf\n")
    with pytest.raises(SourceError, match=r"list.txt, line 2: .*absent.pdf does not exist"):
        find_documents([str(listed)])


def test_an_unreadable_list(tmp_path):
    with pytest.raises(SourceError, match="cannot read the list"):
        find_documents([f"@{tmp_path / 'absent'}"])


def test_hashes_and_sizes(folder):
    (file,) = find_documents([str(folder / "b.pdf")])
    assert file.sha256 == hashlib.sha256(b"b.pdf").hexdigest()
    assert file.size == 5


def test_nothing_found(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"no document in .*empty; looked for \*\.pdf \*\.epub"):
        find_documents([str(tmp_path / "empty")])
    with pytest.raises(SourceError, match="does not exist"):
        find_documents([str(tmp_path / "absent")])
    with pytest.raises(SourceError, match="no document"):
        find_documents([f"{folder}/*.djvu"])
    with pytest.raises(UsageError, match="--src"):
        find_documents([])


def test_files_that_cannot_be_used_are_named(tmp_path):
    (tmp_path / "empty.pdf").touch()
    os.mkfifo(tmp_path / "pipe.pdf")
    problems = {file.name: file.problem for file in find_documents([str(tmp_path)])}
    assert problems == {"empty.pdf": "empty-file", "pipe.pdf": "not-a-file"}
