# ---
# jupyter:
#   aml4d:
#     title: What CNNs learn
#     room: visualisation
#     minutes: 90
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
# # 08 · What CNNs learn
#
# *90 minutes.* Nobody designed the units of a CNN. So somebody has to find out what they look for.
# All pictures are computed live; one table of patches is precomputed, and says so. For two
# sittings, pause before *Draw what a unit likes*.
#
# When you are done, you can
# - send a unit's answer back to the photo, by three rules, and say how they differ;
# - read what units of early and late layers like;
# - find out which part of a photo an answer is based on;
# - draw what a unit likes, and say why bare pixels will not do;
# - test whether a picture of a network shows anything about the network.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start

start("08_what_cnns_learn")

# %% [markdown]
# ## What made it answer?
#
# Your app reads photos of products, and it is right. But does it look at the product, or at the
# table? A CNN does not say. It only has numbers: thousands of units, each answering with 0 or more.
# A *unit* is a kernel with its feature map (lesson 07): one question, asked at every place.
#
# Of all in SqueezeNet's layer `fire7`, this one answers most to your photo. On the left is what it
# looks at. The other three pictures try to say what in it made the unit answer.

# %%
from aml4d_utils import images, nets
from aml4d_utils.topics.visualisation import figures, projection

photo = images.own_photo()
net = nets.load("squeezenet1_1", "cpu")
looking = projection.Looking(net, photo)
spot = looking.loudest_spot("fire7")
three = [looking.project(spot, rule) for rule in ("deconvnet", "guided", "gradient")]
show(figures.draw_projections(three), figures.describe_projections(three))

# %% [markdown]
# Grey is zero. Light and dark is what came back above and below zero. Each picture has its own
# scale.
#
# ## The way back
#
# Put 1 at the unit and 0 at all others, and walk back through the layers to the pixels.
#
# - **Convolution.** Lay the kernel down wherever there is signal, as strongly as the signal says.
# - **Max pooling.** It kept the largest of some values and forgot the place. So on the way forward
#   we note a *switch*: where the largest stood. The signal goes back there.
# - **ReLU.** On the way forward it turned negative values into 0. And on the way back? Here the
#   three methods part.

# %%
def back_through_relu(signal, came_in, rule):
    if rule == "gradient":
        return signal * (came_in > 0)  # the photo decides
    if rule == "deconvnet":
        return signal.clamp(min=0)  # the signal decides
    return signal.clamp(min=0) * (came_in > 0)  # guided: both must agree


# %% [markdown]
# **Predict.** A signal of 2 comes back to a ReLU. On the way forward, −3 had come in there.

# %%
silent = predict(
    "silent",
    "Which rule lets the signal of 2 through, although the photo left this ReLU silent?",
    ["gradient", "deconvnet", "guided"],
)
silent

# %%
import torch

signal, came_in = torch.tensor(2.0), torch.tensor(-3.0)
through = {rule: back_through_relu(signal, came_in, rule).item() for rule in silent.options}
silent.compare(max(through, key=through.get), f"What gets through: {through}.")

# %% [markdown]
# Each rule answers a question of its own.
#
# | signal | came in | gradient | deconvnet | guided |
# |---:|---:|---:|---:|---:|
# | +2 | +3 | **+2** | **+2** | **+2** |
# | +2 | −3 | 0 | **+2** | 0 |
# | −2 | +3 | **−2** | 0 | 0 |
# | −2 | −3 | 0 | 0 | 0 |
#
# - *Gradient*: what would change the answer, if the pixels changed a little? A silent ReLU stays
#   silent, so nothing passes it. All else passes, for the answer and against it. On the way down
#   both meet and partly cancel.
# - *Deconvnet*: what speaks for the answer? Nothing against it passes. But this rule never asks
#   which ReLUs the photo left silent: it also draws what the kernels would like to see there.
# - *Guided*: what speaks for the answer, and was in the photo? Few signals pass both questions.
#   What is left is clear to see, and no longer says what a change of the pixels would do.
#
# Autograd, which trains networks, walks back by the gradient. Our own walk must agree with it:

# %%
# NBVAL_CHECK_OUTPUT
pixels = nets.preprocess("squeezenet1_1", photo, "cpu").requires_grad_(True)
ours = looking.class_signal(281, back_through_relu, "gradient")
(theirs,) = torch.autograd.grad(net(pixels)[0, 281], pixels)
print(torch.allclose(ours, theirs, atol=1e-5 * theirs.abs().max().item()))
#> True

# %% [markdown]
# **Predict.** Look at the three pictures at the top again. For each we can count how few pixels
# carry half of all that came back.

# %%
widest = predict(
    "widest",
    "Which rule spreads its signal over the most pixels?",
    ["deconvnet", "guided", "gradient"],
)
widest

# %%
spread = {p.rule: p.focus for p in three}
words = ", ".join(f"{rule} {figures.percent(share, 1)}" for rule, share in spread.items())
widest.compare(max(spread, key=spread.get), f"Half of the signal lies in: {words}.")

# %% [markdown]
# In the gradient, for and against meet at the same pixels, and neighbours come out light and dark.
# The other two rules let nothing against the answer through, so nothing cancels.
#
# ## Explore: send an answer back
#
# Click the photo, or move the point with the arrow keys. At that place, in each of five layers,
# the unit that answers most sends its answer back. The boxes show how far the five layers look.
# Zeiler and Fergus used five layers in 2014; here `conv1`, `fire3`, `fire5`, `fire7` and `fire9`
# stand for them.
#
# 1. **Deeper.** Click an eye, or something else small and round. From which layer on is the whole
#    thing in the picture, and not only a piece of its edge?
# 2. **Three rules.** Stay there and change the rule. Which one draws, and which one scatters? Then
#    raise the rank: what does the second unit see at the same place?

# %%
from aml4d_utils.topics.visualisation import explorers

explorers.projection_explorer()

# %% [markdown]
# ## What a unit likes most
#
# One photo tells little about a unit. So we showed SqueezeNet 455 pictures: photos, cut-outs on
# real backgrounds, scenes. For each unit we noted its nine strongest answers, no original twice.
# That takes a minute and is *precomputed*, by `tools/precompute_top_patches.py`. The patches are
# cut out live, and what goes back to them is computed live.
#
# 1. **Read a unit.** Begin with `conv1`, then look into deeper layers. Click tiles until you find a
#    unit that you can name. Do all nine patches fit the name?
# 2. **What do they share?** Find a unit in `fire9` whose patches seem to have nothing in common.
#    Look at what goes back to them: is there a shape in all nine?
# 3. **Give it a name.** Type your own name for a unit below the controls. It then stands above its
#    patches. *Save this picture* and show it to a friend: would they have called it the same?

# %%
explorers.unit_browser()

# %% [markdown]
# Early units like edges and colours. Later ones like textures, then parts: dots, wheels, legs.
# This is what Zeiler and Fergus found in their network too.
#
# ## Do you believe your name for it?
#
# Tile 22 of `fire5` is unit 87. Squirrel, doll, owl: it seems to be an eye detector.
#
# **Predict.** We draw a black dot on white paper. It is no eye, and nothing else is in the picture.

# %%
dot = predict(
    "dot",
    "What makes unit 87 answer most?",
    ["The best of 455 pictures", "A plain black dot"],
)
dot

# %%
from aml4d_utils.topics.visualisation import reading

tried = reading.try_reading(net, reading.eye_or_dot(), *reading.DOT_UNIT)
show(figures.draw_reading(tried), figures.describe_reading(tried))

# %% [markdown]
# The bars on the right are its nine favourites among the photographs.

# %%
dot.compare(
    dot.options[int(tried.answers[0] > tried.favourites.max())],
    f"The dot gets {tried.answers[0]:.0f}, its favourite patch {tried.favourites.max():.0f}.",
)

# %% [markdown]
# “Eye” was our word. The unit looks for something small, round and dark, and eyes happen to be so.
# Its neighbour, unit 171, likes faces. Is that name better? It gets two dots above one:

# %%
tried = reading.try_reading(net, reading.face_or_dots(), *reading.FACE_UNIT)
show(figures.draw_reading(tried), figures.describe_reading(tried))

# %% [markdown]
# Two dots above one will do; the same three upside down get next to nothing. Favourites suggest a
# name. Only new pictures, made to prove it wrong, can test it. Exercise 4 does that with numbers.
#
# ## What is an answer based on?
#
# *Occlusion sensitivity* is the plainest method of all. Hide a part of the photo with a grey
# patch. Ask again. Do so at 13 × 13 places.

# %%
hidden = predict(
    "hidden",
    "By how many percentage points does the first guess fall at the worst of the 169 places?",
    unit="percentage points",
)
hidden

# %%
from aml4d_utils.topics.visualisation import occlusion

guess = nets.classify("squeezenet1_1", photo, k=1)[0]
result = await run(occlusion.occlude(net, photo, [guess.index]), label="169 answers")
worst = result.drops(0).max()
hidden.compare(float(100 * worst), f"“{guess.label}” had {figures.percent(guess.probability)}.")

# %% [markdown]
# *Grad-CAM* asks the last feature maps instead. Each map gets a weight, the mean of its gradient:
# how much the class gains when the map grows. The weighted sum shows where the maps speak for the
# class. It needs one way forward and one back, not 169.
#
# 1. **Two animals.** Choose the picture *hen and ferret*. As the class take the ferret, then the
#    hen: both maps must move. Which fits the animal better?
# 2. **Move the patch** over your photo and watch the bars. Find a place where hiding *helps* the
#    first guess. Whom does it harm? Then hide with another colour: what changes?

# %%
explorers.evidence_explorer()

# %% [markdown]
# ## Draw what a unit likes
#
# Now without any photo: start with grey noise and change it, step by step, so that a unit answers
# more. Three parts make this work.
#
# - An **objective**: the mean answer of one unit.
# - A **parameterisation**: what the picture is made of. Bare pixels, or waves in photo colours.
# - **Robustness**: shift, turn and scale the picture a little before each look.
#
# **Predict.** First without the second and the third part: bare pixels, no shaking.

# %%
bare = predict(
    "bare",
    "What comes out of bare pixels, compared with waves, photo colours and shaking?",
    ["A lower answer", "A higher answer, and much finer detail", "The same picture"],
)
bare

# %%
from aml4d_utils.topics.visualisation import image_parameters, maximisation, shaking

objective = maximisation.unit_objective(net, "fire7", 131)


def drawing(parts):
    noise = torch.Generator().manual_seed(0)
    numbers = image_parameters.parameterise(
        128, waves=parts, natural_colours=parts, generator=noise
    )
    shake = shaking.in_turn(shaking.ROBUST if parts else [])
    return maximisation.draw(objective, numbers, shake, generator=noise, steps=64)


# %% [markdown]
# Sixty-four steps each, from the same noise:

# %%
plain = await run(drawing(parts=False), label="Bare pixels")
full = await run(drawing(parts=True), label="All parts")
answers = [
    [maximisation.answer_to(objective, step.picture, shift) for shift in (0, 2)]
    for step in (plain, full)
]
show(
    figures.draw_two_drawings(plain, full, answers),
    figures.describe_two_drawings(plain, full, answers),
)

# %%
finer = maximisation.fine_detail(plain.picture) > 2 * maximisation.fine_detail(full.picture)
higher = answers[0][0] > answers[1][0]
bare.compare(
    bare.options[int(higher)] if finer else bare.options[2],
    f"The answers are {answers[0][0]:.0f} and {answers[1][0]:.0f}.",
)

# %% [markdown]
# The network likes that noise, but only exactly there: moved by two pixels it has lost most of it.
# Such noise is true, and no help to you. What survives moving is what the unit looks for.
#
# 1. **Take one part away at a time.** Which one brings the colours, which one the large forms,
#    which one keeps the noise out?
# 2. **Compare with the patches.** Find a unit for which drawing and patches tell different stories.

# %%
explorers.drawing_explorer()

# %% [markdown]
# ## Watch features come into being
#
# These features were learned. Here the small CNN of lesson 07 trains again, and we look into it at
# five moments. For its second layer we find each unit's strongest answer among 500 garments and
# send it back by the deconvnet, as Zeiler and Fergus did.

# %%
later = predict(
    "later",
    "Which layer's features still change more between the last two moments?",
    ["Layer 1", "Layer 2"],
)
later

# %% [markdown]
# The training takes some ten seconds. Each small picture has a scale of its own: compare patterns,
# not how strong they are. *Likeness* does the same. It is a correlation: 1 is the same pattern.

# %%
from aml4d_utils.topics.convolution import training
from aml4d_utils.topics.visualisation import evolution

torch.manual_seed(0)
data, cnn = images.fashion_mnist(), training.SmallCNN()
steps = training.train(
    cnn, data.train_images, data.train_labels, data.test_images[:1000], data.test_labels[:1000],
    generator=torch.Generator().manual_seed(0), epochs=5, look_every=160,
)
evolved = await run(
    evolution.evolve(cnn, steps, data.test_images[:500]), label="Five moments of a training"
)
show(figures.draw_evolution(evolved), figures.describe_evolution(evolved))

# %%
first, second = figures.settled(evolved)[-1]
later.compare(
    later.options[int(second < first)],
    f"Likeness of the last two moments: {first:.2f} in layer 1, {second:.2f} in layer 2.",
)

# %% [markdown]
# ## Exercises
#
# Write the body of each function, run the cell, then run the check. Ask for a hint with
# `exercises.guided_backward.hint()`, for a second one by asking again, and for one way to do it
# with `exercises.guided_backward.solution()`.

# %%
import numpy as np

from aml4d_utils.lessons.visualisation import exercises

# %% [markdown]
# ### 1 · The way back through a ReLU, guided
#
# Close the lesson's version above and write your own, with NumPy: arrays in, an array out.

# %%
def guided_backward(signal, came_in):
    """Return what goes back through a ReLU by the guided rule; both arrays have one shape."""
    # BEGIN SOLUTION
    return np.where((signal > 0) & (came_in > 0), signal, 0)
    # END SOLUTION


# %%
exercises.guided_backward.check(guided_backward)

# %% [markdown]
# ### 2 · An occlusion map
#
# `score(photo)` gives one number for a photo (H, W, 3). Hide squares of `patch` × `patch` pixels
# with mid-grey, 0.5. They start at 0, `stride`, 2 · `stride` and so on, and stay inside the photo.

# %%
def occlusion_map(photo, score, patch, stride):
    """Return by how much the score falls at each place, as an array (rows, cols)."""
    # BEGIN SOLUTION
    tops = range(0, photo.shape[0] - patch + 1, stride)
    lefts = range(0, photo.shape[1] - patch + 1, stride)
    drops = np.zeros((len(tops), len(lefts)))
    whole = score(photo)
    for row, top in enumerate(tops):
        for col, left in enumerate(lefts):
            hidden = photo.copy()
            hidden[top : top + patch, left : left + patch] = 0.5
            drops[row, col] = whole - score(hidden)
    return drops
    # END SOLUTION


# %%
exercises.occlusion_map.check(occlusion_map)

# %% [markdown]
# ### 3 · Grad-CAM
#
# `maps` (C, h, w) are feature maps; `gradients`, in the same shape, say how a class's score changes
# with each of their cells. A map's weight is the mean of its gradients. Add up the weighted maps;
# what speaks against the class becomes 0.

# %%
def cam_map(maps, gradients):
    """Return the map (h, w) of where the feature maps speak for a class."""
    # BEGIN SOLUTION
    weights = gradients.mean(axis=(1, 2))
    total = np.einsum("c,chw->hw", weights, maps)
    return np.maximum(total, 0)
    # END SOLUTION


# %%
exercises.cam_map.check(cam_map)

# %% [markdown]
# ### 4 · Decide: what does the unit look for?
#
# Three people name unit 87. Each brings pictures that fit the name, and pictures that do not.
# `answer(name)` measures, on the real network, how much the unit answers to a picture. Pair every
# fitting picture with every other one: a pair is right where the fitting one is answered more,
# half right where both are alike. Keep the name with the largest share of right pairs, if it
# reaches 0.875; else return `"none of them"`.

# %%
show(
    figures.draw_claims(exercises.READINGS, exercises.picture),
    figures.describe_claims(exercises.READINGS),
)

# %% [markdown]
# These are the names and the pictures, `exercises.READINGS`. The check also tries made-up units.

# %%
def choose_reading(readings, answer):
    """Return ({name: share of right pairs}, name to keep) of {name: (fitting, other pictures)}."""
    # BEGIN SOLUTION
    measured = {}
    for name, (fitting, others) in readings.items():
        points = 0
        for one in fitting:
            for other in others:
                points += (answer(one) > answer(other)) + (answer(one) >= answer(other))
        measured[name] = points / (2 * len(fitting) * len(others))
    best = max(measured, key=measured.get)
    return measured, best if measured[best] >= 0.875 else "none of them"
    # END SOLUTION


# %%
exercises.choose_reading.check(choose_reading)

# %% [markdown]
# ## Where it fails
#
# A picture of what a network sees should depend on the network. Adebayo and others tested that in
# 2018: destroy the network, layer by layer from the top, and make the picture again.
#
# **Predict.** We replace the weights of SqueezeNet's upper half by random numbers. Its answers
# become nonsense. How alike is the deconvnet's picture to that of the intact network?

# %%
broken = predict(
    "broken",
    "Likeness of the two pictures, 1 is the same, 0 is unrelated:",
    ["Below 0.3", "0.3 to 0.7", "Over 0.7"],
)
broken

# %%
from aml4d_utils.topics.visualisation import sanity

stages = await run(sanity.destroy(net, photo, guess.index, seed=0), label="Destroying")
show(figures.draw_sanity(stages), figures.describe_sanity(stages))

# %% [markdown]
# The curves show the likeness after each layer that was destroyed.

# %%
half = stages[-1].history["deconvnet"][5]
broken.compare(broken.options[int(half >= 0.3) + int(half > 0.7)], f"It is {half:.2f}.")

# %% [markdown]
# The clearest pictures pass the test worst. Deconvnet and guided backpropagation copy the edges of
# the photo, whatever the upper layers have learned. The gradient looks noisy, but it changes at
# once. So never take a sharp picture for an explanation: destroy the network first, and look again.
#
# ## Quiz

# %%
from aml4d_utils.lessons.visualisation.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - Three **rules** for the way back through a ReLU: gradient, **deconvnet**, guided. Pooling goes
#   back by **switches**.
# - **Layers**: edges and colours, textures, parts, things. Later units see further.
# - A name for a unit is a guess. **Test** it with pictures made to prove it wrong.
# - **Occlusion** hides and asks again; **Grad-CAM** weighs the last maps. Both are about one class.
# - **Activation maximisation** needs waves, photo colours and shaking, or it draws noise.
# - A **sanity check** tells pictures of the network from pictures of the photo.
#
# **Credits.** Photos: see `THIRD_PARTY.md`. Deconvnet, occlusion, evolving features: Zeiler and
# Fergus, *Visualizing and understanding convolutional networks*, ECCV 2014. Gradient: Simonyan,
# Vedaldi and Zisserman, arXiv:1312.6034, 2013. Guided: Springenberg and others, arXiv:1412.6806,
# 2014. Grad-CAM: Selvaraju and others, ICCV 2017. Drawing: Erhan and others, 2009; Olah,
# Mordvintsev and Schubert, *Feature visualization*, Distill, 2017. Sanity checks: Adebayo and
# others, NeurIPS 2018. SqueezeNet: Iandola and others, arXiv:1602.07360, 2016.
