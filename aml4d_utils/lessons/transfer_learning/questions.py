"""The quiz of the lesson on transfer learning."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, QuizQuestion
from aml4d_utils.measuring.wording import percent

QUESTIONS = (
    QuizQuestion(
        "idea",
        "What is transferred in transfer learning?",
        (
            Answer(
                "photos",
                "The million photos with which the network was trained, one by one",
                "They stay where they were. Nobody who uses the network needs them.",
            ),
            Answer(
                "features",
                "The trained body, whose features then serve another task",
                "Only the last layer, the head, has to be new. That is why a handful of photos is "
                "enough.",
                right=True,
            ),
            Answer(
                "labels",
                "The names of its thousand classes, of which yours are a part",
                "They are thrown away with the old head.",
            ),
        ),
        topic="transfer",
        place="Thirty photos",
    ),
    QuizQuestion(
        "when",
        "Which project gains most from a network trained on photos of things?",
        (
            Answer(
                "products",
                "Ten photos each of five products on a shelf",
                "The same kind of data and a similar task: this is where you measured the largest "
                "gain.",
                right=True,
            ),
            Answer(
                "sensor",
                "A table of readings from a pressure mat, shuffled into pictures",
                "Scrambled pixels have no edges and no parts. You saw what is left: hardly more "
                "than raw pixels give.",
            ),
            Answer(
                "many",
                "A million labelled photos of the very same products",
                "Then training from scratch has what it needs. Transfer helps most where data are "
                "few.",
            ),
        ),
        topic="transfer",
        place="How far does it reach?",
    ),
    QuizQuestion(
        "controls",
        "Frozen features reach 85 %. Why measure features of an untrained network as well?",
        (
            Answer(
                "quicker",
                "They might be quicker to compute and nearly as good in the end",
                "It is the same architecture: they take as long.",
            ),
            Answer(
                "share",
                "To know how much of it comes from the training",
                "Without a control, a large number says nothing about its cause: the task may be "
                "easy.",
                right=True,
            ),
            Answer(
                "average",
                "To take the mean of both, which is steadier than each",
                "A mean would answer no question.",
            ),
        ),
        topic="transfer",
        place="Thirty photos",
    ),
    QuizQuestion(
        "frozen",
        "All parameters have requires_grad = False. The answers still change while the head "
        "trains. Why?",
        (
            Answer(
                "optimiser",
                "The optimiser ignores requires_grad for layers that have no bias",
                "It never got those parameters. You compared them bit by bit.",
            ),
            Answer(
                "rounding",
                "Rounding errors add up over the many layers of the body",
                "The features turned by many degrees; no rounding does that.",
            ),
            Answer(
                "batchnorm",
                "BatchNorm in training mode goes on counting",
                "Running means and variances are no parameters and need no gradient. Only eval() "
                "stops them.",
                right=True,
            ),
        ),
        topic="transfer",
        place="Frozen, or so you think",
    ),
    QuizQuestion(
        "burst",
        "You film a mug for ten seconds and divide the frames at random into training and test. "
        "What does the test tell you?",
        (
            Answer(
                "too_good",
                "Too much good: test frames have near-copies in the training",
                "Keep each burst on one side. The number falls, and it is the one that a new photo "
                "will meet.",
                right=True,
            ),
            Answer(
                "fair",
                "How good the network is, because no frame is in both",
                "No frame, but its neighbour a thirtieth of a second later.",
            ),
            Answer(
                "too_bad",
                "Too little, because frames are blurred",
                "Blurred or not, their neighbours have been learned from.",
            ),
        ),
        topic="transfer",
        place="Teach it yourself",
    ),
    QuizQuestion(
        "background",
        "Every photo of class A was taken in the kitchen, every one of class B in the studio. What "
        "may the network have learned?",
        (
            Answer(
                "things",
                "The things, because they are in the middle",
                "Nothing tells it to look in the middle. Whatever separates the classes will do.",
            ),
            Answer(
                "nothing",
                "Nothing, because two different rooms confuse it too much",
                "On the usual ground it was nearly always right. That is the trap.",
            ),
            Answer(
                "rooms",
                "The rooms: they separate the classes as well as the things do",
                "Swap the rooms and see. Photos of both classes in both rooms mend it.",
                right=True,
            ),
        ),
        topic="transfer",
        place="Where it fails",
    ),
)


def _head() -> Computed:
    features, classes = 1280, 6
    values = {"features": features, "all": (features + 1) * classes}
    values |= {"weights": features * classes, "one": features + 1}
    return Computed({name: f"{value:,}" for name, value in values.items()} | {"classes": "6"})


def _balanced() -> Computed:
    from aml4d_utils.topics.transfer.linear_heads import balanced_accuracy

    labels = np.repeat([0, 1], (90, 10))
    answers = np.zeros_like(labels)
    values = {"balanced": balanced_accuracy(answers, labels), "plain": (answers == labels).mean()}
    return Computed({name: percent(value) for name, value in (values | {"none": 0.0}).items()})


MORE = (
    QuizQuestion(
        "head",
        "A frozen body makes {features} numbers of each photo. Its new head tells {classes} "
        "classes apart. How many parameters are learned?",
        (
            Answer(
                "head",
                "{all}",
                "A weight for each number and a bias, for each class. The body learns nothing "
                "any more.",
                right=True,
            ),
            Answer(
                "no_bias",
                "{weights}",
                "The weights are counted. Each class has a bias as well.",
            ),
            Answer(
                "one_class",
                "{one}",
                "That is enough for one class. Each of them has weights of its own.",
            ),
        ),
        topic="transfer",
        place="Thirty photos",
        compute=_head,
    ),
    QuizQuestion(
        "balanced",
        "Of 100 test photos 90 show mugs and 10 show lamps. A classifier says mug each time. "
        "What is its balanced accuracy, the mean over both classes?",
        (
            Answer(
                "none",
                "{none}",
                "The mugs it names rightly, each of them.",
            ),
            Answer(
                "mean",
                "{balanced}",
                "All mugs and no lamps: as good as tossing a coin between two classes.",
                right=True,
            ),
            Answer(
                "plain",
                "{plain}",
                "So many of its answers are right, and yet it knows no lamp.",
            ),
        ),
        topic="transfer",
        place="Explore: how many labels?",
        compute=_balanced,
        keep_order=True,
    ),
    QuizQuestion(
        "social",
        "The lecture asks for the same data. Which photos come nearest to those that the "
        "network was trained with?",
        (
            Answer(
                "drawings",
                "Line drawings of your products, made by the same designer",
                "The things are the same, the data are not: drawings have no surfaces and no "
                "light.",
            ),
            Answer(
                "tables",
                "Readings of a pressure mat, stored as pictures of the same size",
                "They have the form of a picture only. What its features look for is not in them.",
            ),
            Answer(
                "photos",
                "Photos of your products, taken with a phone",
                "Photos of things, as its training photos were. A little blur and compression "
                "cost little.",
                right=True,
            ),
        ),
        topic="transfer",
        place="How far does it reach?",
    ),
)
