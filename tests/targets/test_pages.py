"""Forms of pages: blocks, boxes and cells come back from each form."""

import json
from html.parser import HTMLParser

import numpy as np
import pytest

from tests.targets.page_rows import page_row, random_page
from vary_data.dataset.rejection import Rejected
from vary_data.targets.pages.doctags import GRID, doctags, parse_doctags
from vary_data.targets.pages.html import html
from vary_data.targets.pages.layout import deepseek, dots, qwen, qwen_1000
from vary_data.targets.pages.omnidocbench import omnidocbench
from vary_data.targets.pages.page import page_of, unbroken
from vary_data.targets.pages.text import escaped, markdown, mmd, plain
from vary_data.targets.prompts import PROMPTS
from vary_data.targets.questions.layout import PHRASES, layout_questions
from vary_data.targets.questions.layout_facts import LayoutFacts
from vary_data.targets.questions.program import answer_text, evaluate
from vary_data.targets.tables.html import parse_html
from vary_data.targets.tables.table import Table
from vary_data.targets.target import targets

PRICES = Table.of_texts([["Good", "Price"], ["Rice", "3 < 4"]], header_rows=1)
BLOCKS = [
    ("title", "On *prices*"),
    ("section_header", "1 Goods", {"level": 1}),
    ("paragraph", r"The pri- ces of \(n<5\) goods rose, and"),
    ("list_item", "1. rice", {"level": 1}),
    ("list_item", "• long", {"level": 2}),
    ("list_item", "2. oats", {"level": 1}),
    ("caption", "Table 1: Prices", {"parent": 13}),
    ("table", PRICES),
    ("formula", "\\[\nx<y\n\\]"),
    ("paragraph", "then fell.", {"continues": 4}),
    ("page_number", "7"),
]
ROW = page_row(BLOCKS, text="the prices of goods rose")
ROW["regions"][12]["parent"] = 14
PAGE = page_of(ROW)


def test_hyphens_of_line_breaks_are_removed_where_the_truth_has_the_word():
    assert unbroken("ta- bles of well- known pre- fixes", "tables well-known") == (
        "tables of well-known pre- fixes"
    )


def test_text_forms():
    rest = "The prices of \\(n<5\\) goods rose, and then fell."
    assert plain(PAGE).split("\n\n")[2] == rest
    assert mmd(PAGE) == ROW["text"]
    assert markdown(PAGE) == "\n\n".join(
        [
            r"# On \*prices\*",
            "## 1 Goods",
            "The prices of $n<5$ goods rose, and then fell.",
            "1. rice\n  - long\n2. oats",
            "Table 1: Prices",
            "| Good | Price |\n| --- | --- |\n| Rice | 3 < 4 |",
            "$$\nx<y\n$$",
        ]
    )
    assert html(PAGE).splitlines()[:4] == [
        "<h1>On *prices*</h1>",
        "<h2>1 Goods</h2>",
        "<p>The prices of \\(n&lt;5\\) goods rose, and then fell.</p>",
        "<ol><li>rice<ul><li>long</li></ul></li><li>oats</li></ol>",
    ]


def test_markdown_escapes_only_what_would_be_markup():
    assert escaped("[1] a_b *c* _d_ <b> 3 < 4 $5 &lt; # x") == (
        r"[1] a_b \*c\* \_d\_ \<b> 3 < 4 \$5 \&lt; # x"
    )
    assert escaped("# x") == r"\# x"
    assert escaped(r"\(a_1\) a_1 [\(x\)]") == "$a_1$ a_1 [$x$]"


def test_list_items_lose_their_label_only():
    labels = {"• a": "a", "1. a": "a", "（2）a": "a", "3、a": "a", "1.5 t": "1.5 t", "M2 x": "M2 x"}
    for text, item in labels.items():
        (block,) = page_of(page_row([("list_item", text, {"level": 1})])).blocks
        assert block.item_text == item


def test_layout_forms_have_boxes_on_their_grids():
    height = ROW["height"]
    entries = json.loads(dots(PAGE))
    assert entries[0] == {
        "bbox": [40, 20, 360, 38],
        "category": "Title",
        "text": r"# On \*prices\*",
    }
    assert [e["category"] for e in entries[-4:]] == ["Table", "Formula", "Text", "Page-footer"]
    assert parse_html(entries[7]["text"]) == PRICES
    absolute, relative = json.loads(qwen(PAGE)), json.loads(qwen_1000(PAGE))
    assert absolute[1]["bbox_2d"] == [40, 44, 360, 62]
    assert relative[1]["bbox_2d"] == [100, round(44e3 / height), 900, round(62e3 / height)]
    assert relative[1]["label"] == "Section-header"
    grounded = deepseek(PAGE)
    box = [100, round(20 * 999 / height), 899, round(38 * 999 / height)]
    assert grounded.startswith(f"<|ref|>title<|/ref|><|det|>[{box}]<|/det|>\n# On")
    assert "<|ref|>table_caption<|/ref|>" in grounded
    assert "<|ref|>equation<|/ref|>" in grounded


def test_omnidocbench_has_categories_and_relations():
    entry = json.loads(omnidocbench(PAGE))
    kinds = [det["category_type"] for det in entry["layout_dets"]]
    assert kinds == [
        *("title", "title", "text_block", "text_block", "text_block", "text_block"),
        *("table_caption", "table", "equation_isolated", "text_block", "page_number"),
    ]
    assert entry["extra"]["relation"] == [
        {"source_anno_id": 7, "target_anno_id": 6, "relation": "parent_son"},
        {"source_anno_id": 2, "target_anno_id": 9, "relation_type": "truncated"},
    ]
    assert len(entry["layout_dets"][0]["poly"]) == 8
    assert entry["layout_dets"][8]["latex"] == "$$x<y$$"


def test_doctags_come_back():
    for seed in range(300):
        page = page_of(random_page(seed))
        if any("<" in c.text for b in page.blocks if b.table for c in b.table.cells):
            with pytest.raises(Rejected, match="tags"):  # docling takes it for a tag
                doctags(page)
            continue
        elements = parse_doctags(doctags(page))
        assert len(elements) == len(page.blocks)
        for element, block in zip(elements, page.blocks, strict=True):
            assert len(element.box) == 4
            assert element.box[0] == round(GRID * block.box[0] / page.width)
            if block.table is not None:
                found = [(c.row, c.column, c.rowspan, c.colspan) for c in element.table.cells]
                assert found == [(c.row, c.column, c.rowspan, c.colspan) for c in block.table.cells]
            elif block.role not in ("figure", "formula"):
                text = element.text.replace("\\lt ", "<")
                assert text == (block.item_text if block.role == "list_item" else block.text)


@pytest.mark.parametrize("text", ["", "text", "<doctag>a</doctag>", "<doctag><text>a</doctag>"])
def test_what_is_no_doctags_is_rejected(text):
    with pytest.raises(Rejected):
        parse_doctags(text)


class Tags(HTMLParser):
    """Checks that tags are closed in order."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_forms_of_random_pages_are_well_formed():
    for seed in range(100):
        page = page_of(random_page(seed))
        tags = Tags()
        tags.feed(html(page))
        assert not tags.open
        for form in (dots, qwen, qwen_1000):
            for entry in json.loads(form(page)):
                x0, y0, x1, y1 = entry.get("bbox") or entry["bbox_2d"]
                assert 0 <= x0 < x1
                assert 0 <= y0 < y1
        assert markdown(page)
        assert json.loads(omnidocbench(page))["layout_dets"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_program_gives_its_answer(lang):
    kinds = set()
    for seed in range(60):
        page = page_of({**(ROW if seed % 2 else random_page(seed)), "lang": lang})
        functions = LayoutFacts(page).functions
        for question in layout_questions(page, np.random.default_rng(seed), 6):
            kinds.add(question.kind)
            assert answer_text(evaluate(question.program, functions), lang) == question.answer
            assert "{" not in question.question
    assert kinds == set(PHRASES[lang])


def test_answers_over_layout():
    functions = LayoutFacts(PAGE).functions
    assert evaluate("text_in(40, 20, 360, 38)", functions) == "On *prices*"
    assert evaluate('where("1 Goods")', functions) == "[40, 44, 360, 62]"
    assert evaluate('nth("heading", 1)', functions) == "1 Goods"
    assert evaluate("caption_of(1)", functions) == "Table 1: Prices"
    assert evaluate('count("list item")', functions) == 3


def test_a_page_without_blocks_is_rejected():
    with pytest.raises(Rejected, match="no-blocks"):
        page_of({**ROW, "regions": []})


def test_a_table_without_cells_has_text_but_no_markup():
    page = page_of(page_row([("paragraph", "a"), ("table", "Rice 3")]))
    assert plain(page) == "a\n\nRice 3"
    for form in (markdown, html, doctags, dots):
        with pytest.raises(Rejected, match="no-cells"):
            form(page)


def test_pages_in_further_languages_have_english_prompts_and_no_questions() -> None:
    row = {**page_row([("paragraph", "Ein Absatz über Berlin.")], lang="de"), "image": None}
    (target,) = targets(row, "html")
    assert target.prompt in PROMPTS["html"]["en"]
    with pytest.raises(Rejected, match="no questions in 'de'"):
        targets(row, "questions")
    with pytest.raises(Rejected, match="no pages in 'de'"):
        targets(row, "omnidocbench")
