"""Seeded mutation of inputs: what a hostile or damaged file looks like to a parser."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

MAX_BYTES = 200_000
OPENERS = (b"{", b"[", b"(", b"\\begin{a}", b'{"a":', b"{$", b"\\left(", b"<div>", b"'", b'"')
INTERESTING = (
    *(b"", b"\0", b"\xff", b"\xf0\x9f", b"\xe2\x80\xa8", b"\xc2\x85", b"\r", b"\n", b"\t"),
    *(b"\\", b"%", b"#1", b"$", b"$$", b"&", b"\\\\", b"^^M", b"|", b"~", b"}", b"]", b")"),
    *(b"NaN", b"1e999", b"-0", b"9" * 5000, b"null", b"\\ud800", b"</script>", b"<!--"),
    *(b"9" * 400, b"0x" + b"f" * 5000, b"1:" * 5000 + b"1", b"5e-324", b"1e308", b".inf", b"1.5"),
    *(b"0", b"-1", b"None", b"True", b"[]", b"{}", b"''", b'""', b"{1, 2}", b"1j", b"..."),
    *(b"1,000", b"2024-01-01", b"!!int ''", b"!!bool x", b"!!timestamp x", b"http://["),
    *(b"\xc2\xb2", b"\xd9\xa3"),
    *(b"\\def\\a{\\a\\a}\\a", b"\\input{x}", b"\\end{document}", b"\\expandafter", b"\\fi"),
    *(b"\\multicolumn{99}{c}{", b"\\hline", b"&a [*a,*a]", b"!!python/object:os.system"),
)
_TOKEN = re.compile(rb"\"[^\"\n]*\"|'[^'\n]*'|\\[A-Za-z]+|[\w.+-]+|[^\w\s]")


def choices(data: bytes) -> random.Random:
    """What a target chooses by itself for an input. A longer form of the same input, which
    `repeated` makes, gets the same choices, so that the times of both compare."""
    return random.Random(data[:32] + data[-32:])


def quarter_of(data: bytes) -> bytes:
    """The beginning and the end of an input."""
    piece = len(data) // 8
    return data[:piece] + data[len(data) - piece :]


def mutated(rng: random.Random, corpus: Sequence[bytes]) -> bytes:
    """A corpus entry after some random changes, at most `MAX_BYTES` long."""
    data = rng.choice(corpus)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        data = _changed(rng, data, corpus)[:MAX_BYTES]
    return data


def repeated(rng: random.Random, corpus: Sequence[bytes]) -> Callable[[int], bytes]:
    """A corpus entry with a piece of it, or a mark that opens something, so many times."""
    entry = rng.choice(corpus)
    start = rng.randrange(max(1, len(entry)))
    piece = rng.choice((entry[start : start + rng.choice((1, 2, 5, 12))], rng.choice(OPENERS)))
    return lambda times: entry[:start] + (piece or b"{") * times + entry[start:]


def _changed(rng: random.Random, data: bytes, corpus: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice((0, 1, 3, 20, 200)))
    piece = data[start:end]
    match rng.randrange(9):
        case 0:
            return data[:start] + data[end:]
        case 1:
            return data[:start] + rng.choice(INTERESTING) + data[start:]
        case 2:
            return data[:start] + piece * rng.choice((2, 5, 50)) + data[end:]
        case 3:
            other = rng.choice(corpus)
            return data[:start] + other[rng.randrange(len(other) + 1) :]
        case 4:
            return data[:start] + bytes(rng.randrange(256) for _ in piece) + data[end:]
        case 5:
            return data[:start] + rng.choice(OPENERS) * rng.choice((2, 50, 3000)) + data[start:]
        case 6 | 7:
            token = _TOKEN.search(data, start)
            low, high = token.span() if token else (start, end)
            return data[:low] + rng.choice(INTERESTING) + data[high:]
        case _:
            return data[end:] + piece + data[:start]
