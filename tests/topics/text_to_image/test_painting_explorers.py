"""The explorers of text-to-image remember, forget, stop and say what they should."""

import numpy as np
import pytest

from aml4d_utils.topics.text_to_image import explorers


def stage(explorer):
    """Return what stands on the stage; a plot in its box counts as itself."""
    parts = explorer.widget.children[0].children[-1].children
    return [getattr(part, "children", (part,))[0] for part in parts]


def first_of(painting):
    """Return what an explorer shows after Reset."""
    painting.reset()
    return painting.result.now


@pytest.fixture(scope="module")
def painting(untaught):
    return explorers.painting_explorer(untaught)


def test_the_pictures_of_the_prompt_before_stand_beside_those_of_now(painting):
    painting.reset()
    now, before, film = stage(painting)
    assert painting.result.before is None
    assert before.heading == "before: nothing yet"
    first = painting.result.now
    painting.set(prompt="a big red cup", steps=4)
    assert painting.result.before is first
    assert now.heading == "now: big red cup"
    assert before.heading == "before: small green armchair left"
    assert film.width == 4 * 64 + 3 * 4
    painting.refresh()
    assert painting.result.before is first
    painting.reset()
    assert painting.result.before is None
    assert painting.result.now is first


def test_what_was_stopped_is_not_compared_with(painting, monkeypatch):
    """A painting that did not end leaves the finished one before it as it was."""
    painting.reset()
    finished = painting.result.now
    steps = explorers.paint

    def stopping(*arguments, **options):
        for number, step in enumerate(steps(*arguments, **options)):
            if number == 2:
                painting.cancel()
            yield step

    monkeypatch.setattr(explorers, "paint", stopping)
    painting.set(prompt="a big red cup", steps=40)
    assert painting.result.now.fraction < 1
    assert painting.status.startswith("Stopped")
    monkeypatch.setattr(explorers, "paint", steps)
    painting.set(prompt="a big blue cup", steps=2)
    assert painting.result.before is finished


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("", "no word"),
        ("a red avocado", "Unknown, so left out: avocado."),
        ("lamp " * 5000, "lamp, lamp, lamp, lamp, lamp and 4,987 more"),
        ("x" * 90_000, "x" * 30 + "…"),
        ("<script>alert(1)</script> cup", "script, alert"),
    ],
)
def test_any_prompt_is_answered_in_words(painting, prompt, said):
    painting.set(prompt=prompt, steps=2)
    assert said in painting.sentence
    assert len(painting.sentence) < 700


def test_the_same_noise_gives_the_same_pictures(painting, untaught):
    painting.set(prompt="a big red cup", steps=2, noise=5)
    once = painting.result.now.pictures
    painting.set(noise=6)
    assert (painting.result.now.pictures != once).any()
    another = explorers.painting_explorer(untaught)
    assert (another.result.now.pictures == first_of(painting).pictures).all()
    another.set(prompt="a big red cup", steps=2, noise=5)
    assert another.result.now.pictures is not once
    assert (another.result.now.pictures == once).all()


def test_the_curve_is_measured_once(untaught, monkeypatch):
    measured = []
    measure = explorers.measure_point

    def counted(workshop, captions, guidance, **options):
        measured.append(guidance)
        return measure(workshop, captions[:1], guidance, each=2, generator=options["generator"])

    monkeypatch.setattr(explorers, "measure_point", counted)
    explorer = explorers.guidance_explorer(untaught)
    assert measured == [point.guidance for point in explorer.result.points]
    assert measured == sorted(measured)
    count = len(measured)
    explorer.set(guidance=5)
    explorer.set(prompt="a lamp")
    assert len(measured) == count
    _, obeyed, varied = stage(explorer)
    for plot in (obeyed, varied):
        assert plot.spec["marker"]["x"] == 5
        assert plot.spec["series"][0]["x"] == measured


def test_word_maps_stand_in_columns(untaught):
    explorer = explorers.word_explorer(untaught)
    explorer.set(prompt="red cup")
    widths = {part.width for part in stage(explorer)}
    assert widths == {3 * 64 + 2 * 4}
    assert [overlay["text"] for overlay in stage(explorer)[0].overlays] == [
        "all words",
        "no red",
        "no cup",
    ]
    explorer.set(prompt="")
    assert {part.width for part in stage(explorer)} == {64}


def test_the_training_explorer_names_the_makers(untaught):
    explorer = explorers.training_explorer(untaught)
    explorer.set(kind="vase", colour="yellow")
    assert explorer.sentence.startswith("No training picture shows a yellow vase.")
    rendered, closest = stage(explorer)
    for thing in explorer.result.things:
        assert thing.name in rendered.alt
        assert thing.creator in rendered.alt
    assert closest.width == 8 * 64 + 7 * 4
    assert np.isfinite(explorer.result.far)
