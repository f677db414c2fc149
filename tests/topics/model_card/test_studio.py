"""The explorers of the card and of the peer round: what their buttons do."""

from dataclasses import replace

import numpy as np
import pytest
from ipywidgets import Button
from topics.model_card.examples import DATE, bodies, finding, study
from topics.walking import below

from aml4d_utils.topics.model_card import card_bundle, card_page, explorers
from aml4d_utils.topics.model_card.card_sentences import write_card
from aml4d_utils.topics.model_card.folder_files import FolderFiles
from aml4d_utils.topics.model_card.model_study import (
    CHANGES,
    examine,
    photos_after,
    photos_on,
    taught_anew,
)
from aml4d_utils.topics.model_card.peer_round import PeerDesk
from aml4d_utils.topics.own_classes.teaching_session import Desk
from aml4d_utils.topics.transfer.tasks import SIDE
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


# --- a peer's folder ---------------------------------------------------------------------------


@pytest.fixture
def peers(tmp_path, monkeypatch):
    """The table, with the student's own model on it, and the desk of that model."""
    monkeypatch.setenv("AML4D_HOME", str(tmp_path / "home"))
    desk = PeerDesk(study().model, study().test)
    return explorers.peer_explorer(desk, clock=lambda: 0.0), desk


@pytest.fixture
def files(tmp_path):
    """What the folder of a peer holds: another name, and one failure found before."""
    model = taught_anew(study(), CHANGES[2])
    steps = examine(model, study().test, study().brief, DATE, photos_after(study(), CHANGES[2]))
    theirs = list(steps)[-1]
    theirs = replace(theirs, brief=replace(theirs.brief, name="Red lamp"))
    page = card_page.card_page(write_card(theirs))
    folder = card_bundle.save_card_bundle(tmp_path / "theirs", theirs, page, (finding(),))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def chooser(explorer):
    (found,) = [part for part in below(explorer.widget) if isinstance(part, FolderFiles)]
    return found


def owners_button(explorer):
    words = "Save it for the owner"
    return next(p for p in below(explorer.widget) if getattr(p, "description", "") == words)


def test_a_peers_folder_is_loaded_and_goes_back_with_what_was_found(peers, files, tmp_path):
    table, own = peers
    assert owners_button(table).layout.display == "none"
    chooser(table).receive(files)
    assert "Loaded: Red lamp. Its card says" in table.sentence
    assert "1 failure appended" in table.sentence
    assert owners_button(table).layout.display is None
    press(table, "Start the ten minutes")
    answer = max(table.result.chances, key=table.result.chances.get)
    wrong = next(k for k, name in enumerate(study().model.classes) if name != answer)
    table.set(words="Showed a photo.", truth=f"class {wrong + 1}")
    press(table, "A failure: append it")
    press(table, "Save it for the owner")
    assert "Give it back to the owner" in table.sentence
    folder = tmp_path / "home" / "design_studio" / "for_the_owner"
    again = card_bundle.load_card_bundle(folder, bodies())
    assert [one.words for one in again.findings][1].endswith("Showed a photo.")
    assert "Showed a photo." in (folder / "model_card.html").read_text("utf-8")
    assert own.findings == ()
    table.reset()
    assert "0 failures appended" in table.sentence
    assert owners_button(table).layout.display == "none"


def test_ones_own_folder_brings_back_what_peers_found_and_the_model_is_asked_again(peers, tmp_path):
    table, own = peers
    picture = np.random.default_rng(77).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    chances = study().model.chances(picture[None])[0]
    answer, other = (study().model.classes[k] for k in (chances.argmax(), chances.argmin()))
    real = replace(finding("Noise."), picture=picture, truth=other, answer=answer, chance=0.001)
    invented = replace(finding("Nothing."), picture=picture[::-1].copy())
    truth = max(study().model.probabilities(invented.picture).items(), key=lambda pair: pair[1])[0]
    invented = replace(invented, truth=truth)
    page = card_page.card_page(write_card(study()))
    folder = card_bundle.save_card_bundle(tmp_path / "back", study(), page, (real, invented))
    back = {path.name: path.read_bytes() for path in folder.iterdir()}
    chooser(table).receive(back)
    assert "Your own model came back. New failures, appended to your card: 1." in table.sentence
    assert [one.words for one in own.findings] == ["Noise."]
    assert own.findings[0].chance == pytest.approx(chances.max())
    assert owners_button(table).layout.display == "none"
    chooser(table).receive(back)
    assert "appended to your card: 0." in table.sentence


BAD_FOLDERS = {
    "another folder": (lambda f: {}, "There is no study.json in this folder"),
    "a saved network only": (
        lambda f: {n: f[n] for n in ("labels.json", "head.safetensors")}, "no study.json",
    ),
    "without pictures": (lambda f: {**f, "pictures.safetensors": None}, "no pictures.safetensors"),
    "without a network": (lambda f: {**f, "head.safetensors": None}, "no head.safetensors"),
    "cut short": (lambda f: {**f, "study.json": f["study.json"][:99]}, "damaged or cut short"),
    "too large": (lambda f: {**f, "study.json": b" " * 1_000_001}, "is larger than"),
    "a network of somebody else": (
        lambda f: {**f, "head.safetensors": f["head.safetensors"][:-4] + b"abcd"}, "cut short or",
    ),
    "no safetensors": (lambda f: {**f, "pictures.safetensors": b"GIF89a"}, "no safetensors file"),
    "an altered test": (
        lambda f: {**f, "study.json": f["study.json"].replace(b'"seal": "', b'"seal": "x', 1)},
        "seal is broken",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_FOLDERS)
def test_a_bad_folder_is_refused_in_one_sentence_and_all_stays(peers, files, kind):
    table, _ = peers
    spoil, words = BAD_FOLDERS[kind]
    spoilt = {name: content for name, content in spoil(files).items() if content is not None}
    chooser(table).receive(spoilt)
    assert words in table.sentence
    assert "Loaded" not in table.sentence
    assert "0 failures appended" in table.sentence
    assert owners_button(table).layout.display == "none"


def test_files_come_one_by_one_and_others_are_left_out():
    got = []
    folder = FolderFiles("Load", "Its folder", ["a.json", "b.json"], got.append)
    folder._hear_file({"name": "a.json"}, [b"1", b"2"])
    folder._hear_file({"name": "../b.json"}, [b"3"])
    folder._hear_end({}, [])
    folder._hear_end({}, [])
    assert got == [{"a.json": b"12"}, {}]


def test_a_desk_without_photos_is_told():
    with pytest.raises(ValueError, match="mug has no photo yet"):
        photos_on(Desk(None, 0, 0, "mug has no photo yet.", 1.0, True))
    with pytest.raises(ValueError, match="Wait until"):
        photos_on(Desk(None, 0, 0, "", 0.5))
