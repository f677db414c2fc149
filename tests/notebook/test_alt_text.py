"""Still figures reach the page as an image with its description, sharp and escaped."""

import base64
import io
import tracemalloc
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from aml4d_utils.notebook import as_png, new_figure, show


class Images(HTMLParser):
    """Collects the attributes of every tag."""

    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))


def parsed(shown):
    parser = Images()
    parser.feed(shown._repr_mimebundle_()["text/html"])
    assert [tag for tag, _ in parser.tags] == ["div", "img"]
    return parser.tags[1][1]


def pixels(shown):
    kind, _, data = parsed(shown)["src"].partition(",")
    assert kind == "data:image/png;base64"
    return Image.open(io.BytesIO(base64.b64decode(data, validate=True)))


NASTY = "\"><script>alert(1)</script> it's 5 < 6 & ümlaut −3 \n second line"


@pytest.mark.parametrize("alt", ["A line.", NASTY])
def test_the_description_arrives_word_for_word(alt):
    shown = show(new_figure(), alt)
    assert parsed(shown)["alt"] == alt
    assert shown.alt == alt
    assert shown._repr_mimebundle_()["text/plain"] == alt


@pytest.mark.parametrize(("width", "height"), [(7.2, 3.2), (3.0, 5.0)])
def test_twice_as_many_pixels_as_it_is_wide(width, height):
    shown = show(new_figure(width, height), "A figure.")
    assert pixels(shown).size == (round(200 * width), round(200 * height))
    assert f"width:{round(100 * width)}px" in parsed(shown)["style"]


def test_axes_are_shown_with_their_figure():
    figure = new_figure()
    left, right = figure.subplots(1, 2)
    left.plot([0, 1], [0, 1])
    assert pixels(show(right, "Axes.")).size == pixels(show(figure, "A figure.")).size


def test_what_is_drawn_is_seen():
    figure = new_figure(2, 2)
    ax = figure.subplots()
    ax.imshow(np.full((2, 2, 3), (0, 255, 0), dtype=np.uint8))
    picture = np.asarray(pixels(show(figure, "Green.")).convert("RGB"))
    assert (picture[200, 200] == (0, 255, 0)).all()


def test_a_large_picture_is_shown_bit_by_bit_in_half_the_memory():
    noise = np.random.default_rng(0).random((200, 300, 3), dtype=np.float32)
    peaks, pictures = [], []
    for draw in (plainly, lambda figure: pixels(show(figure, "Noise."))):
        figure = new_figure(6, 4)
        figure.subplots().imshow(noise)
        tracemalloc.start()
        pictures.append(np.asarray(draw(figure).convert("RGBA")))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert np.array_equal(*pictures)
    assert peaks[1] < 0.65 * peaks[0]


def plainly(figure):
    memory = io.BytesIO()
    figure.savefig(memory, format="png", dpi=200, facecolor="white")
    return Image.open(memory)


def test_the_ground_is_white_in_the_dark_too():
    picture = np.asarray(pixels(show(new_figure(), "Nothing.")).convert("RGBA"))
    assert (picture == 255).all()


@pytest.mark.parametrize("alt", ["", "   ", "\n\t"])
def test_no_figure_without_words(alt):
    with pytest.raises(ValueError, match="needs a description"):
        show(new_figure(), alt)


def test_figures_do_not_pile_up():
    from matplotlib import _pylab_helpers

    show(new_figure(), "A figure.")
    assert not _pylab_helpers.Gcf.figs


def test_a_file_has_the_pixels_of_savefig_and_the_figure_stays_as_it_was():
    figure = new_figure(4, 3)
    figure.set_facecolor("pink")
    axes = figure.subplots(1, 2)
    axes[0].plot([0, 1, 4], label="A line")
    axes[0].legend(title="Ways")
    axes[1].set(title="Nothing here", xlabel="place", facecolor="none")
    before = figure.canvas, figure.dpi, figure.get_facecolor()
    memory = io.BytesIO()
    figure.savefig(memory, format="png", dpi=140, facecolor="white")
    made = Image.open(io.BytesIO(as_png(figure, 140)))
    assert np.array_equal(made, Image.open(memory).convert("RGB"))
    assert (figure.canvas, figure.dpi, figure.get_facecolor()) == before
