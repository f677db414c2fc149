"""What the walking tests are shown of the selectivity room."""

from functools import cache

from aml4d_utils import images, nets
from aml4d_utils.topics.dissection.units import untrained_net
from aml4d_utils.topics.selectivity.equal_pictures import (
    PictureHalf,
    both_halves,
    equalise,
    upside_down,
)
from aml4d_utils.topics.selectivity.face_search import ask_about, search_faces


def last_of(steps):
    """Return what a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@cache
def searches():
    """Return two networks, each with what a few pictures gave."""
    few = [
        PictureHalf({name: pictures[:6] for name, pictures in half.groups.items()})
        for half in both_halves()
    ]
    return tuple(
        (net, last_of(search_faces(net, *few)))
        for net in (nets.load("squeezenet1_1", "cpu"), untrained_net())
    )


def reports():
    """What each network's best unit of the last layer shows."""
    return [search.best_of_layers()[-1] for _, search in searches()]


def halves():
    """Some pictures of each group, and fewer, each with a control."""
    many = searches()[0][1].pictures
    few = PictureHalf({name: pictures[:4] for name, pictures in many.groups.items()})
    return [(half, {"upside down": upside_down(half.faces)}, 4) for half in (many, few)]


def own(photo):
    """What the best unit makes of a photo."""
    net, search = searches()[0]
    report = search.best_of_all()
    return ask_about(net, equalise(images.photo(photo)), report.unit), report


def layers():
    """The best unit of each layer of both networks."""
    return tuple(search.best_of_layers() for _, search in searches())


EXPLORERS = {"face_unit_explorer": searches}

DESCRIPTIONS = {
    "describe_groups": halves,
    "describe_best": lambda: [layers(), layers()[::-1]],
    "describe_report": lambda: [(report,) for report in reports()],
    "describe_answers": lambda: [(report,) for report in reports()],
    "describe_strongest": lambda: [
        (report, searches()[0][1].pictures, count)
        for report, count in zip(reports(), (5, 6), strict=True)
    ],
    "describe_own": lambda: [own("chelsea"), own("rocket")],
}
