"""Lesson 06: right answers written unusually are accepted, wrong ones told their cause."""

import itertools
import math

import cv2
import lesson_source
import numpy as np
import skimage.transform
from answers import ExerciseTests, Table, Wrong

from aml4d_utils.lessons.classic_detectors import exercises
from aml4d_utils.lessons.classic_detectors.exercises import measured_scores, rates

# --- 1. integral image -------------------------------------------------------------------------


def by_cumsum(image):
    return np.pad(image.astype(float).cumsum(0).cumsum(1), ((1, 0), (1, 0)))


def with_opencv(image):
    return cv2.integral(image.astype(np.float64))


def with_scikit_image(image):
    return np.pad(skimage.transform.integral_image(image.astype(float)), [(1, 0)] * 2)


def in_lists(image):
    rows = [[0] * (image.shape[1] + 1)]
    for line in image.tolist():
        running = itertools.accumulate(line, initial=0)
        rows.append([above + here for above, here in zip(rows[-1], running, strict=True)])
    return rows


def with_matrices(image):
    below = np.tri(image.shape[0] + 1, image.shape[0], -1)
    return below @ image.astype(float) @ np.tri(image.shape[1] + 1, image.shape[1], -1).T


def forgets_to_subtract(image):
    table = np.zeros(np.add(image.shape, 1))
    for row, col in np.ndindex(image.shape):
        table[row + 1, col + 1] = image[row, col] + table[row, col + 1] + table[row + 1, col]
    return table


INTEGRAL = Table(
    "integral_image",
    wrong=(
        Wrong("no border", "first row and column of zeros", lambda image: by_cumsum(image)[1:, 1:]),
        Wrong("too short", "last row and column are missing", lambda i: by_cumsum(i)[:-1, :-1]),
        Wrong(
            "zeros on the wrong side",
            "Your zeros stand below",
            lambda i: np.pad(by_cumsum(i)[1:, 1:], ((0, 1), (0, 1))),
        ),
        Wrong(
            "rows only",
            "along the rows only",
            lambda image: np.pad(image.astype(float).cumsum(1), [(1, 0)] * 2),
        ),
        Wrong(
            "columns only",
            "along the columns only",
            lambda image: np.pad(image.astype(float).cumsum(0), [(1, 0)] * 2),
        ),
        Wrong("pixels", "holds the pixels", lambda i: np.pad(i.astype(float), [(1, 0)] * 2)),
        Wrong("8 bits", "8 bits hold nothing above 255", lambda i: by_cumsum(i).astype(i.dtype)),
        Wrong(
            "one running sum",
            "runs on through all pixels",
            lambda i: np.pad(i.astype(float).cumsum().reshape(i.shape), [(1, 0)] * 2),
        ),
        Wrong("whole numbers", "lost their decimals", lambda image: by_cumsum(image).astype(int)),
        Wrong("mean", "divided by the number of pixels", lambda i: by_cumsum(i) / i.size),
        Wrong("counted twice", "counted twice", forgets_to_subtract),
        Wrong("below 0 cut off", "never fall below 0", lambda i: np.maximum(by_cumsum(i), 0)),
        Wrong(
            "64 columns",
            "At index",
            lambda i: by_cumsum(np.where(np.arange(i.shape[1]) < 64, i, 0)),
        ),
        Wrong(
            "a row ends at 0",
            "At index",
            lambda i: by_cumsum(np.where(np.cumprod(i != 0, axis=1), i, 0)),
        ),
    ),
    right={
        "cumsum": by_cumsum,
        "OpenCV": with_opencv,
        "scikit-image": with_scikit_image,
        "lists": in_lists,
        "matrix products": with_matrices,
    },
)


# --- 2. the sum of a rectangle -----------------------------------------------------------------


def from_pixels(table, row, col, height, width):
    pixels = np.diff(np.diff(table, axis=0), axis=1)
    return pixels[row : row + height, col : col + width].sum()


def strip_by_strip(table, row, col, height, width):
    strip = table[row + height] - table[row]
    return float(strip[col + width] - strip[col])


def as_array(table, row, col, height, width):
    signs = np.array([[1, -1], [-1, 1]])
    return np.array((table[row :: height or 1, col :: width or 1][:2, :2] * signs).sum())


def four_corners(table, row, col, height, width):
    bottom, right = row + height, col + width
    return table[bottom, right] - table[row, right] - table[bottom, col] + table[row, col]


def remembering(key):
    """Return an answer that computes once for each key, and then gives that again."""
    known = {}
    return lambda table, *place: known.setdefault(key(table, *place), four_corners(table, *place))


BOX = Table(
    "box_sum",
    wrong=(
        Wrong(
            "corner forgotten",
            "add its corner again",
            lambda t, r, c, h, w: t[r + h, c + w] - t[r, c + w] - t[r + h, c],
        ),
        Wrong(
            "two corners",
            "Two corners are not enough",
            lambda t, r, c, h, w: t[r + h, c + w] - t[r, c],
        ),
        Wrong("one corner", "from the image's corner", lambda t, r, c, h, w: t[r + h, c + w]),
        Wrong(
            "corner subtracted",
            "added, not subtracted",
            lambda t, r, c, h, w: t[r + h, c + w] - t[r, c + w] - t[r + h, c] - t[r, c],
        ),
        Wrong(
            "last row missing",
            "last row and column are missing",
            lambda t, r, c, h, w: (
                t[r + h - 1, c + w - 1] - t[r, c + w - 1] - t[r + h - 1, c] + t[r, c]
            ),
        ),
        Wrong(
            "adds up the table",
            "You added up the table",
            lambda t, r, c, h, w: t[r : r + h, c : c + w].sum(),
        ),
        Wrong(
            "sides as places",
            "height and width are sides",
            lambda t, r, c, h, w: t[h, w] - t[r, w] - t[h, c] + t[r, c],
        ),
        Wrong("mean", "That is the mean", lambda t, r, c, h, w: from_pixels(t, r, c, h, w) / h / w),
        Wrong("reversed", "signs are reversed", lambda *a: -from_pixels(*a)),
        Wrong(
            "sides exchanged",
            "Height goes with rows",
            lambda t, r, c, h, w: t[r + w, c + h] - t[r, c + h] - t[r + w, c] + t[r, c],
        ),
        Wrong(
            "places exchanged",
            "Rows and columns are exchanged",
            lambda t, r, c, h, w: t[c + h, r + w] - t[c, r + w] - t[c + h, r] + t[c, r],
        ),
        Wrong(
            "as if without zeros",
            "one too small",
            lambda t, r, c, h, w: (
                t[r + h - 1, c + w - 1]
                - t[r - 1, c + w - 1]
                - t[r + h - 1, c - 1]
                + t[r - 1, c - 1]
            ),
        ),
        Wrong(
            "one row before",
            "You take away too little",
            lambda t, r, c, h, w: (
                t[r + h, c + w] - t[r - 1, c + w] - t[r + h, c - 1] + t[r - 1, c - 1]
            ),
        ),
        Wrong(
            "one too far",
            "one too large",
            lambda t, r, c, h, w: (
                t[r + h + 1, c + w + 1] - t[r, c + w + 1] - t[r + h + 1, c] + t[r, c]
            ),
        ),
        Wrong(
            "above only",
            "to the left is still",
            lambda t, r, c, h, w: t[r + h, c + w] - t[r, c + w],
        ),
        Wrong("left only", "above is still", lambda t, r, c, h, w: t[r + h, c + w] - t[r + h, c]),
        Wrong("without its sign", "You dropped the sign", lambda *a: abs(four_corners(*a))),
        Wrong("below 0 cut off", "never falls below 0", lambda *a: max(0, four_corners(*a))),
        Wrong("whole", "lost its decimals", lambda *a: int(four_corners(*a))),
        Wrong("remembers places", "Expected", remembering(lambda t, *place: place)),
        Wrong(
            "remembers places and totals",
            "Expected",
            remembering(lambda t, *place: (t.shape, t[-1, -1], place)),
        ),
        Wrong("16 bits", "Expected", lambda *a: four_corners(*a) % 2**16),
        Wrong(
            "one row as a whole",
            "Expected",
            lambda t, *place: four_corners(t, *place) if min(t.shape) > 2 else t[-1, -1],
        ),
    ),
    right={
        "from pixels": from_pixels,
        "strip": strip_by_strip,
        "0-d array": as_array,
        "32-bit number": lambda *a: np.float32(four_corners(*a)),
        "row by row": lambda t, r, c, h, w: sum(four_corners(t, r + k, c, 1, w) for k in range(h)),
    },
)


# --- 3. cascade arithmetic ---------------------------------------------------------------------


def with_logarithm(detection, alarm, goal):
    stages = max(0, math.ceil(math.log(goal) / math.log(alarm) - 1e-9))
    return stages, detection**stages, alarm**stages


def as_list(detection, alarm, goal):
    stages = next(n for n in itertools.count() if alarm**n <= goal)
    return [np.int64(stages), np.float64(detection) ** stages, alarm**stages]


def recursively(detection, alarm, goal):
    if goal >= 1:
        return np.array([0, 1, 1])
    stages, faces, others = recursively(detection, alarm, goal / alarm)
    return np.array([stages + 1, faces * detection, others * alarm])


def plan_with(change):
    def plan(detection, alarm, goal):
        stages = change(with_logarithm(detection, alarm, goal)[0])
        return stages, detection**stages, alarm**stages

    return plan


def on_plan(change):
    return lambda d, a, goal: change(d, a, *with_logarithm(d, a, goal))


def with_rounding(rounded):
    def plan(detection, alarm, goal):
        stages = rounded(math.log(goal) / math.log(alarm))
        return stages, detection**stages, alarm**stages

    return plan


def on_while_at_least(detection, alarm, goal):
    stages, faces, others = 0, 1, 1
    while others >= goal:
        stages, faces, others = stages + 1, faces * detection, others * alarm
    return stages, faces, others


def stopping_at(most):
    return plan_with(lambda stages: min(stages, most))


def allows_a_hair(detection, alarm, goal):
    faces, others = [1.0], [1.0]
    while others[-1] > goal and not math.isclose(others[-1], goal):
        faces.append(faces[-1] * detection)
        others.append(others[-1] * alarm)
    return len(others) - 1, faces[-1], others[-1]


PLAN = Table(
    "cascade_plan",
    wrong=(
        Wrong("faces kept", "Faces get lost", on_plan(lambda d, a, n, f, o: (n, d, o))),
        Wrong("times", "Rates multiply from stage", on_plan(lambda d, a, n, f, o: (n, d * n, a))),
        Wrong("one stage", "of one stage", on_plan(lambda d, a, n, f, o: (n, f, a))),
        Wrong(
            "at least one",
            "must pass all of them",
            on_plan(lambda d, a, n, f, o: (n, 1 - (1 - d) ** n, o)),
        ),
        Wrong("order", "The order is", on_plan(lambda d, a, n, f, o: (n, o, f))),
        Wrong("also at the goal", "> and not >=", on_while_at_least),
        Wrong("rounded down", "You round down", with_rounding(math.floor)),
        Wrong("rounded", "to the nearest", with_rounding(round)),
        Wrong("down and one more", "round down and add 1", with_rounding(lambda n: int(n) + 1)),
        Wrong("never without a stage", "no stage at all", plan_with(lambda n: max(1, n))),
        Wrong("begins with 1", "begin with 0", on_plan(lambda d, a, n, f, o: (n + 1, f, o))),
        Wrong("lost", "that is lost", on_plan(lambda d, a, n, f, o: (n, 1 - f, o))),
        Wrong("one too few", "One stage too few", plan_with(lambda n: max(0, n - 1))),
        Wrong("one too many", "One stage too many", plan_with(lambda n: n + 1)),
        Wrong("at most 30", "You stop after 30 stages", stopping_at(30)),
        Wrong("at most 200", "You stop after 200 stages", stopping_at(200)),
        Wrong("at most 40", "At index", stopping_at(40)),
        Wrong(
            "subtracted",
            "do not subtract",
            on_plan(lambda d, a, n, f, o: (n, 1 - n * (1 - d), o)),
        ),
        Wrong(
            "six decimals", "At index", on_plan(lambda d, a, n, f, o: (n, round(f, 6), round(o, 6)))
        ),
        Wrong("nearly there", "At index", lambda d, a, goal: with_logarithm(d, a, 1.005 * goal)),
        Wrong(
            "part of a stage",
            "no part of a stage",
            lambda d, a, goal: (
                math.log(goal) / math.log(a),
                d ** (math.log(goal) / math.log(a)),
                goal,
            ),
        ),
    ),
    right={
        "logarithm": with_logarithm,
        "list": as_list,
        "recursion": recursively,
        "a hair allowed": allows_a_hair,
    },
)


# --- 4. spring cost ----------------------------------------------------------------------------


def cost_of(matches, anchor, spring):
    rows, cols = np.indices(matches.shape)
    down, right = rows - anchor[0], cols - anchor[1]
    return np.tensordot(spring, [down, right, down**2, right**2], 1)


def place_by_place(matches, anchor, spring):
    result = []
    for row in range(matches.shape[0]):
        line = []
        for col in range(matches.shape[1]):
            down, right = row - anchor[0], col - anchor[1]
            moved = np.array([down, right, down * down, right * right])
            line.append(matches[row][col] - float(np.dot(spring, moved)))
        result.append(line)
    return result


def outer_sum(matches, anchor, spring):
    down = np.arange(matches.shape[0]) - anchor[0]
    right = np.arange(matches.shape[1]) - anchor[1]
    costs = [(lin + quad * d) * d for lin, quad, d in
             ((spring[0], spring[2], down), (spring[1], spring[3], right))]  # fmt: skip
    return matches - np.add.outer(*costs)


def changed_spring(change):
    return lambda m, a, s: m - cost_of(m, a, change(*s))


SPRING = Table(
    "spring_scores",
    wrong=(
        Wrong("added", "You added the cost", lambda m, a, s: m + cost_of(m, a, s)),
        Wrong("cost alone", "the cost alone", lambda m, a, s: cost_of(m, a, s)),
        Wrong("match missing", "the match is missing", lambda m, a, s: -cost_of(m, a, s)),
        Wrong(
            "no linear part",
            "linear part is missing",
            changed_spring(lambda a, b, c, d: (0, 0, c, d)),
        ),
        Wrong(
            "no quadratic part",
            "quadratic part is missing",
            changed_spring(lambda a, b, c, d: (a, b, 0, 0)),
        ),
        Wrong("exchanged", "they are exchanged", changed_spring(lambda a, b, c, d: (b, a, d, c))),
        Wrong("order", "The order is", changed_spring(lambda a, b, c, d: (c, d, a, b))),
        Wrong("reversed", "place − anchor", changed_spring(lambda a, b, c, d: (-a, -b, c, d))),
        Wrong("no anchor", "The anchor is missing", lambda m, a, s: m - cost_of(m, (0, 0), s)),
        Wrong("best only", "the best score only", lambda m, a, s: (m - cost_of(m, a, s)).max()),
        Wrong(
            "whole scores",
            "lost their decimals",
            lambda m, a, s: (m - cost_of(m, a, s)).astype(m.dtype),
        ),
        Wrong("anchor exchanged", "is (row, column)", lambda m, a, s: m - cost_of(m, a[::-1], s)),
        Wrong("up", "Down is row", changed_spring(lambda a, b, c, d: (-a, b, c, d))),
        Wrong("left", "Right is column", changed_spring(lambda a, b, c, d: (a, -b, c, d))),
        Wrong("no push", "With a linear part it may", lambda m, a, s: m - cost_of(m, a, s).clip(0)),
        Wrong(
            "six places at most",
            "At index",
            lambda m, a, s: (
                np.where(cost_of(m, a, (0, 0, 1, 1)) > 72, m, m - cost_of(m, a, s))
            ),
        ),
        Wrong(
            "springs of real numbers only",
            "At index",
            lambda m, a, s: m - cost_of(m, a, [n * isinstance(n, float) for n in s]),
        ),
    ),
    right={"place by place": place_by_place, "outer sum": outer_sum,
           "at once": lambda m, a, s: m - cost_of(m, a, s),
           "32-bit numbers": lambda m, a, s: (m - cost_of(m, a, s)).astype(np.float32)},
)  # fmt: skip


# --- 5. an operating point ---------------------------------------------------------------------


def measured(faces, others, thresholds):
    return {t: rates(faces, others, t) for t in thresholds}


def by_sorting(faces, others, thresholds, most):
    found = measured(faces, others, thresholds)
    good = sorted((-found[t][0], t) for t in thresholds if found[t][1] <= most)
    return [found, good[0][1] if good else None]


def counting(faces, others, thresholds, most):
    found, best = {}, None
    for t in reversed(thresholds):
        share = sum(s >= t for s in faces) / len(faces)
        false = len([s for s in others if not s < t]) / len(others)
        found[t] = [share, false]
        if false <= most and (best is None or share > found[best][0]):
            best = t
    return found, best


def choosing(rule):
    def choose(faces, others, thresholds, most):
        found = measured(faces, others, thresholds)
        return found, rule(found, most)

    return choose


def fitting(found, most):
    return [t for t, pair in found.items() if pair[1] <= most]


def most_faces(thresholds, found):
    return max(thresholds, key=lambda t: found[t][0], default=None)


def best_on_the_way(found, most):
    best = None
    for threshold in fitting(found, most):
        if best is not None and found[threshold][0] <= found[best][0]:
            break
        best = threshold
    return best


def lowest_that_fits(faces, others, thresholds, most):
    found = {np.float64(t): (1 - np.mean(np.array(faces) < t), 1 - np.mean(np.array(others) < t))
             for t in thresholds}  # fmt: skip
    return found, np.float64(min(fitting(found, most))) if fitting(found, most) else None


def measuring(change):
    def choose(faces, others, thresholds, most):
        return {t: change(t, faces, others) for t in thresholds}, thresholds[0]

    return choose


def forgets_one(faces, others, thresholds, most):
    found = measured(faces, others, thresholds)
    found.pop(thresholds[0])
    return found, thresholds[0]


DECIDE = Table(
    "choose_threshold",
    wrong=(
        Wrong("choice only", "Return two things", lambda f, o, t, most: t[0]),
        Wrong("reversed", "First the", lambda f, o, t, most: (t[0], measured(f, o, t))),
        Wrong("one forgotten", "There is no measurement of threshold", forgets_one),
        Wrong("counts", "You counted the pictures", measuring(
            lambda t, f, o: (sum(s >= t for s in f), sum(s >= t for s in o)))),
        Wrong("above instead of at least", "use >=, not >", measuring(
            lambda t, f, o: (np.mean(np.array(f) > t), np.mean(np.array(o) > t)))),
        Wrong("per cent", "Those are per cent", measuring(
            lambda t, f, o: [100 * share for share in rates(f, o, t)])),
        Wrong("of all", "the others by the others", measuring(
            lambda t, f, o: np.array([sum(s >= t for s in f), sum(s >= t for s in o)])
            / len(f + o))),
        Wrong("below", "below the threshold", measuring(
            lambda t, f, o: [1 - share for share in rates(f, o, t)])),
        Wrong("made up", "measured again it is", measuring(lambda t, f, o: (0.12, 0.34))),
        Wrong("complex", "You chose a complex", choosing(lambda found, most: 0.2 + 0j)),
        Wrong("pair reversed", "(faces found, false alarms), in this order", measuring(
            lambda t, f, o: rates(f, o, t)[::-1])),
        Wrong("one number", "must be two numbers", measuring(lambda t, f, o: rates(f, o, t)[0])),
        Wrong("most faces", "Look only at thresholds that keep the limit", choosing(
            lambda found, most: max(found, key=lambda t: found[t][0]))),
        Wrong("fewest alarms", "finds", choosing(
            lambda found, most: min(reversed(fitting(found, most)), default=None,
                                    key=lambda t: found[t]))),
        Wrong("limit excluded", "with exactly 50 % false alarms", choosing(
            lambda found, most: max((t for t in found if found[t][1] < most or not found[t][1]),
                                    default=next(iter(fitting(found, most)), None),
                                    key=lambda t: found[t][0]))),
        Wrong("never none", "choose None", choosing(
            lambda found, most: max(fitting(found, most) or found, key=lambda t: found[t][0]))),
        Wrong("always none", "You always chose None", choosing(lambda found, most: None)),
        Wrong("never 0", "You chose nothing, although threshold 0", choosing(
            lambda found, most: most_faces(fitting(found, most), found) or None)),
        Wrong("strictly below", "use <=, not <", choosing(
            lambda found, most: most_faces([t for t in found if found[t][1] < most], found))),
        Wrong("alarms in whole per cents", "false alarms in whole per cents", choosing(
            lambda found, most: most_faces(
                [t for t in found if round(found[t][1], 2) <= most], found))),
        Wrong("alarms cut", "false alarms in whole per cents", choosing(
            lambda found, most: most_faces(
                [t for t in found if int(100 * found[t][1]) <= int(100 * most)], found))),
        Wrong("faces in whole per cents", "faces found in whole per cents", choosing(
            lambda found, most: max(fitting(found, most), default=None,
                                    key=lambda t: round(found[t][0], 2)))),
        Wrong("difference", "You weighed faces against false alarms", choosing(
            lambda found, most: max(fitting(found, most), default=None,
                                    key=lambda t: found[t][0] - found[t][1]))),
        Wrong("highest", "the highest threshold", choosing(
            lambda found, most: max(fitting(found, most), default=None))),
        Wrong("first", "the first threshold", choosing(
            lambda found, most: next(iter(fitting(found, most)), None))),
        Wrong("best on the way", "You stopped at the first", choosing(best_on_the_way)),
        Wrong("missed faces", "not for faces that are missed", choosing(
            lambda found, most: most_faces([t for t in found if 1 - found[t][0] <= most], found))),
        Wrong("no threshold", "choose one of the thresholds", choosing(lambda found, most: 7)),
    ),
    right={"sorting": by_sorting, "counting": counting, "lowest": lowest_that_fits},
)  # fmt: skip


class TestExercises(ExerciseTests):
    lesson = "06_classic_detectors"
    tables = (INTEGRAL, BOX, PLAN, SPRING, DECIDE)


def test_the_solution_takes_no_stage_for_a_rounding_error():
    source = lesson_source.solutions(TestExercises.lesson)["cascade_plan"]
    solution = lesson_source.defined(TestExercises.lesson, "cascade_plan", source)
    assert 0.1 * 0.1 * 0.1 > 0.001
    assert solution(0.99, 0.1, 0.001)[0] == 3


def test_the_measured_scores_come_from_held_out_pictures():
    from aml4d_utils import images

    faces, others = measured_scores()
    data = images.faces()
    assert (len(faces), len(others)) == (len(data.test_faces), len(data.test_others))
    assert np.mean(faces) > 0 > np.mean(others)


def test_every_product_has_a_choice_or_clearly_none():
    scores = measured_scores()
    found = {t: rates(*scores, t) for t in exercises.THRESHOLDS}
    for most in exercises.PRODUCTS.values():
        assert any(alarms <= most for _, alarms in found.values()) or most == 0
