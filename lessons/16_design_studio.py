# ---
# jupyter:
#   aml4d:
#     title: Design studio
#     room: design_studio
#     minutes: 130
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
# # 16 · Design studio
#
# *130 minutes.* You take a design problem of your own, teach a network, break it, and write down
# what is known about it.
#
# When you are done, you can
# - write a brief, and plan a test that can answer it;
# - seal a test, measure under hard conditions, and look inside at the worst answer;
# - write a card of a classifier or a detector whose numbers notice when they are out of date;
# - find a failure of somebody else's model in ten minutes.

# %%
from aml4d_utils.notebook import predict, quiz, run, show, start

start("16_design_studio")

# %% [markdown]
# ## What cards leave out
#
# A *model card* says what a model is for, what it was measured on, and where it fails. Mitchell
# and colleagues proposed it in 2019, with nine sections. In 2024 Liang and colleagues read 32,111
# cards of public models. Training was filled in most often; environmental impact, limitations and
# evaluation least.
#
# Suppose somebody offers you a scale for a shop. A camera proposes the key to press: fruit,
# vegetables or flowers. "It is nearly always right." What would you ask?

# %%
from aml4d_utils.topics.model_card import design_brief, figures, model_study

photos = model_study.example_photos()
show(figures.draw_photos(photos), figures.describe_photos(photos))

# %% [markdown]
# The example: cut-outs, two photos of each thing. Run the lesson once like this, then again with
# a problem of your own. `example_photos(("chair", "table", "lamp"))` takes things in 3-D.
#
# ## The brief
#
# Before the first photo, write down what the product is for, what it is not for, and what happens
# when it is wrong. Can people be recognised, and did they agree? Who answers for it? Which share
# must be right?

# %%
from dataclasses import replace

brief = design_brief.EXAMPLE
print(brief.purpose)
print(brief.mistake)
print(f"The goal: {brief.goal:.0%} right.")

# %% [markdown]
# For your own, write `brief = replace(brief, name="…", purpose="…", example=False)` with every
# part. A card with a gap cannot be saved:

# %%
# NBVAL_CHECK_OUTPUT
print(*replace(brief, purpose=" ", owner="").problems, sep="\n")
#> The brief does not say what the model is for, and for whom.
#> The brief does not say who answers for the model.

# %% [markdown]
# ## The data plan
#
# You test 30 things, and 27 are right: 90 %. With 30 other things it might have been 24 or 29.
# The *95 % interval* holds the shares that go with what you saw. You may promise its lower end.

# %%
lower = predict(
    "lower",
    "27 of 30 things are right. Where is the lower end of the 95 % interval?",
    ["below 75 %", "75 % to 80 %", "above 80 %"],
)
lower

# %%
from aml4d_utils.topics.model_card import data_plan

plan = data_plan.plan_test(things=30, share=0.9, frames=1, goal=0.8)
places = ["below 75 %", "75 % to 80 %", "above 80 %"]
low = plan.interval[0]
for things in (10, 100, 1000):
    more = data_plan.plan_test(things, share=0.9, frames=1, goal=0.8)
    print(f"{things} things: {more.interval[0]:.0%} to {more.interval[1]:.0%}")
lower.compare(places[int(low >= 0.75) + int(low >= 0.8)], figures.describe_plan(plan))

# %% [markdown]
# ### Explore: how many things must be tested?
#
# 1. **The price of a promise.** At 90 % right, how many things does it take to promise 80 %? And
#    85 %? Set *to be promised*.
# 2. **All right.** Expect 100 %. What may you promise after ten things?
# 3. **Frames are no things.** Go back to 90 %, with twenty photos of each thing. Which bar would
#    you print on the box?

# %%
from aml4d_utils.topics.model_card import explorers

explorers.plan_explorer()

# %% [markdown]
# Photos of one thing are nearly one photo. Counted as things, they promise too much.
#
# ## Collect
#
# This is the desk of [lesson 11](11_transfer_learning.ipynb). Under *To be seen*, choose *camera
# and files*, write the names of your classes, *Start with these*, and add photos. Then run the
# cells below again.
#
# - At least six things of each class, better twenty, every class in every place.
# - What was taken in one go is one *burst*: one thing.
# - Photos of people only if they agreed.

# %%
from aml4d_utils.topics.own_classes.explorers import teach_explorer
from aml4d_utils.topics.transfer.trained_bodies import Bodies

bodies = Bodies()
collected = teach_explorer(photos, bodies)
collected

# %% [markdown]
# ## Seal, teach, measure
#
# Before anything is learned, chance draws things of each class and sets all their photos aside.
# One photo of each makes the *sealed test*. Then a head learns from the rest, on the frozen body
# of lesson 11, and is measured under six conditions of lessons 02, 03 and 10.

# %%
from aml4d_utils.topics.model_card.hard_conditions import CONDITIONS

hardest = predict("hardest", "Which condition will cost most, at its hardest?", list(CONDITIONS))
hardest

# %% [markdown]
# This takes the photos that lie on the desk:

# %%
from datetime import date

collection = model_study.photos_on(collected.result)
steps = model_study.make_study(bodies, collection, brief, date.today().isoformat())
study = await run(steps, label="Seal, teach, measure", describe=lambda step: step.words)
show(figures.draw_curves(study), figures.describe_curves(study))

# %%
worst = max(study.curves.values(), key=lambda curve: curve.lost)
hardest.compare(worst.name, f"It costs {100 * worst.lost:.0f} points.")

# %% [markdown]
# Dashed: the goal. Where the whole band lies above, you may promise it; where it lies below, you
# must warn. Where the line runs through the band, the test is too small to say.
#
# Every number is kept with its origin: n, split, date, and *fingerprints* of the model, the
# pictures and the code that measured.

# %%
right = study.measured["right"]
print(right.in_words)
print(right.source)
print("Out of date for another model:", right.is_stale("another model", study.pictures))

# %% [markdown]
# Others of them:

# %%
names = ["learned things", "right", "sure and wrong", "blur 5", "darkness 0.05"]
figures.show_measurements(study, names)

# %% [markdown]
# A fingerprint changes with a single pixel. That of the test is its *seal*:

# %%
# NBVAL_CHECK_OUTPUT
pictures = study.test.pictures.copy()
pictures[0, 0, 0, 0] ^= 1
changed = replace(study.test, pictures=pictures)
print(changed.seal == study.test.seal)
#> False

# %% [markdown]
# ## Failures, chosen by a rule
#
# A rule chooses, so that nobody can prettify: the photos whose true class gets the lowest
# probability. Below each stand the true class, its probability, and the answer.

# %%
show(figures.draw_gallery(study), figures.describe_gallery(study))

# %% [markdown]
# What do they share? Look inside at the first, as in [lesson 08](08_what_cnns_learn.ipynb). Red:
# the answer needs this part. Blue: without it the answer is surer.

# %%
show(figures.draw_inside(study.hidden), figures.describe_inside(study.hidden))

# %% [markdown]
# Does it hang on the thing, or on the ground?
#
# ## The card
#
# The card writes itself, from your brief and from the store. No number in it was typed. What
# happens to it when the model changes a little?

# %%
holding = predict(
    "holding",
    "One photo is filed under another class, and the model is taught again. How many of the "
    "measured sentences still hold?",
    ["nearly all", "about half", "none"],
)
holding

# %% [markdown]
# The card says which of its sentences are out of date:

# %%
from aml4d_utils.topics.model_card.card_sentences import write_card
from aml4d_utils.topics.model_card.fingerprints import model_fingerprint

other = model_study.taught_anew(study, "one photo moved")
card = write_card(study, model_now=model_fingerprint(other))
measured = [sentence for sentence in card.sentences if sentence.source]
share = 1 - len(card.stale) / len(measured)
hold = ["none", "about half", "nearly all"][int(share > 0.25) + int(share > 0.75)]
holding.compare(hold, f"{len(card.stale)} of {len(measured)} are out of date.")

# %% [markdown]
# Its first caveat:

# %%
caveat = card["Caveats and recommendations"].sentences[0]
print(caveat.text)
print(caveat.source)
print(caveat.stale)

# %% [markdown]
# Perhaps the new model is as good. Nobody has measured it, so the card says so, in red and in
# words.
#
# ### Explore: the card
#
# 1. **The box.** Show *Caveats*. Which sentence would you print on the box?
# 2. **Another model.** Under *The model now* choose *half of the photos*. Tick *Measure it
#    again*: did a number leave its old interval?
# 3. **A gap.** Empty *What it is for*, and save. Then write your own words there.
#
# *Save card and bundle* writes one HTML file, and what a peer needs.

# %%
from aml4d_utils.topics.model_card.peer_round import PeerDesk

peers = PeerDesk(study.model, study.test)
explorers.studio_explorer(study, peers)

# %% [markdown]
# ## The peer round
#
# Who has made a model does not find its failures. So a peer gets the folder: the model, the
# sealed test and the card. No file in it can hold a program. What comes from a peer is checked
# before it is used, and the test is counted again:

# %%
from tempfile import TemporaryDirectory

from aml4d_utils.topics.model_card import card_bundle, card_page

with TemporaryDirectory() as folder:
    page = card_page.card_page(write_card(study), figures.card_pictures(study))
    card_bundle.save_card_bundle(folder, study, page)
    received = card_bundle.load_card_bundle(folder, bodies).study
written, again = card_bundle.counted_again(received)
print(f"The card says {written} right; counted again {again}.")
print(f"The card has {len(page) / 1e6:.1f} MB.")

# %% [markdown]
# ### Explore: ten minutes for one failure
#
# 1. **Think first.** Which number of the card points to a failure?
# 2. **Start.** Begin the ten minutes. Find a picture that the model gets wrong, say in your words
#    what you did, and append it.
# 3. **Your own thing.** Show *the camera's last frame* or *your own photo*; under *More
#    controls*, say what it shows.
# 4. **A peer's model.** *Load a peer's folder*, and search again. *Save it for the owner*: the
#    owner loads it back.

# %%
explorers.peer_explorer(peers, study.things)

# %% [markdown]
# The program asks the model before it believes you, and refuses pictures that are known. What is
# appended stands in the last section of the card: move one of its controls, and look.
#
# ### The rubric
#
# A program can see this much:

# %%
from aml4d_utils.topics.model_card.rubric import judge_card

figures.show_rubric(judge_card(study, write_card(study, findings=peers.findings), peers.findings))

# %% [markdown]
# The rest takes a person, 0 to 2 points each. Would you know from the brief whom a mistake hurts?
# Are the conditions those that the product will meet? Does the next step follow from the numbers?
#
# ## Where the product needs boxes
#
# A classifier has one answer for a whole picture. Where things stand side by side, take the
# detector of [lesson 03](03_object_detection.ipynb). It gets a brief, a sealed test and a card,
# too. Name the words that it must find:

# %%
from aml4d_utils.topics.model_card import detector_study, scene_test

tray = detector_study.BOXES_EXAMPLE
scenes = scene_test.seal_scenes(detector_study.EXAMPLE_WORDS, seed=16)
print(tray.purpose)
print(dict(zip(scenes.classes, scenes.counts, strict=True)))

# %% [markdown]
# So many things of each word, cut-outs and things in 3-D, each once, two in a scene. A thing is
# found if a box of its word overlaps it by at least half. A box that finds nothing is a false
# alarm.

# %%
alarming = predict(
    "alarming", "Which condition brings most false alarms?", list(scene_test.SCENE_CONDITIONS)
)
alarming

# %% [markdown]
# It looks at each scene as it is, and under each condition twice:

# %%
looks = detector_study.study_detector(scenes, tray, date.today().isoformat())
found = await run(looks, label="Looking at the scenes", describe=lambda step: step.words)
show(figures.draw_curves(found), figures.describe_curves(found))

# %%
most = max(found.alarms, key=lambda name: found.alarms[name].count)
alarming.compare(most, f"False alarms of all boxes: {found.alarms[most].in_words}.")

# %% [markdown]
# Clutter hides nothing here, so its curve looks harmless. The card of a detector needs both
# numbers:

# %%
figures.show_measurements(found, [name for name in found.measured if "clutter" in name])

# %% [markdown]
# Its gallery shows the scenes with the thing whose best box scores lowest. White: there; blue:
# found; orange, crossed out: a false alarm.

# %%
show(figures.draw_worst_scenes(found), figures.describe_worst_scenes(found))

# %% [markdown]
# ### Explore: the card of a detector
#
# 1. **One thing.** Show *Evaluation data*. Of which words was one thing tested? What may you
#    promise of those?
# 2. **Another threshold.** Choose *threshold 0.15*. The network is the same: does the card hold?
#    Tick *Measure it again*, show *Caveats*, and compare with 0.5. Which would you ship?

# %%
explorers.detector_card_explorer(found)

# %% [markdown]
# For your own, give `seal_scenes` your words, and write your brief for `tray`. For a word that it
# lacks, it lists those that it has.
#
# ## Exercises
#
# Write the body of each function, run the cell, then run the check.
# `exercises.worst_places.hint()` gives a hint, asked again a second one;
# `exercises.worst_places.solution()` shows one way to do it.

# %%
import numpy as np

from aml4d_utils.lessons.design_studio import exercises
from aml4d_utils.measuring.intervals import wilson

# %% [markdown]
# ### 1 · Wilson's interval
#
# Let p be the share `right / total` and z = 1.96. With s = z² / total, the middle of the interval
# is (p + s / 2) / (1 + s). Its half width is z / (1 + s) times the square root of p (1 − p) /
# total + s / (4 total). Return the lower and the upper end.

# %%
def wilson_interval(right, total):
    """Return (low, high), the 95 % interval of a share, from two whole numbers."""
    # BEGIN SOLUTION
    share, z = right / total, 1.96
    s = z**2 / total
    middle = (share + s / 2) / (1 + s)
    half = z / (1 + s) * np.sqrt(share * (1 - share) / total + s / (4 * total))
    return middle - half, middle + half
    # END SOLUTION


# %%
exercises.wilson_interval.check(wilson_interval)

# %% [markdown]
# ### 2 · Split by thing
#
# `things[i]` is the number of the thing on photo i, `labels[i]` its class. For each class, set the
# first `count` things aside, in the order in which they appear, with *all* their photos. Return an
# array that is True where a photo is set aside.

# %%
def set_aside(things, labels, count):
    """Return a mask (N,) of the photos set aside, from things (N,) and labels (N,)."""
    # BEGIN SOLUTION
    aside = np.zeros(len(things), bool)
    for label in np.unique(labels):
        mine = [thing for thing, own in zip(things, labels, strict=True) if own == label]
        first = list(dict.fromkeys(mine))[:count]
        aside |= np.isin(things, first)
    return aside
    # END SOLUTION


# %%
exercises.set_aside.check(set_aside)

# %% [markdown]
# ### 3 · The worst, by rule
#
# `chances[i]` holds the probability of each class for photo i, `labels[i]` is its true class.
# Return the places of the `count` photos whose *true* class gets the lowest probability, the
# lowest first. Of equal ones the earlier comes first.

# %%
def worst_places(chances, labels, count):
    """Return places (count,) of the worst photos from chances (N, K) and labels (N,)."""
    # BEGIN SOLUTION
    truth = chances[np.arange(len(labels)), labels]
    return np.argsort(truth, kind="stable")[:count]
    # END SOLUTION


# %%
exercises.worst_places.check(worst_places)

# %% [markdown]
# ### 4 · Out of date
#
# `measured_on[m]` is the fingerprint of the model on which measurement m was made, a whole number.
# `uses[s]` lists the measurements that sentence s is made from; it may be empty. Return an array
# that is True where a sentence is out of date: where any of its measurements was made on another
# model than `now`.

# %%
def out_of_date(uses, measured_on, now):
    """Return a mask (S,) of the sentences that are out of date, from a list of S lists."""
    # BEGIN SOLUTION
    return np.array([any(measured_on[m] != now for m in used) for used in uses], bool)
    # END SOLUTION


# %%
exercises.out_of_date.check(out_of_date)

# %% [markdown]
# ### 5 · Decide: what the card may claim
#
# `measure(name)` gives (right, total) under the condition `name`, one of `conditions`.
# `wilson(right / total, total)` gives its interval. Choose for each condition: `"promise"` if the
# whole interval reaches `goal`, `"warn"` if the whole interval lies below it, else `"measure
# more"`.

# %%
def claims(conditions, goal, measure):
    """Return ({condition: (low, high)}, {condition: what the card may claim})."""
    # BEGIN SOLUTION
    measured, chosen = {}, {}
    for name in conditions:
        right, total = measure(name)
        low, high = wilson(right / total, total)
        measured[name] = (low, high)
        chosen[name] = "promise" if low >= goal else "warn" if high < goal else "measure more"
    return measured, chosen
    # END SOLUTION


# %%
exercises.claims.check(claims)

# %% [markdown]
# ## Where it fails
#
# A seal keeps a test from being changed, not from being *looked at*. Teach thirty heads for the
# six classes of lesson 11, each with other photos. Keep the one that is best on a sealed test of
# 24 photos. How good is it on fresh ones?

# %%
promised = predict(
    "promised",
    "By how much is the chosen one better on its sealed test than on fresh photos?",
    ["hardly at all", "5 to 10 points", "more than 10 points"],
)
promised

# %%
from aml4d_utils.topics.model_card import opened_often
from aml4d_utils.topics.transfer import tasks

opened = await run(opened_often.open_often(bodies, tasks.photo_task()), label="Thirty heads")
show(figures.draw_opened(opened), figures.describe_opened(opened))

# %% [markdown]
# The lines are means over many draws of the sealed test.

# %%
gap = opened.promised_too_much
steps = ["hardly at all", "5 to 10 points", "more than 10 points"]
promised.compare(steps[int(gap >= 0.05) + int(gap >= 0.1)], f"It is {100 * gap:.0f} points.")

# %% [markdown]
# Nobody cheated. But the best of many is also the luckiest, and no interval knows how often a
# test was opened. Choose by other photos; open the seal once.
#
# ## Quiz

# %%
from aml4d_utils.lessons.design_studio.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## Recap
#
# - A **brief** comes first: what for, what not, whom a mistake hurts.
# - A **share without its interval** is no promise; things count, not photos.
# - A **sealed test** is set aside by thing, and opened once.
# - **Failures** are chosen by a rule, and limits are measured: neither can be left out.
# - Every **number belongs to one model**.
# - **Peers** find what makers do not see.
#
# **Credits.** Model cards: Mitchell, Wu, Zaldivar, Barnes, Vasserman, Hutchinson, Spitzer, Raji
# and Gebru, FAT* 2019. Datasheets: Gebru and colleagues,
# Communications of the ACM 64, 2021.
# Public cards: Liang and colleagues, Nature Machine Intelligence 6, 2024. Interval: Wilson,
# Journal of the American Statistical Association 22, 1927. Tests opened too often: Dwork and
# colleagues, Science 349, 2015. EfficientNet: Tan and Le, ICML 2019. Cut-outs: Tux Paint stamps,
# GPL-2.0. All licences: `THIRD_PARTY.md`.
