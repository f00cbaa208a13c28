"""The state of the expander at one point of a document: macros, conditions, scopes."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.expand.macros import EnvironmentMacro, Macro
from vary_data.sources.arxiv.expand.stream import TokenStream
from vary_data.sources.arxiv.expand.tokens import Token
from vary_data.sources.arxiv.limits import ExtractionLimits

_MAX_GROUPS_PER_LEVEL = 20
"""Macros open more groups than a document nests: so many for each level of `nesting`."""
_RECENT_CALLS = 300
"""Calls among which the macro of an endless expansion is the most frequent one."""


@dataclass(frozen=True, slots=True)
class Theorem:
    """A `\\newtheorem`: its printed name, the counter that it uses, and what resets that.

    Theorems with a `prefix` have two arguments, a title and the key of the label `prefix:key`.
    """

    title: str
    counter: str
    within: str = ""
    numbered: bool = True
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """The content of a box, `expanded` if it is output and not source."""

    content: tuple[Token, ...]
    expanded: bool = False


@dataclass(slots=True)
class Scope:
    """One open group: how to undo what was set in it, and the mode outside it."""

    opener: str
    math: str
    undo: dict[tuple[int, str], tuple[dict[str, Any], Any]] = field(default_factory=dict)
    closing: tuple[Token, ...] = ()
    """What a document's own environment puts at its end."""


@dataclass(slots=True)
class State:
    """`math` is empty in text, else how the formula began: `$`, `$$`, `(`, `[` or `env`."""

    stream: TokenStream
    limits: ExtractionLimits
    macros: dict[str, Macro] = field(default_factory=dict)
    environments: dict[str, EnvironmentMacro] = field(default_factory=dict)
    conditions: dict[str, bool] = field(default_factory=dict)
    theorems: dict[str, Theorem] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    """`\\newcolumntype`: letter to its specification."""
    registers: dict[str, str] = field(default_factory=dict)
    """The document's own registers, and what they hold as in `definitions.REGISTERS`."""
    boxes: dict[str, Box] = field(default_factory=dict)
    open_boxes: list[tuple[str, list[Token]]] = field(default_factory=list)
    """The `lrbox` environments around this point, and the output outside each."""
    scopes: list[Scope] = field(default_factory=list)
    math: str = ""
    in_text: bool = False
    """The next group is text inside a formula, as after `\\text`."""
    make_global: bool = False
    expansions: int = 0
    recent: deque[str] = field(default_factory=lambda: deque(maxlen=_RECENT_CALLS))
    """The macros, environments and loops that were run last."""
    endless: frozenset[str] = frozenset()
    """Those that expand without end; they leave a mark that rejects their block."""
    open_conditions: int = 0
    loops: list[tuple[Token, ...]] = field(default_factory=list)
    out: list[Token] = field(default_factory=list)

    def assign(self, table: dict[str, Any], key: str, value: Any, everywhere: bool = False) -> None:
        """Sets a value until the group ends, or until the end of the document."""
        mark = (id(table), key)
        if everywhere or self.make_global:
            for scope in self.scopes:
                scope.undo.pop(mark, None)
        elif self.scopes:
            self.scopes[-1].undo.setdefault(mark, (table, table.get(key)))
        self.make_global = False
        table[key] = value

    def open(self, opener: str, closing: Sequence[Token] = ()) -> None:
        """Begin a group, which `close` ends with the same opener.

        `closing` are tokens for its end.

        Raises:
            DocumentRejected: `loop`, groups nest too deeply.
        """
        if len(self.scopes) > _MAX_GROUPS_PER_LEVEL * self.limits.nesting:
            raise DocumentRejected("groups nest without end", "its macros are recursive", "loop")
        self.scopes.append(Scope(opener, self.math, {}, tuple(closing)))
        if self.in_text and opener == "{":
            self.math = ""
        self.in_text = False

    def close(self, opener: str) -> Scope | None:
        """Ends the nearest group opened by `opener`; None, and nothing, when there is none."""
        if opener == "{" and (not self.scopes or self.scopes[-1].opener != "{"):
            return None
        if all(scope.opener != opener for scope in self.scopes):
            return None
        while True:
            scope = self.scopes.pop()
            for (_, key), (table, old) in scope.undo.items():
                if old is None:
                    table.pop(key, None)
                else:
                    table[key] = old
            self.math = scope.math
            if scope.opener == opener:
                return scope

    def most_frequent(self) -> str:
        """What was run most often lately, without what is marked; empty if there is nothing."""
        calls = Counter(name for name in self.recent if name not in self.endless)
        return max(calls.items(), key=lambda item: item[1], default=("", 0))[0]

    def count_expansion(self, name: str) -> None:
        """Count a macro call.

        Raises:
            DocumentRejected: `loop`, there were more than the limit.
        """
        self.recent.append(name)
        self.expansions += 1
        if self.expansions > self.limits.expansions:
            raise DocumentRejected(
                f"more than {self.limits.expansions} macro calls",
                "its macros are recursive",
                "loop",
            )
