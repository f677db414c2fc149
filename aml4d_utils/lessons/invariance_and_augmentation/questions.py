"""The quiz of the lesson on invariance and augmentation."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

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
                "PGD may change the picture more",
                "Both stay within the same epsilon.",
            ),
            Answer(
                "faster",
                "PGD is faster",
                "It takes as many looks at the slope as it has steps.",
            ),
        ),
    ),
    QuizQuestion(
        "when",
        "When does augmentation help most?",
        (
            Answer(
                "many",
                "With very many training pictures",
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
                "Each row gained most in the test that varies in the same way.",
                right=True,
            ),
        ),
    ),
)
