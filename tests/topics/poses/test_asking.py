"""What networks are asked, and which answers count as right."""

import numpy as np
import pytest

from aml4d_utils import images, nets, solids
from aml4d_utils.topics.poses import asking, posing


def test_a_classifier_is_right_when_its_first_guess_is_accepted():
    coffee = images.photo("coffee")
    answer = asking.ask("Lite0", coffee, (967, 968))
    guesses = dict(
        (guess.index, guess.probability)
        for guess in nets.classify("efficientnet_lite0", coffee, 1000)
    )
    assert answer.right and answer.guess == "espresso"
    assert answer.probability == pytest.approx(guesses[967] + guesses[968])
    assert answer.sureness == pytest.approx(guesses[967])
    assert len(answer.first) == 3 and answer.first[0] == (answer.guess, answer.sureness)
    other = asking.ask("Lite0", coffee, (1,))
    assert not other.right and other.guess == "espresso" and other.probability < 0.1


def test_the_detector_is_right_when_its_surest_box_is():
    cat = images.photo("chelsea")
    answer = asking.ask("NanoDet", cat, (15,))
    assert answer.guess == "cat" and answer.right and answer.probability == answer.sureness > 0.3
    assert not asking.ask("NanoDet", cat, (0,)).right
    nothing = asking.ask("NanoDet", np.full((50, 50, 3), 0.5), (15,))
    assert (nothing.guess, nothing.sureness, nothing.right) == ("nothing", 0.0, False)


def test_accepted_classes_are_those_of_the_thing():
    scooter = solids.thing("motor scooter")
    zebra = next(c for c in images.cutouts("mammals") if c.name == "zebra")
    violin = next(c for c in images.cutouts("instruments") if c.name == "violin")
    assert asking.accepted(scooter, "Lite0") == scooter.imagenet
    assert asking.accepted(scooter, "NanoDet") == (3,)
    assert asking.accepted(zebra, "NanoDet") == (22,)
    assert asking.accepted(violin, "NanoDet") == ()


def test_an_own_photo_gets_the_words_that_lead():
    cat = images.photo("chelsea")
    best = nets.classify("squeezenet1_1", cat, 3)
    assert asking.leading_words("SqueezeNet", cat) == tuple(guess.index for guess in best)
    assert asking.leading_words("NanoDet", cat) == (15,)
    assert asking.leading_words("NanoDet", np.full((50, 50, 3), 0.5)) == ()


def test_an_unknown_network_is_named():
    for call in (
        lambda: asking.ask("AlexNet", np.zeros((2, 2, 3)), ()),
        lambda: asking.accepted(solids.thing("football"), "AlexNet"),
        lambda: asking.leading_words("AlexNet", np.zeros((2, 2, 3))),
    ):
        with pytest.raises(ValueError, match="no network 'AlexNet'; choose one of: Lite0"):
            call()


@pytest.mark.parametrize("name", posing.THINGS)
def test_both_classifiers_know_the_things_from_in_front(name):
    seen = posing.pose(name, 30, 15)
    assert seen.answers["Lite0"].right and seen.answers["SqueezeNet"].right


def test_a_thing_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="no thing called 'motor scotter'"):
        posing.pose("motor scotter", 0, 0)
