"""The one way in which a still figure reaches the page, with its description."""

from __future__ import annotations

import base64
import html
import io
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DPI = 100


class Shown:
    """A finished picture as HTML; the notebook displays it."""

    def __init__(self, markup: str, alt: str):
        self.markup = markup
        self.alt = alt

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.markup, "text/plain": self.alt}


def show(figure: Figure | Axes, alt: str) -> Shown:
    """Return a matplotlib figure as an ``<img>`` with its description.

    Parameters
    ----------
    figure : Figure or Axes
        Drawn with matplotlib's object interface; its size in inches × 100 is its size in CSS
        pixels, rendered at twice that resolution.
    alt : str
        What the figure shows; ``describe_*`` functions compute it from the same result.

    Raises
    ------
    ValueError
        If ``alt`` is empty.
    """
    if not alt.strip():
        raise ValueError("Every figure needs a description: alt is empty.")
    figure = figure.get_figure(root=True)
    _enlarge_in_single_precision(figure)
    data = base64.b64encode(as_png(figure, 2 * _DPI)).decode("ascii")
    width = round(figure.get_size_inches()[0] * _DPI)
    markup = (
        f'<div class="aml4d-figure"><img alt="{html.escape(alt, quote=True)}" '
        f'style="width:{width}px;max-width:100%;height:auto;background:#fff;border-radius:6px" '
        f'src="data:image/png;base64,{data}"></div>'
    )
    return Shown(markup, alt)


def as_png(figure: Figure, dpi: float) -> bytes:
    """Return a figure on white as a PNG file.

    The pixels are those of ``figure.savefig``, which draws everything twice.

    Parameters
    ----------
    figure : Figure
    dpi : float
        Pixels for each inch of the figure.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas, usual, colour = figure.canvas, figure.dpi, figure.get_facecolor()
    try:
        drawn = FigureCanvasAgg(figure)
        figure.dpi = dpi
        figure.set_facecolor("white")
        drawn.draw()
        size = drawn.get_width_height(physical=True)
        picture = Image.frombuffer("RGBA", size, drawn.buffer_rgba()).convert("RGB")
    finally:
        figure.set_canvas(canvas)
        figure.dpi = usual
        figure.set_facecolor(colour)
    memory = io.BytesIO()
    picture.save(memory, format="png", compress_level=3)
    return memory.getvalue()


def _enlarge_in_single_precision(figure: Figure) -> None:
    """Halve the memory that large pictures take for a moment: 180 MB for one that fills a page.

    A colour picture without an alpha gets one from matplotlib in double precision, and with it
    all its values are doubled. What comes out is the same, bit by bit.
    """
    # Not by findobj: it visits every tick and makes those that nobody will see.
    parts = [part for ax in figure.axes for part in (ax, *ax.child_axes)]
    for picture in (picture for part in parts for picture in part.images):
        if picture.get_alpha() is None and picture.get_array().ndim == 3:
            picture.set_alpha(1)


def new_figure(width: float = 7.2, height: float = 3.2) -> Figure:
    """Return an empty figure in the course's style; ``width`` and ``height`` in inches."""
    from matplotlib import rcParams
    from matplotlib.figure import Figure

    _forget_other_styles()
    rcParams.update(STYLE)
    return Figure(figsize=(width, height), layout="constrained")


def picture_figure(picture: np.ndarray, width: float = 7.2) -> Figure:
    """Return a figure, ``width`` inches wide, that is one picture (H, W, 3) without axes."""
    figure = new_figure(width, width * picture.shape[0] / picture.shape[1] + 0.1)
    ax = figure.subplots()
    ax.imshow(picture)
    ax.set_axis_off()
    return figure


@cache
def _forget_other_styles() -> None:
    """Go back to matplotlib's own style, once, from a matplotlibrc of the user's or beside us."""
    import matplotlib

    matplotlib.rcdefaults()


STYLE = {
    "font.size": 11.5,
    "axes.titlesize": 11.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#8c959f",
    "axes.labelcolor": "#333333",
    "xtick.color": "#57606a",
    "ytick.color": "#57606a",
    "image.interpolation": "nearest",
    "figure.dpi": _DPI,
}
"""matplotlib settings of every still figure."""
