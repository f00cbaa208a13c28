"""Pages in the real browser: what is visible is the truth, and nothing else is."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from renderers.picture import Region
from renderers.rejected import Rejected
from renderers.roles import WORD
from renderers.web.document import (
    Art,
    CheckBox,
    Code,
    DisplayFormula,
    Figure,
    Form,
    Group,
    InlineFormula,
    ItemList,
    ListItem,
    Pair,
    Span,
    Table,
    TableCell,
    TextBlock,
    WebPage,
    text,
)
from renderers.web.formulas import fraction, letter, number, operator, power, row
from renderers.web.renderer import RenderedPage, WebRenderer, looks
from tests.renderers.web.conftest import STYLE, Draw

LONG = "The quick brown fox jumps over the lazy dog and runs home again. " * 12
ADDED_TEXT = re.compile(r"(?<!-)content\s*:|text-transform|url\(|@import|display: none|counter")
CHINESE_FONT = "Noto Sans CJK SC"
CHINESE = "天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏"


def of(page: RenderedPage, role: str) -> list[Region]:
    return [region for region in page.picture.regions if region.role == role]


def texts(page: RenderedPage, role: str) -> list[str]:
    return [region.text for region in of(page, role)]


def test_text_that_looks_like_markup_is_printed_as_it_is(draw: Draw) -> None:
    hostile = '<script>document.title="x"</script> <b>&amp; "quoted" </div> {{x}} ${y} <!-- -->'
    page = draw(TextBlock(text(hostile)))
    assert texts(page, "paragraph") == [" ".join(hostile.split())]
    assert page.text.startswith('&lt;script&gt;document.title="x"&lt;/script&gt;')


def test_the_page_runs_no_script_and_loads_nothing(opened: WebRenderer) -> None:
    page = opened._page
    script = "fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')"
    assert page._run(page._evaluate(script), 10) == "refused"
    inline = """new Promise((done) => { const i = document.createElement('img');
        i.setAttribute('onerror', 'globalThis.ran = true'); i.src = 'x';
        document.body.append(i);
        setTimeout(() => { i.remove(); done(String(globalThis.ran)); }, 200); })"""
    assert page._run(page._evaluate(inline), 10) == "undefined"


def test_words_lie_in_their_lines_and_have_ink(draw: Draw) -> None:
    page = draw(
        TextBlock(text("Plain ", Span("bold", "bold"), "er words, ", Span("2", "sup"), "x"))
    )
    assert texts(page, WORD) == ["Plain", "bolder", "words,", "2x"]
    assert texts(page, "line") == ["Plain bolder words, 2x"]
    (line,) = of(page, "line")
    for word in of(page, WORD):
        assert line.bbox[0] - 1 <= word.bbox[0] < word.bbox[2] <= line.bbox[2] + 1
        x0, y0, x1, y1 = (round(v) for v in word.bbox)
        assert page.picture.pixels[y0:y1, x0:x1].min() < 100
    assert page.text == "Plain **bold**er words, <sup>2</sup>x"


def test_marks_of_emphasis_are_where_markdown_takes_them_for_marks(draw: Draw) -> None:
    def shown(*parts: str | Span) -> str:
        return draw(TextBlock(text(*parts)), lang="zh", body=CHINESE_FONT, head=CHINESE_FONT).text

    assert shown("汤", Span("，素食", "italic"), "好") == "汤，*素食*好"
    assert shown("他", Span("喝汤。", "bold"), "好") == "他**喝汤**。好"
    assert shown("“", Span("喝汤", "bold"), "”") == "“**喝汤**”"
    assert shown("one ", Span("hand,", "italic"), " has") == "one *hand,* has"
    assert shown("a", Span("*", "italic"), "b") == "a\\*b"


def test_only_the_sign_after_a_number_is_escaped_at_the_start_of_a_line(draw: Draw) -> None:
    assert draw(TextBlock(text("3. Tea was served."))).text == "3\\. Tea was served."
    assert draw(TextBlock(text("12) Tea."))).text == "12\\) Tea."
    assert draw(TextBlock(text("- Tea."))).text == "\\- Tea."
    assert draw(TextBlock(text("3.5 liters of tea."))).text == "3.5 liters of tea."


@pytest.mark.parametrize("name", sorted(n for n in looks() if "." in n))
def test_a_look_draws_no_frame_of_a_block_around_the_sheet(name: str, opened: WebRenderer) -> None:
    style = replace(STYLE, look=name)
    assert opened.render(WebPage(name.partition(".")[0], "en", (TextBlock(text("Tea")),)), style)
    page = opened._page
    classes = "document.getElementById('sheet').className"
    assert page._run(page._evaluate(classes), 10) == ""


def test_sizes_do_not_depend_on_those_of_earlier_pages(opened: WebRenderer) -> None:
    page = WebPage("test", "en", (TextBlock(text(Span("Xcgwbrvxle jo Szqhc", "bold"))),))
    styles = [replace(STYLE, look="memo.office", size=size) for size in (19.8734, 19.8822)]
    other = WebRenderer(800, ("en", "zh"))
    try:
        forwards = [opened.render(page, style).picture for style in styles]
        backwards = [other.render(page, style).picture for style in reversed(styles)]
    finally:
        other.close()
    for one, same in zip(forwards, reversed(backwards), strict=True):
        assert one.regions == same.regions
        assert (one.pixels == same.pixels).all()


def test_a_paragraph_goes_on_in_the_next_column_and_ends_with_the_page(draw: Draw) -> None:
    page = draw(Group((TextBlock(text(LONG * 4)),), "", flow=True, columns=2))
    first, second = of(page, "paragraph")
    index = page.picture.regions.index(first)
    assert second.continues == index
    assert first.bbox[2] < second.bbox[0]
    assert f"{first.text} {second.text}" == page.text
    assert LONG.startswith(page.text[:200])
    assert len(page.text) < len(LONG * 4)
    assert page.text.endswith(of(page, "line")[-1].text)


def test_text_that_does_not_fit_is_made_smaller_or_rejected(draw: Draw) -> None:
    page = draw(TextBlock(text(LONG)), height=300, width=500)
    assert page.repairs
    assert page.text == LONG.strip()
    with pytest.raises(Rejected, match="overflow"):
        draw(TextBlock(text(LONG * 4)), height=300, width=500)


@pytest.mark.parametrize(
    ("css", "reason"),
    [
        ("p { pointer-events: none; } .b { margin-top: -1.7em; }", "overlap"),
        (".b { margin-top: -1.7em; }", "covered"),
        (".b { color: #fff; }", "no-ink"),
        (".b { visibility: hidden; }", "no-ink|covered"),
        (".b { display: none; }", "text"),
        (".b { width: 3em; white-space: nowrap; overflow: clip; }", "no-ink|covered"),
        (".a { position: relative; height: 6em; background: #fff; margin: 0 0 -6em; }", "covered"),
        (".b::after { content: 'not in the truth at all'; }", "stray-ink"),
        (".b { text-shadow: 9em 3em #000; }", "stray-ink"),
        ("#sheet { position: relative } .b { position: absolute; font-size: 40px; bottom: -6px;"
         "margin: 0; }", "clipped"),
        (".b { margin-left: 95%; white-space: nowrap; }", "overflow|clipped"),
    ],
)  # fmt: skip
def test_what_is_not_shown_exactly_is_rejected(draw: Draw, css: str, reason: str) -> None:
    blocks = (TextBlock(text("First of two lines"), look="a"),
              TextBlock(text("Second line of text"), look="b"))  # fmt: skip
    draw(*blocks)
    with pytest.raises(Rejected) as caught:
        draw(*blocks, css=css)
    assert re.fullmatch(reason, caught.value.reason)


def test_cells_have_their_places_in_the_grid(draw: Draw) -> None:
    def cell(plain: str, rowspan: int = 1, colspan: int = 1, header: bool = False) -> TableCell:
        return TableCell(text(plain), rowspan, colspan, header)

    table = Table(
        (
            (cell("Name", 2, 1, True), cell("Sizes", 1, 2, True)),
            (cell("low", header=True), cell("high", header=True)),
            (cell("Tea & milk"), cell("1"), cell("")),
            (cell("Both", 1, 3),),
        ),
        caption=text("Table 1 Sizes"),
        look="grid",
    )
    page = draw(table)
    found = {
        (r.cell.row, r.cell.column, r.cell.rowspan, r.cell.colspan, r.cell.header): r
        for r in of(page, "cell")
        if r.cell
    }
    assert {key: region.text for key, region in found.items()} == {
        (0, 0, 2, 1, True): "Name",
        (0, 1, 1, 2, True): "Sizes",
        (1, 1, 1, 1, True): "low",
        (1, 2, 1, 1, True): "high",
        (2, 0, 1, 1, False): "Tea & milk",
        (2, 1, 1, 1, False): "1",
        (2, 2, 1, 1, False): "",
        (3, 0, 1, 3, False): "Both",
    }
    # A spanning cell ends where the cells below it end.
    assert found[0, 1, 1, 2, True].bbox[2] == pytest.approx(found[1, 2, 1, 1, True].bbox[2], abs=1)
    assert found[0, 0, 2, 1, True].bbox[3] == pytest.approx(found[1, 1, 1, 1, True].bbox[3], abs=1)
    (caption,) = of(page, "caption")
    assert page.picture.regions[caption.parent or -1].role == "table"
    assert page.text.splitlines()[2:6] == [
        "<table>",
        '<tr><th rowspan="2">Name</th><th colspan="2">Sizes</th></tr>',
        "<tr><th>low</th><th>high</th></tr>",
        "<tr><td>Tea &amp; milk</td><td>1</td><td></td></tr>",
    ]


def test_a_table_that_is_wider_than_the_page_is_rejected(draw: Draw) -> None:
    table = Table(((TableCell(text("Tea")), TableCell(())),))
    draw(table)
    with pytest.raises(Rejected, match="clipped: a table is wider than the page"):
        draw(table, css="table { width: 125%; table-layout: fixed; }")


def test_formulas_are_latex_at_their_place_in_the_text(draw: Draw) -> None:
    small = power(letter("x"), number("2"))
    display = row([letter("alpha"), operator("="), fraction(letter("a"), number("7"))])
    paragraph = TextBlock((Span("where "), InlineFormula(small), Span(" and more.")))
    page = draw(paragraph, DisplayFormula(display, "(3)"))
    assert texts(page, "paragraph") == ["where \\(x^{2}\\) and more."]
    assert texts(page, WORD) == ["where", "and", "more.", "(3)"]
    (inline,) = of(page, "inline_formula")
    words = of(page, WORD)
    assert words[0].bbox[2] <= inline.bbox[0] < inline.bbox[2] <= words[1].bbox[0]
    assert texts(page, "formula") == ["\\alpha = \\frac{a}{7}"]
    assert "\\[ \\alpha = \\frac{a}{7} \\tag{3} \\]" in page.text


def test_code_keeps_its_spaces_and_lines(draw: Draw) -> None:
    page = draw(Code(("def f(x):", "", "    return x<1")))
    assert texts(page, "code") == ["def f(x):\n\n    return x<1"]
    assert texts(page, "line") == ["def f(x):", "return x<1"]
    assert page.text == "```\ndef f(x):\n\n    return x<1\n```"


def test_rows_of_code_end_within_their_column(draw: Draw) -> None:
    """Code is not broken: its element cuts a row that is longer than the column."""
    words = TextBlock(text("word " * 300))
    page = draw(Group((Code((f"{'x' * 34}HH",)), words), "", True, 2))
    _, y0, x1, y1 = (round(v) for v in of(page, WORD)[0].bbox)
    assert page.picture.pixels[y0:y1, x1 - 6 : x1].min() < 100
    assert x1 < of(page, "paragraph")[0].bbox[2] + 12
    with pytest.raises(Rejected, match="clipped"):
        draw(Group((Code(("x" * 60,)), words), "", True, 2))


def test_forms_have_keys_values_and_boxes(draw: Draw) -> None:
    form = Form((Pair(text("Name:"), text("Ada")), Pair(text("Date:")), CheckBox(text("Yes"), True),
                 CheckBox(text("No"))))  # fmt: skip
    page = draw(form, css=".value { border-bottom: 1px solid; }")
    parents = {page.picture.regions[r.parent].role for r in of(page, "key") if r.parent is not None}
    assert parents == {"form"}
    assert texts(page, "value") == ["Ada", ""]
    assert texts(page, "checkbox_selected") == ["Yes"]
    tick, label = of(page, "checkbox_selected")[0], of(page, WORD)[-2]
    assert tick.bbox[0] < label.bbox[0] - 8
    assert page.text.splitlines() == ["**Name:** Ada", "**Date:**", "- [x] Yes", "- [ ] No"]


def test_lists_are_nested_and_figures_have_captions(draw: Draw) -> None:
    inner = ItemList((ListItem("–", text("inner")),), level=2)
    outer = ItemList((ListItem("•", text("outer"), (inner,)), ListItem("2.", text("two"))))
    page = draw(outer, Figure(Art("bars", 1, 0.2), text("Figure 1")))
    assert [(r.text, r.level) for r in of(page, "list_item")] == [
        ("• outer", 1), ("– inner", 2), ("2. two", 1),
    ]  # fmt: skip
    assert page.text == "- outer\n  - inner\n2. two\n\nFigure 1"
    (caption,) = of(page, "caption")
    assert page.picture.regions[caption.parent or -1].role == "figure"


def test_the_text_of_an_item_begins_no_second_list(draw: Draw) -> None:
    items = (
        ("•", "- Tea."),
        ("•", "# Tea."),
        ("3.", "- Tea."),
        ("4)", "5. Tea."),
        ("(a)", "- Tea."),
    )
    page = draw(ItemList(tuple(ListItem(marker, text(words)) for marker, words in items)))
    assert page.text.splitlines() == [
        "- \\- Tea.", "- \\# Tea.", "3. \\- Tea.", "4) 5\\. Tea.", "(a) - Tea.",
    ]  # fmt: skip


def test_vertical_lines_go_from_right_to_left(draw: Draw) -> None:
    group = Group((TextBlock(text(CHINESE)),), "", flow=True)
    css = "#sheet { writing-mode: vertical-rl; padding: 20px; } .flow { height: 100%; }"
    font = "Noto Serif CJK SC"
    page = draw(group, css=css, lang="zh", body=font, head=font, size=30, height=330, vertical=True)
    lines = of(page, "line")
    assert "".join(line.text for line in lines) == CHINESE
    assert len(lines) >= 2
    assert all(a.bbox[0] > b.bbox[0] for a, b in pairwise(lines))
    assert all(line.bbox[3] - line.bbox[1] > line.bbox[2] - line.bbox[0] for line in lines)
    assert not of(page, WORD)


def test_chinese_words_are_runs_of_equal_width(draw: Draw) -> None:
    page = draw(
        TextBlock(text("共有12个，ABC完")),
        lang="zh",
        body="Noto Sans CJK SC",
        head="Noto Sans CJK SC",
    )
    assert texts(page, WORD) == ["共有", "12", "个，", "ABC", "完"]
    wide = next(r for r in of(page, WORD) if r.text == "共有")
    assert wide.bbox[2] - wide.bbox[0] == pytest.approx(28, abs=0.5)


def test_the_same_page_is_the_same_picture(draw: Draw) -> None:
    block = TextBlock(text(LONG))
    first = draw(block)
    draw(TextBlock(text("other")), css="#sheet { background: #eee; }")
    again = draw(block)
    assert first.text == again.text
    assert first.picture.regions == again.picture.regions
    assert (first.picture.pixels == again.picture.pixels).all()


@pytest.mark.parametrize("name", sorted(looks()))
def test_looks_add_no_text_of_their_own(name: str) -> None:
    rules = re.sub(r"/\*.*?\*/", "", looks()[name], flags=re.S)
    assert not ADDED_TEXT.search(rules)
