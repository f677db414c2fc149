"""A detector's card: sealed scenes, what is found in them, the worst of them, and the sentences."""

import re
from dataclasses import replace

import numpy as np
import pytest
from topics.model_card.examples import BOXES_EXAMPLE, DATE, scene_study, strict_scene_study

from aml4d_utils.nets.detection import Detections, detect
from aml4d_utils.topics.detection_metrics.judging_boxes import judge
from aml4d_utils.topics.detector.condition_sweep import HARDSHIPS, hardened
from aml4d_utils.topics.detector.known_scenes import KnownScene
from aml4d_utils.topics.model_card import card_page, explorers, figures
from aml4d_utils.topics.model_card.card_sentences import METHOD, SECTIONS
from aml4d_utils.topics.model_card.detector_sentences import write_detector_card
from aml4d_utils.topics.model_card.detector_study import (
    CHANGES,
    LOWEST,
    detector_fingerprint,
    fingerprint_after,
    measured_after,
    threshold_after,
)
from aml4d_utils.topics.model_card.scene_cases import best_scores, scene_gallery, worst_scenes
from aml4d_utils.topics.model_card.scene_test import SCENE_CONDITIONS, SceneTest, seal_scenes

# --- the sealed scenes -------------------------------------------------------------------------


def test_every_thing_stands_once_and_no_word_outweighs_the_others():
    test = seal_scenes(["cup", "sheep", "bird"], most=4)
    things = [one.what.name for plan in test.plans for one in plan.subjects]
    assert len(things) == len(set(things)) == len(test)
    assert test.counts == (4, 3, 4)
    assert [len(plan.subjects) for plan in test.plans] == [2] * 5 + [1]


def test_photographs_and_things_in_3d_stand_side_by_side():
    kinds = {type(one.what).__name__ for p in seal_scenes(["cup"]).plans for one in p.subjects}
    assert kinds == {"Cutout", "Posed"}


def test_a_word_that_there_is_not_is_told_with_those_there_are():
    with pytest.raises(ValueError, match="nothing here that is called 'fork'. There are: .*cup"):
        seal_scenes(["cup", "fork"])
    with pytest.raises(ValueError, match="at least one word"):
        seal_scenes([])


def test_the_seal_holds_words_pictures_and_boxes():
    test = seal_scenes(["sheep"])
    assert test.seal == seal_scenes(["sheep", "sheep"]).seal
    assert test.seal != seal_scenes(["sheep"], seed=17).seal
    assert test.seal != SceneTest(test.classes, test.plans[:1]).seal
    assert test.seal != SceneTest(("sheep", "cow"), test.plans).seal


def test_the_first_value_of_each_condition_changes_nothing():
    test = seal_scenes(["sheep"])
    for name, condition in SCENE_CONDITIONS.items():
        assert len(condition.values) == 3
        plain = test.under(name, condition.values[0])
        for one, other in zip(plain, test.scenes, strict=True):
            assert np.array_equal(one.image, other.image)
            assert np.array_equal(one.truth.boxes, other.truth.boxes)


# --- what is counted ---------------------------------------------------------------------------


@pytest.mark.parametrize("threshold", [0.3, 0.5])
@pytest.mark.parametrize(
    ("key", "name", "value"),
    [("found", "blur", 0), ("clutter 40", "clutter", 40), ("rotation 60", "rotation", 60)],
)
def test_counts_are_those_of_a_detector_asked_with_that_threshold(threshold, key, name, value):
    change = CHANGES[0] if threshold == 0.3 else CHANGES[2]
    measured = list(measured_after(scene_study(), change, DATE))[-1].measured
    scenes = [hardened(plan, HARDSHIPS[name], value) for plan in scene_study().test.plans]
    found = [detect(scene.image, threshold) for scene in scenes]
    sheep = [boxes[boxes.labels == "sheep"] for boxes in found]
    hits = judge(sheep, [scene.truth for scene in scenes], 0.5).hits
    assert (measured[key].count, measured[key].total) == (hits.sum(), 3)
    alarms = "false alarms" if key == "found" else f"false alarms: {key}"
    assert measured[alarms].count == (~hits).sum()
    assert measured[alarms].total == (len(hits) or None)


def test_every_condition_is_measured_to_its_end():
    curves = scene_study().curves
    assert list(curves) == list(SCENE_CONDITIONS)
    assert all(curve.total == 3 for curve in curves.values())
    assert scene_study().measured["found: sheep"].count == scene_study().measured["found"].count
    assert "of 3" in scene_study().words


def test_every_number_belongs_to_threshold_words_and_scenes():
    first, strict = scene_study(), strict_scene_study()
    signs = {one.origin.model for one in first.measured.values()}
    assert signs == {first.fingerprint} == {detector_fingerprint(("sheep",), 0.3)}
    assert {one.origin.pictures for one in first.measured.values()} == {first.test.seal}
    assert strict.fingerprint == fingerprint_after(first, CHANGES[2]) != first.fingerprint
    assert threshold_after(first, CHANGES[0]) == 0.3
    assert detector_fingerprint(("sheep", "cow"), 0.3) != first.fingerprint
    with pytest.raises(ValueError, match="Expected one of as it was"):
        threshold_after(first, "threshold 0.9")


# --- the worst scenes --------------------------------------------------------------------------


def boxes(*rows):
    """Detections from (left, word, score): squares of ten pixels."""
    corners = np.array([[x, 0, x + 10, 10] for x, _, _ in rows], float).reshape(-1, 4)
    return Detections(corners, np.array([s for *_, s in rows]), np.array([w for _, w, _ in rows]))


SCENES = [
    KnownScene(np.full((20, 60, 3), 0.5, np.float32), boxes((0, "cup", 1.0), (40, "cup", 1.0))),
    KnownScene(np.full((20, 60, 3), 0.5, np.float32), boxes((0, "cup", 1.0), (40, "bowl", 1.0))),
]
FOUND = [
    boxes((0, "cup", 0.9), (1, "cup", 0.95), (42, "cup", 0.2)),
    boxes((0, "cup", 0.8), (40, "cup", 0.7), (36, "bowl", 0.6)),
]


def test_the_best_box_of_the_own_word_half_over_a_thing_counts():
    assert best_scores(FOUND[0], SCENES[0].truth).tolist() == [0.95, 0.2]
    assert best_scores(FOUND[1], SCENES[1].truth).tolist() == [0.8, 0.0]
    assert best_scores(boxes(), SCENES[0].truth).tolist() == [0.0, 0.0]


def test_of_equal_scenes_the_earlier_comes_first():
    scores = [np.array([0.5, 0.9]), np.array([0.0]), np.array([0.5]), np.array([0.0, 0.0])]
    assert worst_scenes(scores, 9).tolist() == [1, 3, 0, 2]
    assert worst_scenes(scores, 0).tolist() == []


def test_a_case_says_what_is_missed_and_what_is_false():
    worst, other = scene_gallery(SCENES, FOUND, 0.3, 5)
    assert (worst.place, worst.missed, worst.alarms) == (1, 1, 2)
    assert worst.in_words == (
        "Scene 2: cup, score 0.80; bowl, no box. 1 of 2 missed, 2 false alarms."
    )
    assert (other.missed, other.alarms) == (1, 1)
    assert "score 0.20" in other.in_words and "1 false alarm." in other.in_words
    assert (worst.picture != 128).any() and worst.picture.dtype == np.uint8


# --- the card ----------------------------------------------------------------------------------


def test_the_same_nine_sections_and_every_number_from_the_store():
    card = write_detector_card(scene_study())
    assert tuple(section.title for section in card.sections) == SECTIONS
    for sentence in card.sentences:
        if sentence.kind == METHOD:
            text = re.sub(r"NanoDet-g|3-D", "", sentence.text)
            assert not re.search(r"\d", text), sentence.text
        assert not sentence.stale
    measured = [s for s in card.sentences if s.source]
    assert len(measured) >= 12
    assert all(DATE in s.source and scene_study().fingerprint[:8] in s.source for s in measured)
    first = scene_study().measured["found"]
    assert first.in_words in card["Caveats and recommendations"].sentences[0].text


def test_another_threshold_makes_every_number_red():
    card = write_detector_card(scene_study(), model_now=strict_scene_study().fingerprint)
    assert all(bool(s.stale) == bool(s.source) for s in card.sentences)
    assert write_detector_card(strict_scene_study()).stale == ()


def test_other_scenes_make_every_number_red():
    card = write_detector_card(replace(scene_study(), test=seal_scenes(["sheep"], seed=5)))
    assert all(bool(s.stale) == bool(s.source) for s in card.sentences)


def test_most_false_alarms_are_named():
    first = scene_study()
    origin = first.measured["found"].origin
    more = [origin.measured("false alarms: clutter 40", 7, 9),
            origin.measured("false alarms: noise 0.5", 2, 2)]  # fmt: skip
    found = replace(first, measured=first.measured.with_all(more))
    said = [s.text for s in write_detector_card(found)["Caveats and recommendations"].sentences]
    assert any(words.startswith("Most false alarms come with clutter: 7 of 9") for words in said)


def test_the_page_shows_the_worst_scenes():
    study = scene_study()
    page = card_page.card_page(write_detector_card(study), figures.card_pictures(study))
    assert page.count("<img") == 1 + len(study.test.plans)
    assert study.gallery(1)[0].in_words in page
    assert f'width="{card_page.WIDE_TILE}"' in page


def test_the_threshold_is_set_and_counted_again_and_the_page_is_saved(tmp_path, monkeypatch):
    monkeypatch.setenv("AML4D_HOME", str(tmp_path))
    card = explorers.detector_card_explorer(scene_study())
    card.set(change=CHANGES[1])
    assert len(card.result.card.stale) > 10
    card.set(anew=True)
    assert card.result.card.stale == ()
    assert card.result.study.threshold == 0.15
    assert card.result.study.measured["threshold in hundredths"].count == 15
    card.set(purpose="Counting sheep.")
    from ipywidgets import Button
    from topics.walking import below

    (save,) = [w for w in below(card.widget)
               if isinstance(w, Button) and w.description == "Save the card"]  # fmt: skip
    save.click()
    file = tmp_path / "design_studio" / "with_boxes" / card_page.PAGE
    assert str(file) in card.sentence
    assert "Counting sheep." in file.read_text("utf-8")


def test_what_is_remembered_reaches_below_every_threshold():
    assert all(threshold_after(scene_study(), change) > LOWEST for change in CHANGES)
    assert BOXES_EXAMPLE.problems == ()
