# ---
# jupyter:
#   aml4d:
#     title: Convolution
#     room: convolution
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
# # 07 · Convolution
#
# *90 minutes.* One idea made machines see: slide a small grid of weights over a photo.
# All that you see here is computed live, on this machine, from real photos. For two sittings, pause
# before *Watch kernels being learned*.
#
# When you are done, you can
# - compute a convolution by hand and write it as code;
# - say what a kernel finds by looking at its weights;
# - count what parameter sharing saves;
# - show that a convolution looks locally and moves along with its input;
# - train a small CNN and watch random kernels turn into useful ones.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start

start("07_convolution")

# %% [markdown]
# ## Nine numbers that find edges
#
# A robot arm picks phone cases from a belt. It must find their outlines in every photo, at once,
# with nine numbers. Here they are, and what they make of your photo.

# %%
import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.convolution import convolve, figures

photo = images.own_photo()
laplacian = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
edges = convolve.convolve(images.grey(photo), laplacian)
show(
    figures.draw_response(photo, laplacian, edges),
    figures.describe_response(photo, laplacian, edges),
)

# %% [markdown]
# The nine numbers are the *weights* of a *kernel*, this one called the Laplacian. Even surfaces
# vanish. Outlines and fine texture stay, some above zero (orange), some below (blue). How can nine
# weights know where an outline is? Look at one place first.
#
# ## One place: multiply and add
#
# Lay the kernel on nine pixels. Multiply each pixel by the weight on top of it. Add the nine
# products. That number is one cell of the *feature map*.
#
# **Predict.** The kernel lies on an evenly grey wall: nine pixels of 0.5.

# %%
wall = predict(
    "wall",
    "The Laplacian lies on nine equal grey pixels of 0.5. What is the sum of the products?",
    ["0", "0.5", "2"],
)
wall

# %% [markdown]
# **Run.** These are the nine pixels, the nine weights and the nine products:

# %%
patch = np.full((3, 3), 0.5)
show(figures.draw_products(patch, laplacian), figures.describe_products(patch, laplacian))

# %%
wall.compare(f"{(patch * laplacian).sum():g}", "The weights add up to 0, so equal pixels cancel.")

# %% [markdown]
# Now move the kernel on, cell by cell, over the whole photo. Two loops do it. These lines are the
# heart of every convolutional network:

# %%
def feature_map(image, kernel):
    height = image.shape[0] - kernel.shape[0] + 1
    width = image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((height, width))
    for row in range(height):
        for col in range(width):
            window = image[row : row + kernel.shape[0], col : col + kernel.shape[1]]
            result[row, col] = (window * kernel).sum()
    return result


# %% [markdown]
# Python loops are slow, so the course computes with a fast version. Both must agree:

# %%
# NBVAL_CHECK_OUTPUT
small = images.grey(images.fit(images.photo("coffee"), 60))
print(np.allclose(feature_map(small, laplacian), convolve.convolve(small, laplacian), atol=1e-6))
#> True

# %% [markdown]
# The kernel lies on the photo as it is. Mathematics calls this *cross-correlation* and keeps
# *convolution* for the flipped kernel. Deep-learning libraries do not flip, and neither do we: a
# learned kernel does not care.
#
# ## Explore: the kernel inspector
#
# Point at the feature map, or click it and use the arrow keys, and follow the products. Three
# settings are new. *Stride*: so many pixels does the kernel move on. *Padding*: so many rows of
# zeros stand around the photo. *Dilation*: so far apart lie the pixels that it is laid on. The two
# formulas give the map's size; ⌊ ⌋ means *round down*.
#
# 1. **Which way is the edge?** Choose the two Sobel kernels in turn. Find a place where one is
#    strong and the other is near zero. What runs through your photo there?
# 2. **Can you break the blur?** Choose the box blur and read, above its weights, what they add up
#    to. Then change the middle one to −1. What is the sum now, and why do edges appear?

# %%
from aml4d_utils.topics.convolution import explorers

explorers.kernel_inspector()

# %% [markdown]
# ## Why share one kernel?
#
# A dense layer gives every pixel its own weight for every output. A convolution uses the same few
# weights at every place. The lecture's photo has this many pixels:

# %%
# NBVAL_CHECK_OUTPUT
print(1024 * 768)
#> 786432

# %% [markdown]
# **Predict.** A colour photo of 64 × 64 pixels goes into 16 feature maps of the same size. The
# dense layer needs about 805 million parameters.

# %%
share = predict(
    "share",
    "How many parameters does a convolution layer with 3 × 3 kernels need for the same job?",
    unit="parameters",
)
share

# %%
from aml4d_utils.topics.convolution import counting

layer = counting.compare_layers(side=64, in_channels=3, out_channels=16, kernel=3)
share.compare(layer.convolution, "16 kernels of 3 × 3 × 3 weights, and one bias each.")

# %% [markdown]
# Move the sliders. Which of them change the convolution's number? Which change only the dense
# layer's?

# %%
explorers.counter_explorer()

# %% [markdown]
# ## A cat is a cat, a few pixels further
#
# The same kernel everywhere means: when the photo moves, the feature map moves along. Layers that
# do so are *equivariant* to shifts. An answer that stays the same is *invariant*.
#
# SqueezeNet is a real network with 1.2 million weights, trained on 1.3 million photos of 1,000
# classes. It looks at your photo now.

# %%
still = predict(
    "still",
    "The photo moves 8 pixels down and 8 to the right. What does the first feature map do?",
    ["It moves along, cell by cell", "It stays where it is", "It changes everywhere"],
)
still

# %%
from aml4d_utils import nets
from aml4d_utils.topics.convolution import shifting

net = nets.load("squeezenet1_1")
moved = shifting.shift_experiment(net, shifting.with_margin(photo), 8, 8)
along = moved.error < 0.01
still.compare(
    "It moves along, cell by cell" if along else "It changes everywhere",
    f"Moved back, the map differs by {figures.percent(moved.error, 1)}. The likeness of the 1,000 "
    f"answers with those before, their cosine, is {moved.pooled_similarity:.3f}.",
)

# %% [markdown]
# The map moves, and the answer nearly stays. At its end the network *pools*: each of the 1,000
# answers is the mean over all places, and a mean does not ask where. How nearly, lesson 10
# measures. The *cosine* of two lists of numbers is 1 where they are alike up to a factor.
#
# 1. Shift by 8, 9, 10, 11 pixels. The first layer has a stride of 2. What do odd shifts do to the
#    ring and to the difference in the sentence below?
# 2. How far can you go before the first guess changes, if it does? Where two classes are nearly
#    equally likely, a few pixels will do.

# %%
explorers.shift_explorer()

# %% [markdown]
# ## Far pixels stay out
#
# A cell sees only the pixels under its kernel: its *receptive field*. Stack layers, and the field
# grows. Grow one by hand. The cell on top looks at cells of layer 1, and those look at pixels. The
# first of them is open and shows its pixels.
#
# 1. **Open the yellow cells**, one by one. How many pixels does each of them add, and why not as
#    many as the first has?
# 2. **Give layer 1 a stride of 2.** Neighbouring cells now lie 2 pixels apart. This distance is
#    called the *jump*. How many pixels does each further cell add now?

# %%
explorers.growing_explorer()

# %% [markdown]
# Now in SqueezeNet. Choose `conv1`, and drag the pixel into the box until the middle cell changes.
# Then leave the pixel outside and go deeper instead, layer by layer.

# %%
explorers.locality_explorer()

# %% [markdown]
# ## Watch kernels being learned
#
# Nobody designs the kernels of a CNN. They start at random and learn. Here is a small CNN with
# 9,226 parameters, 20,000 photos of garments to learn from, and 10,000 to be tested on. Chance
# is 10 %.

# %%
garments = predict(
    "garments",
    "What share of unseen garments will it name rightly after some 20 seconds of training?",
    ["Below 50 %", "50 to 80 %", "Over 80 %"],
)
garments

# %%
from aml4d_utils.topics.convolution import training

view = explorers.training_view()
view

# %% [markdown]
# The view above fills while the next cell runs. The *loss* says how much the right names surprise
# the network, in *nats*: 2.3 is pure guessing among ten, 0 is no surprise at all. Stop ends the
# training early and keeps what was learned.

# %%
import torch

torch.manual_seed(0)
data = images.fashion_mnist()
cnn = training.SmallCNN()
untrained = cnn.first.weight.detach()[:, 0].numpy().copy()
steps = training.train(
    cnn, data.train_images, data.train_labels, data.test_images[:2000], data.test_labels[:2000],
    generator=torch.Generator().manual_seed(0), epochs=5,
)
last = await run(
    steps, budget=25, draw=view.draw, label="Training", describe=figures.describe_training
)

# %%
tested = training.accuracy(
    cnn, training.to_batch(data.test_images), torch.as_tensor(data.test_labels)
)
groups = ["Below 50 %", "50 to 80 %", "Over 80 %"]
garments.compare(
    groups[(tested >= 0.5) + (tested > 0.8)],
    f"{figures.percent(tested, 1)} of all 10,000 test photos are right.",
)

# %% [markdown]
# The curves were measured on 2,000 test photos, the sentence above on all 10,000. Now compare the
# kernels before and after. Below each stands how much of it four kernels explain that anybody could
# design: a blur, two edges and a spot. By chance it is 16 %. Which learned kernel comes closest to
# such a design, and which is nothing that you would have thought of?

# %%
show(
    figures.draw_kernels_before_after(untrained, last.kernels),
    figures.describe_kernels_before_after(untrained, last.kernels),
)

# %% [markdown]
# ## Surgery on a trained network
#
# SqueezeNet's first layer has 64 kernels of 3 × 3 × 3 weights, also called *filters*. Does it need
# them all? Switch each of them off in turn and see how much of the answer to your photo moves.

# %%
from aml4d_utils.topics.convolution import surgery

effects = await run(
    surgery.filter_effects(net, photo), total=surgery.FILTERS, label="64 operations"
)
kernels = surgery.first_filters(net)
show(figures.draw_filter_effects(effects, kernels), figures.describe_filter_effects(effects))

# %% [markdown]
# Each filter stands above the share of the probability that moves without it. It need not move
# away from the first guess: ▲ says that the first guess wins without the filter, ▼ that it loses.
# Now operate yourself:
#
# 1. Put a Laplacian in the place of the filter that moves most. Does the network notice?
# 2. Choose *switch it off* and raise *How many from here on*. When does the cat, or whatever your
#    photo shows, become something else?

# %%
explorers.surgery_explorer()

# %% [markdown]
# ## Exercises
#
# Write the body of each function, run the cell, then run the check. Ask for a hint with
# `exercises.convolve_image.hint()`, for a second one by asking again, and for one way to do it with
# `exercises.convolve_image.solution()`.

# %%
from aml4d_utils.lessons.convolution import exercises

# %% [markdown]
# ### 1 · Write a convolution
#
# Use loops; do not flip the kernel; let the kernel stay inside the image. Close the lesson's
# version above and write your own.

# %%
def convolve_image(image, kernel):
    """Return the feature map (H - kh + 1, W - kw + 1) of an image (H, W) and a kernel (kh, kw)."""
    # BEGIN SOLUTION
    kh, kw = kernel.shape
    result = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for row in range(result.shape[0]):
        for col in range(result.shape[1]):
            result[row, col] = np.sum(image[row : row + kh, col : col + kw] * kernel)
    return result
    # END SOLUTION


# %%
exercises.convolve_image.check(convolve_image)

# %% [markdown]
# ### 2 · How large is the feature map?
#
# Along one side: `size` pixels, a kernel of `kernel` pixels, a stride, and a padding of so many
# zeros on both sides. A kernel that does not fit finds 0 places.

# %%
def output_size(size, kernel, stride, padding):
    """Return how many places the kernel finds, as a whole number."""
    # BEGIN SOLUTION
    return max(0, (size + 2 * padding - kernel) // stride + 1)
    # END SOLUTION


# %%
exercises.output_size.check(output_size)

# %% [markdown]
# ### 3 · Design a kernel that finds a pattern
#
# You get a small grey window that was cut out of a photo. Return a kernel of the same shape whose
# feature map is largest where the window came from, also when the light changes.

# %%
def pattern_kernel(pattern):
    """Return a kernel (h, w) that answers most strongly to a pattern (h, w) of values in [0, 1]."""
    # BEGIN SOLUTION
    return pattern - pattern.mean()
    # END SOLUTION


# %%
exercises.pattern_kernel.check(pattern_kernel)

# %% [markdown]
# ### 4 · How far does a stack see?
#
# Each layer is a pair `(kernel, stride)`. Return the receptive field of the last layer in pixels.
# With two layers you grew it by hand above. Here there may be many, or none at all.

# %%
def receptive_field(layers):
    """Return the side, in pixels, of what one cell after all layers can see."""
    # BEGIN SOLUTION
    field = 1
    jump = 1
    for kernel, stride in layers:
        field = field + (kernel - 1) * jump
        jump = jump * stride
    return field
    # END SOLUTION


# %%
exercises.receptive_field.check(receptive_field)

# %% [markdown]
# ### 5 · Decide: a stack for a scratch detector
#
# The phone cases have scratches. A cell must see a whole scratch to judge it, and the camera's
# chip is small: fewer parameters are better. Measure each stack, then decide.
#
# `stacks` is a dictionary: name → list of layers `(kernel, stride, maps)`. Use
# `exercises.stack_field(stack)` and `exercises.stack_parameters(stack)` to measure.

# %%
def choose_stack(scratch, stacks):
    """Return ({name: (receptive field, parameters)}, chosen name) for a scratch in pixels."""
    # BEGIN SOLUTION
    measured = {}
    for name, stack in stacks.items():
        measured[name] = (exercises.stack_field(stack), exercises.stack_parameters(stack))
    fitting = [name for name in stacks if measured[name][0] >= scratch]
    return measured, min(fitting, key=lambda name: measured[name][1])
    # END SOLUTION


# %%
exercises.choose_stack.check(choose_stack)

# %% [markdown]
# ## Where it fails
#
# A convolution moves along with a shift. Nothing in it turns with a photo that turns. Your photo
# is turned here by 15 degrees at a time, inside a disc, so that the same pixels stay in view. The
# curve adds up the three classes that lead when the photo is upright.

# %%
turned = await run(
    shifting.turn_experiment(net, photo, np.arange(0, 361, 15)), label="25 angles"
)
show(figures.draw_turning(turned), figures.describe_turning(turned))

# %% [markdown]
# The network learned from photos that stand upright, so its kernels answer to upright things. Only
# a photo without top and bottom, such as a plate from above, may lose little. Lesson 10 mends part
# of this with data: it turns the pictures that a network learns from.
#
# ## Quiz

# %%
from aml4d_utils.lessons.convolution.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - A **kernel** is a small grid of weights. Multiply, add, move on: a **feature map**.
# - Weights that add up to zero ignore even surfaces and find changes.
# - **Parameter sharing**: one kernel for all places; the photo's size does not matter.
# - **Local**: a cell sees its receptive field; stacking layers makes it grow.
# - **Equivariant**: the map moves along with the photo. Turning and scaling are another matter.
# - Weights start **at random and are learned**.
#
# **Credits.** Photos: see `THIRD_PARTY.md`. SqueezeNet: Iandola et al., arXiv:1602.07360, 2016.
# Fashion-MNIST: Xiao, Rasul and Vollgraf, arXiv:1708.07747, 2017. Convolution in networks: LeCun
# et al., *Gradient-based learning applied to document recognition*, 1998. Convolution arithmetic:
# Dumoulin and Visin, arXiv:1603.07285, 2016.
