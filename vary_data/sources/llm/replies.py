"""The JSON value in a reply, or why there is none."""

from __future__ import annotations

from typing import Any

from vary_data.base.json_lines import parse_json
from vary_data.sources.llm.cache import Reply
from vary_data.sources.llm.client import MALFORMED


def reply_value(reply: Reply | None) -> tuple[Any, str]:
    """The JSON value of a reply, and the reason if it has none."""
    if reply is None:
        return None, "no-answer"
    if reply.finish in ("refusal", "content_filter"):
        return None, "refusal"
    if reply.finish == "length":
        return None, "cut-off"
    if reply.finish == MALFORMED:
        return None, "malformed-reply"
    try:
        return parse_json(without_fence(reply.content)), ""
    except ValueError:
        return None, "not-json"


def without_fence(text: str) -> str:
    """An answer without the Markdown fence that some models put around code, and without what is
    outside of it; the text itself if it has none."""
    _, fence, rest = text.partition("```")
    if not fence or text.lstrip().startswith("{"):
        return text
    inside, end, _ = rest.rpartition("```")
    language, newline, code = (inside if end else rest).partition("\n")
    if newline and (not language.strip() or language.strip().isalnum()):
        return code
    return f"{language}{newline}{code}"
