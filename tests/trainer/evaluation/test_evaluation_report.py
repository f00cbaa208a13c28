"""The report: what is aligned, what is marked, and what Chromium makes of it."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.drawn_charts import row, write
from trainer.cli import group
from trainer.evaluation.report.difference import aligned

HOSTILE = "</div><script>document.title='owned'</script><img src=x onerror=alert(1)>"


def test_differences_by_hand() -> None:
    assert aligned("the cat sat", "the bat sat") == [
        ("the <del>cat </del>sat", "the <ins>bat </ins>sat")
    ]
    assert aligned("one\ntwo\n", "one\nthree\n") == [
        ("one\n", "one\n"),
        ("<del>two\n</del>", "<ins>three\n</ins>"),
    ]
    assert aligned("今天好", "今大好") == [("今<del>天</del>好", "今<ins>大</ins>好")]
    assert aligned(r"\alpha+x", r"\beta+x") == [(r"<del>\alpha</del>+x", r"<ins>\beta</ins>+x")]
    assert aligned("a < b", "") == [("<del>a </del><del>&lt; </del><del>b</del>", "")]
    assert aligned("", "") == []


def test_long_lines_are_broken_between_words_only() -> None:
    numbers = ", ".join(f"'{i}': '1,{i:03}.5%'" for i in range(60))
    rows = aligned(numbers, numbers)
    assert len(rows) > 5
    assert all(unescape(truth).endswith((" ", "%'")) for truth, _ in rows)
    assert max(len(unescape(truth)) for truth, _ in rows) < 140


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_is_lost_and_what_is_unmarked_is_equal(truth: str, answer: str) -> None:
    rows = aligned(truth, answer)

    def text(html: str) -> str:
        return unescape(re.sub(r"</?(?:ins|del)>", "", html))

    def kept(html: str) -> list[str]:
        return unescape(re.sub(r"<(ins|del)>.*?</\1>", "", html, flags=re.S)).split()

    left, right = ("".join(side) for side in zip(*rows, strict=True)) if rows else ("", "")
    assert text(left) == truth.lstrip()
    assert text(right) == answer.lstrip()
    assert "".join(kept(left)) == "".join(kept(right))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    rows = [row(f"p{i}", f"page {i}", kind="page", doc_id=f"d{i}") for i in range(5)]
    rows[2]["text"] = HOSTILE
    rows[2]["messages"] = []
    write(tmp_path / "set", "pages", rows, split="test")
    answers = [{"id": f"p{i}", "answer": f"page {i}"} for i in range(4)]
    answers[2]["answer"] = HOSTILE[::-1] + HOSTILE
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, answers)))
    arguments = ["evaluate", "-d", tmp_path / "set", "-p", tmp_path / "a.jsonl",
                 "-o", tmp_path / "out", "--worst", "3"]  # fmt: skip
    result = CliRunner().invoke(group, [str(a) for a in arguments])
    assert result.exception is None, result.exception
    return tmp_path / "out" / "report.html"


def test_the_worst_come_first(report: Path) -> None:
    page = report.read_text(encoding="utf-8")
    assert re.findall(r"<code>(\w+)</code>", page) == ["p4", "p2", "p0"]
    assert page.count("data:image/webp;base64,") == 3
    assert "counted as empty: 1 (p4)" in page
    assert "<script" not in page


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_in_chromium(report: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        events: list[str] = []
        page.on("console", lambda message: events.append(message.text))
        page.on("request", lambda request: events.append(request.url[:40]))
        page.goto(report.as_uri())
        assert page.title() == "Evaluation"
        sizes = page.eval_on_selector_all("section img", "all => all.map(i => i.naturalWidth)")
        assert sizes == [128, 128, 128]
        # the style is allowed by its hash: the answer is right of the truth
        boxes = [h.bounding_box() for h in page.query_selector_all(".texts h3")[:2]]
        assert boxes[0]
        assert boxes[1]
        assert boxes[0]["y"] == boxes[1]["y"]
        assert boxes[0]["x"] < boxes[1]["x"]
        color = page.eval_on_selector("del", "e => getComputedStyle(e).backgroundColor")
        assert color != "rgba(0, 0, 0, 0)"
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1]
        browser.close()
    assert [s for s in events if not s.startswith(("file://", "data:image"))] == []
