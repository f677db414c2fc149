"""Every example in a docstring of the package does what it says, on every processor."""

import doctest
import importlib
import math
import pkgutil
import re

import pytest

import aml4d_utils

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
MODULES = sorted(
    module.name for module in pkgutil.walk_packages(aml4d_utils.__path__, "aml4d_utils.")
)
NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d*(?:[eE][+-]?\d+)?(?![\w.])")
UNROUNDED = re.compile(r"\d\.\d{7}|tensor\([^)]*\d\.")
CLOSE = 1e-5
"""How far a printed number may be from the written one, relative and absolute."""


class Checker(doctest.OutputChecker):
    """Compares the words exactly and numbers with a decimal point within a tolerance.

    How a library prints a float may depend on its last bit, and that on the processor: ``-36.``
    becomes ``-36.0000``, 0.5 becomes 0.49999997.
    """

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        """Tell whether the output is what the example promises."""
        if super().check_output(want, got, optionflags):
            return True
        (words, numbers), (said, printed) = (_parted(text) for text in (want, got))
        return words == said and all(
            math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE)
            for a, b in zip(numbers, printed, strict=True)
        )


def _parted(text: str) -> tuple[str, list[float]]:
    """Return a text without blanks, its numbers replaced by a sign, and the numbers."""
    return "".join(NUMBER.sub("#", text).split()), [float(n) for n in NUMBER.findall(text)]


def examples(name: str) -> list[doctest.DocTest]:
    """Return the docstrings of a module that hold examples."""
    return [t for t in doctest.DocTestFinder().find(importlib.import_module(name)) if t.examples]


def test_all_rooms_are_found():
    wings = {name.split(".")[1] for name in MODULES}
    assert wings >= {"images", "nets", "checking", "widgets", "notebook", "topics", "lessons"}


@pytest.mark.parametrize("name", ["aml4d_utils", *MODULES])
def test_examples(name):
    runner = doctest.DocTestRunner(Checker(), optionflags=FLAGS)
    for test in examples(name):
        runner.run(test)
    assert runner.failures == 0


@pytest.mark.parametrize("name", ["aml4d_utils", *MODULES])
def test_printed_numbers_are_rounded(name):
    written = [example.want for test in examples(name) for example in test.examples]
    assert [text for text in written if UNROUNDED.search(text)] == []


@pytest.mark.parametrize(
    ("want", "got"),
    [
        ("tensor([-36.,  44.])\n", "tensor([-36.0000,  44.0000])\n"),
        ("[0.5, 1.0]\n", "[0.49999997, 1.0]\n"),
        ("array([0.333, 0.   ])\n", "array([0.333, 0.  ])\n"),
    ],
)
def test_the_last_bit_makes_no_difference(want, got):
    assert Checker().check_output(want, got, FLAGS)


@pytest.mark.parametrize(
    ("want", "got"),
    [
        ("tensor([-36.,  44.])\n", "tensor([-36.0010,  44.0000])\n"),
        ("[0.5, 1.0]\n", "[0.5001, 1.0]\n"),
        ("[0.5, 1.0]\n", "[0.5]\n"),
        ("0.5\n", "-0.5\n"),
        ("0.5\n", "nan\n"),
        ("'0.5 %'\n", "'0.5 '\n"),
        ("36\n", "36.0\n"),
    ],
)
def test_a_wrong_number_or_word_is_wrong(want, got):
    assert not Checker().check_output(want, got, FLAGS)
