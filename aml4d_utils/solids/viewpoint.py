"""From where, and how, a camera looks at a thing."""

import math
from dataclasses import dataclass

import numpy as np

# Directions are rounded to this many decimals, so that sine and cosine of another system's
# library, which may differ in the last digit, give the same picture.
_DECIMALS = 12


@dataclass(frozen=True)
class Viewpoint:
    """Where a camera stands and how it looks at the middle of a thing.

    The unit of length is the thing's radius: a ball of radius 1 around its middle holds it
    whatever way it is turned.

    Parameters
    ----------
    yaw : float
        How far it has gone round the thing, in degrees: 0 in front, 90 at the thing's left hand,
        which is the right side of the picture.
    pitch : float
        How high it stands, in degrees: 0 level, 90 straight above, -90 straight below; beyond
        90 it comes down on the other side with its own top turned down.
    roll : float
        How far the picture is turned anticlockwise, in degrees.
    distance : float
        From the middle of the thing; greater than 1, so that the camera stays outside.
    field_of_view : float
        Angle across the shorter side of the picture, in degrees, between 1 and 120.

    Raises
    ------
    ValueError
        If a number is not finite or out of range.

    Examples
    --------
    >>> Viewpoint(yaw=90, pitch=0).rotation().round(3) + 0.0
    array([[ 0.,  0., -1.],
           [ 0.,  1.,  0.],
           [ 1.,  0.,  0.]])
    """

    yaw: float = 30.0
    pitch: float = 15.0
    roll: float = 0.0
    distance: float = 4.0
    field_of_view: float = 30.0

    def __post_init__(self) -> None:
        for name in ("yaw", "pitch", "roll", "distance", "field_of_view"):
            check_finite(name, getattr(self, name))
        if self.distance <= 1:
            raise ValueError(
                f"Expected `distance` greater than 1 (the thing's radius), got {self.distance}."
            )
        if not 1 <= self.field_of_view <= 120:
            raise ValueError(
                f"Expected `field_of_view` between 1 and 120 degrees, got {self.field_of_view}."
            )

    def rotation(self) -> np.ndarray:
        """Return the rotation from the thing's axes to the camera's.

        Returns
        -------
        ndarray (3, 3), float64
            Takes (x to the thing's left hand, y up, z out of its front) to (x right, y up, z
            towards the camera).
        """
        yaw, pitch, roll = (math.radians(angle) for angle in (self.yaw, self.pitch, self.roll))
        (s, c), (s_up, c_up), (s_roll, c_roll) = (
            (round(math.sin(angle), _DECIMALS), round(math.cos(angle), _DECIMALS))
            for angle in (yaw, pitch, roll)
        )
        right = np.array((c, 0.0, -s))
        up = np.array((-s_up * s, c_up, -s_up * c))
        towards = np.array((c_up * s, s_up, c_up * c))
        return np.stack((c_roll * right - s_roll * up, s_roll * right + c_roll * up, towards))

    def focal_length(self, shorter_side: float) -> float:
        """Return the focal length in pixels for a picture with this shorter side in pixels."""
        half = round(math.tan(math.radians(self.field_of_view / 2)), _DECIMALS)
        return shorter_side / 2 / half


def check_finite(name: str, value: float) -> None:
    """Raise ValueError if a value is not a finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise ValueError(f"Expected `{name}` as a number, but got {value!r}.")
    if not math.isfinite(value):
        raise ValueError(f"Expected `{name}` as a finite number, but got {value}.")
