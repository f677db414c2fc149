"""Pictures of part models, each with the words that describe it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from aml4d_utils.measuring.wording import counted, plain
from aml4d_utils.topics.part_models.deforming import DeformedFace, Sweep
from aml4d_utils.topics.part_models.distance_transform import (
    Envelope,
    EnvelopeScan,
    Spring,
)
from aml4d_utils.topics.part_models.part_model import CELL, ROOT_CELLS, Part, PartModel, resized
from aml4d_utils.topics.part_models.part_search import FoundFaces
from aml4d_utils.topics.part_models.part_training import TrainingStep
from aml4d_utils.topics.part_models.placing import Placed, centre_of
from aml4d_utils.widgets.colours import (
    MAGNITUDE,
    SIGNED,
    hex_ramp,
    magnitude_to_rgb,
    signed_to_rgb,
)
from aml4d_utils.widgets.picture import box, line, point, text

if TYPE_CHECKING:
    pass


PART_COLOURS = (0, 1, 2, 4)
"""Of the overlays of a `Picture`, one a part; each part also carries its name."""
_PER_CELL = 4


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign; a small one with more digits, so that its sign is right.

    Examples
    --------
    >>> signed(0.125), signed(-3.0), signed(-0.001), signed(0)
    ('+0.12', '−3.00', '−0.001', '+0.00')
    """
    if 0 < abs(value) < 0.5 * 10.0**-digits and digits < 4:
        return signed(value, digits + 1)
    return f"{round(value, digits) + 0.0:+.{digits}f}".replace("-", "−")


# --- a face with its parts ---------------------------------------------------------------------


def part_overlays(placed: Placed) -> list[dict[str, Any]]:
    """Return the root's box, the parts' boxes and their springs, in pixels of the fine level."""
    row, col = (2 * CELL * at for at in placed.view.root)
    side = 2 * CELL * ROOT_CELLS
    overlays = [box(col + 0.5, row + 0.5, col + side - 0.5, row + side - 0.5, colour=5)]
    parts = zip(placed.model.parts, placed.places, placed.anchors, PART_COLOURS, strict=True)
    for index, (part, place, anchor, colour) in enumerate(parts):
        here, rest = centre_of(part, place), centre_of(part, anchor)
        top, left = place[0] * CELL, place[1] * CELL
        high, wide = part.size[0] * CELL, part.size[1] * CELL
        overlays.append(box(left, top, left + wide, top + high, colour=colour))
        if place != anchor:
            overlays.append(
                line(np.subtract(rest, 0.5), np.subtract(here, 0.5), colour, dashed=True)
            )
        overlays.append(point(rest[0] - 0.5, rest[1] - 0.5, colour=colour, radius=3))
        words = part.name + (" ●" if index == placed.part else "")
        overlays.append(text(top - 1.5 if top > 8 else top + high + 5, left, words, colour))
    return overlays


def describe_placed(placed: Placed) -> str:
    """Say where the looked-at part lies, what that is worth, and what the whole face scores."""
    part, score = placed.looked_at, placed.scored.parts[placed.part]
    down, right = placed.moves[placed.part]
    total, best = placed.scored.total, placed.best.total
    verdict = "above 0: a face" if total > 0 else "not above 0: no face"
    gap = best - total
    better = (
        "No places of the parts give more."
        if gap < 0.005
        else f"At their best places the parts would make it {signed(best)}."
    )
    return (
        f"The {part.name} lies {_where(down, right)}: match {signed(score.match)} minus spring "
        f"cost {plain(score.cost, 2)} makes {signed(score.score)}. The whole scores "
        f"{signed(total)}, {verdict}. {better}"
    )


def _where(down: int, right: int) -> str:
    if down == right == 0:
        return "at its anchor"
    words = []
    if down:
        words.append(f"{_cells(down)} {'below' if down > 0 else 'above'}")
    if right:
        words.append(f"{_cells(right)} {'right' if right > 0 else 'left'} of")
    joined = " and ".join(words)
    return f"{joined} its anchor"


def _cells(count: int) -> str:
    return f"{abs(count)} cell" if abs(count) == 1 else f"{abs(count)} cells"


def score_table(placed: Placed) -> str:
    """Return the sum as a table in HTML: match, cost and score of the root and of each part."""
    number = "text-align:right;padding:4px 0 4px 16px;font-variant-numeric:tabular-nums"
    name = "text-align:left;padding:4px 0;font-weight:400"
    rule = "border-top:1px solid var(--aml4d-line)"
    rows = [
        f'<tr><th scope="row" style="{name}">root and bias</th><td style="{number}"></td>'
        f'<td style="{number}"></td><td style="{number}">{signed(placed.scored.root)}</td></tr>'
    ]
    for index, score in enumerate(placed.scored.parts):
        bold = ";font-weight:700" if index == placed.part else ""
        colour = _PAGE_COLOURS[index]
        mark = (
            f'<span aria-hidden="true" style="display:inline-block;width:10px;height:10px;'
            f'border:2.5px solid {colour};margin-right:8px"></span>'
        )
        rows.append(
            f'<tr><th scope="row" style="{name}{bold}">{mark}{html.escape(score.name)}</th>'
            f'<td style="{number}{bold}">{signed(score.match)}</td>'
            f'<td style="{number}{bold}">− {plain(score.cost, 2)}</td>'
            f'<td style="{number}{bold}">{signed(score.score)}</td></tr>'
        )
    heads = "".join(
        f'<th scope="col" style="{number};font-weight:400;color:var(--aml4d-soft)">{words}</th>'
        for words in ("match", "cost", "score")
    )
    total = placed.scored.total
    verdict = "a face" if total > 0 else "no face"
    return (
        '<table style="border-collapse:collapse;font-size:15px;line-height:1.4;min-width:312px">'
        f"<thead><tr><th></th>{heads}</tr></thead><tbody>{''.join(rows)}"
        f'<tr><th scope="row" style="{name};font-weight:700;{rule}">together</th>'
        f'<td style="{rule}"></td><td style="{rule}"></td>'
        f'<td style="{number};font-weight:700;{rule}">{signed(total)}</td></tr>'
        f'<tr><td style="{name};color:var(--aml4d-soft)" colspan="3">above 0 means: a face</td>'
        f'<td style="{number};font-weight:700">{verdict}</td></tr></tbody></table>'
        f'<p style="max-width:310px;margin-top:12px;font-size:14.5px;line-height:1.4;'
        f'color:var(--aml4d-soft)">In the maps, the <b style="color:#D55E00">orange ring</b> is '
        f"where the {html.escape(placed.looked_at.name)} lies. The <b>black ring</b> is its best "
        f"place, and in the last map its anchor: both have the same value.</p>"
    )


_PAGE_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7")


# --- maps that lie over the face ---------------------------------------------------------------


def map_on_face(
    values: np.ndarray, part: Part, face: np.ndarray, limit: float, is_signed: bool
) -> tuple[np.ndarray, dict[str, Any]]:
    """Return a part's map laid over the face, each value where the part's centre would be.

    Parameters
    ----------
    values : ndarray (r, c), float
        One for each place of the part's first cell.
    part : Part
    face : ndarray (H, W), float in [0, 1]
        The face, in pixels of the fine level.
    limit : float
        End of the colour map; values beyond it get its last colour.
    is_signed : bool
        Whether the map is centred at 0.

    Returns
    -------
    rgb : ndarray (H, W, 3), uint8
        Four pixels a cell; the pale face shows where the part cannot be.
    colour_bar : dict
        For `Picture.show`.
    """
    colours = (
        signed_to_rgb(values, limit)[0] if is_signed else magnitude_to_rgb(values, 0, limit)[0]
    )
    rows, cols = (length // CELL * _PER_CELL for length in face.shape)
    pale = 0.55 + 0.45 * np.clip(resized(face, rows, cols), 0, 1)
    canvas = np.repeat(np.rint(pale * 255).astype(np.uint8)[..., None], 3, axis=2)
    large = np.repeat(np.repeat(colours, _PER_CELL, axis=0), _PER_CELL, axis=1)
    top, left = ((length - 1) * _PER_CELL // 2 for length in part.size)
    canvas[top : top + large.shape[0], left : left + large.shape[1]] = large
    end = f"{limit:.2f}"
    bar = {
        "colours": hex_ramp(SIGNED if is_signed else MAGNITUDE),
        "low": f"−{end}" if is_signed else "0",
        "high": f"+{end}" if is_signed else end,
        "signed": is_signed,
    }
    return canvas, bar


def ring_on_map(part: Part, place: tuple[int, int], colour: int, radius: float) -> dict[str, Any]:
    """Return an overlay of `map_on_face`: a ring around one place of the part."""
    row, col = (
        (at + length / 2) * _PER_CELL - 0.5 for at, length in zip(place, part.size, strict=True)
    )
    return point(row, col, colour=colour, radius=radius)


def map_limit(placed: Placed) -> float:
    """Return where the colours of the maps of matches and scores end."""
    return max(0.05, float(np.abs(placed.matches).max()))


def describe_maps(placed: Placed) -> dict[str, str]:
    """Say what each of the four maps of the looked-at part shows."""
    part, place = placed.looked_at, placed.places[placed.part]
    anchor = placed.anchors[placed.part]
    difference = placed.matches - placed.costs
    best = placed.best.parts[placed.part].score
    return {
        "match": (
            f"How well the {part.name} fits at each place, from {signed(placed.matches.min())} to "
            f"{signed(placed.matches.max())}; {signed(placed.matches[place])} where it lies."
        ),
        "cost": (
            f"What the spring takes at each place: {plain(placed.costs[anchor], 2)} at the anchor, "
            f"{plain(placed.costs[place], 2)} where the {part.name} lies, up to "
            f"{plain(placed.costs.max(), 2)} at the edge."
        ),
        "score": (
            f"Match minus cost at each place: {signed(difference[place])} where the {part.name} "
            f"lies, {signed(best)} at its best place."
        ),
        "transform": (
            f"For each place of the anchor, the best that the {part.name} could score from there, "
            f"from {signed(placed.transformed.min())} to {signed(placed.transformed.max())}; "
            f"{signed(placed.transformed[anchor])} for the present anchor."
        ),
    }


# --- one line of the distance transform ----------------------------------------------------------


def envelope_curve(
    matches: np.ndarray, spring: Spring, found: Envelope
) -> tuple[np.ndarray, np.ndarray]:
    """Return fine steps across a line, and the height of the envelope at each."""
    across = np.linspace(-0.5, len(matches) - 0.5, 20 * len(matches) + 1)
    tops = np.array(found.tops)[np.searchsorted(found.borders, across)]
    return across, matches[tops] - spring.cost(tops - across)


def envelope_limits(matches: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Return ends of an axis on which all matches and the envelope can be seen."""
    low, high = min(matches.min(), values.min()), max(matches.max(), values.max())
    room = 0.1 * ((high - low) or 1.0)
    return float(low - room), float(high + 2 * room)


def scan_curves(scan: EnvelopeScan) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return fine steps across the line, the envelope so far, and the newest parabola."""
    whole = np.linspace(-0.5, len(scan.matches) - 0.5, 20 * len(scan.matches) + 1)
    tops = np.array(scan.now.tops)[np.searchsorted(scan.now.borders, whole)]
    newest = scan.seen - 1
    return (
        whole,
        scan.matches[tops] - scan.spring.cost(tops - whole),
        scan.matches[newest] - scan.spring.cost(newest - whole),
    )


def earlier_parabolas(scan: EnvelopeScan, low: float) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the parabolas of all places before the newest, as far as they are above ``low``."""
    lines = []
    whole = np.linspace(-0.5, len(scan.matches) - 0.5, 8 * len(scan.matches) + 1)
    for place in range(scan.seen - 1):
        heights = scan.matches[place] - scan.spring.cost(place - whole)
        lines.append((whole[heights >= low], heights[heights >= low]))
    return lines


def describe_scan(scan: EnvelopeScan) -> str:
    """Say what the newest place has changed."""
    newest = scan.seen - 1
    words = (
        f"{scan.seen} of {len(scan.matches)} places seen, "
        f"{counted(len(scan.now.tops), 'parabola')} kept."
    )
    if scan.seen > 1:
        hidden = len(scan.before.tops) + 1 - len(scan.now.tops)
        border = f"{scan.now.borders[-1]:.1f}".replace("-", "−")
        words += f" Place {newest} takes over from place {scan.now.tops[-2]} at {border}" + (
            f" and hides {counted(hidden, 'parabola')} for good." if hidden else " and hides none."
        )
    best = int(scan.now.values.argmax())
    return (
        f"{words} The best score so far, {signed(scan.now.values[best])}, is for an anchor at "
        f"{best}, with the part at {scan.now.sources[best]}."
    )


# --- what the model looks for --------------------------------------------------------------------


def describe_training(step: TrainingStep) -> str:
    """Say in one line how far the training is, for ``run(…, describe=…)``."""
    words = f"{step.what}: {step.faces} faces against {step.others} other windows"
    if step.moved:
        words += f", parts {step.moved:.1f} cells from their anchors on average"
    return words


# --- faces in a photo ----------------------------------------------------------------------------


def describe_found(what: str, found: FoundFaces) -> str:
    """Say what is found in a photo; ``what`` describes the photo."""
    scores = found.faces.scores
    if not len(scores):
        return f"{what}: nothing scores above 0, so no face is found."
    x0, y0, x1, y1 = found.faces.boxes[0]
    place = f"{x1 - x0:.0f} pixels wide, from {x0:.0f} across and {y0:.0f} down"
    if scores[0] <= 0:
        return (
            f"{what}: no face is found. What looks most like one, {place}, scores "
            f"{signed(scores[0])}, below 0."
        )
    more = f" {counted(len(scores) - 1, 'more box')} above 0." if len(scores) > 1 else ""
    return f"{what}: the surest face is {place}, and scores {signed(scores[0])}.{more}"


# --- deformed faces ------------------------------------------------------------------------------


def deformed_overlays(deformed: DeformedFace, model: PartModel) -> list[dict[str, Any]]:
    """Return the boxes of the parts on a deformed face, in pixels of the fine level."""
    overlays = []
    for part, (top, left), colour in zip(model.parts, deformed.places, PART_COLOURS, strict=True):
        high, wide = (length * CELL for length in part.size)
        top, left = top * CELL, left * CELL
        overlays.append(box(left, top, left + wide, top + high, colour=colour))
        overlays.append(text(top - 1.5 if top > 8 else top + high + 5, left, part.name, colour))
    return overlays


def scores_in_short(deformed: DeformedFace) -> str:
    """Return both scores in a few words, for a heading."""
    return f"root {signed(deformed.root_only)}, parts {signed(deformed.with_parts)}"


def describe_deformed(deformed: DeformedFace) -> str:
    """Say what was done to a face and what both models make of it."""
    done = deformed.deformation
    words = []
    if done.mouth:
        way = "down" if done.mouth > 0 else "up"
        words.append(f"its mouth is {abs(done.mouth):.0f} % of the face further {way}")
    if done.shift:
        way = "right" if done.shift > 0 else "left"
        words.append(f"it is moved {abs(done.shift):.0f} % to the {way}")
    if done.turn:
        way = "anticlockwise" if done.turn > 0 else "clockwise"
        words.append(f"it is turned by {abs(done.turn):.0f}° {way}")
    if done.cover:
        from_where = "below" if done.edge == "below" else "the right"
        words.append(f"{done.cover:.0f} % of it are covered from {from_where}")
    joined = ", ".join(words) or "the face is as it was"
    state = joined[0].upper() + joined[1:]
    return (
        f"{state}. The root alone gives {signed(deformed.root_only)}, "
        f"{_verdict(deformed.root_only)}; with parts it is {signed(deformed.with_parts)}, "
        f"{_verdict(deformed.with_parts)}."
    )


def describe_bent(before: DeformedFace, after: DeformedFace) -> str:
    """Say what a deformation does to a face, and what it costs each model."""
    words = describe_deformed(after)
    if after.deformation == before.deformation:
        return words
    root, parts = before.root_only - after.root_only, before.with_parts - after.with_parts
    return f"{words} {_change('The root', root)}, {_change('root and parts together', parts)}."


def _change(who: str, lost: float) -> str:
    return f"{who} {'lost' if lost >= 0 else 'gained'} {abs(lost):.2f}"


def _verdict(score: float) -> str:
    return "a face" if score > 0 else "no face"


SWEEP_AXES = {
    "mouth": "mouth moved down, % of the face",
    "shift": "face moved right, % of the face",
    "turn": "face turned, degrees anticlockwise",
    "cover": "face covered, %",
}


def describe_curves(kind: str, amounts: Sequence[float], curve: np.ndarray) -> str:
    """Say how both scores go while one deformation grows.

    Parameters
    ----------
    kind : str
        A key of `SWEEP_AXES`.
    amounts : sequence of float, (N,)
    curve : ndarray (N, 2)
        The root's score and that of root and parts together, from ``score_curve``.
    """
    root, parts = (f"{signed(ends[0])} to {signed(ends[-1])}" for ends in curve.T)
    faces = int((curve[:, 1] > 0).sum())
    return (
        f"Curves of both scores, {SWEEP_AXES[kind]}, from {plain(amounts[0])} to "
        f"{plain(amounts[-1])}: root only from {root}, with parts from {parts}, above 0 at {faces} "
        f"of {len(amounts)} amounts."
    )


def describe_sweep(swept: Sweep) -> str:
    """Say how many faces each model finds where it is hardest for them."""
    parts = []
    for name, counts in (("root only", swept.root_only), ("with parts", swept.with_parts)):
        worst = int(np.argmin(counts))
        parts.append(
            f"{name} finds between {min(counts)} (at {plain(swept.amounts[worst])}) and "
            f"{max(counts)}"
        )
    return f"Of {swept.faces} faces, {SWEEP_AXES[swept.kind]}: {'; '.join(parts)}."
