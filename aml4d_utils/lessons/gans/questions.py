"""The quiz of the lesson on generative adversarial networks."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, QuizQuestion
from aml4d_utils.measuring.wording import percent

QUESTIONS = (
    QuizQuestion(
        "learns_from",
        "What does the generator learn from?",
        (
            Answer(
                "real",
                "From the real examples, which it tries to repeat",
                "It never sees one. Only the discriminator does.",
            ),
            Answer(
                "slope",
                "From the slope of the discriminator's answer",
                "It says in which direction an example would be believed more.",
                right=True,
            ),
            Answer(
                "labels",
                "From labels that people gave to its pictures",
                "Nobody labels anything here: which ones are generated is known.",
            ),
        ),
        topic="gans",
        place="Two networks, one plane",
    ),
    QuizQuestion(
        "balance",
        "After a long training the discriminator's loss stays near 1.39. What does that say?",
        (
            Answer(
                "stuck",
                "Something is broken: a loss has to fall to zero in the end",
                "One network's fall is the other one's rise. Zero would mean that D has won.",
            ),
            Answer(
                "copies",
                "The generator has learned the training pictures by heart",
                "A loss cannot tell that. You looked for the nearest training picture instead.",
            ),
            Answer(
                "coin",
                "The discriminator can only toss a coin",
                "It says one half everywhere, and −log ½ twice makes 2 ln 2.",
                right=True,
            ),
        ),
        topic="gans",
        place="Two networks, one plane",
    ),
    QuizQuestion(
        "collapse",
        "A generator of shoes paints the same boot whatever its latent numbers are. The cure?",
        (
            Answer(
                "slower",
                "Let the discriminator keep pace with it",
                "Collapse came when the generator moved five times as often, and went when the "
                "discriminator did so too.",
                right=True,
            ),
            Answer(
                "longer",
                "Let the generator learn longer before the discriminator looks again",
                "That is what causes it: it runs after the one answer that passes just now.",
            ),
            Answer(
                "noise",
                "Give it a larger number of latent numbers to start from",
                "It ignores those that it has. More of them can be ignored too.",
            ),
        ),
        topic="gans",
        place="Mode collapse",
    ),
    QuizQuestion(
        "frechet",
        "Two generators: distance 0.5 measured from 150 pictures, 0.3 measured from 2,000. Which "
        "is better?",
        (
            Answer(
                "second",
                "The second, since a smaller distance is better",
                "Only with equally many pictures. From few, the distance comes out too large.",
            ),
            Answer(
                "unknown",
                "Nobody can say from these two numbers",
                "Measure both with equally many pictures: you saw how much the number changes.",
                right=True,
            ),
            Answer(
                "first",
                "The first, since it needed fewer pictures",
                "The pictures measure it; they do not train it.",
            ),
        ),
        topic="gans",
        place="The doctor",
    ),
    QuizQuestion(
        "between",
        "Half-way on the straight line between two random latent vectors, faces turn flat. Why?",
        (
            Answer(
                "short",
                "The vector is shorter than those that the generator learned with",
                "About 7 in place of 10. Along the sphere the length stays.",
                right=True,
            ),
            Answer(
                "mixed",
                "Two faces are laid over each other like slides",
                "The numbers are mixed, not the pictures. What comes out is one face.",
            ),
            Answer(
                "nobody",
                "The generator only knows the faces at both ends",
                "It knows none by heart: every vector gives a face.",
            ),
        ),
        topic="gans",
        place="A face in a hundred numbers",
    ),
    QuizQuestion(
        "fair",
        "A study shows sharp photographs beside generated faces that are a little blurred. People "
        "get 90 % right. What was measured?",
        (
            Answer(
                "skill",
                "How well people recognise generated faces",
                "Perhaps they recognise blur. Nobody can tell which.",
            ),
            Answer(
                "d_prime",
                "A d′ that is too small, because 90 % are not 100 %",
                "90 % is a large d′. The trouble lies in what the answers go by.",
            ),
            Answer(
                "format",
                "Perhaps the blur only",
                "A classifier that saw only the format got nearly all right before the pictures "
                "were made alike.",
                right=True,
            ),
        ),
        topic="which_face",
        place="Which face is real?",
    ),
)


def _best_answer() -> Computed:
    from aml4d_utils.topics.gan_2d.densities import best_discriminator

    real, generated = 0.3, 0.1
    best = float(best_discriminator(np.array([real]), np.array([generated]))[0])
    values = {"best": best, "ratio": generated / real, "turned": generated / (real + generated)}
    words = {name: f"{value:.2f}" for name, value in values.items()}
    return Computed(words | {"real": str(real), "generated": str(generated)})


def _twenty_faces() -> Computed:
    from aml4d_utils.measuring.intervals import wilson

    ends = {"wide": wilson(13 / 20, 20), "narrow": wilson(0.65, 2000)}
    return Computed({name: f"{percent(a)} to {percent(b)}" for name, (a, b) in ends.items()})


MORE = (
    QuizQuestion(
        "best_answer",
        "At one place real examples have the density {real}, generated ones {generated}. How "
        "sure that an example from there is real is the best discriminator?",
        (
            Answer(
                "share",
                "{best}",
                "The real share of all that comes from there: p / (p + q).",
                right=True,
            ),
            Answer(
                "turned",
                "{turned}",
                "That is the share of the generated ones.",
            ),
            Answer(
                "ratio",
                "{ratio}",
                "That compares the two. A discriminator answers with a share.",
            ),
        ),
        topic="gans",
        place="Two networks, one plane",
        compute=_best_answer,
    ),
    QuizQuestion(
        "turned_round",
        "The lecture calls a generator an inverted CNN. What is turned round?",
        (
            Answer(
                "sizes",
                "It goes from few numbers to many pixels",
                "A classifier's maps shrink from layer to layer. Here they grow, from a narrow "
                "input to a picture.",
                right=True,
            ),
            Answer(
                "weights",
                "It uses the discriminator's weights, from the last to the first",
                "It has weights of its own, and they are learned separately.",
            ),
            Answer(
                "pictures",
                "It is trained with real pictures as its answers, turned into numbers",
                "It never gets a real picture. It only hears what the discriminator says of its "
                "own.",
            ),
        ),
        topic="gans",
        place="A convolutional network turned round",
    ),
    QuizQuestion(
        "people",
        "In 2022 Nightingale and Farid let 315 people judge faces, half of them generated by "
        "StyleGAN2. How many of the answers were right?",
        (
            Answer(
                "half",
                "About 48 %",
                "No better than tossing a coin.",
                right=True,
            ),
            Answer(
                "most",
                "About 70 %",
                "So it may have been with earlier generators. These faces could not be told apart.",
            ),
            Answer(
                "nearly_all",
                "About 95 %",
                "Many people expect to see it. They do not.",
            ),
        ),
        topic="which_face",
        place="Which face is real?",
        keep_order=True,
    ),
    QuizQuestion(
        "twenty_faces",
        "You judge twenty faces, half of them generated, and 13 answers are right. Can you tell "
        "them apart?",
        (
            Answer(
                "yes",
                "Yes: 65 % is more than one half",
                "Whoever only guesses is right 13 times or more in about one of eight such series.",
            ),
            Answer(
                "unsure",
                "Not shown: the interval is {wide}",
                "One half lies inside. Somebody who only guesses may well reach 13.",
                right=True,
            ),
            Answer(
                "narrow",
                "Yes: the interval is {narrow}",
                "That would need some two thousand faces.",
            ),
        ),
        topic="which_face",
        place="Which face is real?",
        compute=_twenty_faces,
    ),
)
