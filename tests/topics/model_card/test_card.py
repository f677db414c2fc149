"""The card, its page, the bundle and the peer round."""

import re
import shutil
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pytest
from safetensors.numpy import load, save
from topics.model_card.examples import DATE, bodies, finding, other_study, study

from aml4d_utils.topics.model_card import card_bundle, card_page, figures
from aml4d_utils.topics.model_card.card_sentences import (
    METHOD,
    MISSING,
    SECTIONS,
    write_card,
)
from aml4d_utils.topics.model_card.design_brief import EXAMPLE, brief_from
from aml4d_utils.topics.model_card.design_brief import MISSING as PARTS
from aml4d_utils.topics.model_card.peer_round import SECONDS, PeerDesk, judge_finding
from aml4d_utils.topics.model_card.peer_things import PeerChange, changed, unseen_things
from aml4d_utils.topics.model_card.rubric import judge_card
from aml4d_utils.topics.model_card.stored_measurements import Measurements
from aml4d_utils.topics.transfer.tasks import SIDE

EVIL = '"><script>alert(1)</script><img src=http://example.org/x onerror=alert(1)>{0}'


class Page(HTMLParser):
    """What a page holds: tags, attributes, words."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def of(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


# --- sentences ---------------------------------------------------------------------------------


def test_the_nine_sections_stand_in_the_order_of_the_paper():
    assert tuple(section.title for section in write_card(study()).sections) == SECTIONS
    assert len(SECTIONS) == 9
    assert all(section.sentences for section in write_card(study()).sections)


def test_no_number_is_written_by_hand():
    for sentence in write_card(study()).sentences:
        if sentence.kind == METHOD:
            assert not re.search(r"\d", sentence.text.replace("Lite0", "")), sentence.text


def test_every_measured_sentence_says_where_it_comes_from():
    measured = [s for s in write_card(study()).sentences if s.kind == "measured"]
    assert len(measured) > 10
    for sentence in measured:
        assert DATE in sentence.source
        assert study().fingerprint[:8] in sentence.source
        assert not sentence.stale
    right = study().measured["right"]
    assert f"n = {right.total}, sealed test" in measured[1].source
    assert right.in_words in measured[1].text


def test_all_measured_sentences_are_stale_when_the_model_changes():
    card = write_card(study(), model_now="f" * 64)
    assert card.stale
    for sentence in card.sentences:
        assert bool(sentence.stale) == (sentence.kind == "measured")
    assert "this is model ffffffff" in card.stale[0].stale


def test_only_those_of_the_test_are_stale_when_the_test_changes():
    labels = 1 - study().test.labels
    card = write_card(replace(study(), test=replace(study().test, labels=labels)))
    stale = {sentence.text for sentence in card.stale}
    assert any(text.startswith("Blur") for text in stale)
    learned = [s for s in card["Training data"].sentences if s.source]
    assert learned and not any(s.stale for s in learned)


@pytest.mark.parametrize("kept", ["learned", "right"])
def test_no_card_without_evaluation_and_limits(kept):
    some = Measurements(m for m in study().measured.values() if m.name.startswith(kept))
    with pytest.raises(ValueError, match="without an evaluation|must name its limits"):
        write_card(replace(study(), measured=some))


@pytest.mark.parametrize("part", PARTS)
def test_an_empty_part_of_the_brief_is_named_and_nothing_is_saved(part):
    brief = replace(EXAMPLE, **{part: "  \n"})
    assert len(brief.problems) == 1
    card = write_card(replace(study(), brief=brief))
    assert [s.kind for s in card.missing] == [MISSING]
    with pytest.raises(ValueError, match="not complete. Missing"):
        card_page.card_page(card)


@pytest.mark.parametrize("change", [{"goal": 1.0}, {"goal": 0.0}, {"purpose": "x" * 3000}], ids=str)
def test_a_brief_that_cannot_be_is_told(change):
    assert len(replace(EXAMPLE, **change).problems) == 1


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {**EXAMPLE.as_data(), "more": 1}, {**EXAMPLE.as_data(), "name": 3},
     {**EXAMPLE.as_data(), "goal": "0.8"}, {**EXAMPLE.as_data(), "example": 1}],
)  # fmt: skip
def test_a_damaged_brief_is_refused(data):
    with pytest.raises(ValueError, match="brief of this bundle is damaged"):
        brief_from(data)


@pytest.mark.parametrize(
    ("right", "total", "goal", "words"),
    [(100, 100, 0.9, "may be promised"), (3, 100, 0.9, "is missed"), (9, 10, 0.9, "neither")],
)
def test_the_verdict_follows_from_the_interval(right, total, goal, words):
    first = study()
    origin = first.measured["right"].origin
    measured = first.measured.with_all([origin.measured("right", right, total)])
    found = write_card(replace(first, measured=measured, brief=replace(EXAMPLE, goal=goal)))
    assert words in found["Caveats and recommendations"].sentences[0].text


def test_what_peers_found_is_in_the_last_section():
    card = write_card(study(), findings=(finding(), finding("Dimmed it.", study().fingerprint)))
    old, new = card[SECTIONS[-1]].sentences[-2:]
    assert "red called green, 75 % sure. Turned it upside down." in old.text
    assert "2 min 5 s" in old.text
    assert old.stale and not new.stale
    assert "No peer" in write_card(study())[SECTIONS[-1]].sentences[-1].text


# --- the page ----------------------------------------------------------------------------------


@cache
def pictures():
    return figures.card_pictures(study())


def page(card=None):
    return card_page.card_page(card or write_card(study()), pictures())


def test_the_page_needs_nothing_else():
    text = page()
    assert len(text.encode()) < card_page.MOST_BYTES
    found = Page(text)
    assert not found.of("script") and not found.of("link") and not found.of("iframe")
    policy = found.of("meta")[1]
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert policy["content"].startswith("default-src 'none'")
    assert "http" not in text.replace("http-equiv", "")
    assert len(found.of("img")) == 2 + 4
    for image in found.of("img"):
        assert image["src"].startswith("data:image/")
        assert len(image["alt"]) > 20
    assert found.of("html")[0]["lang"] == "en"


def test_what_is_out_of_date_is_said_in_words_and_in_red():
    text = page(write_card(study(), model_now="f" * 64))
    found = Page(text)
    stale = [p for p in found.of("p") if "stale" in p.get("class", "")]
    assert len(stale) == 1 + len(write_card(study(), model_now="f" * 64).stale)
    assert found.words.count("Out of date.") == len(stale) - 1
    assert all("Out of date" in image["alt"] for image in found.of("img"))
    assert "Out of date" not in page()


@pytest.mark.parametrize("part", ["name", "purpose", "owner", "people"])
def test_whatever_anybody_wrote_is_text(part):
    card = write_card(
        replace(study(), brief=replace(EXAMPLE, **{part: EVIL})), findings=(finding(EVIL),)
    )
    found = Page(page(card))
    assert not found.of("script")
    assert all(image["src"].startswith("data:") for image in found.of("img"))
    assert not any("onerror" in attrs for _, attrs in found.tags)
    assert EVIL in "".join(found.words)


def test_names_of_classes_and_photos_are_text():
    first = study()
    classes = ("<b>{0}", "{}&amp;")
    test = replace(first.test, classes=classes, names=(EVIL,) * 4)
    model = type(first.model)(first.model.bodies, classes, first.model.head)
    origin = first.measured["right"].origin
    more = [
        origin.measured(f"{what}: {name}", 1, 2)
        for what in ("right", "learned")
        for name in classes
    ]
    found = replace(first, test=test, model=model, measured=first.measured.with_all(more))
    shown = Page(card_page.card_page(write_card(found)))
    assert not shown.of("b") and not shown.of("script")
    assert "{}&amp;" in "".join(shown.words)


def test_an_example_is_called_one():
    assert "An example of the course" in page()
    own = replace(study(), brief=replace(EXAMPLE, example=False))
    assert "An example of the course" not in page(write_card(own))


def test_a_page_that_is_too_large_is_refused():
    large = card_page.CardPicture(SECTIONS[6], bytes(4_000_000), "A large black picture.", 300)
    with pytest.raises(ValueError, match=r"would have 5\.\d MB, more than 5"):
        card_page.card_page(write_card(study()), (large,))


# --- the bundle --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    place = tmp_path_factory.mktemp("saved") / "peer"
    return card_bundle.save_card_bundle(place, study(), page(), (finding(),))


@pytest.fixture
def folder(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "peer")


def test_a_bundle_comes_back_as_it_was(folder):
    again = card_bundle.load_card_bundle(folder, bodies())
    found, first = again.study, study()
    assert found.fingerprint == first.fingerprint and found.test.seal == first.test.seal
    assert dict(found.measured) == dict(first.measured)
    assert (found.brief, found.date, found.things) == (first.brief, first.date, first.things)
    assert np.allclose(found.chances, first.chances)
    assert again.findings[0].as_data() == finding().as_data()
    assert (again.findings[0].picture == finding().picture).all()
    then, now = card_bundle.counted_again(found)
    assert then == now == first.measured["right"].count
    assert write_card(found).sections == write_card(first).sections
    assert sorted(path.name for path in folder.iterdir()) == [
        "head.safetensors", "labels.json", "model_card.html", "pictures.safetensors", "study.json",
    ]  # fmt: skip


def test_a_bundle_can_be_written_again_with_another_finding(folder, tmp_path):
    again = card_bundle.load_card_bundle(folder, bodies())
    both = (*again.findings, finding("Another one."))
    for place in (folder, tmp_path / "elsewhere"):
        card_bundle.save_card_bundle(place, again.study, page(), both)
        assert len(card_bundle.load_card_bundle(place, bodies()).findings) == 2


def cut(name, keep=0.6):
    def damage(folder):
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: int(keep * len(content))])

    return damage


def reword(old, new):
    def damage(folder):
        path = folder / card_bundle.RECORD
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return damage


def redraw(change):
    def damage(folder):
        path = folder / card_bundle.PICTURES
        numbers = {name: values.copy() for name, values in load(path.read_bytes()).items()}
        change(numbers)
        path.write_bytes(save(numbers))

    return damage


def other_pixel(numbers):
    numbers["test"][0, 0, 0, 0] ^= 1


def other_label(numbers):
    numbers["labels"][:] = numbers["labels"][::-1]


DAMAGE = {
    "no record": (lambda f: (f / card_bundle.RECORD).unlink(), "no study.json"),
    "no pictures": (lambda f: (f / card_bundle.PICTURES).unlink(), "no pictures.safetensors"),
    "no model": (lambda f: (f / "head.safetensors").unlink(), "no head.safetensors"),
    "a record cut short": (cut(card_bundle.RECORD), "damaged or cut short"),
    "pictures cut short": (cut(card_bundle.PICTURES), "no safetensors file"),
    "a model cut short": (cut("head.safetensors"), "cut short or altered"),
    "a pickle": (
        lambda f: (f / card_bundle.PICTURES).write_bytes(b"\x80\x04cos\nsystem\n."),
        "no safetensors",
    ),
    "deep brackets": (
        lambda f: (f / card_bundle.RECORD).write_text("[" * 100_000), "damaged or cut short",
    ),
    "a large record": (
        lambda f: (f / card_bundle.RECORD).write_text(" " * 1_000_001), "larger than",
    ),
    "another format": (reword("aml4d model card", "something"), "does not say"),
    "another version": (reword('"version": 1', '"version": 2'), "another version"),
    "no findings": (reword('"findings"', '"found"'), "findings is missing"),
    "another date": (reword(f'"date": "{DATE}"', '"date": "soon"'), "date that is none"),
    "a number for a class": (reword('"red"', "3"), "no list of words"),
    "more right than all": (reword('"count": ', '"count": 9'), "cannot be"),
    "a lacking measurement": (reword('"sure and wrong"', '"sure"'), "lacks a measurement"),
    "another model": (reword(f'"model": "{study().fingerprint}"', f'"model": "{"f" * 64}"'),
                      "not the model"),
    "an altered pixel": (redraw(other_pixel), "seal is broken"),
    "altered labels": (redraw(other_label), "seal is broken"),
    "labels of another kind": (
        redraw(lambda n: n.update(labels=n["labels"].astype(np.int32))), "do not fit",
    ),
    "one class only": (redraw(lambda n: n["labels"].fill(0)), "do not fit"),
    "too few labels": (redraw(lambda n: n.update(labels=n["labels"][1:])), "do not fit"),
    "no test": (redraw(lambda n: n.pop("test")), "no photos under test"),
    "photos of another size": (redraw(lambda n: n.update(test=n["test"][:, :9])), "no photos"),
    "a finding without words": (redraw(lambda n: n.update(found=n["found"][:0])), "differ"),
    "a finding that cannot be": (reword('"chance": 0.75', '"chance": 7.5'), "cannot be"),
    "a finding of another kind": (reword('"seconds": 125', '"seconds": "2"'), "another kind"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_bundle_is_refused_with_a_sentence(folder, kind):
    damage, words = DAMAGE[kind]
    damage(folder)
    with pytest.raises(ValueError, match=words):
        card_bundle.load_card_bundle(folder, bodies())


def test_html_in_a_peers_card_stays_text(folder):
    reword("Turned it upside down.", "<script>alert(1)</script>")(folder)
    again = card_bundle.load_card_bundle(folder, bodies())
    text = page(write_card(again.study, findings=again.findings))
    assert "<script" not in text and "&lt;script&gt;" in text


# --- the peer round ----------------------------------------------------------------------------


def failing():
    """A picture that the model of the example gets wrong, and the class it is said to show."""
    picture = np.random.default_rng(77).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    answer = int(study().model.chances(picture[None])[0].argmax())
    return picture, study().model.classes[1 - answer]


def judged(**changes):
    picture, truth = failing()
    given = {"image": picture, "truth": truth, "words": "Noise.", "seconds": 10, "before": ()}
    given |= changes
    image, truth, words = given.pop("image"), given.pop("truth"), given.pop("words")
    return judge_finding(study().model, study().test, image, truth, words, date=DATE, **given)


def test_a_failure_is_taken_with_what_the_model_says():
    found = judged(seconds=61.7)
    assert found.truth == failing()[1] != found.answer
    assert found.chance == pytest.approx(max(study().model.probabilities(found.picture).values()))
    assert (found.seconds, found.model) == (61, study().fingerprint)


REFUSED = {
    "the model is right": ({"truth": None}, "The model is right"),
    "no class of the model": ({"truth": "mug"}, "The model knows red, green"),
    "too late": ({"seconds": SECONDS + 1}, "ten minutes are over"),
    "no words": ({"words": " \n "}, "Say in a few words"),
    "a novel": ({"words": "x" * 401}, "Say in a few words"),
    "from the sealed test": ({"image": study().test.pictures[0]}, "known already"),
    "hardly another": ({"image": study().test.pictures[0] ^ np.uint8(1)}, "known already"),
    "found before": ({"before": "found"}, "known already"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_new_failure_is_refused(kind):
    changes, words = REFUSED[kind]
    changes = dict(changes)
    if changes.get("truth", "") is None:
        changes["truth"] = next(name for name in study().model.classes if name != failing()[1])
    if changes.get("before") == "found":
        changes["before"] = (judged(),)
    with pytest.raises(ValueError, match=words):
        judged(**changes)


def test_the_clock_of_a_round():
    desk = PeerDesk(study().model, study().test)
    picture, truth = failing()
    assert desk.left(5) == SECONDS
    with pytest.raises(ValueError, match="Start the ten minutes"):
        desk.append(picture, truth, "Noise.", 5, DATE)
    desk.begin(100.0)
    assert desk.left(160.5) == SECONDS - 60
    desk.append(picture, truth, "Noise.", 130.0, DATE)
    assert desk.findings[0].seconds == 30
    with pytest.raises(ValueError, match="known already"):
        desk.append(picture, truth, "Noise.", 140.0, DATE)
    assert desk.left(1e6) == 0
    assert len(desk.findings) == 1


def test_what_was_seen_is_not_offered():
    things = unseen_things(("fruit", "flowers", "mugs"), ())
    assert {thing.truth for thing in things} == {"fruit", "flowers"}
    assert len(things) == 10
    fewer = unseen_things(("fruit", "flowers", "mugs"), tuple(thing.name for thing in things))
    assert not {t.name for t in things} & {t.name for t in fewer}
    assert unseen_things(("mugs", "pens"), ()) == ()


def test_a_change_of_nothing_changes_nothing():
    (thing, *_) = unseen_things(("fruit",), ())
    plain = changed(thing.picture, PeerChange())
    assert np.abs(plain / 255 - thing.picture).max() < 0.003
    for change in (PeerChange(turn=90), PeerChange(share=0.5), PeerChange(light=0.2),
                   PeerChange(blur=3), PeerChange(hidden=0.5)):  # fmt: skip
        assert (changed(thing.picture, change) != plain).mean() > 0.1
        assert change.in_words != "as it is"


# --- the rubric --------------------------------------------------------------------------------


def test_the_rubric_sees_what_is_there():
    first = study()
    own = replace(first, brief=replace(EXAMPLE, example=False))
    met = [c.met for c in judge_card(own, write_card(own), (finding(),))]
    assert met == [True, False, True, True, True, True]
    old = write_card(first, model_now="f" * 64)
    assert [c.met for c in judge_card(first, old)] == [False, False, True, False, True, False]
    said = first.measured["right"].origin.measured("right", 1, 4)
    wrong = replace(other_study(), measured=first.measured.with_all([said]))
    criterion = judge_card(wrong, write_card(wrong))[2]
    assert not criterion.met
    assert criterion.evidence == "the card says 1, counted again 2"
