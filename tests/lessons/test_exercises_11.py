"""Lesson 11: right answers written unusually are accepted, wrong ones told their cause."""

import numpy as np
from answers import ExerciseTests, Table, Wrong

# --- 1. the head -------------------------------------------------------------------------------


def with_scipy(features, weights, bias):
    from scipy.special import softmax

    return softmax(features @ weights + bias, axis=1)


def with_torch(features, weights, bias):
    import torch

    scores = torch.tensor(np.asarray(features @ weights + bias, float))
    return scores.softmax(1).numpy()


def row_by_row(features, weights, bias):
    found = []
    for row in features:
        scores = [float(sum(row * weights[:, k]) + bias[k]) for k in range(len(bias))]
        found.append([1 / sum(np.exp(min(t - s, 700)) for t in scores) for s in scores])
    return found


def overflowing(features, weights, bias):
    powers = np.exp(features @ weights + bias)
    return powers / powers.sum(1, keepdims=True)


def over_everything(features, weights, bias):
    scores = features @ weights + bias
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def by_columns(features, weights, bias):
    scores = features @ weights + bias
    powers = np.exp(scores - scores.max(0))
    return powers / powers.sum(0)


def without_bias(features, weights, bias):
    return with_scipy(features, weights, 0 * bias)


# --- 2. a step ---------------------------------------------------------------------------------


def with_one_hot(features, labels, chances, weights, rate):
    wanted = np.eye(chances.shape[1])[labels]
    return weights + rate * np.einsum("nd,nk->dk", features, wanted - chances) / len(labels)


def photo_by_photo(features, labels, chances, weights, rate):
    new = weights.astype(float)
    for row, label, chance in zip(features, labels, chances, strict=True):
        error = chance.copy()
        error[label] -= 1
        new -= rate / len(features) * np.outer(row, error)
    return new


def step(sign=-1, mean=True, rated=True, aimed=True, whole=True):
    def answer(features, labels, chances, weights, rate):
        errors = chances - aimed * np.eye(chances.shape[1])[labels]
        slope = features.T @ errors / (len(features) if mean else 1)
        return whole * weights + sign * (rate if rated else 1) * slope

    return answer


def changing_chances(features, labels, chances, weights, rate):
    chances[np.arange(len(labels)), labels] -= 1
    return weights - rate * features.T @ chances / len(features)


# --- 3. freeze ---------------------------------------------------------------------------------


def in_loops(net):
    for parameter in net.body.parameters():
        parameter.requires_grad = False
    for parameter in net.head.parameters():
        parameter.requires_grad = True
    net.eval()
    net.head.train()
    return net


def by_name(net):
    net.train()
    for name, parameter in net.named_parameters():
        parameter.requires_grad_(name.startswith("head."))
    net.body.train(False)
    return net


def gradients_only(net):
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    net.train()
    return net


def modes_only(net):
    net.body.eval()
    net.head.train()
    return net


def all_asleep(net):
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    return net.eval()


def all_frozen(net):
    net.requires_grad_(False)
    net.body.eval()
    net.head.train()
    return net


def top_of_the_body(net):
    net.requires_grad_(True).train()
    for parameter in net.body.parameters(recurse=False):
        parameter.requires_grad = False
    net.body.eval()
    return net


def only_the_head(net):
    freeze = in_loops(net)
    return freeze.head


# --- 4. a curve --------------------------------------------------------------------------------


def with_cumulative(labels, shares, goal):
    reached = np.asarray(shares).mean(1) >= goal
    ever = np.logical_and.accumulate(reached[::-1])[::-1]
    return int(labels[ever][0]) if ever.any() else 0


def after_the_last_miss(labels, shares, goal):
    missed = [k for k, row in enumerate(shares) if np.mean(row) < goal]
    place = missed[-1] + 1 if missed else 0
    return labels[place] if place < len(labels) else 0


def first_reached(labels, shares, goal):
    for count, row in zip(labels, shares, strict=True):
        if row.mean() >= goal:
            return count
    return 0


def over_the_splits(pick, strict=False):
    def answer(labels, shares, goal):
        found = 0
        for count, row in zip(labels[::-1], shares[::-1], strict=True):
            if pick(row) <= goal if strict else pick(row) < goal:
                break
            found = count
        return found

    return answer


def a_place(labels, shares, goal):
    return with_cumulative(np.arange(len(labels)), shares, goal)


# --- 5. decide ---------------------------------------------------------------------------------


def choosing(rule):
    def choose_ways(briefs, minutes, measure):
        measured = {n: [measure(n, way) for way in minutes] for n in briefs}
        chosen = {}
        for name, limit in briefs.items():
            shares = dict(zip(minutes, measured[name], strict=True))
            chosen[name] = rule(shares, minutes, limit)
        return measured, chosen

    return choose_ways


def in_time(minutes, limit):
    return [way for way in minutes if minutes[way] <= limit]


def by_sorting(briefs, minutes, measure):
    measured = {n: tuple(measure(n, way) for way in minutes) for n in briefs}
    chosen = {}
    for name in briefs:
        order = sorted(
            zip(measured[name], minutes, strict=True),
            key=lambda pair: (minutes[pair[1]] <= briefs[name], pair[0]),
        )
        chosen[name] = order[-1][1]
    return measured, chosen


def in_a_loop(briefs, minutes, measure):
    measured, chosen = {}, {}
    for name in briefs:
        best = -1
        measured[name] = np.array([measure(name, way) for way in minutes])
        for way, share in zip(minutes, measured[name], strict=True):
            if minutes[way] <= briefs[name] and share > best:
                best, chosen[name] = share, way
    return measured, chosen


def strictly(shares, minutes, limit):
    fitting = [way for way in minutes if minutes[way] < limit] or list(minutes)
    return max(fitting, key=shares.get)


class TestExercises(ExerciseTests):
    lesson = "11_transfer_learning"
    tables = (
        Table(
            "head_probabilities",
            wrong=(
                Wrong("scores", "softmax turns", lambda f, w, b: f @ w + b),
                Wrong("without bias", "bias is missing", without_bias),
                Wrong("columns", "columns add up", by_columns),
                Wrong("everything", "own sum", over_everything),
                Wrong("overflow", "too large", overflowing),
                Wrong("sigmoid", "sigmoid", lambda f, w, b: 1 / (1 + np.exp(-(f @ w + b)))),
            ),
            right={"scipy": with_scipy, "torch": with_torch, "row by row": row_by_row},
        ),
        Table(
            "head_step",
            wrong=(
                Wrong("uphill", "up the loss", step(sign=1)),
                Wrong("a sum", "Divide by their number", step(mean=False)),
                Wrong("no rate", "rate is missing", step(rated=False)),
                Wrong("no aim", "what it should be", step(aimed=False)),
                Wrong("the step", "returned the step", step(sign=1, whole=0)),
                Wrong("the slope", "returned the slope", step(sign=1, whole=0, rated=False)),
                Wrong("in place", "changed its input", changing_chances),
            ),
            right={"one-hot": with_one_hot, "photo by photo": photo_by_photo},
        ),
        Table(
            "freeze_body",
            wrong=(
                Wrong("gradients only", "statistics move", gradients_only),
                Wrong("modes only", "would still learn", modes_only),
                Wrong("all asleep", "training mode", all_asleep),
                Wrong("all frozen", "cannot learn", all_frozen),
                Wrong("the top only", "whole body", top_of_the_body),
                Wrong("the head", "return the network", only_the_head),
            ),
            right={"loops": in_loops, "by name": by_name},
        ),
        Table(
            "labels_needed",
            wrong=(
                Wrong("first reached", "may be missed", first_reached),
                Wrong("best split", "lucky", over_the_splits(np.max)),
                Wrong("worst split", "worst split", over_the_splits(np.min)),
                Wrong("first split", "first split", over_the_splits(lambda row: row[0])),
                Wrong("above only", "Exactly at the goal", over_the_splits(np.mean, strict=True)),
                Wrong("a place", "place in the list", a_place),
            ),
            right={"cumulative": with_cumulative, "last miss": after_the_last_miss},
        ),
        Table(
            "choose_ways",
            wrong=(
                Wrong("however long", "however long",
                      choosing(lambda s, m, limit: max(s, key=s.get))),
                Wrong("quickest", "quickest", choosing(lambda s, m, limit: min(m, key=m.get))),
                Wrong("slowest", "slowest",
                      choosing(lambda s, m, limit: max(in_time(m, limit), key=m.get))),
                Wrong("per minute", "divided",
                      choosing(lambda s, m, limit: max(s, key=lambda w: s[w] / m[w]))),
                Wrong("strictly", "use <=", choosing(strictly)),
                Wrong("per cents", "whole per cents",
                      choosing(lambda s, m, limit: max(
                          in_time(m, limit), key=lambda w: round(100 * s[w])))),
                Wrong("frozen", "always froze", choosing(lambda s, m, limit: "frozen")),
            ),
            right={"sorting": by_sorting, "loop": in_a_loop},
        ),
    )  # fmt: skip
