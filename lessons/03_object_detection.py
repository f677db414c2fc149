# ---
# jupyter:
#   aml4d:
#     title: Object detection
#     room: detector
#     minutes: 80
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
# # 03 · Object detection
#
# *80 minutes.* A detector draws a box around each thing it knows, many times a second. Here you
# take one apart, mark its work, and find out when it fails.
#
# When you are done, you can
# - say how thousands of answers become a few boxes;
# - write intersection over union, non-maximum suppression and average precision;
# - read precision and recall, and say on which conventions they depend;
# - measure under which conditions a detector fails, with intervals;
# - say below which size you promise nothing.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start

start("03_object_detection")

# %% [markdown]
# ## A shelf that counts what you take
#
# You design a shelf without doors. A camera sees what a customer takes: it must say *what* is there
# and *where*, within a movement of the hand. NanoDet is a small network with 3.8 million numbers;
# from the COCO photos it has learned 80 words. Here it looks at two photos and at yours.

# %%
from aml4d_utils import images, nets
from aml4d_utils.topics.detector import figures

photos = [images.photo("motorcycle"), images.photo("astronaut"), images.own_photo()]
found = [nets.detect(photo) for photo in photos]
names = ["a motorcycle", "the astronaut", "your photo"]
show(figures.draw_detected(photos, found), figures.describe_detected(names, found))

# %% [markdown]
# Each box has a word and a *score* from 0 to 1: how sure the network is.
#
# ## Thousands of answers at once
#
# The network lays three grids over the photo, with cells of 8, 16 and 32 pixels. Every cell
# answers, each time: 80 scores, and how far it is to the four sides of its box.

# %%
boxes = predict(
    "boxes",
    "How many boxes does the network draw in one photo, before anybody tidies up?",
    ["3", "80", "416", "3,549"],
)
boxes

# %%
answers = nets.cell_answers(photos[0])
boxes.compare(f"{len(answers):,}", "One for each cell: 52 × 52, 26 × 26 and 13 × 13 of them.")

# %% [markdown]
# For each side a cell gives eleven shares: how likely are 0, 1, … 10 cells? The box takes the mean.
# The surest cell says:

# %%
import numpy as np

cell = answers.scores.max(axis=1).argmax()
word = nets.labels("nanodet_g")[answers.scores[cell].argmax()]
away = answers.sides[cell] @ np.arange(11) * answers.strides[cell]
print(word, answers.scores[cell].max().round(2))
for side, pixels in zip(["left", "top", "right", "bottom"], away, strict=True):
    print(f"{side}: {pixels:.0f} pixels from the middle of the cell")

# %% [markdown]
# Nearly all cells have low scores. A *threshold* throws those away. The boxes that remain crowd
# around the same things. Watch both steps:
#
# 1. **The thicket.** Choose *every cell*, then *above the threshold*. Lower the threshold to 0.05.
#    How many boxes are there now, and on what?
# 2. **The cell that won.** Choose *what is left* and *a motorcycle*. The ring marks the cell that
#    won. Ask cells around it. Who else says motorcycle, and how wide is its box?

# %%
from aml4d_utils.topics.detector import explorers

explorers.pipeline_explorer()

# %% [markdown]
# ## One thing, one box
#
# Two boxes mean the same thing when they overlap. Divide the area that both cover by the area that
# at least one covers: *intersection over union*, IoU. It is 1 for equal boxes, 0 for boxes apart.
#
# Keep the surest box, drop all that overlap it by more than a limit, go on with the surest that is
# left: *non-maximum suppression*, NMS.

# %%
crowd = answers.above(0.3)
question = f"{len(crowd)} boxes score above 0.3. How many does suppression leave?"
left = predict("left", question, unit="boxes")
left

# %%
tidy = nets.suppress(crowd, iou=0.6)
left.compare(len(tidy), f"They say {', '.join(tidy.labels)}.")

# %% [markdown]
# What does the second box in the photo mean? Go through it one round at a time:
#
# 1. **Too shy, too bold.** Set the IoU limit to 1. What stays that should go? Then take *the
#    astronaut*, round 2, and lower the limit to 0. Which thing loses its box to a neighbour?
# 2. **Two words for one thing.** Lower the threshold to 0.1, let only boxes with the same word
#    compete, and go to round 3. Which thing has two words now?

# %%
explorers.suppression_explorer()

# %% [markdown]
# ## How good is it?
#
# To count, you must know what is there. So we compose scenes: photographs of things, cut out, on
# photos of the ground. The boxes are exact, and nobody drew them.

# %%
from aml4d_utils.topics.detector import known_scenes

plans = known_scenes.plan_scenes(np.random.default_rng(3), 16)
scenes = [plan.scene() for plan in plans]
show(figures.draw_scenes(scenes[:4]), figures.describe_scenes(scenes[:4]))

# %% [markdown]
# A box *finds* a thing if both have the same word and an IoU of at least 0.5. Any other box is a
# *false alarm*, also a second one on the same thing.
#
# - **Precision**: of all boxes, how many find something?
# - **Recall**: of all things, how many are found?

# %%
looked = await run(known_scenes.look_at(scenes), label="Looking at 16 scenes")
truth = [scene.truth for scene in scenes]

# %% [markdown]
# That is a handful of lines. At a threshold of 0.3:

# %%
from aml4d_utils.topics.detection_metrics import judging_boxes

judged = judging_boxes.judge(looked.found, truth)
right, alarms, missed = judged.counts(0.3)
print(f"precision: {right} of {right + alarms} boxes = {right / (right + alarms):.2f}")
print(f"recall: {right} of {right + missed} things = {right / (right + missed):.2f}")

# %% [markdown]
# Both depend on the threshold. You raise it from 0.3 to 0.6:

# %%
stricter = predict(
    "stricter",
    "The threshold goes from 0.3 to 0.6. What happens to the recall?",
    ["It falls", "It stays", "It rises"],
)
stricter

# %%
low, high = (judged.counts(threshold)[0] for threshold in (0.3, 0.6))
options = ["It falls", "It stays", "It rises"]
stricter.compare(
    options[int(np.sign(high - low)) + 1],
    f"{low} of {judged.truths} things are found at 0.3, {high} at 0.6.",
)

# %% [markdown]
# A higher threshold can only take boxes away, so recall can never rise. Precision may go either
# way.
#
# 1. **A promise each way.** Find a threshold at which three of four boxes are right. What recall is
#    left? Then the threshold at which most is found: how many false alarms come with it?
# 2. **How exact is a box?** Raise *IoU that counts* to 0.9. No box moves. What happens to the
#    numbers, and which product would need 0.9?

# %%
from aml4d_utils.topics.detection_metrics import explorers as marking

marking.threshold_explorer([scene.image for scene in scenes], looked.found, truth)

# %% [markdown]
# One number for the whole curve is the area below it, the *average precision*, AP. First its teeth
# are filled in: at each recall, the best precision from there on counts (the *envelope*).

# %%
from aml4d_utils.topics.detection_metrics import figures as curves

show(curves.draw_precision_recall(judged), curves.describe_precision_recall(judged))

# %% [markdown]
# Here all words are counted together. COCO takes the AP of each word and then their mean, *mAP*.
# Its makers report 22.9 % for this network on COCO's photos, averaged over IoU limits from 0.5 to
# 0.95. That is another, harder test: do not compare the two.
#
# ## Several honest answers
#
# Padilla and others published an example by which programs can be checked: 7 pictures, 15 things,
# 24 boxes, an AP of 24.56 %. From the same boxes this course computes another number:

# %%
# NBVAL_CHECK_OUTPUT
from aml4d_utils.topics.detection_metrics import average_precision, padilla

ours = padilla.solve(average_precision.EVERY_POINT)
published = padilla.solve(average_precision.EVERY_POINT, whole_pixels=True)
print(f"{100 * ours.averaged.value:.2f} and {100 * published.averaged.value:.2f}")
#> 22.54 and 24.57

# %% [markdown]
# Neither is wrong. Three conventions decide. Is a box from 0 to 9 nine pixels wide, or ten? Where
# on the curve is precision read? And which of two boxes with the same score stands first?
#
# 1. **The box that decides.** Count up to box G, the 23rd. Change how a box is measured. What
#    happens to its overlap, and why does that matter at 0.3?
# 2. **A coin toss.** R and Y both have 0.95. Swap them. What does that cost?

# %%
marking.example_explorer()

# %%
curves.answers_table()

# %% [markdown]
# So say your conventions. This course: edges between pixels, equal scores in the order in which
# they come.
#
# ## When does it fail?
#
# The same scenes again, made harder step by step: four conditions now, the others in the explorer
# below. The band around a curve is its 95 % interval, which holds the true share about 95 times in
# 100: few scenes, wide band.

# %%
mildest = predict(
    "mildest",
    "Which of these four costs the least recall?",
    ["size", "darkness", "noise", "clutter"],
)
mildest

# %%
from aml4d_utils.topics.detector import condition_sweep

report = await run(
    condition_sweep.sweep_conditions(plans, ["size", "darkness", "noise", "clutter"]),
    budget=30,
    label="Looking at 320 pictures",
    describe=figures.describe_progress,
)
show(figures.draw_report(report), figures.describe_report(report))

# %% [markdown]
# Which curves fall to nearly nothing, and at which value? And the mildest?

# %%
least = min(report.curves.values(), key=lambda curve: curve.lost)
mildest.compare(
    least.hardship.name,
    f"Its recall loses {100 * least.lost:.0f} points. Look at its precision as well.",
)

# %% [markdown]
# Clutter hides nothing here: every thing stays whole. But each other thing is a chance for a false
# alarm. Recall alone does not tell.
#
# 1. **Turned.** Choose *rotation*. How much is still found on its side, and upside down? Which
#    camera looks at things like that?
# 2. **From above.** Choose *things in 3-D* and *viewpoint*. From which height on would you not hang
#    the camera?

# %%
both = {kind: known_scenes.plan_scenes(np.random.default_rng(3), 16, kind)
        for kind in known_scenes.SUBJECTS}  # fmt: skip
explorers.condition_explorer(both, report)

# %% [markdown]
# Your failure report, size by size, then the worst condition first:

# %%
size = report["size"]
for pixels, recall, (low, high) in zip(
    size.hardship.values, size.recall, size.intervals, strict=True
):
    print(f"{pixels} pixels: {recall:.0%} found, 95 % interval {low:.0%} to {high:.0%}")
figures.report_table(report)

# %% [markdown]
# Composed scenes are not the world: nothing in them throws a shadow. So check with whole photos.
# Nobody drew their boxes; what the detector says about the clean photo is taken for the truth. The
# curve shows how far it *agrees with itself*.

# %%
whole = condition_sweep.agreement_scenes([images.photo(name) for name in images.photo_names()])
steps = condition_sweep.recall_curve(whole, "darkness")
agreed = await run(steps, budget=15, label="Darkening whole photos")
print(f"{len(whole)} photos. {figures.describe_curve(agreed)}.")

# %% [markdown]
# ## Your camera, in bad conditions
#
# Now live. Nothing leaves this machine. Without a camera, your photo takes its place.
#
# 1. **Find the edge.** Hold a cup or a phone into the picture and lower *Light left* until its box
#    goes. Then find the same edge for *Motion blur* and for *Size*.
# 2. **Two at once.** Set two of them to half of what they could take alone. Does it still hold?

# %%
explorers.camera_explorer()

# %% [markdown]
# ## Another detector, the same door
#
# Have you trained a YOLO yourself? Export it as ONNX (`yolo export format=onnx`) and put the file
# beside this notebook. It answers through the same call, so everything above works with it.

# %%
from aml4d_utils.topics.detector import own_detector

mine = own_detector.open_own("my_detector.onnx")
print(mine.sentence)
if mine.detector:
    boxes_of_mine = [mine.detector(photo) for photo in photos]
    print(figures.describe_detected(names, boxes_of_mine))

# %% [markdown]
# ## Exercises
#
# Write the body of each function, run the cell, then run the check. `exercises.overlap.hint()`
# gives a hint, asked again a second one; `exercises.overlap.solution()` shows one way to do it.

# %%
from aml4d_utils.lessons.detector import exercises

# %% [markdown]
# ### 1 · Intersection over union
#
# A box is four numbers: left, top, right, bottom. Edges lie between pixels, so a box from 0 to 9 is
# 9 wide. If both boxes have no area, the IoU is 0.

# %%
def overlap(one, other):
    """Return the intersection over union of two boxes (x0, y0, x1, y1), from 0 to 1."""
    # BEGIN SOLUTION
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    both = max(0, width) * max(0, height)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    either = sum(areas) - both
    return both / either if either > 0 else 0.0
    # END SOLUTION


# %%
exercises.overlap.check(overlap)

# %% [markdown]
# ### 2 · Non-maximum suppression
#
# `overlaps[i, j]` is the IoU of the boxes `i` and `j`. Return the numbers of the boxes that stay,
# the surest first. A box goes when it overlaps a surer box *that stays* by more than the limit. Of
# equal scores, the box with the smaller number stands first.

# %%
def suppress(overlaps, scores, limit):
    """Return the numbers of the kept boxes, surest first."""
    # BEGIN SOLUTION
    kept = []
    for box in np.argsort(-scores, kind="stable"):
        if all(overlaps[box, other] <= limit for other in kept):
            kept.append(int(box))
    return kept
    # END SOLUTION


# %%
exercises.suppress.check(suppress)

# %% [markdown]
# ### 3 · Average precision
#
# `hits` says of each box whether it finds something, the surest box first. There are `truths`
# things to find. Return the area below the envelope: for each box that finds something, the best
# precision from there on, all added up and divided by `truths`.

# %%
def average_precision_of(hits, truths):
    """Return the average precision, every point, from 0 to 1."""
    # BEGIN SOLUTION
    hits = np.asarray(hits, dtype=bool)
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    total = 0.0
    for place in np.flatnonzero(hits):
        total += precision[place:].max()
    return total / truths
    # END SOLUTION


# %%
exercises.average_precision_of.check(average_precision_of)

# %% [markdown]
# ### 4 · Decide: below which size do you promise nothing?
#
# What is far from the camera is small. `measure(size)` returns two numbers: how many things of that
# size were found, and how many were shown. The recall is their quotient. Choose the smallest size
# from which on you keep the promise: there, *and at every larger size*, the recall is at least
# `least`. If not even the largest size is good enough, choose `None`.

# %%
def promise(sizes, measure, least):
    """Return ({size: recall}, the smallest size from which on the promise holds, or None)."""
    # BEGIN SOLUTION
    recall = {}
    for size in sizes:
        found, shown = measure(size)
        recall[size] = found / shown
    chosen = None
    for size in sorted(sizes, reverse=True):
        if recall[size] < least:
            break
        chosen = size
    return recall, chosen
    # END SOLUTION


# %%
exercises.promise.check(promise)

# %% [markdown]
# And how far may the camera hang? A thing of height *h* at the distance *d* is *f · h / d* pixels
# high, where *f* is the focal length in pixels. A lens of 60° that fills 416 pixels has
# *f* = 208 / tan 30°. A bottle of 0.3 m, at three distances:

# %%
# NBVAL_CHECK_OUTPUT
focal_length = 208 / np.tan(np.radians(30))
print([round(focal_length * 0.3 / distance) for distance in (0.5, 1, 2)])
#> [216, 108, 54]

# %% [markdown]
# ## Where it fails
#
# The network has 80 words for everything. What does it say of a thing that has none?

# %%
from aml4d_utils.topics.detector import open_world

tools = open_world.wordless("tools")
world = await run(open_world.ask(tools, 0.1), label="Showing tools")
shown = world.above(0.3)
show(figures.draw_called(shown), figures.describe_called(shown))

# %% [markdown]
# It was never taught to say *I do not know this*. A score says how well a picture fits a word, not
# that the word is right. Look at other kinds, and raise the threshold until the nonsense is gone:
# what would that do to your recall?

# %%
explorers.open_world_explorer(world)

# %% [markdown]
# ## Quiz

# %%
from aml4d_utils.lessons.detector.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - **Every cell answers**: 3,549 boxes, a threshold, then suppression.
# - **IoU** says whether two boxes mean the same thing; **NMS** keeps the surest.
# - **Precision and recall** pull against each other; the threshold is your decision.
# - **AP** depends on conventions: say which.
# - **Conditions** decide: small, dark, noisy, turned. Measure on scenes whose truth you know.
# - **80 words** are not the world, and a high score is no proof.
#
# **Credits.** NanoDet: RangiLyu, 2020, Apache-2.0; generalised focal loss: Li et al., NeurIPS 2020.
# COCO: Lin et al., ECCV 2014. PASCAL VOC: Everingham et al., IJCV 88, 2010. Worked example:
# Padilla, Netto and da Silva, IWSSIP 2020. Interval: Wilson, JASA 22, 1927. Things in 3-D: Sweet
# Home 3D furniture, CC0 and CC BY, each creator in `data/MANIFEST.json`; cut-outs: Tux Paint
# stamps, GPL-2.0; all licences: `THIRD_PARTY.md`.
