"""Untrusted pictures: modes, orientation, wrong formats and decompression bombs."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from renderers.photo import prepare
from renderers.picture import encode
from renderers.rejected import Rejected


def picture(mode="RGB", size=(60, 40)):
    rng = np.random.default_rng(0)
    base = Image.fromarray(rng.integers(0, 255, (2, 3, 3), np.uint8))
    return base.resize(size, Image.Resampling.BICUBIC).convert(mode)


def stored(image, form, **kwargs):
    out = io.BytesIO()
    image.save(out, form, **kwargs)
    return out.getvalue()


def opened(photo):
    return Image.open(io.BytesIO(photo.data))


def reason(data, name="a.jpg", **kwargs):
    with pytest.raises(Rejected) as caught:
        prepare(data, name, kwargs.pop("long_side", 100), **kwargs)
    return caught.value.reason


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_plain_jpeg_keeps_its_bytes(mode):
    data = stored(picture(mode), "JPEG")
    photo = prepare(data, "a.jpg", 100)
    assert photo.untouched
    assert photo.data == data
    assert (photo.width, photo.height) == (60, 40)


def test_a_large_jpeg_is_made_smaller_and_stays_a_jpeg():
    photo = prepare(stored(picture(size=(400, 200)), "JPEG"), "a.jpg", 100)
    assert (photo.width, photo.height, photo.image_format) == (100, 50, "jpeg")
    assert opened(photo).format == "JPEG"


def test_orientation_is_applied():
    image = picture()
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = prepare(stored(image, "JPEG", exif=exif, quality=95), "a.jpg", 100)
    assert (photo.width, photo.height) == (40, 60)
    assert not opened(photo).getexif()
    turned = np.asarray(image.rotate(-90, expand=True), float)
    assert np.abs(np.asarray(opened(photo), float) - turned).mean() < 8


@pytest.mark.parametrize(
    ("mode", "form", "out"),
    [("CMYK", "JPEG", "RGB"), ("P", "PNG", "RGB"), ("1", "PNG", "L"), ("L", "PNG", "L")],
)
def test_modes(mode, form, out):
    name = "a.jpg" if form == "JPEG" else "a.png"
    photo = prepare(stored(picture(mode), form), name, 100)
    assert opened(photo).mode == out
    want = np.asarray(picture(mode).convert(out), float)
    assert np.abs(np.asarray(opened(photo), float) - want).mean() < 8


def test_sixteen_bits_keep_their_shades():
    ramp = (np.arange(64, dtype=np.uint16) * 1024)[None].repeat(32, axis=0)
    photo = prepare(stored(Image.fromarray(ramp), "PNG"), "a.png", 100)
    row = np.asarray(opened(photo))[0].astype(int)
    assert row[0] == 0
    assert row[-1] == 251
    assert (np.diff(row) >= 3).all()


def test_transparency_is_white():
    image = Image.new("RGBA", (32, 32), (255, 0, 0, 0))
    photo = prepare(stored(image, "PNG"), "a.png", 100)
    assert (np.asarray(opened(photo)) == 255).all()


def test_lies():
    jpeg, png = stored(picture(), "JPEG"), stored(picture(), "PNG")
    assert reason(png, "a.jpg") == "wrong-format"
    assert reason(jpeg, "a.jpg", expected=(61, 40)) == "wrong-size"
    assert reason(jpeg[:-200]) == "damaged"
    assert reason(b"no picture at all") == "not-an-image"
    assert reason(b"") == "empty-file"
    assert reason(stored(picture(size=(8, 8)), "JPEG")) == "too-small"


def test_a_bomb_is_refused_before_it_is_decoded():
    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    assert reason(bomb, "a.png") == "too-large"


@pytest.mark.parametrize("shape", [(7, 5), (7, 5, 3), (1, 1)])
def test_our_png_is_what_others_read(shape):
    pixels = np.random.default_rng(0).integers(0, 255, shape, np.uint8)
    with Image.open(io.BytesIO(encode(pixels))) as image:
        assert np.array_equal(np.asarray(image), pixels)
        assert image.info == {}
