"""Documents out of the ordinary, written byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

WORDS = "It was the best of times, it was the worst of times, it was the age of wisdom"
PAGE = (
    "<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 400 300] /Contents 3 0 R"
    " /Resources << /Font << /F 4 0 R >> >> >>"
)
TEXT = f"BT /F 9 Tf 20 200 Td ({WORDS}) Tj ET"
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf(path: Path, objects: Mapping[int, str | bytes]) -> Path:
    """A PDF of numbered objects (bytes become streams); object 1 is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(out)
        if isinstance(body, bytes):
            body = f"<< /Length {len(body)} >>\nstream\n{body.decode('latin-1')}\nendstream"
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    size = max(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    for number in range(1, size):
        out += f"{offsets.get(number, 0):010} 00000 n \n".encode()
    out += f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(out)
    return path


def many_pages(path: Path, count: int) -> Path:
    """`count` page objects in one flat tree, each with its number in large type."""
    first = 5
    pages = {
        first + 2 * i: PAGE.format(parent=2).replace("3 0 R", f"[3 0 R {first + 2 * i + 1} 0 R]")
        for i in range(count)
    }
    numbers = {
        first + 2 * i + 1: f"BT /F 20 Tf 20 150 Td (page {i + 1} of the book) Tj ET".encode()
        for i in range(count)
    }
    kids = " ".join(f"{number} 0 R" for number in pages)
    tree = f"<< /Type /Pages /Count {count} /Kids [{kids}] >>"
    fixed = {1: "<< /Type /Catalog /Pages 2 0 R >>", 2: tree, 3: TEXT.encode(), 4: FONT}
    return pdf(path, {**fixed, **pages, **numbers})


def deep_tree(path: Path, depth: int) -> Path:
    """One page below `depth` page tree nodes."""
    nodes = {
        number: f"<< /Type /Pages /Count 1 /Parent {number - 1} 0 R /Kids [{number + 1} 0 R] >>"
        for number in range(5, 5 + depth)
    }
    page = {5 + depth: PAGE.format(parent=4 + depth)}
    tree = "<< /Type /Pages /Count 1 /Kids [5 0 R] >>"
    fixed = {1: "<< /Type /Catalog /Pages 2 0 R >>", 2: tree, 3: TEXT.encode(), 4: FONT}
    return pdf(path, {**fixed, **nodes, **page})


def with_content(path: Path, content: str, extra: str = "") -> Path:
    """One page with this content stream; `extra` goes into its dictionary."""
    page = PAGE.format(parent=2).removesuffix(">>") + f"{extra} >>"
    tree = "<< /Type /Pages /Count 1 /Kids [5 0 R] >>"
    fixed = {1: "<< /Type /Catalog /Pages 2 0 R >>", 2: tree, 3: content.encode(), 4: FONT}
    return pdf(path, {**fixed, 5: page})


def mobi(path: Path, html: str) -> Path:
    """An uncompressed Mobipocket book (PalmDB with a MOBI header, UTF-8)."""
    text = html.encode()
    parts = [text[i : i + 4096] for i in range(0, len(text), 4096)]
    title = b"A book"
    header = struct.pack(">HHIHHHH", 1, 0, len(text), len(parts), 4096, 0, 0)
    mobi_header = b"MOBI" + struct.pack(">IIIII", 232, 2, 65001, 1, 6)
    mobi_header += b"\xff" * 40 + struct.pack(">III", len(parts) + 1, 16 + 232, len(title))
    records = [header + mobi_header.ljust(232, b"\0") + title + b"\0\0", *parts]
    out = b"A book".ljust(32, b"\0") + struct.pack(">HHIIIIII", 0, 0, 0, 0, 0, 0, 0, 0)
    out += b"BOOKMOBI" + struct.pack(">IIH", 0, 0, len(records))
    offset = len(out) + 8 * len(records) + 2
    for number, record in enumerate(records):
        out += struct.pack(">II", offset, number)
        offset += len(record)
    path.write_bytes(out + b"\0\0" + b"".join(records))
    return path
