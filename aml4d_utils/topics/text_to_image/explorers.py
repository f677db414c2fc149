"""The explorers of text-to-image: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass

import numpy as np
import torch

from aml4d_utils.topics.text_to_image import figures
from aml4d_utils.topics.text_to_image.avocado_test import Obedience, examine, sample
from aml4d_utils.topics.text_to_image.captions import COLOURS, KINDS, SIDES, SIZES, Caption
from aml4d_utils.topics.text_to_image.guidance_curve import CurvePoint, measure_point
from aml4d_utils.topics.text_to_image.judging import CHANCE, PAIR, Tally
from aml4d_utils.topics.text_to_image.learned_from import LearnedFrom, compare_with_training
from aml4d_utils.topics.text_to_image.painting import Painting, paint
from aml4d_utils.topics.text_to_image.word_maps import WordMaps, map_words
from aml4d_utils.topics.text_to_image.workshop import Workshop
from aml4d_utils.widgets import Axis, Bar, Explorer, Picture, Plot, Series, choice, slider, typed
from aml4d_utils.widgets.recent import Recent

__all__ = [
    "avocado_explorer",
    "guidance_explorer",
    "painting_explorer",
    "training_explorer",
    "word_explorer",
]

_WIDE, _HALF = 624, 304
_COLUMNS = 4
_LOOKS = 10
"""How often at most all pictures are looked at while they come."""
_PROMPT = "a small green armchair seen from the left"


def _seeded(number: int) -> torch.Generator:
    return torch.Generator().manual_seed(number)


# --- a sentence becomes pictures -------------------------------------------------------------


@dataclass
class PaintingState:
    """What is asked for, and how."""

    prompt: str = typed(_PROMPT, label="Prompt (Enter paints it)")
    guidance: float = slider(3.0, low=0, high=8, step=0.5, label="Guidance")
    steps: int = slider(20, low=2, high=40, step=2, label="Steps")
    noise: int = slider(1, low=1, high=99, label="Noise")


@dataclass(frozen=True)
class Edited:
    """Pictures of the prompt now, and those of the prompt before it."""

    state: PaintingState
    now: Painting
    before: Painting | None
    fraction: float


def painting_explorer(workshop: Workshop) -> Explorer:
    """Type a prompt, watch eight pictures come, edit it and compare.

    Parameters
    ----------
    workshop : Workshop
        From `load_workshop`.
    """
    now, before = (Picture("", display_width=_HALF) for _ in range(2))
    film = Picture("", display_width=_WIDE)
    finished: list[tuple[PaintingState, Painting]] = []
    kept: Recent[tuple, Painting] = Recent()

    def compute(state: PaintingState) -> Iterator[Edited]:
        others = [(known, made) for known, made in finished if known != state]
        previous = others[-1][1] if others else None
        steps = paint(
            workshop,
            state.prompt,
            generator=_seeded(state.noise),
            guidance=state.guidance,
            steps=state.steps,
            every=-(-state.steps // _LOOKS),
        )
        for painting in [kept[astuple(state)]] if astuple(state) in kept else steps:
            yield Edited(state, painting, previous, painting.fraction)
        kept[astuple(state)] = painting
        finished[:] = [*others[-1:], (state, painting)]

    def show(picture: Picture, name: str, painting: Painting) -> None:
        picture.heading = f"{name}: {figures.heard(painting.prompt)}"
        marks = figures.ticks(painting.right, _COLUMNS) if painting.prompt.known else ()
        picture.show(
            figures.tiles(painting.pictures, _COLUMNS),
            figures.describe_painting(painting),
            overlays=marks,
        )

    def draw(result: Edited) -> None:
        show(now, "now", result.now)
        if result.before is None:
            before.heading = "before: nothing yet"
            empty = np.full_like(result.now.pictures, 0.97)
            before.show(figures.tiles(empty, _COLUMNS), "Empty: edit the prompt to compare.")
        else:
            show(before, "before", result.before)
        shown = figures.frames(result.now)
        film.heading = f"the first picture, as expected after step 1 to {len(result.now.film)}"
        film.show(figures.tiles(shown, len(shown)), figures.describe_film(result.now))
        film.display_width = min(_WIDE, 66 * len(shown))

    return Explorer(
        PaintingState(),
        compute,
        draw,
        title="Paint from words",
        purpose="One thing, four words: size, colour, kind, side.",
        stage=[now, before, film],
        describe=lambda result: (
            f"Guidance {result.state.guidance:g}, {len(result.now.film)} of {result.state.steps} "
            f"steps, noise {result.state.noise}. {figures.describe_painting(result.now)}"
        ),
        forget=finished.clear,
    )


# --- the avocado test ------------------------------------------------------------------------

_SAMPLES = {"24 seen, 24 unseen": 24, "96 seen, 96 unseen": 96, "all 432 and 144": 432}


@dataclass
class AvocadoState:
    """How much is painted and judged."""

    sample: str = choice("24 seen, 24 unseen", list(_SAMPLES), label="Prompts")
    guidance: float = slider(3.0, low=0, high=8, step=0.5, label="Guidance")
    noise: int = slider(1, low=1, high=99, label="Sample and noise")


def avocado_explorer(workshop: Workshop) -> Explorer:
    """Count how often pairs that training showed are obeyed, and pairs that it did not.

    Parameters
    ----------
    workshop : Workshop
        From `load_workshop`.
    """
    pairs = Plot("kind and colour both right", display_width=_WIDE)
    questions = Plot("unseen pairs, each question (line: seen pairs)", display_width=_HALF)
    examples = Picture("unseen pairs, painted", display_width=_HALF)

    ceilings: dict[tuple[str, int], tuple[Tally, Tally]] = {}

    def compute(state: AvocadoState) -> Iterator[Obedience]:
        rng = np.random.default_rng(state.noise)
        same = state.sample, state.noise
        for found in examine(
            workshop,
            *sample(_SAMPLES[state.sample], rng),
            rng=rng,
            generator=_seeded(state.noise),
            guidance=state.guidance,
            ceiling=ceilings.get(same),
        ):
            yield found
        ceilings[same] = found.rendered, found.rebuilt

    def draw(result: Obedience) -> None:
        rows = {
            "seen pairs": result.seen,
            "unseen pairs": result.unseen,
            "real renderings": result.rendered,
            "rebuilt renderings": result.rebuilt,
        }
        bars = [
            Bar(name, tally.share(PAIR), strong="pairs" in name, interval=tally.interval(PAIR))
            for name, tally in rows.items()
            if tally.count
        ]
        pairs.bars(
            [*bars, Bar("chance", CHANCE[PAIR])],
            figures.describe_obedience(result),
            high=1.0,
            percent=True,
            row_height=28,
        )
        questions.bars(
            [
                Bar(name, result.unseen.share(name), result.seen.share(name))
                for name in result.unseen.right
                if name != PAIR
            ],
            figures.describe_questions(result),
            high=1.0,
            percent=True,
            label_room=60,
        )
        examples.show(
            figures.tiles(result.pictures[:12], _COLUMNS),
            figures.describe_examples(result),
            overlays=figures.ticks(result.right[:12], _COLUMNS),
        )

    return Explorer(
        AvocadoState(),
        compute,
        draw,
        title="The avocado test",
        purpose="Is a pair obeyed that no training picture shows? A separate network judges.",
        stage=[pairs, questions.boxed(), examples],
        describe=figures.describe_obedience,
        remember=True,
    )


# --- guidance --------------------------------------------------------------------------------

_GUIDANCES = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0)
_MEASURED, _EACH = 12, 3


@dataclass
class GuidanceState:
    """How loudly the words speak."""

    guidance: float = slider(3.0, low=0, high=8, step=0.5, label="Guidance")
    prompt: str = typed("a big red car", label="Prompt (Enter paints it)")
    noise: int = slider(1, low=1, high=99, label="Noise")


@dataclass(frozen=True)
class Guided:
    """Pictures with one guidance, and the points of the curve that are measured so far."""

    painting: Painting
    state: GuidanceState
    points: tuple[CurvePoint, ...]
    fraction: float


def guidance_explorer(workshop: Workshop) -> Explorer:
    """Move the guidance, and see on a curve measured here what it gives and what it costs.

    Parameters
    ----------
    workshop : Workshop
        From `load_workshop`.
    """
    pictures = Picture("", display_width=_WIDE)
    obeyed, varied = (
        Plot(heading, display_width=_HALF)
        for heading in ("kind and colour right", "variety: how unlike pictures of one prompt are")
    )
    captions, _ = sample(_MEASURED, np.random.default_rng(0))
    points: list[CurvePoint] = []

    def compute(state: GuidanceState) -> Iterator[Guided]:
        *_, painting = paint(
            workshop,
            state.prompt,
            generator=_seeded(state.noise),
            guidance=state.guidance,
            steps=10,
            every=10,
        )
        yield Guided(painting, state, tuple(points), len(points) / len(_GUIDANCES))
        for guidance in _GUIDANCES[len(points) :]:
            points.append(
                measure_point(workshop, captions, guidance, each=_EACH, generator=_seeded(0))
            )
            yield Guided(painting, state, tuple(points), len(points) / len(_GUIDANCES))

    def draw(result: Guided) -> None:
        pictures.heading = (
            f"guidance {result.state.guidance:g}: {figures.heard(result.painting.prompt)}"
        )
        pictures.show(
            figures.tiles(result.painting.pictures, 8), figures.describe_painting(result.painting)
        )
        places = [point.guidance for point in result.points]
        shares = [point.obeyed.share(PAIR) for point in result.points]
        spreads = [point.variety for point in result.points]
        words = figures.describe_curve(result.points)
        axis = Axis("guidance", 0, 8, ticks=(0, 2, 4, 6, 8))
        for plot, values, scale in (
            (obeyed, shares, Axis("", 0, 1, percent=True)),
            (varied, spreads, Axis("", 0, max([0.2, *spreads]))),
        ):
            plot.curves(
                [Series(places, values), Series(places, values, kind="points")],
                axis,
                scale,
                words,
                marker=(result.state.guidance, None),
                height=230,
            )

    return Explorer(
        GuidanceState(),
        compute,
        draw,
        title="Obeyed or varied",
        purpose="Guidance exaggerates the difference that the words make.",
        stage=[pictures, obeyed.boxed(), varied.boxed()],
        describe=lambda result: (
            f"Guidance {result.state.guidance:g}, noise {result.state.noise}. "
            f"{figures.describe_painting(result.painting)} "
            f"{figures.describe_ends(result.points)}"
        ),
        remember=True,
    )


# --- words and places ------------------------------------------------------------------------


@dataclass
class WordState:
    """Whose words are looked at."""

    prompt: str = typed("a big purple lamp seen from the left", label="Prompt (Enter paints it)")
    guidance: float = slider(3.0, low=0, high=8, step=0.5, label="Guidance")
    noise: int = slider(1, low=1, high=99, label="Noise")


def word_explorer(workshop: Workshop) -> Explorer:
    """See where each word is listened to, and what changes when it is left out.

    Parameters
    ----------
    workshop : Workshop
        From `load_workshop`.
    """
    pictures = Picture("painted without that word, from the same noise")
    change = Picture("how much each pixel changes without it")
    attention = Picture("each tile's attention to it (share)")

    def compute(state: WordState) -> Iterator[WordMaps]:
        yield from map_words(
            workshop, state.prompt, generator=_seeded(state.noise), guidance=state.guidance
        )

    def draw(maps: WordMaps) -> None:
        known = maps.prompt.known
        for picture in (pictures, change, attention):
            picture.display_width = min(_WIDE, 112 * (1 + len(known)))
        changes = figures.describe_change(maps)
        pictures.show(
            figures.picture_row(maps),
            f"First with all words. {changes}",
            overlays=figures.names_on(("all words", *(f"no {word}" for word in known))),
        )
        change.show_magnitude(
            figures.change_row(maps),
            changes,
            low=0,
            high=1,
            overlays=figures.names_on(("all words", *known)),
        )
        attention.show_magnitude(
            figures.attention_row(maps),
            figures.describe_attention(maps),
            low=0,
            high=float(max(0.01, maps.attention.sum(0).max())),
            overlays=figures.names_on(("all words", *known)),
        )

    return Explorer(
        WordState(),
        compute,
        draw,
        title="Which word acts where",
        purpose="Where the painter listens, and what the word really changes.",
        stage=[pictures, change, attention],
        describe=figures.describe_words,
        remember=True,
    )


# --- what it learned from --------------------------------------------------------------------


@dataclass
class TrainingState:
    """One caption."""

    kind: str = choice("armchair", KINDS, label="Kind")
    colour: str = choice("green", list(COLOURS), label="Colour")
    size: str = choice("small", SIZES, label="Size")
    side: str = choice("left", SIDES, label="Seen from")
    noise: int = slider(1, low=1, high=99, label="Viewpoints and noise")


def training_explorer(workshop: Workshop) -> Explorer:
    """Hold painted pictures against renderings like those that the painter learned from.

    Parameters
    ----------
    workshop : Workshop
        From `load_workshop`.
    """
    rendered = Picture("rendered, as for the training", display_width=_WIDE)
    closest = Picture("painted, and the closest rendering below", display_width=_WIDE)

    def compute(state: TrainingState) -> Iterator[LearnedFrom]:
        yield from compare_with_training(
            workshop,
            Caption(state.size, state.colour, state.kind, state.side),
            rng=np.random.default_rng(state.noise),
            generator=_seeded(state.noise),
        )

    def draw(result: LearnedFrom) -> None:
        rendered.show(
            figures.tiles(result.rendered[:16], 8),
            f"16 of the renderings. {figures.describe_makers(result)}.",
        )
        near = result.rendered[result.closest]
        closest.show(
            figures.tiles(np.concatenate([result.painted, near]), len(near)),
            figures.describe_closest(result),
        )

    return Explorer(
        TrainingState(),
        compute,
        draw,
        title="What it learned from",
        purpose="Painted things in 3-D. Does the painter remember them, or put them together?",
        stage=[rendered, closest],
        describe=figures.describe_learned,
        origin="rendered",
        remember=True,
    )
