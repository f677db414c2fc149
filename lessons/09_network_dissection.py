# ---
# jupyter:
#   aml4d:
#     title: Network dissection
#     room: dissection
#     minutes: 70
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
# # 09 · Network dissection
#
# *70 minutes.* A trained network has thousands of units, and nobody gave them names. Here you find
# out what each one stands for, with a ruler instead of a feeling, and then you switch some off.
#
# When you are done, you can
# - say what a unit answers to, in a number that anyone can check;
# - compute intersection over union;
# - tell a trained network from an untrained one by its detectors;
# - predict which class suffers when units go, and measure it;
# - say why a label is not an explanation.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start

start("09_network_dissection")

# %% [markdown]
# ## Somebody says: this unit is the bird detector
#
# You design a bird table with a camera. An engineer shows you one *unit*, a kernel with its
# feature map (lesson 07), and says: this one finds the birds, just watch it. Would you build on
# that?
#
# First we need pictures of which we know everything. Each scene is composed: photographs of things
# on a photograph of a texture. So the truth is exact, and nobody had to draw it by hand.

# %%
from aml4d_utils import images, nets
from aml4d_utils.topics.dissection import concepts, figures, lighting, units

net = nets.load("squeezenet1_1")
scenes, others = await run(concepts.scene_sets(120, 60, seed=9), label="Composing scenes")

# %% [markdown]
# Now the engineer's unit. It is number 64 of 512 in `fire9`, SqueezeNet's last block (*fire
# module*). These are the six scenes, of 120, that move it most:

# %%
unit = units.Unit("fire9", 64)
best = lighting.strongest_scenes(net, scenes, unit)
strongest = [scenes[number] for number in best]
show(figures.draw_scenes([s.image for s in strongest]), figures.describe_scenes(strongest))

# %% [markdown]
# Look for what they share. It could be a thing, a colour, or the ground.

# %%
shared = predict(
    "shared",
    "What does unit 64 of fire9 answer to?",
    ["birds", "mammals", "green (colour)", "grass (texture)"],
)
shared

# %% [markdown]
# A guess from six pictures is a feeling. We want a measurement.
#
# ## Concepts with exact masks
#
# Each place of a scene has labels of three kinds: the *thing* that lies there, the *colour* of the
# pixel, and the *texture* behind. A place where a concept lies belongs to its *mask*.

# %%
show(figures.draw_concepts(strongest[0]), figures.describe_concepts(strongest[0]))

# %% [markdown]
# There are 31 concepts: 12 things, 11 colour names, 8 textures. A unit that stands for something
# else, such as eyes or wheels, finds no partner in this list.
#
# ## Where is a unit lit?
#
# Units answer on different scales. So each gets a threshold of its own: the value that it exceeds
# in only 0.5 % of all places. Above it, the unit is *lit*. The threshold comes from 60 other
# scenes, made of other photographs.
#
# Then the places that are lit are compared with each mask. In how many places are both? Divide by
# the places that are at least one: *intersection over union*, IoU. One means the same places, zero
# means no place in common.
#
# All 2,624 units are measured on all 180 scenes now.

# %%
from aml4d_utils.topics.dissection import dissect

trained = await run(dissect.dissect(net, scenes, others), label="Dissecting 2,624 units")

# %%
number = units.unit_index(unit)
overlaps = trained.iou()[number]
label = concepts.CONCEPTS[overlaps.argmax()]
shared.compare(
    label.words, f"Over all scenes its IoU with {label.words} is {overlaps.max():.2f}."
)

# %% [markdown]
# In a single scene you can check the ruler by eye:

# %%
threshold = trained.thresholds[number, dissect.level_of(0.005)]
lit = lighting.light_up(net, [scene.image for scene in scenes], unit, threshold)
pair = (lit[best[0]], strongest[0], int(overlaps.argmax()), unit)
show(figures.draw_overlap(*pair), figures.describe_overlap(*pair))

# %% [markdown]
# Over all scenes the places are added up first and divided once. The course does this for all units
# and concepts at a time; for one unit and the birds it is this loop. Both must agree:

# %%
# NBVAL_CHECK_OUTPUT
birds = concepts.concept_index("birds")
both = either = 0
for index, scene in enumerate(scenes):
    mask, places = scene.mask(birds), lit[index].places
    both += (places & mask).sum()
    either += (places | mask).sum()
print(abs(both / either - overlaps[birds]) < 1e-9)
#> True

# %% [markdown]
# An IoU of 0.1 looks poor. But the unit lights up only 0.5 % of all places, and things cover more,
# so 1 is out of reach. By convention a unit is called a *detector* when its IoU is above 0.04.
#
# ## Explore: the unit browser
#
# 1. **Earn the label.** Choose *birds* in the second list and go through the places 1 to 10. Where
#    does the label stop being deserved? Set the IoU limit there.
# 2. **Your photo.** Find a unit of `fire9` that is lit in your photo. Is its label right there?

# %%
from aml4d_utils.topics.dissection import explorers

explorers.unit_browser(net, trained, scenes)

# %% [markdown]
# ## Does learning make detectors?
#
# Even a network with random weights has units, thresholds and overlaps. So measure one: the same
# architecture, the same scenes, weights as they were before the first training photo.

# %%
chance = predict(
    "chance",
    "Trained, fire9 has many detectors of things. How many has it with random weights?",
    ["About as many", "About half as many", "Less than a quarter"],
)
chance

# %%
blank = units.untrained_net(seed=0)
untrained = await run(dissect.dissect(blank, scenes, others), label="Dissecting noise")

# %% [markdown]
# A detector is a unit whose best IoU is above 0.04, with the same rule for both networks:

# %%
from aml4d_utils.topics.dissection import census

with_learning = census.count_detectors(trained).detectors[-1, 0]
without = census.count_detectors(untrained).detectors[-1, 0]
groups = ["About as many", "About half as many", "Less than a quarter"]
ratio = without / with_learning
chance.compare(
    groups[int(ratio < 0.75) + int(ratio < 0.25)],
    f"Things: {with_learning} detectors with learning, {without} without.",
)

# %% [markdown]
# Compare the two plots. Lower layers have colours, with and without learning: a random kernel can
# prefer red too. Upper layers have things, but hardly any without learning.
#
# 1. Raise the IoU limit slowly. Which curve survives longest?
# 2. Light up the top 5 % instead. Why does nearly everything become a detector, also of textures?

# %%
explorers.census_explorer(trained, untrained)

# %% [markdown]
# ## A label that misleads
#
# The ruler has a blind spot. Here is the conv1 unit with the highest IoU for a *thing*. A 3 × 3
# kernel sees nine pixels. Can it know what a flower is?

# %%
conv1 = trained.iou()[:64, :12]
wrong = units.unit_at(int(conv1.max(axis=1).argmax()))
row = units.unit_index(wrong)
six = [scenes[k].image for k in trained.strongest[row].argsort()[::-1][:4]]
at = trained.thresholds[row, dissect.level_of(0.005)]
wrong_lit = lighting.light_up(net, six, wrong, at)
kernel = figures.kernel_of(net.features[0].weight.numpy(), wrong)
view = (wrong_lit, trained.iou()[row], wrong, kernel)
show(figures.draw_confused_unit(*view), figures.describe_confused_unit(*view))

# %% [markdown]
# It finds a colour. Our scenes happen to hold that colour mostly on one kind of thing, so the thing
# wins or comes close. The label says what overlaps *in these scenes*, not what the unit is for.
#
# ## Switch units off
#
# A label is a correlation. To learn what a unit is *needed* for, take it away: this is *ablation*.
# A small linear classifier, the read-out, learns to name 12 categories from the averages of the 512
# units of `fire9`. It learns from one half of the photographs and is tested on the other.

# %%
from aml4d_utils.topics.dissection import ablation

last = trained.iou()[units.first_unit("fire9") :]
photo = images.own_photo()
laboratory = await run(ablation.prepare(net, photo, last), label="Looking at 422 pictures")
before = laboratory.before
show(figures.draw_accuracy(before), figures.describe_accuracy(before))

# %% [markdown]
# Few originals make wide intervals: read the small classes with care. Now 20 of the 512 units are
# switched off: those that the read-out needs most for birds, measured on the photographs that it
# learned from.

# %%
victim = predict(
    "victim",
    "20 of 512 units go, those most needed for birds. What do the other eleven classes lose?",
    ["Nearly nothing", "About half as much as the birds", "As much as the birds"],
)
victim

# %%
off = laboratory.ablate("birds", ablation.ORDERS[0], 20)
lost = before.share - off.after.share
rest = (lost.sum() - lost[0]) / 11 / max(lost[0], 0.01)
options = ["Nearly nothing", "About half as much as the birds", "As much as the birds"]
victim.compare(
    options[int(rest > 0.25) + int(rest > 0.75)],
    figures.describe_ablation("birds", before, off.after, 20),
)

# %% [markdown]
# Twenty units, and one class is nearly gone while others stay. Try it on other classes:
#
# 1. **Needed or labelled?** For one class, switch off 20 units in each of the three orders. Which
#    order hurts the class, and which hardly matters?
# 2. **Your photo.** The sentence below says what the read-out calls your photo. Which class must
#    you take apart until it is called something else?

# %%
explorers.ablation_explorer(laboratory)

# %% [markdown]
# ## Exercises
#
# Write the body of each function, run the cell, then run the check. `exercises.iou.hint()` gives a
# hint, asked again a second one; `exercises.iou.solution()` shows one way to do it.

# %%
import numpy as np

from aml4d_utils.lessons.dissection import exercises

# %% [markdown]
# ### 1 · Intersection over union
#
# Two masks of the same shape hold True and False. If both are empty, the IoU is 0.

# %%
def iou(lit, mask):
    """Return the intersection over union of two boolean masks (H, W) as a number from 0 to 1."""
    # BEGIN SOLUTION
    both = (lit & mask).sum()
    either = (lit | mask).sum()
    return both / either if either > 0 else 0.0
    # END SOLUTION


# %%
exercises.iou.check(iou)

# %% [markdown]
# ### 2 · The threshold of a unit
#
# `answers` holds what one unit answers in every place of every picture. Return the threshold that
# leaves the strongest `share` of all these places above it.

# %%
def top_threshold(answers, share):
    """Return the value that a share of all answers (pictures, H, W) exceeds."""
    # BEGIN SOLUTION
    return np.quantile(answers, 1 - share)
    # END SOLUTION


# %%
exercises.top_threshold.check(top_threshold)

# %% [markdown]
# ### 3 · Find the units for a concept
#
# `overlaps[unit, concept]` is an IoU. A unit belongs to the concept that it overlaps most, if that
# overlap is above `least`. Return the units of one concept, the best first.

# %%
def detectors_of(overlaps, concept, least):
    """Return the numbers of the detectors of a concept from overlaps (units, concepts)."""
    # BEGIN SOLUTION
    mine = overlaps.argmax(axis=1) == concept
    found = np.flatnonzero(mine & (overlaps[:, concept] > least))
    return found[np.argsort(-overlaps[found, concept])]
    # END SOLUTION


# %%
exercises.detectors_of.check(detectors_of)

# %% [markdown]
# ### 4 · Switch a unit off and name the victim
#
# One row of `features` is one picture, one column one unit. The read-out's scores are
# `features @ weights + bias`, its answer is the class with the largest score. The *accuracy* of a
# class is the share of all its pictures that get the right answer. The unit now answers 0: which
# class's accuracy falls most?

# %%
def victim_class(features, labels, weights, bias, unit):
    """Return the class whose accuracy falls most without a unit; the input stays as it is."""
    # BEGIN SOLUTION
    without = features.copy()
    without[:, unit] = 0
    right_before = (features @ weights + bias).argmax(axis=1) == labels
    right_after = (without @ weights + bias).argmax(axis=1) == labels
    losses = []
    for k in range(len(bias)):
        mine = labels == k
        losses.append(right_before[mine].mean() - right_after[mine].mean())
    return int(np.argmax(losses))
    # END SOLUTION


# %%
exercises.victim_class.check(victim_class)

# %% [markdown]
# ### 5 · Decide: a smaller network for the bird table
#
# The camera's chip has no room for all units. `plans` is a dictionary: name → units to switch off.
# `measure(units)` returns the accuracy without them. Choose the plan that saves most units and
# still reaches `least`.

# %%
def choose_plan(plans, measure, least):
    """Return ({name: accuracy}, chosen name)."""
    # BEGIN SOLUTION
    measured = {name: measure(off) for name, off in plans.items()}
    fitting = [name for name in plans if measured[name] >= least]
    return measured, max(fitting, key=lambda name: len(plans[name]))
    # END SOLUTION


# %%
exercises.choose_plan.check(choose_plan)

# %% [markdown]
# ## Where it fails
#
# The label *birds* should name the units that birds need. Does it? Here the ten best detectors of
# each class are switched off, and beside it the ten units that the class needs most.

# %%
compared = ablation.labelled_or_needed(laboratory, 10)
show(figures.draw_labelled_or_needed(compared), figures.describe_labelled_or_needed(compared))

# %% [markdown]
# Detectors with a fine label often hurt little when they go: others carry the same message, or the
# read-out uses units that fit no name. Dissection tells you what a unit *overlaps*, ablation what a
# class *needs*, and neither alone tells you how the network decides.
#
# ## Quiz

# %%
from aml4d_utils.lessons.dissection.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - A unit is **lit** where it exceeds its own threshold, in the top 0.5 % of all places.
# - **IoU** compares lit places with a concept's mask; above 0.04 the unit is called a *detector*.
# - **Learning makes detectors** of things in the upper layers; random weights hardly do.
# - **Ablation** measures what a class needs: 20 of 512 units can carry it.
# - A **label is not an explanation**: it depends on the scenes, and labelled is not needed.
#
# **Credits.** Network dissection: Bau, Zhou, Khosla, Oliva and Torralba, CVPR 2017. Ablation of
# single units: Bau, Zhu, Strobelt, Lapedriza, Zhou and Torralba, PNAS 117, 2020. Colour names:
# Berlin and Kay, *Basic color terms*, 1969. SqueezeNet: Iandola et al., arXiv:1602.07360, 2016.
# Cut-outs: Tux Paint stamps, GPL-2.0; photos and all licences: `THIRD_PARTY.md`.
