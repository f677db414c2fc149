"""The quiz of lesson 08."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "deconvnet",
        "What does a deconvnet show?",
        (
            Answer(
                "this_photo",
                "What in this photo made one unit answer",
                "It sends one unit's answer back through the layers to the pixels.",
                right=True,
            ),
            Answer(
                "favourite_photo",
                "The photo that the unit likes most of all",
                "That is what activation maximisation draws, from noise.",
            ),
            Answer(
                "weights", "The weights of the unit", "Only for the first layer do both look alike."
            ),
        ),
    ),
    QuizQuestion(
        "switches",
        "Why does the deconvnet keep switches at max pooling?",
        (
            Answer("units_off", "To turn units off", "That is ablation, in lesson 09."),
            Answer(
                "places",
                "To put each signal back where the maximum stood",
                "Pooling forgets the place; the switch remembers it for this photo.",
                right=True,
            ),
            Answer("memory", "To save memory", "They cost some: one place for every pooled value."),
        ),
    ),
    QuizQuestion(
        "layers",
        "Zeiler and Fergus looked into five layers. What did they find from the first to the last?",
        (
            Answer(
                "objects_first",
                "Whole objects first, then their details",
                "A unit of the first layer sees 3 × 3 pixels here: too few for an object.",
            ),
            Answer(
                "all_the_same",
                "The same in every layer, only sharper",
                "What units like changes with depth.",
            ),
            Answer(
                "edges_to_objects",
                "Edges and colours, then textures and parts, then whole objects",
                "Each layer puts together what the one before has found, and sees further.",
                right=True,
            ),
        ),
    ),
    QuizQuestion(
        "occlusion",
        "You hide a cat's ear with a grey patch and the probability of “cat” rises. What follows?",
        (
            Answer(
                "competing_class",
                "Something under the patch spoke for another class, or the grey speaks for “cat”",
                "Classes compete. Hide it with another colour to find out which of the two it is.",
                right=True,
            ),
            Answer(
                "broken", "The network is broken", "Classes compete: what one loses, another wins."
            ),
            Answer(
                "most_important",
                "The ear was the most important part",
                "Then the probability would fall.",
            ),
        ),
    ),
    QuizQuestion(
        "maximisation",
        "Activation maximisation on bare pixels gives fine noise that the unit likes more than any "
        "photo. Why?",
        (
            Answer(
                "learned_noise",
                "The unit has learned noise",
                "Shake the picture a little and its answer falls.",
            ),
            Answer(
                "nothing_asks",
                "Nothing asks it to look like a photo",
                "Waves, photo colours and shaking leave such noise no chance.",
                right=True,
            ),
            Answer("few_steps", "It had too few steps", "More steps make the noise stronger."),
        ),
    ),
    QuizQuestion(
        "sanity",
        "You make the weights of the upper half of the network random. Your heat map stays almost "
        "the same. What is it worth?",
        (
            Answer(
                "robust", "It is robust, so one can trust it", "It ignores what the network knows."
            ),
            Answer(
                "nothing",
                "Nothing can be said",
                "This test says a lot: see Adebayo and others, 2018.",
            ),
            Answer(
                "says_little",
                "It says little about what the network has learned",
                "It shows the photo's edges, with or without a trained network above.",
                right=True,
            ),
        ),
    ),
)
