"""The names of the classes that the networks tell apart."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path

from aml4d_utils.nets.catalogue import known

# ImageNet's own words are short; on their own, these would be misread.
_CLEARER = {
    "admiral": "admiral (butterfly)",
    "ashcan": "rubbish bin",
    "boxer": "boxer (dog)",
    "Cardigan": "Cardigan corgi",
    "chow": "chow (dog)",
    "cock": "cockerel",
    "crane": "crane (machine)",
    "crane bird": "crane (bird)",
    "drake": "drake (duck)",
    "ear": "ear of corn",
    "hip": "rose hip",
    "ice bear": "polar bear",
    "kite": "kite (bird)",
    "lesser panda": "red panda",
    "Madagascar cat": "ring-tailed lemur",
    "monarch": "monarch (butterfly)",
    "mouse": "computer mouse",
    "nipple": "teat of a baby bottle",
    "Pembroke": "Pembroke corgi",
    "plane": "plane (tool)",
    "racer": "racing car",
    "redbone": "redbone (dog)",
    "ringlet": "ringlet (butterfly)",
    "sorrel": "sorrel (horse)",
    "stole": "stole (scarf)",
    "tick": "tick (animal)",
    "wing": "aeroplane wing",
}
# COCO's 80 kinds of things, in the order of the detector's outputs.
_COCO = tuple(
    (
        "person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, "
        "fire hydrant, stop sign, parking meter, bench, bird, cat, dog, horse, sheep, cow, "
        "elephant, bear, zebra, giraffe, backpack, umbrella, handbag, tie, suitcase, frisbee, "
        "skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard, surfboard, "
        "tennis racket, bottle, wine glass, cup, fork, knife, spoon, bowl, banana, apple, "
        "sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake, chair, couch, "
        "potted plant, bed, dining table, toilet, tv, laptop, mouse, remote, keyboard, "
        "cell phone, microwave, oven, toaster, sink, refrigerator, book, clock, vase, scissors, "
        "teddy bear, hair drier, toothbrush"
    ).split(", ")
)


@lru_cache
def labels(name: str) -> tuple[str, ...]:
    """Return the class names of a network, in the order of its outputs.

    Parameters
    ----------
    name : str
        A network that tells classes apart.

    Returns
    -------
    tuple of str
        Readable and all different.

    Raises
    ------
    ValueError
        If there is no network of that name, or it has no classes.

    Examples
    --------
    >>> labels("squeezenet1_1")[281:286]
    ('tabby', 'tiger cat', 'Persian cat', 'Siamese cat', 'Egyptian cat')
    """
    task = known(name).task
    if task == "classify":
        return _imagenet()
    if task == "detect":
        return _COCO
    raise ValueError(f"The network {name!r} makes pictures, so it has no class names.")


def _imagenet() -> tuple[str, ...]:
    # Only torchvision's file of names: with all its networks it takes a second to import.
    spec = find_spec("torchvision")
    file = Path(spec.origin).parent / "models" / "_meta.py"
    names = run_path(str(file))["_IMAGENET_CATEGORIES"]
    return tuple(_CLEARER.get(name, name) for name in names)
