"""Lesson 03: right answers written unusually are accepted, wrong ones told their cause."""

import numpy as np
import torch
from answers import ExerciseTests, Table, Wrong

from aml4d_utils.measuring.intervals import wilson

# --- 1. intersection over union ----------------------------------------------------------------


def sides(box):
    return box[2] - box[0], box[3] - box[1]


def area(box):
    return sides(box)[0] * sides(box)[1]


def common(one, other):
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0) * max(height, 0)


def divided(below):
    def answer(one, other):
        bottom = below(one, other)
        return common(one, other) / bottom if bottom > 0 else 0

    return answer


def with_numpy(one, other):
    corner = np.maximum(one[:2], other[:2])
    both = np.prod(np.maximum(np.minimum(one[2:], other[2:]) - corner, 0))
    either = np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2]) - both
    return np.divide(both, either) if either else np.float64(0)


def with_torchvision(one, other):
    from torchvision.ops import box_iou

    pair = [torch.as_tensor(np.asarray(box, dtype=np.float64))[None] for box in (one, other)]
    return torch.nan_to_num(box_iou(*pair))[0, 0].item()


def with_conditions(one, other):
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right, bottom = min(one[2], other[2]), min(one[3], other[3])
    if right <= left or bottom <= top:
        return 0
    both = (right - left) * (bottom - top)
    return both / (area(one) + area(other) - both)


def unclipped(one, other):
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    both = width * height
    either = area(one) + area(other) - both
    return both / either if either > 0 else 0


def upside_down(one, other):
    both = common(one, other)
    return (area(one) + area(other) - both) / both if both else 0


def around(one, other):
    return (max(one[2], other[2]) - min(one[0], other[0])) * (
        max(one[3], other[3]) - min(one[1], other[1])
    )


def with_whole_pixels(one, other):
    return with_conditions(*(np.asarray(box) + np.array([0, 0, 1, 1]) for box in (one, other)))


def as_left_top_width_height(one, other):
    return with_conditions(*((*box[:2], *(box[:2] + box[2:])) for box in (one, other)))


# --- 2. suppression ----------------------------------------------------------------------------


def order_of(scores):
    return sorted(range(len(scores)), key=lambda number: (-scores[number], number))


def with_a_list(overlaps, scores, limit):
    waiting, kept = order_of(scores), []
    while waiting:
        best = waiting.pop(0)
        kept.append(best)
        waiting = [other for other in waiting if overlaps[best][other] <= limit]
    return kept


def with_a_mask(overlaps, scores, limit):
    free = np.ones(len(scores), dtype=bool)
    kept = []
    for number in np.argsort(-scores, kind="stable"):
        if free[number]:
            kept.append(number)
            free &= overlaps[number] <= limit
            free[number] = False
    return np.array(kept, dtype=np.int32)


def recursively(overlaps, scores, limit):
    def rest(waiting):
        if not waiting:
            return []
        first = waiting[0]
        return [first, *rest([k for k in waiting[1:] if not overlaps[first, k] > limit])]

    return rest(order_of(scores))


def dropped_ones_drop(overlaps, scores, limit):
    order = order_of(scores)
    return [
        number
        for place, number in enumerate(order)
        if all(overlaps[number, other] <= limit for other in order[:place])
    ]


def least_sure_first(overlaps, scores, limit):
    return with_a_list(overlaps, -scores, limit)


def at_the_limit(overlaps, scores, limit):
    waiting, kept = order_of(scores), []
    while waiting:
        best = waiting.pop(0)
        kept.append(best)
        waiting = [other for other in waiting if overlaps[best][other] < limit]
    return kept


def places(overlaps, scores, limit):
    order = order_of(scores)
    return [order.index(number) for number in with_a_list(overlaps, scores, limit)]


def last_of_equals(overlaps, scores, limit):
    waiting, kept = list(np.argsort(scores, kind="stable")[::-1]), []
    while waiting:
        best = waiting.pop(0)
        kept.append(best)
        waiting = [other for other in waiting if overlaps[best][other] <= limit]
    return kept


# --- 3. average precision ----------------------------------------------------------------------


def curve(hits):
    return np.cumsum(hits) / np.arange(1, len(hits) + 1)


def with_an_envelope(hits, truths):
    best = np.maximum.accumulate(curve(hits)[::-1])[::-1]
    return (best * hits).sum() / truths


def as_an_area(hits, truths):
    recall = np.concatenate([[0], np.cumsum(hits) / truths, [1]])
    precision = np.concatenate([[0], curve(hits), [0]])
    for k in range(len(precision) - 2, -1, -1):
        precision[k] = max(precision[k], precision[k + 1])
    return float(np.sum((recall[1:] - recall[:-1]) * precision[1:]))


def in_loops(hits, truths):
    total = 0
    for k, hit in enumerate(hits):
        if hit:
            total += max(sum(hits[: n + 1]) / (n + 1) for n in range(k, len(hits)))
    return total / truths


def no_envelope(hits, truths):
    return (curve(hits) * hits).sum() / truths


def over_found(hits, truths):
    return with_an_envelope(hits, truths) * truths / max(1, hits.sum())


def over_boxes(hits, truths):
    return with_an_envelope(hits, truths) * truths / max(1, len(hits))


def over_all_boxes(hits, truths):
    return np.maximum.accumulate(curve(hits)[::-1])[::-1].sum() / truths


def eleven(hits, truths):
    recall = np.cumsum(hits) / truths
    return np.mean([curve(hits)[recall >= t].max(initial=0) for t in np.linspace(0, 1, 11)])


def best_so_far(hits, truths):
    return (np.maximum.accumulate(curve(hits)) * hits).sum() / truths


# --- 4. the promise ----------------------------------------------------------------------------


def measured_with(measure, sizes):
    return {size: measure(size)[0] / measure(size)[1] for size in sizes}


def promise_of(good):
    def answer(sizes, measure, least):
        recall = measured_with(measure, sizes)
        held = [size for size in sizes if all(good(recall[s], least) for s in sizes if s >= size)]
        return recall, min(held, default=None)

    return answer


by_all = promise_of(lambda share, least: share >= least)


def with_largest_failure(sizes, measure, least):
    recall = {size: np.divide(*measure(size)) for size in sizes}
    failing = max((size for size in sizes if recall[size] < least), default=-1)
    return [recall, min((size for size in sizes if size > failing), default=None)]


def smallest_good(sizes, measure, least):
    recall = measured_with(measure, sizes)
    return recall, min((size for size in sizes if recall[size] >= least), default=None)


def largest_good(sizes, measure, least):
    recall = measured_with(measure, sizes)
    return recall, max((size for size in sizes if recall[size] >= least), default=None)


def best(sizes, measure, least):
    recall = measured_with(measure, sizes)
    return recall, max(recall, key=recall.get)


def closest(sizes, measure, least):
    recall = measured_with(measure, sizes)
    return recall, min(recall, key=lambda size: abs(recall[size] - least))


def first_good(sizes, measure, least):
    recall = measured_with(measure, sizes)
    return recall, next((size for size in sizes if recall[size] >= least), None)


def careful(sizes, measure, least):
    recall = measured_with(measure, sizes)
    low = {size: wilson(recall[size], measure(size)[1])[0] for size in sizes}
    held = [size for size in sizes if all(low[s] >= least for s in sizes if s >= size)]
    return recall, min(held, default=None)


def counts_only(sizes, measure, least):
    return {size: measure(size)[0] for size in sizes}, by_all(sizes, measure, least)[1]


def on_its_head(sizes, measure, least):
    turned = {size: measure(size)[1] / measure(size)[0] for size in sizes}
    return turned, by_all(sizes, measure, least)[1]


class TestExercises(ExerciseTests):
    lesson = "03_object_detection"
    tables = (
        Table(
            "overlap",
            wrong=(
                Wrong("apart boxes overlap", "lie apart", unclipped),
                Wrong("area only", "did not divide", common),
                Wrong("upside down", "stands on its head", upside_down),
                Wrong("sum", "counts twice", divided(lambda a, b: area(a) + area(b))),
                Wrong(
                    "dice", "Dice", lambda a, b: 2 * divided(lambda c, d: area(c) + area(d))(a, b)
                ),
                Wrong("first", "first box only", divided(lambda a, b: area(a))),
                Wrong("second", "second box only", divided(lambda a, b: area(b))),
                Wrong("smaller", "smaller box", divided(lambda a, b: min(area(a), area(b)))),
                Wrong("larger", "larger box", divided(lambda a, b: max(area(a), area(b)))),
                Wrong("around", "rectangle around", divided(around)),
                Wrong("plus one", "whole pixels", with_whole_pixels),
                Wrong("sizes", "left, top, width, height", as_left_top_width_height),
            ),
            right={
                "numpy": with_numpy,
                "torchvision": with_torchvision,
                "conditions": with_conditions,
            },
        ),
        Table(
            "suppress",
            wrong=(
                Wrong("gone ones drop", "gone itself", dropped_ones_drop),
                Wrong("at the limit", "exactly the limit", at_the_limit),
                Wrong("least sure", "least sure box", least_sure_first),
                Wrong(
                    "as given",
                    "in the order given",
                    lambda o, s, limit: with_a_list(o, np.zeros(len(s)), limit),
                ),
                Wrong("sorted", "order of their numbers", lambda *a: sorted(with_a_list(*a))),
                Wrong("reversed", "least sure comes first", lambda *a: with_a_list(*a)[::-1]),
                Wrong("scores", "the scores", lambda o, s, limit: s[with_a_mask(o, s, limit)]),
                Wrong("places", "places in the sorted order", places),
                Wrong("one", "Only the surest", lambda *a: with_a_list(*a)[:1]),
                Wrong("all", "none of them goes", lambda o, s, limit: order_of(s)),
                Wrong("half", "always 0.5", lambda o, s, limit: with_a_list(o, s, 0.5)),
                Wrong("last of equals", "Of equal scores", last_of_equals),
                Wrong("turned", "turned round", lambda o, s, limit: with_a_list(1 - o, s, limit)),
            ),
            right={"list": with_a_list, "mask": with_a_mask, "recursion": recursively},
        ),
        Table(
            "average_precision_of",
            wrong=(
                Wrong("no envelope", "precision at each hit", no_envelope),
                Wrong("up to there", "up to there", best_so_far),
                Wrong("over found", "things that are found", over_found),
                Wrong("over boxes", "number of boxes", over_boxes),
                Wrong("false alarms", "false alarms too", over_all_boxes),
                Wrong("eleven", "11 recalls", eleven),
                Wrong(
                    "last precision",
                    "precision of all boxes",
                    lambda hits, truths: hits.mean() if len(hits) else 0.0,
                ),
                Wrong("recall", "recall of all boxes", lambda hits, truths: hits.sum() / truths),
            ),
            right={"envelope": with_an_envelope, "area": as_an_area, "loops": in_loops},
        ),
        Table(
            "promise",
            wrong=(
                Wrong("smallest good", "there the promise breaks", smallest_good),
                Wrong("largest good", "smaller ones too", largest_good),
                Wrong("best", "best recall", best),
                Wrong("closest", "comes closest", closest),
                Wrong("first", "first size of the list", first_good),
                Wrong("above", "more than the promise", promise_of(lambda s, least: s > least)),
                Wrong("careful", "lower end", careful),
                Wrong(
                    "rounded",
                    "whole per cents",
                    promise_of(lambda s, least: round(100 * s) >= round(100 * least)),
                ),
                Wrong(
                    "cut off",
                    "whole per cents",
                    promise_of(lambda s, least: int(100 * s) >= int(100 * least)),
                ),
                Wrong(
                    "largest",
                    "largest size, whatever",
                    lambda sizes, m, least: (measured_with(m, sizes), max(sizes)),
                ),
                Wrong(
                    "smallest",
                    "smallest size, whatever",
                    lambda sizes, m, least: (measured_with(m, sizes), min(sizes)),
                ),
                Wrong(
                    "never",
                    "never promise",
                    lambda sizes, m, least: (measured_with(m, sizes), None),
                ),
                Wrong("counts", "how many were found", counts_only),
                Wrong("turned over", "on its head", on_its_head),
            ),
            right={"all above": by_all, "largest failure": with_largest_failure},
        ),
    )


def test_the_course_s_suppression_is_torchvision_s():
    from torchvision.ops import box_iou, nms

    rng = np.random.default_rng(0)
    for _ in range(30):
        corner = rng.uniform(0, 30, (25, 2))
        boxes = np.concatenate([corner, corner + rng.uniform(5, 20, (25, 2))], axis=1)
        scores = rng.permutation(25) / 25
        overlaps = box_iou(torch.as_tensor(boxes), torch.as_tensor(boxes)).numpy()
        kept = nms(torch.as_tensor(boxes), torch.as_tensor(scores), 0.3)
        assert with_a_list(overlaps, scores, 0.3) == kept.tolist()
