"""Lines and circles on a picture in Chromium, without Jupyter: where they fall, how they look."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from aml4d_utils.widgets import Picture
from aml4d_utils.widgets.picture import circle, line

pytestmark = pytest.mark.browser

SIDE, UNIT = 40, 10
BLUE = (0, 114, 178)


@pytest.fixture
def drawn(open_widget):
    """Return a function that draws overlays and gives their layer's pixels."""

    def draw(*overlays) -> np.ndarray:
        picture = Picture(display_width=SIDE * UNIT)
        picture.show(np.zeros((SIDE, SIDE, 3)), "A black square.", overlays=overlays)
        page = open_widget(picture, width=600, height=600).page
        page.wait_for_function(
            "() => document.querySelector('canvas.aml4d-overlay')?.width === 400"
        )
        layer = page.locator("canvas.aml4d-overlay")
        png = layer.evaluate("layer => layer.toDataURL('image/png').split(',')[1]")
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(png))))

    return draw


def is_blue(layer: np.ndarray, row: float, col: float) -> bool:
    """Whether the overlay is blue at a place in pixels of the picture."""
    y, x = round((row + 0.5) * UNIT), round((col + 0.5) * UNIT)
    return bool(np.abs(layer[y, x, :3].astype(int) - BLUE).max() < 40 and layer[y, x, 3] > 200)


def test_a_line_goes_from_place_to_place(drawn):
    layer = drawn(line((10, 5), (10, 30), colour=0, width=3))
    assert all(is_blue(layer, 10, col) for col in (6, 15, 29))
    assert not is_blue(layer, 10, 33) and not is_blue(layer, 20, 15)


def test_a_dashed_line_has_gaps(drawn):
    whole, dashed = (
        drawn(line((10, 5), (10, 30), colour=0, width=3, dashed=dashed)) for dashed in (False, True)
    )
    places = np.arange(6, 29, 0.1)
    shares = [np.mean([is_blue(layer, 10, col) for col in places]) for layer in (whole, dashed)]
    assert shares[0] == 1
    assert 0.2 < shares[1] < 0.9


def test_an_arrow_has_a_head_at_its_end(drawn):
    layer = drawn(line((20, 5), (20, 30), colour=0, width=3, arrow=True))
    ink = (layer[..., 3] > 200).sum(axis=0)
    assert ink[302 - 6] > ink[150] + 2
    assert ink[60] == ink[150]


def test_a_circle_shows_its_size_and_its_direction(drawn):
    layer = drawn(circle(20, 20, 8, colour=0, angle=90, width=3))
    on_the_circle = [(28, 20), (12, 20), (20, 28), (20, 12)]
    assert all(is_blue(layer, row, col) for row, col in on_the_circle)
    assert is_blue(layer, 24, 20)
    assert not is_blue(layer, 16, 20) and not is_blue(layer, 20, 24)


def test_a_circle_without_a_direction_is_empty(drawn):
    layer = drawn(circle(20, 20, 8, colour=0))
    assert layer[170:240, 170:240, 3].max() == 0
