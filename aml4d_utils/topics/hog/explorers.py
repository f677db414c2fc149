"""The explorers of HOG: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import ipywidgets
import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.hog import figures
from aml4d_utils.topics.hog.contest import (
    DATASETS,
    REAL,
    FeatureAttempt,
    Pictures,
    attempt_steps,
    contest_pictures,
)
from aml4d_utils.topics.hog.descriptor import HogSettings
from aml4d_utils.topics.hog.face_windows import (
    CELLS,
    LESSONS,
    MISTAKES,
    FaceTemplate,
    WindowView,
    centre,
    moved,
    on_the_photo,
    place_at,
    trained,
    view_windows,
    wanted,
)
from aml4d_utils.topics.hog.feature_families import FAMILIES
from aml4d_utils.topics.hog.hog_inspector import hog_inspector
from aml4d_utils.topics.hog.remembering import CHANGES, Memory, remember_steps
from aml4d_utils.widgets import Bar, Explorer, Picture, Plot, choice, slider, toggle
from aml4d_utils.widgets.buttons import button_row
from aml4d_utils.widgets.colours import SIGNED, hex_ramp, signed_to_rgb
from aml4d_utils.widgets.picture import box, text

__all__ = [
    "contest_explorer",
    "hog_inspector",
    "inverse_hog_explorer",
    "window_explorer",
]

_LONGEST = 300
_WINDOWED = 512
_SHORTEST = 64
_PAIR = 290
"""Width of each of two pictures that stand side by side."""
_NOWHERE = 190
"""Grey where no window has its centre."""


# --- what HOG remembers ----------------------------------------------------------------------


@dataclass
class MemoryState:
    """What happens to the photo, and how coarsely HOG looks at it."""

    cell: int = slider(8, low=4, high=24, step=2, label="Cell size", unit="px")
    change: str = choice("as it is", CHANGES, label="The photo is")
    bins: int = slider(9, low=2, high=18, label="Bins")
    contrast: bool = toggle(True, label="Strong edges stronger")


def inverse_hog_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Rebuild a photo from nothing but its HOG: what does the detector see?

    The pieces come from other photos; each lies where its HOG fits best. So whatever is wrong in
    the rebuilt photo is what HOG did not keep.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.

    Notes
    -----
    Two experiments for a lesson:

    1. *Negative.* Before: "You turn the photo into its negative. By how much does its HOG change:
       not at all, by about as much as the pixels, or completely?" True answer, live:
       ``remember(photo, "negative").hog_changed`` beside ``.pixels_changed``. It is 0 %: an
       orientation does not know which side is light. Then *dimmed to a third* (0 % again:
       normalisation) and *noisy* (a lot more than the pixels: where it is weak).
    2. *Cell size.* Before: "From which cell size on do you no longer recognise the photo?" The
       student guesses, then moves the slider from 4 to 24 px. ``remember(photo, settings=
       HogSettings(pixels_per_cell=(c, c))).edges_kept`` falls with c, and so does the number of
       numbers, ``.found.vector.size``: what is kept is paid for in numbers.
    """
    pixels = _workable(images.photo_or_own(photo), _LONGEST)
    before = Picture("the photo", display_width=_PAIR)
    strokes = Picture("its HOG", display_width=_PAIR)
    rebuilt = Picture("what HOG remembers", display_width=_PAIR)
    bars = Plot("in numbers (line: another photo)", display_width=_PAIR)

    def compute(state: MemoryState) -> Iterator[Memory]:
        settings = HogSettings(state.bins, (state.cell, state.cell))
        return (yield from remember_steps(pixels, state.change, settings, state.contrast))

    def draw(memory: Memory) -> None:
        words = figures.describe_memory(memory)
        before.show(memory.photo, f"The photo, {memory.change}. {words}")
        side = max(6, min(16, 1000 // max(memory.found.cells.shape[:2])))
        strokes.show(
            figures.hog_picture(memory.found.cells, side),
            figures.describe_hog(memory.photo, memory.found),
        )
        bars.bars(
            [
                Bar("pixels moved", memory.pixels_changed),
                Bar("HOG moved", memory.hog_changed),
                Bar("alike to HOG", memory.alike, memory.stranger, strong=True),
                Bar("edges alike", memory.edges_kept),
                Bar("light alike", memory.brightness_kept),
            ],
            f"Bars in per cent. {words}",
            high=1.0,
            percent=True,
            label_room=124,
        )
        if memory.rebuilt is None:
            return
        rebuilt.show(memory.rebuilt, f"A grey photo made of pieces of others. {words}")

    return Explorer(
        MemoryState(),
        compute,
        draw,
        title="What does HOG remember?",
        purpose="The photo, rebuilt from its HOG with pieces of other photos.",
        stage=[before, strokes, rebuilt, bars.boxed()],
        describe=figures.describe_memory,
        remember=True,
    )


# --- the window ------------------------------------------------------------------------------


@dataclass
class WindowState:
    """The window, its centre, and what the classifier has learned from."""

    size: int = slider(112, low=48, high=240, step=4, label="Window", unit="px")
    across: int = slider(50, low=0, high=100, label="Centre, across", unit="%")
    down: int = slider(50, low=0, high=100, label="Centre, down", unit="%")
    lesson: str = choice(MISTAKES, LESSONS, label="It learned from")


def window_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Drag a window over a photo: a linear classifier on its HOG says how much it is a face.

    The classifier is trained when the explorer is made, on small pictures of faces and of other
    things (`images.faces`), then on its own mistakes in photos without faces; the photo that is
    shown is never one of them.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the astronaut. The student's own photo works too.

    Notes
    -----
    Two experiments for a lesson:

    1. *Learning from mistakes.* Before: "It is right about most held-out small pictures. Of the
       841 windows of this photo, how many will it call a face: about 1, about 20, about 400?"
       Switch *It learned from* to *small pictures*. True answer, live:
       ``view_windows(photo, trained(ONLY_FACES), 112).above`` against
       ``view_windows(photo, trained(MISTAKES), 112).above``, beside
       ``trained(ONLY_FACES).accuracy``. A good share of small pictures says
       little about thousands of windows.
    2. *Size.* Before: "Make the window smaller, to 96 px. Where does the best window go?" It
       leaves the face. Move *Window* and press *Go to the best window*. True answer: ``view =
       view_windows(photo, trained(), 96)`` and ``centre(view, view.best)``, shares of height and
       width;
       then read in *what each cell says* which cells were taken in.

    The held-out accuracy with its interval: ``template = trained()``, ``template.accuracy`` and
    ``contest.wilson(template.accuracy, len(template.held_out))``.
    """
    pixels = _workable(images.photo("astronaut") if photo is None else photo, _WINDOWED)
    largest = min(pixels.shape[:2])
    views: dict[tuple[int, str], WindowView] = {}
    templates: dict[str, FaceTemplate] = {}

    def view_of(size: int, lesson: str) -> WindowView:
        size = min(size, largest)
        if lesson not in templates:
            templates[lesson] = trained(lesson, without=pixels)
        if (size, lesson) not in views:
            views[size, lesson] = view_windows(pixels, templates[lesson], size)
        return views[size, lesson]

    def compute(state: WindowState) -> WindowView:
        view = view_of(state.size, state.lesson)
        return moved(view, place_at(view, state.down / 100, state.across / 100))

    whole = Picture("photo: drag the window", display_width=260, interactive=True)
    scores = Picture("score of the window at each place", display_width=260, interactive=True)
    tiles = {
        name: Picture(name, display_width=136)
        for name in ("in the window", "its HOG", "what each cell says", "speaks for a face")
    }
    whole.show(pixels, "The photo.")

    def draw(view: WindowView) -> None:
        words = figures.describe_window(view)
        with whole.hold_sync():
            whole.overlays = [_box(view, view.best, 0), _box(view, view.place, 3)]
            whole.cursor = _pixel(pixels, centre(view, view.place))
            whole.alt = f"The photo with two boxes: your window and the best one. {words}"
        _draw_scores(scores, view, words)
        x0, y0, x1, y1 = view.box(view.place)
        tiles["in the window"].show(view.photo[y0:y1, x0:x1], f"The pixels in the window. {words}")
        tiles["its HOG"].show(
            figures.hog_picture(view.cells, 18),
            f"Strokes of {len(view.cells)} by {len(view.cells)} cells. {words}",
        )
        best = moved(view, view.best).contributions
        limit = figures.round_limit(best, view.contributions)
        tiles["what each cell says"].show_signed(
            view.contributions,
            f"From {figures.signed(view.contributions.min())} to "
            f"{figures.signed(view.contributions.max())}. {words}",
            limit=limit,
        )
        high = 2 * float(np.abs(view.template.weights).max())
        tiles["speaks for a face"].show(
            figures.hog_picture(wanted(view.template)[0], 18, high),
            figures.describe_template(view.template),
        )

    first = view_of(WindowState.size, MISTAKES)
    start = replace(WindowState(), **_percents(centre(first, first.best)))
    button = ipywidgets.Button(description="Go to the best window")
    explorer = Explorer(
        start,
        compute,
        draw,
        title="Face, or not?",
        purpose="A linear classifier reads the HOG under the window. Orange box: your window. "
        "Blue box: where it is surest.",
        stage=[whole, scores, *tiles.values()],
        beside=[button_row(button)],
        describe=figures.describe_window,
    )

    def to_best(_button: ipywidgets.Button) -> None:
        view = view_of(explorer.state.size, explorer.state.lesson)
        explorer.set(**_percents(centre(view, view.best)))

    def to_pixel(row: int, col: int) -> None:
        height, width = pixels.shape[:2]
        explorer.set(**_percents(((row + 0.5) / height, (col + 0.5) / width)))

    def to_cell(row: int, col: int) -> None:
        place = row - CELLS // 2, col - CELLS // 2
        explorer.set(**_percents(centre(explorer.result, place)))

    button.on_click(to_best)
    whole.on_cursor(to_pixel)
    scores.on_cursor(to_cell)
    return explorer


def _workable(photo: np.ndarray, longest: int) -> np.ndarray:
    """Shrink a large photo, and stretch one that is too small for a single window."""
    pixels = images.fit(photo, longest)
    height, width = (max(_SHORTEST, side) for side in pixels.shape[:2])
    return images.resize(pixels, height, width)


def _percents(shares: tuple[float, float]) -> dict[str, int]:
    down, across = (round(100 * min(1.0, max(0.0, share))) for share in shares)
    return {"down": down, "across": across}


def _pixel(pixels: np.ndarray, shares: tuple[float, float]) -> list[int]:
    return [int(share * side) for share, side in zip(shares, pixels.shape[:2], strict=True)]


def _box(view: WindowView, place: tuple[int, int], colour: int) -> dict:
    return box(*(edge / view.scale for edge in view.box(place)), colour=colour)


def _draw_scores(picture: Picture, view: WindowView, words: str) -> None:
    scores, inside = on_the_photo(view)
    row, col = (at + CELLS // 2 for at in view.place)
    picture.cursor = [row, col]
    rgb, _ = signed_to_rgb(scores, figures.MOST_SCORE)
    rgb[~inside] = _NOWHERE
    picture.show(
        rgb,
        f"Map of {inside.sum():,} scores from {figures.signed(view.scores.min())} to "
        f"{figures.signed(view.scores.max())}. {words}",
        overlays=[box(col, row, col + 1, row + 1, colour=3)],
        colour_bar={
            "colours": hex_ramp(SIGNED),
            "low": figures.score_ends()[0],
            "high": figures.score_ends()[1],
            "signed": True,
        },
    )


# --- the contest -----------------------------------------------------------------------------


@dataclass
class ContestState:
    """Which features compete, on which pictures."""

    dataset: str = choice(REAL, DATASETS, label="Pictures")
    hog: bool = toggle(True, label="HOG")
    lbp: bool = toggle(False, label="LBP (fine texture)")
    colours: bool = toggle(False, label="Colours")
    density: bool = toggle(False, label="Edge density")
    pixels: bool = toggle(False, label="Pixels, no feature at all")

    @property
    def families(self) -> tuple[str, ...]:
        """The families that are switched on."""
        chosen = (self.hog, self.lbp, self.colours, self.density, self.pixels)
        return tuple(name for name, on in zip(FAMILIES, chosen, strict=True) if on)


_SWITCHES = dict(zip(FAMILIES, ("hog", "lbp", "colours", "density", "pixels"), strict=True))


@dataclass(frozen=True)
class Board:
    """What the contest shows.

    Attributes
    ----------
    fraction : float
        How far the attempt is.
    doing : str
    attempt : FeatureAttempt or None
        The one that is shown now; None while it is being made.
    before : FeatureAttempt or None
        The one tried before it on the same pictures.
    attempts : tuple of FeatureAttempt
        All that were tried on the same pictures, in order; first two for comparison.
    pictures : Pictures or None
    """

    fraction: float
    doing: str
    attempt: FeatureAttempt | None = None
    before: FeatureAttempt | None = None
    attempts: tuple[FeatureAttempt, ...] = ()
    pictures: Pictures | None = None


def contest_explorer() -> Explorer:
    """Combine feature families and see how well a linear classifier does with them.

    Every combination that was tried stays on the board, with its 95 % interval and the number of
    features. *Undo* takes the last one off, *Clear* all but the one shown. Two are always there
    for comparison: no features at all, and the bare pixels.

    Notes
    -----
    Two experiments for a lesson:

    1. *Engineering.* Before: "Which single family does best on cut-outs on real photos: HOG,
       colours, LBP, or the pixels? And does the best pair beat the best single one?" True answer,
       live: ``max(FAMILIES, key=lambda f: attempt(REAL, [f]).accuracy)`` and
       ``compare(attempt(REAL, ["HOG"]), attempt(REAL, ["HOG", "colours"]))``. More families are
       not always better, and most steps are smaller than the interval: say so.
    2. *Shortcut.* Before: "Now the same cut-outs lie on plain grey. Which family gains most?"
       Switch *Pictures*. True answer: ``attempt(PLAIN, [f]).accuracy - attempt(REAL,
       [f]).accuracy``. It is LBP: on plain grey the classifier reads the outline and the empty
       ground, which no camera will ever give it. On Fashion-MNIST compare HOG with pixels.
    """
    board = Plot("features · how many numbers: share right, 95 % interval", display_width=664)
    examples = Picture(display_width=664)
    tried: list[FeatureAttempt] = []

    def compute(state: ContestState) -> Iterator[Board]:
        wanted_ = ((), ("pixels",), state.families)
        made = []
        for number, families in enumerate(wanted_):
            for step in attempt_steps(state.dataset, families):
                yield Board((number + step.fraction) / len(wanted_), step.doing)
            made.append(step.attempt)
        return _board(state.dataset, made, tried)

    def draw(shown: Board) -> None:
        if shown.attempt is None:
            return
        board.bars(
            [
                Bar(
                    figures.short_name(attempt),
                    attempt.accuracy,
                    strong=attempt == shown.attempt,
                    interval=attempt.interval,
                )
                for attempt in figures.ranked(shown.attempts)
            ],
            figures.describe_leaderboard(shown.attempts),
            high=1.0,
            percent=True,
            label_room=figures.label_room(shown.attempts),
        )
        _draw_examples(examples, shown)

    undo = ipywidgets.Button(description="Undo")
    clear = ipywidgets.Button(description="Clear")
    explorer = Explorer(
        ContestState(),
        compute,
        draw,
        title="Feature contest",
        purpose="Choose features. A linear classifier gets nothing but these numbers and is "
        "judged on pictures whose original it never saw.",
        stage=[examples, board, button_row(undo, clear)],
        describe=_board_words,
    )

    def take_back(_button: ipywidgets.Button) -> None:
        if len(tried) > 1:
            tried.pop()
            _show_attempt(explorer, tried[-1])

    def forget(_button: ipywidgets.Button) -> None:
        tried[:-1] = []
        explorer.refresh()

    undo.on_click(take_back)
    clear.on_click(forget)
    return explorer


def _board(dataset: str, made: list[FeatureAttempt], tried: list[FeatureAttempt]) -> Board:
    """Put an attempt on the list of those that were tried, and gather those on its pictures."""
    *for_comparison, attempt = made
    if attempt.families and attempt not in tried[-1:]:
        tried[:] = [one for one in tried if one != attempt] + [attempt]
    same = [one for one in tried if one.dataset == dataset and one not in for_comparison]
    before = [one for one in tried if one.dataset == dataset and one != attempt]
    return Board(
        1.0,
        "done",
        attempt,
        before[-1] if before else None,
        (*for_comparison, *same),
        contest_pictures(dataset),
    )


def _board_words(shown: Board) -> str:
    if shown.attempt is None:
        return f"{shown.doing.capitalize()}: {shown.fraction:.0%}."
    return figures.describe_attempt(shown.attempt, shown.before)


def _show_attempt(explorer: Explorer, attempt: FeatureAttempt) -> None:
    switches = {name: family in attempt.families for family, name in _SWITCHES.items()}
    explorer.set(dataset=attempt.dataset, **switches)


def _draw_examples(picture: Picture, shown: Board) -> None:
    chosen = figures.chosen_examples(shown.pictures)
    picture.heading = f"{len(chosen)} of {len(shown.attempt.right):,} pictures: ✓ right, ✗ wrong"
    sheet, marks = figures.example_sheet(shown.pictures, chosen, shown.attempt.right)
    picture.show(
        sheet,
        figures.describe_examples(shown.pictures, chosen, shown.attempt.right),
        overlays=[text(*at, mark, colour=3 if mark == "✗" else 0) for at, mark in marks],
    )
