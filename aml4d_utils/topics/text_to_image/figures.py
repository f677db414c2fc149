"""Painted pictures, their tables and maps, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from aml4d_utils.measuring.wording import percent
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.text_to_image.avocado_test import Obedience
from aml4d_utils.topics.text_to_image.captions import COLOURS, KINDS, LENGTH, Prompt
from aml4d_utils.topics.text_to_image.guidance_curve import CurvePoint
from aml4d_utils.topics.text_to_image.judging import CHANCE, PAIR, Tally, asked
from aml4d_utils.topics.text_to_image.learned_from import LearnedFrom
from aml4d_utils.topics.text_to_image.painting import Painting
from aml4d_utils.topics.text_to_image.word_maps import WordMaps
from aml4d_utils.widgets.colours import mosaic
from aml4d_utils.widgets.picture import text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GAP = 4
_FRAMES = 10
_NAMED = 5


def tiles(pictures: np.ndarray, columns: int) -> np.ndarray:
    """Lay pictures (N, H, W, 3), float in [0, 1], out in rows, as uint8."""
    return mosaic(np.rint(np.clip(pictures, 0, 1) * 255).astype(np.uint8), columns, gap=GAP)


def ticks(right: Sequence[bool], columns: int, side: int = 64) -> list[dict[str, Any]]:
    """Return a tick or a cross for the lower left corner of each tile."""
    return [
        text(
            number // columns * (side + GAP) + side - 5,
            number % columns * (side + GAP) + 3,
            "✓" if good else "✗",
            2 if good else 3,
        )
        for number, good in enumerate(right)
    ]


# --- a sentence and its pictures -------------------------------------------------------------


def heard(prompt: Prompt) -> str:
    """Return the words that act, for a heading."""
    return " ".join(prompt.known) or "no word"


def describe_prompt(prompt: Prompt) -> str:
    """Say which words were heard, which are unknown, and which had no place any more."""
    parts = [f"{len(prompt.known)} of {LENGTH} places for words are used: {heard(prompt)}."]
    if prompt.unknown:
        parts.append(f"Unknown, so left out: {_some(prompt.unknown)}.")
    if prompt.dropped:
        parts.append(f"No place left for: {_some(prompt.dropped)}.")
    return " ".join(parts)


def _some(words: Sequence[str]) -> str:
    named = ", ".join(word if len(word) <= 30 else f"{word[:30]}…" for word in words[:_NAMED])
    more = len(words) - _NAMED
    return f"{named} and {more:,} more" if more > 0 else named


def draw_seen(pictures: np.ndarray) -> Figure:
    """Draw pictures (N, H, W, 3), float in [0, 1], side by side."""
    figure = new_figure(9.2, 9.2 / len(pictures) + 0.1)
    for axes, picture in zip(
        np.atleast_1d(figure.subplots(1, len(pictures))), pictures, strict=True
    ):
        axes.imshow(picture)
        axes.axis("off")
    return figure


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def describe_seen(
    seen: Mapping[str, Sequence[str]], wanted: Mapping[str, Sequence[str]] | None = None
) -> str:
    """Say what the judge sees in pictures: the commonest, or how often what was wanted."""
    parts = []
    for question, words in seen.items():
        if wanted and question in wanted:
            right = int(np.isin(words, wanted[question]).sum())
            parts.append(f"{' or '.join(wanted[question])} in {right}")
        elif question in ("kind", "colour"):
            names, counts = np.unique(words, return_counts=True)
            order = np.argsort(-counts, kind="stable")[:3]
            parts.append(
                f"as {question} " + ", ".join(f"{names[k]} {_times(counts[k])}" for k in order)
            )
    return f"In {len(seen['kind'])} pictures the judge sees {'; '.join(parts)}."


def describe_painting(painting: Painting) -> str:
    """Say what was heard, and what the judge sees in the pictures."""
    wanted = asked(painting.prompt)
    words = f"{describe_prompt(painting.prompt)} {describe_seen(painting.seen, wanted)}"
    if not wanted:
        return words
    return f"{words} All that was asked is right in {int(painting.right.sum())}."


def frames(painting: Painting) -> np.ndarray:
    """Return at most ten moments of the first picture's way, the last one among them."""
    count = len(painting.film)
    return painting.film[
        np.unique(np.linspace(0, count - 1, min(count, _FRAMES)).round().astype(int))
    ]


def describe_film(painting: Painting) -> str:
    """Say how the first picture changed on its way."""
    film = painting.film
    change = np.abs(np.diff(film, axis=0)).mean((1, 2, 3)) if len(film) > 1 else np.zeros(1)
    half = int(np.searchsorted(np.cumsum(change), change.sum() / 2)) + 1
    return (
        f"The first picture as it is expected after {len(frames(painting))} of {len(film)} steps. "
        f"Half of all change has happened by step {half + 1}; in the last step "
        f"{change[-1]:.4f} of the brightness range changes."
    )


# --- the avocado test ------------------------------------------------------------------------


def draw_pairs(held_out: Collection[tuple[str, str]]) -> Figure:
    """Draw which colour was seen on which kind; held-out pairs stay open and bear a cross."""
    figure = new_figure(8.6, 3.6)
    axes = figure.subplots()
    for row, (colour, paint) in enumerate(COLOURS.items()):
        for col, kind in enumerate(KINDS):
            if (colour, kind) in held_out:
                axes.plot(col, row, "x", color="#1f2328", markersize=10, markeredgewidth=2)
            else:
                axes.plot(col, row, "s", color=paint, markersize=17, markeredgecolor="#8a8f98")
    axes.set_xticks(range(len(KINDS)), KINDS, rotation=35, ha="right")
    axes.set_yticks(range(len(COLOURS)), COLOURS)
    axes.set_xlim(-0.6, len(KINDS) - 0.4)
    axes.set_ylim(len(COLOURS) - 0.4, -0.6)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def describe_pairs(held_out: Collection[tuple[str, str]]) -> str:
    """Say which pairs no training picture shows."""
    listed = "; ".join(
        f"{kind}: {', '.join(colour for colour in COLOURS if (colour, kind) in held_out)}"
        for kind in KINDS
        if any((colour, kind) in held_out for colour in COLOURS)
    )
    return (
        f"A table of {len(COLOURS)} colours and {len(KINDS)} kinds. {len(held_out)} of "
        f"{len(COLOURS) * len(KINDS)} pairs bear a cross: no training picture shows them. {listed}."
    )


def score(tally: Tally, question: str = PAIR) -> str:
    """Return a share with its count and its interval, in words."""
    if not tally.count:
        return "not yet measured"
    low, high = tally.interval(question)
    return (
        f"{percent(tally.share(question))} ({tally.right[question]} of {tally.count}; "
        f"interval {percent(low)} to {percent(high)})"
    )


def describe_obedience(result: Obedience) -> str:
    """Say how often seen and unseen pairs are obeyed, beside ceiling and chance."""
    return (
        f"Kind and colour right: seen pairs {score(result.seen)}, unseen pairs "
        f"{score(result.unseen)}. The judge on real renderings: {score(result.rendered)}, after "
        f"the autoencoder {score(result.rebuilt)}. Chance: {percent(CHANCE[PAIR], 1)}."
    )


def describe_questions(result: Obedience) -> str:
    """Say how each question is answered, for unseen and for seen pairs."""
    parts = [
        f"{name} {percent(result.unseen.share(name))} (seen pairs "
        f"{percent(result.seen.share(name))}, chance {percent(CHANCE[name])})"
        for name in result.unseen.right
        if name != PAIR
    ]
    return "Unseen pairs, question by question: " + "; ".join(parts) + "."


def describe_examples(result: Obedience, most: int = 12) -> str:
    """Say which unseen captions the first pictures stand for, and which the judge accepts."""
    shown = list(zip(result.captions, result.right, strict=True))[:most]
    listed = "; ".join(f"{c.colour} {c.kind} {'right' if good else 'wrong'}" for c, good in shown)
    return f"The first {len(shown)} unseen pairs, painted, with the judge's verdict: {listed}."


# --- guidance --------------------------------------------------------------------------------


def describe_ends(points: Sequence[CurvePoint]) -> str:
    """Say what the lowest and the highest measured guidance do."""
    if len(points) < 2:
        return f"The curve has {len(points)} points so far."
    first, last = points[0], points[-1]
    return (
        f"Measured: {percent(first.obeyed.share(PAIR))} obeyed and variety {first.variety:.3f} at "
        f"guidance {first.guidance:g}, {percent(last.obeyed.share(PAIR))} and {last.variety:.3f} "
        f"at {last.guidance:g}."
    )


def describe_curve(points: Sequence[CurvePoint]) -> str:
    """Say how obedience and variety change with guidance."""
    listed = "; ".join(
        f"guidance {p.guidance:g}: {percent(p.obeyed.share(PAIR))} obeyed, variety {p.variety:.3f}"
        for p in points
    )
    count = points[0].obeyed.count if points else 0
    return f"{len(points)} guidances measured on {count} pictures each. {listed}."


# --- words and places ------------------------------------------------------------------------


def strip(maps: np.ndarray, side: int = 64) -> np.ndarray:
    """Lay maps (N, h, w) side by side as one, each enlarged to squares of about ``side`` pixels."""
    times = side // maps.shape[-1]
    large = maps.repeat(times, axis=1).repeat(times, axis=2)
    return np.concatenate(list(np.pad(large, ((0, 0), (0, 0), (0, GAP)))), axis=1)[:, :-GAP]


def names_on(names: Sequence[str], side: int = 64) -> list[dict[str, Any]]:
    """Return a name as an overlay on each tile of a row."""
    return [text(11, k * (side + GAP) + 2, name, 0) for k, name in enumerate(names)]


def attention_row(maps: WordMaps) -> np.ndarray:
    """Return the attention to all words together, then to each, side by side."""
    together = maps.attention.sum(0, keepdims=True)
    return strip(np.concatenate([together, maps.attention]))


def picture_row(maps: WordMaps) -> np.ndarray:
    """Return the picture with all words, then without each, side by side."""
    pictures = np.concatenate([maps.picture[None], maps.without])
    return tiles(pictures, len(pictures))


def change_row(maps: WordMaps) -> np.ndarray:
    """Return how much each pixel changes: with all words nothing, then without each."""
    return strip(np.concatenate([np.zeros((1, 64, 64)), maps.change]))


def describe_attention(maps: WordMaps) -> str:
    """Say how much attention each word gets, and where most."""
    if not maps.prompt.known:
        return "No known word: all attention (100 %) goes to the place for no word."
    parts = []
    for word, heat in zip(maps.prompt.known, maps.attention, strict=True):
        row, col = np.unravel_index(heat.argmax(), heat.shape)
        parts.append(f"{word} {percent(heat.mean())}, most in row {row + 1}, column {col + 1}")
    rest = 1 - maps.attention.mean((1, 2)).sum()
    return f"Attention of 4 × 4 tiles: {'; '.join(parts)}. No word: {percent(max(0.0, rest))}."


def describe_change(maps: WordMaps) -> str:
    """Say how much of the picture each word changes."""
    if not maps.prompt.known:
        return "No known word, so 0 words can be left out."
    parts = [
        f"without {word}, {percent((change > 0.1).mean())} of the pixels change by more than 0.1"
        for word, change in zip(maps.prompt.known, maps.change, strict=True)
    ]
    return "From the same noise: " + "; ".join(parts) + "."


def describe_words(maps: WordMaps) -> str:
    """Say which word acts most, and what was heard."""
    if not maps.prompt.known:
        return describe_prompt(maps.prompt)
    sizes = maps.change.mean((1, 2))
    most, least = int(sizes.argmax()), int(sizes.argmin())
    known = maps.prompt.known
    return (
        f"{describe_prompt(maps.prompt)} Leaving out {known[most]} changes the picture most (mean "
        f"{sizes[most]:.3f}), leaving out {known[least]} least ({sizes[least]:.3f})."
    )


# --- what it learned from --------------------------------------------------------------------


def describe_learned(result: LearnedFrom) -> str:
    """Say whether such pictures were seen, how far the painted ones are from them, and whose."""
    caption = result.caption
    was = (
        f"No training picture shows a {caption.colour} {caption.kind}"
        if caption.held_out
        else f"The painter saw pictures like these {len(result.rendered)}"
    )
    licences = sorted({thing.licence for thing in result.things})
    return (
        f"{was}. A painted picture is {result.far:.3f} from the closest rendering; a rendering is "
        f"{result.usual:.3f} from the closest other one. Kind {caption.kind}: "
        f"{len(result.things)} model{'s' * (len(result.things) > 1)}, {', '.join(licences)}."
    )


def describe_makers(result: LearnedFrom) -> str:
    """Name the models and who made them."""
    return "; ".join(
        f"{thing.name} by {thing.creator} ({thing.licence})" for thing in result.things
    )


def describe_closest(result: LearnedFrom) -> str:
    """Say what stands in the rows: painted pictures above their closest renderings."""
    numbers = ", ".join(str(k + 1) for k in result.closest)
    return (
        f"{len(result.painted)} painted pictures of {result.caption.text}, below each the closest "
        f"of {len(result.rendered)} renderings: number {numbers}."
    )
