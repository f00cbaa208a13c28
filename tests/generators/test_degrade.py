"""`vary-data degrade`: copies with regions that follow, repeatable, counted, with clear errors."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from renderers.picture import Region, encode
from renderers.region_tree import moved
from tests.export.layout_rows import PAGE
from tests.tools.toy_datasets import CHARTS, PAGES, write_toy_dataset
from tests.tools.written_rows import write_rows
from vary_data import generate, generators, open_dataset, validate
from vary_data.api import expand
from vary_data.base.errors import SourceError, UsageError, VaryError
from vary_data.cli.degrade import command
from vary_data.dataset.rejection import Rejected
from vary_data.engine.recipe import Recipe
from vary_data.engine.rows import to_batch
from vary_data.engine.sample import Sample
from vary_data.generators.degrading import MAX_ATTEMPTS, with_its_target
from vary_data.generators.mix import copied
from vary_data.targets.read import target_format
from vary_data.targets.target import META_KEY, target_meta, targets


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_dataset(tmp_path_factory.mktemp("degrade") / "source")


@pytest.fixture(scope="module")
def photos(source: Path) -> Path:
    out = source.parent / "photos"
    run(source, out, "--profile", "photo", "--strength", "0.4", "-j", "1")
    return out


def run(source: Path, out: Path, *flags: str) -> str:
    arguments = [str(source), "-o", str(out), "-q", *flags]
    return CliRunner().invoke(command, arguments, catch_exceptions=False).output


def rows(out: Path, config: str) -> list[dict[str, Any]]:
    return list(open_dataset(out).config(config).rows())


def test_copies_keep_text_and_document_and_get_quads(source: Path, photos: Path) -> None:
    clean = {row["id"]: row for row in rows(source, CHARTS)}
    found = rows(photos, f"{CHARTS}-photo")
    assert len(found) == sum(row["image"]["path"].endswith(".jpeg") for row in found) > 10
    for row in found:
        meta = json.loads(row["meta"])
        origin = clean[meta["origin"]]
        assert meta["origin_seed"] == origin["seed"]
        assert meta["degrade"]["profile"] == "photo"
        assert {"rotate", "perspective", "focus"} <= set(meta["degrade"]["steps"])
        assert (row["text"], row["doc_id"]) == (origin["text"], origin["doc_id"])
        assert [r["text"] for r in row["regions"]] == [r["text"] for r in origin["regions"]]
        assert all(r["quad"] for r in row["regions"] if r["role"] == "word")
    # only rows of the split `train` were taken
    assert set(open_dataset(photos).config(f"{CHARTS}-photo").splits) == {"train"}


def test_the_dataset_is_valid_and_is_drawn_again(photos: Path) -> None:
    report = validate(photos, deep=True, workers=1)
    assert not report.problems
    assert report.replayed == 8


@pytest.mark.worker_processes
def test_any_number_of_workers_and_a_lost_shard(source: Path, photos: Path, tmp_path: Path) -> None:
    flags = ("--profile", "photo", "--strength", "0.4", "--set", "samples_per_shard=3")
    run(source / PAGES, tmp_path, *flags, "-j", "2")
    name = f"{PAGES}-photo"
    first = rows(tmp_path, name)
    (lost, *_) = sorted((tmp_path / name / "data").iterdir())
    lost.unlink()
    run(source / PAGES, tmp_path, *flags, "-j", "1")
    assert rows(tmp_path, name) == first == rows(photos, name)


def test_several_pictures_of_a_sample(source: Path, tmp_path: Path) -> None:
    settings = {"dataset": str(source / PAGES), "profile": "scan", "per_sample": 2}
    result = generate("degrade", tmp_path, name="d", workers=1, **settings)
    assert result.samples == 16
    by_origin: dict[str, set[bytes]] = {}
    for row in rows(tmp_path, "d"):
        origin = json.loads(row["meta"])["origin"]
        by_origin.setdefault(origin, set()).add(row["image"]["bytes"])
    assert {len(pictures) for pictures in by_origin.values()} == {2}


BLEED = "- bleed_through: {amount: 0.6}\n"


def ink_in_empty_columns(out: Path, config: str) -> list[int]:
    """For each row, the columns of the picture whose print is that of the other side."""
    found = []
    for row in rows(out, config):
        pixels = np.asarray(Image.open(io.BytesIO(row["image"]["bytes"])).convert("L"))
        faint = np.flatnonzero(((pixels > 60) & (pixels < 200)).any(axis=0))
        found.append(round(float(faint.mean())))
    return found


def test_the_next_row_shines_through(tmp_path: Path) -> None:
    """Three pages with a black column at 10, 30 and 50 of 100 pixels, and one page alone."""
    pages = []
    for column in (10, 30, 50):
        pixels = np.full((60, 100), 255, np.uint8)
        pixels[:, column - 3 : column + 3] = 0
        pages.append({**PAGE, "text": "", "regions": [], "pixels": pixels.tolist()})
    write_rows(tmp_path / "rows", "p", pages)
    write_rows(tmp_path / "rows", "single", pages[:1])
    profile = tmp_path / "bleed.yaml"
    profile.write_text(BLEED)
    settings = {"profile": str(profile), "strength": 1.0, "image_format": "png"}
    for workers in (1, 2):
        generate("degrade", tmp_path / str(workers), name="d", workers=workers,
                 dataset=str(tmp_path / "rows" / "p"), per_sample=2, **settings)  # fmt: skip
    found = ink_in_empty_columns(tmp_path / "1", "d")
    # Mirrored: 30, then 50 shine through 10, and so on in a circle.
    assert found == pytest.approx([70, 50, 50, 90, 90, 70], abs=5)
    assert [r["image"] for r in rows(tmp_path / "1", "d")] == [
        r["image"] for r in rows(tmp_path / "2", "d")
    ]
    generate("degrade", tmp_path / "1", name="one", workers=1,
             dataset=str(tmp_path / "rows" / "single"), **settings)  # fmt: skip
    assert ink_in_empty_columns(tmp_path / "1", "one") == pytest.approx([90], abs=5)


def test_illegible_text_makes_the_picture_weaker_or_is_rejected(
    source: Path, tmp_path: Path
) -> None:
    profile = tmp_path / "blur.yaml"
    profile.write_text("- focus: {sigma: 0.25, uneven: 0}\n")
    settings = {"dataset": str(source / PAGES), "profile": str(profile), "workers": 1}
    weaker = generate("degrade", tmp_path, name="weaker", strength=1.0, **settings)
    assert weaker.samples == 8
    rejections = list(open_dataset(tmp_path).config("weaker").rejections())
    assert {(r.reason, r.retried) for r in rejections} == {("illegible", True)}
    for row in rows(tmp_path, "weaker"):
        assert json.loads(row["meta"])["degrade"]["strength"] < 1
    profile.write_text("- focus: {sigma: 1, uneven: 0}\n")
    lost = generate("degrade", tmp_path, name="lost", strength=1.0, **settings)
    assert lost.samples == 0
    assert len(lost.rejections) == 8
    assert len(list(open_dataset(tmp_path).config("lost").rejections())) == 8 * MAX_ATTEMPTS


def test_photographs_as_backgrounds(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photographs"
    folder.mkdir()
    Image.new("RGB", (60, 40), (0, 200, 0)).save(folder / "green.png")
    profile = tmp_path / "mine.yaml"
    profile.write_text("- background: {shadow: 0}\n- frame: {margin: 0.3}\n")
    settings = {"dataset": str(source / PAGES), "profile": str(profile), "workers": 1}
    generate("degrade", tmp_path, name="b", backgrounds=str(folder), strength=1.0, **settings,
             image_format="png")  # fmt: skip
    picture = open_dataset(tmp_path).config("b").rows()
    path = tmp_path / "picture.png"
    path.write_bytes(next(picture)["image"]["bytes"])
    assert Image.open(path).convert("RGB").getpixel((1, 1)) == (0, 200, 0)
    (folder / "green.png").write_bytes(b"no picture")
    # other bytes under the same name are not another recipe, but a damaged file is counted
    found = generate("degrade", tmp_path, name="c", backgrounds=str(folder), **settings)
    assert {r.reason for r in found.rejections} == {"background"}


@pytest.mark.parametrize(
    ("flags", "error", "message"),
    [
        (["--profile", "phot"], UsageError, "unknown profile 'phot'; did you mean 'photo'?"),
        (["--profile", "no/such.yaml"], SourceError, "cannot read the profile no/such.yaml"),
        (["--profile", "BAD"], UsageError, "bad.yaml: rotate.degrees must be between 0 and 180"),
        (["--profile", "BINARY"], SourceError, "it is not UTF-8"),
        (["--strength", "2"], VaryError, "--strength must be between 0 and 1"),
        (["--backgrounds", "EMPTY"], SourceError, "has no JPEG, PNG or WebP files"),
        (["--split", "nothing"], SourceError, "no configuration to degrade"),
    ],
)  # fmt: skip
def test_one_clear_line(
    source: Path, tmp_path: Path, flags: list[str], error: type[VaryError], message: str
) -> None:
    (tmp_path / "bad.yaml").write_text("- rotate: {degrees: 999}\n")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty").mkdir()
    places = {"BAD": "bad.yaml", "BINARY": "binary.yaml", "EMPTY": "empty"}
    flags = [str(tmp_path / places[flag]) if flag in places else flag for flag in flags]
    with pytest.raises(error) as caught:
        run(source, tmp_path / "out", *flags)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_degraded_configurations_are_not_degraded_again(source: Path, tmp_path: Path) -> None:
    out = write_toy_dataset(tmp_path / "both")
    flags = ("--profile", "jpeg", "-n", "2", "-j", "1")
    run(out, out, *flags)
    run(out, out, *flags)
    names = [config.name for config in open_dataset(out).configs]
    assert names == sorted([CHARTS, PAGES, f"{CHARTS}-jpeg", f"{PAGES}-jpeg"])


def toys(**more: Any) -> dict[str, Any]:
    return {
        "generator": "tests.tools.toy_datasets:ToyPages",
        "name": "toys",
        "options": {"n": 4},
        **more,
    }


def test_a_recipe_degrades_a_share_of_what_it_makes(tmp_path: Path) -> None:
    profile = tmp_path / "mine.yaml"
    profile.write_text("- rotate: {degrees: 5}\n")
    (recipe,) = expand(toys(degrade={"profile": str(profile), "share": 0.5, "strength": 1}))
    profile.unlink()  # the recipe holds its content
    result = generate(recipe, tmp_path / "out", workers=1)
    assert result.samples == 8
    found = rows(tmp_path / "out", "toys")
    turned = [r for r in found if json.loads(r["meta"]).get("degrade", {}).get("profile") == "mine"]
    assert 1 <= len(turned) <= 7
    for row in found:
        quads = [r["quad"] for r in row["regions"] if r["role"] == "word"]
        assert all(quads) if row in turned else not any(quads)
    assert not validate(tmp_path / "out", deep=True, workers=1).problems


def test_plans_of_recipes_without_it_stay() -> None:
    (plain,), (none,) = expand(toys()), expand(toys(degrade="none"))
    assert plain == none
    assert "degrade" not in plain.to_dict()
    (short,) = expand(toys(degrade="photo:0.3"))
    assert short.degrade == {"profile": "photo", "share": 0.3, "strength": 0.6}
    again = Recipe.from_dict(short.to_dict(), generators.load(short.generator).Options)
    assert again == short


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("phot", "unknown profile 'phot'"),
        ("photo:x", "the share in --degrade must be of type float"),
        ("photo:2", "degrade.share must be between 0 and 1"),
        ({"share": 1}, "degrade must be a mapping with a profile"),
        ({"profile": "photo", "shar": 1}, "unknown key degrade.shar"),
        (["photo"], "degrade must be a mapping with a profile"),
        ({"profile": "x", "steps": [{"rotat": {}}]}, "unknown step 'rotat'"),
    ],
)
def test_a_degradation_in_a_recipe_that_cannot_be_used(value: Any, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        expand(toys(degrade=value))
    assert message in str(caught.value)


@pytest.mark.parametrize("form", ["dots", "html"])
def test_texts_with_places_fit_the_degraded_picture(form: str) -> None:
    """Boxes in a text are those of the picture that it was written for."""
    page = Region((20.0, 20.0, 180.0, 60.0), "Ferries leave at 7:15.", "paragraph")
    sample = Sample(
        "p", encode(np.full((100, 200, 3), 255, np.uint8)), "png", 200, 100, page.text, "Read.",
        "page", "plain", "en", "d", "s", "CC0-1.0", "r", "t", 1, regions=(page,),
    )  # fmt: skip
    (row,) = to_batch([sample]).to_pylist()
    (target,) = targets(row, form)
    written = replace(
        sample, text=target.text, kind=target.kind, format=target_format(form),
        meta={META_KEY: target_meta(row, target)},
    )  # fmt: skip
    degraded = replace(written, regions=(replace(page, bbox=(30.0, 25.0, 190.0, 65.0)),))
    found = with_its_target(degraded)
    if form == "html":
        assert found.text == written.text
    else:
        (block,) = json.loads(found.text)
        assert block["bbox"] == [30, 25, 190, 65]


def retargeted(tmp_path: Path, form: str) -> list[Sample]:
    """Samples of a page in another form, whose regions were then moved on the picture."""
    write_rows(tmp_path / "rows", "p", [PAGE])
    source = str(tmp_path / "rows" / "p")
    settings = {"source": source, "to": form, "questions": 20 if form == "questions" else 1}
    generate("retarget", tmp_path / "t", name="t", workers=1, **settings)
    samples = [Sample(**copied(row), id="a") for row in rows(tmp_path / "t", "t")]
    return [replace(sample, regions=moved(sample.regions, 1, 1)) for sample in samples]


def test_a_question_with_another_answer_is_rejected(tmp_path: Path) -> None:
    reasons: dict[bool, set[str]] = {True: set(), False: set()}
    for sample in retargeted(tmp_path, "questions"):
        has_place = "[" in sample.text + sample.turns[0].text
        try:
            reason = "" if with_its_target(sample).text == sample.text else "changed"
        except Rejected as error:
            reason = error.reason
        reasons[has_place].add(reason)
    assert reasons == {True: {"target"}, False: {""}}


def test_damaged_regions_are_counted(tmp_path: Path) -> None:
    regions = [dict(region) for region in PAGE["regions"]]
    regions[0] |= {"bbox": [float("nan"), 1.0, 20.0, 4.0]}
    write_rows(tmp_path / "rows", "p", [{**PAGE, "regions": regions}, {"text": "", "regions": []}])
    result = generate("degrade", tmp_path / "out", name="d", workers=1,
                      dataset=str(tmp_path / "rows"), profile="jpeg")  # fmt: skip
    assert (result.samples, [r.reason for r in result.rejections]) == (1, ["regions"])


def test_a_configuration_without_rows_is_named(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows", "a", [{"text": "", "regions": []}], splits={"test": 1.0})
    write_rows(tmp_path / "rows", "b", [{"text": "", "regions": []}])
    output = run(tmp_path / "rows", tmp_path / "out", "--profile", "jpeg", "-j", "1")
    assert "a: no row in the split train" in output
    assert [c.name for c in open_dataset(tmp_path / "out").configs] == ["b-jpeg"]
