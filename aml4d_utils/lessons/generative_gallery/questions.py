"""The quiz of the lesson on generative pictures."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, QuizQuestion
from aml4d_utils.measuring.wording import percent

QUESTIONS = (
    QuizQuestion(
        "invented_detail",
        "Real-ESRGAN turns a face of a few pixels into a sharp one. Where does the detail come "
        "from?",
        (
            Answer(
                "hidden",
                "It was hidden in the small picture and has been brought out",
                "Shrinking threw it away. Very many large pictures shrink to the same small one.",
            ),
            Answer(
                "learned",
                "From what faces usually look like, learned from other pictures",
                "It is plausible detail, not this person's. That is why the eyes lit up in the map "
                "of what was invented.",
                right=True,
            ),
            Answer(
                "neighbours",
                "From the pixels around",
                "That is what bicubic enlargement does, and it stays blurred.",
            ),
            Answer(
                "noise",
                "From random noise",
                "This network takes no noise. The same small picture always gives the same large "
                "one.",
            ),
        ),
        topic="super_resolution",
        place="A face from a few pixels",
    ),
    QuizQuestion(
        "psnr_sharpness",
        "Why does the network with the best PSNR paint blurred pictures?",
        (
            Answer(
                "average",
                "Where several details are possible, their mean has the least squared error",
                "The mean of many sharp hairs is no hair. Blau and Michaeli proved that nearest "
                "and most natural cannot be had at once.",
                right=True,
            ),
            Answer(
                "too_small",
                "It has too few parameters",
                "A larger one would come nearer. As long as it is trained on squared error, it "
                "still answers with the mean.",
            ),
            Answer(
                "psnr_wrong",
                "PSNR was computed wrongly",
                "You wrote it yourself. It measures distance, and distance is not what eyes judge.",
            ),
        ),
        topic="super_resolution",
        place="Near or sharp, not both",
    ),
    QuizQuestion(
        "gram_places",
        "What does a Gram matrix no longer know about a painting?",
        (
            Answer(
                "colours",
                "Its colours",
                "The first layers answer to colours, and the matrix keeps how strongly.",
            ),
            Answer(
                "strokes",
                "How its strokes look",
                "Which edges and textures occur together is just what it keeps.",
            ),
            Answer(
                "where",
                "Where in the painting something is",
                "It is a mean over all places. So a sky may lend its strokes to a cat.",
                right=True,
            ),
            Answer(
                "nothing",
                "Nothing: it holds the same numbers",
                "64 channels give 64 by 64 means, however many pixels there were.",
            ),
        ),
        topic="style",
        place="Style: what goes with what, wherever it is",
    ),
    QuizQuestion(
        "instant_style",
        "The fast network needs one pass, the slow way a hundred steps. Where did the work go?",
        (
            Answer(
                "training",
                "Into the training: it learned from many paintings how to paint at once",
                "The cost was paid once, before. The price: it only does what it was trained to "
                "do.",
                right=True,
            ),
            Answer(
                "saved",
                "It leaves out the style and changes colours only",
                "Look closely: there are strokes that the photo does not have.",
            ),
            Answer(
                "stored",
                "It has stored all paintings",
                "It reads any picture, your own too, into 100 numbers.",
            ),
        ),
        topic="style",
        place="The same in one pass",
    ),
    QuizQuestion(
        "detector_elsewhere",
        "A company sells a detector that finds 99 % of the fakes. What do you ask first?",
        (
            Answer(
                "speed",
                "How fast it is",
                "A fast wrong answer is no better than a slow one.",
            ),
            Answer(
                "net",
                "How many layers it has",
                "That says little about pictures it has not met.",
            ),
            Answer(
                "which",
                "Whose fakes, and how were the pictures saved?",
                "Known makers and clean files are the easy case. And ask how many real faces it "
                "accuses.",
                right=True,
            ),
            Answer(
                "higher",
                "Whether 99.9 % is possible",
                "On the same easy pictures, perhaps. It would tell you nothing new.",
            ),
        ),
        topic="fakes",
        place="How would anyone know?",
    ),
    QuizQuestion(
        "portrait",
        "“Edmond de Belamy” came out of a GAN trained on portraits. Why is it a portrait?",
        (
            Answer(
                "chosen",
                "Because the network chose that subject",
                "It has no other. A network trained on garments makes garments.",
            ),
            Answer(
                "data",
                "Because its training pictures were portraits, and people had chosen them",
                "What a generator makes follows from what it was shown. Choosing data is a design "
                "decision.",
                right=True,
            ),
            Answer(
                "prompt",
                "Because somebody typed the word portrait",
                "This network of 2018 read no words.",
            ),
        ),
        topic="portrait",
        place="The sold portrait",
    ),
)


def _decibels() -> Computed:
    from aml4d_utils.topics.super_resolution.measures import psnr

    true = np.zeros((4, 4))
    values = {"found": psnr(true, true + 0.01), "before": psnr(true, true + 0.1)}
    values |= {"halved": values["before"] / 10, "tenth": values["before"] + 10}
    return Computed({name: f"{value:.0f} dB" for name, value in values.items()})


def _mean_product() -> Computed:
    import torch

    from aml4d_utils.topics.style_transfer.gram import gram

    first, second = [1.0, 3.0], [2.0, 4.0]
    found = gram(torch.tensor([first, second])[None, :, None])[0, 0, 1].item()
    values = {"mean": found, "sum": 2 * found, "means": np.mean(first) * np.mean(second)}
    return Computed({name: f"{value:.0f}" for name, value in values.items()})


def _accused() -> Computed:
    shown, fakes, found, alarms = 10_000, 0.01, 0.99, 0.05
    right, wrong = shown * fakes * found, shown * (1 - fakes) * alarms
    values = {"share": right / (right + wrong), "found": found, "kept": 1 - alarms}
    return Computed({name: percent(value) for name, value in values.items()})


def _guidance_by_hand() -> Computed:
    free, told, guidance = 0.5, 2.0, 3
    return Computed(
        {
            "free": f"{free:g}",
            "told": f"{told:g}",
            "guidance": f"{guidance}",
            "guided": f"{free + guidance * (told - free):g}",
            "beyond": f"{told + guidance * (told - free):g}",
            "longer": f"{guidance * told:g}",
        }
    )


MORE = (
    QuizQuestion(
        "decibels",
        "An enlarged picture is off by 0.1 at each pixel, and its PSNR is {before}. Another is "
        "off by 0.01. What is its PSNR?",
        (
            Answer(
                "twenty_more",
                "{found}",
                "A tenth of the error is a hundredth of its square, and that is 20 decibels more.",
                right=True,
            ),
            Answer(
                "ten_more",
                "{tenth}",
                "Ten decibels more are a tenth of the squared error.",
            ),
            Answer(
                "tenth",
                "{halved}",
                "A better picture has a higher PSNR.",
            ),
        ),
        topic="super_resolution",
        place="Near or sharp, not both",
        compute=_decibels,
    ),
    QuizQuestion(
        "mean_product",
        "Two feature maps have two places each: 1 and 3 in the first, 2 and 4 in the second. "
        "What does their Gram matrix hold for this pair?",
        (
            Answer(
                "mean",
                "{mean}",
                "The mean of 1 × 2 and 3 × 4: how strongly both answer at the same places.",
                right=True,
            ),
            Answer(
                "sum",
                "{sum}",
                "That is the sum. The mean makes pictures of different sizes comparable.",
            ),
            Answer(
                "means",
                "{means}",
                "You multiplied the means. Whether both answer at the same place is then lost.",
            ),
        ),
        topic="style",
        place="Style: what goes with what, wherever it is",
        compute=_mean_product,
    ),
    QuizQuestion(
        "accused",
        "One in a hundred pictures is a fake. A detector finds 99 % of the fakes, and accuses 5 "
        "% of the others. It accuses a picture. How likely is that a fake?",
        (
            Answer(
                "few",
                "About {share}",
                "Of ten thousand, 99 fakes are accused, and 495 others.",
                right=True,
            ),
            Answer(
                "kept",
                "About {kept}",
                "So many of the real ones are left alone.",
            ),
            Answer(
                "found",
                "About {found}",
                "So many of the fakes are accused. That says nothing about the others, and they "
                "are many.",
            ),
        ),
        topic="fakes",
        place="How would anyone know?",
        compute=_accused,
        keep_order=True,
    ),
    QuizQuestion(
        "walk",
        "A film lets one face turn smoothly into another, and none of these people exist. How "
        "was it made?",
        (
            Answer(
                "faded",
                "By fading one picture into the next, as slides do",
                "Half-way two faces would lie over each other. Here each frame is one face.",
            ),
            Answer(
                "latent",
                "By walking from one latent vector to another",
                "Each vector gives a face, and neighbouring vectors give similar ones.",
                right=True,
            ),
            Answer(
                "filmed",
                "By filming many people, and putting similar frames in a row",
                "Nobody was filmed for it. The frames come out of the generator.",
            ),
        ),
        topic="fakes",
        place="Films that nobody filmed",
    ),
    QuizQuestion(
        "authors",
        "Who made the portrait that was sold for 432,500 dollars? What can a measurement say "
        "about it?",
        (
            Answer(
                "generator",
                "The share of its pixels that no training picture contains",
                "A new pixel has no author by itself, and a copied one need not be theft.",
            ),
            Answer(
                "nothing",
                "Nothing: it is a question of rights and consent",
                "Painters, programmers and those who chose and pressed the key all had a part. "
                "People must settle that.",
                right=True,
            ),
            Answer(
                "price",
                "The price, since buyers know best who the author is",
                "A price says what somebody paid.",
            ),
        ),
        topic="portrait",
        place="The sold portrait",
    ),
    QuizQuestion(
        "style_learned",
        "The lecture says that this network learned the style of 15,000 portraits. What does "
        "that mean?",
        (
            Answer(
                "copies",
                "It has stored all of them, and puts parts of them together",
                "There are far fewer weights than pixels in fifteen thousand paintings.",
            ),
            Answer(
                "rules",
                "It was told the rules by which such portraits are painted",
                "Nobody wrote a rule down. There were only pictures.",
            ),
            Answer(
                "distribution",
                "Its pictures look as if drawn from the same collection",
                "It learned what such portraits have in common, and makes new ones that fit.",
                right=True,
            ),
        ),
        topic="portrait",
        place="The sold portrait",
    ),
    QuizQuestion(
        "avocado",
        "Why were some pairs of colour and kind kept out of the training pictures?",
        (
            Answer(
                "time",
                "To save a quarter of the training time",
                "A step costs the same, whatever it draws its pictures from.",
            ),
            Answer(
                "compose",
                "To see whether it combines what it learned apart",
                "It saw the colour and it saw the kind, never both at once. A memory of pictures "
                "would have nothing to offer.",
                right=True,
            ),
            Answer(
                "hard",
                "Because these pairs are the hardest ones to paint",
                "A rule on their places in the list chose them, before anything was painted.",
            ),
            Answer(
                "judge",
                "So that the judge does not know the answer beforehand",
                "The judge learned all pairs. It must know them to tell whether they are right.",
            ),
        ),
        topic="text_to_image",
        place="The avocado test",
    ),
    QuizQuestion(
        "guidance",
        "In one cell the painter would go {free} without the words and {told} with them. The "
        "guidance is {guidance}. How far does it go?",
        (
            Answer(
                "beyond",
                "{beyond}",
                "That begins at the direction with words. Guidance 1 must give {told}, so begin "
                "without them.",
            ),
            Answer(
                "guided",
                "{guided}",
                "From {free}, go {guidance} times the difference that the words make.",
                right=True,
            ),
            Answer(
                "longer",
                "{longer}",
                "That makes the whole direction longer. Only the difference is exaggerated.",
            ),
        ),
        topic="text_to_image",
        place="Words become a picture",
        compute=_guidance_by_hand,
    ),
    QuizQuestion(
        "guidance_price",
        "Guidance far above 1 makes a picture obey. What does it tend to cost?",
        (
            Answer(
                "variety",
                "Pictures of one prompt become more alike",
                "All of them are pushed to where the words make the greatest difference.",
                right=True,
            ),
            Answer(
                "steps",
                "It needs several times as many steps to the picture",
                "The number of steps stays. In each, two answers are computed, at 2 as at 8.",
            ),
            Answer(
                "words",
                "Fewer of your words are heard than before",
                "All eight places stay. What they say counts for more.",
            ),
        ),
        topic="text_to_image",
        place="Obeyed or varied",
    ),
    QuizQuestion(
        "ceiling",
        "The judge finds 80 % of the painted pictures right, and 90 % of real renderings. What can "
        "you say?",
        (
            Answer(
                "exact",
                "Exactly 80 % of the painted pictures are right",
                "It errs on real renderings too, so it may err here, in both directions.",
            ),
            Answer(
                "useless",
                "Nothing at all: a judge that errs is of no use",
                "You know how often it errs where the content is certain. Hold the score against "
                "that.",
            ),
            Answer(
                "ceiling",
                "Of what it misses, a part may be its own error",
                "Score and ceiling belong together, and so does chance.",
                right=True,
            ),
        ),
        topic="text_to_image",
        place="The avocado test",
    ),
)
