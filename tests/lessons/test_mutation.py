"""The checks notice small changes of the solutions, and this test notices checks that do not."""

import doctest
import textwrap
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import lesson_source
import mutation
import pytest
from mutation import Job, Judge, mutants_of

from aml4d_utils.checking.exercise import CORRECT, NOT_YET

LEAST_REJECTED = 0.95
MOST_EQUIVALENT = 0.10
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")


@dataclass(frozen=True)
class Tally:
    """How many mutants an exercise has, and which of them its check accepts."""

    count: int
    survivors: tuple[str, ...]
    late: int = 0


def tally(judge: Judge, solution: Job) -> Tally:
    mutants = mutants_of(solution.source)
    verdicts = judge.judge(replace(solution, source=mutant.source) for mutant in mutants)
    pairs = zip(mutants, verdicts, strict=True)
    survivors = tuple(mutant.change for mutant, v in pairs if v.status == CORRECT)
    return Tally(len(mutants), survivors, sum(v.status == mutation.TIMEOUT for v in verdicts))


def complaints(result: Tally, reasons: dict[str, str]) -> list[str]:
    """Return what is wrong with the survivors of one exercise and the reasons given for them."""
    found = [f"stale: {change}" for change in reasons if change not in result.survivors]
    found += [f"no reason: {change}" for change, reason in reasons.items() if len(reason) < 20]
    if len(reasons) > MOST_EQUIVALENT * result.count:
        found.append(f"{len(reasons)} of {result.count} mutants are called equivalent")
    survivors = [change for change in result.survivors if change not in reasons]
    if len(survivors) > (1 - LEAST_REJECTED) * (result.count - len(reasons)):
        found += [f"accepted: {change}" for change in survivors]
    return found


def reasons_of(lesson: str) -> dict[str, dict[str, str]]:
    lessons = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    return {
        name: {entry["change"]: entry["reason"] for entry in entries}
        for name, entries in lessons.get(lesson, {}).items()
    }


@pytest.fixture(scope="module")
def warm():
    """One process for all lessons: to import what they need takes longer than most mutants."""
    with Judge() as judge:
        yield judge


@pytest.mark.slow
@pytest.mark.parametrize("lesson", lesson_source.LESSONS)
def test_the_checks_reject_mutants(warm, lesson):
    module = lesson_source.exercise_module(lesson)
    reasons = reasons_of(lesson)
    solutions = [
        Job(module, name, lesson_source.setup_of(lesson, source), source)
        for name, source in lesson_source.solutions(lesson).items()
    ]
    warm.learn(solutions)
    found = {}
    for solution in solutions:
        result = tally(warm, solution)
        print(f"{solution.name}: {len(result.survivors)} of {result.count} mutants accepted,")
        print(f"    {result.late} stopped because they took too long")
        found[solution.name] = complaints(result, reasons.pop(solution.name, {}))
    assert not any(found.values()), found
    assert not reasons, f"no such exercises: {list(reasons)}"


def test_every_lesson_with_equivalent_mutants_exists():
    assert set(tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))) <= set(lesson_source.LESSONS)


# --- The harness can fail ----------------------------------------------------------------------

WEAK_AND_STRONG = """
    from aml4d_utils.checking import Case, Exercise, WrongAnswer, same_as

    def weak_check(attempt):
        if attempt(4) is None:
            raise WrongAnswer("Return something.")

    common = dict(lesson="99_nothing", hints=("", ""), solutions="nowhere")
    weak = Exercise("weak", check_with=weak_check, **common)
    cases = [Case(f"the number {n}", (n,)) for n in range(-6, 7)]
    strong = Exercise(
        "strong", check_with=same_as(lambda n: 2 * n + 1 if n > 3 else 3 - n, cases), **common
    )
"""
SOLUTION = """
def {name}(n):
    if n > 3:
        return 2 * n + 1
    return 3 - n
"""
WEAK, STRONG = (
    Job("two_checks", name, "import os", SOLUTION.format(name=name)) for name in ("weak", "strong")
)


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weak")
    folder.joinpath("two_checks.py").write_text(textwrap.dedent(WEAK_AND_STRONG), "utf-8")
    with Judge([folder], seconds=0.5) as judge:
        judge.learn([WEAK, STRONG])
        yield judge


def test_a_weak_check_has_survivors(judge):
    result = tally(judge, WEAK)
    assert len(result.survivors) > 0.7 * result.count
    assert any(complaint.startswith("accepted") for complaint in complaints(result, {}))


def test_a_strong_check_has_none(judge):
    result = tally(judge, STRONG)
    assert result.count > 15
    assert complaints(result, {}) == []


def test_survivors_cannot_be_explained_away():
    result = Tally(40, ("a", "b", "c", "d"))
    reason = "It changes nothing that is asked for."
    assert complaints(result, {}) == [f"accepted: {change}" for change in "abcd"]
    assert complaints(result, dict.fromkeys("abcd", reason)) == []
    assert complaints(result, dict.fromkeys("abcd", "")) == [f"no reason: {c}" for c in "abcd"]
    assert complaints(result, dict.fromkeys("abcde", reason)) == [
        "stale: e",
        "5 of 40 mutants are called equivalent",
    ]


# --- Judging -----------------------------------------------------------------------------------


def verdict(judge, body):
    source = "def strong(n):\n" + textwrap.indent(body, "    ")
    return judge.judge([replace(STRONG, source=source)])[0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("return 2 * n + 1 if n > 3 else 3 - n", CORRECT),
        ("print('x' * 10**6)\nos.write(1, b'noise')\nreturn 0", NOT_YET),
        ("raise SystemExit", NOT_YET),
        ("while True:\n    pass", mutation.TIMEOUT),
        ("try:\n    while True:\n        pass\nexcept BaseException:\n    pass", mutation.TIMEOUT),
        ("os._exit(3)", mutation.CRASHED),
        ("os.abort()", mutation.CRASHED),
        ("return strong.nothing", NOT_YET),
    ],
)
def test_each_mutant_is_judged_alone(judge, body, status):
    assert verdict(judge, body).status == status
    assert verdict(judge, "return 2 * n + 1 if n > 3 else 3 - n").status == CORRECT


@pytest.mark.parametrize("body", [
    # All that follow would be refused, break, be accepted, have no judge, or wait.
    "import two_checks, types\ncheck = two_checks.strong.check\n"
    "two_checks.strong = types.SimpleNamespace(check=lambda _: check(lambda n: 0))\nreturn 0",
    "import two_checks\ntwo_checks.strong = None\nreturn 0",
    "import two_checks\ntwo_checks.strong = two_checks.weak\nreturn 0",
    "os._exit(3)",
    "while True:\n    pass",
])  # fmt: skip
def test_a_mutant_has_no_say_in_what_its_neighbours_are_told(judge, body):
    bodies = ["return 2 * n + 1 if n > 3 else 3 - n", "return 0", body]
    sources = ["def strong(n):\n" + textwrap.indent(each, "    ") for each in [*bodies, *bodies]]
    verdicts = judge.judge(replace(STRONG, source=source) for source in sources)
    assert [verdicts[k].status for k in (0, 3, 1, 4)] == [CORRECT, CORRECT, NOT_YET, NOT_YET]
    assert verdicts[1].message == verdicts[4].message
    assert verdicts[2].status == verdicts[5].status != CORRECT


@pytest.mark.parametrize(("body", "status"), [
    ("while True:\n    pass", mutation.TIMEOUT),
    ("os._exit(3)", mutation.CRASHED),
    ("return 0", NOT_YET),
])  # fmt: skip
def test_without_fork_a_process_is_started_again(tmp_path, monkeypatch, body, status):
    tmp_path.joinpath("two_checks.py").write_text(
        "import os\nvars(os).pop('fork', None)\n" + textwrap.dedent(WEAK_AND_STRONG), "utf-8"
    )
    monkeypatch.delattr("os.fork", raising=False)
    with Judge([tmp_path], seconds=2) as judge:
        judge.learn([STRONG])
        assert verdict(judge, body).status == status
        assert verdict(judge, "return 2 * n + 1 if n > 3 else 3 - n").status == CORRECT


@pytest.mark.parametrize(
    "solution",
    [replace(STRONG, module="no_such_module"), replace(STRONG, source="def strong(n):\n    pass")],
)
def test_a_solution_that_is_not_right_is_an_error(tmp_path, solution):
    tmp_path.joinpath("two_checks.py").write_text(textwrap.dedent(WEAK_AND_STRONG), "utf-8")
    with Judge([tmp_path]) as judge:
        with pytest.raises(RuntimeError, match="not right"):
            judge.learn([solution])
        judge.learn([STRONG])
        assert verdict(judge, "return 0").status == NOT_YET


# --- Mutants -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "mutated"),
    [
        ("return n + 1", {"return n - 1", "return n * 1", "return n + 2", "return n + 0"}),
        ("return n // 2", {"return n / 2", "return n * 2", "return n // 3", "return n // 1"}),
        ("return n <= 2", {"return n < 2", "return n >= 2", "return n <= 3", "return n <= 1"}),
        ("return -n", {"return n"}),
        (
            "return n.sum(axis=1)",
            {"return n.sum()", "return n.sum(axis=2)", "return n.sum(axis=0)"},
        ),
        ("return n.T", {"return n"}),
        ("return n[1:2]", {"return n[:2]", "return n[1:]", "return n[2:2]", "return n[0:2]"}),
        ("return n[m, 2]", {"return n[2, m]", "return n[n, 2]", "return m[m, 2]"}),
        ("return [a for a in n if a]", {"return [a for a in n]"}),
        ("n += 1\nreturn n", {"pass\nreturn n", "n -= 1\nreturn n", "n += 1\npass"}),
        ("return max(n)", {"return min(n)"}),
        ("return sorted(n, key=m)", {"return sorted(n)"}),
        ("return n if m else 1", {"return n", "return 1"}),
        ("if n:\n    m = 1\nreturn m", {"if True:\n    m = 1\nreturn m", "pass\nreturn m"}),
        ("for i in n:\n    break\nreturn i", {"for i in n:\n    continue\nreturn i"}),
        ("return n and not m", {"return n or not m", "return n and m"}),
        ("return True", {"return False"}),
    ],
)
def test_operators(code, mutated):
    head = "def f(n, m):\n"
    made = {mutant.source for mutant in mutants_of(head + textwrap.indent(code, "    "))}
    assert {head + textwrap.indent(body, "    ") for body in mutated} <= made


def test_the_example_of_the_module_runs():
    assert doctest.testmod(mutation) == (0, 1)


def test_mutants_are_different_and_named_once():
    source = lesson_source.solutions("07_convolution")["convolve_image"]
    mutants = mutants_of(source)
    assert len({m.change for m in mutants}) == len({m.source for m in mutants}) == len(mutants)
    assert all('"""Return the feature map' in m.source for m in mutants)
    assert {m.operator for m in mutants} >= {"constant", "operator", "axis", "slice", "statement"}
