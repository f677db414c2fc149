"""The quiz of the backpropagation lesson."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "silent",
        "The previous neuron's activation is 0 for this example. What does the example want of the "
        "weight from it?",
        (
            Answer(
                "Nothing at all",
                "The wish is in proportion to the previous activation, and 0 times anything is 0.",
                right=True,
            ),
            Answer(
                "A large change, to wake it up", "The weight cannot wake what stands before it."
            ),
            Answer(
                "A change of the same size as the bias", "That holds where the activation is 1."
            ),
        ),
    ),
    QuizQuestion(
        "two_paths",
        "A weight influences the cost along two paths, with derivatives 0.5 and −0.2. What is its "
        "gradient?",
        (
            Answer("0.3", "Where paths meet, their shares add up.", right=True),
            Answer("−0.1", "You multiply along one path; different paths are added."),
            Answer("0.5", "The smaller path counts too."),
        ),
    ),
    QuizQuestion(
        "activations",
        "Backpropagation also finds how the previous activations should change. What becomes of "
        "that wish?",
        (
            Answer("The activations are overwritten", "They are results; nobody can set them."),
            Answer(
                "It goes back to the layer before, as its wish",
                "So the same step repeats, layer by layer, down to the pixels.",
                right=True,
            ),
            Answer("It is thrown away", "Then no layer but the last would learn."),
        ),
    ),
    QuizQuestion(
        "stochastic",
        "What is stochastic about stochastic gradient descent?",
        (
            Answer(
                "The weights start at random", "They do, but plain gradient descent does so too."
            ),
            Answer(
                "Each step follows a batch drawn from the shuffled data, not all of them",
                "The mean over a batch estimates the gradient, and differs by chance.",
                right=True,
            ),
            Answer("The learning rate is random", "It is chosen, by you."),
        ),
    ),
    QuizQuestion(
        "mean",
        "In the nudges table, a row says +0.4, −0.3, +0.1, −0.2. What happens to this weight in a "
        "step with learning rate 1?",
        (
            Answer("It stays", "The four add up to 0, and so does their mean.", right=True),
            Answer("It grows by 0.4", "No single example decides; the mean does."),
            Answer("It grows by 1", "That would be the sum of the sizes, without their signs."),
        ),
    ),
    QuizQuestion(
        "noise",
        "Three labels in ten are wrong, at random. What did your measurement say?",
        (
            Answer("The network cannot learn any more", "It took far more than that to break it."),
            Answer(
                "It learns nearly as well",
                "Random wishes point in all directions and cancel in the mean. Mistakes with a "
                "system would not.",
                right=True,
            ),
            Answer("It learns better", "The true labels alone did a little better."),
        ),
    ),
)
