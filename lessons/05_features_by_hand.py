# ---
# jupyter:
#   aml4d:
#     title: Features by hand
#     room: features
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
# # 05 · Features by hand
#
# *90 minutes.* Before networks learned what to look for, people wrote it down. Their best ideas
# still stitch panoramas and guide robots. All you see here is computed live. In two sittings, stop
# before *HOG*; when you come back, run all cells above it first.
#
# When you are done, you can
# - say what makes a feature good, and measure it;
# - follow a SIFT keypoint from a blurred photo to 128 numbers;
# - tell right matches from wrong ones with the ratio test;
# - read a HOG drawing, and say what HOG forgets;
# - decide from your own measurements when a hand-made feature is enough.

# %%
from aml4d_utils.notebook import predict, quiz, show, start

start("05_features_by_hand")

# %% [markdown]
# ## The same thing, seen again
#
# A museum wants an app: point your phone at a picture on the wall, and it tells its story. The
# museum has one photo of each picture. Visitors stand aside, hold the phone askew and block the
# light. Here your photo hangs on the wall.

# %%
from aml4d_utils import images
from aml4d_utils.topics.features import figures, two_views
from aml4d_utils.topics.features.transforms import View

photo = two_views.workable(images.own_photo())
visit = two_views.look_twice(photo, View(rotation=30, scale=0.8, brightness=0.6), side=300)
show(figures.draw_second_look(visit), figures.describe_second_look(visit))

# %% [markdown]
# You see that it is the same. Compared pixel by pixel, it is not: 1 would be the same photo, 0
# has nothing in common. What stays the same?
#
# A **feature** is a relevant piece of information about an image. Take the simplest first: a
# picture of the thing itself.
#
# ## After one picture, after thousands
#
# Ten classes of garments, one picture of each. A new garment is compared with all ten and gets the
# name of the most similar one.
#
# **Predict.** Instead of one boot you take the mean of 64 boots, and so for each class.

# %%
means = predict(
    "means",
    "How many of the unseen garments are then named rightly?",
    ["Fewer: a mean is blurred", "About as many", "At least a tenth more"],
)
means

# %% [markdown]
# **Run.** Only the number of averaged pictures changes:

# %%
from aml4d_utils.topics.features import garments

one, many = garments.template_scores(range(10), counts=[1, 64])
gain = many.accuracy - one.accuracy

# %%
groups = ["Fewer: a mean is blurred", "About as many", "At least a tenth more"]
means.compare(
    groups[(gain > -0.02) + (gain >= 0.1)],
    f"One picture: {figures.percent(one.accuracy)} are right. The mean of 64: "
    f"{figures.percent(many.accuracy)}. What is special to one boot is gone, what boots share is "
    "left.",
)

# %% [markdown]
# 1. Choose `sandal` and double the pictures, step by step. Which part of a sandal survives? Why
#    does so little of it?
# 2. From which number on does nothing more change in the curve? What would have to change instead?

# %%
from aml4d_utils.topics.features import explorers

explorers.mean_explorer()

# %% [markdown]
# ## What makes a feature good
#
# A whole picture as a feature fails as soon as the thing moves. So look for small places: a
# **corner**, an **edge**, a **blob** (a spot lighter or darker than what is around it), a **ridge**
# (a thin line). Good ones are
#
# - *repeatable*: found again when the photo changes;
# - *distinctive*: not to be mistaken for another place;
# - *easy to track* from one frame of a film to the next.
#
# **Predict.** Noise falls on your photo, as at night.

# %%
noisy = predict(
    "noisy",
    "Which of the four is found again most often?",
    ["corners", "edges", "blobs", "ridges"],
)
noisy

# %%
from aml4d_utils.topics.features import criteria

judged = criteria.judge(photo, "noise", 0.5)
best = max(judged.by, key=lambda name: judged.by[name].repeatable)
noisy.compare(best, figures.describe_judged(judged, best))

# %% [markdown]
# Often it is the blobs: a spot averages over many pixels, and noise cancels out. A corner is small.
# In a dark or even photo the noise is stronger than the detail, and little is found again.
#
# Now judge yourself:
#
# 1. Draw `edges` and let the photo *turn*. Look at *easy to track*: why do edges slip away more
#    easily than corners?
# 2. Let the photo *shrink*. All four lose. What about these detectors stays the same although the
#    photo is smaller?

# %%
explorers.detector_explorer()

# %% [markdown]
# ## SIFT: the size belongs to the feature
#
# All four looked through windows of fixed sizes. In 1999 David Lowe let the photo choose: the
# *scale-invariant feature transform*, SIFT. It blurs the photo more and more; σ (sigma) says how
# far a pixel spreads. What disappears between two blurs is the detail of that size. A keypoint is
# an *extremum*: it stands out from all 26 neighbours, 8 around it, 9 in the finer difference, 9 in
# the coarser one.

# %%
import numpy as np


def stands_out(cube):
    """Whether the middle of 3 × 3 × 3 differences is above, or below, all the others."""
    middle = cube[1, 1, 1]
    others = np.delete(cube.ravel(), 13)
    return middle > others.max() or middle < others.min()


# %% [markdown]
# These few lines find what the course's fast version finds, on every place with enough contrast:

# %%
# NBVAL_CHECK_OUTPUT
from aml4d_utils.topics.features import scale_space, sift_keypoints

space = scale_space.scale_space(images.fit(images.photo("coffee"), 80))
layers = space.octaves[1].differences
quick = sift_keypoints.extrema_mask(layers, space.settings)
slow = [
    stands_out(layers[k - 1 : k + 2, row - 1 : row + 2, col - 1 : col + 2])
    for k, row, col in np.argwhere(quick)
]
print(len(slow) > 10, all(slow))
#> True True

# %% [markdown]
# Each pixel has a *gradient*: the direction in which it gets lighter, and how much. Around the
# keypoint the gradients vote for a direction. A square frame turns that way, and each of its 4 × 4
# cells counts eight directions: 16 × 8 = 128 numbers, the *descriptor*.
#
# 1. **One blob, five steps.** Click the most striking spot of your photo. Go through the steps.
#    Which number says how large the spot is, and which way does its frame point?
# 2. **Turn and darken.** Stay at step 5, and turn the photo. The drawing of the descriptor hardly
#    changes: why? At which light does SIFT lose the keypoint, although the drawing is still right?

# %%
explorers.sift_explorer()

# %% [markdown]
# ## Matching: the best must be clearly better
#
# Each keypoint of photo one looks for the most similar descriptor in photo two. Lowe's *ratio
# test* keeps the match only if the best is clearly nearer than the second best. Back to the museum:
#
# **Predict.** The visitor's photo is turned by 30°, smaller and darker.

# %%
visitor = predict("visitor", "Of the matches that pass, how many per cent are right?", unit="%")
visitor

# %% [markdown]
# **Run.** Detect twice, match, and look up the truth:

# %%
from aml4d_utils.topics.features import matching, sift

first, second = sift.fast_sift(photo), sift.fast_sift(visit.again)
found = matching.match(first.descriptors, second.descriptors, ratio=0.8)
right = matching.correct_matches(found, first.positions, second.positions, visit.matrix)

# %%
visitor.compare(
    round(100 * right.mean()) if len(right) else 0,
    f"{right.sum()} of {len(right)} matches lie within 3 pixels of the true place. The program "
    "knows it, because it turned the photo itself.",
)

# %% [markdown]
# SIFT is a **covariant** detector: its frames move, turn and grow *along with* the photo, so what
# is inside them stays the same. Watch the frames:
#
# 1. Set the ratio test to 1.00, then lower it slowly. Which lines vanish first?
# 2. Draw the curve over `rotation`, then over `tilt` (its slider is under *More controls*). A tilt
#    of 60° is harder than half a turn. Which change can a circle not follow?

# %%
explorers.match_explorer()

# %% [markdown]
# **Predict.** The descriptor divides by its own length, so half the light changes nothing in it.

# %%
dusk = predict(
    "dusk",
    "Your photo gets only 30 % of the light. How many of its keypoints does SIFT still find?",
    ["Nearly all", "About half", "Less than a quarter"],
)
dusk

# %%
dark = two_views.through_window(photo, View(brightness=0.3), side=300)
left = len(sift.fast_sift(dark.image)) / max(1, len(first))
dusk.compare(
    "Nearly all" if left > 0.75 else "About half" if left >= 0.25 else "Less than a quarter",
    f"{figures.percent(left)} are left. The descriptor forgives darkness, but the detector asks "
    "for a fixed contrast, and in the dark more and more falls below it.",
)

# %% [markdown]
# ## HOG: describe every place
#
# SIFT describes chosen places. For a whole thing, say a face, describe *every* place: *histograms
# of oriented gradients*, HOG. Small cells, one histogram each. These lines are its heart: each
# pixel votes for its orientation, with the length of its gradient.

# %%
def vote(magnitude, orientation):
    """Return nine bins of 20 degrees each for one cell, light on either side alike."""
    histogram = np.zeros(9)
    for place in np.ndindex(magnitude.shape):
        histogram[int(orientation[place] // 20)] += magnitude[place]
    return histogram / magnitude.size


# %% [markdown]
# The course's fast version agrees, here for one cell of 8 × 8 pixels:

# %%
# NBVAL_CHECK_OUTPUT
from aml4d_utils.topics.features.gradients import gradients
from aml4d_utils.topics.hog.descriptor import hog

cup = images.fit(images.photo("coffee"), 120)
slopes = gradients(cup)
cell = np.s_[16:24, 40:48]
by_hand = vote(slopes.magnitude[cell], slopes.orientation[cell])
print(np.allclose(by_hand, hog(cup).cells[2, 5]))
#> True

# %% [markdown]
# Neighbouring cells then form blocks, and each block is brought to the same length. The inspector
# below offers four ways to do so. The usual one, *L2-Hys*, also cuts the highest votes.
#
# **Predict.** You turn your photo into its negative: every pixel changes.

# %%
negative = predict(
    "negative",
    "By how much does its HOG change?",
    ["Hardly at all", "About as much as the pixels", "Completely"],
)
negative

# %%
before, after = hog(photo).vector, hog(1 - photo).vector
moved = float(np.linalg.norm(after - before) / max(np.linalg.norm(before), 1e-9))
groups = ["Hardly at all", "About as much as the pixels", "Completely"]
negative.compare(
    groups[(moved > 0.1) + (moved > 0.8)],
    f"{figures.percent(moved)} of its length. An orientation does not say which side is light.",
)

# %% [markdown]
# Point at a cell, or walk with the arrow keys.
#
# 1. **Shadow.** Put the left half in shadow: the strokes fade. Then draw them *normalised*. What is
#    back, and which new line has come?
# 2. **Numbers.** Double the cell size. How many numbers are left, and which detail is gone?

# %%
from aml4d_utils.topics.hog.hog_inspector import hog_inspector

hog_inspector()

# %% [markdown]
# What does HOG remember? Your photo is rebuilt from its HOG alone, with pieces of other photos.
#
# 1. Switch to *negative*, then to *noisy*. Which one does HOG forgive?
# 2. From which cell size on do you no longer recognise your photo?

# %%
from aml4d_utils.topics.hog import explorers as hog_explorers

hog_explorers.inverse_hog_explorer()

# %% [markdown]
# A detector needs only one more thing: a weight for each number. A linear classifier learned them
# from 60 faces and 60 other pictures, and then from its own mistakes. Drag the window.
#
# 1. Let it learn from *small pictures* only. How many windows are now called a face, and why?
# 2. Make the window 96 px and go to the best one. What does HOG take for a face?

# %%
hog_explorers.window_explorer()

# %% [markdown]
# ## Feature engineering: a contest
#
# A model is only as good as its features. Which ones? Experts propose, the experiment decides.
#
# **Predict.** Six kinds of things, cut out and put on real photos. Each picture is judged by a
# linear classifier that never saw its original. *LBP*, local binary patterns, counts fine texture.

# %%
from aml4d_utils.topics.hog.contest import REAL, attempt
from aml4d_utils.topics.hog.feature_families import FAMILIES

winner = predict("winner", "Which features do best, on their own?", list(FAMILIES))
winner

# %%
tried = {family: attempt(REAL, [family]).accuracy for family in FAMILIES}
winner.compare(
    max(tried, key=tried.get),
    "; ".join(f"{family} {figures.percent(share)}" for family, share in tried.items()) + ".",
)

# %% [markdown]
# The thin line on each bar is its *95 % interval*: 95 of 100 such lines hold the true share.
#
# 1. Find the best pair. Does a third family still help, or is the step smaller than the interval?
# 2. Change to *plain grey*. Which family gains most? What does it read that no camera will see?

# %%
hog_explorers.contest_explorer()

# %% [markdown]
# ## Exercises
#
# Write the body of each function, run the cell, then run the check. Ask for a hint with
# `exercises.ratio_test.hint()`, for a second one by asking again, and for one way to do it with
# `exercises.ratio_test.solution()`.

# %%
from aml4d_utils.lessons.features import exercises

# %% [markdown]
# ### 1 · A histogram of directions
#
# The step that SIFT and HOG share. `rows` holds each pixel's change downwards, `cols` its change to
# the right. Directions go from right (0°) towards down (90°), all the way to 360°. Bin 0 starts at
# 0°, and each pixel adds the *length* of its gradient to its bin.

# %%
def orientation_histogram(rows, cols, bins):
    """Return the summed lengths (bins,) of gradients (H, W), by direction."""
    # BEGIN SOLUTION
    angles = np.degrees(np.arctan2(rows, cols)) % 360
    lengths = np.hypot(rows, cols)
    result = np.zeros(bins)
    for place in np.ndindex(angles.shape):
        # A hair below 0° is rounded up to 360°, which is 0° again.
        result[int(angles[place] / 360 * bins) % bins] += lengths[place]
    return result
    # END SOLUTION


# %%
exercises.orientation_histogram.check(orientation_histogram)

# %% [markdown]
# ### 2 · The ratio test
#
# `distances` has one row for each keypoint of photo one and one column for each of photo two. Give
# for each row the column of the best match, or −1 where the best is not below `ratio` times the
# second best.

# %%
def ratio_test(distances, ratio):
    """Return a column number, or -1, for each row of distances (N, K)."""
    # BEGIN SOLUTION
    result = []
    for row in distances:
        best, second = np.sort(row)[:2]
        result.append(np.argmin(row) if best < ratio * second else -1)
    return np.array(result)
    # END SOLUTION


# %%
exercises.ratio_test.check(ratio_test)

# %% [markdown]
# ### 3 · Design a feature
#
# A second-hand shop sorts sneakers from ankle boots. Its camera's chip holds three numbers for each
# picture. The lamp gets old: in a year it gives half the light. Write a feature of at most three
# numbers that is right for at least 87 % of unseen shoes, under the new lamp and under the old one.
#
# `picture` holds 28 × 28 greys in [0, 1]; shoes are bright on black. Measure your feature on
# practice pictures with `exercises.measure_feature(garment_feature)`.

# %%
def garment_feature(picture):
    """Return one to three numbers that tell a sneaker from a boot, for a picture (28, 28)."""
    # BEGIN SOLUTION
    brightest = picture.max()
    return picture.max(axis=1).mean() / brightest
    # END SOLUTION


# %%
exercises.garment_feature.check(garment_feature)

# %% [markdown]
# ### 4 · Decide: is a hand-made feature enough?
#
# Four clients, four briefs. Plain pixels cost nothing, HOG costs an afternoon, a learned network
# costs thousands of labelled pictures. Take the cheapest that is *surely* enough.
#
# `briefs` is a dictionary: name → brief. `exercises.measure(brief, "pixels")` and
# `exercises.measure(brief, "HOG")` test on unseen pictures; their `.low_end` is the lower end of
# the 95 % interval. It must reach `brief.needed`.

# %%
def choose_features(briefs):
    """Return ({name: (low end with pixels, with HOG)}, {name: "pixels", "HOG" or "learned"})."""
    # BEGIN SOLUTION
    sure, chosen = {}, {}
    for name, brief in briefs.items():
        pixels = exercises.measure(brief, "pixels").low_end
        by_hand = exercises.measure(brief, "HOG").low_end
        sure[name] = (pixels, by_hand)
        if pixels >= brief.needed:
            chosen[name] = "pixels"
        elif by_hand >= brief.needed:
            chosen[name] = "HOG"
        else:
            chosen[name] = "learned"
    return sure, chosen
    # END SOLUTION


# %%
exercises.choose_features.check(choose_features)

# %% [markdown]
# ## Where it fails
#
# Your photo, a brick wall and an even card, each matched with a tilted view of itself:

# %%
from aml4d_utils.topics.features import failures

cases = failures.failures(photo)
show(figures.draw_failures(cases), figures.describe_failures(cases))

# %% [markdown]
# Three reasons. *Nothing there*: on an even card nothing stands out, and there is no keypoint.
# *Too much of the same*: one brick's corner is as good as the next one's; once the tilt has changed
# them a little, a wrong corner is nearest by chance. *A circle stays a circle*: a frame can move,
# turn and grow, but seen from the side the right frame would be an ellipse.
#
# ## Quiz

# %%
from aml4d_utils.lessons.features.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - A good **feature** is repeatable, distinctive, easy to track, and survives scale, light, noise.
# - **Corners, edges, blobs, ridges**: each has its weakness; edges slide along themselves.
# - **SIFT**: differences of blurs give place and size, gradients give the direction, 4 × 4 × 8
#   numbers describe what is in the frame.
# - **Covariant**: the frame moves, turns and grows with the photo.
# - **Ratio test**: keep a match only if the best is clearly better than the next.
# - **HOG**: a histogram of orientations in every cell; forgives light, forgets colour and sign.
# - **Feature engineering**: experts propose, measurements on unseen pictures decide.
#
# **Credits.** Photos: see `THIRD_PARTY.md`. SIFT: D. G. Lowe, *Distinctive image features from
# scale-invariant keypoints*, IJCV 60, 2004; first at ICCV 1999. HOG: N. Dalal and B. Triggs,
# *Histograms of oriented gradients for human detection*, CVPR 2005. Inverse HOG after C. Vondrick
# et al., *HOGgles*, ICCV 2013. Repeatability: C. Schmid, R. Mohr and C. Bauckhage,
# *Evaluation of interest point detectors*, IJCV 37, 2000. Corners: J. Shi and C. Tomasi, *Good
# features to track*, CVPR 1994. Edges: J. Canny, PAMI 8, 1986. Tracking: B. Lucas and T. Kanade,
# IJCAI 1981. Fashion-MNIST: Xiao, Rasul and Vollgraf, arXiv:1708.07747, 2017.
