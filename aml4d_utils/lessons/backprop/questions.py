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
                "nothing",
                "Nothing at all",
                "The wish is in proportion to the previous activation, and 0 times anything is 0.",
                right=True,
            ),
            Answer(
                "wake_up",
                "A large change, to wake it up",
                "The weight cannot wake what stands before it.",
            ),
            Answer(
                "like_bias",
                "A change of the same size as the bias",
                "That holds where the activation is 1.",
            ),
        ),
    ),
    QuizQuestion(
        "two_paths",
        "A weight influences the cost along two paths, with derivatives 0.5 and −0.2. What is its "
        "gradient?",
        (
            Answer("sum", "0.3", "Where paths meet, their shares add up.", right=True),
            Answer("product", "−0.1", "You multiply along one path; different paths are added."),
            Answer("larger", "0.5", "The smaller path counts too."),
        ),
    ),
    QuizQuestion(
        "activations",
        "Backpropagation also finds how the previous activations should change. What becomes of "
        "that wish?",
        (
            Answer(
                "overwritten",
                "The activations are overwritten",
                "They are results; nobody can set them.",
            ),
            Answer(
                "passed_back",
                "It goes back to the layer before, as its wish",
                "So the same step repeats, layer by layer, down to the pixels.",
                right=True,
            ),
            Answer("thrown_away", "It is thrown away", "Then no layer but the last would learn."),
        ),
    ),
    QuizQuestion(
        "stochastic",
        "What is stochastic about stochastic gradient descent?",
        (
            Answer(
                "random_start",
                "The weights start at random",
                "They do, but plain gradient descent does so too.",
            ),
            Answer(
                "shuffled_batch",
                "Each step follows a batch drawn from the shuffled data, not all of them",
                "The mean over a batch estimates the gradient, and differs by chance.",
                right=True,
            ),
            Answer("random_rate", "The learning rate is random", "It is chosen, by you."),
        ),
    ),
    QuizQuestion(
        "mean",
        "In the nudges table, a row says +0.4, −0.3, +0.1, −0.2. What happens to this weight in a "
        "step with learning rate 1?",
        (
            Answer(
                "stays", "It stays", "The four add up to 0, and so does their mean.", right=True
            ),
            Answer("largest", "It grows by 0.4", "No single example decides; the mean does."),
            Answer(
                "sizes", "It grows by 1", "That would be the sum of the sizes, without their signs."
            ),
        ),
    ),
    QuizQuestion(
        "noise",
        "Three labels in ten are wrong, at random. What did your measurement say?",
        (
            Answer(
                "stops",
                "The network cannot learn any more",
                "It took far more than that to break it.",
            ),
            Answer(
                "nearly_as_well",
                "It learns nearly as well",
                "Random wishes point in all directions and cancel in the mean. Mistakes with a "
                "system would not.",
                right=True,
            ),
            Answer("better", "It learns better", "The true labels alone did a little better."),
        ),
    ),
)
