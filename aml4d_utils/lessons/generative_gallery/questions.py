"""The quiz of the lesson on generative pictures."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

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
                "This net takes no noise. The same small picture always gives the same large one.",
            ),
        ),
    ),
    QuizQuestion(
        "psnr_sharpness",
        "Why does the net with the best PSNR look blurred?",
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
    ),
    QuizQuestion(
        "instant_style",
        "The fast net needs one pass, the slow way a hundred steps. Where did the work go?",
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
    ),
    QuizQuestion(
        "portrait",
        "*Edmond de Belamy* came out of a GAN trained on portraits. Why is it a portrait?",
        (
            Answer(
                "chosen",
                "Because the net chose that subject",
                "It has no other. A net trained on garments makes garments.",
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
                "This net of 2018 read no words.",
            ),
        ),
    ),
)
