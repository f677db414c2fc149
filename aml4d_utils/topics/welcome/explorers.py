"""The first explorer a student meets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.welcome.figures import describe_light
from aml4d_utils.topics.welcome.light import Relit, relight
from aml4d_utils.widgets import Axis, Explorer, Picture, Plot, Series, slider


@dataclass
class LightState:
    """The light of the photo."""

    brightness: float = slider(0.0, low=-0.5, high=0.5, step=0.05, label="Brightness")
    contrast: float = slider(1.0, low=0.0, high=3.0, step=0.1, label="Contrast")


def light_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Change a photo's light and watch its histogram.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    photo = images.fit(images.photo_or_own(photo), 320)
    picture = Picture("your photo", display_width=290)
    histogram = Plot("how many pixels have which grey", display_width=300)
    histogram.layout.width = "310px"

    def draw(result: Relit) -> None:
        words = describe_light(result)
        picture.show(result.image, f"The photo. {words}")
        high = max(0.1, float(np.ceil(result.shares.max() * 10) / 10))
        histogram.curves(
            [Series(result.levels, result.shares, kind="bars")],
            Axis("from black to white", 0, 1, ticks=(0, 0.5, 1)),
            Axis("", 0, high, percent=True),
            f"Histogram. {words}",
            height=230,
        )

    return Explorer(
        LightState(),
        lambda state: relight(photo, state.brightness, state.contrast),
        draw,
        title="Light",
        purpose="Every explorer looks like this: controls here, the result beside them.",
        stage=[picture, histogram],
        describe=describe_light,
    )
