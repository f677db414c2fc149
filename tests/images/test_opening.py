import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from aml4d_utils.images import as_uint8, fit, open_photo, photo

COLOUR = Image.fromarray(as_uint8(fit(photo("coffee"), 90)))
EXACT = np.asarray(COLOUR) / np.float32(255)


def encoded(picture, kind, **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def animated(kind):
    frames = [COLOUR, COLOUR.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)


def with_alpha():
    picture = COLOUR.convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(COLOUR.size))
    return picture


FILES = {
    "jpeg": encoded(COLOUR, "JPEG", quality=95),
    "progressive jpeg": encoded(COLOUR, "JPEG", quality=95, progressive=True),
    "grey jpeg": encoded(COLOUR.convert("L"), "JPEG", quality=95),
    "cmyk jpeg": encoded(COLOUR.convert("CMYK"), "JPEG", quality=95),
    "png": encoded(COLOUR, "PNG"),
    "grey png": encoded(COLOUR.convert("L"), "PNG"),
    "grey and alpha png": encoded(with_alpha().convert("LA"), "PNG"),
    "16-bit png": encoded(
        Image.fromarray(np.asarray(COLOUR.convert("L")).astype(np.uint16) * 257), "PNG"
    ),
    "black and white png": encoded(COLOUR.convert("1"), "PNG"),
    "palette png": encoded(COLOUR.quantize(200), "PNG"),
    "transparent palette png": encoded(COLOUR.quantize(64), "PNG", transparency=3),
    "alpha png": encoded(with_alpha(), "PNG"),
    "animated png": animated("PNG"),
    "webp": encoded(COLOUR, "WEBP", quality=95),
    "lossless webp": encoded(with_alpha(), "WEBP", lossless=True),
    "animated webp": animated("WEBP"),
    "gif": encoded(COLOUR.quantize(200), "GIF"),
    "animated gif": animated("GIF"),
    "bmp": encoded(COLOUR, "BMP"),
    "tiff": encoded(COLOUR, "TIFF"),
    "lzw tiff": encoded(COLOUR, "TIFF", compression="tiff_lzw"),
    "cmyk tiff": encoded(COLOUR.convert("CMYK"), "TIFF"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_shows_the_same_photo(name):
    image = open_photo(FILES[name])
    assert image.dtype == np.float32 and image.shape == EXACT.shape
    assert image.min() >= 0 and image.max() <= 1
    expected = EXACT
    if "grey" in name or "16" in name:
        expected = np.asarray(COLOUR.convert("L"), np.float32)[..., None] / 255
    if "alpha" in name or name == "lossless webp":
        alpha = np.asarray(with_alpha(), np.float32)[..., 3:] / 255
        expected = expected * alpha + 1 - alpha
    assert np.abs(image - expected).mean() < (0.5 if "black" in name else 0.04)


@pytest.mark.parametrize("name", ["png", "bmp", "tiff", "lzw tiff"])
def test_lossless_files_come_back_exactly(name):
    assert np.array_equal(as_uint8(open_photo(FILES[name])), np.asarray(COLOUR))


def test_transparent_parts_are_white():
    picture = COLOUR.convert("RGBA")
    picture.putalpha(0)
    assert open_photo(encoded(picture, "PNG")).min() == 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_stand_upright_however_the_camera_was_held(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = encoded(COLOUR, "PNG", exif=exif.tobytes())
    from PIL import ImageOps

    with Image.open(io.BytesIO(stored)) as picture:
        expected = np.asarray(ImageOps.exif_transpose(picture))
    assert np.array_equal(as_uint8(open_photo(stored)), expected)


@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"Exif\0\0MM\0*\0\0\0\xff", b""])
def test_damaged_exif_does_not_matter(exif):
    image = open_photo(encoded(COLOUR, "JPEG", exif=exif))
    assert image.shape == EXACT.shape


@pytest.mark.parametrize(("size", "shape"), [((3000, 1500), (512, 1024)), ((2, 5000), (1024, 1))])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_large_photos_are_shrunk_without_moving(size, shape, kind):
    picture = COLOUR.resize(size, Image.Resampling.BILINEAR)
    image = open_photo(encoded(picture, kind))
    assert image.shape == (*shape, 3)
    expected = np.asarray(picture.resize(shape[::-1], Image.Resampling.BOX), np.float32) / 255
    assert np.abs(image - expected).mean() < 0.04


def test_paths_and_bytes_give_the_same(tmp_path):
    path = tmp_path / "photo with ümlaut.jpg"
    path.write_bytes(FILES["jpeg"])
    for source in (path, str(path), bytearray(FILES["jpeg"]), memoryview(FILES["jpeg"])):
        assert np.array_equal(open_photo(source), open_photo(FILES["jpeg"]))


REFUSED = {
    "is empty": b"",
    "is not a photo": b"just some text, nothing else",
    "text such as SVG": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "text such as SVG or HTML": b"\n\n  <!DOCTYPE html><html></html>",
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "is damaged or cut short": FILES["jpeg"][:-400],
    "export it as JPEG": b"\0\0\0\x1cftypavif\0\0\0\0",
}


@pytest.mark.parametrize("part", REFUSED)
def test_other_files_are_refused_with_advice(part):
    with pytest.raises(ValueError, match=part) as caught:
        open_photo(REFUSED[part])
    assert "\n" not in str(caught.value)


def test_names_that_cannot_be_opened(tmp_path):
    with pytest.raises(ValueError, match="There is no file"):
        open_photo(tmp_path / "nothing.jpg")
    for source in (tmp_path, "a\0b"):
        with pytest.raises(ValueError, match="cannot be opened"):
            open_photo(source)
    for source in (None, 3, np.zeros((2, 2))):
        with pytest.raises(ValueError, match="Expected the name of a file"):
            open_photo(source)


def huge_png(width, height, colour=0, bits=8):
    """A file of a few bytes that claims to be a huge picture."""

    def chunk(kind, content):
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    body = (
        chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("file", "limit"),
    [
        (huge_png(9000, 9000), "81 megapixels; at most 80"),
        (huge_png(9000, 5000, colour=2), "45 megapixels; at most 40"),
        (huge_png(60_000, 60_000), "too many pixels"),
        (huge_png(2**31 - 1, 2**31 - 1), "too many pixels"),
        (
            b"BM" + struct.pack("<IIIIiiHHIIiiII", 0, 0, 54, 40, 50_000, 50_000, 1, 24, *[0] * 6),
            "too many",
        ),
    ],
)
def test_decompression_bombs_are_refused_before_decoding(file, limit, monkeypatch):
    from PIL import ImageFile

    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(ValueError, match=limit):
        open_photo(file)


def test_large_files_are_refused_before_reading(tmp_path):
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(65_000_000)
    with pytest.raises(ValueError, match="65 MB; at most 64 MB"):
        open_photo(path)


def test_measured_values_are_refused():
    with pytest.raises(ValueError, match="cannot be read"):
        open_photo(encoded(Image.fromarray(np.zeros((4, 4), np.float32)), "TIFF"))


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_mutated_files_give_a_picture_or_a_value_error(data):
    content = bytearray(FILES[data.draw(st.sampled_from(sorted(FILES)))])
    # Headers matter most: half of the changes go into the first 100 bytes.
    position = st.one_of(st.integers(0, 99), st.integers(0, len(content) - 1))
    for _ in range(data.draw(st.integers(0, 8))):
        content[data.draw(position) % len(content)] = data.draw(st.integers(0, 255))
    start, stop = sorted((data.draw(position), data.draw(position)))
    action = data.draw(st.sampled_from(["keep", "cut", "remove", "repeat", "insert"]))
    if action == "cut":
        content = content[:stop]
    elif action == "remove":
        del content[start:stop]
    elif action == "repeat":
        content[start:start] = content[start:stop]
    elif action == "insert":
        content[start:start] = data.draw(st.binary(max_size=20))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            image = open_photo(bytes(content))
        except ValueError as error:
            assert "\n" not in str(error)
            return
    assert image.dtype == np.float32 and image.ndim == 3 and image.shape[2] == 3
    assert 1 <= min(image.shape[:2]) and max(image.shape[:2]) <= 1024
    assert image.min() >= 0 and image.max() <= 1


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(content):
    with pytest.raises(ValueError):
        open_photo(content)
