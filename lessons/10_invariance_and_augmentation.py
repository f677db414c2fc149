# ---
# jupyter:
#   aml4d:
#     title: Invariance and augmentation
#     room: invariance_and_augmentation
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
# # 10 · Invariance and augmentation
#
# *90 minutes.* Your photos are never quite like the ones that a network learned from. Here you
# measure what it forgives, teach a network to forgive more, and find out what that costs.
#
# When you are done, you can
# - measure how steady an answer is when a photo moves, and make it steadier;
# - choose augmentations for a product, and say which one would harm it;
# - mix pictures and labels, and hide parts, in a few lines;
# - attack a network, and tell a weak test of robustness from a strong one.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start

start("10_invariance_and_augmentation")

# %% [markdown]
# ## One pixel to the side
#
# You design a camera for a recycling bin: it names what people hold in front of it. In the test it
# says *bottle*, and with the next frame something else. Nothing has moved but the hand, by a hair.
#
# A convolution looks in the same way everywhere, and pooling forgets most of the place. So a dog
# stays a dog when the photo is shifted: this is called *translation invariance*. Let us measure it
# by the smallest shift there is, one pixel, on 40 photos in four directions.

# %%
from aml4d_utils import images, nets
from aml4d_utils.topics.invariance import figures as seen
from aml4d_utils.topics.invariance import one_pixel

net = nets.load("squeezenet1_1")
photos = one_pixel.photos_to_move(40)

# %% [markdown]
# Your guess first:

# %%
flipping = predict(
    "flipping",
    "In how many of 40 photos does a shift by one pixel change SqueezeNet's first guess?",
    ["in none", "in 1 to 5", "in 6 to 10", "in more than 10"],
)
flipping

# %%
steady = await run(
    one_pixel.steadiness("squeezenet1_1", net, photos), label="Moving 40 photos by one pixel"
)

# %% [markdown]
# A photo counts if any of the four shifts changed the first guess.

# %%
changed = len(steady.changed_photos)
answers = ["in none", "in 1 to 5", "in 6 to 10", "in more than 10"]
flipping.compare(
    answers[(changed > 0) + (changed > 5) + (changed > 10)],
    seen.describe_steadiness([("SqueezeNet", steady)]),
)

# %% [markdown]
# Why? The first layer has a *stride* of 2: it computes every second place and skips those between.
# Move the photo by one pixel, and it computes what it skipped before. Details finer than two pixels
# then look different. Sound engineers call this *aliasing* and know the cure: blur first, then
# skip.
#
# So compute every place, mix each with its neighbours, 1 : 2 : 1, and only then keep every second
# one. SqueezeNet has four such strides. Nothing is trained anew:

# %%
from aml4d_utils.topics.invariance.anti_aliasing import blur_before_strides

mended = blur_before_strides(net)
steadier = await run(
    one_pixel.steadiness("squeezenet1_1", mended, photos), label="Once more, with blur"
)
both = [("as it is", steady), ("with a blur at each stride", steadier)]
show(seen.draw_steadiness(both), seen.describe_steadiness(both))

# %% [markdown]
# The lines show how far chance may have moved each bar. With 40 photos they are long: look whether
# they overlap.
#
# ## Explore: one pixel
#
# 1. **Steep or flat.** Move your photo to the right pixel by pixel. Where is the curve steepest?
#    Does the first guess change at any shift?
# 2. **Every second pixel.** Look at the curve as it is: does it go up and down with every other
#    pixel? Which of the two curves is smoother?
#
# One photo proves little, and the blur may even harm yours: so we counted many.

# %%
from aml4d_utils.topics.invariance import explorers

explorers.one_pixel_explorer()

# %% [markdown]
# ## Turns and sizes
#
# A shift is nearly forgiven by construction. What about a turn, or another size? A kernel that
# finds upright edges does not answer to lying ones. So the network can only have learned it.
#
# Here are three small networks of lesson 07's kind. Each learned the same 20,000 pictures of
# clothes: *plain* as they are, *augmented* shifted, turned and resized a little, anew each time.
# The third, *robust*, comes later.

# %%
import torch

from aml4d_utils.nets.grey_batches import to_batch
from aml4d_utils.topics.augmentation.three_networks import load_taught

taught = {way: load_taught(way) for way in ("plain", "augmented", "robust")}
clothes = images.fashion_mnist()
pictures = to_batch(clothes.test_images[:500])
labels = torch.as_tensor(clothes.test_labels[:500]).long()

# %% [markdown]
# Your guess first, for 500 new test pictures:

# %%
turned = predict(
    "turned",
    "Test pictures turned by 45 degrees: how many does the plain network still get right?",
    ["about as many as upright ones", "about half as many", "a third or fewer"],
)
turned

# %%
from aml4d_utils.topics.invariance.forgiveness import forgiveness

curve = forgiveness(taught["plain"], pictures, labels, "turn", [0, 45])
kept = curve.shares[1] / curve.shares[0]
options = ["about as many as upright ones", "about half as many", "a third or fewer"]
turned.compare(
    options[int(kept < 0.75) + int(kept < 0.35)],
    seen.describe_forgiveness([("plain", curve)]),
)

# %% [markdown]
# Now both over the whole range. The augmented one never saw a turn above 30 degrees.
#
# 1. **How far does it reach?** Choose *turn*. Up to which turn does each network stay above 60 %?
#    And what happens beyond its 30 degrees?
# 2. **The price.** Read both curves where nothing is changed. What did the augmented one pay?

# %%
pair = [(way, taught[way]) for way in ("plain", "augmented")]
explorers.forgiveness_explorer(pair, pictures, labels)

# %% [markdown]
# When the camera goes round a thing, no pixel stays where it was. There is no formula that turns
# one view into the next, so only data can teach it. Let a camera go round real models of everyday
# things:
#
# 1. **Blind sides.** From which sides is the motor scooter no scooter to SqueezeNet? What is it
#    called there? Then ask EfficientNet-Lite0.
# 2. **From above.** Raise the camera to 75°. Which thing does Lite0 know from all round, and why?

# %%
explorers.viewpoint_explorer()

# %% [markdown]
# ## Augmentation: one photo, many
#
# You have thirty photos and need three thousand. *Augmentation* makes new examples out of old ones:
# changed pictures, with the answer that stays the same. The bench does it to your photo, and shows
# the label that the new example gets.
#
# 1. **Too much.** Take *crop* and raise its strength, and draw several times. When could you
#    yourself no longer give the right label?
# 2. **Half and half.** Mix in the coffee, first with *mixup*, then with *CutMix*. What does the
#    label say? Does the network agree with it?

# %%
from aml4d_utils.topics.augmentation import explorers as bench

bench.bench_explorer()

# %% [markdown]
# A label of 60 % one class and 40 % another is a *soft label*. The network is not told what the
# picture is, but how sure to be. With four classes, of which it is the first and the third:

# %%
# NBVAL_CHECK_OUTPUT
from aml4d_utils.topics.augmentation.mixing import soft_label

print(soft_label(0.6, first=0, second=2, classes=4).tolist())
#> [0.6, 0.0, 0.4, 0.0]

# %% [markdown]
# ## Does it help?
#
# Pictures that look more varied are no proof. So train: 20 pictures of each class, nine ways to
# train with them, the same small network, the same number of steps.
#
# One way is unlike the others. The *generator* of lesson 12 is a network that invents garments. It
# knows no names: another one, that learned from the same 20 pictures of each class, gives them.

# %%
import numpy as np

from aml4d_utils.nets.grey_batches import accuracy
from aml4d_utils.topics.augmentation import figures
from aml4d_utils.topics.augmentation import small_training_sets as sets

training = sets.LabelledPictures(clothes.train_images, clothes.train_labels)
few = sets.few_of_each(training, 20, np.random.default_rng(0))
invented = sets.invented_for(few, 4, seed=0)
agreed = accuracy(taught["plain"], to_batch(invented.pictures), torch.tensor(invented.labels))
show(figures.draw_invented(invented), figures.describe_invented(invented, agreed))

# %% [markdown]
# Would you have given the same names? Each of the nine networks then takes six tests with 500
# pictures that were never trained on. Three times each would be better; for a start, once.

# %%
helping = predict(
    "helping",
    "Shifting the training pictures: what will it do in the test with shifted pictures?",
    ["lose points", "gain less than 5 points", "gain 5 points or more"],
)
helping

# %%
tests = sets.LabelledPictures(clothes.test_images[:500], clothes.test_labels[:500])
table = await run(
    sets.does_it_help(training, tests, per_class=20, seeds=1), label="Training nine networks"
)
show(figures.draw_help(table), figures.describe_help(table))

# %% [markdown]
# The brackets hold the points gained or lost against the first row. Your guess:

# %%
gain = 100 * (table.means[1, 1] - table.means[0, 1])
sizes = ["lose points", "gain less than 5 points", "gain 5 points or more"]
helping.compare(sizes[int(gain >= 0) + int(gain >= 5)], f"It changed by {gain:+.1f} points.")

# %% [markdown]
# Read it column by column. A test is mostly mastered best by the network that was trained for it.
# And most rows cost a little on the clean test: the network has to cope with more, with the same
# few parameters. And the invented garments? New pictures, but with names guessed by a network that
# knew no more: its mistakes are learned with them.
#
# One run is an anecdote. Set `seeds=3` in the cell above and give it a minute. Differences whose
# interval leaves out 0 are then in bold; of 48 comparisons, about two would be by chance alone.
# Then try `per_class=500`: is there still something to gain?
#
# ## Where it hurts
#
# Augmentation promises: *the answer stays the same*. What if it does not? Which way does a shoe
# point? And is it a six or a nine?

# %%
hurting = predict(
    "hurting",
    "Shoes are mirrored at random while the network learns which way they point. It then gets",
    ["nearly all right", "about half right, as by chance", "nearly none right"],
)
hurting

# %%
from aml4d_utils.topics.augmentation import label_changing

shoes = await run(label_changing.harm(label_changing.pointing_shoes(), seed=0), label="Shoes")
digits = await run(label_changing.harm(label_changing.sixes_and_nines(), seed=0), label="Digits")
results = [shoes, digits]
show(figures.draw_harm(results), figures.describe_harm(results))

# %% [markdown]
# The small variation does no harm; the other one does.

# %%
share = shoes.shares[2]
levels = ["nearly none right", "about half right, as by chance", "nearly all right"]
hurting.compare(levels[int(share > 0.25) + int(share > 0.75)], f"It gets {share:.0%} right.")

# %% [markdown]
# Every second shoe had a wrong label, and the network could learn nothing. Digits suffer less: few
# turns are half turns. Nobody warned you: the loss was a number like any other. Before you augment,
# ask of each change whether *you* would still give the same answer.
#
# ## A change chosen to hurt
#
# So far chance has changed the pictures. An attacker leaves nothing to it. The slope of the
# loss says for each value in which direction it makes the network more wrong. Take a tiny step in
# that direction everywhere: the *fast gradient sign method*, FGSM. Or take ten smaller ones and
# look again after each: *projected gradient descent*, PGD.
#
# 1. **The least you need.** Start at 0 and raise the change until the first guess is another one.
#    Can you see a difference between before and after?
# 2. **One step or ten.** At the same strength, switch to PGD. What does the network say now, and
#    how sure is it?

# %%
bench.attack_explorer()

# %% [markdown]
# What you cannot see, the network can add up: more than 150,000 tiny changes, all pushing the same
# way.
#
# ## Teach it to withstand
#
# An attacked picture with its true label is an example too. The network *robust* learned from
# nothing else: every batch was attacked first, within 0.1. Here all three are attacked with PGD, 20
# steps. (0 is black, 1 is white.)

# %%
holding = predict(
    "holding",
    "PGD may change each pixel by 0.1. How many answers does the plain network keep?",
    ["more than half", "a quarter to a half", "less than a quarter"],
)
holding

# %%
from aml4d_utils.topics.augmentation.robust_training import under_attack

strengths = (0.0, 0.02, 0.05, 0.1, 0.15)
held = []
for way, small in taught.items():
    attacks = under_attack(
        small, pictures[:150], labels[:150], strengths, generator=torch.Generator().manual_seed(0)
    )
    held.append((way, await run(attacks, label=f"Attacking {way}")))
show(figures.draw_under_attack(held), figures.describe_under_attack(held))

# %% [markdown]
# Read the curves at 0.1:

# %%
share = held[0][1].shares[3]
levels = ["less than a quarter", "a quarter to a half", "more than half"]
holding.compare(levels[int(share >= 0.25) + int(share > 0.5)], f"The plain one keeps {share:.0%}.")

# %% [markdown]
# The robust network pays at the left end of its curve: where nobody attacks, it gets fewer right
# than the plain one. Robustness is bought, not given. Look at *augmented* too: turned and shifted
# pictures are no protection against an attack.
#
# ## Exercises
#
# Write the body of each function, run the cell, then run the check. `exercises.mixup.hint()` gives
# a hint, asked again a second one; `exercises.mixup.solution()` shows one way to do it.

# %%
from aml4d_utils.lessons.invariance_and_augmentation import exercises

# %% [markdown]
# ### 1 · How steady is it?
#
# One row of `guesses` is one photo: the class that was guessed first, at each shift. Column 0 is
# the photo where it lies. A photo is *steady* if every shift keeps that guess. Return the share of
# steady photos.

# %%
def consistency(guesses):
    """Return the share of photos whose guess never changes, from guesses (photos, shifts)."""
    # BEGIN SOLUTION
    return (guesses == guesses[:, :1]).all(axis=1).mean()
    # END SOLUTION


# %%
exercises.consistency.check(consistency)

# %% [markdown]
# ### 2 · Mixup
#
# Lay `share` of the first over the rest of the second. The same line serves for pictures and for
# labels: both are arrays of one shape.

# %%
def mixup(first, second, share):
    """Return share of the first plus the rest of the second."""
    # BEGIN SOLUTION
    return share * first + (1 - share) * second
    # END SOLUTION


# %%
exercises.mixup.check(mixup)

# %% [markdown]
# ### 3 · Random erasing
#
# Cover a square of `side` × `side` pixels with 0, anywhere in the picture (H, W) or (H, W, 3). All
# of it lies inside, and every such place can be drawn from `rng`. The picture itself stays as it
# is: return another one.

# %%
def erase_square(picture, side, rng):
    """Return a copy of a picture with a black square at a place drawn from rng."""
    # BEGIN SOLUTION
    height, width = picture.shape[:2]
    top = rng.integers(height - side + 1)
    left = rng.integers(width - side + 1)
    erased = picture.copy()
    erased[top : top + side, left : left + side] = 0
    return erased
    # END SOLUTION


# %%
exercises.erase_square.check(erase_square)

# %% [markdown]
# ### 4 · Attack
#
# `slope` says for each value of the picture how fast the loss rises with it. Move every value by
# `epsilon` so that the loss rises. A value whose slope is 0 stays. The result is a picture: nothing
# below 0, nothing above 1.

# %%
def attack(picture, slope, epsilon):
    """Return the picture after one step of the fast gradient sign method."""
    # BEGIN SOLUTION
    return np.clip(picture + epsilon * np.sign(slope), 0, 1)
    # END SOLUTION


# %%
exercises.attack.check(attack)

# %% [markdown]
# ### 5 · Decide: augmentation for your product
#
# `names` lists augmentations. `measure(name)` trains with one and returns two shares of right
# answers: on clean pictures, and on hard ones as your product will meet them. Choose the one with
# the most right answers on hard pictures, among those that reach `least` on clean ones.

# %%
def choose_augmentation(names, measure, least):
    """Return ({name: (clean, hard)}, chosen name)."""
    # BEGIN SOLUTION
    measured = {name: measure(name) for name in names}
    good = [name for name in names if measured[name][0] >= least]
    return measured, max(good, key=lambda name: measured[name][1])
    # END SOLUTION


# %%
exercises.choose_augmentation.check(choose_augmentation)

# %% [markdown]
# ## Where it fails
#
# Augmentation teaches what you vary, and nothing beside it. Here are all three networks, and what
# made seeing hard in lesson 02, from nothing to severe.
#
# 1. **Never seen.** The augmented network learned to forgive shifts, turns and sizes. Does it
#    forgive *noise* better than the plain one? And *robust*, which learned from attacks alone?
# 2. **No winner.** Go through the other challenges. In which one is *augmented* clearly ahead, and
#    what has that to do with shifts? Which network would you take for a bin in the dark?

# %%
explorers.severity_explorer(list(taught.items()), pictures, labels)

# %% [markdown]
# All of them side by side, halfway to severe:

# %%
from aml4d_utils.notebook import table as table_of
from aml4d_utils.topics.invariance.forgiveness import CHANGES

rows = []
for challenge in list(CHANGES)[3:]:
    amount = CHANGES[challenge][1][3]
    kept = [
        forgiveness(small, pictures, labels, challenge, [amount]).shares[0]
        for small in taught.values()
    ]
    rows.append((f"{challenge} {amount:g}", *(f"{share:.0%}" for share in kept)))
table_of("Right answers of three networks.", ("challenge", *taught), rows)

# %% [markdown]
# Nobody can vary everything. Whoever lists what a product will meet, and measures each, knows more
# than whoever switches on every augmentation there is.
#
# ## Quiz

# %%
from aml4d_utils.lessons.invariance_and_augmentation.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - **Translation invariance** is nearly true: strides make it fail by a pixel, a blur mends part.
# - **Turns, sizes and viewpoints** are not forgiven by construction; only examples teach them.
# - **Augmentation** helps most with few pictures, and where it varies what the product will meet.
# - It **hurts** when a change alters the answer; a **soft label** says how sure to be.
# - An **attack** follows the slope of the loss. Test with PGD, not FGSM alone; robustness has a
#   price.
#
# **Credits.** Steps of one pixel: Azulay and Weiss, Journal of Machine Learning Research 20, 2019;
# blur before strides: Zhang, ICML 2019. mixup: Zhang, Cisse, Dauphin and Lopez-Paz, ICLR 2018.
# CutMix: Yun et al., ICCV 2019. Random erasing: Zhong et al., AAAI 2020. FGSM: Goodfellow, Shlens
# and Szegedy, ICLR 2015. PGD: Madry et al., ICLR 2018. Training with one random step: Wong, Rice
# and Kolter, ICLR 2020. Fashion-MNIST: Xiao, Rasul and Vollgraf, arXiv:1708.07747, 2017, MIT.
# Things in 3-D, photos and all licences: `THIRD_PARTY.md`.
