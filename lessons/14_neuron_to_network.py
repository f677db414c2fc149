# ---
# jupyter:
#   aml4d:
#     title: From a neuron to a network
#     room: neurons
#     minutes: 75
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
# # 14 · From a neuron to a network
#
# *75 minutes.* A network is one small idea, repeated. You meet it once, then 42 times, and at the
# end it reads your handwriting.
#
# When you are done, you can
# - compute one neuron by hand, and write it as code;
# - choose an activation function and say where it saturates;
# - say what one neuron can separate, and why a layer can do more;
# - follow a digit through a network and look inside each of its neurons;
# - count the parameters of a network and choose its size by measurement.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start

start("14_neuron_to_network")

# %% [markdown]
# ## A door panel that reads
#
# You design a door panel. Visitors write their code with a finger, digit by digit. A small network
# must read it. Here are ten digits that it never saw, and what it says. Where the writer meant
# another digit, that stands behind it.

# %%
import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.neurons import digit_network, figures

digits = images.mnist()
network = digit_network.load_digit_network()
ten = digits.test_images[:10]
words = figures.answers(network.predict(digit_network.as_inputs(ten)), digits.test_labels)
show(figures.draw_digits(ten, words), figures.describe_digits(ten, words))

# %% [markdown]
# How do 784 pixels become one digit? Begin with the smallest part.
#
# ## One neuron: multiply, add, squash
#
# A neuron gets some numbers, its *inputs* $a_0, a_1, \dots$. Each has a *weight*: how much it
# counts, for or against. The neuron multiplies each input by its weight, adds the products, and
# adds its *bias*. Then it squashes the sum $z$ with an *activation function*, here the sigmoid σ:
#
# $$\text{output} = \sigma(w_0 a_0 + w_1 a_1 + \dots + b), \qquad \sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# *Units* (lessons 01, 08, 09) are such neurons, one at each place of a photo.
#
# **Predict.** The inputs are 1 and 0.5, the weights 2 and −4, the bias is 0.

# %%
balance = predict(
    "balance", "The two products cancel out. What does the neuron answer?", ["0", "0.5", "1"]
)
balance

# %% [markdown]
# **Run.** These lines are the whole neuron:

# %%
def neuron_output(inputs, weights, bias):
    total = bias
    for k in range(len(inputs)):
        total = total + weights[k] * inputs[k]
    return 1 / (1 + np.exp(-total))


# %%
answer = neuron_output([1, 0.5], [2, -4], bias=0)
balance.compare(f"{answer:g}", "A sum of 0 is undecided: σ(0) lies in the middle.")

# %% [markdown]
# ## Explore: one neuron
#
# Drag the inputs, the weights and the bias. Solid orange pushes the output up, dashed blue pushes
# it down.
#
# 1. **A neuron that says AND.** Set all three weights to +2. Which bias makes the output bright
#    only if all three inputs are bright?
# 2. **A stubborn neuron.** Set the bias to +6. What can the inputs still change? Choose ReLU and
#    try again.

# %%
from aml4d_utils.topics.neurons import explorers

explorers.neuron_explorer()

# %% [markdown]
# ## Six curves
#
# The ends of the sigmoid are flat. There the neuron is *saturated*: whatever happens to its sum,
# its output hardly moves.

# %%
flat = predict(
    "flat",
    "The sum of a sigmoid neuron grows from 5 to 10. What happens to its output?",
    ["It doubles", "It grows by about a tenth", "It grows by less than a hundredth"],
)
flat

# %%
from aml4d_utils.topics.neurons import activations

before, after = activations.sigmoid([5, 10]).tolist()
groups = ["It doubles", "It grows by about a tenth", "It grows by less than a hundredth"]
flat.compare(
    groups[(after < 1.5 * before) + (after - before < 0.01)],
    f"σ(5) = {before:.4f} and σ(10) = {after:.4f}.",
)

# %% [markdown]
# Learning follows slopes (lesson 15). Where the slope is near zero, nothing is learned. These are
# the lecture's six functions, each with its slope.

# %%
show(figures.draw_activations(), figures.describe_activations())

# %% [markdown]
# Move along them:
#
# 1. **Where does each one saturate?** Push x to both ends. Which ones stay steep on both sides?
# 2. **Build ReLU from maxout.** Drag the ends of its two lines until the curve is a ReLU. Can you
#    also build the absolute value?

# %%
explorers.activation_explorer()

# %% [markdown]
# ## One neuron draws one line
#
# Measure two numbers of each digit: its ink in all, and the light in its middle. Now each digit is
# a point in a plane. Zeros are dark in the middle, ones are bright. Point at one to see its digit.
#
# 1. **Draw the line.** Separate zeros (circles) from ones (squares) with three sliders. Dragging
#    in the picture moves the line. Over 95 %?
# 2. **Turn it, sharpen it.** Double both weights and the bias. What stays, and what changes?

# %%
explorers.hand_explorer()

# %% [markdown]
# A keypad for zeros and ones must refuse all other digits. Put 0 and 1 into one class, 2 to 9 into
# the other, and measure the same two numbers.

# %%
keypad = predict(
    "keypad",
    "How many digits can the best single neuron put on the right side?",
    ["Over 90 %", "75 to 90 %", "Under 75 %"],
)
keypad

# %%
from aml4d_utils.topics.neurons import plane, separating_points

binary = plane.points("0 and 1, or others")
single = await run(separating_points.learn(binary, 0, "tanh", seed=0), label="One neuron")
layer = await run(separating_points.learn(binary, 2, "tanh", seed=0), label="Two hidden neurons")
groups = ["Under 75 %", "75 to 90 %", "Over 90 %"]
keypad.compare(
    groups[(single.accuracy >= 0.75) + (single.accuracy > 0.9)],
    f"The best line gets {figures.percent(single.accuracy)}. Two hidden neurons and an output get "
    f"{figures.percent(layer.accuracy)}, and {figures.percent(layer.test_accuracy)} of new digits.",
)

# %% [markdown]
# The other digits lie in a band between zeros and ones. No straight line cuts out a band. Two
# lines do. Each hidden neuron draws one (dashed), and the output combines them.
#
# 1. **How many lines does a ring need?** Choose the ring. Raise the hidden neurons from 0. When
#    does it close?
# 2. **Luck at the start.** Choose the corners, 2 hidden neurons and ReLU. Change the random start.
#    Does every start find the answer? Then give it 8 neurons.

# %%
explorers.layer_explorer()

# %% [markdown]
# ## 784 inputs, three layers, ten answers
#
# Each of the 784 pixels goes to each of 16 neurons. Their outputs go to 16 more, and these to ten:
# one for each digit.

# %%
size = predict(
    "size", "How many weights and biases does this network have in all?", unit="parameters"
)
size

# %%
size.compare(network.parameter_count, "Nearly all lie between the pixels and the first layer.")

# %% [markdown]
# Layer by layer, weights and biases:

# %%
# NBVAL_CHECK_OUTPUT
print(784 * 16 + 16, 16 * 16 + 16, 16 * 10 + 10)
#> 12560 272 170

# %% [markdown]
# A whole layer is one line of code: a table of weights W times all outputs before it (their
# *activations*), plus the biases b, through the curve. This reads a digit:

# %%
def forward(activations):
    for W, b in zip(network.weights, network.biases, strict=True):
        activations = 1 / (1 + np.exp(-(W @ activations + b)))
    return activations


# %%
# NBVAL_CHECK_OUTPUT
eight = digits.test_images[8]
outputs = forward(eight.ravel() / 255)
print(outputs.shape, outputs.argmax() == network.predict(digit_network.as_inputs(eight))[0])
#> (10,) True

# %% [markdown]
# ## Explore: a network that reads
#
# It learned from 8,000 handwritten digits (`precomputed`: `tools/train_digits.py`). What you see is
# computed live. **Write four digits** on the door panel. Which does it misread? Try a 7
# with a bar, a 1 with a foot, and a digit across a line.

# %%
explorers.postcode_explorer()

# %% [markdown]
# Now one digit. Draw, then click neurons, or walk through them with the arrow keys.
#
# 1. **Follow a lit neuron.** Open a white neuron of the first layer. Which parts of your drawing
#    pushed it up? Open the winning output. Which hidden neurons voted for it?
# 2. **Show it your photo.** It has no digit in it. What does the network say?

# %%
explorers.reading_explorer()

# %% [markdown]
# ## What do hidden neurons look for?
#
# It would be neat if the first layer found strokes, and the second made loops of them. The 784
# weights of a first-layer neuron can be shown as a picture.

# %%
neat = predict(
    "neat",
    "What will the 16 pictures of weights look like?",
    ["A stroke or a loop in each", "A stroke in a few, blotches in most", "Blotches in all"],
)
neat

# %%
first = network.weights[0]
show(figures.draw_weights(first), figures.describe_weights(first))

# %% [markdown]
# Count the separate patches in each. A stroke is one or two: where ink counts, or where it
# counts against, beside it.

# %%
from aml4d_utils.topics.neurons import reading_digits

count = reading_digits.patches(first)
few, others = int((count <= 2).sum()), count[count > 2]
groups = ["Blotches in all", "A stroke in a few, blotches in most", "A stroke or a loop in each"]
neat.compare(
    groups[(few > 0) + (few >= 12)],
    f"{few} of {len(count)} pictures have one or two patches, the others {others.min()} to "
    f"{others.max()}.",
)

# %% [markdown]
# In 1, 8 and 11 you see a piece of a stroke, in 12 and 13 one among blotches; none is a loop. Still
# the network reads 95 of 100 digits. Nobody told it to find parts with names. It found weights that
# work.
#
# ## Exercises
#
# Write the body of each function, run the cell, then run the check. Ask for a hint with
# `exercises.neuron.hint()`, for a second one by asking again, and for one way to do it with
# `exercises.neuron.solution()`.

# %%
from aml4d_utils.lessons.neurons import exercises

# %% [markdown]
# ### 1 · Write a neuron
#
# Close the lesson's version above and write your own. Inputs and weights are arrays.

# %%
def neuron(inputs, weights, bias):
    """Return the output of a sigmoid neuron for inputs (n,), weights (n,) and a bias."""
    # BEGIN SOLUTION
    z = (inputs * weights).sum() + bias
    return 1 / (1 + np.exp(-z))
    # END SOLUTION


# %%
exercises.neuron.check(neuron)

# %% [markdown]
# ### 2 · Write the six activation functions
#
# `name` is `"sigmoid"`, `"tanh"`, `"ReLU"`, `"leaky ReLU"`, `"maxout"` or `"ELU"`, `x` an array of
# any shape. `lines` is used by maxout only: two pairs (weight, bias). The leak is 0.1, and ELU's α
# is 1. Below zero ELU is exp(x) − 1.

# %%
def activate(name, x, lines):
    """Return the activation function `name` of each number in x; `lines` is for maxout."""
    # BEGIN SOLUTION
    if name == "sigmoid":
        return 1 / (1 + np.exp(-x))
    if name == "tanh":
        return np.tanh(x)
    if name == "ReLU":
        return np.maximum(0, x)
    if name == "leaky ReLU":
        return np.maximum(0.1 * x, x)
    if name == "maxout":
        (w1, b1), (w2, b2) = lines
        return np.maximum(w1 * x + b1, w2 * x + b2)
    return np.where(x >= 0, x, np.exp(x) - 1)
    # END SOLUTION


# %%
exercises.activate.check(activate)

# %% [markdown]
# ### 3 · A whole layer at once
#
# `inputs` holds one example in each row, (B, n). `weights` holds one neuron in each row, (m, n).
# Return the outputs of all sigmoid neurons for all examples, (B, m), without a loop.

# %%
def layer(inputs, weights, biases):
    """Return the outputs (B, m) for inputs (B, n), weights (m, n) and biases (m,)."""
    # BEGIN SOLUTION
    z = inputs @ weights.T + biases
    return 1 / (1 + np.exp(-z))
    # END SOLUTION


# %%
exercises.layer.check(layer)

# %% [markdown]
# ### 4 · Count the parameters
#
# `sizes` is a list: the number of inputs, then the neurons of each layer.

# %%
def count_parameters(sizes):
    """Return how many weights and biases a network with these layer sizes has."""
    # BEGIN SOLUTION
    total = 0
    for k in range(1, len(sizes)):
        total = total + sizes[k - 1] * sizes[k] + sizes[k]
    return total
    # END SOLUTION


# %%
exercises.count_parameters.check(count_parameters)

# %% [markdown]
# ### 5 · Decide: a network for the door panel
#
# The panel's chip is small: fewer parameters are better. But it must read at least the share
# `least` of all digits. Train and measure each candidate, then decide. `exercises.CANDIDATES` is a
# dictionary of them; `exercises.measure(candidate)` takes about a second and returns the accuracy,
# which is the share that is read rightly, and the number of parameters. It tests on 1,000 digits,
# so a difference of 2 % may be chance.

# %%
def choose_network(least, candidates):
    """Return ({name: (accuracy, parameters)}, chosen name); `least` is the accuracy needed."""
    # BEGIN SOLUTION
    measured = {}
    for name, candidate in candidates.items():
        measured[name] = exercises.measure(candidate)
    fitting = [name for name in candidates if measured[name][0] >= least]
    return measured, min(fitting, key=lambda name: measured[name][1])
    # END SOLUTION


# %%
exercises.choose_network.check(choose_network)

# %% [markdown]
# ## Where it fails
#
# The network has ten outputs, and none of them means “this is no digit”. Here are 324 photos of
# animals, fruit, tools and vehicles, made as small as digits and shown to it. The ten below got the
# surest answers.

# %%
cutouts = images.cutouts()
small = np.stack([images.grey(images.mount(c.rgba, 28, ground=0.0)) for c in cutouts])
names = tuple(cutout.name for cutout in cutouts)
found = reading_digits.read_strangers(network, small.clip(0, 1), names, digits.test_images)
show(figures.draw_strangers(found), figures.describe_strangers(found))

# %% [markdown]
# A strong output does not say “I am sure”. It says “of my ten answers, this one”. The network
# learned from digits alone and cannot know that there is anything else. What would you show it, so
# that it learns to refuse?
#
# ## Quiz

# %%
from aml4d_utils.lessons.neurons.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - A **neuron** multiplies, adds, adds its **bias**, and squashes: σ(w₀a₀ + w₁a₁ + … + b).
# - **Activation functions** differ at their ends: sigmoid and tanh saturate on both sides, ReLU and
#   ELU on one, leaky ReLU and maxout need not.
# - One neuron draws **one line**. A hidden layer draws several, and the next layer combines them.
# - A **forward pass** is a matrix product, a bias and a curve, layer by layer.
# - A network 784–16–16–10 has **13,002 parameters**. More is not always better: measure.
# - Most of its neurons look like nothing with a name, and it answers even where it should not.
#
# **Credits.** Digits: MNIST, LeCun, Bottou, Bengio and Haffner, *Gradient-based learning applied to
# document recognition*, 1998, CC BY-SA 3.0. Photos: see `THIRD_PARTY.md`. The network 784–16–16–10
# follows Sanderson, *But what is a neural network?*, 3Blue1Brown, 2017. Points in a plane: after
# TensorFlow Playground, Smilkov et al., arXiv:1708.03788, 2017. Leaky ReLU: Maas, Hannun and Ng,
# 2013. Maxout: Goodfellow et al., 2013. ELU: Clevert, Unterthiner and Hochreiter, 2016.
