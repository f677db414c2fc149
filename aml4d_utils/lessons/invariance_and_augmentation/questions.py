"""The quiz of the lesson on invariance and augmentation."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, Illustration, QuizQuestion
from aml4d_utils.measuring.wording import percent

QUESTIONS = (
    QuizQuestion(
        "translation",
        "“A CNN does not care where in the photo the dog is.” What did you measure?",
        (
            Answer(
                "nearly",
                "Nearly true: the answer mostly stays, but one pixel can change the first guess",
                "Strides keep every second value, and which ones depends on where the photo lies "
                "on the grid.",
                right=True,
            ),
            Answer(
                "exactly",
                "Exactly true: convolution is the same everywhere",
                "Convolution is. But strides and edges come in between, and you saw guesses flip.",
            ),
            Answer(
                "false",
                "False: every shift changes the first guess",
                "Most photos kept their first guess at all four shifts.",
            ),
        ),
        topic="invariance",
        place="One pixel to the side",
    ),
    QuizQuestion(
        "rotation",
        "Which of these does a convolutional network forgive by its construction alone?",
        (
            Answer(
                "turns",
                "A turn by 90 degrees",
                "A kernel for vertical edges does not answer to horizontal ones. Turns have to be "
                "learned, from turned examples.",
            ),
            Answer(
                "size",
                "A change of size",
                "A kernel sees a fixed number of pixels. Sizes have to be learned.",
            ),
            Answer(
                "shift",
                "A shift, nearly",
                "The same kernels look everywhere, and pooling forgets most of the place.",
                right=True,
            ),
            Answer(
                "all",
                "All of them",
                "Your curves say otherwise: the plain network falls with every turn.",
            ),
        ),
        topic="invariance",
        place="Turns and sizes",
    ),
    QuizQuestion(
        "soft_label",
        "Mixup lays 70 % of a shoe over 30 % of a shirt. What is the label?",
        (
            Answer("shoe", "Shoe, because it is the larger part", "Then the shirt would be noise."),
            Answer(
                "soft",
                "0.7 shoe and 0.3 shirt",
                "The label is mixed like the picture, so the network learns to be as sure as it "
                "can be.",
                right=True,
            ),
            Answer(
                "new_class",
                "A new class: shoe-shirt",
                "There is no output for it. The two outputs that exist share the label.",
            ),
        ),
        topic="augmentation",
        place="Augmentation: one photo, many",
    ),
    QuizQuestion(
        "harm",
        "You train a network to read 6 and 9, and turn the pictures by up to 180 degrees. Why does "
        "that hurt?",
        (
            Answer(
                "slower",
                "It only makes the training slower",
                "More steps would not help: the same picture gets both labels.",
            ),
            Answer(
                "label_changes",
                "The turn changes what the picture shows, and the label stays",
                "Augmentation may only change what does not matter for the answer.",
                right=True,
            ),
            Answer(
                "corners",
                "Black corners come into the picture",
                "They come in at 20 degrees too, and there nothing was lost.",
            ),
        ),
        topic="augmentation",
        place="Where it hurts",
    ),
    QuizQuestion(
        "pgd",
        "A network withstands FGSM. Why is it also tested with PGD from a random start?",
        (
            Answer(
                "one_step",
                "It may have learned to stop this one step and nothing else",
                "PGD looks for the worst point within the same reach, and is never weaker here.",
                right=True,
            ),
            Answer(
                "larger",
                "PGD may change the picture more, so it is the harder of the two",
                "Both stay within the same epsilon.",
            ),
            Answer(
                "faster",
                "PGD is faster",
                "It takes as many looks at the slope as it has steps.",
            ),
        ),
        topic="robustness",
        place="A change chosen to hurt",
    ),
    QuizQuestion(
        "when",
        "When does augmentation help most?",
        (
            Answer(
                "many",
                "With very many training pictures, as there is then more that can be varied",
                "Then most variations are in the data already.",
            ),
            Answer(
                "always",
                "Always, the more the better",
                "Your table has rows that lose points.",
            ),
            Answer(
                "few_varied",
                "With few pictures, when the variation is one that the product will meet",
                "Rows gained most in the test that varies in the same way.",
                right=True,
            ),
        ),
        topic="augmentation",
        place="Does it help?",
    ),
)


def _steady() -> Computed:
    guesses = np.array([[3, 3, 3, 3], [5, 5, 2, 5], [1, 1, 1, 1], [0, 0, 0, 4]])
    kept = guesses == guesses[:, :1]
    values = {"photos": kept.all(axis=1).mean(), "answers": kept.mean()}
    values |= {"shifted": kept[:, 1:].mean()}
    rows = "; ".join(" ".join(map(str, row)) for row in guesses)
    return Computed({name: percent(value) for name, value in values.items()} | {"rows": rows})


def _blurred_row() -> Computed:
    row = np.array([0, 8, 0, 8, 0, 8, 0, 8])
    blurred = np.convolve(row, [0.25, 0.5, 0.25], "valid")
    values = {"blurred": blurred[::2][1], "low": row[::2][1], "high": row[1::2][1]}
    words = {name: f"{float(value):.0f}" for name, value in values.items()}
    return Computed(words | {"row": " ".join(map(str, row))})


def _two_pixels() -> Computed:
    from aml4d_utils.topics.augmentation.mixing import mixup

    shoe, shirt = (np.full((1, 1, 3), value, np.float32) for value in (1.0, 0.2))
    mixed = float(mixup(shoe, shirt, 0.7).picture.mean())
    values = {"shoe": 1.0, "shirt": 0.2, "mixed": mixed, "mean": 0.6, "other_way": 0.3 + 0.7 * 0.2}
    return Computed({name: f"{value:.2f}" for name, value in values.items()})


def _mirrored() -> Computed:
    from aml4d_utils import images
    from aml4d_utils.topics.augmentation.chain import augment

    photo = images.resize(images.centre_square(images.photo("coffee")), 120, 120)
    after = augment(photo, [("flip", 1.0)], draw=0)
    same = float(np.abs(after - photo[:, ::-1]).max())
    gap = np.ones((photo.shape[0], 4, 3))
    pixels = np.uint8(np.round(255 * np.clip(np.concatenate([photo, gap, after], 1), 0, 1)))
    seen = (
        "A cup of coffee on a table, twice. What is on the left of the first picture is on the "
        f"right of the second, to within {same:.2f} of each brightness."
    )
    return Computed(picture=Illustration(pixels, seen))


def _one_step() -> Computed:
    before, epsilon, slope = 0.5, 0.1, -3
    after = float(np.clip(before + epsilon * np.sign(slope), 0, 1))
    values = {"before": before, "epsilon": epsilon, "after": after, "up": before + epsilon}
    values |= {"by_size": before + epsilon * slope}
    return Computed({name: f"{value:.1f}" for name, value in values.items()})


def _adding_up() -> Computed:
    count, level = 224 * 224 * 3, 1 / 255
    values = {"sum": f"{count * level:,.0f}", "one": f"{level:.3f}", "none": "0"}
    return Computed(values | {"count": f"{count:,}"})


MORE = (
    QuizQuestion(
        "steady",
        "Four photos, one row each: the class that is guessed first, unshifted and at three "
        "shifts. {rows}. Which share of the photos is steady?",
        (
            Answer(
                "answers",
                "{answers}",
                "That is the share of the answers. One other guess is enough to make a photo "
                "unsteady.",
            ),
            Answer(
                "shifted",
                "{shifted}",
                "That is the share of the shifted answers that are kept.",
            ),
            Answer(
                "photos",
                "{photos}",
                "Two of four keep their first guess at every shift.",
                right=True,
            ),
        ),
        topic="invariance",
        place="One pixel to the side",
        compute=_steady,
    ),
    QuizQuestion(
        "blurred_row",
        "A row of pixels goes {row}. It is blurred with 1 : 2 : 1, which adds up to 1, and then "
        "every second value is kept. What stands in the middle?",
        (
            Answer(
                "low",
                "{low}",
                "So it is without the blur, if you begin with the first pixel.",
            ),
            Answer(
                "mean",
                "{blurred}",
                "Wherever you begin to count, the same. So a step of one pixel does no harm.",
                right=True,
            ),
            Answer(
                "high",
                "{high}",
                "So it is without the blur, if you begin with the second pixel.",
            ),
        ),
        topic="invariance",
        place="One pixel to the side",
        compute=_blurred_row,
        keep_order=True,
    ),
    QuizQuestion(
        "two_pixels",
        "Mixup lays 70 % of a picture over 30 % of another one. At one place the first has "
        "{shoe}, the second {shirt}. What does the mixed picture have there?",
        (
            Answer(
                "mean",
                "{mean}",
                "That is half and half.",
            ),
            Answer(
                "mixed",
                "{mixed}",
                "0.7 of the first and 0.3 of the second, as in the label.",
                right=True,
            ),
            Answer(
                "other_way",
                "{other_way}",
                "You exchanged the shares.",
            ),
        ),
        topic="augmentation",
        place="Augmentation: one photo, many",
        compute=_two_pixels,
    ),
    QuizQuestion(
        "mirrored",
        "The second picture was made from the first by an augmentation. In which task would it "
        "do harm?",
        (
            Answer(
                "animals",
                "Telling cats from dogs, lying on either side",
                "A mirrored cat is a cat, and the network sees more of them.",
            ),
            Answer(
                "counting",
                "Counting apples on a table, whatever their order",
                "Their number stays in the mirror.",
            ),
            Answer(
                "left_right",
                "Telling left shoes from right ones",
                "A mirror turns one into the other, and the label stays. Half of the labels "
                "would be wrong.",
                right=True,
            ),
        ),
        topic="augmentation",
        place="Where it hurts",
        compute=_mirrored,
    ),
    QuizQuestion(
        "one_step",
        "FGSM may change each value by {epsilon}. A pixel has the value {before}, and there the "
        "loss falls by 3 for each unit of brightness. Which value does the pixel get?",
        (
            Answer(
                "by_size",
                "{by_size}",
                "Only the sign of the slope counts. No value moves further than allowed.",
            ),
            Answer(
                "down",
                "{after}",
                "The loss is to rise, so the pixel gets darker, by all that is allowed.",
                right=True,
            ),
            Answer(
                "up",
                "{up}",
                "That makes the loss smaller: the network would be helped.",
            ),
        ),
        topic="robustness",
        place="A change chosen to hurt",
        compute=_one_step,
        keep_order=True,
    ),
    QuizQuestion(
        "adding_up",
        "A photo has {count} values. An attacker changes each by {one}, which nobody can see. "
        "How far can a sum move in which each value counts +1 or −1?",
        (
            Answer(
                "all",
                "By about {sum}",
                "All changes push the same way. That is how what you cannot see moves an answer.",
                right=True,
            ),
            Answer(
                "one",
                "By {one}, like each of the values",
                "A sum adds up what happens to all of them.",
            ),
            Answer(
                "none",
                "By {none}: so many tiny changes cancel",
                "Random ones nearly do. These are chosen so that none cancels.",
            ),
        ),
        topic="robustness",
        place="A change chosen to hurt",
        compute=_adding_up,
    ),
    QuizQuestion(
        "price",
        "A network was trained on attacked pictures only. How does it do on pictures that "
        "nobody has attacked?",
        (
            Answer(
                "same",
                "Exactly as well, since clean pictures are the easier ones",
                "It has spent part of its few parameters on the attacks.",
            ),
            Answer(
                "better",
                "Clearly better, since it has been through harder training",
                "Your curves say otherwise.",
            ),
            Answer(
                "worse",
                "A little worse than one trained without attacks",
                "Robustness is bought. Read the left end of its curve.",
                right=True,
            ),
        ),
        topic="robustness",
        place="Teach it to withstand",
    ),
    QuizQuestion(
        "beside",
        "A network learned from shifted and turned pictures. Your product's camera is noisy at "
        "night. What do you expect?",
        (
            Answer(
                "robust",
                "It will bear noise too, as it has become robust in general",
                "There is no robustness in general. Noise was not among its lessons.",
            ),
            Answer(
                "measure",
                "Nothing, before it is measured",
                "Augmentation teaches what is varied, and promises nothing beside it.",
                right=True,
            ),
            Answer(
                "broken",
                "It will fail completely, since noise was never in its training",
                "That is not certain either. The plain network has never seen noise, and is "
                "right on part of it.",
            ),
        ),
        topic="robustness",
        place="Where it fails",
    ),
)
