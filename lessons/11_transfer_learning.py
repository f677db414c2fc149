# ---
# jupyter:
#   aml4d:
#     title: Transfer learning
#     room: transfer_learning
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
# # 11 · Transfer learning
#
# *90 minutes.* You have thirty photos, and others have a million. Here you let a network that has
# seen the million look at your thirty, and teach it your own classes in seconds.
#
# When you are done, you can
# - teach a trained network your own classes, with a new last layer;
# - say how many labels it takes, with the controls that make the answer believable;
# - tell a body that is frozen from one that only seems so;
# - choose between training from scratch, freezing and fine-tuning;
# - find out whether your network learned the thing or the table it stood on.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start

start("11_transfer_learning")

# %% [markdown]
# ## Thirty photos
#
# You design a sorting table. Somebody has photographed a few things of each class, no more:
# labelling is dull and costs money. Each photo shows another thing.

# %%
from aml4d_utils.topics.transfer import figures, tasks

photos = tasks.photo_task()
show(figures.draw_task(photos), figures.describe_task(photos))

# %% [markdown]
# A network has a *body*, many layers that turn a picture into numbers, the *features*. On top sits
# a *head*: one layer that turns features into scores for the classes. This body was trained with
# over a million photos of a thousand classes. Nobody asked it about your six.
#
# *Transfer learning*: keep the body as it is, *frozen*, and give it a new head. Here it is, with
# 5 labels for each class:

# %%
from aml4d_utils.topics.transfer.linear_heads import balanced_accuracy, fit_head
from aml4d_utils.topics.transfer.trained_bodies import Bodies

bodies = Bodies()
features = bodies.features("Lite0", photos.pictures)
split = tasks.split_task(photos, most=20, seed=0)
learned = split.labelled(5)
head = fit_head(features[learned], photos.labels[learned], classes=6)
answers = head.answers(features[split.test])
print(f"{balanced_accuracy(answers, photos.labels[split.test]):.0%} right; chance gives 17 %")

# %% [markdown]
# *Balanced accuracy* is the mean over the classes, so that a large class counts no more than a
# small one. The body made 1,280 numbers of each picture of 128 × 128 pixels. The head learned from
# 30 pictures, and none of them is in the test:

# %%
# NBVAL_CHECK_OUTPUT
print(photos.pictures.shape, features.shape)
print(len(learned), len(set(split.labelled(20)) & set(split.test)))
#> (154, 128, 128, 3) (154, 1280)
#> 30 0

# %% [markdown]
# The other way is to train a small network *from scratch*, from random weights.

# %%
leading = predict(
    "leading",
    "With 5 labels for each class, how far is the frozen body ahead of training from scratch?",
    ["less than 10 points", "10 to 30 points", "30 points or more"],
)
leading

# %% [markdown]
# What if the task is easy, and any numbers would do? So there are two *controls*: features of the
# same body *untrained*, with random weights, and *raw pixels*. All get the same five splits.

# %%
from aml4d_utils.topics.transfer import curve_library, label_curves

curves = await run(label_curves.label_curves(bodies, photos), label="Four ways, five splits")
show(figures.draw_label_curves(curves), figures.describe_label_curves(curves))

# %% [markdown]
# The bands reach from the worst split to the best.

# %%
ahead, _, _ = curves.lead(label_curves.FROZEN, label_curves.SCRATCH, 5)
sizes = ["less than 10 points", "10 to 30 points", "30 points or more"]
leading.compare(sizes[int(ahead >= 0.1) + int(ahead >= 0.3)], figures.describe_lead(curves, 5))

# %% [markdown]
# Look at the untrained body: the same layers, and not much better than pixels. So the gain is not
# in the architecture, but in what the body has learned from other people's photos.
#
# ## Explore: how many labels?
#
# 1. **The price of a point.** Set the labels to 5, then to 20. What do four times as many labels
#    add to the frozen body, and what to the network from scratch?
# 2. **One label.** Set the labels to 1 and look at the worst and the best split. Would you promise
#    anything? Then let the last block learn too, under *Fine-tune*. Does it help?
# 3. **Products.** Choose *rendered*: chairs, lamps, tables in 3-D. Each label is another model. Is
#    the lead as long?

# %%
from aml4d_utils.topics.transfer import explorers

library = curve_library.CurveLibrary(bodies)
library.keep(curves)
explorers.label_explorer(library)

# %% [markdown]
# *Fine-tuning* goes on training the body with small steps. A layer that may learn can adapt, and
# can also forget. All layers take about a minute here, so they get one split only.
#
# ## A better body, better features?
#
# Does the network that is better at ImageNet also have the better features? Kornblith and
# colleagues found so for 16 networks. How often is each right about things that
# ImageNet has a class for, and how good are its features?

# %%
from aml4d_utils.topics.transfer import two_bodies

both = await run(two_bodies.compare(bodies, photos), label="Asking both networks")
show(figures.draw_two_bodies(both), figures.describe_two_bodies(both))

# %% [markdown]
# Two networks are no proof. Is the order the same on the left and on the right?
#
# ## How far does it reach?
#
# The rule is: *same data, similar task*. How much the same? Here are six tasks of six classes
# each, from near to far. *Social media* are the same photos, blurred, tinted and packed hard as a
# JPEG. *Drawings* are the same photos in pencil. In *scrambled* photos every square of colour is
# still there, in the wrong place.

# %%
reaching = predict(
    "reaching",
    "In which task do frozen features add least to raw pixels?",
    ["social media", "rendered", "drawings", "garments", "scrambled"],
)
reaching

# %%
from aml4d_utils.topics.transfer import task_distance

slope = await run(task_distance.slope(bodies, splits=3), label="Six tasks")
show(figures.draw_slope(slope), figures.describe_slope(slope))

# %% [markdown]
# The grey numbers are the points that the features add, in three other splits.

# %%
least = slope.stations[int(slope.gains.argmin())]
reaching.compare(least, f"There they add {slope.gains.min():.0f} points to raw pixels.")

# %% [markdown]
# It is no straight slope. Garments are grey, centred and all alike: raw pixels do well already, and
# little is left to add. A scrambled photo is as good as any to raw pixels. But for the body no
# edge, no part, no thing is left: what it learned is about *pictures*.
#
# ## From rendered things to photos
#
# Rendering prototypes is cheap. Learn *vehicle*, *animal* and *tool* from things in 3-D, test on
# photos, then add a handful of photos.

# %%
rendered_and_photos = task_distance.rendered_and_photographed()
crossings = [
    (words, await run(task_distance.crossing(bodies, body, tasks=rendered_and_photos), label=words))
    for words, body in (("frozen Lite0", "Lite0"), ("raw pixels", "pixels"))
]
show(figures.draw_crossing(crossings), figures.describe_crossing(crossings))

# %% [markdown]
# Compare the dotted line, rendered things tested on rendered ones, with where the blue line begins.
# What does the step to photos cost with each kind of features? From how many photos on do rendered
# things add little?
#
# ## Frozen, or so you think
#
# In PyTorch a layer is frozen by `requires_grad = False`: the optimiser does not touch it. Here a
# head learns on a body that is frozen like this, for twelve small batches. Then the body is asked
# about 24 photos again.

# %%
freezing = predict(
    "freezing",
    "No weight of the body may change. For how many of 24 photos does its first guess change?",
    ["for none", "for 1 to 5", "for more than 5"],
)
freezing

# %%
from aml4d_utils.topics.transfer.frozen_or_not import train_head_on

seeming = await run(train_head_on(bodies.net("Lite0"), photos, "train"), label="A frozen body")
counts = ["for none", "for 1 to 5", "for more than 5"]
guesses = seeming.first_guesses
freezing.compare(counts[int(guesses > 0) + int(guesses > 5)], figures.describe_moved(seeming))

# %% [markdown]
# No weight has moved. What has are *running statistics*: a BatchNorm layer keeps mean and variance
# of what flows through it. In training mode it renews them with every batch, and needs no gradient
# for that. A layer alone shows it, before and after one batch of tens:

# %%
# NBVAL_CHECK_OUTPUT
import torch

layer = torch.nn.BatchNorm2d(1).requires_grad_(False)
before = layer.running_mean.item()
layer(torch.full((4, 1, 8, 8), 10.0))
print(before, layer.running_mean.item())
#> 0.0 1.0

# %% [markdown]
# The repair is one word, `eval()`. Now every number of the body must be the same, bit for bit:

# %%
truly = await run(train_head_on(bodies.net("Lite0"), photos, "eval"), label="In evaluation mode")

# %%
# NBVAL_CHECK_OUTPUT
print(truly.changed_parameters, truly.changed_statistics, truly.first_guesses)
#> 0 0 0

# %% [markdown]
# Both ways of training side by side:

# %%
from aml4d_utils.notebook import table

rows = [
    (
        moved.mode,
        f"{moved.changed_parameters} of {moved.parameters}",
        f"{moved.changed_statistics} of {moved.statistics}",
        f"{moved.turned:.1f}°",
    )
    for moved in (seeming, truly)
]
table("What moved in the body.", ("mode", "weights", "statistics", "features turned"), rows)

# %% [markdown]
# ## Teach it yourself
#
# To begin with, there are forty photos of flowers and fruit, two of each thing, taken one after the
# other: a *burst*. Each photo is judged by a head that never learned from its burst. Crossed out
# are those on the wrong side.
#
# 1. **Find the mistake.** Somebody filed a flower under fruit. Use the map or the gallery, *wrong
#    side only*, and click on the candidates. Choose the class *flowers*, move both photos, and
#    watch the number. *Undo* takes a step back.
# 2. **Torn bursts.** The sentence has a second number, for bursts that are torn apart. Why is it
#    higher? Which one would you print on the box?
# 3. **Your own.** Under *To be seen* choose *camera and files*. Write two to six names, *Start with
#    these*, and add photos to each class: files, or a burst from your camera. Let the camera run
#    on: what does it say live?
# 4. **The other table.** Tick *on another table* and add photos of the same things from elsewhere.

# %%
from aml4d_utils.topics.own_classes.explorers import teach_explorer

teach_explorer(bodies=bodies)

# %% [markdown]
# *The head's weights* are all that was learned: a row for each class, a column for each feature.
# With *the last block too* the body adapts as well; a correction then takes longer.
#
# *Save what it learned* writes two files into a folder `own_classes` beside this notebook: numbers,
# and what they mean. Neither can hold a program. *Load a saved network* reads both again. The same
# without clicking, there and back:

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

from aml4d_utils import images
from aml4d_utils.topics.own_classes import model_bundle, photo_collection, teaching

collection = photo_collection.example_collection(misfiled=False)
taught = await run(teaching.teach(bodies, collection), label="Flowers and fruit")
with TemporaryDirectory() as folder:
    model_bundle.save_bundle(folder, taught)
    print(Path(folder, "labels.json").read_text("utf-8"))
    again = model_bundle.load_bundle(folder, bodies)
print(f"Honest {taught.honest:.0%}, with torn bursts {taught.careless:.0%}.")
again.probabilities(images.photo("flower"))

# %% [markdown]
# ## Exercises
#
# Write the body of each function, run the cell, then run the check.
# `exercises.head_step.hint()` gives a hint, asked again a second one;
# `exercises.head_step.solution()` shows one way to do it.

# %%
import numpy as np

from aml4d_utils.lessons.transfer_learning import exercises

# %% [markdown]
# ### 1 · The head
#
# One row of `features` is one photo. Its scores are `features @ weights + bias`, one for each
# class. The *softmax* turns them into probabilities: take exp of each score, and divide by the sum
# of the row. Scores may be as large as 800 or as small as −800.

# %%
def head_probabilities(features, weights, bias):
    """Return the probability of each class (N, K) from features (N, D)."""
    # BEGIN SOLUTION
    scores = features @ weights + bias
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
    # END SOLUTION


# %%
exercises.head_probabilities.check(head_probabilities)

# %% [markdown]
# ### 2 · Let it learn
#
# The *error* of a photo is its probabilities, minus 1 for its own class and minus 0 for the others.
# The slope of the loss for a weight is the mean over the photos of feature times error. Return the
# weights after one step downhill, `rate` times the slope.

# %%
def head_step(features, labels, chances, weights, rate):
    """Return new weights (D, K) from features (N, D), labels (N,) and probabilities (N, K)."""
    # BEGIN SOLUTION
    errors = chances - np.eye(chances.shape[1])[labels]
    slopes = (features[:, :, None] * errors[:, None, :]).mean(axis=0)
    return weights - rate * slopes
    # END SOLUTION


# %%
exercises.head_step.check(head_step)

# %% [markdown]
# ### 3 · Freeze the body
#
# `net.body` must stay as it is, every number of it, while `net.head` learns. The network may come
# in any state. Dropout in the head has to work. Return the network.

# %%
def freeze_body(net):
    """Return the network with its body frozen and its head ready to learn."""
    # BEGIN SOLUTION
    net.body.requires_grad_(False)
    net.body.eval()
    net.head.requires_grad_(True)
    net.head.train()
    return net
    # END SOLUTION


# %%
exercises.freeze_body.check(freeze_body)

# %% [markdown]
# ### 4 · Read a learning curve
#
# `labels` rises, and `shares[i]` holds the accuracy of each split with `labels[i]`. Return the
# fewest labels from which on the mean over the splits reaches `goal`, there and at every larger
# number. Return 0 if it never does.

# %%
def labels_needed(labels, shares, goal):
    """Return the fewest labels from which on the mean of shares (numbers, splits) is enough."""
    # BEGIN SOLUTION
    means, needed = shares.mean(axis=1), 0
    for place in reversed(range(len(labels))):
        if means[place] < goal:
            break
        needed = labels[place]
    return needed
    # END SOLUTION


# %%
exercises.labels_needed.check(labels_needed)

# %% [markdown]
# ### 5 · Decide: three briefs
#
# `briefs[name]` says how many minutes a brief has for each training. `minutes[way]` says how long a
# way trains: `"from scratch"`, `"frozen"` or `"fine-tuned"`. `measure(name, way)` gives its
# accuracy on the brief's photos. For each brief choose the most accurate way that is in time.

# %%
def choose_ways(briefs, minutes, measure):
    """Return ({name: accuracies in the order of minutes}, {name: chosen way})."""
    # BEGIN SOLUTION
    measured, chosen = {}, {}
    for name, limit in briefs.items():
        found = {way: measure(name, way) for way in minutes}
        measured[name] = list(found.values())
        fitting = [way for way in minutes if minutes[way] <= limit]
        chosen[name] = max(fitting, key=found.get)
    return measured, chosen
    # END SOLUTION


# %%
exercises.choose_ways.check(choose_ways)

# %% [markdown]
# ## Where it fails
#
# Somebody photographed all tools on the lawn and all household things before a brick wall. The
# network is tested with other tools and household things, on the usual ground and with the grounds
# exchanged.

# %%
trapped = predict(
    "trapped",
    "On the usual ground nearly all are right. And with the grounds exchanged?",
    ["nearly all", "about half, as by chance", "far fewer than half"],
)
trapped

# %%
from aml4d_utils.topics.own_classes import background_trap
from aml4d_utils.topics.own_classes import figures as own

trap = await run(background_trap.background_trap(bodies), label="The background test")
show(own.draw_trap(trap), own.describe_trap(trap))

# %% [markdown]
# Your guess, held against the bar that counts:

# %%
share = trap.right[0, 1] / trap.tested
levels = ["far fewer than half", "about half, as by chance", "nearly all"]
trapped.compare(levels[int(share > 0.35) + int(share > 0.65)], f"{share:.0%} are right.")

# %% [markdown]
# It went by the ground, and a test on the usual ground would never have told. As many photos of
# both classes on both grounds mend most of it. So photograph every class in every place, and keep
# one place for the test.
#
# ## Quiz

# %%
from aml4d_utils.lessons.transfer_learning.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - A **body** makes features, a **head** makes answers; for your own classes the head is enough.
# - With **few labels** frozen features are far ahead; untrained features and raw pixels show why.
# - **Same data, similar task**: what a photo network brings shrinks away from photos; scrambled,
#   most of it is lost.
# - **Frozen** means no gradient *and* evaluation mode; compare the bits.
# - **Bursts** stay on one side of a test, and every class belongs on **every table**.
#
# **Credits.** Better ImageNet models and transfer: Kornblith, Shlens and Le, CVPR 2019.
# Transferable features: Yosinski, Clune, Bengio and Lipson, NIPS 2014. Fine-tuning after fitting
# the head: Kumar, Raghunathan, Jones, Ma and Liang, ICLR 2022. BatchNorm: Ioffe and Szegedy, ICML
# 2015. EfficientNet: Tan and Le, ICML 2019. SqueezeNet: Iandola et al., arXiv:1602.07360, 2016.
# Fashion-MNIST: Xiao, Rasul and Vollgraf, arXiv:1708.07747, 2017, MIT. Cut-outs: Tux Paint stamps,
# GPL-2.0. Things in 3-D and all licences: `THIRD_PARTY.md`.
