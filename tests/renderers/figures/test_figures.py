"""Files of figures become pictures of bounded size, or a reason; the decoder is a child process."""

from __future__ import annotations

import io
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PIL import Image

from renderers.figures.converter import ConverterBroken, FigureConverter
from renderers.figures.decode import decode
from renderers.figures.image import FigureImage
from renderers.rejected import Rejected


def png(image: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def half(mode: str, size: tuple[int, int], left: object, right: object) -> Image.Image:
    image = Image.new(mode, size, left)  # type: ignore[arg-type]
    image.paste(right, (size[0] // 2, 0, *size))  # type: ignore[arg-type]
    return image


def pdf(text: str = "figure", width: float = 200, height: float = 100) -> bytes:
    with pymupdf.open() as document:
        page = document.new_page(width=width, height=height)
        page.insert_text((20, 50), text, fontsize=30, color=(1, 0, 0))
        data: bytes = document.tobytes()
    return data


def pixels(image: FigureImage) -> np.ndarray:
    with Image.open(io.BytesIO(image.data)) as opened:
        return np.asarray(opened.convert("RGB"))


def reason(data: bytes, long_side: int = 100) -> str:
    with pytest.raises(Rejected) as error:
        decode(data, long_side)
    return error.value.reason


def test_a_large_picture_is_scaled_down_and_a_small_one_is_kept() -> None:
    large = decode(png(half("RGB", (800, 400), "red", "white")), 100)
    assert (large.width, large.height, large.format, large.colored) == (100, 50, "png", True)
    assert pixels(large)[25, 10].tolist() == [255, 0, 0]
    small = decode(png(half("L", (60, 40), 0, 255)), 100)
    assert (small.width, small.height, small.colored) == (60, 40, False)


def test_transparency_is_white_paper() -> None:
    image = half("RGBA", (60, 40), (0, 0, 0, 0), (0, 0, 0, 255))
    assert pixels(decode(png(image), 100))[20, [5, 50]].tolist() == [[255] * 3, [0] * 3]


def test_sixteen_bits_are_scaled_and_not_cut() -> None:
    image = Image.fromarray(np.linspace(0, 65535, 64 * 64).astype(np.uint16).reshape(64, 64))
    found = pixels(decode(png(image), 100))
    assert abs(int(found[32, 32, 0]) - 128) < 4


def test_a_photograph_stays_jpeg() -> None:
    assert decode(png(half("RGB", (60, 40), "blue", "white"), "JPEG"), 100).format == "jpeg"


def test_the_first_page_of_a_pdf_is_drawn() -> None:
    image = decode(pdf(), 400)
    assert (image.width, image.height, image.colored) == (400, 200, True)
    assert (pixels(image) < 100).any(axis=2).sum() > 100


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"GIF89a" + b"\0" * 50, "figure-format"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "figure-format"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "figure-broken"),
        (png(half("L", (60, 40), 0, 255))[:-30], "figure-broken"),
        (b"%PDF-1.4\nnonsense", "figure-broken"),
        (png(Image.new("RGB", (60, 40), "white")), "figure-blank"),
        (png(half("L", (900, 20), 0, 255)), "figure-shape"),
        (pdf(width=5000, height=20), "figure-shape"),
        (png(half("1", (9000, 9000), 0, 1)), "figure-too-large"),
    ],
)
def test_what_cannot_be_used_has_a_reason(data: bytes, expected: str) -> None:
    assert reason(data) == expected


@pytest.fixture(scope="module")
def converter() -> Iterator[FigureConverter]:
    made = FigureConverter(100)
    yield made
    made.close()


def test_the_child_gives_the_same_picture_as_the_function(converter: FigureConverter) -> None:
    data = png(half("RGB", (300, 200), "red", "white"))
    assert converter.convert(data) == decode(data, 100)


def test_a_reason_of_the_child_is_raised_here(converter: FigureConverter) -> None:
    with pytest.raises(Rejected, match="figure-blank"):
        converter.convert(png(Image.new("RGB", (60, 40), "white")))


def test_a_late_or_dead_child_is_replaced(
    converter: FigureConverter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("renderers.figures.converter._WAITING", 10_000.0)
    good = png(half("RGB", (300, 200), "red", "white"))
    converter.convert(good)
    converter.seconds = 0.01
    with pytest.raises(Rejected, match="figure-timeout"):
        converter.convert(png(Image.effect_noise((2000, 2000), 90)))
    converter.seconds = 10.0
    assert converter.convert(good).width == 100
    assert converter._child is not None
    converter._child.send_signal(signal.SIGSEGV)
    with pytest.raises(Rejected, match="figure-crash"):
        converter.convert(good)
    assert converter.convert(good).width == 100


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_that_is_killed_from_outside_is_no_fault_of_the_figure(
    converter: FigureConverter, number: signal.Signals
) -> None:
    good = png(half("RGB", (300, 200), "red", "white"))
    converter.convert(good)
    assert converter._child is not None
    converter._child.send_signal(number)
    with pytest.raises(ConverterBroken, match=f"died of {number.name}"):
        converter.convert(good)
    assert converter.convert(good).width == 100


def test_a_child_that_is_stopped_is_no_fault_of_the_figure(converter: FigureConverter) -> None:
    good = png(half("RGB", (300, 200), "red", "white"))
    converter.convert(good)
    assert converter._child is not None
    converter._child.send_signal(signal.SIGSTOP)
    converter.seconds = 0.05
    with pytest.raises(ConverterBroken, match="computed for less than"):
        converter.convert(good)
    converter.seconds = 10.0
    assert converter.convert(good).width == 100


def test_the_child_imports_nothing_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "struct.py").write_text("open('ran', 'w')")
    (tmp_path / "resource.py").write_text("open('ran', 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOME_API_KEY", "secret")
    made = FigureConverter(100)
    try:
        assert made.convert(png(half("RGB", (300, 200), "red", "white"))).width == 100
        assert made._child is not None
        environment = Path(f"/proc/{made._child.pid}/environ")
        assert not environment.exists() or b"secret" not in environment.read_bytes()
    finally:
        made.close()
    assert not (tmp_path / "ran").exists()


def test_eps_without_ghostscript_is_a_reason(
    converter: FigureConverter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Rejected, match="no-ghostscript"):
        converter.convert(b"%!PS-Adobe-3.0 EPSF-3.0\n")
