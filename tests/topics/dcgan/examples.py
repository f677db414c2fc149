"""What the walking tests are shown of the garment room."""

from functools import cache

import numpy as np

from aml4d_utils.topics.dcgan.generated_garments import latents, load_pair, real_garments
from aml4d_utils.topics.dcgan.passing_through import through_both, through_discriminator
from aml4d_utils.topics.dcgan.training_film import Film, Moment
from aml4d_utils.topics.gan_2d.rivalry import PlayedRound, Rivalry, compete

DARK = np.zeros((3, 28, 28), np.uint8)
LIGHT = np.full((5, 28, 28), 200, np.uint8)


@cache
def film():
    """Two rounds from the warm start, looked at before and after."""
    rivalry = Rivalry(*load_pair("warm"), seed=0)
    taken = Film(rivalry)
    for result in compete(rivalry, real_garments("test")[:200], 2):
        taken.note(result)
    taken.take()
    return taken


def untouched():
    """A film before the first round."""
    return Film(Rivalry(*load_pair("warm"), seed=0))


def journeys():
    """A generated garment and a real one."""
    pair = load_pair("final")
    return [
        (through_both(*pair, latents(1, 0)[0]),),
        (through_discriminator(pair[1], real_garments("test")[0]),),
    ]


DESCRIPTIONS = {
    "describe_garments": lambda: [(DARK,), (LIGHT,)],
    "describe_moment": lambda: [(Moment(0, DARK),), (Moment(7, LIGHT),)],
    "describe_round": lambda: [
        (PlayedRound(3, 1.2, 0.8, 0.9, 0.4),),
        (PlayedRound(9, 0.2, 3.8, 1.0, 1.0),),
        (PlayedRound(12, 0.2, 3.8, 1.0, 1.0, broken=True),),
    ],
    "describe_film": lambda: [(untouched(),), (film(),)],
    "describe_journey": journeys,
}
EXPLORERS = {
    "passage_explorer": lambda: load_pair("final"),
    "film_explorer": lambda: (film(),),
}
