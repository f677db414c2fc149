"""The explorers of the card and of the peer round: what their buttons do."""

import numpy as np
import pytest
from ipywidgets import Button
from topics.model_card.examples import bodies, study
from topics.walking import below

from aml4d_utils.topics.model_card import card_bundle, explorers
from aml4d_utils.topics.model_card.model_study import CHANGES, photos_on
from aml4d_utils.topics.model_card.peer_round import PeerDesk
from aml4d_utils.topics.own_classes.teaching_session import Desk
from aml4d_utils.widgets import Camera


def press(explorer, words):
    (button,) = [
        part
        for part in below(explorer.widget)
        if isinstance(part, Button) and part.description == words
    ]
    button.click()


@pytest.fixture
def card(tmp_path, monkeypatch):
    monkeypatch.setenv("AML4D_HOME", str(tmp_path))
    return explorers.studio_explorer(study())


def test_it_stays_an_example_until_every_word_is_your_own(card):
    card.set(name="Mug sorter", purpose="Sorting mugs.")
    assert card.result.card.example
    parts = ("name", "purpose", "not_for", "mistake", "people", "owner")
    card.set(**{part: f"My own words on {part}." for part in parts})
    assert not card.result.card.example


def test_a_card_with_a_gap_is_not_saved(card, tmp_path):
    card.set(purpose="  ")
    press(card, "Save card and bundle")
    assert "The card is not complete. Missing: what it is for" in card.sentence
    assert not (tmp_path / "design_studio").exists()


@pytest.mark.parametrize(("change", "anew"), [(CHANGES[0], False), (CHANGES[2], True)])
def test_what_is_saved_is_what_is_shown(card, tmp_path, change, anew):
    card.set(change=change, anew=anew, purpose="Sorting <b>mugs</b>.")
    press(card, "Save card and bundle")
    assert str(tmp_path / "design_studio") in card.sentence
    again = card_bundle.load_card_bundle(explorers.folder_of_studio(), bodies())
    assert again.study.fingerprint == card.result.card.model
    assert again.study.brief.purpose == "Sorting <b>mugs</b>."
    page = (tmp_path / "design_studio" / "model_card.html").read_text("utf-8")
    assert "Sorting &lt;b&gt;mugs" in page
    assert card.result.card.model[:8] in page


def test_what_cannot_be_written_is_said(card, tmp_path):
    (tmp_path / "design_studio").write_text("a file is in the way")
    press(card, "Save card and bundle")
    assert "design_studio" in card.sentence
    assert "Saved" not in card.sentence


def test_measuring_again_makes_every_sentence_hold(card):
    card.set(change=CHANGES[2])
    assert len(card.result.card.stale) > 10
    card.set(anew=True)
    assert card.result.card.stale == ()
    assert card.result.study.measured["learned photos"].count == 6


def test_the_camera_is_seen_only_where_its_frames_are_used():
    peer = explorers.peer_explorer(PeerDesk(study().model, study().test))
    (camera,) = [part for part in below(peer.widget) if isinstance(part, Camera)]
    assert camera.layout.display == "none"
    peer.set(thing="the camera's last frame")
    assert camera.layout.display is None
    assert "has shown nothing yet" in peer.sentence
    frame = np.full((60, 80, 3), (200, 20, 20), np.uint8)
    assert set(camera._on_frame(frame)) == {"red", "green"}
    assert "The camera's last frame" in peer.sentence


def test_a_desk_without_photos_is_told():
    with pytest.raises(ValueError, match="mug has no photo yet"):
        photos_on(Desk(None, 0, 0, "mug has no photo yet.", 1.0, True))
    with pytest.raises(ValueError, match="Wait until"):
        photos_on(Desk(None, 0, 0, "", 0.5))
