"""The quiz of the lesson on why vision is hard."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

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
                "The thing stays as it is, the camera moves, and every pixel changes.",
                right=True,
            ),
            Answer(
                "deformation",
                "Deformation",
                "Nothing about the chair bends; only the camera has moved.",
            ),
        ),
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
                "Other things stand before them",
                "That is occlusion. On the wall each chair stood alone.",
            ),
        ),
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
    ),
    QuizQuestion(
        "transfer",
        "Many poses that fool one network also fool another. What follows for a safe product?",
        (
            Answer(
                "ask_two",
                "Ask two networks: when they differ, you know",
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
    ),
)
