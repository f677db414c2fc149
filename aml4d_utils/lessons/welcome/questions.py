"""The quiz of lesson 00."""

from __future__ import annotations

from aml4d_utils.checking import Answer, Computed, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "numbers",
        "What is a colour photo to a machine?",
        (
            Answer(
                "three_per_pixel",
                "Three numbers for each pixel",
                "Red, green and blue. All that the course does begins with them.",
                right=True,
            ),
            Answer(
                "things",
                "A list of the things that can be seen in it",
                "That is what we want to get out of the numbers.",
                formerly="A list of the things in it",
            ),
            Answer("one_per_pixel", "One number for each pixel", "That would be a grey photo."),
        ),
        topic="course",
        place="Predict, run, explain",
    ),
    QuizQuestion(
        "predict",
        "Why do you guess before you run a cell?",
        (
            Answer(
                "points", "To get points", "Nothing is graded, and nobody else sees your guesses."
            ),
            Answer(
                "belief",
                "A guess shows you what you believed",
                "When the run differs, you know which idea to change.",
                right=True,
            ),
            Answer(
                "must",
                "The cell does not run before you have guessed",
                "It does. The guess is for you.",
                formerly="The cell does not run otherwise",
            ),
        ),
        topic="course",
        place="Predict, run, explain",
    ),
    QuizQuestion(
        "check",
        "Your function is right, but differs from the solution. What does the check say?",
        (
            Answer(
                "correct", "Correct", "It looks at what the function returns, not how.", right=True
            ),
            Answer("not_yet", "Not yet", "Only a different result is wrong."),
            Answer("not_done", "Not done yet", "That is for a body that is still empty."),
        ),
        topic="course",
        place="Exercises",
    ),
    QuizQuestion(
        "privacy",
        "Where does your own photo go?",
        (
            Answer(
                "server",
                "To a server that computes",
                "There is none: everything runs on this machine.",
            ),
            Answer(
                "this_machine",
                "It stays on this machine",
                "In the course's own folder. You can take it back at any time.",
                right=True,
            ),
            Answer("teacher", "To your teacher", "Only if you send it yourself."),
        ),
        topic="course",
        place="Choose your photo",
    ),
)


def _cat() -> Computed:
    from aml4d_utils import images

    height, width, channels = images.photo("chelsea").shape
    values = {"height": height, "width": width, "numbers": height * width * channels}
    values |= {"pixels": height * width, "sides": (height + width) * channels}
    return Computed({name: f"{value:,}" for name, value in values.items()})


def _no_contrast() -> Computed:
    from aml4d_utils import images
    from aml4d_utils.topics.welcome.light import relight

    flat = relight(images.photo("chelsea"), contrast=0).image
    return Computed({"all": f"{flat.mean():.1f}", "black": "0.0"})


MORE = (
    QuizQuestion(
        "cat",
        "Chelsea the cat is {width} pixels wide and {height} high, in colour. How many numbers "
        "does a machine get?",
        (
            Answer(
                "all",
                "{numbers}",
                "Width times height pixels, and three numbers for each of them.",
                right=True,
            ),
            Answer(
                "grey",
                "{pixels}",
                "So many pixels. Each of them has three numbers: red, green and blue.",
            ),
            Answer(
                "sides",
                "{sides}",
                "You added the two sides. Pixels fill the area between them.",
            ),
        ),
        topic="course",
        place="Predict, run, explain",
        compute=_cat,
    ),
    QuizQuestion(
        "contrast",
        "You turn the contrast of a photo to 0, and leave its brightness. Which numbers does it "
        "consist of now?",
        (
            Answer(
                "middle",
                "All are {all}, an even grey",
                "Contrast multiplies the distance from the middle grey, and 0 times any "
                "distance is none.",
                right=True,
            ),
            Answer(
                "black",
                "All are {black}, black",
                "That takes brightness away as well. Contrast 0 brings all values to the middle.",
            ),
            Answer(
                "as_before",
                "They are as before, only the colours are gone",
                "Without colours there would still be light and dark. Here nothing is left.",
            ),
        ),
        topic="course",
        place="Explore",
        compute=_no_contrast,
    ),
    QuizQuestion(
        "restart",
        "You have restarted the kernel and run a cell in the middle of a lesson. It says that a "
        "name has no value yet. What helps?",
        (
            Answer(
                "install",
                "Install the course once more, since something is missing",
                "Nothing is missing on the disk. Only the kernel's memory is empty.",
            ),
            Answer(
                "wait",
                "Wait, until the kernel has found the name again by itself",
                "A kernel does only what a cell tells it to do.",
            ),
            Answer(
                "run_above",
                "Run the cells above it first",
                "Names live in the kernel's memory, and a restart empties it. The message says "
                "which cell is missing.",
                right=True,
            ),
        ),
        topic="course",
        place="Where it fails",
    ),
)
