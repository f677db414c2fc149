"""The quiz of the lesson on why vision is hard."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, Illustration, QuizQuestion
from aml4d_utils.measuring.wording import percent

QUESTIONS = (
    QuizQuestion(
        "which_one",
        "The same chair, photographed from its left and from above. Which challenge is this?",
        (
            Answer(
                "variation",
                "Intra-class variation",
                "That would be another chair. Here it is the same one.",
            ),
            Answer(
                "viewpoint",
                "Viewpoint variation",
                "The thing stays as it is, the camera moves, and nearly every pixel of it changes.",
                right=True,
            ),
            Answer(
                "deformation",
                "Deformation",
                "Nothing about the chair bends; only the camera has moved.",
            ),
        ),
        topic="viewpoint",
        place="Seven challenges",
    ),
    QuizQuestion(
        "variation",
        "A bar stool, a wing chair and a beanbag: why is intra-class variation hard?",
        (
            Answer(
                "one_word",
                "One word stands for things that hardly share an outline",
                "What unites chairs is their use, and a picture does not show use.",
                right=True,
            ),
            Answer(
                "small",
                "They are too small in the picture",
                "That is scale. Every chair on the wall filled its frame.",
            ),
            Answer(
                "hidden",
                "Other things in the room stand before them and hide a part",
                "That is occlusion. On the wall each chair stood alone.",
            ),
        ),
        topic="variation",
        place="One word, many chairs",
    ),
    QuizQuestion(
        "strange_poses",
        "What did Alcorn and colleagues show in 2019 with rendered things in strange poses?",
        (
            Answer(
                "drawings",
                "Networks cannot read rendered pictures at all",
                "In their usual poses the rendered things are read well. You saw it here too.",
            ),
            Answer(
                "known_things",
                "Networks misread well-known things in most poses, though nothing about the things "
                "is new",
                "Only the pose is unusual. The training photos hardly held such poses.",
                right=True,
            ),
            Answer(
                "people",
                "People misread these pictures as often",
                "Most of them are easy for people: that is why they are worth showing.",
            ),
        ),
        topic="strange_poses",
        place="The map of all poses",
    ),
    QuizQuestion(
        "transfer",
        "Many poses that fool one network also fool another. What follows for a safe product?",
        (
            Answer(
                "ask_two",
                "Ask two networks at once: as soon as they differ, you know that one errs",
                "They often fail at the same poses, and then they may both be sure.",
            ),
            Answer(
                "random",
                "Errors are chance; the next network will be right",
                "Chance would not hit the same poses twice.",
            ),
            Answer(
                "shared",
                "Networks share blind spots: a second one is no independent witness",
                "They learned from the same kind of photos, so they miss the same views.",
                right=True,
            ),
        ),
        topic="strange_poses",
        place="Do they fail together?",
    ),
    QuizQuestion(
        "texture",
        "A teddy bear's outline is filled with a zebra's skin. What does a typical CNN go by?",
        (
            Answer(
                "shape",
                "Nearly always by the outline, as people do",
                "People do, in about 96 of 100 decisions (Geirhos 2019). CNNs do not.",
            ),
            Answer(
                "texture",
                "Far more often by the skin than people do",
                "Compare your own count with the 96 of 100 that people decide by shape.",
                right=True,
            ),
            Answer(
                "both",
                "It answers with both and says so",
                "A classifier must divide one probability of 1; it cannot say that cues disagree.",
            ),
        ),
        topic="variation",
        place="Texture against shape",
    ),
    QuizQuestion(
        "cat",
        "Which two challenges make the cat of Parkhi and colleagues (2011) hard to find?",
        (
            Answer(
                "deformable",
                "It bends into almost any outline, and is often cut off by the picture's edge",
                "Deformation and truncation. Their answer was to find the head first: it bends "
                "least.",
                right=True,
            ),
            Answer(
                "scale_light",
                "It is small, and lives in the dark",
                "Scale and light are hard too, but the paper is about bodies that bend.",
            ),
            Answer(
                "clutter",
                "It looks like the carpet",
                "Clutter happens, but it is not what the paper is about.",
            ),
        ),
        topic="deformation",
        place="Seven challenges",
    ),
)


def _distance() -> Computed:
    focal_length = 208 / np.tan(np.radians(30))
    near, far = (focal_length * 1.1 / metres for metres in (2, 8))
    values = {"near": near, "far": far, "halved": near / 2, "as_area": near * (far / near) ** 2}
    return Computed({name: f"{value:.0f}" for name, value in values.items()})


def _beside(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return two pictures (S, S, 3) in [0, 1] side by side, white between them, uint8."""
    gap = np.ones((before.shape[0], 8, 3))
    return np.uint8(np.round(255 * np.concatenate([before, gap, after], axis=1)))


def _cut_off() -> Computed:
    from aml4d_utils.topics.challenges.bench import challenge
    from aml4d_utils.topics.challenges.subjects import subject

    zebra = subject("zebra")
    before, after = (challenge(zebra, "truncation", share).picture for share in (0, 0.6))
    left = (np.abs(after - 0.5) > 0.02).sum() / (np.abs(before - 0.5) > 0.02).sum()
    seen = (
        "Two squares on plain grey. In the left one a whole zebra. In the right one only its hind "
        f"part, {percent(left)} of it, begins at the very edge of the square."
    )
    return Computed(picture=Illustration(_beside(before, after), seen))


def _dark() -> Computed:
    from aml4d_utils.topics.challenges.bench import challenge
    from aml4d_utils.topics.challenges.subjects import subject

    bear = subject("brown bear")
    before, after = (challenge(bear, "illumination", share).picture for share in (0, 0.8))
    seen = (
        "The same bear twice, in the same place and size. The mean of the left square's numbers is "
        f"{before.mean():.2f}, of the right one's {after.mean():.2f}; its outline is the same."
    )
    return Computed(picture=Illustration(_beside(before, after), seen))


def _power() -> Computed:
    from aml4d_utils.topics.challenges.bench import darken

    before = 0.5
    after = float(darken(np.array([before]), 2)[0])
    values = {"before": before, "after": after, "doubled": before * 2}
    return Computed({name: f"{value:g}" for name, value in values.items()})


def _half_the_light() -> Computed:
    from aml4d_utils import images

    photo = images.as_uint8(images.photo("coffee"))
    changed = float((photo // 2 != photo).mean())
    dark = float((photo < 64).mean())
    return Computed({"changed": percent(changed), "dark": percent(dark), "none": "0 %"})


def _ten_chairs() -> Computed:
    from aml4d_utils.measuring.intervals import wilson

    ends = {"wide": wilson(0.7, 10), "narrow": wilson(0.7, 1000)}
    return Computed({name: f"{percent(a)} to {percent(b)}" for name, (a, b) in ends.items()})


def _transfer() -> Computed:
    first = np.arange(20) < 12
    other = (np.arange(20) >= 3) & (np.arange(20) < 18)
    both = (first & other).sum()
    values = {"first": first.sum(), "both": both, "other": other.sum(), "all": first.size}
    shares = {
        "of_first": both / first.sum(),
        "of_other": both / other.sum(),
        "of_all": both / first.size,
    }
    return Computed(
        {name: str(value) for name, value in values.items()}
        | {name: percent(value) for name, value in shares.items()}
    )


def _near_the_pole() -> Computed:
    from aml4d_utils.topics.poses.atlas import sphere_weights

    pitches = np.arange(90, -91, -10.0)
    weights = sphere_weights(pitches, np.arange(-180, 181, 30.0))[:, 1]
    ratio = weights[pitches == 60][0] / weights[pitches == 0][0]
    values = {"ratio": ratio, "sine": np.sin(np.radians(60)), "angle": 60 / 90}
    return Computed({name: f"{value:.2f}" for name, value in values.items()})


MORE = (
    QuizQuestion(
        "distance",
        "A scooter is {near} pixels high in a photo taken from 2 metres. How high is it from 8 "
        "metres, with the same lens?",
        (
            Answer(
                "half",
                "{halved} pixels",
                "That is its height from 4 metres.",
            ),
            Answer(
                "quarter",
                "{far} pixels",
                "Four times as far, a quarter as high.",
                right=True,
            ),
            Answer(
                "area",
                "{as_area} pixels",
                "Its area becomes a sixteenth, its height does not.",
            ),
        ),
        topic="viewpoint",
        place="Seven challenges",
        compute=_distance,
    ),
    QuizQuestion(
        "two_scales",
        "The lecture counts scale among the challenges. What varies there?",
        (
            Answer(
                "pixels",
                "With how many pixels the camera stores its photos",
                "That can be evened out in a line of code. A distant thing stays small in every "
                "photo.",
            ),
            Answer(
                "file",
                "How strongly photos are compressed before they are kept",
                "Compression harms too, but it is not about size in the world.",
            ),
            Answer(
                "both",
                "How large things are, and how large they appear",
                "A delivery van and a toy van are both vans, and either may be near or far.",
                right=True,
            ),
        ),
        topic="viewpoint",
        place="Seven challenges",
    ),
    QuizQuestion(
        "towel",
        "In which pair is it deformation that sets two photos apart?",
        (
            Answer(
                "towel",
                "A towel, folded and hanging",
                "The thing itself takes another form. No camera position turns one into the other.",
                right=True,
            ),
            Answer(
                "chair",
                "A chair, from the front and from above",
                "The chair keeps its form, the camera moves: viewpoint.",
            ),
            Answer(
                "kinds",
                "An armchair and a bar stool",
                "Two things under one word: intra-class variation.",
            ),
            Answer(
                "book",
                "A cup, alone and behind an open book",
                "The cup keeps its form, a part of it is out of sight: occlusion.",
            ),
        ),
        topic="deformation",
        place="Seven challenges",
    ),
    QuizQuestion(
        "cut_off",
        "What makes the zebra on the right harder to recognise?",
        (
            Answer(
                "truncation",
                "Truncation: it is cut off by the picture's edge",
                "Nothing stands before it. The photo simply ends.",
                right=True,
            ),
            Answer(
                "occlusion",
                "Occlusion: another thing stands before it and hides a part",
                "Then you would see that other thing. Here the picture ends where the zebra does.",
            ),
            Answer(
                "deformation",
                "Deformation: it has bent its body into another form",
                "What is left of it has kept its form.",
            ),
        ),
        topic="deformation",
        place="Seven challenges",
        compute=_cut_off,
    ),
    QuizQuestion(
        "dark",
        "What has changed from the left picture to the right one?",
        (
            Answer(
                "clutter",
                "The background clutter",
                "No other thing has come in. The ground is as plain as before.",
            ),
            Answer(
                "view",
                "The viewpoint of the camera",
                "The outline is the same, so the camera has not moved.",
            ),
            Answer(
                "light",
                "The illumination",
                "Every number is another one, though the bear and the camera have stayed.",
                right=True,
            ),
        ),
        topic="light_clutter",
        place="Seven challenges",
        compute=_dark,
    ),
    QuizQuestion(
        "power",
        "To darken a photo, every brightness between 0 and 1 is squared. What becomes of a "
        "pixel of {before}?",
        (
            Answer(
                "double",
                "{doubled}",
                "That is twice as much: it would be lighter.",
            ),
            Answer(
                "square",
                "{after}",
                "Black and white stay as they are, and all between them gets darker.",
                right=True,
            ),
            Answer(
                "same",
                "{before}",
                "Only 0 and 1 stay as they are.",
            ),
        ),
        topic="light_clutter",
        place="Seven challenges",
        compute=_power,
    ),
    QuizQuestion(
        "moth",
        "A grey moth sits on grey bark, in full daylight, with nothing before it. Which "
        "challenge is this?",
        (
            Answer(
                "occlusion",
                "Occlusion by the bark",
                "All of it is in view. What is behind a thing cannot hide it in this sense.",
            ),
            Answer(
                "clutter",
                "Background clutter",
                "It blends into what is behind it: no outline stands out.",
                right=True,
            ),
            Answer(
                "light",
                "Illumination, as both are grey",
                "In other light both would change in the same way.",
            ),
        ),
        topic="light_clutter",
        place="Seven challenges",
    ),
    QuizQuestion(
        "half_the_light",
        "The numbers of a photo are whole ones from 0 to 255. Somebody halves the light. How "
        "many of the photo's numbers change?",
        (
            Answer(
                "dark",
                "{dark}",
                "So many are dark to begin with. Bright ones become smaller too.",
            ),
            Answer(
                "none",
                "{none}",
                "The things stay. The numbers are what the machine gets, and they do not.",
            ),
            Answer(
                "nearly_all",
                "{changed}",
                "All that were not 0 already. You still see the same cup of coffee.",
                right=True,
            ),
        ),
        topic="light_clutter",
        place="Seven challenges",
        compute=_half_the_light,
    ),
    QuizQuestion(
        "ten_chairs",
        "You show a detector ten chair designs, and it finds seven. What do you report about "
        "the share that it finds?",
        (
            Answer(
                "interval",
                "70 %, with a 95 % interval of {wide}",
                "Ten designs say little about all the others. The interval says how little.",
                right=True,
            ),
            Answer(
                "narrow",
                "70 %, with a 95 % interval of {narrow}",
                "That would need a thousand chairs.",
            ),
            Answer(
                "exact",
                "70 %, since it has been counted and not guessed",
                "The count is exact for these ten. The question is about all chairs.",
            ),
        ),
        topic="variation",
        place="One word, many chairs",
        compute=_ten_chairs,
    ),
    QuizQuestion(
        "count_transfer",
        "Of {all} poses, {first} fool network A and {other} fool network B. Both are fooled by "
        "{both}. How much of A's errors transfers to B?",
        (
            Answer(
                "of_first",
                "{of_first}",
                "{both} of the {first} that fool A.",
                right=True,
            ),
            Answer(
                "of_other",
                "{of_other}",
                "That is the other way: how much of B's errors transfers to A.",
            ),
            Answer(
                "of_all",
                "{of_all}",
                "That is the share of all poses in which both fail.",
            ),
        ),
        topic="strange_poses",
        place="Do they fail together?",
        compute=_transfer,
    ),
    QuizQuestion(
        "near_the_pole",
        "A map of poses has as many places at a height of 60° as at 0°. How much does a place "
        "at 60° count, compared with one at 0°?",
        (
            Answer(
                "same",
                "Exactly as much",
                "Then views from nearly above would count too often.",
            ),
            Answer(
                "sine",
                "{sine} times as much",
                "That is how high the camera stands, not how long its circle is.",
            ),
            Answer(
                "circle",
                "{ratio} times as much",
                "The circle of directions is half as long there, and as many places share it.",
                right=True,
            ),
        ),
        topic="strange_poses",
        place="The map of all poses",
        compute=_near_the_pole,
    ),
)
