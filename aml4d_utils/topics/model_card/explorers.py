"""Explorers of the design studio: controls and wiring, no mathematics."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import ipywidgets
import numpy as np

from aml4d_utils import images
from aml4d_utils.measuring.wording import percent
from aml4d_utils.places import state_dir
from aml4d_utils.topics.model_card import detector_study, figures, model_study
from aml4d_utils.topics.model_card.card_bundle import (
    FILES,
    CardBundle,
    counted_again,
    read_card_bundle,
    save_card_bundle,
)
from aml4d_utils.topics.model_card.card_page import STYLE, card_markup, card_page, save_page
from aml4d_utils.topics.model_card.card_sentences import SECTIONS, ModelCard, write_card
from aml4d_utils.topics.model_card.data_plan import SIZES, DataPlan, ends_by_size, plan_test
from aml4d_utils.topics.model_card.detector_sentences import write_detector_card
from aml4d_utils.topics.model_card.detector_study import DetectorStudy
from aml4d_utils.topics.model_card.fingerprints import model_fingerprint
from aml4d_utils.topics.model_card.folder_files import FolderFiles
from aml4d_utils.topics.model_card.model_study import Study, StudyStep
from aml4d_utils.topics.model_card.peer_round import PeerDesk, PeerFinding
from aml4d_utils.topics.model_card.peer_things import (
    MOST,
    PeerChange,
    PeerThing,
    changed,
    unseen_things,
)
from aml4d_utils.topics.own_classes.photo_collection import MOST_CLASSES, as_own
from aml4d_utils.widgets import (
    Axis,
    Bar,
    Camera,
    Explorer,
    Picture,
    Plot,
    Series,
    choice,
    slider,
    toggle,
    typed,
)
from aml4d_utils.widgets.buttons import button_row

__all__ = ["detector_card_explorer", "peer_explorer", "plan_explorer", "studio_explorer"]


# --- the data plan -----------------------------------------------------------------------------


@dataclass
class PlanState:
    """A test as it is planned."""

    things: int = slider(30, low=5, high=400, step=5, label="Things in the test")
    right: int = slider(90, low=50, high=100, label="Right answers", unit="%")
    goal: int = slider(80, low=50, high=99, label="To be promised", unit="%")
    frames: int = slider(1, low=1, high=20, label="Photos of each thing")


def plan_explorer() -> Explorer:
    """Plan a test: how many things, before a share may be promised?"""
    curve = Plot("95 % interval", 620)
    bars = Plot("counted as things, and as photos", 620)

    def compute(state: PlanState) -> DataPlan:
        return plan_test(state.things, state.right / 100, state.frames, state.goal / 100)

    def draw(plan: DataPlan) -> None:
        words = figures.describe_plan(plan)
        lows, highs = ends_by_size(plan.share)
        ends = [float(SIZES[0]), float(SIZES[-1])]
        curve.curves(
            [
                Series(SIZES, lows, "lower end"),
                Series(SIZES, highs, "upper end"),
                Series(ends, [plan.goal, plan.goal], "to be promised", "faint"),
            ],
            Axis("things in the test", *ends, log=True, ticks=(5, 10, 30, 100, 400)),
            Axis("right answers", 0, 1, percent=True),
            f"The interval for {percent(plan.share)}. {words}",
            marker=(plan.things, plan.interval[0]),
        )
        bars.bars(
            [
                Bar("things", plan.share, interval=plan.interval, strong=True),
                Bar("photos", plan.share, interval=plan.careless),
            ],
            words, high=1, percent=True, label_room=64,
        )  # fmt: skip

    return Explorer(
        PlanState(),
        compute,
        draw,
        title="How many things must be tested?",
        purpose="Before you take photos: what will your test let you promise?",
        stage=[curve.boxed(), bars.boxed()],
        describe=figures.describe_plan,
    )


# --- the card ----------------------------------------------------------------------------------

_ALL = "all nine sections"


@dataclass
class StudioState:
    """What happened to the model, what the card shows, and the words of the brief."""

    change: str = choice(model_study.CHANGES[0], model_study.CHANGES, label="The model now")
    anew: bool = toggle(False, label="Measure it again")
    section: str = choice(_ALL, (_ALL, *SECTIONS), label="Show")
    worst: int = slider(4, low=1, high=12, label="Gallery: the worst")
    purpose: str = typed("", label="What it is for")
    not_for: str = typed("", label="What it is not for", advanced=True)
    mistake: str = typed("", label="When it is wrong", advanced=True)
    people: str = typed("", label="People in the photos", advanced=True)
    name: str = typed("", label="Product", advanced=True)
    owner: str = typed("", label="Who answers for it", advanced=True)


@dataclass
class DetectorCardState(StudioState):
    """The same of a detector."""

    change: str = choice(detector_study.CHANGES[0], detector_study.CHANGES, label="The model now")


_WORDS = ("purpose", "not_for", "mistake", "people", "name", "owner")


@dataclass(frozen=True)
class CardView:
    """The card as it is shown, and the study behind it."""

    study: Study | DetectorStudy | None
    card: ModelCard | None
    section: str | None
    note: str
    fraction: float


def studio_explorer(study: Study, desk: PeerDesk | None = None) -> Explorer:
    """Read a card, change the model behind it, and watch which sentences go out of date.

    Parameters
    ----------
    study : Study
        With the photos that were learned from.
    desk : PeerDesk, optional
        Its findings are appended to the card.
    """
    desk = desk or PeerDesk(study.model, study.test)

    def save(page: str, shown: Study) -> str:
        folder = save_card_bundle(folder_of_studio(), shown, page, desk.findings)
        return f"Saved in {folder}: open model_card.html there, give the folder to a peer."

    return _Studio(
        study, StudioState, "The card", ("Save card and bundle", save),
        model_study, write_card, lambda: desk.findings,
    ).explorer  # fmt: skip


def detector_card_explorer(study: DetectorStudy) -> Explorer:
    """Read the card of a detector, set its threshold anew, and watch what goes out of date.

    Parameters
    ----------
    study : DetectorStudy
    """

    def save(page: str, _shown: DetectorStudy) -> str:
        file = save_page(folder_of_studio() / "with_boxes", page)
        return f"Saved: open {file}."

    return _Studio(
        study, DetectorCardState, "The card of a detector", ("Save the card", save),
        detector_study, write_detector_card,
    ).explorer  # fmt: skip


class _Studio:
    """The widgets of a card, and what its button does.

    Parameters
    ----------
    study : Study or DetectorStudy
    state : type
        Of the controls.
    title : str
    saving : tuple of str and callable, ``save(page, study) -> what became of it``
        The words of the button, and what it does.
    changes : module
        What may happen to such a model, and how it is measured then.
    write : callable
        Writes the card.
    findings : callable
        Returns what peers found.
    """

    def __init__(
        self,
        study: Any,
        state: type[StudioState],
        title: str,
        saving: tuple[str, Callable[[str, Any], str]],
        changes: ModuleType,
        write: Callable[..., ModelCard],
        findings: Callable[[], tuple[PeerFinding, ...]] = tuple,
    ):
        self.study = study
        self.note = ""
        self._changes = changes
        self._write = write
        self._findings = findings
        self._models = {changes.CHANGES[0]: study.fingerprint}
        self._studies = {changes.CHANGES[0]: study}
        self._drawings: dict[str, tuple] = {}
        words, self._keep = saving
        self.page = ipywidgets.HTML()
        self.page.layout.width = "630px"
        first = state(**{part: getattr(study.brief, part) for part in _WORDS})
        save = ipywidgets.Button(description=words)
        save.on_click(lambda _button: self._save())
        self.explorer = Explorer(
            first,
            self._compute,
            self._draw,
            title=title,
            purpose="Change the model, and see what the card says of itself.",
            stage=[button_row(save), self.page],
            words=lambda _view: {"section": {"Caveats and recommendations": "Caveats"}},
            describe=self._sentence,
            forget=self._forget,
        )

    def _compute(self, state: StudioState) -> Iterator[CardView]:
        yield CardView(None, None, None, self.note, 0.0)
        if state.change not in self._models:
            self._models[state.change] = self._changes.fingerprint_after(self.study, state.change)
        if state.anew and state.change not in self._studies:
            for record in self._changes.measured_after(self.study, state.change, _today()):
                if isinstance(record, StudyStep):
                    yield CardView(None, None, None, self.note, record.fraction)
                else:
                    self._studies[state.change] = record
        shown = self._studies[state.change] if state.anew else self.study
        brief = replace(
            shown.brief,
            **{part: getattr(state, part) for part in _WORDS},
            example=shown.brief.example and self._still_example(state),
        )
        shown = replace(shown, brief=brief)
        card = self._write(
            shown,
            worst=state.worst,
            model_now=self._models[state.change],
            findings=self._findings(),
        )
        section = None if state.section == _ALL else state.section
        yield CardView(shown, card, section, self.note, 1.0)

    def _still_example(self, state: StudioState) -> bool:
        return any(getattr(state, part) == getattr(self.study.brief, part) for part in _WORDS)

    def _pictures(self, study: Any) -> tuple:
        if study.fingerprint not in self._drawings:
            self._drawings[study.fingerprint] = figures.card_pictures(study)
        return self._drawings[study.fingerprint]

    def _draw(self, view: CardView) -> None:
        if view.card is None:
            return
        card = view.card
        if view.section:
            card = replace(card, sections=(card[view.section],))
        self.page.value = (
            f"<style>{STYLE}</style>"
            '<div class="aml4d-card-page" role="region" tabindex="0" aria-label="The model card" '
            'style="max-height:480px;overflow:auto;border:1px solid #d0d7de;border-radius:6px">'
            f"{card_markup(card, self._pictures(view.study))}</div>"
        )

    def _sentence(self, view: CardView) -> str:
        if view.card is None:
            return f"{view.note} Measuring: {percent(view.fraction)} done.".strip()
        return f"{view.note} {figures.describe_card(view.card, view.section)}".strip()

    def _forget(self) -> None:
        self.note = ""

    def _save(self) -> None:
        view = self.explorer.result
        try:
            if view.card is None:
                raise ValueError("Wait until the card is written.")
            page = card_page(view.card, self._pictures(view.study))
            self.note = self._keep(page, view.study)
        except (ValueError, OSError) as problem:
            self.note = str(problem)
        self.explorer.refresh()


def folder_of_studio() -> Path:
    """Return where the card and the bundle are saved."""
    return state_dir() / "design_studio"


def _today() -> str:
    return datetime.date.today().isoformat()


# --- the peer round ----------------------------------------------------------------------------

_THINGS = [f"thing {k + 1}" for k in range(MOST)]
_SIDE = 256
_NAMED_ROW = 1.6
"""A row of bars is so many times as high where names stand above the bars."""
_OWN, _FRAME = "your own photo", "the camera's last frame"
_CLASSES = [f"class {k + 1}" for k in range(MOST_CLASSES)]


@dataclass
class PeerState:
    """What is shown to the model, and how it is changed."""

    thing: str = choice("thing 1", (*_THINGS, _OWN, _FRAME), label="Show it")
    turn: int = slider(0, low=-180, high=180, step=5, label="Turn", unit="°")
    share: int = slider(100, low=15, high=100, step=5, label="Width", unit="%")
    light: int = slider(100, low=5, high=100, step=5, label="Light", unit="%")
    words: str = typed("", label="What you did, in your words")
    hidden: int = slider(
        0, low=0, high=70, step=5, label="Hidden from the left", unit="%", advanced=True
    )
    truth: str = choice("class 1", _CLASSES, label="Own photo or camera shows", advanced=True)
    blur: float = slider(0, low=0, high=6, step=0.5, label="Blur", unit="px", advanced=True)


@dataclass(frozen=True)
class Asked:
    """A picture that the peer shows, and what the model says."""

    name: str
    truth: str
    picture: np.ndarray
    chances: dict[str, float]


def peer_explorer(
    desk: PeerDesk, things: tuple[str, ...] = (), clock: Callable[[], float] = time.monotonic
) -> Explorer:
    """Be the peer: ten minutes to find one failure that the card does not know.

    Parameters
    ----------
    desk : PeerDesk
    things : tuple of str
        What the owner photographed: it is not offered.
    clock : callable
        Returns seconds.
    """
    return _PeerTable(desk, things, clock).explorer


class _PeerTable:
    """The widgets of the peer round, and what its buttons do."""

    def __init__(self, desk: PeerDesk, seen: tuple[str, ...], clock: Callable[[], float]):
        self.clock = clock
        self._own = (desk, seen, None)
        self._sit_down(*self._own)
        self.frame: np.ndarray | None = None
        self.picture = Picture("what the model sees", _SIDE)
        self.bars = Plot("what it says", 324)
        self.camera = Camera(320, on_frame=self._take, kept="The last one, until the next.")
        self.known = Picture("what the card knows already", 620)
        self.folder = FolderFiles("Load a peer's folder …", "Folder of a peer", FILES, self._load)
        self.back = ipywidgets.Button(description="Save it for the owner")
        self.back.on_click(lambda _button: self._save())
        self.back.layout.display = "none"
        begin = ipywidgets.Button(description="Start the ten minutes")
        begin.on_click(lambda _button: self._begin())
        append = ipywidgets.Button(description="A failure: append it")
        append.on_click(lambda _button: self._append())
        first = _THINGS[0] if self.things else _OWN
        self.explorer = Explorer(
            PeerState(thing=first),
            self._compute,
            self._draw,
            title="Ten minutes for one failure",
            purpose="Find a failure that the card does not know.",
            stage=[
                self.picture,
                self.bars.boxed(),
                self.camera,
                button_row(begin, append, self.folder, self.back),
                self.known,
            ],
            describe=self._sentence,
            words=lambda _asked: self._names(),
            forget=self._forget,
        )

    def _sit_down(self, desk: PeerDesk, seen: Sequence[str], study: Study | None) -> None:
        """Put a model on the table; ``study`` is there if it came in a folder."""
        self.desk, self.study = desk, study
        self.things = unseen_things(desk.model.classes, tuple(seen))

    def _names(self) -> dict[str, dict[str, str]]:
        named = dict(zip(_THINGS, (thing.name for thing in self.things), strict=False))
        unused = {place: "(no such thing)" for place in _THINGS[len(self.things) :]}
        classes = self.desk.model.classes
        known = dict(zip(_CLASSES, classes, strict=False))
        none = {place: "(no such class)" for place in _CLASSES[len(classes) :]}
        return {"thing": named | unused, "truth": known | none}

    def _thing(self, state: PeerState) -> PeerThing:
        if state.thing == _FRAME and self.frame is not None:
            return PeerThing("The camera's last frame", None, images.as_float(as_own(self.frame)))
        if state.thing in (_OWN, _FRAME) or not self.things:
            name = "The camera has shown nothing yet; your own photo"
            own = images.as_float(as_own(images.own_photo()))
            return PeerThing(name if state.thing == _FRAME else "Your own photo", None, own)
        return self.things[min(_THINGS.index(state.thing), len(self.things) - 1)]

    def _compute(self, state: PeerState) -> Asked:
        thing = self._thing(state)
        classes = self.desk.model.classes
        truth = thing.truth or classes[min(_CLASSES.index(state.truth), len(classes) - 1)]
        change = PeerChange(
            state.turn, state.share / 100, state.light / 100, state.blur, state.hidden / 100
        )
        picture = changed(thing.picture, change)
        chances = self.desk.model.probabilities(picture)
        return Asked(f"{thing.name}, {change.in_words}", truth, picture, chances)

    def _draw(self, asked: Asked) -> None:
        words = self._words(asked)
        filming = hasattr(self, "explorer") and self.explorer.state.thing == _FRAME
        if not filming and self.camera.layout.display is None:
            self.camera.stop()  # Nobody is filmed without seeing it.
        self.camera.layout.display = None if filming else "none"
        self.back.layout.display = None if self.study else "none"
        self.picture.show(asked.picture, words)
        cases, found = self.desk.known(figures.STRIP), self.desk.findings
        pictures = [one.picture for one in (*reversed(found), *cases)]
        self.known.show(figures.strip(pictures), figures.describe_known(cases, found))
        self.bars.bars(
            [Bar(name, p, strong=name == asked.truth) for name, p in asked.chances.items()],
            words, high=1, percent=True,
            row_height=int(_SIDE / _NAMED_ROW / len(asked.chances)),
        )  # fmt: skip

    def _words(self, asked: Asked) -> str:
        return figures.describe_asked(
            asked.name, asked.truth, asked.chances, self.desk.findings, self.desk.left(self.clock())
        )

    def _sentence(self, asked: Asked) -> str:
        said = self.explorer.state.words.strip() if hasattr(self, "explorer") else ""
        words = f"Your words: “{said[:60]}”." if said else "Say in your words what you did."
        return " ".join(filter(None, [self.desk.note, self._words(asked), words]))

    def _take(self, frame: np.ndarray) -> dict[str, float]:
        self.frame = frame
        if self.explorer.state.thing == _FRAME:
            self.explorer.refresh()
        return self.desk.model.probabilities(frame)

    def _begin(self) -> None:
        self.desk.begin(self.clock())
        self.explorer.refresh()

    def _append(self) -> None:
        asked = self.explorer.result
        said = self.explorer.state.words
        words = f"{asked.name}. {said}".strip() if said.strip() else ""
        try:
            self.desk.append(asked.picture, asked.truth, words, self.clock(), _today())
        except ValueError as problem:
            self.desk.note = str(problem)
        self.explorer.refresh()

    def _load(self, files: Mapping[str, bytes]) -> None:
        try:
            bundle = read_card_bundle(files, self.desk.model.bodies)
        except ValueError as problem:
            self.desk.note = str(problem)
        else:
            self._put(bundle)
        self.explorer.refresh()

    def _put(self, bundle: CardBundle) -> None:
        study, own = bundle.study, self._own[0]
        if (study.fingerprint, study.test.seal) == (model_fingerprint(own.model), own.test.seal):
            self._sit_down(*self._own)
            new = own.take_back(bundle.findings)
            own.note = f"Your own model came back. New failures, appended to your card: {new}."
            return
        self._sit_down(PeerDesk(study.model, study.test, bundle.findings), study.things, study)
        written, again = counted_again(study)
        self.desk.note = (
            f"Loaded: {study.brief.name}. Its card says {written} right of {len(study.test)}; "
            f"counted again, {again}."
        )

    def _save(self) -> None:
        folder, findings = folder_of_studio() / "for_the_owner", self.desk.findings
        try:
            card = write_card(self.study, findings=findings)
            page = card_page(card, figures.card_pictures(self.study))
            save_card_bundle(folder, self.study, page, findings)
        except (ValueError, OSError) as problem:
            self.desk.note = str(problem)
        else:
            self.desk.note = f"Saved in {folder}, with what was found. Give it back to the owner."
        self.explorer.refresh()

    def _forget(self) -> None:
        self._sit_down(*self._own)
        self.desk.note = ""
