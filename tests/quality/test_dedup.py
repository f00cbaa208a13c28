"""What `dedup` leaves out, and who passes it over."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.written_rows import write_rows
from trainer.data.catalog import open_catalog
from trainer.data.rows import RowReader
from vary_data.base.errors import SourceError
from vary_data.cli.dedup import command
from vary_data.dataset import mixture
from vary_data.dataset.reader import Dataset
from vary_data.quality.dedup import DedupSettings, find, write
from vary_data.quality.dedup.leaders import exact, near
from vary_data.quality.dedup.signatures import MinHasher, band_size
from vary_data.quality.grams import GramHasher
from vary_data.quality.preview.choose import choose
from vary_data.quality.stats import collect
from vary_data.quality.validate import validate
from vary_data.quality.wording import tokens, wording

SENTENCE = "the keeper of this light house writes down every ship that passes by night and day"
WORDS = SENTENCE.split()


def page(words: int, start: int = 0) -> str:
    """Text whose words are all different from those of a page that starts elsewhere."""
    return " ".join(f"{WORDS[i % len(WORDS)]}{start + i}" for i in range(words))


def rows_of(*texts: str, **facts: Any) -> list[dict[str, Any]]:
    return [{"text": text, **facts} for text in texts]


def run(*arguments: Any) -> dict[str, Any]:
    result = CliRunner().invoke(command, [*map(str, arguments), "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    facts: dict[str, Any] = json.loads(result.stdout)
    return facts


def kept(out: Path, name: str) -> list[str]:
    return [row["id"][-4:] for row in Dataset.open(out).config(name).rows(["id"])]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Row 1 repeats row 0 with other spaces, row 3 differs from row 2 in one word of 200."""
    folder = tmp_path_factory.mktemp("dedup")
    changed = page(200, 1000).replace("keeper1001", "owner")
    texts = (page(50), f" {page(50)}\n", page(200, 1000), changed, page(50, 5000))
    write_rows(folder, "pages", rows_of(*texts), samples_per_shard=3)
    return folder


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "out"))


def test_exact_and_near_duplicates_are_left_out_and_explained(out: Path) -> None:
    facts = run(out)
    assert facts["configurations"] == {"pages": {"rows": 5, "exact": 1, "near": 1}}
    assert kept(out, "pages") == ["0000", "0002", "0004"]
    engine = out / "pages" / ".vary"
    explained = [
        json.loads(line) for line in (engine / "duplicates.jsonl").read_text().splitlines()
    ]
    assert [(e["row"][-4:], e["kept"][-4:]) for e in explained] == [
        ("0001", "0000"),
        ("0003", "0002"),
    ]
    # 196 runs of five words; one changed word is in five of them: 191 of 201 are shared.
    assert explained[0]["similarity"] is None
    assert explained[1]["similarity"] == pytest.approx(191 / 201, abs=0.08)
    listed = json.loads((engine / "keep.json").read_text())
    assert listed["made_by"] == "vary-data dedup --threshold 0.8"
    assert {n: s["left_out"] for n, s in listed["shards"].items()} == {
        "train-00000-of-00002.parquet": [1],
        "train-00001-of-00002.parquet": [0],
    }


def test_every_reader_passes_left_out_rows_over_and_says_so(out: Path) -> None:
    run(out)
    dataset = Dataset.open(out)
    stats = collect(dataset)
    assert (stats.samples, stats.left_out, stats.duplicates.rows) == (3, 2, 0)
    assert mixture.rows_of(dataset.config("pages"), "train") == 3
    assert len(choose(dataset, 10, 0)) == 3
    report = validate(out)
    assert report.clean, report.problems
    assert report.notes == ("pages: a keep-list leaves out 2 of 5 rows",)
    (configuration,) = open_catalog([str(out)], "train")
    assert configuration.rows == 3
    reader = RowReader(["id"], 1 << 20)
    read = [reader.row(g, i)["id"][-4:] for g in configuration.groups for i in range(g.rows)]
    assert read == ["0000", "0002", "0004"]


def test_undo_and_deleting_the_list_restore_all(out: Path) -> None:
    run(out)
    undone = CliRunner().invoke(command, [str(out), "--undo"])
    assert undone.output == "every row is read again of: pages\n"
    assert len(kept(out, "pages")) == 5
    assert not (out / "pages" / ".vary" / "duplicates.jsonl").exists()
    run(out)
    (out / "pages" / ".vary" / "keep.json").unlink()
    assert len(kept(out, "pages")) == 5
    assert CliRunner().invoke(command, [str(out), "--undo"]).exit_code == 0


def test_a_dry_run_writes_nothing_and_a_second_run_finds_the_same(out: Path) -> None:
    assert run(out, "--dry-run")["left_out"] == 2
    assert len(kept(out, "pages")) == 5
    run(out)
    first = (out / "pages" / ".vary" / "keep.json").read_bytes()
    run(out)
    assert (out / "pages" / ".vary" / "keep.json").read_bytes() == first
    assert run(out, "--threshold", 1)["configurations"]["pages"] == {
        "rows": 5,
        "exact": 1,
        "near": 0,
    }


def test_a_keep_list_of_other_data_is_refused(out: Path) -> None:
    run(out)
    path = out / "pages" / ".vary" / "keep.json"
    text = path.read_text()
    path.write_text(text.replace('"plan_id": "', '"plan_id": "x'))
    with pytest.raises(SourceError, match="made for other data"):
        kept(out, "pages")
    path.write_text(text.replace('"left_out": [1]', '"left_out": [7]'))
    with pytest.raises(SourceError, match="out of range"):
        kept(out, "pages")
    assert validate(out).counts == {"keep-list": 1}


def test_variants_of_one_document_stay_unless_asked(tmp_path: Path) -> None:
    write_rows(tmp_path, "styles", rows_of(page(60), page(60), doc="record-1"))
    assert run(tmp_path)["left_out"] == 0
    assert run(tmp_path, "--within-documents")["left_out"] == 1
    write_rows(tmp_path, "styles-again", rows_of(page(60), doc="record-1"))
    assert run(tmp_path)["configurations"]["styles-again"]["exact"] == 1


def test_answers_are_compared_with_their_question_and_picture(tmp_path: Path) -> None:
    rows = [
        {"text": "Yes", "prompt": "Is it red?", "shade": 1},
        {"text": "Yes", "prompt": "Is it round?", "shade": 1},
        {"text": "Yes", "prompt": "Is it red?", "shade": 2},
        {"text": "Yes", "prompt": "Is it red?", "shade": 1},
    ]
    write_rows(tmp_path, "vqa", [{**row, "format": "answer", "kind": "vqa"} for row in rows])
    run(tmp_path)
    assert kept(tmp_path, "vqa") == ["0000", "0001", "0002"]


def test_rows_to_evaluate_on_stay_before_rows_to_train_on(tmp_path: Path) -> None:
    write_rows(tmp_path, "a-train", rows_of(page(60), page(60, 900)))
    write_rows(tmp_path, "b-test", rows_of(page(60), doc="held out"), splits={"test": 1.0})
    run(tmp_path)
    assert (kept(tmp_path, "a-train"), kept(tmp_path, "b-test")) == (["0001"], ["0000"])


def test_charts_are_not_alike_for_the_frame_of_their_dict(tmp_path: Path) -> None:
    def chart(title: str, *values: str) -> str:
        names = dict(zip("ABCDEF", values, strict=False))
        return repr({"title": title, "source": "None", "x_title": "None", "values": names})

    texts = [chart("Wheat", "1", "2", "3"), chart("Maize", "4", "5", "6"), chart("Oats", "-1", "2")]
    write_rows(tmp_path, "charts", rows_of(*texts, format="dict", kind="chart"))
    assert run(tmp_path)["left_out"] == 0


def test_wording_and_tokens() -> None:
    chart = {"text": "{'title': 'Ａ b', 'source': 'None', 'values': {'x': {'y': '3 t'}}}"}
    assert wording({**chart, "format": "dict"}) == "Ａ b\nx\ny\n3 t"
    assert tokens("Ａ b-C，中文3.5") == ["a", "b", "c", "中", "文", "3", "5"]
    # rows of datasets from before the usual signs, and of a test set in another form
    assert tokens("\u2206x 5 \u00b5m x\u02b9") == tokens("Δx 5 μm x′") == ["δx", "5", "μm", "x"]
    table = r"\begin{tabular}{|l|l|}\hline \textbf{Name} & 2\\ \hline\end{tabular}"
    assert tokens(wording({"text": table, "format": "mmd"})) == ["name", "2"]
    parts = [{"type": "image", "text": None}, {"type": "text", "text": "Why?"}]
    messages = [{"role": "user", "content": parts}]
    assert wording({"text": "", "messages": messages, "format": "answer"}) == "Why?"
    assert wording({"text": "not a dict", "format": "dict"}) == "not a dict"


def test_signatures_estimate_jaccard() -> None:
    hasher, sign = GramHasher(1), MinHasher()
    letters = [f"w{i}" for i in range(3000)]
    one, two = letters[:2000], letters[1000:]
    alike = (sign(hasher(one)) == sign(hasher(two))).mean()
    assert alike == pytest.approx(1 / 3, abs=0.12)
    assert (sign(hasher(one)) == sign(hasher(one[::-1]))).all()


def test_bands_are_wide_enough() -> None:
    # 1 - (1 - 0.8^6)^21 = 0.998, and with seven in a band 1 - (1 - 0.8^7)^18 = 0.986.
    assert band_size(0.8) == 6
    assert band_size(0.5) == 3
    assert band_size(1.0) == 16


def test_variants_are_found_among_many_and_nothing_else_is() -> None:
    """200 texts of 300 words, each with two words changed in two variants: similarity 0.93."""
    rng = np.random.default_rng(0)
    runs, sign = GramHasher(5), MinHasher()
    texts = []
    for number in range(200):
        words = [f"{number}-{i}" for i in range(300)]
        for variant in range(3):
            changed = {int(i) for i in rng.choice(300, 2 * (variant > 0), replace=False)}
            texts.append([f"x{variant}" if i in changed else w for i, w in enumerate(words)])
    signatures = np.stack([sign(runs(text)) for text in texts])
    rows, documents = np.arange(600), np.arange(600, dtype=np.uint64)
    found = list(near(rows, signatures, documents, 0.8, within=False))
    assert [(d.row, d.kept) for d in found] == [
        (3 * n + variant, 3 * n) for n in range(200) for variant in (1, 2)
    ]
    apart = list(near(rows, signatures, documents // np.uint64(3), 0.8, within=False))
    assert apart == []


def test_shards_do_not_matter(tmp_path: Path) -> None:
    texts = [page(40, 1000 * (i % 7)) for i in range(20)]
    for size in (1, 6, 100):
        out = tmp_path / str(size)
        write_rows(out, "pages", rows_of(*texts), samples_per_shard=size)
        run(out)
        assert kept(out, "pages") == [f"{i:04d}" for i in range(7)]


@given(st.lists(st.text("ab中 ", max_size=3), max_size=30), st.integers(1, 5))
def test_runs_are_equal_where_the_words_are(words: list[str], n: int) -> None:
    hasher = GramHasher(n)
    found = hasher(words)
    assert len(found) == (max(1, len(words) - n + 1) if words else 0)
    runs = [tuple(words[i : i + n]) for i in range(len(found))]
    assert len(set(found.tolist())) == len(set(runs))
    assert (GramHasher(n)(words) == found).all()


@given(st.lists(st.integers(0, 5), max_size=30), st.booleans())
def test_one_row_of_each_text_stays(texts: list[int], within: bool) -> None:
    hashes = np.array(texts, np.uint64)
    documents = np.arange(len(texts), dtype=np.uint64)
    gone = {found.row: found.kept for found in exact(hashes, documents, within)}
    stay = [row for row in range(len(texts)) if row not in gone]
    assert [texts[row] for row in stay] == list(dict.fromkeys(texts))
    assert all(texts[row] == texts[kept] and kept in stay for row, kept in gone.items())


def test_an_unwritten_dataset_gives_an_empty_result(tmp_path: Path) -> None:
    write_rows(tmp_path, "one", rows_of("a"))
    next((tmp_path / "one" / "data").glob("*")).unlink()
    found = find(Dataset.open(tmp_path), DedupSettings())
    assert (found.rows, found.duplicates) == (0, ())
    write(found)
