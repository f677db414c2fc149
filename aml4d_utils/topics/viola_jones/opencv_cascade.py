"""OpenCV's trained cascades, read from the files that come with it.

``haarcascade_frontalface_default.xml`` was trained by Rainer Lienhart and looks for
upright faces seen from the front.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from aml4d_utils.topics.viola_jones.cascade import Cascade, CascadeStage, Stump
from aml4d_utils.topics.viola_jones.haar import Rectangle

FRONTAL = "haarcascade_frontalface_default"
_EPSILON = 1e-5
"""OpenCV lets a window pass that misses a stage's threshold by this little."""


@lru_cache
def opencv_cascade(name: str = FRONTAL) -> Cascade:
    """Return one of OpenCV's trained cascades of upright Haar features.

    Parameters
    ----------
    name : str
        Name of the file without ``.xml``.

    Raises
    ------
    ValueError
        If OpenCV brings no cascade of that name, or it is of another kind.

    Examples
    --------
    >>> cascade = opencv_cascade()
    >>> cascade.side, len(cascade.stages), int(cascade.features.sum())
    (24, 25, 2913)
    """
    root = ElementTree.parse(cascade_file(name)).getroot()[0]
    if (
        root.findtext("featureType").strip() != "HAAR"
        or root.find(".//features//tilted") is not None
    ):
        raise ValueError(f"{name} is no cascade of upright Haar features.")
    features = [_rectangles(feature) for feature in root.find("features")]
    stages = tuple(
        CascadeStage(
            tuple(_stump(weak, features, name) for weak in stage.find("weakClassifiers")),
            float(stage.findtext("stageThreshold")) - _EPSILON,
        )
        for stage in root.find("stages")
    )
    return Cascade(name, int(root.findtext("width")), stages)


def cascade_file(name: str = FRONTAL) -> Path:
    """Return where OpenCV keeps a cascade.

    Raises
    ------
    ValueError
        If it brings no cascade of that name.
    """
    import cv2

    folder = Path(cv2.data.haarcascades)
    known = sorted(path.stem for path in folder.glob("haarcascade_*.xml"))
    if name not in known:
        raise ValueError(f"OpenCV brings no cascade {name!r}; it has {', '.join(known)}.")
    return folder / f"{name}.xml"


def _rectangles(feature: ElementTree.Element) -> tuple[Rectangle, ...]:
    parts = []
    for line in feature.find("rects"):
        col, row, width, height, weight = line.text.split()
        parts.append(Rectangle(int(row), int(col), int(height), int(width), float(weight)))
    return tuple(parts)


def _stump(weak: ElementTree.Element, features: list[tuple[Rectangle, ...]], name: str) -> Stump:
    nodes, leaves = weak.findtext("internalNodes").split(), weak.findtext("leafValues").split()
    if len(nodes) != 4 or len(leaves) != 2:
        raise ValueError(f"{name} asks several questions in a row; here each has one.")
    _, _, feature, threshold = nodes
    below, above = map(float, leaves)
    return Stump(features[int(feature)], float(threshold), below, above)
