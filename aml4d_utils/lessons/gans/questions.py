"""The quiz of the lesson on generative adversarial networks."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

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
    ),
)
