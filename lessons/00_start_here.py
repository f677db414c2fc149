# ---
# jupyter:
#   aml4d:
#     title: Start here
#     room: welcome
#     minutes: 15
#     kind: introduction
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
# # 00 · Start here
#
# *15 minutes.* How a lesson works, whether your machine is ready, and which photo goes with you
# through the whole course.
#
# When you are done, you can
# - run a cell, make a prediction and move an explorer;
# - check an exercise, ask for a hint, and see a solution;
# - say what your machine can do;
# - use a photo of your own in most lessons.

# %%
from aml4d_utils.notebook import choose_photo, predict, quiz, show_progress, start

start("00_start_here")

# %% [markdown]
# ## What does a machine get, when you show it a photo?
#
# A grey box like the one above is a *cell*. Click it and press **Shift + Enter**: it runs, and
# what it gives stands below. Run every cell from top to bottom. If something goes wrong, choose
# *Kernel → Restart Kernel and Run All Cells*.
#
# First, is everything there?

# %%
from aml4d_utils.topics.welcome import checkup, figures

figures.show_findings(checkup.check_up())

# %% [markdown]
# ## Choose your photo
#
# Take a photo you know: your desk, your bicycle, your cat. Most lessons will work on it. Without
# one, you work on Chelsea, a real cat. The photo stays on this machine.

# %%
choose_photo()

# %% [markdown]
# ## Predict, run, explain
#
# Guess before you look. A wrong guess teaches more than no guess, and nobody sees it but you.
# Your photo is here, made smaller to 100 pixels on its longer side. A machine gets three numbers
# for each pixel: how much red, green and blue.

# %%
from aml4d_utils import images

photo = images.fit(images.own_photo(), 100)
height, width, channels = photo.shape
height, width

# %% [markdown]
# **Predict.** The two numbers above are its height and width in pixels.

# %%
numbers = predict("numbers", "How many numbers is this small photo, in all?", unit="numbers")
numbers

# %%
numbers.compare(photo.size, f"{height} × {width} pixels, {channels} numbers each.")

# %% [markdown]
# A cell that begins with `# NBVAL_CHECK_OUTPUT` prints a fact that never changes. The tests of the
# course run it too:

# %%
# NBVAL_CHECK_OUTPUT
print(100 * 100 * 3)
#> 30000

# %% [markdown]
# ## Explore
#
# An explorer answers at once. Move a slider with the mouse, or click it and use the arrow keys.
# The sentence below always says what is shown; screen readers read it too.
#
# 1. Turn the contrast to 0. Where did all the numbers go?
# 2. Set the contrast to 3 and move the brightness to its two ends. At which end do more pixels lose
#    their detail, and why?

# %%
from aml4d_utils.topics.welcome import explorers

explorers.light_explorer()

# %% [markdown]
# ## Exercises
#
# You write the body of a function, run its cell, then run the check. The check says *Correct*,
# *Not yet* and why, or *Not done yet*. It compares what your function returns; how you write it is
# up to you.
#
# ### 1 · How bright is a photo?
#
# Return the mean of all numbers of the photo. Replace the line with `raise`, run, check.

# %%
def brightness(image):
    """Return the mean of all numbers of an image (height, width, 3), from 0 to 1."""
    # BEGIN SOLUTION
    return image.sum() / image.size
    # END SOLUTION


# %%
from aml4d_utils.lessons.welcome import exercises

exercises.brightness.check(brightness)

# %% [markdown]
# Stuck? Ask for a hint; ask again for a second one. The solution is there too. It shows one way,
# and yours may be better.

# %%
exercises.brightness.hint()

# %% [markdown]
# ## Where it fails
#
# - **A cell never ends.** Press the square ■ in the toolbar. Everything else stays as it is.
# - **A name is not there yet.** A cell further up has not run. The message says which one.
# - **A file is missing or altered.** The message says which, and the command that mends it.
#
# ## Quiz
#
# Each lesson ends with a quiz on the lecture. Answers come at once and say why.

# %%
from aml4d_utils.lessons.welcome.questions import QUESTIONS

quiz(QUESTIONS)

# %% [markdown]
# ## A mock exam
#
# Come back for this one when you have been through the lessons. One question for each topic is
# drawn from more than two hundred. You may stop the clock, leave questions open and come back to
# them. At the end you see what was wrong, why, and where to read it up. The next exam asks other
# questions.

# %%
from aml4d_utils.lessons import question_bank
from aml4d_utils.notebook import mock_exam

mock_exam(question_bank.exam_questions())

# %% [markdown]
# ## Your progress
#
# What you predicted, solved and answered is kept on this machine, lesson by lesson.

# %%
show_progress()

# %% [markdown]
# ## Recap
#
# - **Predict → run → explain**: guess first.
# - An **explorer** answers at once, to the mouse and to the keyboard.
# - An **exercise** checks itself, and hints come in two steps.
# - Your **photo** and your **progress** stay with you, on this machine.
#
# Next: lesson 01, in the list on the left. The lessons follow the lecture, and each says where it
# builds on an earlier one.
#
# **Credits.** Chelsea the cat: photo by Stéfan van der Walt, from scikit-image; for all photos see
# `THIRD_PARTY.md`.
