"""The explorers of strange poses: controls and wiring, no mathematics."""

from __future__ import annotations

from dataclasses import dataclass

import ipywidgets

from aml4d_utils.solids import thing
from aml4d_utils.topics.poses import figures
from aml4d_utils.topics.poses.asking import NETS
from aml4d_utils.topics.poses.atlas import Atlas, Filling, PoseMap
from aml4d_utils.topics.poses.posing import THINGS, Pose, pose
from aml4d_utils.topics.poses.pulling import KEY_STEP, Hand, turned
from aml4d_utils.widgets import Bar, Explorer, Picture, Plot, choice, slider
from aml4d_utils.widgets.colours import MAGNITUDE, hex_ramp
from aml4d_utils.widgets.picture import box

__all__ = ["pose_explorer"]


@dataclass
class PoseState:
    """Which thing is seen from where, and whose map is shown."""

    name: str = choice(THINGS[0], THINGS, label="Thing")
    yaw: int = slider(30, low=-180, high=180, label="Yaw", unit="°")
    pitch: int = slider(15, low=-90, high=90, label="Pitch", unit="°")
    roll: int = slider(0, low=-180, high=180, step=15, label="Roll", unit="°")
    net: str = choice(NETS[0], NETS, label="Map of")


@dataclass(frozen=True)
class Looking:
    """A pose, and the maps as far as they are filled."""

    seen: Pose
    maps: dict[str, PoseMap]
    net: str


def pose_explorer(atlas: Atlas) -> Explorer:
    """Turn a thing freely, and see what networks say of it in every pose.

    Parameters
    ----------
    atlas : Atlas
        Remembers what was asked; its maps fill while one looks.
    """
    view = Picture(
        "drag it, or use the arrow keys", display_width=236, interactive=True, step=KEY_STEP
    )
    bars = {net: Plot(net, display_width=374) for net in NETS}
    answers = ipywidgets.VBox(list(bars.values()), layout=ipywidgets.Layout(width="374px"))
    every = Picture("", display_width=500, interactive=True, step=figures.CELL)

    def compute(state: PoseState) -> Looking:
        seen = pose(state.name, state.yaw, state.pitch, state.roll)
        return Looking(seen, atlas.maps(seen.thing, float(state.roll)), state.net)

    def later(state: PoseState):
        return atlas.fill(thing(state.name), float(state.roll), state.net)

    def draw(looking: Looking) -> None:
        seen = looking.seen
        view.show(
            seen.picture,
            f"A {seen.thing.name} before grey, at {figures.angles(seen)}. Drag it or use the arrow "
            "keys to turn it.",
        )
        for net, plot in bars.items():
            shown = figures.bars_of(seen.answers[net])
            right = seen.answers[net].right
            plot.bars(
                [Bar(word, share, strong=right and not k) for k, (word, share) in enumerate(shown)],
                figures.describe_bars(seen, net),
                high=1.0,
                percent=True,
                row_height=23,
                label_room=140,
            )
        draw_map(looking.maps, looking.net, seen.yaw, seen.pitch)

    def draw_map(maps: dict[str, PoseMap], net: str, yaw: float, pitch: float) -> None:
        row, column = figures.cell_of(maps[net], yaw, pitch)
        half = figures.CELL / 2
        every.heading = figures.map_heading(maps, net)
        every.cursor = [row, column]
        every.show(
            figures.map_picture(maps[net]),
            f"{figures.describe_map(maps[net])} A box marks the pose above; click, drag or use the "
            "arrow keys to choose another.",
            overlays=[box(column - half, row - half, column + half, row + half, colour=1)],
            colour_bar={"colours": hex_ramp(MAGNITUDE), "low": "0 %", "high": "100 %"},
        )

    def draw_later(filling: Filling, looking: Looking) -> None:
        draw_map(filling.maps, looking.net, looking.seen.yaw, looking.seen.pitch)

    explorer = Explorer(
        PoseState(),
        compute,
        draw,
        title="Every pose",
        purpose="Yaw goes across the map, pitch upwards. Its colour is the probability of a right "
        "word, a cross a wrong first guess.",
        origin="rendered",
        stage=[view, answers, every],
        describe=lambda looking: (
            f"{figures.describe_pose(looking.seen)} The map is that of {looking.net}."
        ),
        later=later,
        draw_later=draw_later,
    )
    hand = Hand()

    def pull(row: int, column: int) -> None:
        right, down = hand.pull(row, column, view.action)
        view.cursor = list(hand.at)
        if right or down:
            yaw, pitch = turned(explorer.state.yaw, explorer.state.pitch, right, down)
            explorer.set(yaw=yaw, pitch=pitch)

    def choose(row: int, column: int) -> None:
        yaw, pitch = figures.pose_at(explorer.result.maps[explorer.state.net], row, column)
        explorer.set(yaw=yaw, pitch=pitch)

    view.cursor = list(hand.at)
    view.on_cursor(pull)
    every.on_cursor(choose)
    return explorer
