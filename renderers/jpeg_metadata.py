"""Removes metadata from JPEG files without decoding them: every pixel stays as it is.

Cameras store place, time, serial numbers and names in application segments and after the end of
the picture (ITU-T T.81, annex B; Exif 2.32). Kept are what decoders need for the colors: JFIF
(APP0), ICC profiles (APP2) and Adobe's color transform (APP14).
"""

from __future__ import annotations

from collections.abc import Iterator

_START, _SCAN, _END = 0xD8, 0xDA, 0xD9
_COMMENT = 0xFE
_APPLICATION = range(0xE0, 0xF0)
_ALONE = (0x01, *range(0xD0, 0xD8))
"""Markers without a length: TEM, and RST0 to RST7 within the data of a scan."""
_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}


def without_metadata(data: bytes) -> bytes | None:
    """The JPEG file without metadata; None if its segments cannot be followed."""
    try:
        return b"".join(_kept_parts(data))
    except (IndexError, ValueError):
        return None


def _kept_parts(data: bytes) -> Iterator[bytes]:
    if data[:2] != bytes((0xFF, _START)):
        raise ValueError("no JPEG file")
    yield data[:2]
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError(f"no marker at byte {at}")
        while data[at + 1] == 0xFF:  # fill bytes
            at += 1
        marker = data[at + 1]
        if marker == _END:
            yield data[at : at + 2]
            return
        if marker in _ALONE:
            yield data[at : at + 2]
            at += 2
            continue
        stop = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if stop > len(data) or stop < at + 4:
            raise ValueError(f"the segment at byte {at} is cut")
        if marker == _SCAN:
            stop = _end_of_scan(data, stop)
        if marker in _APPLICATION:
            if data.startswith(_KEPT.get(marker, b"\0never"), at + 4):
                yield data[at:stop]
        elif marker != _COMMENT:
            yield data[at:stop]
        at = stop


def _end_of_scan(data: bytes, at: int) -> int:
    """The position of the first marker after the data of a scan."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] != 0 and data[at + 1] not in _ALONE:
            return at
        at += 2
