"""pdflatex: preambles dumped as formats, one run for all pages of a document.

The caller provides a `Runner` that starts the process and sets its limits. Only what `tex.py`
wrote from blocks is compiled, nothing of a user's source; still TeX runs without shell escape,
reads and writes only below its working folder, and never starts METAFONT.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from renderers.latex.faces import CHINESE_FACES, ChineseFace, FaceMissing, build
from renderers.latex.font_glyphs import glyph_names
from renderers.latex.template import Template
from renderers.program import ProcessResult, Runner

MACROS = Path(__file__).with_name("macros.tex")

_ENVIRONMENT = {
    "openin_any": "p",
    "openout_any": "p",
    "shell_escape": "f",
    "MKTEXTFM": "0",
    "MKTEXPK": "0",
    "MKTEXMF": "0",
    "SOURCE_DATE_EPOCH": "1000000000",
    "FORCE_SOURCE_DATE": "1",
    "TEXMFOUTPUT": ".",
    "max_print_line": "1000",
}
MAX_OVERHANG_PT = 8.0
"""TeX points that a line may extend beyond its column: less than any gap between columns."""

_ERROR = re.compile(r"^(?:\./)?(?:page|pre)\.tex:(\d+): (.*)$")
_ELSEWHERE = re.compile(r"^(?:!|\S+\.\w+:\d+:) ?(.*)$")
_OVERFULL = re.compile(
    r"^Overfull \\hbox \(([\d.]+)pt too wide\).*?(?:at lines? |line )(\d+)(?:--(\d+))?"
)


_SEARCHED = ("TFMFONTS", "TTFONTS", "ENCFONTS", "TEXFONTMAPS")


class EngineMissing(Exception):
    """A program or package of TeX that is not installed."""


class FormatFailed(Exception):
    """A preamble of a template that TeX rejects."""


@dataclass(frozen=True, slots=True)
class TexProblem:
    """An error or warning of TeX at a line of the source; None where the line is unknown.

    `first` is the first line of the paragraph that ends at `line`; `excess` is the width in TeX
    points by which a line is too wide.
    """

    line: int | None
    reason: str
    detail: str
    first: int | None = None
    excess: float = 0.0


@dataclass(frozen=True, slots=True)
class TexRun:
    """One run of pdflatex; after a `fatal` one there is no complete PDF."""

    pdf: Path
    marks: Path
    problems: tuple[TexProblem, ...]
    fatal: bool
    timed_out: bool


@dataclass(frozen=True)
class TexEngine:
    """TeX with a folder of dumped formats.

    `cache` is shared by all workers of a machine: a format is written to a temporary file and
    renamed to a name with a hash of everything that it depends on. So are the Chinese faces that
    TeX does not include (`faces.py`).
    """

    run: Runner
    cache: Path
    seconds: float = 60.0
    _faces: dict[str, Path] = field(default_factory=dict, repr=False)
    _formats: dict[str, Path] = field(default_factory=dict, repr=False)

    @cached_property
    def program(self) -> str:
        """The path of pdfTeX.

        Raises:
            EngineMissing: it is not installed.
        """
        found = shutil.which("pdftex")
        if found is None:
            raise EngineMissing("pdflatex was not found")
        return found

    def environment(self, template: Template) -> Mapping[str, str]:
        """Only the variables that TeX needs; `PATH` and `TEXMFHOME` are inherited."""
        inherited = {key: os.environ[key] for key in ("PATH", "TEXMFHOME") if key in os.environ}
        variables = {**inherited, **_ENVIRONMENT, "HOME": str(self.cache)}
        if folder := self.face_folder(template):
            variables.update(dict.fromkeys(_SEARCHED, f"{folder}:"), TEXINPUTS=f".:{folder}:")
        return variables

    def face_folder(self, template: Template) -> Path | None:
        """The files of a Chinese template's face, created if no worker has done so.

        Raises:
            EngineMissing: the face's font is not installed.
        """
        return self._face(CHINESE_FACES[template.cjk]) if template.cjk else None

    def _face(self, face: ChineseFace) -> Path:
        if face.name not in self._faces:
            try:
                self._faces[face.name] = build(face, self.cache / "faces")
            except FaceMissing as e:
                raise EngineMissing(str(e)) from e
        return self._faces[face.name]

    def format_of(self, template: Template) -> Path:
        """The dumped preamble of a template, created if no worker has done so.

        Raises:
            EngineMissing: no TeX, or a package that the template loads is not installed.
            FormatFailed: TeX reports an error in the preamble.
        """
        source = f"{template.preamble.rstrip()}\n{MACROS.read_text('utf-8')}\n{glyph_names()}"
        key = hashlib.sha256(f"{self._version}\n{source}".encode()).hexdigest()[:24]
        if key not in self._formats:
            path = self.cache / f"{key}.fmt"
            if not path.is_file():
                self._dump(template, source, path)
            self._formats[key] = path
        return self._formats[key]

    def typeset(self, template: Template, source: str, folder: Path) -> TexRun:
        """Run pdflatex once over `source`, leaving its files in `folder`."""
        (folder / "page.tex").write_text(source, "utf-8")
        for name in ("page.pdf", "page.pos", "page.log"):
            (folder / name).unlink(missing_ok=True)
        end = self._tex(template, [f"-fmt={self.format_of(template)}", "page.tex"], folder)
        log = _read(folder / "page.log")
        problems = tuple(_problems(log))
        pdf = folder / "page.pdf"
        ended = not (end.timed_out or end.too_large) and pdf.is_file()
        fatal = not ended or "==> Fatal error" in log
        return TexRun(pdf, folder / "page.pos", problems, fatal, end.timed_out)

    def _tex(self, template: Template, arguments: Sequence[str], folder: Path) -> ProcessResult:
        options = ["-interaction=batchmode", "-no-shell-escape", "-file-line-error"]
        command = [self.program, *options, *arguments]
        return self.run(command, folder, self.environment(template), self.seconds)

    def _dump(self, template: Template, source: str, path: Path) -> None:
        self.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="format-", dir=self.cache) as work:
            folder = Path(work)
            body = "\n\\csname endofdump\\endcsname\n\\begin{document}\\end{document}\n"
            (folder / "pre.tex").write_text(source + body, "utf-8")
            arguments = ["-ini", "-jobname=pre", "&pdflatex", "mylatexformat.ltx", "pre.tex"]
            self._tex(template, arguments, folder)
            log = _read(folder / "pre.log")
            errors = [p.detail for p in _problems(log)]
            if errors:
                kind = EngineMissing if "not found" in errors[0] else FormatFailed
                raise kind(f"template {template.name}: {errors[0]}")
            if not (folder / "pre.fmt").is_file():
                raise EngineMissing(
                    f"template {template.name}: TeX could not dump a format: {log[-200:]!r}"
                )
            _unpack(folder / "pre.fmt", folder / "whole.fmt")
            (folder / "whole.fmt").replace(path)

    @cached_property
    def _version(self) -> str:
        """Size and date of the binary of TeX: formats of another version do not load."""
        try:
            stat = Path(self.program).resolve().stat()
        except OSError as e:
            raise EngineMissing(f"pdflatex cannot be read: {e}") from e
        return f"{stat.st_size} {stat.st_mtime_ns}"


def _unpack(packed: Path, whole: Path) -> None:
    """Unpack a dumped format: zlib, through which TeX reads it, accepts plain files, too, and
    unpacking took half of a short run.
    """
    with packed.open("rb") as stream:
        if stream.read(2) != b"\x1f\x8b":
            packed.replace(whole)
            return
    with gzip.open(packed) as source, whole.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""


def _reason(message: str) -> tuple[str, str]:
    """The reason for an error of TeX, and its detail."""
    if message.startswith("vary: too-high"):
        return "too-high", "higher than a page"
    if message.startswith("vary: too-wide"):
        return "too-wide", "wider than its column in the smallest type"
    return ("lost-glyph" if "Missing character" in message else "tex-error"), message


def _problems(log: str) -> list[TexProblem]:
    found = []
    for line in log.splitlines():
        if error := _ERROR.match(line):
            found.append(TexProblem(int(error[1]), *_reason(error[2])))
        elif elsewhere := _ELSEWHERE.match(line):
            found.append(TexProblem(None, "tex-error", elsewhere[1]))
        elif (wide := _OVERFULL.match(line)) and float(wide[1]) > MAX_OVERHANG_PT:
            last = int(wide[3] or wide[2])
            excess = float(wide[1])
            found.append(TexProblem(last, "too-wide", f"by {wide[1]}pt", int(wide[2]), excess))
    return found
