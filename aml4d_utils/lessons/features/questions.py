"""The quiz of the lesson on features."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "repeatable",
        "A feature is found in one photo of a chair, but not in the next, taken a second later. "
        "Which quality does it lack?",
        (
            Answer(
                "not_repeatable",
                "It is not repeatable",
                "Whatever follows needs to find it again.",
                right=True,
            ),
            Answer(
                "not_distinctive",
                "It is not distinctive",
                "That would mean: found again, but mistaken for another place.",
            ),
            Answer(
                "not_large",
                "It is not large enough",
                "Small features can be found again very well.",
            ),
        ),
    ),
    QuizQuestion(
        "edge",
        "Why does a point in the middle of a long straight edge make a poor feature to follow?",
        (
            Answer(
                "contrast",
                "It has too little contrast",
                "Edges have the strongest contrast of all.",
            ),
            Answer(
                "slides",
                "It looks the same a little further along the edge",
                "Nothing says how far it has slid. SIFT throws such points away.",
                right=True,
            ),
            Answer("light", "It changes with the light", "A corner would change just as much."),
        ),
    ),
    QuizQuestion(
        "scale",
        "How does SIFT know how large the frame around a keypoint must be?",
        (
            Answer(
                "fixed", "It always takes 16 × 16 pixels", "Then a photo from afar would not match."
            ),
            Answer(
                "strongest_blur",
                "It takes the blur at which the place stands out most",
                "Half as large a photo: half as large a blur, and the same content in the frame.",
                right=True,
            ),
            Answer("network", "A network has learned it", "Nothing in SIFT is learned."),
        ),
    ),
    QuizQuestion(
        "covariant",
        "SIFT is called a covariant detector. What does that mean?",
        (
            Answer(
                "moves_along",
                "Its frames move, turn and grow along with the photo",
                "So the content of the frame stays the same, and with it the 128 numbers.",
                right=True,
            ),
            Answer(
                "stays",
                "Its keypoints stay where they are, whatever happens to the photo",
                "Then they would no longer sit on the same part of the cat.",
            ),
            Answer(
                "colour",
                "It works in colour and in grey",
                "It looks at grey only; the word means another thing.",
            ),
        ),
    ),
    QuizQuestion(
        "ratio",
        "The best match has a distance of 0.30, the second best 0.32. What does Lowe's ratio test "
        "with 0.8 do?",
        (
            Answer(
                "keeps", "It keeps the match: 0.30 is small", "Small for what? It compares the two."
            ),
            Answer(
                "rejects",
                "It rejects the match",
                "0.30 is not below 0.8 × 0.32 = 0.256. Two places look alike: nobody knows which.",
                right=True,
            ),
            Answer(
                "keeps_both",
                "It keeps both",
                "One keypoint of the first photo gets one partner or none.",
            ),
        ),
    ),
    QuizQuestion(
        "engineering",
        "The lecture: a model is only as good as the features you give it. How do you find out "
        "which ones to give?",
        (
            Answer(
                "all_features",
                "Take as many as there are",
                "More numbers need more examples: lesson 04.",
            ),
            Answer(
                "experts_and_measurement",
                "Use what experts know, then measure on pictures that were kept apart",
                "Domain knowledge proposes, the experiment decides.",
                right=True,
            ),
            Answer(
                "best_in_training",
                "Take the set that does best on the training pictures",
                "It may have learned them by heart. Only unseen pictures tell.",
            ),
        ),
    ),
)
