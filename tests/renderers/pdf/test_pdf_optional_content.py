"""Optional content: the text has a layer if and only if the picture shows it."""

import shutil
from typing import NamedTuple

import pymupdf
import pytest

from renderers.rejected import Rejected
from tests.renderers.pdf.drawn_pages import drawn, rows, set_rows
from tests.renderers.pdf.pdf_inputs import ENGLISH, read

NOTE = "This row is on a layer of the page, which may be hidden."


class Layer(NamedTuple):
    """How a document states what is shown. `{0}` and `{1}` are its two groups.

    `usage` is that of the first group, `content` the `/OC` of the note.
    """

    default: str
    content: str = "{0}"
    usage: str = ""


SHOWN = {
    "on": Layer("/ON[{0} {1}]"),
    "only the other one is off": Layer("/OFF[{1}]"),
    "not printed": Layer(
        "/AS[<</Event/Print/Category[/Print]/OCGs[{0}]>>]",
        usage="/Usage<</Print<</PrintState/OFF>>>>",
    ),
    "any of two": Layer("/OFF[{1}]", "<</Type/OCMD/OCGs[{0} {1}]/P/AnyOn>>"),
}
HIDDEN = {
    "off": Layer("/OFF[{0}]"),
    "all are off": Layer("/BaseState/OFF"),
    "not on the screen": Layer(
        "/AS[<</Event/View/Category[/View]/OCGs[{0}]>>]", usage="/Usage<</View<</ViewState/OFF>>>>"
    ),
    "while it is off": Layer("/ON[{0}]", "<</Type/OCMD/OCGs[{0}]/P/AllOff>>"),
}
UNCLEAR = {
    "all of two": Layer("/OFF[{1}]", "<</Type/OCMD/OCGs[{0} {1}]/P/AllOn>>"),
    "an expression": Layer("", "<</Type/OCMD/VE[/Not {0}]>>"),
}
"""What MuPDF shows, and poppler hides."""


def layered(path, layer, *, form):
    """A page with a note on a layer, drawn by the page or by a form object."""
    body, note = set_rows(rows(ENGLISH)), set_rows([NOTE], y=400)
    stream = f"{body} /Fm Do" if form else f"{body} /OC /Layer BDC {note} EMC"
    source = path.with_name("source.pdf")
    with pymupdf.open(drawn(source, stream, forms={"Fm": note} if form else None)) as document:
        groups = []
        for usage in (layer.usage, ""):
            groups.append(document.get_new_xref())
            document.update_object(groups[-1], f"<</Type/OCG/Name(layer){usage}>>")
        names = [f"{xref} 0 R" for xref in groups]
        content = layer.content.format(*names)
        if content.startswith("<<"):
            members = document.get_new_xref()
            document.update_object(members, content)
            content = f"{members} 0 R"
        kind, value = document.xref_get_key(document[0].xref, "Resources")
        assert kind == "xref"
        owner, key = int(value.split()[0]), "Properties/Layer"
        if form:
            owner, key = int(document.xref_get_key(owner, "XObject/Fm")[1].split()[0]), "OC"
        document.xref_set_key(owner, key, content)
        default = layer.default.format(*names)
        known = f"<</OCGs[{' '.join(names)}]/D<<{default}>>>>"
        document.xref_set_key(document.pdf_catalog(), "OCProperties", known)
        document.save(path)
    return path


def has_ink(page):
    """Whether there is ink where the note belongs."""
    pixels = page.picture.pixels
    scale = pixels.shape[0] / 842
    return bool((pixels[int(430 * scale) : int(446 * scale)] < 128).any())


@pytest.mark.parametrize("form", [False, True])
@pytest.mark.parametrize("name", [*SHOWN, *HIDDEN, *UNCLEAR])
def test_a_layer_is_read_if_it_is_shown(tmp_path, name, form):
    layer = (SHOWN | HIDDEN | UNCLEAR)[name]
    page = read(layered(tmp_path / "a.pdf", layer, form=form))
    assert (NOTE in page.text) == has_ink(page)
    assert page.text.startswith(ENGLISH)
    assert not (name in SHOWN and NOTE not in page.text)
    assert not (name in HIDDEN and NOTE in page.text)


@pytest.mark.parametrize("form", [False, True])
@pytest.mark.parametrize("name", [*SHOWN, *HIDDEN, *UNCLEAR])
def test_a_layer_on_which_poppler_disagrees_is_no_truth(tmp_path, name, form):
    from renderers.pdf.raster import Poppler
    from vary_data.generators import sandbox

    if shutil.which("pdftoppm") is None:
        pytest.skip("needs pdftoppm")
    layer = (SHOWN | HIDDEN | UNCLEAR)[name]
    path = layered(tmp_path / "a.pdf", layer, form=form)
    try:
        page = read(path, rasterizer=Poppler(sandbox.wrap))
    except Rejected as error:
        assert name not in SHOWN
        expected = "drawn-otherwise" if name in UNCLEAR else "ink-without-text"
        assert error.reason == expected  # noqa: PT017 (other versions agree with MuPDF)
    else:
        assert (NOTE in page.text) == has_ink(page)
