# ---
# jupyter:
#   aml4d:
#     title: How we see
#     room: how_we_see
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
# # 01 · How we see
#
# *80 minutes.* In 1959 two researchers showed bars of light to a cat and listened to one cell of
# its brain. You repeat their experiment on a simulated cell, and then, with the same instrument, on
# a real network. For two sittings, pause before *Faces*.
#
# When you are done, you can
# - find out what a cell or a unit answers to, and say how sharply;
# - tell a simple cell from a complex one by a measurement;
# - say what changes from lower to upper layers of a network, and what of it is learned;
# - say what somebody must show before you believe in a *face unit*.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start

start("01_how_we_see")

# %% [markdown]
# ## One cell, six bars
#
# You design signs for a station. What of a sign reaches the brain? David Hubel and Torsten Wiesel
# asked single cells of the visual cortex. A thin wire beside a cell makes each *spike* heard that
# it sends on, while bars of light are shown to the eye.
#
# Our first cell is *simulated*: it follows a formula that describes such cells well. Nothing else
# in this course is. These are six bars and what the cell answers, in spikes per second:

# %%
from aml4d_utils.topics.tuning import figures, recording
from aml4d_utils.topics.tuning.gabor_cells import BEST, CELLS
from aml4d_utils.topics.tuning.stimuli import Stimulus

cell = CELLS["simple cell"]
angles = range(0, 180, 30)
trials = [recording.record(cell, Stimulus("light bar", angle)) for angle in angles]
show(figures.draw_trials(trials, cell), figures.describe_trials(trials, cell))

# %% [markdown]
# A bar at 0° lies, at 90° it stands upright, anticlockwise. One bar makes the cell fire. The
# further you turn it, the closer the answer comes to 8: the cell *at rest*, before an empty screen.

# %%
turned = predict(
    "turned",
    "How far must the bar turn from the best orientation until half of the answer is left?",
    ["About 5°", "About 20°", "About 45°"],
)
turned

# %% [markdown]
# Each bar crosses the screen now, and the strongest answer is noted. Over all orientations that
# gives a *tuning curve*. Its width at half height, counted from rest, says how sharply the cell is
# tuned.

# %%
curve = recording.measure_curve(cell, Stimulus("light bar"))
options = {"About 5°": 5, "About 20°": 20, "About 45°": 45}
turned.compare(
    min(options, key=lambda words: abs(options[words] - curve.width / 2)),
    f"The curve is {curve.width:.0f}° wide at half its height: half of that to each side.",
)

# %% [markdown]
# ## Explore: record from a cell
#
# Now you hold the bar: drag it over the screen. Every trial leaves a point. The line is the
# strongest answer as the bar crosses the box.
#
# 1. **Find the best orientation.** Move *Orientation* from 0 to 175. Where is the curve highest,
#    and how wide is it? Does a dark bar need another orientation?
# 2. **Map the field.** Choose *light spot*, width 4, and walk it through the box. A + stays where
#    the cell answers more than at rest, a − where less. How do the marks lie?
# 3. **Now the complex cell.** Map it with spots. Why is there no −?
# 4. **Which way?** Choose the *direction cell* and *grating*, turn it to 90°. Then change *Moves
#    towards*. What is left of the answer?

# %%
from aml4d_utils.topics.tuning import explorers

explorers.cell_instrument()

# %% [markdown]
# The part of the screen that a cell answers to is its *receptive field*. This is the simple cell's.
# The formula is a wave that fades away from its middle, a *Gabor*:

# %%
show(figures.draw_field(cell.fields[0]), figures.describe_field(cell.fields[0]))

# %% [markdown]
# Light on orange makes the cell fire, light on blue silences it. For a *grating*, many stripes side
# by side, the instrument must find the width that the formula gives, up to a degree:

# %%
# NBVAL_CHECK_OUTPUT
import numpy as np

from aml4d_utils.topics.tuning.tuning_measures import half_width

measured = recording.measure_curve(cell, Stimulus("grating")).width
formula = half_width(np.arange(0, 180.0), cell.amplitude(np.arange(0, 180.0)))
print(abs(measured - formula) < 1)
#> True

# %% [markdown]
# ## Simple or complex?
#
# A *simple* cell has fixed places for light and dark. A *complex* one has not: it wants the right
# orientation, anywhere in its field. A grating drifts past both now.

# %%
drift = predict(
    "drift",
    "A grating of the best orientation drifts past the complex cell. What does its answer do?",
    ["It rises and falls with every stripe", "It stays nearly the same"],
)
drift

# %% [markdown]
# While it drifts by one period, 16 answers are written down. How far they swing with the stripes is
# called F1, their mean above rest F0. By convention a cell is *simple* where F1/F0 is above 1.

# %%
ratios = {}
for name, one in CELLS.items():
    passing = recording.record(one, Stimulus("grating", one.orientation)).passing
    turns = np.exp(2j * np.pi * np.arange(16) / 16)
    f1 = 2 * abs((passing * turns).mean())
    f0 = passing.mean() - one.rest
    ratios[name] = f1 / f0

# %%
swings = ratios["complex cell"] > 1
drift.compare(
    "It rises and falls with every stripe" if swings else "It stays nearly the same",
    ", ".join(f"{name}: F1/F0 = {ratio:.2f}" for name, ratio in ratios.items()),
)

# %% [markdown]
# The complex cell adds the squares of two simple fields, a quarter of a wave apart. Where one is
# quiet, the other is loud. In full:

# %%
# NBVAL_CHECK_OUTPUT
complex_cell = CELLS["complex cell"]
trial = recording.record(complex_cell, Stimulus("grating", orientation=120))
light = (trial.screen - 0.5) / 0.5
even, odd = [(light * field).sum() for field in complex_cell.fields]
strongest = complex_cell.amplitude(120) ** 2
rate = complex_cell.rest + BEST * (even**2 + odd**2) / strongest
print(abs(rate - trial.answer) < 0.01)
#> True

# %% [markdown]
# ## Which way?
#
# The *direction cell* compares what it sees with what it saw a moment ago. What stands still leaves
# it at rest. For a grating one way and back, the difference over the sum of both answers is:

# %%
# NBVAL_CHECK_OUTPUT
from aml4d_utils.topics.tuning.motion_cell import MotionCell

motion = MotionCell(orientation=90)
forth, back = [
    recording.record(motion, Stimulus("grating", 90, back=way)).peak - motion.rest
    for way in (False, True)
]
print(round((forth - back) / (forth + back), 2))
#> 0.8

# %% [markdown]
# 1 would be a cell that tells for sure, 0 one that cannot tell.
#
# ## The same instrument, a real unit
#
# SqueezeNet learned from 1.3 million photos to tell 1,000 classes apart. Nobody told it about
# orientations. Each layer holds many *units*, and a unit answers with a number, without spikes and
# without time.
#
# 1. **Tuned or not?** Choose *grating* and move *Orientation* through its range, for three units of
#    `fire4`. Which is narrowest? Does one not care?
# 2. **Larger and larger.** Go from `conv1` to `fire5` and watch the box. What grows?
# 3. **Simple or complex?** With a grating, look at the lowest curve. Find a unit that swings
#    between nothing and much, and one that hardly does.

# %%
from aml4d_utils import nets

net = nets.load("squeezenet1_1")
explorers.unit_instrument(net)

# %% [markdown]
# ## All units at once
#
# Now every unit of five layers sees 960 gratings: 24 orientations, 5 widths of stripes, 8 places.

# %%
deeper = predict(
    "deeper",
    "From conv1 to fire5, what happens to the typical width of the tuning curves?",
    ["They become narrower", "They stay as wide", "They become wider"],
)
deeper

# %% [markdown]
# And the control: the same network with random weights, before its first photo. Whatever it shows
# as well was not learned.

# %%
from aml4d_utils.topics.dissection.units import untrained_net
from aml4d_utils.topics.tuning.unit_survey import ORIENTATIONS, survey

blank = untrained_net(seed=0)
trained = await run(survey(net), total=len(ORIENTATIONS), label="Trained network")
untrained = await run(survey(blank), total=len(ORIENTATIONS), label="Untrained network")

# %%
first, last = (trained.layers[layer].median_width for layer in ("conv1", "fire5"))
change = int(last > 0.8 * first) + int(last > 1.25 * first)
deeper.compare(
    ["They become narrower", "They stay as wide", "They become wider"][change],
    f"The median goes from {first:.0f}° in conv1 to {last:.0f}° in fire5.",
)

# %% [markdown]
# Beside the simulated cell, the unit of each layer whose width is nearest to the median:

# %%
curves = {"simple cell": curve}
for layer in trained.layers.values():
    answers = layer.curves[:, layer.typical]
    curves[layer.layer] = recording.TuningCurve(ORIENTATIONS, answers, rest=0.0)
show(figures.draw_curves(curves), figures.describe_curves(curves))

# %% [markdown]
# The width is one of four measures:

# %%
show(figures.draw_layers(trained, untrained), figures.describe_layers(trained, untrained))

# %% [markdown]
# *Circular variance* uses a whole curve: 0 for one orientation only, 1 for all alike. An answer is
# an arrow at twice its angle. Arrows that agree add up to a long one. For one unit, not the median:

# %%
layer = trained.layers["fire5"]
answers = layer.curves[:, layer.typical]
arrows = answers * np.exp(2j * np.deg2rad(ORIENTATIONS))
variance = 1 - abs(arrows.sum()) / answers.sum()
print(f"{layer.layer}/{layer.typical}: circular variance {variance:.2f}")

# %% [markdown]
# With depth, units turn from simple to complex and curves become narrower in both networks: layers
# and pooling do that by themselves. Circular variance falls only with learning: trained units stay
# quiet far from their best orientation.
#
# In macaque monkeys the median width is near 40°, for simple and complex cells alike (De Valois and
# colleagues, 1982). Some layers come close. That makes none of them a monkey's cortex: whoever
# looks for a layer that fits will find one.
#
# 1. **One number hides a lot.** Go through the second list. How widely are units spread?
# 2. **Which measure shows learning?** Go through the first list. In which measure do both networks
#    differ most at `fire5`, and in which least?

# %%
explorers.hierarchy_explorer(trained, untrained)

# %% [markdown]
# ## Your photo: edges, shapes, things
#
# The lecture's order is: edges, simple shapes, complex shapes, faces and objects. Follow your
# photo. The strokes on the right say which orientation rules at a place, as all units vote. `fire9`
# gets none: it saw no gratings.
#
# 1. **Edges.** Go through the first maps of `conv1`. Which follow edges, which light or colour? Why
#    does it get fewer strokes than `fire3`?
# 2. **Things.** Take `fire9`. How many places are left, and what does the network say at the end?

# %%
explorers.photo_layers_explorer(net, trained)

# %% [markdown]
# ## Faces
#
# In people, a region of the brain answers more to faces than to houses or scrambled faces. Nancy
# Kanwisher and her colleagues found it in 1997, in 12 of 15 persons. A year later Russell Epstein
# and she found one for scenes and buildings.
#
# Does a network have *face units*? Here are small grey faces, and other things made equal to them
# in size, mean grey and contrast: otherwise sharpness alone would tell them apart. Houses are
# missing: we found no photographs that we may hand on.

# %%
from aml4d_utils.topics.selectivity import equal_pictures, face_search
from aml4d_utils.topics.selectivity import explorers as face_explorers
from aml4d_utils.topics.selectivity import figures as face_figures

choosing, testing = equal_pictures.both_halves()
pair = (testing, face_search.controls_of(testing, np.random.default_rng(0)))
show(face_figures.draw_groups(*pair), face_figures.describe_groups(*pair))

# %% [markdown]
# *Scrambled* faces consist of the same stripes of light and dark, each in another place.
#
# How far apart are the answers to faces and to the rest? *d′* (d prime) counts it in standard
# deviations: 0 is no difference, 3 is little overlap. Of 2,624 units one will always be lucky. So
# the best is chosen on one half of the pictures and judged on the other.

# %%
untaught = predict(
    "untaught",
    "How well does the best unit of the untrained network tell new faces from other things?",
    ["No better than chance", "Better than chance, but worse than trained", "As well as trained"],
)
untaught

# %%
faces_trained = await run(
    face_search.search_faces(net, choosing, testing), label="Trained network"
)
faces_untrained = await run(
    face_search.search_faces(blank, choosing, testing), label="Untrained network"
)

# %% [markdown]
# These lines are d′. The course's own must agree:

# %%
# NBVAL_CHECK_OUTPUT
best, without = faces_trained.best_of_all(), faces_untrained.best_of_all()
faces = best.answers["faces"]
others = np.concatenate([best.answers[name] for name in equal_pictures.GROUPS[1:]])
spread = np.sqrt((faces.var(ddof=1) + others.var(ddof=1)) / 2)
print(abs((faces.mean() - others.mean()) / spread - best.d_prime) < 1e-6)
#> True

# %%
place = 0 if without.interval[0] <= 0 else 1 if without.interval[1] < best.d_prime else 2
untaught.compare(
    untaught.options[place],
    f"Trained, {best.unit}: d′ {best.d_prime:.1f}. Untrained, {without.unit}: d′ "
    f"{without.d_prime:.1f}, 95 % interval {without.interval[0]:.1f} to {without.interval[1]:.1f}.",
)

# %% [markdown]
# Baek and colleagues reported face units in untrained networks in 2021. Ours come early: this is
# the trained network's best of `fire2`. It sees 15 pixels, about 3 of a small picture. Is it the
# face that it answers? Each dot is one picture:

# %%
reports = (faces_trained.best_of_layers(), faces_untrained.best_of_layers())
low = reports[0][1]
show(face_figures.draw_answers(low), face_figures.describe_answers(low))

# %% [markdown]
# Compare faces with scrambled ones. For the best unit of each layer, this stands on the right:

# %%
show(face_figures.draw_best(*reports), face_figures.describe_best(*reports))

# %% [markdown]
# Upper layers of the trained network tell faces from both. Without learning, no layer does so
# nearly as well.
#
# The *selectivity index* is the difference of two means over their sum: 1/3 if faces are answered
# twice as strongly.
#
# 1. **Find it.** Go from `conv1` upwards. From which layer on is *faces scrambled* clearly below
#    *faces*? Does the untrained network have such a layer?
# 2. **Try it.** Which pictures that this unit answers most are not faces? What does it say to your
#    photo?

# %%
face_explorers.face_unit_explorer((net, faces_trained), (blank, faces_untrained))

# %% [markdown]
# ## Exercises
#
# Write the body of each function, run the cell, then run the check. `exercises.gabor_field.hint()`
# gives a hint, asked again a second one; `exercises.gabor_field.solution()` shows one way to do it.

# %%
from aml4d_utils.lessons.how_we_see import exercises

# %% [markdown]
# ### 1 · Build a Gabor
#
# A square of `side` × `side` pixels. Rows count downwards; measure them and the columns from the
# middle of the square. The wave is a cosine: it is 1 in the middle, its length is `period` pixels,
# and its stripes have the given orientation, in degrees, anticlockwise: 0 lies, 90 stands upright.
# Multiply it with a Gaussian that is 1 in the middle and has the standard deviation `sigma`.

# %%
def gabor_field(side, orientation, period, sigma):
    """Return a Gabor as an array (side, side)."""
    # BEGIN SOLUTION
    rows, cols = np.mgrid[:side, :side] - (side - 1) / 2
    angle = np.deg2rad(orientation)
    across = rows * np.cos(angle) + cols * np.sin(angle)
    wave = np.cos(2 * np.pi * across / period)
    return wave * np.exp(-(rows**2 + cols**2) / (2 * sigma**2))
    # END SOLUTION


# %%
exercises.gabor_field.check(gabor_field)

# %% [markdown]
# ### 2 · How wide is a tuning curve?
#
# `orientations` are evenly spaced from 0 to below 180 degrees, `answers` stand above rest. Walk
# from the highest answer to both sides until the curve has fallen to half of it; between two
# orientations it is a straight line. After 180° the curve begins anew. If it never falls to half,
# return 180.

# %%
def width_at_half(orientations, answers):
    """Return the full width at half height, in degrees."""
    # BEGIN SOLUTION
    count = len(answers)
    top = int(np.argmax(answers))
    half = answers[top] / 2
    steps = 0.0
    for side in (1, -1):
        walked = 0
        while answers[(top + side * (walked + 1)) % count] > half:
            walked = walked + 1
            if walked == count:
                return 180.0
        here = answers[(top + side * walked) % count]
        there = answers[(top + side * (walked + 1)) % count]
        steps = steps + walked + (here - half) / (here - there)
    return steps * 180 / count
    # END SOLUTION


# %%
exercises.width_at_half.check(width_at_half)

# %% [markdown]
# ### 3 · A selectivity index with its control
#
# The index of two groups is the difference of their mean answers over their sum; 0 if both means
# are 0. Compute it for faces against other things, and for faces against scrambled faces. Return
# the smaller of the two.

# %%
def face_index(faces, others, scrambled):
    """Return the smaller of two selectivity indices, from answers (N,), (M,) and (K,)."""
    # BEGIN SOLUTION
    found = []
    for group in (others, scrambled):
        total = faces.mean() + group.mean()
        found.append((faces.mean() - group.mean()) / total if total > 0 else 0.0)
    return min(found)
    # END SOLUTION


# %%
exercises.face_index.check(face_index)

# %% [markdown]
# ### 4 · Decide: is one of them a face unit?
#
# A phone shall wake up when somebody looks at it, by one unit. `units` is a dictionary: name →
# three arrays, its answers to faces, to other things and to scrambled faces. Measure both d′ of
# each unit with `d_prime(faces, group)`. A unit is worth no more than its weaker d′. Choose the one
# where that is largest. If even that is below `least`, choose `None`.

# %%
from aml4d_utils.topics.selectivity.discrimination import d_prime


def choose_face_unit(units, least):
    """Return ({name: (d′ against things, d′ against scrambled)}, chosen name or None)."""
    # BEGIN SOLUTION
    measured = {}
    for name, (faces, others, scrambled) in units.items():
        measured[name] = (d_prime(faces, others), d_prime(faces, scrambled))
    best = max(measured, key=lambda name: min(measured[name]))
    return measured, best if min(measured[best]) >= least else None
    # END SOLUTION


# %%
exercises.choose_face_unit.check(choose_face_unit)

# %% [markdown]
# ## Where it fails
#
# People recognise faces badly upside down. A face unit should too, if it sees faces as we do. This
# is the unit whose weaker d′, of faces against things and against scrambled faces, was largest:

# %%
found = faces_trained.best_with_control()
print(face_figures.describe_report(found))
show(face_figures.draw_answers(found), face_figures.describe_answers(found))

# %% [markdown]
# Compare the first two rows. A unit that hardly notices that a face stands on its head does not
# see faces as you do.
#
# And the instrument finds only what it asks for. It showed grey gratings. Units that gave them no
# answer may be waiting for a colour, a curve, or a paw:

# %%
for layer in trained.layers.values():
    print(f"{layer.layer}: {1 - layer.heard.mean():.0%} of {len(layer.heard)} units stay silent")

# %% [markdown]
# ## Quiz

# %%
from aml4d_utils.lessons.how_we_see.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - Cells and units have a **receptive field** and a **tuning curve** of a certain width.
# - **Simple** cells swing with the stripes, **complex** ones do not: F1/F0 measures it.
# - With depth, tuning gets **sharper** and simple turns **complex**; some of it without learning.
# - **Lower layers** answer edges: of your sign, its strokes. **Upper layers** answer things.
# - A **face unit** is believed after new and equal pictures, scrambled faces, and an untrained
#   network beside it.
#
# **Credits.** Cells of the cat: Hubel and Wiesel, Journal of Physiology 148, 1959, and 160, 1962.
# Widths: De Valois, Yund and Hepler, Vision Research 22, 1982. F1/F0: Skottun and colleagues,
# Vision Research 31, 1991. Circular variance: Ringach, Shapley and Hawken, Journal of Neuroscience
# 22, 2002. Energy model: Adelson and Bergen, Journal of the Optical Society of America A 2, 1985.
# Faces: Kanwisher, McDermott and Chun, Journal of Neuroscience 17, 1997. Places: Epstein and
# Kanwisher, Nature 392, 1998. Untrained networks: Baek, Song, Jang, Kim and Paik, Nature
# Communications 12, 2021. SqueezeNet: Iandola et al., arXiv:1602.07360, 2016. Faces: a part of
# Labeled Faces in the Wild, in scikit-image. Cut-outs: Tux Paint stamps, GPL-2.0; all licences:
# `THIRD_PARTY.md`.
