# ---
# jupyter:
#   aml4d:
#     title: Pixels and dimensions
#     room: pixels
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
# # 04 · Pixels and dimensions
#
# *80 minutes.* Before networks had eyes, they got a photo as one long row of numbers. What does
# that cost? All that you see here is computed live, on this machine, from real photos.
#
# When you are done, you can
# - flatten a photo into a row of numbers, and turn the row back into the photo;
# - say what the number of pixels costs: in parameters, in examples, in distances;
# - show who notices when all pixels are dealt out anew;
# - choose a resolution for a product from your own measurement;
# - predict when a classifier on raw pixels will fail.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start

start("04_pixels_and_dimensions")

# %% [markdown]
# ## What the computer gets
#
# A shop sorts returned clothes by camera. The camera sees a garment. The classifier behind it gets
# this row of grey stripes, and nothing else:

# %%
import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.pixels import figures

data = images.fashion_mnist()
row = data.test_images[0].reshape(-1)
show(figures.draw_row(row), figures.describe_row(row))

# %% [markdown]
# **Predict.** Each stripe is one pixel, black to white.

# %%
garment = predict("garment", "Which garment is it?", ["trouser", "bag", "ankle boot"])
garment

# %% [markdown]
# **Run.** The same numbers, cut into pieces and stacked. Only one of these lengths is right:

# %%
show(figures.draw_cuts(row, (25, 27, 28, 30)), figures.describe_cuts(row, (25, 27, 28, 30)))

# %%
garment.compare(
    data.class_names[data.test_labels[0]],
    "You need to know that the photo was 28 pixels wide. The classifier is never told.",
)

# %% [markdown]
# ## Flattening, both ways
#
# Laying the rows of a picture end to end is called *flattening*. A picture of *width* × *height*
# pixels becomes *d* numbers, and *d* is the number of its **dimensions**:

# %%
# NBVAL_CHECK_OUTPUT
print(1024 * 768, 32 * 32, 32 * 32 * 3)
#> 786432 1024 3072

# %% [markdown]
# A normal photo, a tiny one, and the tiny one in colour: red, green and blue for each pixel. Now
# take your own photo apart.
#
# 1. **Two neighbours.** Mark a pixel in the middle, then the one below it. How far apart are they
#    in the row? And a pixel and the one to its right?
# 2. **Put it together again.** On the right, the row is cut at the wrong length. Which way does the
#    picture lean? Find the length that mends it. What happens at half of that?

# %%
from aml4d_utils.topics.pixels import explorers

explorers.flattener()

# %% [markdown]
# ## The simplest classifier: one weight a pixel
#
# A linear classifier multiplies each of the *d* numbers by a weight, adds everything up, and does
# so once for each garment. The largest sum wins. These are its lines:

# %%
def sums_of(flat, weights, biases):
    sums = []
    for garment in range(len(biases)):
        sums.append((flat * weights[:, garment]).sum() + biases[garment])
    return sums


# %% [markdown]
# It learns by least squares: of all weights, take those whose sums come closest to 1 for the right
# garment and to 0 for the others. The next cell does that for ten picture sizes and eight numbers
# of examples.

# %%
from aml4d_utils.topics.pixels import raw_linear

sweep = await run(raw_linear.sweep(data), label="80 classifiers")
model = sweep.models[28, 20000]
show(
    figures.draw_weights(model, data.class_names),
    figures.describe_weights(model, data.class_names),
)

# %% [markdown]
# Weights have the shape of the picture, so you can look at them. Orange pixels speak for the
# garment when they are light, blue ones against it. Find the gap between the trouser legs. Much of
# the rest looks like noise: neighbours say nearly the same, and least squares plays them off
# against each other.
#
# Check that your lines and the course's model agree on the boot:

# %%
# NBVAL_CHECK_OUTPUT
sums = sums_of(row / 255, model.weights, model.biases)
print(np.argmax(sums) == model.classes(row[None] / 255)[0], model.parameters)
#> True 7850

# %% [markdown]
# **Predict.** Its weights and biases, 7,850 *parameters*, are few for a network, but many for a
# shop with 500 labelled photos.

# %%
smaller = predict(
    "smaller",
    "You have 500 photos to learn from. At which size are most NEW photos named rightly?",
    ["4 × 4 pixels", "13 × 13 pixels", "28 × 28 pixels"],
)
smaller

# %%
scores = {f"{side} × {side} pixels": sweep.at(side, 500)[1] for side in (4, 13, 28)}
learned, new = sweep.at(28, 500)
smaller.compare(
    max(scores, key=scores.get),
    f"With 28 × 28, {figures.percent(learned)} of the photos learned from are right, but "
    f"{figures.percent(new)} of the new ones: more weights than photos learn by heart.",
)

# %% [markdown]
# The distance between the two numbers is the *gap*. It is what you pay for big models.
#
# 1. **Close the gap.** Start with 28 × 28 and 50 photos. Add photos. When does the gap close, and
#    what happens to new photos meanwhile? Watch the weights.
# 2. **Downsample.** With 500 photos, make the picture smaller. Where is the best size? Is it the
#    same with 20,000 photos?

# %%
explorers.resolution_explorer(sweep)

# %% [markdown]
# ## Two pixels on a plane
#
# Nobody can draw 784 dimensions. Two can be drawn. Choose two pixels, and every photo becomes one
# point: how light pixel A is, how light pixel B is. A classifier cuts this plane in two.
#
# 1. **Find a good pair.** Where do sneakers and boots differ? Can two pixels come near 90 %? What
#    do two pixels in a corner tell?
# 2. **Bend the boundary.** Take trouser or dress, and put A and B side by side at the inside of a
#    leg: row 16, columns 11 and 12. Change the classifier. Why is a straight boundary lost here?

# %%
explorers.two_pixel_explorer()

# %% [markdown]
# ## Deal the pixels out
#
# Does a classifier know that pixels have neighbours? Draw one random order and deal the pixels of
# every photo out by it. It is the same order for all, so no number is lost.

# %%
from aml4d_utils.topics.pixels import permuting

order = permuting.permutation(784, np.random.default_rng(4))
some = [0, 1, 2, 4, 8, 18]
dealt = permuting.permute(data.test_images[some], order)
names = [data.class_names[label] for label in data.test_labels[some]]
show(
    figures.draw_permuted(data.test_images[some], dealt, names),
    figures.describe_permuted(data.test_images[some], dealt, names),
)

# %% [markdown]
# Three learners get both kinds of photos, from the same start. The *linear* model you know. The
# *MLP* (multilayer perceptron) has 64 neurons in between (lesson 14); each sees all pixels. The
# *CNN* (convolutional neural network, lesson 07) looks at small windows of neighbours, and has the
# fewest parameters.

# %%
falls = predict(
    "falls",
    "Who loses most when the pixels are dealt out?",
    ["the linear model", "the MLP", "the CNN", "all lose about the same"],
)
falls

# %%
view = explorers.permutation_view()
view

# %% [markdown]
# The view above fills while the next cell runs: six trainings, 375 batches of 64 photos each. Stop
# ends them. Then try another `seed`: does the answer change?

# %%
step = await run(
    permuting.experiment(data, order, seed=0),
    draw=view.draw, label="Six trainings", describe=figures.describe_training,
)

# %%
lost = {"the linear model": step.fall("linear"), "the MLP": step.fall("MLP")}
lost["the CNN"] = step.fall("CNN")
most = max(lost, key=lost.get)
words = "; ".join(f"{name} {figures.points(share)}" for name, share in lost.items())
falls.compare(
    most if lost[most] > 0.015 else "all lose about the same",
    f"Lost: {words}. To weights that belong to places, any order of the places is as good.",
)

# %% [markdown]
# All six on 10,000 test photos that none has learned from:

# %%
show(figures.draw_falls(step), figures.describe_falls(step))

# %% [markdown]
# In order, the CNN comes close to the MLP with a tenth of its parameters: it *knows* that
# neighbours belong together. Permuted, this knowledge is wrong, and it pays. The other two never
# knew, so they have nothing to lose.
#
# ## The curse of dimensionality
#
# How many examples does it take to fill a space? On a line, ten points leave gaps of a tenth. In a
# square it takes a hundred, in 784 dimensions more than there are atoms. Everything is far from
# everything, and all distances become alike: the *curse of dimensionality*.
#
# **Predict.** Take 400 garments of 28 × 28 pixels, and 400 random points of 784 numbers.

# %%
from aml4d_utils.topics.pixels import distances

random = distances.measure(np.random.default_rng(0).random((400, 784)))
collapse = predict(
    "collapse",
    f"Between random points, the nearest neighbour lies at {figures.percent(random.nearest)} of "
    "the mean distance: hardly nearer than any. At how many per cent between garments?",
    unit="%",
)
collapse

# %% [markdown]
# **Run.** All pairs, for every size from 1 × 1 to 28 × 28:

# %%
flat = data.train_images[:4000].reshape(4000, -1) / 255
measured = await run(distances.measure_kinds(flat, images.own_photo()), label="Distances")
garments = measured.kinds[distances.GARMENTS]

# %%
collapse.compare(
    100 * garments.points[-1].nearest,
    f"Their 784 numbers are spread as if there were only {garments.alike[-1]:.0f} random ones.",
)

# %% [markdown]
# That is the surprise, and why machines can see at all. Pixels depend on each other: photos fill
# only a thin sheet of their huge space.
#
# 1. **Watch it collapse.** Move the side of the picture from 1 to 28. What does the hill of the
#    random points do? What does the hill of the garments do?
# 2. **Break the dependence.** Choose “garments, dealt out”: each pixel keeps its values, but
#    gets them from different garments. Why does the curse return? How does your own photo do?

# %%
explorers.curse_explorer(measured)

# %% [markdown]
# ## What the curse costs: examples
#
# The nearest-neighbour classifier gives a new photo the name of the known photo that is nearest. It
# lives on distances. How many examples of each garment does it need to get 70 % right? Once we give
# it more real pixels. Once we keep 7 × 7 pixels and fill the row with random numbers, to the same
# length.

# %%
from aml4d_utils.topics.pixels import neighbours

needed = await run(neighbours.learn(data, rng=np.random.default_rng(0)), label="Neighbours")
show(figures.draw_needed(needed, 0.7), figures.describe_needed(needed, 0.7))

# %% [markdown]
# Crosses stand for “not even with 400”. Real pixels help, or at least do no harm. Numbers that say
# nothing drown those that do: a distance adds them all up.
#
# ## Exercises
#
# Write the body of each function, run the cell, then run the check. Ask for a hint with
# `exercises.flatten_picture.hint()`, for a second one by asking again, and for one way to do it
# with `exercises.flatten_picture.solution()`.

# %%
from aml4d_utils.lessons.pixels import exercises

# %% [markdown]
# ### 1 · Flatten a picture
#
# `image` is a grey picture. Return its numbers in one row, without `reshape`, `ravel` or `flatten`.

# %%
def flatten_picture(image):
    """Return the numbers of a picture (H, W) in one row (H * W,), row after row."""
    # BEGIN SOLUTION
    height, width = image.shape
    numbers = np.zeros(height * width)
    for row in range(height):
        for col in range(width):
            numbers[row * width + col] = image[row, col]
    return numbers
    # END SOLUTION


# %%
exercises.flatten_picture.check(flatten_picture)

# %% [markdown]
# ### 2 · And back
#
# The row alone is not enough: you get the height and the width with it. Again do it without
# `reshape`, `ravel` or `flatten`.

# %%
def unflatten_row(numbers, height, width):
    """Return the picture (height, width) whose flat row is numbers (height * width,)."""
    # BEGIN SOLUTION
    picture = np.zeros((height, width))
    for place in range(height * width):
        picture[place // width, place % width] = numbers[place]
    return picture
    # END SOLUTION


# %%
exercises.unflatten_row.check(unflatten_row)

# %% [markdown]
# ### 3 · How many parameters?
#
# A network gets a picture of `shape` (height, width, channels). `hidden` lists its hidden layers:
# `[64]` is one of 64 neurons, an empty list makes it linear. Every number of a layer has a weight
# to every neuron of the next, and each neuron has a bias.

# %%
def count_parameters(shape, hidden, classes):
    """Return how many weights and biases there are, as a whole number."""
    # BEGIN SOLUTION
    before = shape[0] * shape[1] * shape[2]
    total = 0
    for after in [*hidden, classes]:
        total = total + before * after + after
        before = after
    return total
    # END SOLUTION


# %%
exercises.count_parameters.check(count_parameters)

# %% [markdown]
# ### 4 · Measure the collapse
#
# The *relative contrast* of a query says how much farther the farthest point is than the nearest:
# (farthest − nearest) / nearest. Near 0, the nearest neighbour means nothing.

# %%
def relative_contrast(points, query):
    """Return the relative contrast of distances from query (d,) to points (N, d)."""
    # BEGIN SOLUTION
    differences = points - query
    distances = np.sqrt(np.sum(differences**2, axis=1))
    return (distances.max() - distances.min()) / distances.min()
    # END SOLUTION


# %%
exercises.relative_contrast.check(relative_contrast)

# %% [markdown]
# ### 5 · Decide: a resolution for the returns desk
#
# A smaller sensor is cheaper, and it shows less of the people around. Measure every side, then
# choose the smallest picture that is right often enough. If none is, the honest answer is `None`.
#
# `accuracy_at(side)` trains on 500 garments and gives the share of 3,000 others that are right. Try
# `exercises.accuracy_at(7)`.

# %%
def choose_resolution(goal, sides, accuracy_at):
    """Return ({side: accuracy}, chosen side or None) for a goal such as 0.7."""
    # BEGIN SOLUTION
    measured = {}
    for side in sides:
        measured[side] = accuracy_at(side)
    fitting = [side for side in sides if measured[side] >= goal]
    if not fitting:
        return measured, None
    return measured, min(fitting)
    # END SOLUTION


# %%
exercises.choose_resolution.check(choose_resolution)

# %% [markdown]
# ## Where it fails
#
# All garments of this collection sit in the middle of their photo. Someone bumps into the camera.
# The test photos move by a few pixels, the three learners stay as they are.

# %%
moved_drop = predict(
    "moved_drop", "What share does the linear model still name when all photos move by 3 pixels?",
    unit="%",
)
moved_drop

# %% [markdown]
# **Run.** 500 test photos, moved by up to 4 pixels each way:

# %%
from aml4d_utils.topics.pixels import moved_tests

nets = {name: step.nets[name, permuting.IN_ORDER] for name in permuting.LEARNERS}
moved = await run(
    moved_tests.move_tests(nets, data.test_images[:500], data.test_labels[:500]), label="81 moves"
)
show(figures.draw_moved(moved), figures.describe_moved(moved))

# %%
linear = moved.by_distance()[0]
moved_drop.compare(
    100 * linear[3],
    f"Not moved, it was {figures.percent(linear[0])}. You still see the garment at once.",
)

# %% [markdown]
# A weight belongs to a place. Move the garment, and each weight meets another pixel. To a
# classifier on raw pixels, a moved photo is simply another photo. The CNN suffers less, because its
# windows move along, but its last layer is tied to places too.
#
# Move the boot to the right. What does its sum do? Whose becomes larger, if any? Then find a
# garment and a move where only the CNN is right, and one where none is.

# %%
explorers.moved_explorer(nets, moved)

# %% [markdown]
# *Generalisation* means: right on photos that are not like the ones learned from. More pixels did
# not buy it. Lesson 05 buys it with features made by hand, lesson 07 with convolution, lesson 10 by
# moving the photos that a network learns from.
#
# ## Quiz

# %%
from aml4d_utils.lessons.pixels.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - **Flattening** makes one row of *d* = width × height (× 3) numbers, and a pixel's place is
#   row × width + column. The row does not say how wide the photo was.
# - A **linear** classifier has *d* weights for each class. With more weights than photos it learns
#   by heart, and a **downsampled** photo can be better.
# - Weights that belong to places know no **neighbours**: deal the pixels out, and the CNN notices.
# - The **curse**: distances between random points become alike as *d* grows. Real photos escape,
#   because their pixels depend on each other. Useless numbers bring the curse back.
# - Raw pixels do not **generalise** to moved photos.
#
# **Credits.** Photos: see `THIRD_PARTY.md`. Fashion-MNIST: Xiao, Rasul and Vollgraf,
# arXiv:1708.07747, 2017. Concentration of distances: Beyer, Goldstein, Ramakrishnan and Shaft,
# *When is “nearest neighbor” meaningful?*, ICDT 1999; as many dimensions as the spread says, after
# Chávez, Navarro, Baeza-Yates and Marroquín, *Searching in metric spaces*, ACM Computing Surveys
# 33(3), 2001. The name of the curse: Bellman, *Dynamic programming*, 1957. Least squares
# with a penalty: Hoerl and Kennard, *Ridge regression*, Technometrics 12(1), 1970. Intervals:
# Wilson, JASA 22(158), 1927.
