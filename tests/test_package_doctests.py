"""Every example in a docstring of the package does what it says."""

import doctest
import importlib
import pkgutil

import pytest

import aml4d_utils

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
MODULES = sorted(
    module.name for module in pkgutil.walk_packages(aml4d_utils.__path__, "aml4d_utils.")
)


def test_all_rooms_are_found():
    wings = {name.split(".")[1] for name in MODULES}
    assert wings >= {"images", "nets", "checking", "widgets", "notebook", "topics", "lessons"}


@pytest.mark.parametrize("name", ["aml4d_utils", *MODULES])
def test_examples(name):
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=FLAGS)
    assert failed == 0
