"""Fonts of one's own: a folder of TTF, OTF and TTC files in place of the built-in families."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renderers.environment import clean_environment, module_command, module_path
from renderers.fonts import Face, Family
from vary_data.base.errors import SourceError
from vary_data.base.seed import stable_hash
from vary_data.dataset.languages import language_name
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.engine.generator import Task
from vary_data.sources.cache import local_only
from vary_data.sources.files import files_below, read_source

SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
MAX_FILE_BYTES = 64 << 20
"""Of one file; the largest collections of Noto CJK have 30 MB."""
MAX_BYTES = 256 << 20
"""Of all files together: each worker's browser holds them."""
FILE_SECONDS = 20.0
"""Processor time for one file. The largest collections of Chinese fonts take about 4."""
BROKEN = "broken-font"


@dataclass(frozen=True, slots=True)
class UnusedFile:
    """A file of the folder that is not used, and why."""

    reason: str
    detail: str

    @classmethod
    def named(cls, reason: str, name: str, detail: str) -> UnusedFile:
        """With names and messages from outside on one line."""
        text = f"{name}: {detail}"
        return cls(reason, "".join(c if c.isprintable() else "\ufffd" for c in text))


@dataclass(frozen=True, slots=True)
class UserFonts:
    """The families of a folder that can write a language, sorted by name.

    `digest` is a hash of their bytes and names; it is empty without a folder, when the built-in
    families are used.
    """

    folder: str = ""
    families: tuple[Family, ...] = ()
    digest: str = ""
    unused: tuple[UnusedFile, ...] = ()

    def tasks(self, name: str) -> list[Task]:
        """A task for each file that cannot be used, so that each is a counted rejection."""
        return [
            Task(key, doc_id=key, params={"problem": file.reason, "detail": file.detail})
            for number, file in enumerate(self.unused)
            for key in [f"{name}-fonts-{number:05d}"]
        ]

    def changed(self, task: Task) -> Rejection | None:
        """A rejection if the task was planned with fonts of another content."""
        if task.params.get("fonts", "") == self.digest:
            return None
        detail = f"the fonts of {self.folder} changed since the run was planned"
        return Rejection(task.key, "changed-file", detail)


NO_FONTS = UserFonts()


@dataclass(frozen=True, slots=True)
class _ReadFace:
    face: Face
    name: str
    style: str
    bold: bool
    italic: bool

    @property
    def rank(self) -> tuple[bool, bool, str, int]:
        """Regular faces first; then by content, so that names of files decide nothing."""
        return self.italic, self.bold, self.face.sha256, self.face.index


def load_user_fonts(lang: str, folder: str) -> UserFonts:
    """The fonts of a folder and those below it for a language; `""` is no folder.

    Raises:
        SourceError: there is no such folder, it has no usable font for the language, or too much.
    """
    if not folder:
        return NO_FONTS
    root = Path(local_only(folder, "fonts")).expanduser()
    if not root.is_dir():
        raise SourceError(
            f"--fonts {folder} is not a folder", "name a folder with .ttf, .otf or .ttc files"
        )
    names = list(files_below(root, SUFFIXES))
    if not names:
        raise SourceError(f"{folder} has no font", f"looked for {' '.join(SUFFIXES)}")
    hashes, unused = _hashes(root, names)
    found: list[_ReadFace] = []
    for name, answer in _read([(name, root / name) for name in hashes]):
        if "faces" not in answer:
            unused.append(UnusedFile.named(BROKEN, name, answer["detail"]))
            continue
        path = str((root / name).resolve())
        for entry in answer["faces"]:
            if lang in entry["languages"]:
                face = Face(path, entry["index"], hashes[name])
                look = (entry["name"], entry["style"], entry["bold"], entry["italic"])
                found.append(_ReadFace(face, *look))
    families = _families(found)
    if not families:
        detail = f"; {unused[0].detail}" if unused else ""
        more = f" (and {len(unused) - 1} more)" if len(unused) > 1 else ""
        raise SourceError(
            f"{folder} has no usable font for {language_name(lang)} text"
            f" among {len(names)} files{detail}{more}",
            f"add one that has the letters of --lang {lang}, or leave out --fonts",
        )
    return UserFonts(folder, families, _digest(families), tuple(unused))


def _hashes(root: Path, names: Sequence[str]) -> tuple[dict[str, str], list[UnusedFile]]:
    """The hash of each file that can be read, by name, and the files that cannot.

    Raises:
        SourceError: the files hold more than `MAX_BYTES`.
    """
    hashes: dict[str, str] = {}
    unused = []
    total = 0
    for name in names:
        try:
            data = read_source(root, name, MAX_FILE_BYTES)
        except Rejected as rejected:
            unused.append(UnusedFile.named(rejected.reason, name, rejected.detail))
            continue
        total += len(data)
        if total > MAX_BYTES:
            raise SourceError(
                f"the fonts of {root} hold more than {MAX_BYTES >> 20} MiB",
                "name a folder with fewer of them",
            )
        hashes[name] = hashlib.sha256(data).hexdigest()
    return hashes, unused


def _read(files: Sequence[tuple[str, Path]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the child process answers for each file; a file that kills it is a broken one.

    Raises:
        SourceError: the child was killed from outside.
    """
    process: subprocess.Popen[str] | None = None
    try:
        for name, path in files:
            process = process or _start()
            assert process.stdin is not None
            assert process.stdout is not None
            print(json.dumps(str(path)), file=process.stdin, flush=True)
            answer = process.stdout.readline()
            if answer:
                yield name, json.loads(answer)
                continue
            yield name, {"detail": _how_it_ended(process, name)}
            process = None
    finally:
        if process is not None:
            process.communicate()


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        module_command("renderers.font_file", str(FILE_SECONDS)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=clean_environment(PYTHONPATH=module_path()),
        text=True,
    )


def _how_it_ended(process: subprocess.Popen[str], name: str) -> str:
    process.communicate()
    if process.returncode == -signal.SIGPROF:
        return "reading it takes too long"
    if process.returncode in (-signal.SIGKILL, -signal.SIGTERM):
        raise SourceError(f"the process that read the font {name} was killed", "run it again")
    return f"reading it crashes ({process.returncode})"


def _families(found: Sequence[_ReadFace]) -> tuple[Family, ...]:
    """One family for each name: its first face, and its bold one. An italic is only used where a
    family has nothing else."""
    by_name: dict[str, list[_ReadFace]] = {}
    for read in sorted(found, key=lambda read: read.rank):
        by_name.setdefault(read.name, []).append(read)
    families = []
    for name, group in sorted(by_name.items()):
        regular = group[0]
        bold = next((r.face for r in group if r.bold and r.italic == regular.italic), None)
        different = bold if bold != regular.face else None
        families.append(Family(name, regular.style, regular.face, different))
    return tuple(families)


def _digest(families: Sequence[Family]) -> str:
    parts = [
        [family.name, family.style, *((f.sha256, f.index) if f else () for f in faces)]
        for family in families
        for faces in [(family.regular, family.bold)]
    ]
    return f"{stable_hash('fonts', json.dumps(parts)):016x}"
