"""Every ``describe_*`` that returns words: found by walking, tried on two results or more.

Different results give different words, each with a number, and not always the same numbers: so they
name something that was measured. The results stand under the function's name in ``DESCRIPTIONS`` of
the ``examples.py`` beside the tests of its room, as a function that returns a list of arguments.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable

import pytest
import walking
from matplotlib._pylab_helpers import Gcf
from matplotlib.figure import Figure

from aml4d_utils.notebook import show

FOUND = {
    f"{module}.{name}": function
    for module in walking.modules("widgets", "topics", "lessons")
    for name, function in walking.functions(module)
    if name.startswith("describe_")
    and re.search("str|empty", str(inspect.signature(function).return_annotation))
}
NUMBERS = re.compile(r"[−+-]?\d(?:[\d.,]*\d)?")


DRAWN = {
    f"{module}.describe_{name.removeprefix('draw_')}": function
    for module in walking.modules("widgets", "topics", "lessons")
    for name, function in walking.functions(module)
    if name.startswith("draw_")
}


def results(name: str) -> list[tuple[object, ...]]:
    """Return the results that a description is tried on, each as its arguments."""
    module, _, function = name.rpartition(".")
    place = module.rpartition(".")[0]
    known = getattr(walking.examples(place), "DESCRIPTIONS", {})
    if function not in known:
        file = f"tests/{place.replace('.', '/')}/examples.py"
        pytest.fail(f"Put two results for {name} into DESCRIPTIONS of {file}.")
    return known[function]()


def told(name: str, arguments: tuple[object, ...]) -> str:
    """Return the words for one result; several sentences become one text."""
    words = FOUND[name](*arguments)
    return " ".join(words.values()) if isinstance(words, dict) else words


def wanted(function: Callable) -> list[str]:
    """Return the names of the arguments that a function cannot do without."""
    parameters = inspect.signature(function).parameters.values()
    return [one.name for one in parameters if one.default is one.empty]


@pytest.mark.parametrize("name", FOUND)
def test_other_results_get_other_words_and_numbers(name):
    words = [told(name, arguments) for arguments in results(name)]
    if inspect.signature(FOUND[name]).parameters:
        assert len(words) > 1
        assert len({tuple(NUMBERS.findall(one)) for one in words}) > 1, words
    assert len(set(words)) == len(words)
    for one in words:
        assert len(one) > 10
        assert NUMBERS.search(one), f"no number in: {one}"
        assert not re.search(walking.UNREADABLE, one), one


@pytest.mark.parametrize("name", DRAWN)
def test_every_drawing_has_its_words(name):
    assert name in FOUND
    draw, count = DRAWN[name], len(wanted(DRAWN[name]))
    if wanted(draw) != list(inspect.signature(FOUND[name]).parameters)[:count]:
        return  # It is drawn from more than what is told.
    for arguments in results(name)[:2]:
        drawn = draw(*arguments[:count])
        assert isinstance(drawn, Figure)
        assert show(drawn, told(name, arguments)).alt
    assert not Gcf.figs  # pyplot keeps no figure that nobody closes


def test_every_place_with_figures_is_met():
    met = {name.rpartition(".")[0] for name in FOUND}
    assert {m for m in walking.modules("topics", "lessons") if m.endswith(".figures")} <= met
    assert len(FOUND) > 110
