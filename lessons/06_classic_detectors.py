# ---
# jupyter:
#   aml4d:
#     title: Detectors before CNNs
#     room: classic_detectors
#     minutes: 100
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
# # 06 · Detectors before CNNs
#
# *100 minutes.* How cameras found faces before neural networks, and what that taught.
# All that you see here is computed live, on this machine, from real photos. In two sittings, stop
# before *Parts on springs*; when you come back, run all cells above it first.
#
# When you are done, you can
# - add up any rectangle of a photo with four numbers;
# - find a Haar feature that tells faces from other things, and let a computer find better ones;
# - compute what a cascade keeps and what it costs;
# - measure when a trained face detector fails;
# - say what a part model gains with its springs, and compare four detectors by your own numbers;
# - choose an operating point for a product from your own measurement.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start

start("06_classic_detectors")

# %% [markdown]
# ## A camera that focuses on faces
#
# You design a camera. It must find every face in the picture, many times a second, on a small chip
# and a small battery. Paul Viola and Michael Jones showed how in 2001: 15 pictures of 384 × 288
# pixels a second on a 700 MHz processor. In 2010 a survey still credited them with bringing face
# detection into digital cameras. Here their detector looks at three photos.

# %%
from aml4d_utils import images
from aml4d_utils.topics.viola_jones import detecting, figures

names = ["astronaut", "coins", "camera"]
photos = [images.photo(name) for name in names]
found = [detecting.find_faces_with_opencv(photo) for photo in photos]
show(figures.draw_detections(photos, found), figures.describe_detections(names, found))

# %% [markdown]
# Her face is found. So are some coins, which do show heads. The man on the right shows his profile,
# and is not found. What does this detector look at?
#
# ## Four corners instead of thousands of pixels
#
# It compares the brightness of rectangles, thousands of them in every photo. Adding up pixels is
# slow, so it prepares a table once. Each place of this *integral image* holds the sum of all pixels
# above it and to its left.

# %%
corners = predict(
    "corners",
    "A rectangle covers 300 × 200 pixels. How many numbers of the table do you need for its sum?",
    ["4", "500", "60,000"],
)
corners

# %%
import numpy as np

from aml4d_utils.topics.viola_jones import integral

grey = images.as_uint8(images.grey(photos[0]))[:, :, 0]
table = integral.integral_image(grey)
box = integral.box_sum(table, row=100, col=50, height=300, width=200)
print(box.total == grey[100:400, 50:250].sum())
corners.compare(str(len(box.corners)), "One for each corner, whatever the size of the rectangle.")

# %% [markdown]
# Drag the rectangle. Drag its lower right corner. The arrow keys move it too, and with Shift they
# resize it.
#
# 1. Make the rectangle as large as you can. What happens to the two bars?
# 2. Take B and C away from D. What did you subtract twice, and which corner mends it?

# %%
from aml4d_utils.topics.viola_jones import explorers

explorers.integral_explorer()

# %% [markdown]
# ## Lighter here, darker there
#
# A *Haar feature* is a question about rectangles: is the white part lighter than the black part?
# Eyes are darker than cheeks. A nose is lighter than what lies beside it. The difference is divided
# by the contrast of the window, so that brighter light does not change the answer. Count the
# questions that fit into a window of 24 × 24 pixels:

# %%
# NBVAL_CHECK_OUTPUT
from aml4d_utils.topics.viola_jones import haar

print(len(haar.all_features(24)))
#> 162336

# %% [markdown]
# Each becomes a face detector as soon as you choose a threshold, usually a bad one. Find a good
# one. The histograms show its value in all training pictures.
#
# 1. Lay *top and bottom* over the eyes and the cheeks. Then try the nose with *three columns*. How
#    few mistakes can you reach?
# 2. Move the picture slider past the faces. Which pictures without a face fool your feature?

# %%
explorers.feature_explorer()

# %% [markdown]
# ## Many weak questions make a strong answer
#
# No single feature is good enough. *AdaBoost* lets many of them vote:
#
# - choose the feature with the fewest mistakes;
# - give more weight to the examples that it got wrong;
# - repeat.
#
# The course's small pictures are split once: some to learn from, some held out. Nothing ever
# learns from the held-out ones.

# %%
voters = predict(
    "voters", "15 features vote. What share of the held-out pictures will they get right?",
    ["Below 80 %", "80 to 95 %", "Over 95 %"],
)
voters

# %%
view = explorers.boosting_view()
view

# %% [markdown]
# The view fills while the next cell runs. It measures 142,824 features on every training picture:
# all that fit, with parts of at least 2 pixels. Then it chooses one a round.

# %%
from aml4d_utils.topics.viola_jones import face_boosting

data = images.faces()
boosted = await run(
    face_boosting.boost_faces(data, rounds=15), budget=60, draw=view.draw,
    label="Boosting", describe=figures.describe_boosted,
)

# %%
groups = ["Below 80 %", "80 to 95 %", "Over 95 %"]
voters.compare(
    groups[int(boosted.right >= 0.8) + int(boosted.right > 0.95)],
    f"After {figures.describe_boosted(boosted)}.",
)

# %% [markdown]
# Look at the chosen features. What part of a face does each compare? Then look at the examples
# that count most: these are the hard ones. The two outer curves say how far the true error may
# be from the measured one. With so few held-out pictures that is a wide range.
#
# ## Good in the test, useless in a photo
#
# A detector shows its window to every place of a photo, at every size.

# %%
alarms = predict(
    "alarms", "How many windows of the astronaut photo will your classifier call a face?",
    ["Fewer than 10", "10 to 1,000", "More than 1,000"],
)
alarms

# %%
from aml4d_utils.topics.viola_jones import cascade

seen = cascade.scan(photos[0], boosted.cascade(), factor=1.25)
groups = ["Fewer than 10", "10 to 1,000", "More than 1,000"]
alarms.compare(
    groups[int(seen.found.sum() >= 10) + int(seen.found.sum() > 1000)],
    f"{seen.found.sum():,} of {len(seen):,} windows: {figures.percent(seen.found.mean(), 1)}. "
    "The photo shows one face.",
)

# %% [markdown]
# Even a few per cent of so many windows are thousands of false alarms. And a photo holds much that
# looks like no training picture. More features would help, but each costs time in every window.
#
# ## The cascade: say no early
#
# Nearly all windows show no face, and most are easy. So put small tests in a row. The first
# *stage* asks a few questions and throws most windows away. Each next stage learns only from what
# has fooled all before it: false alarms in photos without a face. Here one trains on your machine.

# %%
from aml4d_utils.topics.viola_jones import cascade_training

trained = await run(
    cascade_training.train_on(data, np.random.default_rng(6)), budget=10,
    label="Cascade", describe=figures.describe_cascade_training,
)

# %% [markdown]
# Rates multiply. If each of ten stages keeps 99 % of the faces and 30 % of everything else, this
# is left of the faces, and of the rest:

# %%
# NBVAL_CHECK_OUTPUT
print(f"{0.99**10:.3f} and {0.3**10:.7f}")
#> 0.904 and 0.0000059

# %% [markdown]
# Rates multiply, and so do savings.

# %%
cost = predict(
    "cost", "OpenCV's cascade has 2,913 features. How many does an average window cost?",
    unit="features",
)
cost

# %%
from aml4d_utils.topics.viola_jones.opencv_cascade import opencv_cascade

seen = cascade.scan(images.fit(photos[0], 320), opencv_cascade())
cost.compare(
    round(seen.features_per_window),
    f"After 3 of 25 stages {figures.percent(seen.alive[3])} of the windows are left.",
)

# %% [markdown]
# Follow the windows through the stages. The course reads OpenCV's trained file and judges every
# window itself; its finds are the same as OpenCV's, window by window.
#
# 1. Move the slider from stage to stage. What goes first, and what goes last?
# 2. Change to your own cascade, trained on a few dozen faces in some seconds. What does it keep
#    that OpenCV's throws away?

# %%
explorers.cascade_explorer(trained.cascade)

# %% [markdown]
# ## When does it fail?
#
# OpenCV's cascade learned from upright faces, seen from the front. What if you tilt your head?

# %%
tilt = predict(
    "tilt",
    "A face is tilted by 30 degrees. In how many of a hundred faces will it still be found?",
    ["Nearly all", "About half", "Fewer than a third"],
)
tilt

# %% [markdown]
# The next cell turns a hundred small faces, darkens them, covers them from the chin upwards and
# shrinks them, and counts in how many the detector still finds a face.

# %%
from aml4d_utils.topics.viola_jones import conditions

everyone = np.concatenate([data.train_faces, data.test_faces])
curves = await run(
    conditions.sweep(everyone, detecting.find_faces_quickly), label="A hundred faces",
    describe=figures.describe_last_sweep,
)
show(figures.draw_sweeps(curves), figures.describe_sweeps(curves))

# %%
share = curves["tilt"].share_at(30)
groups = ["Fewer than a third", "About half", "Nearly all"]
tilt.compare(
    groups[int(share > 1 / 3) + int(share > 0.8)],
    f"It is found in {figures.percent(share)} of them. Tilted eyes cross the borders of the "
    "rectangles.",
)

# %% [markdown]
# The band around each curve is where the true share lies with 95 % confidence. Why does darkness
# hide a face, when light does not change the features? OpenCV skips windows that are almost even,
# and in the dark all of them are. One warning: these faces were once collected with a Viola–Jones
# detector. Faces that it misses are not among them, so the top of the curves flatters it.
#
# Now try it on photos.
#
# 1. Tilt the astronaut until she is lost. Does the measured curve agree?
# 2. Stay where she has just been lost, and let fewer windows agree, down to 0. What do you gain?
#    Then turn back to 0° and look at the dahlia. What do you pay?

# %%
explorers.detector_explorer(curves["tilt"])

# %% [markdown]
# And on you. The camera's frames stay on this machine. Turn your head to the side, tilt it, cover
# your mouth, switch the light off.

# %%
explorers.face_camera()

# %% [markdown]
# ## Parts on springs
#
# The window of Viola and Jones is stiff: eyes and mouth must lie where the training faces had them.
# In 2008 Felzenszwalb, McAllester and Ramanan let the parts move: a *deformable part model*, DPM. A
# *root filter* looks at the whole face. *Part filters* look at eyes, nose and mouth in finer
# detail. All of them look at HOG maps (lesson 05). Each part hangs on a spring that is
# fixed at its *anchor*, and its score is *match − cost of the spring*.

# %%
from aml4d_utils.topics.part_models import part_search, part_training, placing

parts = await run(
    part_training.train_part_model(np.random.default_rng(0)), label="Root, parts and springs",
    describe=lambda step: f"{step.what}; {step.faces} faces, {step.others} other windows",
)

# %% [markdown]
# Springs are learned too: how far did each part lie from its usual place in the training faces?

# %%
stiff = predict(
    "stiff", "All springs get five times as stiff. What does the mean score of unseen faces do?",
    ["It rises", "It stays the same", "It falls"],
)
stiff

# %%
views = [part_search.view_of_patch(face, "a face") for face in data.test_faces]
soft, hard = (
    np.mean([placing.place_parts(parts.model, v, "mouth", stiffness=s).scored.total for v in views])
    for s in (1, 5)
)
stiff.compare(
    "It falls" if hard < soft - 0.01 else "It rises" if hard > soft + 0.01 else "It stays the same",
    f"It goes from {soft:.2f} to {hard:.2f}. No face is exactly average, and every part must move.",
)

# %% [markdown]
# 1. Drag the mouth onto an eye. Read match and cost in the table. Then tick *Snap* and see it jump
#    back; the black ring in *match − cost* shows why.
# 2. Choose the nose and make the springs soft. What happens to *best per anchor*, and why is a
#    spring that costs nothing no good either?

# %%
from aml4d_utils.topics.part_models import explorers as part_explorers

part_explorers.part_explorer(parts.model)

# %% [markdown]
# How does the computer find the best place for each anchor without trying all pairs? Every place
# puts up a parabola: its match, minus the cost of the spring. Only the outermost ones matter.
#
# 1. Begin with one place and add one at a time. Does the new parabola hide an old one?
# 2. Make the spring stiff, then soft. How many parabolas are left?

# %%
part_explorers.envelope_explorer(parts.model)

# %% [markdown]
# What do springs gain? Bend a face, turn it, cover it, and compare the root alone with root and
# parts.
#
# 1. Move the mouth slowly up and down. Its box follows. Which of the two scores loses less? Then
#    move the face to the right by 10 % and compare again.
# 2. Turn the face until both fail. Why do springs not help here?

# %%
part_explorers.deform_explorer(parts)

# %% [markdown]
# ## Side by side
#
# Ten scenes hold the forty held-out faces, pasted onto photos without a face. The eleventh is the
# astronaut. Four face detectors look at all of them. *HOG + linear SVM* is the root filter alone;
# a *linear SVM* (support vector machine) is a way to learn its weights. The fifth, NanoDet, is a
# network that knows persons but no faces.

# %%
leader = predict(
    "leader", "Which one finds the most of the 41 faces?",
    ["Viola–Jones (OpenCV)", "Viola–Jones (your own)", "HOG + linear SVM", "part model (DPM)"],
)
leader

# %% [markdown]
# A box counts as a find when it and a known face share at least half of the area that they cover
# together: *intersection over union*, IoU, 0.5. Every other box is a false alarm. The *recall* is
# the share of the faces that are found.

# %%
from aml4d_utils.lessons.classic_detectors import comparison
from aml4d_utils.lessons.classic_detectors import figures as tables

step = await run(
    comparison.compare(
        comparison.detectors(parts, trained.cascade),
        comparison.held_out_scenes(np.random.default_rng(0)),
    ),
    budget=14, label="Eleven pictures, five detectors", describe=tables.describe_progress,
)
tables.comparison_table(step)

# %%
rows = [row for row in step.rows if row.task == "face"]
best = max(rows, key=lambda row: row.recall)
leader.compare(
    best.name,
    f"It finds {best.found} of {best.faces}. OpenCV's cascade has seen thousands of faces, yours "
    "and the part model a few dozen. And the faces were collected with a Viola–Jones detector.",
)

# %% [markdown]
# Look at one scene. Which faces does each detector miss, and what does it take for a face?

# %%
looks = [look for look in step.looks if look.scene.name == step.looks[0].scene.name]
show(tables.draw_looks(looks), tables.describe_looks(looks))

# %% [markdown]
# ## What changed with CNNs
#
# Features were designed by people: rectangles, then gradients, then parts. From 2012 on,
# *convolutional neural networks* (CNNs, lesson 07) learned them from data. These numbers are
# published, not measured here:

# %%
show(tables.draw_published(), tables.describe_published())

# %% [markdown]
# ## Exercises
#
# Write the body of each function, run the cell, then run the check. Ask for a hint with
# `exercises.integral_image.hint()`, for a second one by asking again, and for one way to do it with
# `exercises.integral_image.solution()`.

# %%
from aml4d_utils.lessons.classic_detectors import exercises

# %% [markdown]
# ### 1 · Write an integral image
#
# Entry `(row, col)` is the sum of `image[:row, :col]`. So the first row and column are zeros.

# %%
def integral_image(image):
    """Return the table (H + 1, W + 1) of the sums of a grey image (H, W)."""
    # BEGIN SOLUTION
    height, width = image.shape
    table = np.zeros((height + 1, width + 1))
    for row in range(height):
        for col in range(width):
            around = table[row, col + 1] + table[row + 1, col] - table[row, col]
            table[row + 1, col + 1] = image[row, col] + around
    return table
    # END SOLUTION


# %%
exercises.integral_image.check(integral_image)

# %% [markdown]
# ### 2 · Add up a rectangle
#
# From four entries of the table.

# %%
def box_sum(table, row, col, height, width):
    """Return the sum of the pixels image[row : row + height, col : col + width]."""
    # BEGIN SOLUTION
    bottom, right = row + height, col + width
    return table[bottom, right] - table[row, right] - table[bottom, col] + table[row, col]
    # END SOLUTION


# %%
exercises.box_sum.check(box_sum)

# %% [markdown]
# ### 3 · Plan a cascade
#
# Each stage keeps the share `detection` of the faces and lets the share `alarm` of everything else
# pass. Take as few stages as you can until at most `goal` of everything else is left.

# %%
def cascade_plan(detection, alarm, goal):
    """Return (stages, share of the faces that is left, share of everything else that is left)."""
    # BEGIN SOLUTION
    stages, faces, others = 0, 1.0, 1.0
    # A hair above the goal is rounding: 0.1 · 0.1 · 0.1 comes out as 0.0010000000000000002.
    while others > goal * (1 + 1e-9):
        stages = stages + 1
        faces = faces * detection
        others = others * alarm
    return stages, faces, others
    # END SOLUTION


# %%
exercises.cascade_plan.check(cascade_plan)

# %% [markdown]
# ### 4 · Pull a part with a spring
#
# A part of a face matches well in some places of a grid and badly in others. Its spring holds it
# at its anchor. Lying `down` rows below and `right` columns beside the anchor costs
# `linear_down · down + linear_right · right + quadratic_down · down² + quadratic_right · right²`.

# %%
def spring_scores(matches, anchor, spring):
    """Return match − cost for each place of a grid (H, W).

    anchor is (row, column); spring is
    (linear_down, linear_right, quadratic_down, quadratic_right).
    """
    # BEGIN SOLUTION
    linear_down, linear_right, quadratic_down, quadratic_right = spring
    down = np.arange(matches.shape[0])[:, None] - anchor[0]
    right = np.arange(matches.shape[1])[None, :] - anchor[1]
    cost_down = linear_down * down + quadratic_down * down**2
    cost_right = linear_right * right + quadratic_right * right**2
    return matches - cost_down - cost_right
    # END SOLUTION


# %%
exercises.spring_scores.check(spring_scores)

# %% [markdown]
# ### 5 · Decide: an operating point for a product
#
# A detector gives every picture a score. Where you set the threshold decides how many faces it
# finds, and how often it calls something else a face. What is better depends on the product:
# `exercises.PRODUCTS` says how many false alarms each can bear, and `exercises.measured_scores()`
# holds real scores of held-out pictures.
#
# Measure every threshold: a picture counts as a face when its score is at least the threshold.
# Then choose the one that finds the most faces within the limit. If none keeps it, choose `None`.

# %%
def choose_threshold(face_scores, other_scores, thresholds, most_false):
    """Return ({threshold: (share of faces found, share of false alarms)}, chosen threshold)."""
    # BEGIN SOLUTION
    measured = {}
    for threshold in thresholds:
        found = np.mean(np.array(face_scores) >= threshold)
        false = np.mean(np.array(other_scores) >= threshold)
        measured[threshold] = (found, false)
    fitting = [t for t in thresholds if measured[t][1] <= most_false]
    if not fitting:
        return measured, None
    return measured, max(fitting, key=lambda t: measured[t][0])
    # END SOLUTION


# %%
exercises.choose_threshold.check(choose_threshold)

# %% [markdown]
# ## Where it fails
#
# You have measured it: a tilted face, a dark one, a covered one, a profile. The detector also
# finds faces where there are none, as in this flower.
#
# And what does it take your photo for? It shows a cat, unless you have chosen another. Cats bend
# into any shape and are often cut off by the edge of the photo. They were among the hardest things
# for part models. Two face detectors and NanoDet look at your photo.

# %%
from aml4d_utils import nets

own = images.own_photo()
photos = [images.photo("flower"), own, own, own]
found = [
    *(detecting.find_faces_with_opencv(photo) for photo in photos[:2]),
    part_search.find_faces(parts.model, own).faces,
    nets.detect(own),
]
names = ["Viola–Jones", "Viola–Jones", "part model", "NanoDet"]
show(figures.draw_detections(photos, found, names), figures.describe_detections(names, found))

# %% [markdown]
# A dark band above a light one is enough for many questions of the cascade, and petals have such
# bands. The detector has no idea of a flower, or of a face. It has 2,913 comparisons of rectangles.
# NanoDet has learned from many thousands of photos, and knows 80 kinds of things, cats among them.
#
# ## Quiz

# %%
from aml4d_utils.lessons.classic_detectors.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - An **integral image** gives the sum of any rectangle from four corners.
# - A **Haar feature** compares rectangles; a threshold makes a weak answer of it.
# - **AdaBoost** adds one weak answer after the other, each for what is still wrong.
# - A **cascade** says no early. Its rates multiply, and so do its savings.
# - A **part model** lets parts move: match − cost of the spring.
# - A detector works for what it was trained on. **Measure** tilt, light, cover and size before you
#   build on it, compare it with others on the same pictures, and choose its threshold for your
#   product.
#
# **Credits.** Viola and Jones, *Rapid object detection using a boosted cascade of simple features*,
# CVPR 2001, and *Robust real-time face detection*, IJCV 57, 2004. The survey: Zhang and Zhang, *A
# survey of recent advances in face detection*, MSR-TR-2010-66. Freund and Schapire, *A
# decision-theoretic generalization of on-line learning*, 1997. Crow, *Summed-area tables for
# texture mapping*, SIGGRAPH 1984. OpenCV's frontal-face cascade: Rainer Lienhart, Intel
# licence. Felzenszwalb, McAllester and Ramanan, *A discriminatively trained, multiscale,
# deformable part model*, CVPR 2008. The cat: Parkhi et al., *The truth about cats and dogs*, ICCV
# 2011. NanoDet: RangiLyu, 2020. Small faces: Huang et al., *Labeled Faces in the Wild*, 2007, as
# part of scikit-image. Photos: see `THIRD_PARTY.md`.
