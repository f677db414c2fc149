# ---
# jupyter:
#   aml4d:
#     title: Generative adversarial networks
#     room: gans
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
# # 12 · Generative adversarial networks
#
# *90 minutes.* Two networks compete: one paints, one tries to catch it. Here you watch them learn,
# examine them when they fall ill, and ask what the result is good for.
#
# When you are done, you can
# - say what each of the two networks learns from, and read both losses;
# - provoke a mode collapse, recognise it and cure it;
# - examine a generator;
# - walk and calculate with latent numbers;
# - test fairly whether a generated face passes for real.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start

start("12_gans")

# %% [markdown]
# ## Forty garments that nobody made
#
# You want forty garments for a mood board, and none may be anybody's design. A network painted this
# sheet, from nothing but random numbers.

# %%
from aml4d_utils.topics.dcgan import figures as garment_figures
from aml4d_utils.topics.dcgan import generated_garments as garments

generator, discriminator = garments.load_pair("final")
painted = garments.to_uint8(garments.paint(generator, garments.latents(40, seed=12)))
show(garment_figures.draw_garments(painted), garment_figures.describe_garments(painted))

# %% [markdown]
# May you use them? That depends: are they new, or copied? Are they varied, or the same jacket forty
# times? Would anybody take them for photographs? By the end you can measure all three.
#
# ## Two networks, one plane
#
# No formula says what a good picture is. So a second network judges.
#
# - The **generator** G gets random numbers, called *latent* numbers, and makes an example of them.
# - The **discriminator** D gets examples, real and generated, and says how likely each is real.
#
# D learns to tell them apart. G learns to be taken for real: it follows the slope of D's answer,
# and it never sees a real example itself. Begin where everything can be checked, with points in a
# plane. The real points form a round island.

# %%
from aml4d_utils.topics.gan_2d import densities, plane_lab
from aml4d_utils.topics.gan_2d import figures as plane

lab = plane_lab.PlaneLab(densities.SHAPES["one island"], seed=1)
start_shot = lab.look()

# %% [markdown]
# D's loss is small when it tells both sorts apart, and grows when it is fooled: surprise, in *nats*
# as in lesson 07. Suppose that G becomes perfect.

# %%
balance = predict(
    "balance",
    "When generated points are like real ones, where does D's loss come to rest?",
    ["near 0", "near 0.69, which is ln 2", "near 1.39, which is 2 ln 2"],
)
balance

# %%
end_shot = await run(lab.play(plane_lab.GENTLE, "both", 400), label="Playing 400 rounds")
moments = [("before", start_shot), ("after", end_shot)]
show(plane.draw_planes(moments), plane.describe_planes(moments))

# %% [markdown]
# Orange is where D says *real*, blue where it says *generated*. Dots are real points, plus signs
# generated ones. The mean of the last 50 rounds:

# %%
rest = end_shot.losses[-50:, 0].mean()
places = {"near 0": 0, "near 0.69, which is ln 2": 0.69, "near 1.39, which is 2 ln 2": 1.39}
nearest = min(places, key=lambda words: abs(places[words] - rest))
balance.compare(nearest, f"D's loss is {rest:.2f} nats.")

# %% [markdown]
# D can do no better than toss a coin: it says one half everywhere. Its loss has two parts, one for
# real and one for generated examples, and each is then −log ½:

# %%
# NBVAL_CHECK_OUTPUT
import math

print(round(-math.log(0.5) - math.log(0.5), 3))
#> 1.386

# %% [markdown]
# So a GAN's losses do not go to zero when all is well. They come to rest at this line, drawn into
# every plot below. But beware: a D that has not learned enough has the same loss, and then the
# generator can be anywhere.
#
# Here it is known how densely real points lie at each place, p, and generated ones, q (estimated
# from 6,400 points). So the best discriminator there can be is known too: D\* = p / (p + q). Below,
# its picture stands in the middle. *KL* and *JS* measure how far p is from q. Both are 0 when they
# agree; JS is never more than ln 2.
#
# ## Explore: the contest
#
# 1. **One at a time.** Let only the discriminator learn: switch on *Play*. Does the left picture
#    come to look like the middle one? Then let only the generator learn. Do its points come to the
#    real ones, or only to orange?
# 2. **Slow motion.** Press Reset, choose slow motion under *More controls*, and play: ten steps of
#    one, then ten of the other. Who runs after whom?
# 3. **Your own.** Click into the left picture to make islands of your own. How many does the
#    generator reach?

# %%
from aml4d_utils.topics.gan_2d import explorers

explorers.plane_explorer()

# %% [markdown]
# ## Mode collapse
#
# A forger who has found one painting that passes might paint it again and again. Give the generator
# that chance: eight islands, and five moves for it while D looks once.

# %%
collapse = predict(
    "collapse",
    "The generator moves five times as often. How many of eight islands does it reach?",
    ["all or nearly all", "about half", "one or two"],
)
collapse

# %%
islands = plane_lab.PlaneLab(densities.SHAPES["eight islands"], seed=0)
ill = await run(islands.play(plane_lab.UNFAIR, "both", 150), label="An unfair contest")
cured = await run(islands.play(plane_lab.CURED, "both", 300), label="A cure")
course = [("unfair", ill), ("then cured", cured)]
show(plane.draw_planes(course), plane.describe_planes(course))

# %% [markdown]
# The share of the real points tells it, times eight:

# %%
reached = 8 * ill.covered
answers = ["all or nearly all", "about half", "one or two"]
collapse.compare(
    answers[int(reached < 6) + int(reached < 2.5)], f"It reaches {ill.covered:.0%} of the points."
)

# %% [markdown]
# This is *mode collapse*. D notices the one island and calls it generated, and G jumps to the
# next. The cure: D learns as often as G, and a steep D pays for it, so that its slope shows G a
# way and no cliff. Try both switches in the explorer above: *provoke*, play, then *cure*, play
# again.
#
# ## A convolutional network turned round
#
# Now pictures. The generator is a convolutional network turned round: 64 numbers become many
# small maps, and each layer, a *transposed convolution*, doubles the sides. The discriminator is
# a classifier with the classes *real* and *generated*. Together they are a small *DCGAN*, a deep
# convolutional GAN. So many numbers leave each layer of the generator:

# %%
# NBVAL_CHECK_OUTPUT
print(96 * 7 * 7, 48 * 14 * 14, 1 * 28 * 28)
#> 4704 9408 784

# %% [markdown]
# 1. **Where is the garment?** Go through a few numbers. In which layer can you first make out what
#    it becomes?
# 2. **On the way.** Move slowly from one garment to the next. Does it jump, or does it change step
#    by step?
# 3. **The judge.** Switch to real garments and back. Can the discriminator tell them apart? What
#    was such a judge's loss?

# %%
from aml4d_utils.topics.dcgan import explorers as garment_explorers

garment_explorers.passage_explorer(generator, discriminator)

# %% [markdown]
# ## Train it
#
# The networks above learned for about ten minutes of one processor core. Here you go on from a
# *warm start*: both after 600 rounds. Below, 40 more are played. Set `rounds = 700`, a minute or
# two, and watch: what is each garment?

# %%
from aml4d_utils.topics.gan_2d.rivalry import Rivalry, compete

rounds = 40
contest = Rivalry(*garments.load_pair("warm"), seed=0)
view = garment_explorers.training_view(contest)
view

# %%
clothes = garments.real_garments("train")
result = await run(
    view.follow(compete(contest, clothes, rounds)),
    total=rounds,
    draw=view.draw,
    describe=garment_figures.describe_round,
    label="Training on 20,000 garments",
    every=1.5,
)

# %% [markdown]
# A film keeps what was painted:
#
# 1. Follow one place through all moments. Forty rounds change little; what do 700 make clearer, the
#    outline or the pattern?
# 2. Does a place change what it shows?

# %%
garment_explorers.film_explorer(view.film)

# %% [markdown]
# ## The doctor
#
# Did it go well? Do the losses tell? Make two contests ill on purpose, from the same warm
# start. In the first, the discriminator learns a hundred times as fast as the generator. In the
# second, the generator is hasty.

# %%
telling = predict(
    "telling",
    "Of these three contests, which has the lowest loss of the generator?",
    ["the healthy one", "the one with the strict discriminator", "the one with a hasty generator"],
)
telling

# %%
from aml4d_utils.topics.gan_health.sick_rules import HASTY, STRICT

views = {}
for name, rules, played in (("strict", STRICT, 30), ("hasty", HASTY, 15)):
    sick = Rivalry(*garments.load_pair("warm"), seed=0, rules=rules)
    views[name] = garment_explorers.training_view(sick)
    await run(views[name].follow(compete(sick, clothes, played)), total=played, label=name)

# %% [markdown]
# The mean of the last five rounds of each:

# %%
last = {
    "the healthy one": view.film.losses[-5:, 1].mean(),
    "the one with the strict discriminator": views["strict"].film.losses[-5:, 1].mean(),
    "the one with a hasty generator": views["hasty"].film.losses[-5:, 1].mean(),
}
lowest = min(last, key=last.get)
telling.compare(lowest, ", ".join(f"{name}: {loss:.2f}" for name, loss in last.items()) + ".")

# %% [markdown]
# A low loss is no good picture: it says only that *this* discriminator is fooled. So measure.
#
# - The **Fréchet distance** compares two clouds of pictures, each described by 64 features of a
#   network that tells garments apart. Zero means the same mean and the same spread. Beside it stand
#   a floor, real against other real pictures, and a ceiling, blurred ones.
# - **Diversity** is the mean distance between generated pictures, real ones being 100 %.
# - **Copies:** for each picture the nearest of 20,000 training pictures.
#
# 1. **Verdicts.** Examine all patients. Which number gives each verdict away?
# 2. **Ill, and yet nearer?** Yours may be farther from real pictures than the strict one, whose
#    generator hardly left the warm start. And after 700 rounds?
# 3. **Too few.** Examine the final generator with 150 pictures instead of 2,000. What happens to
#    its distance, and what to that of real pictures?
# 4. **Copied?** Compare both rows of garments. Is anyone's design in the upper one?

# %%
from aml4d_utils.topics.gan_health import explorers as doctor
from aml4d_utils.topics.gan_health.diagnosis import Patient

patients = {
    "final": Patient(generator, discriminator, view.film.losses[:0]),
    "your training": Patient(contest.average, contest.discriminator, view.film.losses),
}
for name, one in views.items():
    sick = one.film.contest
    patients[name] = Patient(sick.generator, sick.discriminator, one.film.losses)
doctor.doctor_explorer(patients)

# %% [markdown]
# The features are our own, so this distance cannot be compared with FID numbers of papers.
#
# ## A face in a hundred numbers
#
# The next generator makes faces. It learned from DigiFace-1M, rendered faces of nobody: no photos
# of people were collected.

# %%
from aml4d_utils import nets
from aml4d_utils.topics.face_gan import explorers as face_explorers
from aml4d_utils.topics.face_gan import face_latents
from aml4d_utils.topics.face_gan import figures as face_figures

painter = nets.load("dcgan_faces")
faces = face_latents.faces_from(painter, face_latents.face_latents(16, seed=3))
show(face_figures.draw_faces(faces), face_figures.describe_faces(faces))

# %% [markdown]
# Some things that can be measured grow along one direction of the hundred numbers. A linear
# regression over 800 faces finds it.

# %%
known = await run(face_latents.find_directions(painter), label="Measuring 800 faces")

# %% [markdown]
# 1. **One at a time.** Move one slider from end to end. What changes beside the trait that it is
#    named after?
# 2. **Too far.** At which setting does the face fall apart?

# %%
face_explorers.face_explorer(painter, known)

# %% [markdown]
# A hundred random numbers make an arrow of a length of about 10. Take two such arrows and go half
# the way from one to the other, straight.

# %%
halfway = predict(
    "halfway",
    "How long is the arrow half-way between two random ones of length 10?",
    ["about 5", "about 7", "about 10"],
)
halfway

# %%
ends = face_latents.face_latents(400, seed=5)
length = float(((ends[:200] + ends[200:]) / 2).norm(dim=1).mean())
halfway.compare(
    min(["about 5", "about 7", "about 10"], key=lambda words: abs(int(words[6:]) - length)),
    f"The mean of 200 pairs is {length:.2f}.",
)

# %% [markdown]
# The straight way leads through numbers that the generator hardly met. The way along the sphere,
# *slerp*, keeps the length.
#
# 1. **Half-way.** Compare both ways in the middle, for several pairs. Which face is flatter?
# 2. **Ends.** Do both ways begin and end alike?

# %%
face_explorers.between_explorer(painter)

# %% [markdown]
# You can even calculate: the mean of eight faces lit from the right, minus that of eight lit from
# the left, plus a third face.
#
# 1. **Does it carry over?** Go through several faces. Does the light change on all of them?
# 2. **The control.** A random step is just as long. What does it change?

# %%
face_explorers.arithmetic_explorer(painter, known)

# %% [markdown]
# ## Which face is real?
#
# A hundred small photographs of real people come with scikit-image. They are grey and 25 pixels
# high; ours are in colour and have 64. Would that not give the game away?

# %%
format_only = predict(
    "format_only",
    "A classifier sees brightness, contrast and fineness, but no arrangement. It gets right",
    ["about half", "about three quarters", "nearly all"],
)
format_only

# %%
from aml4d_utils.topics.face_gan import matched_faces, real_or_not

sets = await run(matched_faces.face_sets(painter), label="Making both sorts alike")
judge = real_or_not.trained_discriminator(sets)
scores = [
    ("format only, as they come", real_or_not.format_score(sets, "as they come")),
    ("format only, made alike", real_or_not.format_score(sets, "made alike")),
    ("a discriminator, made alike", real_or_not.discriminator_score(judge, sets)),
]
show(face_figures.draw_scores(scores), face_figures.describe_scores(scores))

# %% [markdown]
# As they come, first row:

# %%
share = scores[0][1].right
steps = ["about half", "about three quarters", "nearly all"]
format_only.compare(steps[int(share > 0.62) + int(share > 0.87)], f"It gets {share:.0%} right.")

# %% [markdown]
# So whoever shows both sorts as they come measures the format. *Made alike* means: the same crop
# and size, grey, the same grey values, the same share of fine detail, one compression. Then the
# format alone is a tossed coin, and the game is fair. The people on the photographs did not
# choose to be in it: look at them as you would want to be looked at.
#
# 1. **You against the rest.** Answer twenty faces. Is your interval above one half? Is the
#    discriminator's?
# 2. **With teaching.** Let the answers be told *at once* and play another series. Do you get
#    better?

# %%
face_explorers.which_explorer(sets, scores[2][1])

# %% [markdown]
# In 2022, 315 people judged 128 faces each, half of them made by StyleGAN2, a far larger network.
# They got 48.2 % right, with an interval of 47.1 to 49.2 %: no better than chance. Our faces are
# small, and a discriminator of two layers knows them.
#
# ## Exercises
#
# Write the body of each function, run the cell, then run the check. `exercises.between.hint()`
# gives a hint, asked again a second one; `exercises.between.solution()` shows one way to do it.

# %%
import numpy as np

from aml4d_utils.lessons.gans import exercises

# %% [markdown]
# ### 1 · The discriminator's loss
#
# `real` and `generated` hold D's *logits*, numbers without limits. D says *real* with the
# probability σ(x) = 1 / (1 + exp(−x)), the *sigmoid* of a logit x. Return the mean of −log σ over
# the real ones, plus the mean of −log (1 − σ) over the generated ones. Logits may be as large as
# ±800; `np.logaddexp(0, x)` is log(1 + exp(x)) without overflow.

# %%
def discriminator_loss(real, generated):
    """Return the discriminator's loss in nats, from logits (N,) and (M,)."""
    # BEGIN SOLUTION
    return np.logaddexp(0, -real).mean() + np.logaddexp(0, generated).mean()
    # END SOLUTION


# %%
exercises.discriminator_loss.check(discriminator_loss)

# %% [markdown]
# ### 2 · The generator's loss
#
# G wants its examples to be called real. Return the mean of −log σ over their logits.

# %%
def generator_loss(generated):
    """Return the generator's loss in nats, from the logits (M,) of its examples."""
    # BEGIN SOLUTION
    return np.logaddexp(0, -generated).mean()
    # END SOLUTION


# %%
exercises.generator_loss.check(generator_loss)

# %% [markdown]
# ### 3 · Find the collapse
#
# `generators` is a dictionary: name → features (N, F) of its pictures, one row a picture. Measure
# for each the mean distance between two different pictures, over all pairs. The distance of two
# rows is the root of the sum of squared differences. Then name the one whose pictures are most
# alike.

# %%
def find_collapse(generators):
    """Return ({name: mean distance}, name of the least varied)."""
    # BEGIN SOLUTION
    measured = {}
    for name, rows in generators.items():
        pairs = len(rows) * (len(rows) - 1)
        apart = rows[:, None] - rows[None]
        measured[name] = np.sqrt((apart**2).sum(axis=2)).sum() / pairs
    return measured, min(measured, key=measured.get)
    # END SOLUTION


# %%
exercises.find_collapse.check(find_collapse)

# %% [markdown]
# ### 4 · Along the sphere
#
# `start` and `end` have length 1, and the angle θ between them is neither 0 nor 180 degrees. Return
# the vector at a share t of the way along the arc:
# (sin((1 − t) θ) · start + sin(t θ) · end) / sin θ, where cos θ is the dot product of both.

# %%
def between(start, end, share):
    """Return the point at a share of the arc between two vectors (L,) of length 1."""
    # BEGIN SOLUTION
    angle = np.arccos(np.clip(start @ end, -1, 1))
    return (np.sin((1 - share) * angle) * start + np.sin(share * angle) * end) / np.sin(angle)
    # END SOLUTION


# %%
exercises.between.check(between)

# %% [markdown]
# ### 5 · Decide: what would you never generate?
#
# Your studio may use a face generator for several purposes. `survey(use)` returns two shares, asked
# among people who saw the result: who took it for a photograph of a real person, and who could be
# harmed by that. Your rule: *never* where the second is above `most`. Else *label* it where at
# least half took it for real. Else *generate* freely. Measure every use, and decide on every one.

# %%
def decide_uses(uses, survey, most):
    """Return ({use: (fooled, harmed)}, {use: "never", "label" or "generate"})."""
    # BEGIN SOLUTION
    measured = {use: survey(use) for use in uses}
    chosen = {}
    for use, (fooled, harmed) in measured.items():
        if harmed > most:
            chosen[use] = "never"
        elif fooled >= 0.5:
            chosen[use] = "label"
        else:
            chosen[use] = "generate"
    return measured, chosen
    # END SOLUTION


# %%
exercises.decide_uses.check(decide_uses)

# %% [markdown]
# ## Where it fails
#
# A generator gives back what it was shown, and not even all of that. Here a classifier sorts 2,000
# real garments, never learned from, and 2,000 generated ones. Which classes does the generator
# paint too rarely?

# %%
from aml4d_utils.images.fashion import CLASS_NAMES
from aml4d_utils.notebook import table
from aml4d_utils.topics.augmentation.three_networks import load_taught
from aml4d_utils.topics.gan_health.diagnosis import class_shares

sorter = load_taught("plain")
kinds = class_shares(sorter, garments.real_garments("test")[:2000])
made = class_shares(sorter, garments.paint(generator, garments.latents(2000, seed=0)))
rows = [(n, f"{a:.1%}", f"{b:.1%}") for n, a, b in zip(CLASS_NAMES, kinds, made, strict=True)]
table("Share of each class, sorted by the same network.", ("class", "real", "generated"), rows)

# %% [markdown]
# No loss asks for the right shares. What is not among the training pictures
# cannot come out: here no hat, no glove, no scarf. Before you fill a mood board, ask what and who
# is missing from it.
#
# ## Quiz

# %%
from aml4d_utils.lessons.gans.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - The **generator** learns from the discriminator's slope alone, the **discriminator** from both
#   sorts of examples.
# - At the **balance** D's loss is 2 ln 2 = 1.386; low losses are no sign of good pictures.
# - **Mode collapse** shows in the diversity; it comes when G runs ahead of D.
# - **Fréchet distance** needs many pictures, always equally many, and a floor and a ceiling.
# - **Latent numbers** can be walked through and added; directions are measured, not given.
# - **Real or not** is a fair question only when the format is matched.
#
# **Credits.** GAN: Goodfellow et al., NeurIPS 2014. DCGAN, arithmetic with faces: Radford et al.,
# ICLR 2016. Steep discriminators pay: Mescheder et al., ICML 2018. Fréchet distance, two rates:
# Heusel et al., NeurIPS 2017. Averaged generator: Yazıcı et al., ICLR 2019. Slerp: White,
# arXiv:1609.04468, 2016. Directions: Shen et al., CVPR 2020. Matching pictures: Willenbockel et
# al., Behavior Research Methods 42, 2010. People before faces: Nightingale and Farid, PNAS 119,
# 2022. Two networks in a plane: Kahng et al., GAN Lab, IEEE TVCG 25, 2019. Fashion-MNIST: Xiao et
# al., arXiv:1708.07747, 2017, MIT. DigiFace-1M: Bae et al., WACV 2023. Labeled Faces in the Wild:
# Huang et al., 2007. All licences: `THIRD_PARTY.md`.
