"""What fills the figures of pages: charts, molecules, photographs."""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from renderers.rejected import Rejected
from renderers.roles import CHART
from renderers.web.document import Art, Figure, Group, Inset, WebPage, text
from vary_data.base.errors import SourceError, ToolMissing, UsageError
from vary_data.sources.web_pages.contents import molecules as molecules_module
from vary_data.sources.web_pages.contents import needs
from vary_data.sources.web_pages.contents.charts import Charts
from vary_data.sources.web_pages.contents.content import Content
from vary_data.sources.web_pages.contents.filling import with_latex, with_pictures
from vary_data.sources.web_pages.contents.molecules import Molecules
from vary_data.sources.web_pages.contents.needs import check_installed
from vary_data.sources.web_pages.contents.photos import Photos


class Squares:
    """Fills places that are at least 100 pixels wide."""

    def __init__(self, name: str) -> None:
        self.name = name

    def make(self, width: float, ratio: float, rng: np.random.Generator) -> Content | None:
        if width < 100:
            return None
        return Content(Inset(b"", "image/png", int(width), int(width)), {"by": self.name})


def page(genre: str, *kinds: str) -> WebPage:
    figures = tuple(Figure(Art(kind, 1), text("Caption")) for kind in kinds)
    return WebPage(genre, "en", (Group(figures),))


def filled(made: WebPage, *names: str, widths: tuple[int, ...] = ()) -> list[str]:
    """What fills each figure of a page in some of many turns; `art` is a drawing that stays."""
    figures = made.blocks[0].blocks  # type: ignore[union-attr]
    sizes = [(w, w) for w in widths or (300,) * len(figures)]
    found: list[set[str]] = [set() for _ in figures]
    for seed in range(60):
        makers = [Squares(name) for name in names]
        result = with_pictures(made, makers, lambda _: sizes, np.random.default_rng(seed))
        kinds = iter([facts["kind"] for facts in result.contents])
        group = result.page.blocks[0]
        assert isinstance(group, Group)
        for figure, seen in zip(group.blocks, found, strict=True):
            assert isinstance(figure, Figure)
            seen.add(next(kinds) if isinstance(figure.art, Inset) else "art")
    return [" ".join(sorted(seen)) for seen in found]


def test_scenes_become_photographs_and_diagrams_charts() -> None:
    both = page("report", "skyline", "bars")
    assert filled(both, "photo", "chart") == ["art photo", "art chart"]
    assert filled(page("report", "emblem", "barcode"), "photo", "chart") == ["art", "art"]
    assert filled(page("magazine", "bars"), "chart", "molecule") == ["art chart"]
    assert filled(page("textbook", "bars"), "chart", "molecule") == ["art chart molecule"]


def test_places_that_are_too_small_keep_their_drawings() -> None:
    assert filled(page("report", "bars", "bars"), "chart", widths=(40, 300)) == ["art", "art chart"]


def test_a_chart_on_a_page_has_its_truth_and_parts_in_reading_order() -> None:
    chart = Charts("en", ()).make(420.4, 0.6, np.random.default_rng(3))
    assert chart is not None
    inset = chart.inset
    assert (inset.width, inset.height, inset.density) == (420, 252, 1.0)
    assert inset.role == CHART
    truth = ast.literal_eval(inset.text)
    assert {"title", "values"} <= truth.keys()
    parents = [region.parent for region in inset.regions]
    assert all(parent is None or parent < i for i, parent in enumerate(parents))
    assert any(region.role == "word" and region.parent is not None for region in inset.regions)
    assert Charts("en", ()).make(120, 0.6, np.random.default_rng(3)) is None


def test_molecules_have_canonical_smiles() -> None:
    chem = pytest.importorskip("rdkit.Chem")
    made = Molecules()
    found = [made.make(300, 0.6, np.random.default_rng(seed)) for seed in range(60)]
    texts = {content.inset.text for content in found if content is not None}
    assert len(texts) > 40
    for smiles in texts:
        assert chem.MolToSmiles(chem.MolFromSmiles(smiles)) == smiles
    first = found[0]
    assert first is not None
    with Image.open(io.BytesIO(first.inset.data)) as picture:
        assert picture.size == (300, 180)


def test_every_known_molecule_and_every_ring_is_valid() -> None:
    chem = pytest.importorskip("rdkit.Chem")
    known, rings, groups = molecules_module._lists()
    for smiles in (*known, *(ring.replace("(*)", "") for ring in rings)):
        assert chem.MolFromSmiles(smiles) is not None, smiles
    for group in groups:
        assert chem.MolFromSmiles(f"c1({group})ccccc1") is not None, group


def test_there_are_no_charts_without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language of the registry may have none."""
    check_installed(["charts"], "ar")
    monkeypatch.setattr(needs, "chart_languages", lambda: ("en", "de"))
    with pytest.raises(UsageError, match="there are no charts in --lang ar"):
        check_installed(["charts"], "ar")
    check_installed(["charts"], "de")


def test_what_is_not_installed_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    check_installed(["charts"], "zh")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ToolMissing, match="molecules need RDKit") as caught:
        check_installed(["charts", "molecules"], "en")
    assert caught.value.hint == "pip install 'vary-data[molecules]'"
    monkeypatch.setenv("VARY_KATEX", str(tmp_path))
    with pytest.raises(ToolMissing, match="KaTeX was not found"):
        check_installed(["formulas"], "en")


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    (tmp_path / "train2017").mkdir()
    (tmp_path / "annotations").mkdir()
    for name, size in (("1.jpg", (400, 300)), ("2.jpg", (300, 900))):
        Image.new("RGB", size, (40, 90, 160)).save(tmp_path / "train2017" / name)
    images = [{"file_name": "1.jpg", "width": 400, "height": 300, "license": 4}]
    licenses = [{"id": 4, "name": "CC BY 2.0"}]
    content: Mapping[str, object] = {"images": images, "licenses": licenses}
    (tmp_path / "annotations/instances_train2017.json").write_text(json.dumps(content))
    return tmp_path


def test_photographs_keep_their_licenses_and_fit_their_places(coco: Path) -> None:
    photos = Photos(str(coco), None, "own")
    made = [photos.make(200, 0.6, np.random.default_rng(seed)) for seed in range(12)]
    facts = {(c.facts["name"], c.facts["license"]) for c in made if c is not None}
    assert facts == {("train2017/1.jpg", "CC BY 2.0"), ("train2017/2.jpg", "own")}
    shapes = {c.facts["name"]: (c.inset.width, c.inset.height) for c in made if c is not None}
    assert shapes == {"train2017/1.jpg": (200, 150), "train2017/2.jpg": (200, 162)}
    assert photos.make(20, 0.6, np.random.default_rng(0)) is None
    photos.close()


def test_photographs_that_cannot_be_read_are_rejected(coco: Path) -> None:
    (coco / "train2017/1.jpg").write_bytes(b"")
    (coco / "train2017/2.jpg").unlink()
    photos = Photos(str(coco), None, "")
    with pytest.raises(Rejected, match=r"empty-file: train2017/1.jpg"):
        photos.make(200, 0.6, np.random.default_rng(0))
    with pytest.raises(SourceError):
        Photos(str(coco / "annotations"), None, "")


def test_formulas_are_replaced_by_latex_alone() -> None:
    made = page("report", "bars")
    assert with_latex(made, np.random.default_rng(0)) == made
