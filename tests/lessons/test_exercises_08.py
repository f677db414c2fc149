"""Lesson 08: right answers written unusually are accepted, wrong ones told their cause."""

from fractions import Fraction

import numpy as np
import torch
from answers import ExerciseTests, Table, Wrong

from aml4d_utils.lessons.visualisation import exercises
from aml4d_utils.topics.visualisation.reading import separation

# --- 1. guided backward ------------------------------------------------------------------------


def with_loops(signal, came_in):
    result = signal.copy()
    for place in np.ndindex(signal.shape):
        if signal[place] < 0 or came_in[place] <= 0:
            result[place] = 0
    return result


def with_torch(signal, came_in):
    came_in = torch.tensor(came_in).double().requires_grad_()
    torch.relu(came_in).backward(torch.tensor(signal).double().clamp(min=0))
    return came_in.grad


def into_what_came_in(signal, came_in):
    result = np.zeros_like(came_in)
    np.copyto(result, signal, where=(signal > 0) & (came_in > 0), casting="unsafe")
    return result


def of_two_dimensions(signal, came_in):
    rows, cols = signal.shape
    pairs = [[(signal[r, c], came_in[r, c]) for c in range(cols)] for r in range(rows)]
    return [[s if s > 0 and c > 0 else 0 for s, c in row] for row in pairs]


def by_recursion(signal, came_in):
    if np.ndim(signal) == 0:
        return signal if signal > 0 and came_in > 0 else 0.0
    return [by_recursion(*pair) for pair in zip(signal, came_in, strict=True)]


GUIDED = Table(
    "guided_backward",
    wrong=(
        Wrong("gradient", "plain gradient", lambda signal, came_in: signal * (came_in > 0)),
        Wrong("deconvnet", "the deconvnet", lambda signal, came_in: np.maximum(signal, 0)),
        Wrong("forward", "on the way forward", lambda signal, came_in: np.maximum(came_in, 0)),
        Wrong(
            "zero lets through",
            "Where exactly 0 came in",
            lambda signal, came_in: np.where((signal > 0) & (came_in >= 0), signal, 0),
        ),
        Wrong(
            "multiplied",
            "You multiplied by what came in",
            lambda signal, came_in: np.maximum(signal, 0) * np.maximum(came_in, 0),
        ),
        Wrong(
            "a clipped signal times what came in",
            "You multiplied by what came in",
            lambda signal, came_in: signal.clip(0) * came_in,
        ),
        Wrong(
            "times a ReLU",
            "You multiplied by what came in",
            lambda signal, came_in: signal * came_in.clip(0),
        ),
        Wrong("times", "You multiplied by what came in", lambda signal, came_in: signal * came_in),
        Wrong("no brackets", "* comes before >", lambda signal, came_in: signal * came_in > 0),
        Wrong(
            "same sign",
            "Two negative values",
            lambda signal, came_in: signal * (np.sign(signal) == np.sign(came_in)),
        ),
        Wrong(
            "what came in",
            "What goes back is the signal",
            lambda signal, came_in: np.where((signal > 0) & (came_in > 0), came_in, 0),
        ),
        Wrong(
            "where it was silent",
            "where the ReLU was silent",
            lambda signal, came_in: signal.clip(0) * (came_in < 0),
        ),
        Wrong("whole like came_in", "whole numbers where came_in does", into_what_came_in),
        Wrong(
            "open if anything came in",
            "At index (0, 1) expected 0, got 2",
            lambda signal, came_in: signal.clip(0) * (came_in.max() > 0),
        ),
        Wrong(
            "the smaller of both",
            "expected 0.8936",
            lambda signal, came_in: np.minimum(signal, came_in).clip(0),
        ),
        Wrong("two dimensions only", "stopped with ValueError", of_two_dimensions),
        Wrong(
            "mask only",
            "where the way is open",
            lambda signal, came_in: np.logical_and(signal > 0, came_in > 0),
        ),
        Wrong(
            "either",
            "asks for both",
            lambda signal, came_in: signal * np.logical_or(signal > 0, came_in > 0),
        ),
        Wrong(
            "absolute", "not change their sign", lambda signal, came_in: abs(signal) * (came_in > 0)
        ),
    ),
    right={
        "loops": with_loops,
        "torch": with_torch,
        "recursion": by_recursion,
        "nested minimum": lambda signal, came_in: signal.clip(0) * np.heaviside(came_in, 0),
    },
)

# --- 2. occlusion ------------------------------------------------------------------------------


def occluded(photo, score, patch, stride, fill=0.5, fresh=True, extra=1):
    base, work = score(photo), photo.copy()
    rows = []
    for top in range(0, len(photo) - patch + extra, stride):
        rows.append([])
        for left in range(0, len(photo[0]) - patch + extra, stride):
            work = photo.copy() if fresh else work
            work[top : top + patch, left : left + patch] = fill
            rows[-1].append(base - score(work))
    return rows


def with_masks(photo, score, patch, stride):
    height, width = photo.shape[:2]
    shape = ((height - patch) // stride + 1, (width - patch) // stride + 1)
    result = np.empty(shape, dtype=np.float32)
    rows, cols = np.indices((height, width))
    for i, j in np.ndindex(shape):
        inside = (rows // 1 >= i * stride) & (rows < i * stride + patch)
        inside &= (cols >= j * stride) & (cols < j * stride + patch)
        result[i, j] = score(photo) - score(np.where(inside[..., None], 0.5, photo))
    return result


def shown_alone(photo, score, patch, stride):
    rows = []
    for top in range(0, len(photo) - patch + 1, stride):
        rows.append([])
        for left in range(0, len(photo[0]) - patch + 1, stride):
            shown = np.full_like(photo, 0.5)
            place = np.s_[top : top + patch, left : left + patch]
            shown[place] = photo[place]
            rows[-1].append(score(shown))
    return np.array(rows)


def cut_out(photo, score, patch, stride):
    return score(photo) - score(photo[:patch, :patch])


def put_back(photo, score, patch, stride):
    work, whole, rows = photo.copy(), score(photo), []
    for top in range(0, len(work) - patch + 1, stride):
        rows.append([])
        for left in range(0, len(work[0]) - patch + 1, stride):
            place = np.s_[top : top + patch, left : left + patch]
            before = work[place].copy()
            work[place] = 0.5
            rows[-1].append(np.float64(whole - score(work)))
            work[place] = before
    return rows


OCCLUSION = Table(
    "occlusion_map",
    wrong=(
        Wrong("sign", "The sign is turned round", lambda *a: -np.array(occluded(*a))),
        Wrong(
            "score",
            "You returned the score itself",
            lambda photo, score, patch, stride: (
                score(photo) - np.array(occluded(photo, score, patch, stride))
            ),
        ),
        Wrong("absolute", "lost their sign", lambda *a: np.abs(occluded(*a))),
        Wrong("kept", "Earlier patches stay", lambda *a: occluded(*a, fresh=False)),
        Wrong("black", "The patch is black", lambda *a: occluded(*a, fill=0)),
        Wrong("white", "The patch is white", lambda *a: occluded(*a, fill=1)),
        Wrong("mean", "the photo's mean;", lambda p, *a: occluded(p, *a, fill=p.mean())),
        Wrong("mean colour", "mean colour", lambda p, *a: occluded(p, *a, fill=p.mean((0, 1)))),
        Wrong("bytes", "The patch is 128", lambda *a: occluded(*a, fill=128)),
        Wrong("sticks out", "stick out", lambda *a: occluded(*a, extra=a[2])),
        Wrong("share", "difference", lambda p, s, *a: np.array(occluded(p, s, *a)) / s(p)),
        Wrong("short", "The last place is missing", lambda *a: occluded(*a, extra=0)),
        Wrong(
            "stride ignored",
            "The stride is missing",
            lambda photo, score, patch, stride: occluded(photo, score, patch, 1),
        ),
        Wrong(
            "own size",
            "moves on by its own size",
            lambda photo, score, patch, stride: occluded(photo, score, patch, patch),
        ),
        Wrong("transposed", "Rows and columns are exchanged", lambda *a: np.array(occluded(*a)).T),
        Wrong("nothing", "All drops are 0", lambda *a: 0 * np.array(occluded(*a))),
        Wrong("never below 0", "below 0 became 0", lambda *a: np.maximum(occluded(*a), 0)),
        Wrong("the opposite", "You hid everything but the patch", shown_alone),
        Wrong(
            "the opposite, as a drop",
            "You hid everything but the patch",
            lambda p, s, *a: s(p) - shown_alone(p, s, *a),
        ),
        Wrong(
            "the opposite, against grey",
            "You hid everything but the patch",
            lambda p, s, *a: shown_alone(p, s, *a) - s(np.full_like(p, 0.5)),
        ),
        Wrong(
            "half of a stronger patch",
            "values differ",
            lambda p, s, *a: np.array(occluded(p, lambda q: s(2 * q - p), *a)) / 2,
        ),
        Wrong("only the patch scored", "score wants the whole photo", cut_out),
    ),
    right={"lists": occluded, "masks in float32": with_masks, "put back": put_back},
)

# --- 3. Grad-CAM -------------------------------------------------------------------------------


def raw(maps, gradients, pool=np.mean):
    weights = [pool(g) for g in gradients]
    return sum(w * m for w, m in zip(weights, maps, strict=True))


def cut_first(maps, gradients):
    return np.maximum(gradients.mean((1, 2))[:, None, None] * maps, 0)


CAM = Table(
    "cam_map",
    wrong=(
        Wrong("no ReLU", "set them to 0", raw),
        Wrong("absolute", "must become 0, not positive", lambda m, g: abs(raw(m, g))),
        Wrong("sum", "weight is their mean", lambda m, g: raw(m, g, np.sum).clip(0)),
        Wrong(
            "mean over maps", "add the weighted maps up", lambda m, g: raw(m, g).clip(0) / len(m)
        ),
        Wrong("each map cut", "cut each map at 0", lambda m, g: cut_first(m, g).sum(0)),
        Wrong(
            "largest map", "the largest of the weighted maps", lambda m, g: cut_first(m, g).max(0)
        ),
        Wrong(
            "median", "the median of a map's gradients", lambda m, g: raw(m, g, np.median).clip(0)
        ),
        Wrong("maps cut", "You cut the maps at 0", lambda m, g: raw(m.clip(0), g).clip(0)),
        Wrong(
            "the maps' dtype", "lost their decimals", lambda m, g: raw(m, g).clip(0).astype(m.dtype)
        ),
        Wrong(
            "the gradients' dtype",
            "lost their decimals",
            lambda m, g: raw(m, g).clip(0).astype(g.dtype),
        ),
        Wrong(
            "whole weights",
            "lost their decimals",
            lambda m, g: raw(m, g, lambda one: one.mean().astype(g.dtype)).clip(0),
        ),
        Wrong("five maps at most", "values differ", lambda m, g: raw(m[:5], g[:5]).clip(0)),
        Wrong(
            "weights laid along the columns",
            "stopped with ValueError",
            lambda m, g: (g.mean((1, 2)) * m).sum(0).clip(0),
        ),
        Wrong("cell by cell", "A map has one weight", lambda m, g: (m * g).sum(0).clip(0)),
        Wrong("no gradients", "The gradients are missing", lambda m, g: m.sum(0)),
        Wrong(
            "ReLU on weights",
            "You dropped maps",
            lambda m, g: np.einsum("c,chw->hw", g.mean((1, 2)).clip(0), m),
        ),
        Wrong("largest", "the largest gradient", lambda m, g: raw(m, g, np.max).clip(0)),
        Wrong("exchanged", "exchanged", lambda m, g: raw(g, m).clip(0)),
        Wrong("one mean", "one mean of all", lambda m, g: (g.mean() * m).sum(0).clip(0)),
        Wrong(
            "scaled",
            "stay as they are",
            lambda m, g: raw(m, g).clip(0) / max(raw(m, g).max(), 1e-9),
        ),
        Wrong("positive gradients", "They belong to the mean", lambda m, g: raw(m, g.clip(0))),
        Wrong(
            "weights without sign",
            "lost their sign",
            lambda m, g: raw(m, g, lambda one: abs(one.mean())),
        ),
    ),
    right={
        "loops": lambda m, g: np.maximum(raw(m, g), 0),
        "torch": lambda m, g: torch.relu(
            (torch.tensor(g).double().mean((1, 2), keepdim=True) * torch.tensor(m)).sum(0)
        ),
        "one product of matrices": lambda m, g: np.maximum(
            (g.mean((1, 2)) @ m.reshape(len(m), -1)).reshape(m.shape[1:]), 0
        ).astype(np.float32),
    },
)

# --- 4. reading --------------------------------------------------------------------------------


def shares(readings, answer, count=separation):
    return {
        name: count([answer(f) for f in fitting], [answer(o) for o in other])
        for name, (fitting, other) in readings.items()
    }


def keep(measured):
    best = max(measured, key=measured.get)
    return best if measured[best] >= 0.875 else "none of them"


def answered(count=separation, choose=keep):
    def choose_reading(readings, answer):
        measured = shares(readings, answer, count)
        return measured, choose(measured)

    return choose_reading


def from_share(enough):
    def choose(measured):
        best = max(measured, key=measured.get)
        return best if measured[best] >= enough else "none of them"

    return choose


def if_alone(measured):
    good = [name for name, share in measured.items() if share >= 0.875]
    return good[0] if len(good) == 1 else "none of them"


def better_than_the_last(measured):
    chosen, last = "none of them", 0
    for name, share in measured.items():
        chosen = name if share >= 0.875 and share > last else chosen
        last = share
    return chosen


def beaten(fitting, others):
    return np.greater.outer(fitting, others)


def of_good(key):
    """Return an answer that keeps, of the good readings, the one with the largest key."""

    def choose_reading(readings, answer):
        measured, keys = shares(readings, answer), shares(readings, answer, key)
        good = [name for name in measured if measured[name] >= 0.875]
        return measured, max(good, key=keys.get, default="none of them")

    return choose_reading


def with_areas(readings, answer):
    from sklearn.metrics import roc_auc_score

    measured = {}
    for name, (fitting, other) in readings.items():
        truth = [1] * len(fitting) + [0] * len(other)
        measured[name] = roc_auc_score(truth, [answer(n) for n in [*fitting, *other]])
    ranked = sorted(measured.items(), key=lambda pair: -pair[1])
    return [measured, ranked[0][0] if ranked[0][1] > 0.8749 else "none of them"]


READING = Table(
    "choose_reading",
    wrong=(
        Wrong(
            "other wins",
            "in which the other picture wins",
            answered(lambda f, o: 1 - separation(f, o)),
        ),
        Wrong(
            "ties left out",
            "you left them out",
            answered(lambda f, o: float((np.subtract.outer(f, o) > 0).mean())),
        ),
        Wrong(
            "ties full",
            "you count them full",
            answered(lambda f, o: float((np.subtract.outer(f, o) >= 0).mean())),
        ),
        Wrong(
            "not divided",
            "You counted pairs",
            answered(lambda f, o: separation(f, o) * len(f) * len(o)),
        ),
        Wrong("gap", "how much more", answered(lambda f, o: np.mean(f) - np.mean(o))),
        Wrong("invented", "measured again", answered(lambda f, o: 0.123)),
        Wrong("always best", "keep “none of them”", answered(choose=lambda m: max(m, key=m.get))),
        Wrong("never", "You never keep a reading", answered(choose=lambda m: "none of them")),
        Wrong("none where several are good", "You keep none, although", answered(choose=if_alone)),
        Wrong("more than 0.875", "exactly 0.875 is enough", answered(choose=from_share(0.8751))),
        Wrong("0.87", "You ask for 0.87", answered(choose=from_share(0.87))),
        Wrong("0.8", "You ask for 0.8;", answered(choose=from_share(0.8))),
        Wrong("0.9", "You ask for 0.9;", answered(choose=from_share(0.9))),
        Wrong(
            "whole per cents",
            "You rounded the shares before",
            answered(choose=lambda m: keep({n: round(m[n], 2) for n in m})),
        ),
        Wrong(
            "better than the one before",
            "with the best so far",
            answered(choose=better_than_the_last),
        ),
        Wrong(
            "last good one",
            "an earlier one may be better",
            answered(choose=lambda m: [*["none of them"], *(n for n in m if m[n] >= 0.875)][-1]),
        ),
        Wrong("most right pairs", "the most right pairs", of_good(lambda f, o: beaten(f, o).sum())),
        Wrong("most pairs", "the most pairs", of_good(lambda f, o: beaten(f, o).size)),
        Wrong("largest gap", "answered most above", of_good(lambda f, o: np.mean(f) - np.mean(o))),
        Wrong(
            "answered most", "whose pictures are answered most;", of_good(lambda f, o: np.mean(f))
        ),
        Wrong("largest answer", "is better", of_good(lambda f, o: max(f))),
        Wrong("widest edge", "is better", of_good(lambda f, o: min(f) - max(o))),
        Wrong(
            "per cents", "a share goes from 0 to 1", answered(lambda f, o: 100 * separation(f, o))
        ),
        Wrong(
            "rounded shares",
            "You rounded the share.",
            answered(lambda f, o: round(separation(f, o), 2)),
        ),
        Wrong(
            "first with first",
            "You paired the first with the first",
            answered(lambda f, o: np.mean([(a > b) + (a == b) / 2 for a, b in zip(f, o)])),  # noqa: B905
        ),
        Wrong(
            "first good one",
            "a later one may be better",
            answered(choose=lambda m: next((n for n in m if m[n] >= 0.875), "none of them")),
        ),
        Wrong("nothing kept", "You chose nothing", answered(choose=lambda m: None)),
        Wrong("unknown", "“teapot”", answered(choose=lambda m: "teapot")),
        Wrong(
            "other order",
            "First the measurements",
            lambda readings, answer: answered()(readings, answer)[::-1],
        ),
        Wrong(
            "one missing",
            "There is no measurement of",
            lambda readings, answer: (
                dict(list(shares(readings, answer).items())[1:]),
                "none of them",
            ),
        ),
        Wrong(
            "several numbers",
            "must be one number",
            lambda readings, answer: ({name: (1, 2) for name in readings}, "none of them"),
        ),
    ),
    right={
        "pairs": answered(),
        "areas under the curve": with_areas,
        "fractions": answered(lambda f, o: Fraction(separation(f, o)), from_share(Fraction(7, 8))),
        "float32": answered(lambda f, o: np.float32(separation(f, o))),
        "the last of equal ones": answered(
            choose=lambda m: keep(dict(reversed(sorted(m.items(), key=lambda pair: pair[1]))))
        ),
    },
)


class TestExercises(ExerciseTests):
    lesson = "08_what_cnns_learn"
    tables = (GUIDED, OCCLUSION, CAM, READING)


def test_the_unit_is_a_detector_of_dots_and_not_of_eyes():
    measured = {
        name: exercises._separation(*pictures, exercises.answer)
        for name, pictures in exercises.READINGS.items()
    }
    assert measured["small dark dots"] == 1
    assert 0.5 < measured["eyes"] < exercises.ENOUGH
    assert measured["round things"] < 0.5


def test_every_test_picture_can_be_seen():
    names = {n for pair in exercises.READINGS.values() for side in pair for n in side}
    for name in names:
        picture = exercises.picture(name)
        assert picture.shape == (227, 227, 3)
        assert 0 <= picture.min() < picture.max() <= 1
