"""Pictures to work on: bundled photos, the student's own photo, small labelled pictures.

An image is an ndarray (H, W, 3), float32 in [0, 1], unless a docstring says otherwise. Nothing
here draws, and nothing here imports torch.
"""

from aml4d_utils.images.conversion import as_float, as_uint8, grey
from aml4d_utils.images.cutout import Cutout, cutout_categories, cutouts, mount, split
from aml4d_utils.images.digits import MNIST, centre_digit, mnist
from aml4d_utils.images.face_pictures import Faces, faces
from aml4d_utils.images.fashion import FashionMNIST, fashion_mnist
from aml4d_utils.images.opening import open_photo
from aml4d_utils.images.own import (
    describe_own_photo,
    forget_own_photo,
    keep_own_photo,
    own_photo,
    photo_or_own,
)
from aml4d_utils.images.paintings import (
    describe_painting,
    painting,
    painting_names,
    short_title_of,
    title_of,
)
from aml4d_utils.images.photos import describe_photo, photo, photo_names
from aml4d_utils.images.resizing import centre_square, fit, resize
from aml4d_utils.images.scenes import (
    Layout,
    Placement,
    Scene,
    background,
    background_names,
    compose,
    random_layout,
)
from aml4d_utils.images.splitting import split_by_original

__all__ = [
    "MNIST",
    "Cutout",
    "Faces",
    "FashionMNIST",
    "Layout",
    "Placement",
    "Scene",
    "as_float",
    "as_uint8",
    "background",
    "background_names",
    "centre_digit",
    "centre_square",
    "compose",
    "cutout_categories",
    "cutouts",
    "describe_own_photo",
    "describe_painting",
    "describe_photo",
    "faces",
    "fashion_mnist",
    "fit",
    "forget_own_photo",
    "grey",
    "keep_own_photo",
    "mnist",
    "mount",
    "open_photo",
    "own_photo",
    "painting",
    "painting_names",
    "photo",
    "photo_names",
    "photo_or_own",
    "random_layout",
    "resize",
    "short_title_of",
    "split",
    "split_by_original",
    "title_of",
]
