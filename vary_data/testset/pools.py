"""The pools of candidates: ordinary runs of the generators, in increasing sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vary_data import generators
from vary_data.base.errors import SourceError
from vary_data.base.seed import stable_hash
from vary_data.engine.recipe import Recipe
from vary_data.testset.request import (
    CHARTS,
    FORMULAS,
    PAGES_EN,
    PAGES_ZH,
    SPLIT,
    TABLES,
    BuildRequest,
)

FOLDER = Path(".sources") / "testset"
"""Folder of the pools below the output folder; hidden, since it is not part of the dataset."""
POOL_GROWTH = 4
CANDIDATES_PER_SAMPLE = 3
"""Candidates drawn for each wanted sample: some are too short, some are excluded."""
PAGES_PER_LATEX_DOCUMENT = 4
"""A low estimate of the pages with tables or formulas of a LaTeX document."""


@dataclass(frozen=True, slots=True)
class HeldOutDocuments:
    """The usable documents of one source, in the order of their use.

    `excluded` is the number of documents that are in a dataset to exclude.
    """

    paths: tuple[Path, ...]
    excluded: int

    @property
    def held_out(self) -> int:
        return len(self.paths)


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates for the configurations `parts`, which need `wanted` samples together."""

    name: str
    parts: tuple[str, ...]
    wanted: int
    documents: HeldOutDocuments | None = None

    def recipe(self, request: BuildRequest, size: int) -> Recipe:
        """The recipe that draws this pool in its `size`-th size, counted from 0."""
        scale = POOL_GROWTH**size
        generator, lang, options, timeout = "render-charts", "en", {}, 60.0
        if self.documents is None:
            lang, options = self.name[-2:], _chart_options(request, scale)
        elif self.name == "latex":
            generator, timeout = "latex", 300.0
            count = max(1, -(-self.wanted * scale // PAGES_PER_LATEX_DOCUMENT))
            options = {"src": self._paths(count), "detect": True, **request.options()}
        else:
            generator, lang = "pages", self.name[-2:]
            paths = self._paths(2 * self.wanted * scale)
            each = -(-CANDIDATES_PER_SAMPLE * self.wanted * scale // len(paths))
            options = {"src": paths, "max_pages_per_doc": each, **request.options()}
        data = {
            "generator": generator,
            "name": f"testset-{self.name}-{size}",
            "lang": lang,
            "options": options,
            "seed": request.seed,
            "splits": {SPLIT: 1.0},
            "samples_per_shard": 100,
            "timeout": timeout,
        }
        return Recipe.from_dict(data, generators.load(generator).Options)

    def _paths(self, count: int) -> list[str]:
        assert self.documents is not None
        return [str(path) for path in self.documents.paths[:count]]


def pools(request: BuildRequest, known: frozenset[str]) -> list[Pool]:
    """The pools of a request. Documents whose `doc_id` is in `known` are never opened.

    Raises:
        SourceError: a source does not exist or has no document.
    """
    wanted = request.wanted()
    found = []
    for name, sources in ((PAGES_EN, request.pages_en), (PAGES_ZH, request.pages_zh)):
        if name in wanted:
            documents = _page_documents(name, sources, known, request.seed)
            found.append(Pool(name, (name,), wanted[name], documents))
    latex = tuple(part for part in (TABLES, FORMULAS) if part in wanted)
    if latex:
        documents = _latex_documents(request.latex, known, request.seed)
        found.append(Pool("latex", latex, sum(wanted[part] for part in latex), documents))
    if request.charts:
        found += [Pool(name, (name,), request.charts) for name in CHARTS]
    return found


def _page_documents(
    name: str, sources: Sequence[str], known: frozenset[str], seed: int
) -> HeldOutDocuments:
    from vary_data.sources.pdfs import find_documents

    files: dict[str, Path] = {}
    for file in find_documents(sources):
        if not isinstance(file.path, Path):
            raise SourceError(f"{file.path} is not on this machine", "fetch it into a folder")
        if not file.problem:
            files[file.sha256] = file.path
    return _held_out(files, known, name, seed)


def _latex_documents(sources: Sequence[str], known: frozenset[str], seed: int) -> HeldOutDocuments:
    from vary_data.sources.arxiv import find_documents

    found: dict[Path, set[str]] = {}
    for source in sources:
        if not Path(source).exists():
            raise SourceError(f"{source} does not exist", "give a folder or file with --latex")
        for document in find_documents(Path(source)):
            if not document.problem:
                found.setdefault(document.path, set()).add(document.doc_id)
    # A place that holds several documents is left out if one of them is known.
    files = {min(ids & known or ids): path for path, ids in found.items()}
    if not files:
        raise SourceError("no LaTeX document was found", "give folders or archives with --latex")
    return _held_out(files, known, "latex", seed)


def _held_out(
    files: dict[str, Path], known: frozenset[str], name: str, seed: int
) -> HeldOutDocuments:
    """The usable documents, in a seeded order, so that a larger pool contains the smaller ones."""
    left = [doc_id for doc_id in files if doc_id not in known]
    left.sort(key=lambda doc_id: stable_hash(seed, "testset", name, doc_id))
    return HeldOutDocuments(tuple(files[doc_id] for doc_id in left), len(files) - len(left))


def _chart_options(request: BuildRequest, scale: int) -> dict[str, Any]:
    """Options for enough charts of each type, with a reserve for rejected ones."""
    from vary_data.generators.chart_drawing import BACKENDS, backend_types

    backends = tuple(BACKENDS) if request.backend == "both" else (request.backend,)
    turns = sum(len(backend_types(backend)) for backend in backends)
    each = request.charts + max(1, request.charts // 5)
    return {"backend": request.backend, "num_samples": turns * each * scale}
