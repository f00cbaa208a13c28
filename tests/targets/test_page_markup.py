"""HTML and Markdown of pages are read back to their blocks, Markdown by a CommonMark parser."""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from tests.targets.page_rows import random_page
from vary_data.targets.pages.html import html
from vary_data.targets.pages.page import page_of
from vary_data.targets.pages.text import markdown
from vary_data.targets.tables.html import parse_html
from vary_data.targets.tables.markdown import parse_markdown

HTML_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "figcaption", "pre", "div", "figure"}


class Blocks(HTMLParser):
    """The blocks of an HTML text outside of tables: tag and text."""

    def __init__(self):
        super().__init__()
        self.found, self.depth, self.open = [], 0, []

    def handle_starttag(self, tag, attrs):
        self.depth += tag == "table"
        if tag == "table" and self.depth == 1:
            self.found.append(["table", ""])
        if tag in HTML_TAGS and not self.depth:
            self.found.append([tag, ""])
            self.open.append(self.found[-1])

    def handle_endtag(self, tag):
        self.depth -= tag == "table"
        if tag in HTML_TAGS and not self.depth:
            self.open.pop()

    def handle_data(self, data):
        if self.open and not self.depth:
            self.open[-1][1] += data


def flow(seed):
    page = page_of(random_page(seed))
    return page, list(page.flow())


def test_html_gives_the_blocks_back():
    for seed in range(200):
        page, blocks = flow(seed)
        text = html(page)
        reader = Blocks()
        reader.feed(text)
        tables = iter(re.findall(r"<table>.*?</table>", text, re.DOTALL))
        assert len(reader.found) == len(blocks)
        for (tag, content), block in zip(reader.found, blocks, strict=True):
            if block.table is not None:
                assert tag == "table"
                assert parse_html(next(tables)) == block.table
            elif block.role == "list_item":
                assert (tag, content) == ("li", block.item_text)
            elif block.role == "section_header":
                assert (tag, content) == (f"h{min(6, block.level + 1)}", block.text)
            else:
                assert content.strip() == block.text


def printed(token):
    """The text of an inline token as a reader sees it; formulas in dollars stay source."""
    shown = []
    for child in token.children or ():
        assert child.type in ("text", "softbreak"), (child.type, token.content)
        shown.append(child.content or " ")
    return "".join(shown)


def test_a_commonmark_parser_reads_the_texts_of_markdown():
    parser = MarkdownIt("commonmark").enable("table")
    for seed in range(200):
        page, blocks = flow(seed)
        tokens = parser.parse(markdown(page))
        texts = [printed(t) for t in tokens if t.type == "inline"]
        for block in blocks:
            if block.role in ("title", "section_header", "paragraph", "footnote", "caption"):
                wanted = re.sub(r"\\\((.*?)\\\)", r"$\1$", block.text)
                assert wanted in texts, (wanted, texts)
        fences = [t.content for t in tokens if t.type == "fence"]
        assert fences == [b.text + "\n" for b in blocks if b.role == "code"]


def test_tables_in_markdown_come_back():
    for seed in range(200):
        page, blocks = flow(seed)
        parts = markdown(page).split("\n\n")
        found = [parse_markdown(p) for p in parts if p.startswith(("| ", "<table>"))]
        assert found == [block.table for block in blocks if block.table is not None]
