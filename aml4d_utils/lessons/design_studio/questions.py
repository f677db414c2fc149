"""The quiz of the lesson on the design studio."""

from __future__ import annotations

from aml4d_utils.checking import Answer, Computed, QuizQuestion
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.measuring.wording import percent


def _all_right() -> Computed:
    low, _ = wilson(1.0, 10)
    return Computed(
        {"things": "10", "low": percent(low), "all": percent(1.0), "nine": percent(0.9)}
    )


def _frames() -> Computed:
    things, frames = 12, 25
    return Computed({"things": f"{things}", "frames": f"{frames}", "photos": f"{things * frames}"})


QUESTIONS = (
    QuizQuestion(
        "left_out",
        "Liang and colleagues read 32,111 model cards. Which part was filled in most often?",
        (
            Answer(
                "limits",
                "Limitations: makers know best where their models fail",
                "They may know, but limitations are among the parts that are filled in least.",
            ),
            Answer(
                "training",
                "Training: how the model was made",
                "Makers write about what they have done. What a user needs, limits and evaluation, "
                "is missing most often.",
                right=True,
            ),
            Answer(
                "environment",
                "Environmental impact, since it is only one number to write down",
                "It is the part that is filled in least, together with limitations and evaluation.",
            ),
        ),
        topic="studio",
        place="What cards leave out",
    ),
    QuizQuestion(
        "all_right",
        "A model is right about {things} of {things} things. What may you promise?",
        (
            Answer(
                "nothing_wrong",
                "{all}, because nothing was wrong",
                "Nothing was wrong so far. A model that is right nine times of ten often shows ten "
                "right answers in a row.",
            ),
            Answer(
                "nine",
                "{nine}, to be on the safe side",
                "A guess of safety is no measurement. The interval reaches further down.",
            ),
            Answer(
                "low",
                "{low}, the lower end of the interval",
                "So far down go the shares that fit with ten right answers.",
                right=True,
            ),
        ),
        topic="studio",
        place="The data plan",
        compute=_all_right,
    ),
    QuizQuestion(
        "frames",
        "You tested with {frames} frames each of {things} mugs. Which n belongs beside the share?",
        (
            Answer(
                "things",
                "{things}",
                "The frames of a mug are nearly one photo. What was drawn by chance are mugs.",
                right=True,
            ),
            Answer(
                "frames",
                "{frames}",
                "So many frames has each mug. It says nothing of how many mugs were tried.",
            ),
            Answer(
                "photos",
                "{photos}",
                "That makes the interval much too narrow: frames of one mug are right or wrong "
                "together.",
            ),
        ),
        topic="studio",
        place="Explore: how many things must be tested?",
        compute=_frames,
        keep_order=True,
    ),
    QuizQuestion(
        "stale",
        "You taught the model again with three better photos. Your card says 87 %. What now?",
        (
            Answer(
                "better",
                "It stays: with better photos the share can only rise",
                "It often rises. Nobody has measured whether it did.",
            ),
            Answer(
                "test",
                "It stays, because the sealed test is the same",
                "The test is the same, the model is another. A number belongs to both.",
            ),
            Answer(
                "again",
                "It is out of date until you measure again",
                "A number belongs to one model: the card keeps a fingerprint with each.",
                right=True,
            ),
        ),
        topic="studio",
        place="The card",
    ),
    QuizQuestion(
        "rule",
        "Why does a rule choose the photos of the failure gallery?",
        (
            Answer(
                "prettify",
                "So that nobody can leave out what looks bad",
                "Who chooses by hand takes what is easily explained, or what is funny.",
                right=True,
            ),
            Answer(
                "quicker",
                "Because a program is quicker at it than a person with many photos",
                "That is so, but speed is not why. Somebody could look through thirty photos.",
            ),
            Answer(
                "average",
                "So that the gallery shows how good the model is on average",
                "It shows the worst. The average stands in the sentences, with its interval.",
            ),
        ),
        topic="studio",
        place="Failures, chosen by a rule",
    ),
    QuizQuestion(
        "seal",
        "Of forty models you keep the one that does best on your sealed test. What does its card "
        "promise?",
        (
            Answer(
                "honest",
                "What it holds, because none of the models learned from the test",
                "None learned from it, but you chose by it. The best of many is also the luckiest.",
            ),
            Answer(
                "too_much",
                "Too much: it was chosen by the test that it is judged by",
                "Choose by other photos. Then open the seal once.",
                right=True,
            ),
            Answer(
                "interval",
                "What it holds, because the interval takes care of luck",
                "The interval speaks of one model and one test. It does not know of the other "
                "thirty-nine.",
            ),
        ),
        topic="studio",
        place="Where it fails",
    ),
)


def _overlap() -> Computed:
    def words(right: int) -> str:
        low, high = wilson(right / 30, 30)
        return f"{percent(low)} to {percent(high)}"

    return Computed({"plain": words(26), "dim": words(22), "dark": words(9)})


def _goal() -> Computed:
    low, high = wilson(0.8, 30)
    return Computed({"low": percent(low), "high": percent(high), "goal": percent(0.75)})


MORE = (
    QuizQuestion(
        "verdict",
        "The brief asks for {goal}. Your interval goes from {low} to {high}. What can be said?",
        (
            Answer(
                "promise",
                "The goal is reached",
                "The middle reaches it. The true share may still lie below.",
            ),
            Answer(
                "warn",
                "The goal is missed",
                "It may be missed, and it may be reached: the interval holds both.",
            ),
            Answer(
                "open",
                "It cannot be said: test with more things",
                "The goal lies within the interval, so this test is too small for this question.",
                right=True,
            ),
        ),
        topic="studio",
        place="Seal, teach, measure",
        compute=_goal,
    ),
    QuizQuestion(
        "overlap",
        "Right answers by condition, with intervals: as it is {plain}, dim {dim}, dark {dark}. "
        "Which condition certainly costs something?",
        (
            Answer(
                "dark",
                "The dark one alone",
                "Its interval lies wholly below that of the pictures as they are.",
                right=True,
            ),
            Answer(
                "both",
                "Both, since both shares are smaller",
                "Those of the dim one overlap with those as it is: chance may have made the step.",
            ),
            Answer(
                "none",
                "None, since thirty things are too few for anything",
                "Thirty things are few. For a difference as large as this one they are enough.",
            ),
        ),
        topic="studio",
        place="Seal, teach, measure",
        compute=_overlap,
    ),
    QuizQuestion(
        "bundle",
        "Somebody sends you a model and its card. Why does the program read numbers and text only, "
        "and no pickled model?",
        (
            Answer(
                "smaller",
                "They take less room on the disk",
                "They may take as much. Room is not the reason.",
            ),
            Answer(
                "program",
                "Because a pickle may hold a program, which runs when it is opened",
                "Numbers cannot do anything. Even so they are checked before they are used.",
                right=True,
            ),
            Answer(
                "exact",
                "Because the numbers in a pickle would be rounded",
                "A pickle keeps every digit. It can also keep commands.",
            ),
        ),
        topic="studio",
        place="The peer round",
    ),
    QuizQuestion(
        "brief",
        "Why does a brief say what the model is not for?",
        (
            Answer(
                "law",
                "So that the maker is not to blame, whatever happens to anybody afterwards",
                "A sentence takes no harm away, and no duty.",
            ),
            Answer(
                "users",
                "Because it will be used where it was never measured",
                "A model answers whatever it is shown. Its card says where its numbers end.",
                right=True,
            ),
            Answer(
                "shorter",
                "Because the list of what it is for would be too long",
                "What it is for has to stand there as well, in the same section.",
            ),
        ),
        topic="studio",
        place="The brief",
    ),
)
