# ---
# jupyter:
#   aml4d:
#     title: Backpropagation
#     room: backprop
#     minutes: 105
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 15 · Backpropagation
#
# *105 minutes.* Take two sittings. How does a network learn? Each example says how every weight
# should change, and the network follows the mean. All is live, on real handwritten digits.
#
# When you are done, you can
# - follow a gradient backwards through a graph, edge by edge, and write the code for a layer;
# - read the table of wishes: one column for each example, one row for each weight;
# - say what is *stochastic* about stochastic gradient descent, and what batches buy;
# - choose a learning rate from your own measurement;
# - show when learning fails: too little data, wrong labels, too many layers.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start, table

start("15_backpropagation")

# %% [markdown]
# ## A machine with 13,002 knobs
#
# A sorting machine reads handwritten digits. It is the network of lesson 14: 784 pixels, two
# layers of 16 neurons, ten outputs. Fresh from the factory, its weights are random. Here is what it
# answers to a 2.

# %%
import numpy as np

from aml4d_utils.topics.backprop import explorers, figures

digits, network = explorers.digits(), explorers.untrained()
two = np.flatnonzero(digits.labels == 2)[0]
answer = network.forward(digits.inputs[two]).output[0]
picture = digits.inputs[two].reshape(28, 28)
show(figures.draw_answer(picture, answer, 2), figures.describe_answer(answer, 2))

# %% [markdown]
# The answer is a shrug. Ten numbers say how far off it is. How wrong is it in *one*? Square them
# and add them up. That is the **cost** of this example; the other lessons say *loss*.
#
# The lecture writes $C(W, B, S, E)$: the cost depends on all weights $W$ and biases $B$, on the
# sample $S$ that goes in, and on the answer $E$ that is expected. Learning may turn $W$ and $B$
# only.

# %%
# NBVAL_CHECK_OUTPUT
answered = np.array([0.5, 0.1, 0.9])
expected = np.array([0, 0, 1])
print(round(((answered - expected) ** 2).sum(), 2))
#> 0.27

# %% [markdown]
# Which way should each knob turn? Turn one, and let the network answer again:

# %%
knob, turned = 12994, network.parameters().copy()  # The bias of output 2.
turned[knob] += 0.1
again = network.with_parameters(turned).forward(digits.inputs[two]).output[0]
wish = np.arange(10) == 2
change = ((again - wish) ** 2).sum() - ((answer - wish) ** 2).sum()
print(f"{change / 0.1:.3f}")

# %% [markdown]
# So much the cost changes *for each unit*. By hand:
#
# 1. **Smaller and smaller.** Turn the first knob by 2, 1, 0.1. Where does the change for each unit
#    settle? That number is the *slope*.
# 2. **Which knob matters?** Turn the others by 1. Which changes nothing? Where is it in the 2?

# %%
explorers.knob_explorer()

# %% [markdown]
# **Predict.** You have the cost as it is. Now you want to know the effect of every knob.

# %%
passes = predict(
    "passes", "How many more times must the picture go through the network?", unit="times"
)
passes

# %%
passes.compare(
    network.parameter_count,
    "Once for each weight and bias. Backpropagation finds all of them in one way forward and one "
    "way back.",
)

# %% [markdown]
# ## One path back
#
# Every computation is a graph: numbers that are made from numbers. Each edge has a **local
# derivative**: how much the end grows when the beginning grows a little. For `z = w * x` the edge
# from `w` has the local derivative `x`.
#
# The **gradient** of a number says how much the *cost* grows with it. It comes from behind: local
# derivative times the gradient at the other end. Where several paths arrive, they add up. These
# lines are all of backpropagation:

# %%
def backward(end):
    order = end.history()  # Every number, each after those it was made from.
    for value in order:
        value.grad = 0.0
    end.grad = 1.0
    for value in reversed(order):
        for parent, slope in value.parents:
            parent.grad += slope * value.grad


# %% [markdown]
# **Predict.** `x` is 2, and the result is `x * x + 3 * x`. So `x` goes in three times: two edges
# with the local derivative 2, and one with 3.

# %%
paths = predict("paths", "What is the gradient of x?", ["2 × 2 × 3 = 12", "2 + 2 + 3 = 7", "3"])
paths

# %%
from aml4d_utils.topics.backprop.values import Value

x = Value(2)
backward(x * x + 3 * x)
paths.compare(
    {12: "2 × 2 × 3 = 12", 7: "2 + 2 + 3 = 7"}.get(x.grad, "3"),
    "Along a path derivatives multiply; where paths meet they add up.",
)

# %% [markdown]
# PyTorch does the same with large arrays. Both must agree on a neuron:

# %%
# NBVAL_CHECK_OUTPUT
import torch

w, t = Value(0.8), torch.tensor(0.8, requires_grad=True, dtype=torch.float64)
backward(((w * 1.5 - 0.2).sigmoid() - 1) ** 2)
((t * 1.5 - 0.2).sigmoid() - 1).square().backward()
print(abs(w.grad - t.grad.item()) < 1e-12)
#> True

# %% [markdown]
# ## Explore: the chain rule, edge by edge
#
# Press Next, or click the graph and use the arrow keys. Change any input, or type a formula of your
# own.
#
# 1. **What comes through?** Go all the way. Then set `x2` to 0. What happens to the gradient of
#    `w2`, and why?
# 2. **Switched off.** Choose the neuron that is switched off. Why are all gradients to the left of
#    `relu` zero? Which `b` wakes it up?
# 3. **Learn.** Choose *one neuron and its cost* again, and take steps. How low does the cost `C`
#    get?

# %%
explorers.graph_stepper()

# %% [markdown]
# ## Three steps through the network
#
# The machine has 13,002 knobs, but the path back is the same. Take one neuron that should be
# higher. The lecture's three steps are its wishes:
#
# 1. Change its **bias**, and its **weights** in proportion to the previous activations. A weight
#    from a silent neuron matters nothing. Donald Hebb had a related idea about the brain in 1949:
#    a connection grows when both its cells are active together.
# 2. Change the **previous activations** in proportion to the weights. Nobody can turn an activation
#    directly, so this wish goes to the layer before, which does step 1 and step 2 in turn.
# 3. **Average** over the training data.
#
# Two experiments:
#
# 1. Choose hidden layer 1 in step 1. The map of wishes looks like something. Why? Choose another
#    digit.
# 2. Choose the output layer in step 2 and move through the neurons. Then step 3: does the mean
#    follow this digit?

# %%
explorers.steps_explorer()

# %% [markdown]
# ## The nudges table
#
# Now all at once. Each training digit gets one column, each of the 13,002 parameters one row. A
# cell is this digit's wish, $-\partial C_{digit} / \partial w$. The mean of a row is one number of
# $-\nabla C$: the way all weights go.
#
# **Predict.** Eight digits vote on all parameters. Leave out those that nobody wants changed.

# %%
agree = predict("agree", "In how many per cent of the rows do all eight agree?", unit="per cent")
agree

# %%
nudges = explorers.nudges_explorer()
votes = nudges.table
agree.compare(
    round(100 * votes.agreement),
    f"Digits want different things. {figures.percent(votes.untouched)} of all rows nobody wants "
    "changed: those pixels are black in all eight pictures, so nothing comes through.",
)

# %% [markdown]
# Here is the table. Click a cell, or use the arrow keys, Page Up, Page Down, Home and End. A step
# follows the wishes, times the *learning rate*.
#
# 1. **Take the step** with learning rate 1. “6→2 ✗” means: a 6, read as 2. Which digit does the
#    network now see everywhere, and why this one? Take four more steps. Undo them all, choose a
#    rate of 20 and step again: what happens to the costs, and why do more steps change so little?
# 2. **Only this one.** Reset, choose the column of the 6 and follow only this digit, five times.
#    What becomes of the others?
# 3. **Who shouts?** Choose the trained network and 16 digits. Most columns are quiet. Find one with
#    a ✗, and set *Rows* to *largest of one digit first*. Where are its largest wishes?

# %%
nudges

# %% [markdown]
# There are two 2s among the eight digits, so their votes win first. A step that is far too long
# drives all outputs to 0, where every digit costs 1. There the sigmoid is flat, and a flat slope
# passes nothing back: the network is stuck.
#
# Put a digit of your own into the first column, drawn or picked. Say that your 3 is meant to be an
# 8. What does it want then?

# %%
explorers.own_digit_explorer(nudges)

# %% [markdown]
# **Half way: stop here if you like.** Next time, run all cells to here.
#
# ## Batches: why it is called stochastic
#
# The three steps as they stand average over *all* training data: that is plain **gradient
# descent**, and it is slow. So learning is divided: shuffle the data, cut them into **batches**,
# take one step for each batch. The mean over a batch is only an estimate of the whole. This is
# where chance comes in, and the name **stochastic** gradient descent.
#
# A neuron with two weights tells 9 from 6 by the ink in the upper and lower half. Its cost is a
# landscape that you can see.
#
# **Predict.** Two descents look at 400 digits each. One takes a step after every digit, the other
# takes a single step after all 400.

# %%
sooner = predict(
    "sooner", "Whose cost is lower then?", ["One digit at a time", "All at once", "Both the same"]
)
sooner

# %%
from aml4d_utils.topics.backprop.landscape import descend, six_or_nine

costs = [
    descend(
        six_or_nine(), [-2, 2], rate=4, batch_size=size, updates=400 // size,
        rng=np.random.default_rng(0),
    ).costs[-1]
    for size in (1, 400)
]
ways = ["One digit at a time", "All at once"]
sooner.compare(ways[int(np.argmin(costs))], f"Costs of {costs[0]:.3f} and {costs[1]:.3f}.")

# %% [markdown]
# Play the three ways down.
#
# 1. Raise the learning rate to 30. Which way zigzags, which one leaves the map?
# 2. Switch the shuffling off. Now all sixes come first. Look at the curve of one digit at a time.
# 3. Show the curves against the digits looked at. Which way would you choose, and why not batches
#    of one?

# %%
explorers.descent_explorer()

# %% [markdown]
# ## Teach the machine
#
# Back to the digits: 8,000 to learn from, 2,000 to be tested on. The loop below is one **epoch**,
# once through all data:

# %%
from aml4d_utils.topics.backprop.backward import backward as network_backward
from aml4d_utils.topics.backprop.learning import accuracy, batches, learn, one_hot

learner, wanted = network, one_hot(digits.labels, 10)
for chosen in batches(8000, 32, np.random.default_rng(0)):
    gradient = network_backward(learner, digits.inputs[chosen], wanted[chosen]).mean()
    learner = learner.with_parameters(learner.parameters() - 2.0 * gradient)

# %% [markdown]
# **Predict.** Chance is 10 %. After this one epoch the machine has seen each digit once.

# %%
taught = predict(
    "taught",
    "What share of unseen digits does it name rightly after ten epochs, in seconds from now?",
    ["Below 50 %", "50 to 90 %", "Over 90 %"],
)
taught

# %%
view = explorers.learning_view()
view

# %% [markdown]
# The view above fills while the next cell runs. Stop ends it early and keeps what was learned.

# %%
steps = learn(network, digits, rng=np.random.default_rng(0), epochs=10)
last = await run(
    steps, budget=12, draw=view.draw, label="Learning", describe=figures.describe_learning
)

# %%
first = accuracy(learner, digits.test_inputs, digits.test_labels)
groups = ["Below 50 %", "50 to 90 %", "Over 90 %"]
taught.compare(
    groups[(last.accuracy >= 0.5) + (last.accuracy > 0.9)],
    f"{figures.percent(first, 1)} after one epoch, {figures.percent(last.accuracy, 1)} now.",
)

# %% [markdown]
# ## Two notes, tested
#
# The lecture ends with two notes: the training data should be many enough, and noisy data do not
# work. Test both. A label is *wrong* here when another digit, drawn at random, stands in its place.
# The test digits keep their true labels.

# %%
noisy = predict(
    "noisy",
    "60 % of the 8,000 labels are wrong. What share of the test digits does it name rightly?",
    unit="per cent",
)
noisy

# %% [markdown]
# Two sets of networks learn from scratch, each network from 48,000 looks at its digits. The curves
# grow while they learn.

# %%
curves = explorers.curve_view()
curves

# %%
from aml4d_utils.topics.backprop.learning import noise_curve, size_curve

sizes = await run(
    size_curve(digits, [20, 100, 500, 2000, 8000]), label="Less data", draw=curves.draw,
    describe=figures.describe_curve,
)
noises = await run(
    noise_curve(digits, [0, 0.3, 0.6, 0.75, 0.9, 1]), label="Wrong labels", draw=curves.draw,
    describe=figures.describe_curve,
)
show(figures.draw_curves(sizes, noises), figures.describe_curves(sizes, noises))

# %% [markdown]
# Blue is measured on the 2,000 test digits, with the interval in which chance may move it, orange
# on what the network learned from.

# %%
found = noises.nearest(0.6)
noisy.compare(
    100 * found.test,
    f"With {figures.percent(found.value)} wrong labels it repeats {figures.percent(found.train)} "
    f"of what it learned from, and names {figures.percent(found.test)} of the test digits rightly. "
    "Wrong wishes at random cancel out in the mean.",
)

# %% [markdown]
# So note 1 holds: with few digits the network learns them by heart and fails on others. Note 2
# needs a closer look. Think of the nudges table: wrong labels at random wish in all directions, and
# the mean forgets them, until too few true ones are left. At 90 % every label is as good as drawn
# at random; beyond, the network learns what a digit is *not*. Mistakes with a system do not cancel:
# label every 4 as a 9, and that is what it learns.
#
# ## Exercises
#
# Write the body of each function, run the cell, then run the check. Ask for a hint with
# `exercises.activation_slope.hint()`, for a second one by asking again, and for one way to do it
# with `exercises.activation_slope.solution()`.

# %%
from aml4d_utils.lessons.backprop import exercises

# %% [markdown]
# ### 1 · The slope of each activation
#
# `name` is `"sigmoid"`, `"tanh"`, `"ReLU"`, `"leaky ReLU"` (max(0.1x, x)) or `"ELU"` (α = 1). The
# sixth of the lecture, maxout, has the slope of the line that wins. Slopes at exactly 0 are not
# tested.

# %%
def activation_slope(name, x):
    """Return the derivative of an activation function at each number of an array x."""
    # BEGIN SOLUTION
    if name == "sigmoid":
        s = 1 / (1 + np.exp(-x))
        return s * (1 - s)
    if name == "tanh":
        return 1 - np.tanh(x) ** 2
    if name == "ReLU":
        return np.where(x > 0, 1.0, 0.0)
    if name == "leaky ReLU":
        return np.where(x > 0, 1.0, 0.1)
    return np.where(x > 0, 1.0, np.exp(x))
    # END SOLUTION


# %%
exercises.activation_slope.check(activation_slope)

# %% [markdown]
# ### 2 · Backward through a layer
#
# A layer of sigmoid neurons has answered to a batch. `grad` is the gradient of each example's cost
# with respect to the layer's `activations`, both (examples, neurons); `previous` is (examples,
# inputs), `weights` (neurons, inputs). Return three gradients: of the weights, (neurons, inputs),
# and of the biases, (neurons,), both as means over the examples; and of the previous activations
# for each example, (examples, inputs).

# %%
def layer_backward(grad, activations, previous, weights):
    """Return the gradients of the weights, of the biases, and of the previous activations."""
    # BEGIN SOLUTION
    delta = grad * activations * (1 - activations)
    weight_gradient = delta.T @ previous / len(delta)
    bias_gradient = delta.mean(axis=0)
    return weight_gradient, bias_gradient, delta @ weights
    # END SOLUTION


# %%
exercises.layer_backward.check(layer_backward)

# %% [markdown]
# ### 3 · Check a gradient without theory
#
# `cost` is a function of an array `w` of parameters: floats, (n,). Look a little to both
# sides of each parameter, `h` up and `h` down, and return the slopes, (n,).

# %%
def numeric_gradient(cost, w, h):
    """Return how much the cost grows with each parameter, as an array like w."""
    # BEGIN SOLUTION
    slopes = np.zeros(len(w))
    for k in range(len(w)):
        up, down = w.copy(), w.copy()
        up[k] += h
        down[k] -= h
        slopes[k] = (cost(up) - cost(down)) / (2 * h)
    return slopes
    # END SOLUTION


# %%
exercises.numeric_gradient.check(numeric_gradient)

# %% [markdown]
# ### 4 · An epoch of stochastic gradient descent
#
# `gradient(weights, chosen)` gives the mean gradient of the examples whose numbers you pass, out of
# 0 to `count − 1`. Shuffle with `rng`, cut into batches, and take a step for each batch; the last
# one may be smaller.

# %%
def sgd_epoch(weights, gradient, count, batch_size, rate, rng):
    """Return the weights after going through all examples once."""
    # BEGIN SOLUTION
    order = rng.permutation(count)
    for first in range(0, count, batch_size):
        chosen = order[first : first + batch_size]
        weights = weights - rate * gradient(weights, chosen)
    return weights
    # END SOLUTION


# %%
exercises.sgd_epoch.check(sgd_epoch)

# %% [markdown]
# ### 5 · Decide: how long should a step be?
#
# The machine may take `steps` steps of plain gradient descent and no more. Measure the final cost
# for each learning rate, always from `start`: the cost after the last step, whatever it was on the
# way. Then choose the rate whose final cost is lowest. Try it on the real neuron with
# `exercises.digit_cost`, `exercises.digit_gradient`, `exercises.RATES` and `exercises.STEPS`.

# %%
def choose_rate(start, cost, gradient, rates, steps):
    """Return ({rate: final cost}, the rate you choose)."""
    # BEGIN SOLUTION
    costs = {}
    for rate in rates:
        weights = start
        for _ in range(steps):
            weights = weights - rate * gradient(weights)
        costs[rate] = cost(weights)
    return costs, min(costs, key=costs.get)
    # END SOLUTION


# %%
exercises.choose_rate.check(choose_rate)

# %% [markdown]
# ## Where it fails
#
# On its way back a gradient is multiplied by the slope of each neuron it passes. The sigmoid's
# slope is 0.25 at most, and almost 0 where the neuron is sure of itself: *saturated*. Through many
# layers little is left. Here are untrained networks with six hidden layers, measured on 64 digits:

# %%
from aml4d_utils.topics.backprop.fading import deep_network, measure_fading

few = digits.inputs[:64], wanted[:64]
fades = [
    measure_fading(deep_network(6, name, 1.0, np.random.default_rng(0)), *few)
    for name in ("sigmoid", "ReLU")
]
show(figures.draw_fading(fades), figures.describe_fading(fades))

# %% [markdown]
# Does it matter? Let such networks learn for two epochs. The learning rate is not to blame: sigmoid
# may try a small and a large one.

# %%
rows = []
for name, rate in (("sigmoid", 0.2), ("sigmoid", 2.0), ("ReLU", 0.2), ("tanh", 0.2)):
    net = deep_network(6, name, 1.0, np.random.default_rng(0))
    steps = learn(net, digits, rng=np.random.default_rng(0), epochs=2, rate=rate)
    done = await run(steps, label=f"{name}, rate {rate}")
    rows.append((name, f"{rate}", figures.percent(done.accuracy, 1)))
table("Right on the test digits, six hidden layers", ("activation", "rate", "right"), rows)

# %% [markdown]
# The vanishing gradient kept deep networks from learning for years. A sigmoid passes on a quarter
# at most, even where none is saturated: six in a row leave 1 in 4,096. tanh saturates too, but its
# slope in the middle is 1, and there it starts. Steeper activations, better starting weights and
# shortcuts around layers mended it. Find a setting below that loses a million times, and one that
# loses nothing. What do larger weights do to sigmoid neurons?

# %%
explorers.fading_explorer()

# %% [markdown]
# ## Quiz

# %%
from aml4d_utils.lessons.backprop.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - The **cost** says in one number how wrong the network is; its **gradient** says how each weight
#   matters.
# - **Backpropagation**: along a path multiply, where paths meet add up. One way forward, one way
#   back, all 13,002 slopes.
# - **Three steps**: bias and weights in proportion to previous activations; previous activations in
#   proportion to weights, and so on backwards; the mean over the data.
# - **Stochastic** means: a batch at a time, shuffled. Rougher steps, and many more of them.
# - **Learning rate**: too small is slow, too large leaves the valley. Measure a few.
# - **Data**: few examples are learned by heart; random mistakes cancel, systematic ones do not.
# - **Depth**: slopes multiply, and gradients can vanish on the way.
#
# **Credits.** Backpropagation: Rumelhart, Hinton and Williams, *Learning representations by
# back-propagating errors*, Nature 323, 1986. Stochastic gradient descent: Robbins and Monro, 1951.
# Hebb, *The Organization of Behavior*, 1949. The table of wishes follows G. Sanderson
# (3Blue1Brown), *What is backpropagation really doing?*, 2017; the graph follows A. Karpathy's
# micrograd, 2020. Vanishing gradients: Hochreiter, 1991; Glorot and Bengio, 2010. Digits: MNIST,
# LeCun and Cortes, CC BY-SA 3.0.
