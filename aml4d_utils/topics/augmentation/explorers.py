"""The explorers of augmentation and attacks: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ipywidgets
import numpy as np

from aml4d_utils import images, nets
from aml4d_utils.topics.augmentation import figures
from aml4d_utils.topics.augmentation.attacked_photo import METHODS, AttackedPhoto, attack_photo
from aml4d_utils.topics.augmentation.chain import NAMES, as_code, at_share
from aml4d_utils.topics.augmentation.varied_photo import MIXES, VariedPhoto, ask, vary
from aml4d_utils.widgets import Bar, Explorer, Picture, Plot, choice, slider

__all__ = ["attack_explorer", "bench_explorer"]

_CLASSIFIERS = {"SqueezeNet": "squeezenet1_1", "EfficientNet-Lite0": "efficientnet_lite0"}
_NOTHING = "nothing"
_STEPS = [_NOTHING, *NAMES]


def _show_answer(plot: Plot, result: VariedPhoto | AttackedPhoto, words: str) -> None:
    """Draw what the network says now, with a line at what it said before."""
    answers = zip(result.names, result.chances_after, result.chances_before, strict=True)
    plot.bars([Bar(*answer) for answer in answers], words, high=1, percent=True)


@dataclass
class BenchState:
    """Which augmentations act, how strongly, and which draw of chance is shown."""

    first: str = choice("rotate", _STEPS, label="First")
    first_share: int = slider(20, low=0, high=100, label="First: strength", unit="%")
    second: str = choice(_NOTHING, _STEPS, label="Then")
    second_share: int = slider(40, low=0, high=100, label="Then: strength", unit="%")
    mix: str = choice(MIXES[0], MIXES, label="Mix in a cup of coffee")
    draw: int = slider(0, low=0, high=99, label="Draw of chance")
    share: int = slider(60, low=0, high=100, label="Your photo's share", unit="%", advanced=True)
    third: str = choice(_NOTHING, _STEPS, label="And then", advanced=True)
    third_share: int = slider(
        40, low=0, high=100, label="And then: strength", unit="%", advanced=True
    )
    net: str = choice("SqueezeNet", list(_CLASSIFIERS), label="Network", advanced=True)


def bench_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Vary a photo by several augmentations in a row: picture, label and answer move together.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    photo = images.photo_or_own(photo)
    loaded = {words: nets.load(name) for words, name in _CLASSIFIERS.items()}
    asked, partners = (
        {words: ask(name, loaded[words], picture) for words, name in _CLASSIFIERS.items()}
        for picture in (photo, images.photo("coffee"))
    )
    before = Picture("before", display_width=190)
    after = Picture("one draw", display_width=266)
    label = Plot("the label it would get", display_width=260)
    answer = Plot("the network's answer (line: before)", display_width=350)
    code = ipywidgets.Textarea(
        description="Code",
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width="626px", height="112px"),
    )

    def compute(state: BenchState) -> VariedPhoto:
        chosen = (
            (state.first, state.first_share),
            (state.second, state.second_share),
            (state.third, state.third_share),
        )
        chain = [(name, at_share(name, share / 100)) for name, share in chosen if name in NAMES]
        return vary(
            _CLASSIFIERS[state.net],
            loaded[state.net],
            asked[state.net],
            chain,
            state.draw,
            mix=state.mix,
            partner=partners[state.net],
            share=state.share / 100,
        )

    def draw(result: VariedPhoto) -> None:
        before.show(result.before, "The photo's centred square, as it is.")
        after.show(result.after, figures.describe_varied(result))
        label.bars(
            [Bar(name, share) for name, share in result.label],
            "The label: " + ", ".join(f"{n} {figures.percent(s)}" for n, s in result.label),
            high=1,
            percent=True,
        )
        _show_answer(answer, result, figures.describe_varied(result))
        code.value = as_code(result.chain)

    return Explorer(
        BenchState(),
        compute,
        draw,
        title="Augmentation bench",
        purpose="What the student of your photo would see, and what it would be told.",
        stage=[before, after, label.boxed(), answer.boxed(), code],
        describe=figures.describe_varied,
    )


@dataclass
class AttackState:
    """How strong the attack is, and on whom."""

    levels: float = slider(2, low=0, high=16, step=0.5, label="Largest change", unit="of 255")
    method: str = choice(METHODS[0], METHODS, label="Attack")
    net: str = choice("SqueezeNet", list(_CLASSIFIERS), label="Network")


def attack_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Change a photo by a few grey levels so that a real network says something else.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    photo = images.photo_or_own(photo)
    loaded = {words: nets.load(name) for words, name in _CLASSIFIERS.items()}
    before = Picture("before", display_width=195)
    added = Picture("added, enlarged", display_width=195)
    after = Picture("after", display_width=195)
    answer = Plot("the network's answer (line: before)", display_width=620)

    def compute(state: AttackState) -> Iterator[AttackedPhoto]:
        name = _CLASSIFIERS[state.net]
        yield from attack_photo(name, loaded[state.net], photo, state.levels, state.method)

    def draw(result: AttackedPhoto) -> None:
        before.show(
            result.before,
            f"The photo before the attack: {result.first_before}, "
            f"{figures.percent(result.chances_before.max())}.",
        )
        added.show(
            figures.enlarged(result),
            f"What is added; the largest change is {result.largest:.1f} of 255 grey levels.",
        )
        after.show(result.after, figures.describe_attack(result))
        _show_answer(answer, result, figures.describe_attack(result))

    return Explorer(
        AttackState(),
        compute,
        draw,
        title="Attack",
        purpose="A change chosen to hurt, and too small to see.",
        stage=[before, added, after, answer],
        describe=figures.describe_attack,
        remember=True,
    )
