"""Small trainings on one thread, and all threads again for whatever comes after."""

import threading

import pytest
import torch

from aml4d_utils.nets.one_thread import on_one_thread


@pytest.fixture(autouse=True)
def three_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


@on_one_thread
def counted():
    """Yield the number of threads twice, return it at the end."""
    yield torch.get_num_threads()
    yield torch.get_num_threads()
    return torch.get_num_threads()


def test_each_step_has_one_thread_and_what_is_between_has_all():
    steps = counted()
    assert [next(steps), torch.get_num_threads()] == [1, 3]
    assert [next(steps), torch.get_num_threads()] == [1, 3]
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert [end.value.value, torch.get_num_threads()] == [1, 3]


def test_a_function_has_one_thread_too_and_keeps_its_name():
    @on_one_thread
    def whole(add):
        """Say it."""
        return torch.get_num_threads() + add

    assert whole(add=10) == 11
    assert torch.get_num_threads() == 3
    assert (whole.__name__, whole.__doc__) == ("whole", "Say it.")


def test_one_within_another_leaves_the_outer_one_bound():
    @on_one_thread
    def outer():
        return next(counted()), torch.get_num_threads()

    assert outer() == (1, 1)
    assert torch.get_num_threads() == 3


def test_an_error_and_an_early_end_give_all_threads_back():
    closed = []

    @on_one_thread
    def breaking(wrong):
        try:
            yield 1
            if wrong:
                raise ValueError("wrong")
            yield 2
        finally:
            closed.append(wrong)

    with pytest.raises(ValueError, match="wrong"):
        list(breaking(True))
    steps = breaking(False)
    next(steps)
    steps.close()
    assert closed == [True, False]
    assert torch.get_num_threads() == 3


def test_who_comes_second_does_not_take_one_for_all():
    """One begins, another begins, the first ends, then the other."""
    first_in, second_in, first_out = threading.Event(), threading.Event(), threading.Event()
    after = []

    @on_one_thread
    def first():
        first_in.set()
        assert second_in.wait(20)

    @on_one_thread
    def second():
        second_in.set()
        assert first_out.wait(20)

    def beside():
        assert first_in.wait(20)
        second()
        after.append(torch.get_num_threads())

    other = threading.Thread(target=beside)
    other.start()
    first()
    first_out.set()
    other.join()
    assert after == [3]
    assert torch.get_num_threads() == 3
