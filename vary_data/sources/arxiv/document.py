"""Read the blocks of a document from a LaTeX source on disk."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from renderers.latex.blocks import Block, Document, Heading, ListBlock, Paragraph, Text
from vary_data.sources.arxiv.blocks.converter import Converter, SourceRejection, count_blocks
from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.expand.expanded import Expanded
from vary_data.sources.arxiv.expand.expander import expand
from vary_data.sources.arxiv.figures import Convert, FigureFiles, folders_of_pictures
from vary_data.sources.arxiv.language import detect_language
from vary_data.sources.arxiv.license import stated_license
from vary_data.sources.arxiv.limits import ExtractionLimits
from vary_data.sources.arxiv.read.archive import read_members
from vary_data.sources.arxiv.read.citations import uses_author_year
from vary_data.sources.arxiv.read.mains import find_mains
from vary_data.sources.arxiv.read.part import Part
from vary_data.sources.arxiv.read.project import Project
from vary_data.sources.arxiv.references.acronyms import read_acronyms
from vary_data.sources.arxiv.references.bibliography import read_bibliography
from vary_data.sources.arxiv.references.references import References
from vary_data.sources.arxiv.structure.nodes import Node
from vary_data.sources.arxiv.structure.reader import read_structure
from vary_data.sources.arxiv.text.colors import read_colors
from vary_data.sources.arxiv.text.spans import SpanReader

_HAN = re.compile("[\u4e00-\u9fff]")
_LICENSE = re.compile(r"(?i)licen[cs]e|creativecommons|CC[- ]BY")
_MAX_NOTES, _NOTE_LENGTH = 5, 200


@dataclass(frozen=True, slots=True)
class Extraction:
    """A document, and what was rejected of its source.

    `counts` is the number of blocks of each kind (`text`, `heading`, `formula`, `table`, `list`),
    inside lists too. `notes` are lines of the main file that name a license, and `license` is
    the identifier of a Creative Commons license in them.
    """

    document: Document
    rejected: tuple[SourceRejection, ...]
    counts: dict[str, int]
    main_file: str
    notes: tuple[str, ...] = ()
    license: str = ""


def read_document(
    path: Path,
    lang: str | None = None,
    limits: ExtractionLimits = ExtractionLimits(),  # noqa: B008 - frozen
    part: Part = Part(),  # noqa: B008 - frozen
    convert: Convert | None = None,
    clock: Callable[[], float] = time.process_time,
) -> Extraction:
    """The blocks of the LaTeX document in an archive, a folder or a single file.

    `part` selects one of several documents at `path`; without it, the most likely one is read.
    Reads only `path`, writes nothing, and always ends within `limits`. With `lang` (`en` or `zh`),
    documents in another language are rejected; None accepts both. `convert` reads the pictures of
    figures; without it, only their captions are kept. `clock` counts the seconds that it computes.

    Raises:
        DocumentRejected: a document without blocks, or one that exceeds a limit.
    """
    members = read_members(path, limits, part.member, part.files, pictures=convert is not None)
    project = Project(members)
    main = part.main or find_mains(project, str(path))[0]
    expanded = expand(project, main, limits)
    guess = _guess(expanded.body)
    structure = read_structure(expanded, guess, limits.nesting, figures=convert is not None)
    nodes, left_out = _with_figures(
        structure.nodes, project, expanded, main, convert, limits, clock
    )
    references = References(
        structure.labels,
        read_bibliography(project, main, expanded.preamble, expanded.body),
        uses_author_year(expanded.preamble, expanded.body),
        guess,
        left_out,
    )
    source = expanded.preamble + expanded.body
    acronyms = read_acronyms(source)
    converter = Converter(
        SpanReader(references, expanded.code, acronyms, colors=read_colors(source)),
        expanded.columns,
    )
    blocks = converter.blocks(nodes)
    if not any(not isinstance(block, Heading) for block in blocks):
        raise DocumentRejected(
            f"{path}: no text, formula or table",
            "there is nothing to typeset",
            "loop" if expanded.endless else "no-blocks",
        )
    found = detect_language(block_texts(blocks))
    if found == "other" or (lang is not None and found != lang):
        raise DocumentRejected(
            f"{path}: its language is {found}", f"wanted: {lang or 'en or zh'}", "wrong-language"
        )
    inputs = [SourceRejection("input", reason, name, "") for reason, name in expanded.rejected]
    inputs += [
        SourceRejection("input", reason, name, "") for name, reason in project.members.rejected
    ]
    inputs += [SourceRejection("macro", "loop", name, "") for name in expanded.endless]
    notes = _notes(project, main)
    return Extraction(
        Document(blocks, found),
        (*inputs, *converter.rejected),
        count_blocks(blocks),
        main,
        notes,
        stated_license(notes),
    )


def _with_figures(
    nodes: list[Node],
    project: Project,
    expanded: Expanded,
    main: str,
    convert: Convert | None,
    limits: ExtractionLimits,
    clock: Callable[[], float],
) -> tuple[list[Node], frozenset[tuple[str, str]]]:
    """The nodes with pictures, and kind and number of the figures that are left out."""
    if convert is None:
        return nodes, frozenset()
    folders = folders_of_pictures(expanded.preamble + expanded.body, main)
    files = FigureFiles(project.members.pictures, folders, convert, limits, clock)
    return files.resolved(nodes), frozenset(files.left_out)


def block_texts(blocks: Sequence[Block]) -> list[str]:
    """The plain text of headings and paragraphs, formulas left out."""
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            texts.append("".join(span.text for span in block.spans if isinstance(span, Text)))
        elif isinstance(block, ListBlock):
            for item in block.items:
                texts.extend(block_texts(item))
    return texts


def _guess(body: str) -> str:
    """The language for the names of figures and theorems, before any text is read."""
    letters = len(re.findall(r"(?<![\\A-Za-z])[A-Za-z]{2,}", body))
    return "zh" if len(_HAN.findall(body)) > letters else "en"


def _notes(project: Project, main: str) -> tuple[str, ...]:
    lines = [line.strip() for line in project.text(main).splitlines() if _LICENSE.search(line)]
    return tuple(line[:_NOTE_LENGTH] for line in lines[:_MAX_NOTES])
