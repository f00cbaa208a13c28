"""A folder of bad and hostile sources through the real engine, next to a good document."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
from collections import Counter
from pathlib import Path

import psutil
import pytest

from vary_data import generators
from vary_data.dataset.reader import Dataset
from vary_data.engine.executors import local
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.generators.latex import Latex, LatexOptions

pytestmark = pytest.mark.skipif(shutil.which("pdftex") is None, reason="pdflatex is not installed")

GOOD = r"""\documentclass{article}\begin{document}
\section{Calm}This is a sound document with enough words to show that it is written in English.

%s
\end{document}"""
BODY = r"\documentclass{article}\begin{document}%s\end{document}"
FRENCH = (
    "Nous montrons que la méthode est plus rapide que les autres dans le cas général et pour "
    "tous les exemples que nous avons étudiés."
)


def archive(*members: tuple[str, bytes | None]) -> bytes:
    """A tar of files; None is a link to /etc/passwd."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, data in members:
            info = tarfile.TarInfo(name)
            if data is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            info.size = len(data or b"")
            tar.addfile(info, io.BytesIO(data or b""))
    return stream.getvalue()


def write_inputs(folder: Path) -> None:
    good = (GOOD % "").encode()
    linked = (GOOD % r"\input{linked}").encode()
    files = {
        "good.tex": good,
        "bomb.tar.gz": gzip.compress(archive(("m.tex", good), ("zeros.pdf", bytes(60_000_000)))),
        "traversal.tar": archive(("../../escaped.tex", good), ("main.tex", (GOOD % "T").encode())),
        "link.tar": archive(("linked.tex", None), ("main.tex", linked)),
        "junk.tex": bytes(range(256)) * 64,
        "endless.tex": (BODY % r"\def\a{\a\a}\a").encode(),
        "repeat.tex": (BODY % r"\loop\iftrue\repeat").encode(),
        "write.tex": (GOOD % r"\immediate\write18{touch owned} \openout3=owned").encode(),
        "passwd.tex": (GOOD % r"\input{/etc/passwd}\input{|ls}").encode(),
        "plain.tex": rb"\magnification=1200 Hello \bye",
        "old.tex": rb"\documentstyle{article}\begin{document}x\end{document}",
        "french.tex": (BODY % FRENCH).encode(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def programs() -> set[int]:
    names = ("pdftex", "pdflatex", "vary_data.engine.worker")
    return {
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if any(name in word for word in process.info["cmdline"] or [] for name in names)
        and any(parent.pid == psutil.Process().pid for parent in process.parents())
    }


@pytest.mark.worker_processes
def test_every_bad_input_is_a_reason_and_the_good_ones_are_made(
    tmp_path: Path, shared_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared_cache))
    sources = tmp_path / "deep" / "sources"
    sources.mkdir(parents=True)
    write_inputs(sources)
    before = everything(tmp_path)
    options = LatexOptions(src=(str(sources),), templates=("article",), long_side=640)
    recipe = Recipe("latex", "bad", "en", options, timeout=60.0)

    local.run(RunPlan.resolve(recipe, Latex()), tmp_path / "out", generators.load, workers=2)

    made = Dataset.open(tmp_path / "out").config("bad")
    reasons: dict[str, set[str]] = {}
    for rejection in made.rejections():
        reasons.setdefault(rejection.detail.partition(":")[0], set()).add(rejection.reason)
    assert reasons == {
        "bomb.tar.gz": {"bomb"},
        "traversal.tar": {"outside"},
        "link.tar": {"link-or-device", "missing-input"},
        "junk.tex": {"empty"},
        "endless.tex": {"loop"},
        "repeat.tex": {"loop"},
        "passwd.tex": {"refused-input"},
        "plain.tex": {"plain-tex"},
        "old.tex": {"latex209"},
        "french.tex": {"wrong-language"},
    }
    pages = {row["source"]: row["text"] for row in made.rows()}
    assert set(pages) == {"good.tex", "traversal.tar", "link.tar", "write.tex", "passwd.tex"}
    assert all("Calm" in text and "root:" not in text for text in pages.values())
    assert Counter(path.split("/")[0] for path in everything(tmp_path)).keys() == {"deep", "out"}
    assert [path for path in everything(tmp_path) if path.startswith("deep")] == before
    assert programs() == set()
