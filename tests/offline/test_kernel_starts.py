"""A kernel that dies before it lives is started again; every other error is told at once."""

import nbval.kernel
import pytest
from kernel_starts import TRIES, patiently

DEATH = RuntimeError("Kernel died before replying to kernel_info")


def starts(*errors):
    """Return a start that raises these errors one after the other, then answers its arguments."""
    left = list(errors)

    def start(*arguments, **options):
        if left:
            raise left.pop(0)
        return arguments, options

    return patiently(start), left


def test_a_kernel_that_died_at_birth_is_started_again():
    start, _ = starts(*[DEATH] * (TRIES - 1))
    assert start("python3", env=1) == (("python3",), {"env": 1})


def test_a_kernel_that_always_dies_is_an_error():
    start, left = starts(*[DEATH] * (TRIES + 1))
    with pytest.raises(RuntimeError, match="died"):
        start()
    assert len(left) == 1


@pytest.mark.parametrize("error", [RuntimeError("Kernel didn't respond in 60 seconds"), OSError()])
def test_another_error_is_not_tried_again(error):
    start, left = starts(error, DEATH)
    with pytest.raises(type(error)):
        start()
    assert left == [DEATH]


def test_notebooks_are_started_patiently():
    assert nbval.kernel.start_new_kernel.__wrapped__.__module__ == "nbval.kernel"
