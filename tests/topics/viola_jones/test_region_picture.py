"""The rectangle on a picture, from the kernel's side."""

import numpy as np
import pytest

from aml4d_utils.topics.viola_jones.region_picture import RegionPicture


@pytest.fixture
def picture():
    made = RegionPicture("Photo", corner_names=("A", "B", "C", "D"))
    made.show(np.zeros((20, 30)), "A black picture with a rectangle.")
    return made


def test_the_listener_hears_where_the_rectangle_is(picture):
    heard, answers = [], []
    picture.send = lambda content, buffers=None: answers.append(content)
    picture.on_region(lambda *region: heard.append(region))
    picture._on_message(picture, {"kind": "region", "region": [1, 2, 3, 4]}, [])
    assert heard == [(1, 2, 3, 4)]
    assert answers == [{"kind": "done", "sequence": None}]


@pytest.mark.parametrize("region", [[-1, 0, 3, 3], [0, 0, 0, 3], [18, 0, 3, 3], [0, 28, 3, 3]])
def test_a_rectangle_outside_is_not_heard_but_answered(picture, region):
    heard, answers = [], []
    picture.send = lambda content, buffers=None: answers.append(content)
    picture.on_region(lambda *region: heard.append(region))
    picture._on_message(picture, {"kind": "region", "region": region}, [])
    assert heard == []
    assert answers == [{"kind": "done", "sequence": None}]


def test_an_error_in_the_listener_is_raised_and_the_page_goes_on(picture):
    answers = []
    picture.send = lambda content, buffers=None: answers.append(content)
    picture.on_region(lambda *region: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        picture._on_message(picture, {"kind": "region", "region": [0, 0, 2, 2]}, [])
    assert answers == [{"kind": "done", "sequence": None}]


def test_other_messages_go_to_the_picture(picture):
    heard = []
    picture.on_cursor(lambda *place: heard.append(place))
    picture._on_message(picture, {"kind": "cursor", "row": 3, "col": 4}, [])
    assert heard == [(3, 4)]


def test_place_can_change_the_cells(picture):
    picture.place(1, 2, 6, 8, ("+-", "-+"))
    assert picture.region == [1, 2, 6, 8]
    assert picture.pattern == ["+-", "-+"]
    picture.place(0, 0, 2, 2)
    assert picture.pattern == ["+-", "-+"]
