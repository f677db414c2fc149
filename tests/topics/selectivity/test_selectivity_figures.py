"""Figures are drawn, and their words follow the result."""

import numpy as np

from aml4d_utils.notebook import show
from aml4d_utils.topics.selectivity import explorers, figures
from aml4d_utils.topics.selectivity.equal_pictures import PictureHalf, equalise
from aml4d_utils.topics.selectivity.face_search import ask_about, controls_of


def reports(searches):
    return [search.best_of_layers() for _, search in searches]


def test_groups_are_drawn_and_told(searches):
    half = searches[0][1].pictures
    controls = controls_of(half, np.random.default_rng(0))
    said = figures.describe_groups(half, controls, each=6)
    show(figures.draw_groups(half, controls, each=6), said)
    assert "6 faces" in said and "25 × 25" in said and "contrast 0.17" in said
    fewer = PictureHalf({name: pictures[:3] for name, pictures in half.groups.items()})
    assert figures.describe_groups(fewer, controls, each=3) != said


def test_the_best_units_are_drawn_and_told(searches):
    trained, untrained = reports(searches)
    said = figures.describe_best(trained, untrained)
    show(figures.draw_best(trained, untrained), said)
    assert said != figures.describe_best(untrained, trained)
    assert f"{trained[-1].unit} {trained[-1].d_prime:.1f}" in said


def test_a_report_is_drawn_and_told(searches):
    one, other = (found[-1] for found in reports(searches))
    for describe in (figures.describe_report, figures.describe_answers):
        assert describe(one) != describe(other)
    show(figures.draw_answers(one), figures.describe_answers(one))
    words = figures.describe_report(one)
    assert ("reaches one third" in words) == (one.index >= 1 / 3)
    rows = figures.answer_rows(one)
    assert [name for name, *_ in rows[:3]] == ["faces", "faces upside down", "faces scrambled"]
    assert len(rows) == 7 and all(low <= high for *_, (low, high) in rows)


def test_the_strongest_pictures_are_the_strongest(searches):
    net, search = searches[0]
    report = search.best_of_all()
    found = figures.strongest(report, search.pictures, 4)
    values = sorted(
        (value for name in search.pictures.groups for value in report.answers[name]), reverse=True
    )
    again = [ask_about(net, picture, report.unit).answer for _, picture in found]
    np.testing.assert_allclose(again, values[:4], rtol=1e-3, atol=1e-3)
    said = figures.describe_strongest(report, search.pictures, 4)
    assert said.startswith("The 4 new pictures")
    assert said != figures.describe_strongest(report, search.pictures, 7)


def test_the_own_photo_is_told(searches, cat):
    net, search = searches[0]
    report = search.best_of_all()
    one, other = (
        ask_about(net, equalise(photo), report.unit) for photo in (cat, np.zeros((9, 9, 3)))
    )
    assert figures.describe_own(one, report) != figures.describe_own(other, report)


def test_the_explorer_goes_through_units_and_networks(searches, cat):
    found = explorers.face_unit_explorer(*searches, cat)
    seen = {found.result.report.unit}
    for change in ({"layer": "fire8"}, {"place": 2}, {"net": "untrained"}):
        found.set(**change)
        seen.add(found.result.report.unit)
    assert len(seen) >= 3
    net, search = searches[1]
    assert found.result.report.unit == search.ranking("fire8")[1]
    assert f"d′ {found.result.report.d_prime:.2f}" in found.sentence
