"""A hundred small grey faces and a hundred small pictures of something else, split once for all."""

from dataclasses import dataclass

import numpy as np

from aml4d_utils.images.photos import bundled_file

SIDE = 25
"""Height and width of each picture, in pixels."""

_TRAINING = 60
_SEED = 6


@dataclass(frozen=True)
class Faces:
    """Faces and other things, for training and for tests.

    Parameters
    ----------
    train_faces : ndarray (60, 25, 25), float32 in [0, 1]
        Cut close around the face, seen from the front.
    train_others : ndarray (60, 25, 25), float32 in [0, 1]
        Pieces of photos: mostly plain ground and edges, a few with a part of a face.
    test_faces, test_others : ndarray (40, 25, 25), float32 in [0, 1]
        Never used for training.
    """

    train_faces: np.ndarray
    train_others: np.ndarray
    test_faces: np.ndarray
    test_others: np.ndarray


def faces() -> Faces:
    """Return the faces and non-faces that come with scikit-image, split 60 to 40.

    The split was drawn once, with a fixed seed, and is the same for every detector of the course,
    so that the held-out faces are new to all of them. It goes by picture: who is on it is not
    known, so one person may be in both parts.

    Returns
    -------
    Faces
        New arrays at each call.

    Raises
    ------
    FileNotFoundError
        If scikit-image is not installed whole.

    References
    ----------
    A part of Labeled Faces in the Wild: Huang, Ramesh, Berg and Learned-Miller (2007), technical
    report 07-49, University of Massachusetts, Amherst.

    Examples
    --------
    >>> data = faces()
    >>> data.train_faces.shape, data.test_faces.shape
    ((60, 25, 25), (40, 25, 25))
    """
    pictures = np.load(bundled_file("skimage/data/lfw_subset.npy"), allow_pickle=False).astype(
        np.float32
    )
    half = len(pictures) // 2
    rng = np.random.default_rng(_SEED)
    first, second = rng.permutation(half), rng.permutation(half) + half
    return Faces(
        train_faces=pictures[first[:_TRAINING]],
        train_others=pictures[second[:_TRAINING]],
        test_faces=pictures[first[_TRAINING:]],
        test_others=pictures[second[_TRAINING:]],
    )
