"""What references and citations print."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from renderers.rejected import Rejected
from vary_data.sources.arxiv.read.project import Project
from vary_data.sources.arxiv.scan import argument, group_end, optional

_BIBITEM = re.compile(r"\\bibitem\b")
_NATBIB = re.compile(r"^(.*?)\((\d{4}[a-z]?|[^()]{0,12})\)", re.DOTALL)
_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^\s,{}]+)\s*,")
_AUTHOR = re.compile(r"\bauthor\s*=\s*(?=[{\"])", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:year|date)\s*=\s*[{\"]?\s*\{?(\d{4})", re.IGNORECASE)
_CITE = re.compile(r"\\(?:no)?[A-Za-z]*[cC]ite[A-Za-z]*\*?\s*(?:\[[^\]]*\]\s*){0,2}\{([^{}]*)\}")
_AUTHOR_YEAR = re.compile(
    r"\\usepackage\s*\[[^\]]*(?:authoryear|style\s*=\s*(?:apa|author))[^\]]*\]\s*\{(?:natbib|biblatex)"
)
_NUMERIC = re.compile(
    r"\\usepackage\s*\[[^\]]*(?:numbers|super|numeric)[^\]]*\]|\\(?:bibpunct|setcitestyle)[^\n]*numbers"
    r"|\\citestyle\{[^}]*num"
)
_KINDS = {
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


@dataclass(frozen=True, slots=True)
class Label:
    """What a `\\label` stands for: the printed number and the kind of thing (or its name)."""

    number: str
    kind: str
    title: str = ""
    """Source of the heading or caption, for `\\nameref`."""


@dataclass(frozen=True, slots=True)
class Work:
    """A cited work: its place in the list, and short authors and year where they are known."""

    number: int
    authors: str = ""
    year: str = ""


@dataclass(slots=True)
class References:
    """Printed forms, as LaTeX text source, of references and citations."""

    labels: dict[str, Label]
    works: dict[str, Work]
    author_year: bool = False
    lang: str = "en"
    unresolved: list[str] = field(default_factory=list)

    def reference(self, command: str, keys: str) -> str:
        """What `\\ref`, `\\eqref`, `\\cref` and their kin print. Raises `Unfit`."""
        labels = [self._label(key.strip()) for key in keys.split(",") if key.strip()]
        if not labels:
            raise Rejected("reference", f"\\{command}{{}}")
        if command == "eqref":
            return f"({labels[0].number})"
        if command == "pageref":
            raise Rejected("reference", "\\pageref")
        if command == "nameref" and labels[0].title:
            return labels[0].title
        if command in ("nameref", "namecref", "nameCref", "lcref", "cpageref"):
            raise Rejected("reference", f"\\{command}")
        if command.lower() in ("cref", "autoref", "fref", "zcref", "vref", "sref"):
            return self._with_kind(labels, capital=command[0].isupper() or command == "autoref")
        return ", ".join(label.number for label in labels)

    def _label(self, key: str) -> Label:
        known = self.labels.get(key)
        if known is None:
            self.unresolved.append(key)
            return Label("1", "section" if key.startswith("sec") else "equation")
        return known

    def _with_kind(self, labels: Sequence[Label], capital: bool) -> str:
        runs: list[str] = []
        kinds = list(dict.fromkeys(label.kind for label in labels))
        for kind in kinds:
            numbers = [
                f"({label.number})" if kind == "equation" else label.number
                for label in labels
                if label.kind == kind
            ]
            singular, plural, chinese = _KINDS.get(kind, (kind, kind + "s", kind))
            if self.lang == "zh":
                runs.append(f"{chinese} {'、'.join(numbers)}")
                continue
            name = plural if len(numbers) > 1 else singular
            if not capital:
                name = name[0].lower() + name[1:]
            runs.append(f"{name}~{_and(numbers)}")
        return "和".join(runs) if self.lang == "zh" else _and(runs)

    def citation(self, command: str, keys: str, before: str | None, after: str | None) -> str:
        """What `\\cite` and its kin print."""
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
            return _and([work.authors for work in works])
        if form in ("citeyear", "citeyearpar") and all(work.year for work in works):
            years = ", ".join(work.year for work in works)
            return f"({years})" if form == "citeyearpar" else years
        if self.author_year and known:
            return _author_year(form, works, start, end)
        numbers = ", ".join(str(number) for number in sorted({work.number for work in works}))
        printed = f"[{start}{numbers}{end}]"
        if form in ("citet", "textcite", "citealt", "citeauthor") and known:
            return f"{_and([work.authors for work in works])}~{printed}"
        return printed

    def _work(self, key: str) -> Work:
        if key not in self.works:
            self.works[key] = Work(len(self.works) + 1)
        return self.works[key]


def _author_year(form: str, works: Sequence[Work], start: str, end: str) -> str:
    if form in ("citet", "textcite", "cite"):
        return "; ".join(
            f"{work.authors} ({start if index == 0 else ''}{work.year}"
            f"{end if index == len(works) - 1 else ''})"
            for index, work in enumerate(works)
        )
    listed = "; ".join(f"{work.authors}, {work.year}" for work in works)
    if form == "citealt":
        return start + "; ".join(f"{work.authors} {work.year}" for work in works) + end
    if form == "citealp":
        return f"{start}{listed}{end}"
    return f"({start}{listed}{end})"


def _and(items: Sequence[str]) -> str:
    if len(items) < 3:
        return " and ".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def read_bibliography(project: Project, main: str, preamble: str, body: str) -> dict[str, Work]:
    """Works by key: in the order of the reference list if there is one, else of first citation."""
    works: dict[str, Work] = {}
    folder = posixpath.dirname(main)
    listed = body
    if "\\bibitem" not in body:
        candidates = (posixpath.splitext(main)[0] + ".bbl", posixpath.join(folder, "main.bbl"))
        path = next((one for one in candidates if one in project.members.files), None)
        listed = project.text(path) if path else ""
    for match in _BIBITEM.finditer(listed):
        try:
            label, position = optional(listed, match.end())
            key, _ = argument(listed, position)
        except Rejected:
            continue
        natbib = _NATBIB.match(_unwrapped(label or ""))
        authors, year = natbib.groups() if natbib else ("", "")
        works.setdefault(key.strip(), Work(len(works) + 1, authors.strip(), year.strip()))
    authors_of = _bib_authors(project)
    for match in _CITE.finditer(body):
        for key in match.group(1).split(","):
            key = key.strip()
            if key and key not in works and not match.group().startswith("\\nocite"):
                works[key] = Work(len(works) + 1)
    for key, work in works.items():
        if not work.authors and key in authors_of:
            works[key] = Work(work.number, *authors_of[key])
    return works


def uses_author_year(preamble: str, body: str) -> bool:
    if _NUMERIC.search(preamble):
        return False
    return bool(_AUTHOR_YEAR.search(preamble)) or "\\citep" in body


def _unwrapped(label: str) -> str:
    return label.strip().removeprefix("{").removesuffix("}")


def _bib_authors(project: Project) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in project.members.files:
        if not path.endswith(".bib"):
            continue
        text = project.text(path)
        entries = list(_ENTRY.finditer(text))
        for index, match in enumerate(entries):
            stop = entries[index + 1].start() if index + 1 < len(entries) else len(text)
            entry = text[match.end() : stop]
            author, year = _AUTHOR.search(entry), _YEAR.search(entry)
            if author and year:
                names = _short_authors(_value(entry, author.end()))
                if names:
                    found.setdefault(match.group(2), (names, year.group(1)))
    return found


def _value(entry: str, position: int) -> str:
    if entry[position] == "{":
        try:
            return entry[position + 1 : group_end(entry, position) - 1]
        except Rejected:
            return ""
    stop = entry.find('"', position + 1)
    return entry[position + 1 : stop] if stop > 0 else ""


def _short_authors(value: str) -> str:
    """`Foo`, `Foo and Bar` or `Foo et al.` of a BibTeX author list, as LaTeX text."""
    people = [one.strip() for one in re.split(r"\s+and\s+", " ".join(value.split())) if one.strip()]
    if not people or len(value) > 20_000:
        return ""
    last = [_family(person) for person in people]
    if len(last) == 1:
        return last[0]
    if len(last) == 2 and last[1] != "others":
        return f"{last[0]} and {last[1]}"
    return f"{last[0]} et~al."


def _family(person: str) -> str:
    """The family name; a name in braces is one word."""
    words = re.findall(r"(?:\{(?:[^{}]|\{[^{}]*\})*\}|[^\s{}])+", person)
    if "," in person:
        words = re.findall(r"(?:\{(?:[^{}]|\{[^{}]*\})*\}|[^,{}])+", person)[:1]
    name = (words[0] if "," in person else words[-1]) if words else ""
    name = name.strip()
    return name if name.count("{") == name.count("}") else re.sub(r"[{}]", "", name)
