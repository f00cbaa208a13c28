"""Metadata of photographs is removed, their pixels are not."""

import io

import numpy as np
import pytest
from PIL import Image

from renderers.jpeg_metadata import without_metadata
from renderers.photo import prepare
from renderers.rejected import Rejected


def photo(size=(64, 48), **settings):
    pixels = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", **settings)
    return out.getvalue()


def camera_data():
    exif = Image.Exif()
    exif[0x0110] = "Camera X100 of Ada"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return exif.tobytes()


@pytest.mark.parametrize("progressive", [False, True])
def test_place_and_camera_are_removed_and_no_pixel_changes(progressive):
    data = photo(exif=camera_data(), progressive=progressive, comment=b"by Ada", quality=90)
    bare = without_metadata(data + b"a video that the camera appended")
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(bare)) as after:
        assert before.getexif()
        assert not after.getexif()
        assert "comment" not in after.info
        assert (np.asarray(before) == np.asarray(after)).all()
    assert b"Ada" not in bare
    assert bare.endswith(b"\xff\xd9")


def test_a_photo_keeps_its_colors_and_says_that_its_pixels_are_untouched():
    data = photo(exif=camera_data(), icc_profile=b"profile" * 9)
    kept = prepare(data, "a.jpg", 1280)
    assert kept.untouched
    assert b"Ada" not in kept.data
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.info["icc_profile"] == b"profile" * 9
        assert not image.getexif()


def test_a_file_without_metadata_keeps_its_bytes():
    data = photo()
    assert without_metadata(data) == data


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"PNG", b"\xff\xd8\xff\xda\x00\x04ab"]
)
def test_files_that_cannot_be_followed(data):
    assert without_metadata(data) is None


def test_a_strip_that_is_too_low_after_resizing():
    with pytest.raises(Rejected) as caught:
        prepare(photo((4000, 20)), "a.jpg", 1280)
    assert caught.value.reason == "too-small"
