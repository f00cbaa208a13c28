from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vary_data.sources.arxiv.expand.tokens import Islands, Token, tokenize, verbatim_content

PIECES = st.sampled_from(
    ["\\", "{", "}", "$", "%", "#", "&", "^", "~", "\n", "\n\n", " ", "\t", "a", "Z", "1", "é",
     "中", "\\begin{verbatim}", "\\end{verbatim}", "\\verb|", "|", "\\def\\a#1{", "\\iffalse",
     "\\url{", "\\begin{comment}", "\\end{comment}", "\\makeatletter", "\\@x", "[", "]", "*",
     "\u3000", "\r"]
)  # fmt: skip


def joined(tokens: list[Token]) -> str:
    return "".join(token.text + token.trail for token in tokens)


@given(st.text() | st.lists(PIECES).map("".join))
def test_no_character_is_lost(source: str) -> None:
    assert joined(tokenize(source)) == source
    assert joined(tokenize(source, at_letter=True)) == source


def kinds(source: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokenize(source)]


def test_a_control_word_swallows_the_space_after_it() -> None:
    (first, second) = tokenize("\\LaTeX  is")
    assert (first.text, first.trail, second.text) == ("\\LaTeX", "  ", "is")


def test_a_blank_line_after_a_control_word_is_still_a_paragraph() -> None:
    assert [kind for kind, _ in kinds("\\noindent\n\nx")] == ["command", "par", "text"]


def test_a_comment_takes_its_line_end_and_the_indentation_of_the_next_line() -> None:
    assert kinds("a% note\n   b") == [("text", "a"), ("comment", "% note\n   "), ("text", "b")]


def test_a_comment_before_a_blank_line_leaves_the_paragraph_end() -> None:
    assert [kind for kind, _ in kinds("a% note\n\nb")] == ["text", "comment", "par", "text"]


def test_an_escaped_percent_sign_is_no_comment() -> None:
    assert kinds("5\\% x") == [("text", "5"), ("command", "\\%"), ("space", " "), ("text", "x")]


@pytest.mark.parametrize(
    ("source", "content"),
    [
        ("\\verb|a%b{$|", "a%b{$"),
        ("\\verb*+x y+", "x y"),
        ("\\lstinline[language=C]{a{b}c}", "a{b}c"),
        ("\\mintinline{haskell}{x -> y}", "x -> y"),
        ("\\url{https://a.b/c%20d_e#f}", "https://a.b/c%20d_e#f"),
    ],
)
def test_verbatim_pieces_are_one_token(source: str, content: str) -> None:
    (token,) = tokenize(source)
    assert token.kind == "verbatim"
    assert verbatim_content(token.text) == (False, content)


def test_a_verbatim_environment_is_one_token() -> None:
    (token,) = tokenize("\\begin{verbatim}\n% { $\n\\end{verbatim}")
    assert verbatim_content(token.text) == (True, "\n% { $\n")


def test_a_comment_environment_is_a_comment() -> None:
    assert [t.kind for t in tokenize("a\\begin{comment} $ { \\end{comment}b")] == [
        "text", "comment", "text",
    ]  # fmt: skip


def test_environments_of_the_document_can_be_verbatim_too() -> None:
    islands = Islands()
    islands.environments.add("hask")
    assert [t.kind for t in tokenize("\\begin{hask}$\\end{hask}", islands)] == ["verbatim"]


def test_an_at_sign_is_a_letter_between_makeatletter_and_makeatother() -> None:
    source = "\\a@b\\makeatletter\\a@b\\makeatother\\a@b"
    names = [t.text for t in tokenize(source) if t.kind == "command"]
    assert names == ["\\a", "\\makeatletter", "\\a@b", "\\makeatother", "\\a"]
