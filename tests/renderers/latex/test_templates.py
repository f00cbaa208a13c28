from __future__ import annotations

import re
import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from renderers.latex import (
    coverage,
    math_commands,
    prepare,
    specimen,
    style,
    template,
    tex_document,
)
from renderers.latex.blocks import Document, Heading, Inline, Paragraph, Text
from renderers.latex.engine import EngineMissing, TexEngine
from renderers.latex.faces import read_widths, tfm
from renderers.latex.formula_table import FormulaTable
from renderers.latex.formula_units import Unit
from renderers.latex.pages import VerifiedPage, verified_pages
from renderers.latex.renderer import LatexRenderer
from renderers.latex.typeset import typeset
from tests.renderers.latex.paper_blocks import paper_blocks, title_block

TEMPLATES = template.load()
QUICK = ("book", "conference", "zh_notes_wenkai")
"""Templates of three font sets; the slow tests run over all."""
EACH = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in TEMPLATES]


def test_every_file_has_an_entry_and_every_entry_a_file() -> None:
    files = {path.stem for path in template.FOLDER.glob("*.tex")}
    assert files == set(TEMPLATES)


def test_there_are_enough_templates_of_both_languages() -> None:
    languages = [t.lang for t in TEMPLATES.values()]
    assert languages.count("en") >= 20
    assert languages.count("zh") >= 12
    assert len({t.cjk for t in TEMPLATES.values() if t.cjk}) >= 6
    assert {t.columns for t in TEMPLATES.values()} == {1, 2, 3}


@pytest.mark.parametrize("name", EACH)
def test_a_template_typesets_every_kind_of_block(
    name: str, engine: TexEngine, tmp_path: Path
) -> None:
    chosen = TEMPLATES[name]
    set_and_verify(chosen, engine, tmp_path)


ARGUMENTS = {
    1: """sqrt substack overline underline widehat widetilde overrightarrow overleftarrow
        overleftrightarrow underrightarrow underleftarrow overbrace underbrace hat check tilde acute
        grave dot ddot dddot breve bar vec mathring boxed cancel bcancel xcancel smash phantom
        hphantom vphantom operatorname mathop mathbin mathrel mathord mathopen mathclose mathpunct
        mathinner tag pmod mod xrightarrow xleftarrow mathrm mathbf mathit mathsf mathtt mathcal
        mathscr mathfrak mathbb mathnormal boldsymbol pmb text textrm textbf textit textsf texttt
        textup textnormal""",
    2: "frac dfrac tfrac cfrac binom dbinom tbinom stackrel overset underset",
}
BY_HAND = (
    r"\sideset{_a}{^b}\sum",
    r"\sum\limits_a \sum\nolimits_a \not= \hfill a\space b\nobreakspace c",
    r"{\displaystyle x}{\textstyle x}{\scriptstyle x}{\scriptscriptstyle x}",
    r"{\rm A}{\bf A}{\it A}{\sf A}{\tt A}{\cal A}",
    r"\hspace{1em}\mkern 3mu\mskip 3mu\kern 2pt\hskip 2pt a",
    r"\begin{array}{l|c}\hline a & b \\ \cline{1-2} \multicolumn{2}{c}{c}\end{array}",
    r"\left\{a\middle|x\right.",
)


def allowed_formulas() -> list[str]:
    """Every command that a formula may contain, each at least once."""
    alone = [rf"\{name}" for name in sorted(math_commands.SIGNS | math_commands.OPERATORS)]
    larger = [rf"\{name}\{{" for name in sorted(math_commands.SIZES)]
    fences = [rf"\left\{name} x \right\{name}" for name in sorted(math_commands.DELIMITERS)]
    applied = [rf"\{name}" + "{A}" * n for n, names in ARGUMENTS.items() for name in names.split()]
    inner = sorted(math_commands.ENVIRONMENTS - {"array", "alignedat", "subarray"})
    inner = [rf"\begin{{{name}}} a \end{{{name}}}" for name in inner]
    inner += [r"\begin{alignedat}{1} a \end{alignedat}", r"\begin{subarray}{l} a \end{subarray}"]
    symbols = [rf"a\{symbol} b" for symbol in sorted(math_commands.KNOWN_SYMBOLS - set(r"{}&\-/"))]
    return [*alone, *larger, *fences, *applied, *inner, *symbols, *BY_HAND]


def test_every_allowed_command_is_tried() -> None:
    tried = set(re.findall(r"\\([A-Za-z]+)", " ".join(allowed_formulas())))
    assert tried == math_commands.KNOWN


@pytest.mark.parametrize("name", EACH)
def test_a_template_supports_every_allowed_command(
    name: str, engine: TexEngine, tmp_path: Path
) -> None:
    chosen = TEMPLATES[name]
    page_style = style.PageStyle(chosen.sizes[0], chosen.margins[0][0], chosen.margins[1][0])
    formulas = allowed_formulas()
    lines = [tex_document.opening(chosen, page_style, "")]
    before = lines[0].count("\n") + 1
    lines += [
        rf"\begin{{equation*}}{f}\end{{equation*}}" if "tag" in f or "split" in f else rf"${f}$\par"
        for f in formulas
    ]
    lines.append(tex_document.closing(chosen))
    try:
        run = engine.typeset(chosen, "\n".join(lines), tmp_path)
    except EngineMissing as e:
        pytest.skip(str(e))
    errors = [p for p in run.problems if p.reason != "too-wide"]
    assert [(formulas[(p.line or 0) - before - 1], p.detail) for p in errors] == []
    assert not run.fatal


REQUIRED = {
    "": (string.ascii_letters, string.digits, sorted(math_commands.GREEK)),
    **dict.fromkeys(("mathrm", "mathbf", "mathit"), (string.ascii_letters, string.digits)),
    **dict.fromkeys(("mathsf", "mathtt", "mathfrak"), (string.ascii_letters,)),
    **dict.fromkeys(("mathcal", "mathscr", "mathbb"), (string.ascii_uppercase,)),
}
"""The letters that every template draws in each alphabet."""
CAPITALS = [name for name in math_commands.GREEK if name[0].isupper()]
BOLD = (string.ascii_letters, string.digits, sorted(math_commands.GREEK - {"digamma", "varkappa"}))


def required_units() -> list[Unit]:
    """Every letter in every alphabet that has it, in bold, and every sign."""
    found = [Unit(_symbol(c), a) for a, sets in REQUIRED.items() for chars in sets for c in chars]
    found += [Unit(_symbol(c), a) for a in ("mathrm", "mathbf") for c in CAPITALS]
    found += [Unit(_symbol(char), "", bold=True) for chars in BOLD for char in chars]
    return found + [Unit(_symbol(name)) for name in math_commands.DRAWN]


def _symbol(char: str) -> str:
    return char if len(char) == 1 else f"\\{char}"


@pytest.mark.parametrize("name", EACH)
def test_every_letter_in_every_alphabet_is_drawn_as_the_truth_says(
    name: str, engine: TexEngine
) -> None:
    chosen = TEMPLATES[name]
    renderer = LatexRenderer(engine)
    try:
        table = renderer.coverage(chosen).formulas
    except EngineMissing as e:
        pytest.skip(str(e))
    lacking = {unit.latex for unit in required_units() if unit not in table.pieces}
    assert not lacking
    drawn = [unit.latex for unit in table.pieces if unit.symbol[1:] not in ("\\", "{", "}")]
    rows = [drawn[i : i + 8] for i in range(0, len(drawn), 8)]
    shown = tuple(
        Paragraph(tuple(part for unit in row for part in (Inline(unit), Text(" or "))))
        for row in rows
    )
    page_style = style.sample(chosen, np.random.default_rng(3))
    results = list(renderer.pages(Document(shown, chosen.lang), chosen, page_style, 400))
    wrong = [r for r in results if not isinstance(r, VerifiedPage) and r.reason != "too-wide"]
    assert wrong == []


def test_a_font_set_that_draws_another_letter_is_found(engine: TexEngine) -> None:
    boxes = TEMPLATES["two_column"]
    preamble = boxes.preamble.replace(r"\usepackage{times}", r"\usepackage{mathptmx}")
    table = coverage.measure(engine, replace(boxes, name="boxes", preamble=preamble)).formulas
    assert table.missing(r"\mathbf{\Sigma}") == r"\mathbf{\Sigma}"  # a black box
    assert table.missing(r"\boldsymbol{x}") == r"\boldsymbol{x}"  # not bold
    assert table.missing(r"\varrho") == r"\varrho"  # the picture of a rho
    assert table.missing(r"\mathbf{x}+\varphi\in\mathbb{R}") is None


PAPER_MM = {"160x100mm": 160.0, "a4": 210.0}


@pytest.mark.parametrize(
    "name",
    [
        "zh_report_hei",
        pytest.param("zh_newspaper_hei", marks=pytest.mark.slow),
        pytest.param("zh_slides_ming", marks=pytest.mark.slow),
    ],
)
def test_chinese_paragraphs_are_indented_after_headings(
    name: str, engine: TexEngine, tmp_path: Path
) -> None:
    # The face of QUICK, which the tests above have made: another takes 15 seconds.
    chosen = replace(TEMPLATES[name], name="indented", cjk=TEMPLATES["zh_notes_wenkai"].cjk)
    size = chosen.sizes[0]
    page_style = style.PageStyle(size, chosen.margins[0][0], chosen.margins[1][0], indent_em=2.0)
    words = Paragraph((Text("信号在传输过程中会受到噪声的影响。" * 6),))
    blocks = [block for level in (1, 2, 3) for block in (Heading(level, (Text("信号"),)), words)]
    try:
        typeset_document = typeset(engine, chosen, blocks, page_style, tmp_path)
    except EngineMissing as e:
        pytest.skip(str(e))
    seen = 0
    for page in verified_pages(typeset_document, page_style, FormulaTable({}), 400):
        assert isinstance(page, VerifiedPage), page
        regions = page.picture.regions
        em = size * page.picture.width / (72 / 25.4 * PAPER_MM[chosen.paper])
        for i, region in enumerate(regions):
            if region.role == "paragraph" and region.text.startswith("信号"):
                first, second = [r.bbox[0] for r in regions[i:] if r.role == "line"][:2]
                assert first - second == pytest.approx(2 * em, rel=0.15)
                seen += 1
    assert seen == 3


def set_and_verify(chosen: template.Template, engine: TexEngine, folder: Path) -> None:
    document = specimen.chinese() if chosen.lang == "zh" else specimen.english()
    page_style = style.sample(chosen, np.random.default_rng(7))
    wide: style.Wide = "abstract" if chosen.columns > 1 else ""
    page_style = replace(page_style, wide=wide, proof_mark=r"\square", table_rules="booktabs")
    paper = (*title_block(document.lang), *document.blocks[1:], *paper_blocks(document.lang))
    blocks = prepare.prepare(Document(paper, document.lang), page_style)
    try:
        typeset_document = typeset(
            engine,
            chosen,
            blocks,
            page_style,
            folder,
            "A running head"[: 99 * (chosen.lang == "en")],
        )
    except EngineMissing as e:
        pytest.skip(str(e))
    assert {p.reason for p in typeset_document.dropped.values()} <= {"too-wide"}
    assert len(typeset_document.dropped) <= 1
    formulas = coverage.measure(engine, chosen).formulas
    results = list(verified_pages(typeset_document, page_style, formulas, 400))
    assert all(isinstance(r, VerifiedPage) for r in results), results


def test_an_unknown_key_of_the_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.tex").write_text("\\documentclass{article}")
    (tmp_path / "manifest.yaml").write_text(
        "mine: {margins: {horizontal: [1, 2], vertical: [1, 2]}, sizes: [10], font: x}"
    )
    with pytest.raises(template.TemplateError, match=r"entry mine: .*font"):
        template.load(tmp_path)


def test_metrics_come_back_as_written() -> None:
    widths = {0: 1.0, 7: 0.5, 255: 1.0}
    assert read_widths(tfm(widths)) == widths
