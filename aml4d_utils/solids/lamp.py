"""A lamp that shines on a thing, and the light that comes from everywhere."""

from dataclasses import dataclass

import numpy as np

from aml4d_utils.solids.viewpoint import Viewpoint, check_finite


@dataclass(frozen=True)
class Lamp:
    """One distant lamp, and light from all sides.

    Parameters
    ----------
    yaw, pitch : float
        From where the light comes, in degrees, counted as for `Viewpoint`.
    strength : float in [0, 3]
        A white surface that faces the lamp gets this brightness from it.
    ambient : float in [0, 3]
        Brightness that a white surface gets from all sides.
    with_camera : bool
        Whether the lamp goes round with the camera (its angles then start from where the camera
        stands, and the picture's roll turns it too) or stands still beside the thing.

    Raises
    ------
    ValueError
        If a number is not finite or out of range.

    Examples
    --------
    >>> Lamp(yaw=0, pitch=90, with_camera=False).direction(Viewpoint()).round(3) + 0.0
    array([0., 1., 0.])
    """

    yaw: float = -30.0
    pitch: float = 40.0
    strength: float = 0.65
    ambient: float = 0.45
    with_camera: bool = True

    def __post_init__(self) -> None:
        for name in ("yaw", "pitch", "strength", "ambient"):
            check_finite(name, getattr(self, name))
        for name in ("strength", "ambient"):
            if not 0 <= getattr(self, name) <= 3:
                raise ValueError(
                    f"Expected `{name}` between 0 and 3, but got {getattr(self, name)}."
                )

    def direction(self, viewpoint: Viewpoint) -> np.ndarray:
        """Return the direction to the lamp in the thing's axes: (3,) float64 of length 1."""
        towards = Viewpoint(self.yaw, self.pitch).rotation()[2]
        if not self.with_camera:
            return towards
        x, y, z = towards
        right, up, back = viewpoint.rotation()
        return x * right + y * up + z * back
