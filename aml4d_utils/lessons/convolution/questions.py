"""The quiz of the convolution lesson."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "sharing",
        "You double the height and width of the photo. How many more weights does a convolution "
        "layer need?",
        (
            Answer(
                "none",
                "None",
                "One kernel is shared by all places, however many there are.",
                right=True,
            ),
            Answer(
                "double",
                "Twice as many",
                "That would be one weight per row. The kernel keeps its size.",
            ),
            Answer("fourfold", "Four times as many", "That is how a dense layer's input grows."),
        ),
    ),
    QuizQuestion(
        "laplacian",
        "The Laplacian 0 −1 0 / −1 4 −1 / 0 −1 0 lies on an evenly grey wall. What is its answer?",
        (
            Answer("zero", "Zero", "4 times the grey, minus 4 times the same grey.", right=True),
            Answer(
                "grey",
                "The wall's grey",
                "A kernel whose weights add up to 1 would do that: a blur.",
            ),
            Answer(
                "four_greys", "Four times the grey", "The four neighbours are subtracted again."
            ),
        ),
    ),
    QuizQuestion(
        "learned",
        "Where do the weights of a CNN's kernels come from?",
        (
            Answer(
                "engineer", "An engineer chooses them", "That was the time of Sobel, SIFT and HOG."
            ),
            Answer(
                "learned",
                "They start at random and are learned",
                "You watched noise turn into edge and texture kernels during the training.",
                right=True,
            ),
            Answer(
                "cut_out",
                "They are cut out of the training photos",
                "No pixel is copied into a kernel.",
            ),
        ),
    ),
    QuizQuestion(
        "equivariance",
        "A photo moves 10 pixels to the right. What happens to the feature map of a convolution "
        "with stride 1?",
        (
            Answer("nothing", "Nothing", "Then nobody could tell where the edge is."),
            Answer(
                "moves",
                "It moves 10 pixels to the right",
                "Same kernel everywhere: the answer moves along. This is equivariance.",
                right=True,
            ),
            Answer("blurs", "It blurs", "The kernel has not changed, and so its answers have not."),
        ),
    ),
    QuizQuestion(
        "local",
        "Within one 3 × 3 layer, which pixels can change a cell of the feature map?",
        (
            Answer("all", "All pixels of the photo", "That is a dense layer."),
            Answer(
                "window",
                "The 9 pixels under the kernel",
                "All else is out of its reach.",
                right=True,
            ),
            Answer(
                "row_and_column",
                "The pixels in its row and column",
                "The window is a square; rows and columns play no special part.",
            ),
        ),
    ),
    QuizQuestion(
        "invariance",
        "A CNN names a cat wherever it sits in the photo. Does it also name the cat when the photo "
        "stands on its head?",
        (
            Answer(
                "not_reliably",
                "Not reliably",
                "Nothing in a convolution turns with the photo. You measured how far it fell.",
                right=True,
            ),
            Answer(
                "everything",
                "Yes, convolution is invariant to everything",
                "It handles shifts, nothing else.",
            ),
            Answer(
                "pooling",
                "Yes, because of pooling",
                "Pooling forgives small shifts, no large turns.",
            ),
        ),
    ),
)
