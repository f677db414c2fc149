"""The quiz of the backpropagation lesson."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "silent",
        "The previous neuron's activation is 0 for this example. What does the example want of the "
        "weight from it?",
        (
            Answer(
                "nothing",
                "Nothing at all",
                "The wish is in proportion to the previous activation, and 0 times anything is 0.",
                right=True,
            ),
            Answer(
                "wake_up",
                "A large change, to wake it up",
                "The weight cannot wake what stands before it.",
            ),
            Answer(
                "like_bias",
                "A change of the same size as the bias",
                "That holds where the activation is 1.",
            ),
        ),
        topic="wishes",
        place="Three steps through the network",
    ),
    QuizQuestion(
        "two_paths",
        "A weight influences the cost along two paths, with derivatives 0.5 and −0.2. What is its "
        "gradient?",
        (
            Answer("sum", "0.3", "Where paths meet, their shares add up.", right=True),
            Answer("product", "−0.1", "You multiply along one path; different paths are added."),
            Answer("larger", "0.5", "The smaller path counts too."),
        ),
        topic="wishes",
        place="One path back",
    ),
    QuizQuestion(
        "activations",
        "Backpropagation also finds how the previous activations should change. What becomes of "
        "that wish?",
        (
            Answer(
                "overwritten",
                "The previous activations are overwritten with it",
                "They are results; nobody can set them.",
                formerly="The activations are overwritten",
            ),
            Answer(
                "passed_back",
                "It goes back to the layer before, as its wish",
                "So the same step repeats, layer by layer, down to the pixels.",
                right=True,
            ),
            Answer("thrown_away", "It is thrown away", "Then no layer but the last would learn."),
        ),
        topic="wishes",
        place="Three steps through the network",
    ),
    QuizQuestion(
        "stochastic",
        "What is stochastic about stochastic gradient descent?",
        (
            Answer(
                "random_start",
                "The weights start at random numbers, so each training ends somewhere else",
                "They do, but plain gradient descent does so too.",
                formerly="The weights start at random",
            ),
            Answer(
                "shuffled_batch",
                "Each step follows a batch drawn from the shuffled data, not all of them",
                "The mean over a batch estimates the gradient, and differs by chance.",
                right=True,
            ),
            Answer("random_rate", "The learning rate is random", "It is chosen, by you."),
        ),
        topic="batches",
        place="Batches: why it is called stochastic",
    ),
    QuizQuestion(
        "mean",
        "In the nudges table, a row says +0.4, −0.3, +0.1, −0.2. What happens to this weight in a "
        "step with learning rate 1?",
        (
            Answer(
                "stays", "It stays", "The four add up to 0, and so does their mean.", right=True
            ),
            Answer("largest", "It grows by 0.4", "No single example decides; the mean does."),
            Answer(
                "sizes", "It grows by 1", "That would be the sum of the sizes, without their signs."
            ),
        ),
        topic="averaging",
        place="The nudges table",
    ),
    QuizQuestion(
        "noise",
        "Three labels in ten are wrong, at random. What did your measurement say?",
        (
            Answer(
                "stops",
                "The network cannot learn any more",
                "It took far more than that to break it.",
            ),
            Answer(
                "nearly_as_well",
                "It learns nearly as well",
                "Random wishes point in all directions and cancel in the mean. Mistakes with a "
                "system would not.",
                right=True,
            ),
            Answer("better", "It learns better", "The true labels alone did a little better."),
        ),
        topic="data_notes",
        place="Two notes, tested",
    ),
)


def _cost() -> Computed:
    from aml4d_utils.topics.backprop.backward import costs

    outputs, wanted = np.array([[0.2, 0.9, 0.1]]), np.array([[0.0, 1.0, 0.0]])
    away = outputs - wanted
    values = {"cost": costs(outputs, wanted)[0], "sizes": np.abs(away).sum(), "signed": away.sum()}
    return Computed({name: f"{float(value):.2f}" for name, value in values.items()})


def _step() -> Computed:
    weights, downhill = np.array([1.1, 3.8, -2.2]), np.array([0.1, 0.2, -0.3])
    values = {"weight": weights[2], "slope": downhill[2], "after": (weights + downhill)[2]}
    values |= {"uphill": (weights - downhill)[2], "product": (weights * downhill)[2]}
    return Computed({name: f"{value:.2f}".replace("-", "−") for name, value in values.items()})


def _six_sigmoids() -> Computed:
    from aml4d_utils.topics.neurons.activations import sigmoid_derivative

    steepest = float(sigmoid_derivative(np.array(0.0)))
    layers = 6
    values = {"product": 1 / steepest**layers, "sum": layers / steepest, "one": 1 / steepest}
    return Computed({name: f"1 in {value:,.0f}" for name, value in values.items()})


def _row() -> Computed:
    row = np.array([-0.02, 0.5, -0.21, -0.1, 0.4])
    values = {"mean": row.mean(), "sum": row.sum(), "largest": row.max()}
    words = {name: f"{value:+.3f}" for name, value in values.items()}
    shown = ", ".join(f"{value:+g}".replace("-", "−") for value in row)
    return Computed(words | {"row": shown})


def _steps() -> Computed:
    from aml4d_utils.topics.backprop.learning import batches

    count, size = 8000, 32
    values = {"count": count, "size": size, "steps": len(batches(count, size, None))}
    return Computed({name: f"{value:,}" for name, value in values.items()})


def _nine_in_ten() -> Computed:
    from aml4d_utils.topics.backprop.learning import with_wrong_labels

    count, share = 9000, 0.9
    labels = with_wrong_labels(np.full(count, 4), share, np.random.default_rng(0))
    kept = int((labels == 4).sum())
    values = {"count": count, "kept": kept, "each": (count - kept) / 9, "wrong": count - kept}
    return Computed({name: f"{value:,.0f}" for name, value in values.items()})


MORE = (
    QuizQuestion(
        "cost",
        "A network answers 0.2, 0.9, 0.1 where 0, 1, 0 was wanted. What is the cost of this "
        "example?",
        (
            Answer(
                "squares",
                "{cost}",
                "0.04 + 0.01 + 0.01: the squares of how far off each answer is.",
                right=True,
            ),
            Answer(
                "sizes",
                "{sizes}",
                "You added up how far off they are. The cost adds their squares.",
            ),
            Answer(
                "signed",
                "{signed}",
                "With their signs, too high and too low cancel. A bad answer could then cost "
                "nothing.",
            ),
        ),
        topic="descent",
        place="A machine with 13,002 knobs",
        compute=_cost,
    ),
    QuizQuestion(
        "step",
        "A weight is {weight}, and its entry in −∇C is {slope}. What is it after a step with "
        "learning rate 1?",
        (
            Answer(
                "along",
                "{after}",
                "−∇C says which way is down, so it is added.",
                right=True,
            ),
            Answer(
                "against",
                "{uphill}",
                "You went up the hill. The minus sign is already in −∇C.",
            ),
            Answer(
                "product",
                "{product}",
                "A step is added to the weight. It does not multiply it.",
            ),
        ),
        topic="descent",
        place="The nudges table",
        compute=_step,
    ),
    QuizQuestion(
        "too_long",
        "You raise the learning rate more and more. What happens to the descent in the end?",
        (
            Answer(
                "faster",
                "It reaches the bottom with fewer and fewer steps",
                "So it does at first. Beyond a certain rate it never settles.",
            ),
            Answer(
                "stops",
                "It stops where it is, since the gradient gets smaller and smaller",
                "The gradient depends on the place, and not on the rate.",
            ),
            Answer(
                "over",
                "It jumps across the valley and may climb out of it",
                "The gradient says which way is down here. A long step ends where that no "
                "longer holds.",
                right=True,
            ),
        ),
        topic="descent",
        place="Batches: why it is called stochastic",
    ),
    QuizQuestion(
        "promise",
        "Where does gradient descent end, if all goes well?",
        (
            Answer(
                "global",
                "At the lowest cost that the network can have at all",
                "It only ever sees the slope where it stands.",
            ),
            Answer(
                "local",
                "Where no small step leads further down",
                "A local minimum. There may be a deeper one elsewhere, which it cannot see.",
                right=True,
            ),
            Answer(
                "zero",
                "Where the cost of each training example is exactly zero",
                "Few networks get there, and none has to.",
            ),
        ),
        topic="descent",
        place="Batches: why it is called stochastic",
    ),
    QuizQuestion(
        "six_sigmoids",
        "On its way back a gradient passes six sigmoid neurons, each where its slope is "
        "steepest. Apart from the weights, how much of it is left at most?",
        (
            Answer(
                "one",
                "{one}",
                "That is after the first neuron.",
            ),
            Answer(
                "sum",
                "{sum}",
                "You added them up. On one path they multiply.",
            ),
            Answer(
                "product",
                "{product}",
                "A quarter of a quarter of a quarter, and so on: slopes multiply. This is the "
                "vanishing gradient.",
                right=True,
            ),
        ),
        topic="wishes",
        place="Where it fails",
        compute=_six_sigmoids,
        keep_order=True,
    ),
    QuizQuestion(
        "row",
        "In the table of wishes a row reads {row}, one number for each of five digits. How does "
        "this weight change in a step with learning rate 1?",
        (
            Answer(
                "sum",
                "By {sum}",
                "That is the sum. With more digits the step would grow and grow.",
            ),
            Answer(
                "largest",
                "By {largest}",
                "The largest wish counts as much as the others, no more.",
            ),
            Answer(
                "mean",
                "By {mean}",
                "The mean of all five.",
                right=True,
            ),
        ),
        topic="averaging",
        place="The nudges table",
        compute=_row,
    ),
    QuizQuestion(
        "only_one",
        "An untrained network follows only the column of a single 6, for five steps. What does it "
        "read in the other digits afterwards?",
        (
            Answer(
                "as_before",
                "What it read before, as their columns were left out",
                "All digits share the same weights.",
            ),
            Answer(
                "six",
                "A 6, whatever they are",
                "All weights have moved for this one digit. It takes the mean over many to tell "
                "them apart.",
                right=True,
            ),
            Answer(
                "right",
                "More of them rightly, since it has begun to learn",
                "Nothing that it has followed tells one digit from another.",
            ),
        ),
        topic="averaging",
        place="The nudges table",
    ),
    QuizQuestion(
        "steps",
        "There are {count} digits, in batches of {size}. How many steps does one epoch take?",
        (
            Answer(
                "size",
                "{size}",
                "So many digits share one step.",
            ),
            Answer(
                "batches",
                "{steps}",
                "One for each batch.",
                right=True,
            ),
            Answer(
                "examples",
                "{count}",
                "That is one step for each digit, with batches of one.",
            ),
        ),
        topic="batches",
        place="Teach the machine",
        compute=_steps,
        keep_order=True,
    ),
    QuizQuestion(
        "unshuffled",
        "The training data hold all sixes first, then all nines, and you forget to shuffle. "
        "What do you see?",
        (
            Answer(
                "nothing",
                "Nothing: in one epoch every digit is seen once, in whatever order",
                "In each epoch yes. But a step follows one batch, and that holds a single kind.",
            ),
            Answer(
                "slower",
                "It learns the same, only with longer computing time for each step",
                "A step costs the same. It leads another way.",
            ),
            Answer(
                "swing",
                "The weights run towards the sixes, then back towards the nines",
                "Each batch holds one digit only, so its mean says little about the whole.",
                right=True,
            ),
        ),
        topic="batches",
        place="Batches: why it is called stochastic",
    ),
    QuizQuestion(
        "few_digits",
        "A network with 13,002 parameters learns from 20 digits. It is right on all 20, and "
        "wrong on many of the new ones. Which note of the lecture is that?",
        (
            Answer(
                "noise",
                "Noisy training data make learning ineffective",
                "No label was wrong. There were only too few.",
            ),
            Answer(
                "enough",
                "The training data must be large enough",
                "It has learned these twenty by heart. Nothing in them forces it to find what "
                "all digits share.",
                right=True,
            ),
            Answer(
                "batches",
                "Batches lead to a local minimum by gradual steps",
                "It has found one, for twenty digits. New digits were not part of that cost.",
            ),
        ),
        topic="data_notes",
        place="Two notes, tested",
    ),
    QuizQuestion(
        "nine_in_ten",
        "Of {count} fours, nine in ten get another digit as their label, drawn at random. "
        "{kept} are still called 4. How often is each of the other nine digits written?",
        (
            Answer(
                "all_wrong",
                "About {wrong} times",
                "That is all nine together.",
            ),
            Answer(
                "as_often",
                "About {each} times",
                "As often as the 4. So the labels say nothing any more about what a four is.",
                right=True,
            ),
            Answer(
                "one_tenth",
                "About {count} times",
                "So many labels are there in all.",
            ),
        ),
        topic="data_notes",
        place="Two notes, tested",
        compute=_nine_in_ten,
    ),
)
