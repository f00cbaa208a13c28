"""The same hostile folder through every importer: nothing from outside reaches a dataset."""

from __future__ import annotations

import io
import json
import os
import signal
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from PIL import Image

from vary_data import generators
from vary_data.api import make_recipe
from vary_data.base.errors import VaryError
from vary_data.cli import group
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.engine.plan import RunPlan
from vary_data.engine.sample import Sample
from vary_data.sources.web_pages.contents.photos import Photos

SECRET = "hf_SecretTokenOfTheUser"
SECRET_SIZE = (61, 47)
IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    """A named pipe or an endless device that is read must fail the test, not stop it."""
    signal.alarm(60)
    yield
    signal.alarm(0)


def picture(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    pixels = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder with a private photo and a key, next to the source."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "photo.png").write_bytes(picture(SECRET_SIZE))
    (folder / "key.txt").write_text(SECRET)
    (folder / "key.tex").write_text(SECRET)
    (folder / "key.jsonl").write_text(json.dumps({"text": SECRET}))
    return folder


@pytest.fixture
def source(tmp_path: Path, outside: Path) -> Path:
    """Links out, loops, pipes, endless devices and one good picture with a caption."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "good.png").write_bytes(picture((40, 30)))
    (folder / "good.txt").write_text("a good caption")
    (folder / "inside.png").symlink_to("good.png")
    (folder / "inside.txt").symlink_to("good.txt")
    (folder / "stolen.png").symlink_to(outside / "photo.png")
    (folder / "stolen.txt").symlink_to(outside / "key.txt")
    (folder / "caption.png").write_bytes(picture((40, 30)))
    (folder / "caption.txt").symlink_to(outside / "key.txt")
    (folder / "folder").symlink_to(outside)
    (folder / "loop.png").symlink_to("loop.png")
    (folder / "zero.png").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.png")
    os.mkfifo(folder / "pipe.txt")
    return folder


NAMES = [
    "good.png",
    "../outside/photo.png",
    "folder/photo.png",
    "stolen.png",
    "loop.png",
    "loop.png/x",
    "good.png/x",
    "zero.png",
    "pipe.png",
    "x" * 5000 + ".png",
    "nul\0.png",
    "file:///etc/passwd",
    "http://127.0.0.1:9/x.png",
    "~/x.png",
    "./good.png",
    ".",
    7,
]


def outcomes(generator: str, **options: Any) -> tuple[list[Sample], list[Rejection]]:
    """Run all tasks of a recipe in this process."""
    recipe = make_recipe(generator, **options)
    loaded = generators.load(recipe.generator)
    plan = RunPlan.resolve(recipe, loaded)
    runner = loaded.open(recipe)
    found: list[Any] = []
    for shard in plan.shards:
        for task, seed in plan.tasks_of(shard):
            found += list(runner.run(task, seed))
    runner.close()
    samples = [item for item in found if isinstance(item, Sample)]
    return samples, [item for item in found if isinstance(item, Rejection)]


def check_clean(samples: list[Sample]) -> None:
    for sample in samples:
        assert (sample.width, sample.height) != SECRET_SIZE
        assert SECRET not in repr((sample.text, sample.turns, sample.meta))


def absolute(outside: Path) -> list[Any]:
    return [*NAMES, str(outside / "photo.png")]


def llava(source: Path, outside: Path) -> dict[str, Any]:
    turns = [{"from": "human", "value": "<image>\nq"}, {"from": "gpt", "value": "a"}]
    rows = [{"image": name, "conversations": turns} for name in absolute(outside)]
    text = json.dumps(rows)[:-1] + ', {"image": "good.png", "conversations": ' + "[" * 5000
    (source / "rows.json").write_text(text + "]" * 5000 + "}]")
    return {"dataset": "llava", "src": source / "rows.json"}


def vary(source: Path, outside: Path) -> dict[str, Any]:
    rows = [
        json.dumps(
            {"image": name, "question": "q\u2028q\u0085", "caption": "c"}, ensure_ascii=False
        )
        for name in absolute(outside)
    ]
    (source / "rows.jsonl").write_text("\n".join([*rows, "[" * 5000 + "]" * 5000]))
    return {"dataset": "vary", "src": source / "rows.jsonl"}


def docvqa(source: Path, outside: Path) -> dict[str, Any]:
    rows = [
        {"questionId": i, "question": "q", "answers": ["a"], "image": name}
        for i, name in enumerate([*absolute(outside), "x"])
    ]
    (source / "train_v1.0.json").write_text(json.dumps({"data": rows}))
    return {"dataset": "docvqa", "src": source}


def chartqa(source: Path, outside: Path) -> dict[str, Any]:
    root = source / "set" / "train"
    root.mkdir(parents=True)
    (root / "png").symlink_to(source)
    rows = [{"imgname": n, "query": "q", "label": "1"} for n in [*absolute(outside), "x"]]
    (root / "train_human.json").write_text(json.dumps(rows))
    return {"dataset": "chartqa", "src": source / "set"}


@pytest.mark.parametrize("prepare", [llava, vary, docvqa, chartqa], ids=lambda f: f.__name__)
def test_rows_that_name_pictures(
    source: Path, outside: Path, prepare: Callable[[Path, Path], dict[str, Any]]
) -> None:
    samples, rejections = outcomes("import", **prepare(source, outside))
    check_clean(samples)
    assert len(samples) == 2, "good.png and ./good.png"
    assert len(rejections) == len(NAMES) - 2 + 1 + 1
    assert {r.reason for r in rejections} <= {
        "outside",
        "missing-image",
        "not-a-file",
        "unreadable",
        "no-image",
        "malformed-row",
    }


def test_captioned_files(source: Path) -> None:
    samples, rejections = outcomes("import", dataset="laion-coco", src=source)
    check_clean(samples)
    assert sorted(sample.source for sample in samples) == [
        "laion-coco:good.png",
        "laion-coco:inside.png",
    ]
    assert sorted((r.detail.partition(":")[0], r.reason) for r in rejections) == [
        ("caption.png", "outside"),
        ("loop.png", "no-caption"),
        ("pipe.png", "not-a-file"),
        ("stolen.png", "outside"),
        ("zero.png", "no-caption"),
    ]


def test_pictures_of_a_folder(source: Path) -> None:
    samples, rejections = outcomes("negatives", coco=source)
    check_clean(samples)
    assert sorted(s.source for s in samples) == ["caption.png", "good.png", "inside.png"]
    assert sorted((r.detail.partition(":")[0], r.reason) for r in rejections) == [
        ("loop.png", "unreadable"),
        ("pipe.png", "not-a-file"),
        ("stolen.png", "outside"),
        ("zero.png", "outside"),
    ]


def test_photographs_of_browser_pages(source: Path) -> None:
    photos, rng = Photos(str(source), None, ""), np.random.default_rng(0)
    names, reasons = set(), set()
    for _ in range(60):
        try:
            made = photos.make(100, 0.75, rng)
        except Rejected as error:
            reasons.add(error.reason)
        else:
            assert made is not None
            names.add(made.facts["name"])
    photos.close()
    assert names == {"caption.png", "good.png", "inside.png"}
    assert reasons == {"unreadable", "not-a-file", "outside"}


@pytest.mark.parametrize("importer", ["negatives", "laion-coco"])
def test_tables_that_name_pictures(source: Path, outside: Path, importer: str) -> None:
    names = [name if isinstance(name, str) else None for name in absolute(outside)]
    column = "image" if importer == "negatives" else "jpg"
    images = pa.array([{"bytes": None, "path": name} for name in names], IMAGE)
    folder = source / "tables"
    folder.mkdir()
    (folder / "good.png").write_bytes(picture((40, 30)))
    pq.write_table(
        pa.table({column: images, "caption": ["c"] * len(names)}), folder / "rows.parquet"
    )
    if importer == "negatives":
        samples, rejections = outcomes("negatives", coco=folder)
    else:
        samples, rejections = outcomes("import", dataset="laion-coco", src=folder)
    check_clean(samples)
    assert (len(samples), len(rejections)) == (2, len(names) - 2)


@pytest.mark.parametrize("suffix", [".parquet", ".tar"])
def test_linked_containers(source: Path, outside: Path, suffix: str) -> None:
    (source / f"shard{suffix}").symlink_to(outside / "photo.png")
    with pytest.raises(VaryError, match="outside"):
        outcomes("import", dataset="laion-coco", src=source)


def test_members_of_a_tar(source: Path, outside: Path) -> None:
    with tarfile.open(source / "00000.tar", "w") as archive:

        def add(name: str, data: bytes) -> None:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))

        for name in ("../../evil", "/abs/x", "cats/1", "dogs/1"):
            add(f"{name}.png", picture((40, 30)))
            add(f"{name}.txt", f"caption of {name}".encode())
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
            link = tarfile.TarInfo(f"link{kind.decode()}.png")
            link.type, link.linkname = kind, str(outside / "photo.png")
            archive.addfile(link)
    samples, _ = outcomes("import", dataset="laion-coco", src=source)
    check_clean(samples)
    assert {s.source.removeprefix("laion-coco:00000.tar/"): s.text for s in samples} == {
        f"{name}.png": f"caption of {name}" for name in ("../../evil", "/abs/x", "cats/1", "dogs/1")
    }


def test_corpora_with_links_are_refused(source: Path, outside: Path) -> None:
    from vary_data.sources.texts import read_texts

    for name, reason in (
        ("caption.txt", "outside"),
        ("pipe.txt", "not-a-file"),
        ("stolen.txt", "outside"),
    ):
        with pytest.raises(VaryError, match=rf"{name} cannot be read \({reason}"):
            read_texts(source)
        (source / name).unlink()
    texts, problems = read_texts(source)
    assert (texts, problems) == (["a good caption", "a good caption"], [])
    with pytest.raises(VaryError, match="not a regular file"):
        outcomes("semantic-charts", records="/dev/zero", num_samples=1)


def test_latex_sources(source: Path, outside: Path) -> None:
    from vary_data.sources.arxiv import find_documents, read_document

    text = "Hello, this is the text of a document that is long enough."
    inputs = r"\input{stolen} \input{../outside/key} \input{folder/key} \input{pipe}"
    body = rf"\documentclass{{article}}\begin{{document}}{text} {inputs}\end{{document}}"
    (source / "main.tex").write_text(body)
    (source / "stolen.tex").symlink_to(outside / "key.tex")
    os.mkfifo(source / "pipe.tex")
    (source / "paper").symlink_to("/dev/zero")
    found = list(find_documents(source))
    (document,) = (one for one in found if not one.problem)
    assert SECRET not in repr(read_document(document.path, part=document.part))
    assert SECRET not in repr(found)
    archives = source / "archives"
    archives.mkdir()
    os.mkfifo(archives / "paper")
    assert [one.problem for one in find_documents(archives)] == ["link-or-device"]


def test_documents(source: Path, outside: Path) -> None:
    from vary_data.sources.pdfs import find_documents

    os.mkfifo(source / "pipe.pdf")
    (source / "zero.pdf").symlink_to("/dev/zero")
    (source / "stolen.pdf").symlink_to(outside / "photo.png")
    (source / "loop.pdf").symlink_to("loop.pdf")
    found = find_documents([str(source)])
    assert {file.name: file.problem for file in found} == {
        "pipe.pdf": "not-a-file",
        "zero.pdf": "outside",
        "stolen.pdf": "outside",
        "loop.pdf": "unreadable",
    }


def test_fonts(source: Path, outside: Path) -> None:
    from tests.tools.font_files import renamed
    from vary_data.sources.user_fonts import load_user_fonts

    renamed(outside / "key.ttf", "Secret Sans")
    renamed(source / "good.ttf", "Own Sans")
    (source / "stolen.ttf").symlink_to(outside / "key.ttf")
    (source / "loop.ttf").symlink_to("loop.ttf")
    (source / "zero.ttf").symlink_to("/dev/zero")
    os.mkfifo(source / "pipe.otf")
    found = load_user_fonts("en", str(source))
    assert [family.name for family in found.families] == ["Own Sans"]
    assert sorted(file.reason for file in found.unused) == [
        "not-a-file", "outside", "outside", "unreadable",
    ]  # fmt: skip


def test_backgrounds(source: Path, outside: Path) -> None:
    from renderers.degrade.backdrop import backdrop, pictures

    assert pictures(str(source)) == ("caption.png", "good.png", "inside.png")
    (source / "long.png").write_bytes(picture((400, 2)))
    (source / "bomb.png").write_bytes(stated_size(picture((40, 30)), 60_000, 60_000))
    (source / "text.png").write_text("no picture")
    pictures.cache_clear()
    values = {"folder": str(source), "kind": "wood"}
    reasons = set()
    for seed in range(60):
        try:
            assert backdrop(20, 20, values, np.random.default_rng(seed)).shape == (20, 20, 3)
        except Rejected as error:
            reasons.add(error.detail)
    assert reasons == {
        "long.png is too long or too wide",
        "bomb.png has more than 50,000,000 pixels",
        "text.png is not a picture",
    }
    pictures.cache_clear()


def stated_size(data: bytes, width: int, height: int) -> bytes:
    """A PNG file whose head states another size."""
    head = b"IHDR" + struct.pack(">II", width, height) + data[24:29]
    return data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:]


DATASET_COMMANDS = {
    "mix": ["mix", "DATASET", "-j", "1", "-o", "OUT"],
    "degrade": ["degrade", "DATASET", "--profile", "jpeg", "-j", "1", "-o", "OUT"],
    "retarget": ["retarget", "DATASET", "--to", "plain", "-j", "1", "-o", "OUT"],
    "crop": ["crop", "DATASET", "--min-side", "1", "-j", "1", "-o", "OUT"],
    **{
        form: ["export", "DATASET", "--format", form, "--to", "OUT"]
        for form in (
            "llava",
            "trl",
            "swift",
            "webdataset",
            "coco",
            "yolo",
            "pubtabnet",
            "omnidocbench",
        )
    },
    "preview": ["preview", "DATASET", "-o", "OUT.html"],
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two datasets: of rows that name files of the user, and of rows whose names are paths."""
    from tests.export.layout_rows import PAGE
    from tests.tools.written_rows import write_rows

    folder = tmp_path_factory.mktemp("datasets")
    private = folder / "private.png"
    private.write_bytes(picture((32, 24)))
    for name in ("stolen", "paths"):
        write_rows(folder / name, "pages", [PAGE, {**PAGE, "doc": 1}])
        (shard,) = (folder / name).glob("*/data/*.parquet")
        table = pq.read_table(shard)
        columns = {column: table[column].to_pylist() for column in ("id", "image")}
        columns["id"][0] = f"../../../{columns['id'][0]}"
        if name == "stolen":
            columns["image"][1] = {"bytes": None, "path": str(private)}
        else:
            columns["image"][0]["path"] = "../../../evil.png"
            columns["image"][1]["path"] = f"{folder}/evil.png"
        for column, values in columns.items():
            field = table.schema.field(column)
            place = table.schema.get_field_index(column)
            table = table.set_column(place, field, pa.array(values, field.type))
        pq.write_table(table, shard)
    return folder


def run_below(pages: Path, dataset: str, name: str, tmp_path: Path) -> tuple[int, Path]:
    """Run a command on a dataset; nothing may be written next to its output."""
    below = tmp_path / "a" / "b" / "c" / "d"
    below.mkdir(parents=True)
    words = {"DATASET": str(pages / dataset), "OUT": str(below / "out")}
    command = [
        words.get(word, word.replace("OUT", words["OUT"])) for word in DATASET_COMMANDS[name]
    ]
    before = set(pages.rglob("*"))
    done = CliRunner().invoke(group, command)
    assert done.exception is None or isinstance(done.exception, SystemExit | VaryError), done
    assert set(pages.rglob("*")) == before
    written = {path for path in tmp_path.rglob("*") if path.is_file() or path.is_symlink()}
    assert all(path.resolve().is_relative_to(below) for path in written)
    return done.exit_code, below


@pytest.mark.parametrize("name", DATASET_COMMANDS)
def test_a_path_in_place_of_a_picture_is_not_opened(pages: Path, tmp_path: Path, name: str) -> None:
    _, below = run_below(pages, "stolen", name, tmp_path)
    private = (pages / "private.png").read_bytes()
    assert not [
        path for path in below.rglob("*") if path.is_file() and private in path.read_bytes()
    ]
    for shard in below.rglob("*.parquet"):
        for image in pq.read_table(shard, columns=["image"])["image"].to_pylist():
            assert image["bytes"], "the row without a picture is a rejection"
            assert image["bytes"] != private


@pytest.mark.parametrize("name", [n for n in DATASET_COMMANDS if n not in ("mix", "crop")])
def test_ids_and_names_of_pictures_are_no_paths(pages: Path, tmp_path: Path, name: str) -> None:
    status, below = run_below(pages, "paths", name, tmp_path)
    assert status == 0
    assert [path for path in below.rglob("*") if path.is_file()]
