"""Every decision of every lesson: its cases keep the neighbouring criteria apart."""

import lesson_source
import pytest

from aml4d_utils.checking import Decision

DECISIONS = [
    (f"{lesson[:2]} {name}", exercise.check_with)
    for lesson in lesson_source.LESSONS
    for name, exercise in lesson_source.exercises_of(lesson).items()
    if isinstance(exercise.check_with, Decision)
]


@pytest.mark.parametrize(("name", "decision"), DECISIONS, ids=[name for name, _ in DECISIONS])
def test_each_rival_is_wrong_somewhere(name, decision):
    cases = list(decision.cases())
    assert len(cases) >= 2, "two tables of the same layout, so that nothing can be remembered"
    assert decision.rivals, "a decision has neighbouring criteria"
    for rival in decision.rivals:
        assert any(not _right(decision, case, rival.choose(case)) for case in cases), rival.cause


def _right(decision, case, choice):
    if decision.each is None:
        return choice in decision.choose(case)
    return all(choice[option] in decision.choose(case, option) for option in case.truth)


@pytest.mark.parametrize(("name", "decision"), DECISIONS, ids=[name for name, _ in DECISIONS])
def test_no_two_rivals_choose_alike(name, decision):
    """A cause that is named must be the only one that the choices amount to."""
    cases = list(decision.cases())
    chosen: list[tuple[list, str]] = []
    for rival in decision.rivals:
        choices = [rival.choose(case) for case in cases]
        assert not any(choices == others and rival.cause != cause for others, cause in chosen), (
            rival.cause
        )
        chosen.append((choices, rival.cause))
