"""A hundred small grey faces and a hundred small pictures of something else, split once for all."""

from dataclasses import dataclass

import numpy as np

from aml4d_utils.images.photos import bundled_file

SIDE = 25
"""Height and width of each picture, in pixels."""

_TRAINING = 70
_SEED = 6


@dataclass(frozen=True)
class Faces:
    """Faces and other things, for training and for tests.

    Parameters
    ----------
    train_faces : ndarray (70, 25, 25), float32 in [0, 1]
        Cut close around the face, seen from the front.
    train_others : ndarray (70, 25, 25), float32 in [0, 1]
        Pieces of photos: mostly plain ground and edges, a few with a part of a face.
    test_faces, test_others : ndarray (30, 25, 25), float32 in [0, 1]
        Never used for training.
    """

    train_faces: np.ndarray
    train_others: np.ndarray
    test_faces: np.ndarray
    test_others: np.ndarray


def faces() -> Faces:
    """Return the faces and non-faces that come with scikit-image, split 70 to 30.

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
    ((70, 25, 25), (30, 25, 25))
    """
    pictures = np.load(bundled_file("skimage/data/lfw_subset.npy"), allow_pickle=False).astype(
        np.float32
    )
    half = len(pictures) // 2
    order = np.random.default_rng(_SEED).permutation(half)
    train, test = order[:_TRAINING], order[_TRAINING:]
    return Faces(
        train_faces=pictures[train],
        train_others=pictures[half + train],
        test_faces=pictures[test],
        test_others=pictures[half + test],
    )
