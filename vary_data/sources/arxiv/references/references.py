"""The text that references and citations print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

from renderers.rejected import Rejected
from vary_data.sources.arxiv.references.bibliography import Work

_KIND_NAMES = {
    "section": ("Section", "Sections", "节"),
    "chapter": ("Chapter", "Chapters", "章"),
    "equation": ("Eq.", "Eqs.", "式"),
    "figure": ("Figure", "Figures", "图"),
    "table": ("Table", "Tables", "表"),
    "item": ("item", "items", "项"),
    "algorithm": ("Algorithm", "Algorithms", "算法"),
    "appendix": ("Appendix", "Appendices", "附录"),
    "footnote": ("footnote", "footnotes", "脚注"),
    "listing": ("Listing", "Listings", "代码"),
}
"""Singular, plural and Chinese names that `\\cref` prints."""


_WITH_KIND = ("cref", "autoref", "fref", "zcref", "vref", "sref")
"""Commands that print the kind of their target."""
_LISTS = ("cref", "zcref", "vref", "labelcref", "namecref", "lcnamecref", "cpageref")
"""Commands that take several keys."""


@dataclass(frozen=True, slots=True)
class Label:
    """The target of a `\\label`: its printed number, and its kind or name."""

    number: str
    kind: str
    title: str = ""
    """Source of the heading or caption, for `\\nameref`."""


@dataclass(slots=True)
class References:
    """Printed forms, as LaTeX text source, of references and citations."""

    labels: dict[str, Label]
    works: dict[str, Work]
    author_year: bool = False
    lang: str = "en"
    left_out: frozenset[tuple[str, str]] = frozenset()
    """Kind and number of the figures that the document lacks."""
    unresolved: list[str] = field(default_factory=list)

    def reference(self, command: str, keys: str) -> str:
        """The text that `\\ref`, `\\eqref`, `\\cref` and similar commands print.

        Raises:
            Rejected: no key, a command whose text depends on the pages, or a figure that was left
                out.
        """
        names = [key.strip() for key in keys.split(",") if key.strip()]
        if command.lower() not in _LISTS and keys.strip() in self.labels:
            names = [keys.strip()]  # a comma is part of the key
        labels = [self._label(key) for key in names]
        if not labels:
            raise Rejected("reference", f"\\{command}{{}}")
        if command == "eqref":
            return f"({labels[0].number})"
        if command == "subref":
            number = labels[0].number
            return number.removeprefix(number.rstrip(ascii_lowercase)) or number
        if command == "pageref":
            raise Rejected("reference", "\\pageref")
        if command == "nameref" and labels[0].title:
            return labels[0].title
        if command in ("nameref", "namecref", "nameCref", "lcref", "cpageref"):
            raise Rejected("reference", f"\\{command}")
        if command.lower() in _WITH_KIND:
            return self._with_kind(labels, capital=command[0].isupper() or command == "autoref")
        return ", ".join(label.number for label in labels)

    def _label(self, key: str) -> Label:
        known = self.labels.get(key)
        if known is None:
            self.unresolved.append(key)
            return Label("1", "section" if key.startswith("sec") else "equation")
        if known.kind == "footnote":
            raise Rejected("reference", "the number of a footnote")
        if (known.kind, known.number.rstrip(ascii_lowercase)) in self.left_out:
            raise Rejected("figure-reference", f"{known.kind} {known.number}")
        return known

    def _with_kind(self, labels: Sequence[Label], capital: bool) -> str:
        runs: list[str] = []
        kinds = list(dict.fromkeys(label.kind for label in labels))
        for kind in kinds:
            numbers = [_number(label) for label in labels if label.kind == kind]
            name = self._kind_name(kind, len(numbers) > 1, capital)
            if self.lang == "zh":
                runs.append(f"{name} {'、'.join(numbers)}")
            else:
                runs.append(f"{name}~{_enumerated(numbers)}")
        return "和".join(runs) if self.lang == "zh" else _enumerated(runs)

    def range(self, command: str, first: str, last: str) -> str:
        """The text that `\\crefrange` prints.

        Raises:
            Rejected: a figure that was left out.
        """
        ends = [self._label(first.strip()), self._label(last.strip())]
        name = self._kind_name(ends[0].kind, True, command[0].isupper())
        start, end = map(_number, ends)
        return f"{name} {start} 至 {end}" if self.lang == "zh" else f"{name}~{start} to~{end}"

    def _kind_name(self, kind: str, several: bool, capital: bool) -> str:
        singular, plural, chinese = _KIND_NAMES.get(kind, (kind, kind + "s", kind))
        if self.lang == "zh":
            return chinese
        name = plural if several else singular
        return name if capital else name[0].lower() + name[1:]

    def citation(self, command: str, keys: str, before: str | None, after: str | None) -> str:
        """The text that `\\cite` and similar commands print.

        Raises:
            Rejected: no key.
        """
        works = [self._work(key.strip()) for key in keys.split(",") if key.strip()]
        if after is None and before is not None:
            before, after = None, before
        start = f"{before} " if before else ""
        if not works:
            raise Rejected("reference", f"\\{command}{{}}")
        known = all(work.authors for work in works)
        form = command.lower().removesuffix("s")
        end = f", {after}" if after else ""
        if form == "citeauthor" and known:
            return _enumerated([work.authors for work in works])
        if form in ("citeyear", "citeyearpar") and all(work.year for work in works):
            years = ", ".join(work.year for work in works)
            return f"({years})" if form == "citeyearpar" else years
        if self.author_year and known:
            return _author_year(form, works, start, end)
        if all(work.label for work in works):
            numbers = ", ".join(dict.fromkeys(work.label for work in works))
        else:
            numbers = ", ".join(str(number) for number in sorted({work.number for work in works}))
        printed = f"[{start}{numbers}{end}]"
        if form in ("citet", "textcite", "citealt", "citeauthor") and known:
            return f"{_enumerated([work.authors for work in works])}~{printed}"
        return printed

    def _work(self, key: str) -> Work:
        if key not in self.works:
            self.works[key] = Work(len(self.works) + 1)
        return self.works[key]


def _number(label: Label) -> str:
    return f"({label.number})" if label.kind == "equation" else label.number


def _author_year(form: str, works: Sequence[Work], start: str, end: str) -> str:
    if form in ("citet", "textcite", "cite"):
        printed = []
        for index, work in enumerate(works):
            inner = start * (index == 0) + work.year + end * (index == len(works) - 1)
            inner = inner.removeprefix(", ")
            printed.append(f"{work.authors} ({inner})" if inner else work.authors)
        return "; ".join(printed)
    listed = "; ".join(", ".join(filter(None, (work.authors, work.year))) for work in works)
    if form == "citealt":
        return start + "; ".join(f"{work.authors} {work.year}".rstrip() for work in works) + end
    if form == "citealp":
        return f"{start}{listed}{end}"
    return f"({start}{listed}{end})"


def _enumerated(items: Sequence[str]) -> str:
    if len(items) < 3:
        return " and ".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]
