"""Rephrases the questions of templates by a language model, and keeps what still asks the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vary_data.base.errors import VaryError
from vary_data.base.seed import stable_hash
from vary_data.sources.llm.collect import Ask
from vary_data.sources.llm.cost import estimate_tokens
from vary_data.sources.llm.replies import reply_value
from vary_data.targets.questions.wording import wording_problem

PER_REQUEST = 10
ATTEMPTS = 2
"""How often a question is asked for, if its wording was refused."""
TOKENS_BESIDES = 100
UNCHANGED = "unchanged"

SYSTEM = {
    "en": (
        "You rephrase questions about pictures of charts, tables and pages. The meaning and the "
        "answer stay the same. Never answer a question."
    ),
    "zh": "你负责改写关于图表、表格和文档页面的问题，意思和答案都不能变。不要回答问题。",
}
RULES = {
    "en": (
        "Rephrase each question in English, in natural and varied wording, as one or two "
        "sentences that end with a question mark or a full stop. The texts of `keep` stay letter "
        "by letter, in their order; what is in quotes stays in quotes. Add no number, no name and "
        "no quotes. Return one question for each, in the same order."
    ),
    "zh": (
        "请用简体中文改写每个问题，措辞自然多样，一到两句话，以问号或句号结尾。`keep` 中的文字"
        "逐字保留，次序不变；引号中的内容仍用引号。不要添加数字、名称或引号。"
        "每个问题对应一个改写，次序相同。"
    ),
}
SCHEMA = {
    "type": "object",
    "properties": {"questions": {"type": "array", "items": {"type": "string"}}},
    "required": ["questions"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a template: its row, its text, the texts put into it, and its answer."""

    row: str
    question: str
    names: Mapping[str, str]
    answer: str


@dataclass(slots=True)
class Rephrased:
    """The wordings by row and question, and why the other questions keep their template."""

    wordings: dict[tuple[str, str], str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)


def rephrase(questions: Sequence[Asked], lang: str, model: str, seed: int, ask: Ask) -> Rephrased:
    """Ask for a wording of each question; those that are refused are asked for once more.

    The wordings depend only on the replies, not on the order of their arrival.

    Raises:
        VaryError: a request had no reply. Without it, a later run would have other questions.
    """
    found = Rephrased()
    open_ = list(questions)
    for attempt in range(ATTEMPTS):
        reasons: dict[int, str] = {}
        unanswered = 0
        groups = list(_groups(open_))
        bodies = [request_body(group, lang, model, seed, attempt) for group in groups]
        for group, reply in zip(groups, ask(bodies), strict=True):
            unanswered += reply is None
            value, reason = reply_value(reply)
            wordings = _wordings(value, len(group))
            for number, asked in enumerate(group):
                given = wordings[number] if wordings else ""
                problem = reason or _problem(asked, given, lang)
                if problem:
                    reasons[id(asked)] = problem
                else:
                    found.wordings[asked.row, asked.question] = given
        if unanswered:
            raise VaryError(
                f"{unanswered:,} of {len(bodies):,} requests had no reply",
                "replies so far are kept; run the same command again later",
            )
        open_ = [asked for asked in open_ if id(asked) in reasons]
    found.refused.update(reasons[id(asked)] for asked in open_)
    return found


def _groups(questions: Sequence[Asked]) -> Iterator[Sequence[Asked]]:
    for start in range(0, len(questions), PER_REQUEST):
        yield questions[start : start + PER_REQUEST]


def _wordings(value: Any, count: int) -> list[str]:
    """The wordings of a reply; none if they cannot belong to the questions."""
    items = value.get("questions") if isinstance(value, dict) else None
    if not isinstance(items, list) or len(items) != count:
        return []
    return [item.strip() if isinstance(item, str) else "" for item in items]


def _problem(asked: Asked, wording: str, lang: str) -> str:
    if not wording:
        return "no-question"
    if wording == asked.question:
        return UNCHANGED
    return wording_problem(asked.question, wording, asked.names, lang, asked.answer)


def request_body(
    questions: Sequence[Asked], lang: str, model: str, seed: int, attempt: int = 0
) -> dict[str, Any]:
    """The body of the chat completion request; it contains everything that affects the reply."""
    items = [
        {"question": asked.question, "keep": _kept(asked.question, asked.names)}
        for asked in questions
    ]
    text = json.dumps(items, ensure_ascii=False)
    rows = [asked.row for asked in questions]
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": SYSTEM[lang]},
            {"role": "user", "content": f"{RULES[lang]}\n{text}"},
        ],
        # A question and its wording have at most a token for each character.
        "max_tokens": TOKENS_BESIDES + 2 * sum(len(asked.question) for asked in questions),
        "temperature": 1.0,
        "seed": stable_hash("rephrase", seed, attempt, *rows, bits=32),
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "questions", "strict": True, "schema": SCHEMA},
        },
    }


def _kept(question: str, names: Mapping[str, str]) -> list[str]:
    """The texts that were put into a question, in their order."""
    known = {name for name in names.values() if name and name in question}
    return sorted(known, key=lambda name: (question.index(name), name))


def expected_tokens(
    questions: Sequence[Asked], lang: str, model: str, seed: int
) -> tuple[int, int, int]:
    """A rough estimate for questions that are all kept: requests, tokens in, tokens out."""
    bodies = [request_body(group, lang, model, seed) for group in _groups(questions)]
    prompt = sum(estimate_tokens(body, 0)[0] for body in bodies)
    wide = 1.5 if lang == "zh" else 4
    return len(bodies), prompt, sum(int(len(asked.question) / wide) + 4 for asked in questions)
