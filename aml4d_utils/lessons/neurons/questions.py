"""The quiz of the lesson from neuron to network."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "neuron",
        "What does a neuron with sigmoid activation compute?",
        (
            Answer(
                "curve_after_sum",
                "σ(w₀a₀ + w₁a₁ + … + b)",
                "Products, their sum, the bias, and then the curve.",
                right=True,
            ),
            Answer(
                "curve_on_each", "σ(w₀a₀) + σ(w₁a₁) + … + b", "The curve comes once, after the sum."
            ),
            Answer(
                "no_curve",
                "w₀a₀ + w₁a₁ + … + b",
                "That is the weighted sum; the activation is missing.",
            ),
        ),
    ),
    QuizQuestion(
        "bias",
        "What does a neuron's bias do?",
        (
            Answer("stronger", "It makes each input stronger", "That is what weights do."),
            Answer(
                "moves_threshold",
                "It moves the point from which the neuron becomes active",
                "In the plane it shifted the line without turning it.",
                right=True,
            ),
            Answer(
                "keeps_range", "It stops the output from leaving 0 to 1", "The sigmoid does that."
            ),
        ),
    ),
    QuizQuestion(
        "saturation",
        "A sigmoid neuron has the sum z = 9. A small change of a weight should help. What happens?",
        (
            Answer(
                "jumps", "The output jumps", "At 9 the curve is flat: its slope is about 0.0001."
            ),
            Answer(
                "saturated",
                "Almost nothing: the neuron is saturated",
                "A slope near zero hides the change. ReLU would pass it on.",
                right=True,
            ),
            Answer("negative", "The output becomes negative", "A sigmoid stays between 0 and 1."),
        ),
    ),
    QuizQuestion(
        "leaky",
        "How does the leaky ReLU max(0.1x, x) differ from ReLU?",
        (
            Answer("saturates", "It saturates for large x", "Above zero both have the slope 1."),
            Answer(
                "slope_below_zero",
                "It keeps a slope of 0.1 below zero",
                "So a neuron with a negative sum can still learn.",
                right=True,
            ),
            Answer(
                "smooth",
                "It is smooth at zero",
                "It has a kink there, as ReLU has. ELU bends smoothly.",
            ),
        ),
    ),
    QuizQuestion(
        "separate",
        "Two classes lie in a plane, one of them in a band between two parts of the other. What "
        "separates them?",
        (
            Answer(
                "one_neuron",
                "One neuron with the right weights",
                "One neuron draws one straight line.",
            ),
            Answer(
                "hidden_layer",
                "A layer with two or more hidden neurons",
                "Each draws a line; the output neuron combines them.",
                right=True,
            ),
            Answer(
                "nothing", "Nothing: such classes cannot be separated", "You watched a layer do it."
            ),
        ),
    ),
    QuizQuestion(
        "stranger",
        "You show the digit network a photo of a cat, and one output is 0.9. What does that mean?",
        (
            Answer(
                "looks_alike",
                "The cat looks like that digit to people too",
                "Compare the two pictures.",
            ),
            Answer(
                "certain",
                "It is 90 % certain that there is a digit",
                "No output was trained to say so.",
            ),
            Answer(
                "little",
                "Little: it learned ten answers, and none of them is “no digit”",
                "A network cannot know what it was never taught to tell apart.",
                right=True,
            ),
        ),
    ),
)
