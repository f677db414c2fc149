"""The kernel inspector in Chromium, without Jupyter: its numbers, its controls, its words."""

import itertools

import numpy as np
import pytest
import skimage.data
import torch
from widget_page import Opened

from aml4d_utils.topics.convolution.kernel_inspector import KernelInspector, kernel_inspector
from aml4d_utils.topics.convolution.kernels import KERNELS

pytestmark = pytest.mark.browser


WAYWARD = np.array([[0.3, -1.0, 2.5], [0.0, 0.75, -0.2], [1.0, 0.0, -3.0]])
"""Unlike itself under every turn and mirror, so that a flipped kernel cannot pass."""


class Inspector(Opened):
    def text(self, name: str) -> str:
        return self.find(f".aml4d-ki-{name}").inner_text()

    def cell(self, row: int, column: int, channel: int = 0):
        size = len(self.get("kernel")[0])
        cells = self.find(".aml4d-ki-equation").nth(channel).locator("input")
        return cells.nth(row * size + column)

    def canvas(self, title: str):
        return self.page.locator("#first figure", has_text=title).locator("canvas")


@pytest.fixture
def opened(open_widget, request):
    options = {"image": skimage.data.chelsea(), **getattr(request, "param", {})}
    context = options.pop("context", {})
    return open_widget(kernel_inspector(**options), Inspector, **context)


# --- numbers --------------------------------------------------------------------

_SETTINGS = [
    {"stride": stride, "padding": padding, "dilation": dilation}
    for stride, padding, dilation in itertools.product((1, 2, 3), (0, 1, 2), (1, 2))
]
_COMPUTE = """([kernels, mode, settings]) => {
  const { model, inside } = window.page;
  const bytes = new Uint8Array(model.get("pixels").buffer);
  const planes = inside.planesOf(bytes, mode, model.get("grey_weights"));
  return settings.map((geometry) => {
    const used = kernels.slice(0, planes.length);
    const map = inside.correlate(planes, model.get("size"), used, geometry);
    return { ...map, values: [...map.values] };
  });
}"""


def _conv2d(widget: KernelInspector, kernels: np.ndarray, mode: str, settings: dict) -> np.ndarray:
    planes = np.moveaxis(widget.image(), -1, 0)
    if mode == "grey":
        planes = np.tensordot(widget.grey_weights, planes, axes=1)[None]
    weights = torch.tensor(kernels[: len(planes)])[None]
    return torch.nn.functional.conv2d(torch.tensor(planes[None]), weights, **settings)[0, 0].numpy()


@pytest.mark.parametrize("opened", [{"longest": 40}], indirect=True)
def test_numbers_equal_conv2d(opened):
    kernels = {name: np.stack([kernel.values] * 3) for name, kernel in KERNELS.items()}
    kernels["wayward"] = np.stack([WAYWARD, WAYWARD.T, -WAYWARD[::-1]])
    negatives = 0
    for (name, weights), mode in itertools.product(kernels.items(), ("grey", "rgb")):
        maps = opened.page.evaluate(_COMPUTE, [weights.tolist(), mode, _SETTINGS])
        for settings, found in zip(_SETTINGS, maps, strict=True):
            expected = _conv2d(opened.widget, weights, mode, settings)
            assert (found["rows"], found["columns"]) == expected.shape, (name, mode, settings)
            np.testing.assert_allclose(
                found["values"], expected.ravel(), atol=1e-5, err_msg=f"{name} {mode} {settings}"
            )
            negatives += int((expected < 0).sum())
    assert negatives > 10_000


def test_page_shows_the_numbers_of_python(opened):
    opened.set(kernel=np.stack([WAYWARD] * 3).tolist(), mode="rgb", stride=2, dilation=2)
    for name in ("kernel", "mode", "stride", "dilation"):
        setattr(opened.widget, name, opened.get(name))
    expected = opened.widget.output()
    for row, column in ((0, 0), (11, 20), (expected.shape[0] - 1, expected.shape[1] - 1)):
        opened.set(cursor=[row, column])
        total = opened.text("total").replace("≈", "=")
        assert float(total.split("=")[-1].replace("−", "-")) == pytest.approx(
            expected[row, column], abs=0.0051
        )
        terms = [term.split()[-1].replace("−", "-") for term in total.split("=")[1].split("+")]
        assert sum(map(float, terms)) == pytest.approx(expected[row, column], abs=0.02)


def test_products_of_the_window(opened):
    opened.set(cursor=[0, 5])
    image = np.tensordot(opened.widget.grey_weights, np.moveaxis(opened.widget.image(), -1, 0), 1)
    values = opened.page.locator("#first .aml4d-ki-equation .aml4d-ki-cells").first
    shown = values.locator(".aml4d-ki-cell").all_inner_texts()
    assert shown[:3] == ["0.00"] * 3
    assert shown[3:] == [f"{value:.2f}" for value in image[:2, 4:7].ravel()]
    assert values.locator(".aml4d-ki-padded").count() == 3


def test_two_lines_of_the_size_formula(opened):
    opened.set(stride=3, padding=2, dilation=2)
    assert opened.text("formula").splitlines() == [
        "rows ⌊(64 + 2·2 − 2·(3−1) − 1) / 3⌋ + 1 = 22",
        "columns ⌊(96 + 2·2 − 2·(3−1) − 1) / 3⌋ + 1 = 32",
    ]
    opened.widget.stride, opened.widget.padding, opened.widget.dilation = 3, 2, 2
    assert opened.widget.output().shape == (22, 32)


def test_signed_colours_are_symmetric_and_white_at_zero(opened):
    colour = "share => window.page.inside.signedColour(share)"
    assert min(opened.page.evaluate(colour, 0)) > 240
    for share in (0.2, 0.5, 1):
        left, right = (opened.page.evaluate(colour, sign * share) for sign in (-1, 1))
        assert left[2] > left[0] and right[0] > right[2]
        light = [0.2126, 0.7152, 0.0722]
        assert abs(np.dot(light, left) - np.dot(light, right)) < 30


# --- pointing and keys -------------------------------------------------------------


def test_hovering_moves_the_window(opened):
    box = opened.canvas("Photo").bounding_box()
    opened.page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    opened.settle()
    row, column = opened.get("cursor")
    assert abs(column - 24) <= 2 and abs(row - 32) <= 2
    box = opened.canvas("Feature map").bounding_box()
    opened.page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 4)
    opened.settle()
    row, column = opened.get("cursor")
    assert abs(column - 72) <= 2 and abs(row - 16) <= 3
    assert opened.text("place") == f"Row {row}, column {column} of the feature map"


def test_a_click_pins_the_window(opened):
    box = opened.canvas("Feature map").bounding_box()
    opened.page.mouse.click(box["x"] + 100, box["y"] + 100)
    pinned = opened.get("cursor")
    opened.page.mouse.move(box["x"] + 200, box["y"] + 50)
    assert opened.get("cursor") == pinned
    assert "pinned" in opened.page.locator("#first .aml4d-ki-picture-caption").first.inner_text()
    opened.page.keyboard.press("Escape")
    opened.page.mouse.move(box["x"] + 210, box["y"] + 50)
    assert opened.get("cursor") != pinned


@pytest.mark.parametrize("opened", [{"context": {"has_touch": True}}], indirect=True)
def test_touch(opened):
    before = opened.get("cursor")
    box = opened.canvas("Photo").bounding_box()
    opened.page.touchscreen.tap(box["x"] + 30, box["y"] + 30)
    assert opened.get("cursor") != before


def test_arrow_keys_move_the_window_and_the_words(opened):
    canvas = opened.canvas("Feature map")
    label = canvas.get_attribute("aria-label")
    canvas.focus()
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowDown", "ArrowLeft", "ArrowLeft"):
        opened.page.keyboard.press(key)
        opened.settle()
    assert opened.get("cursor") == [32 + 11, 48 - 1]
    assert canvas.get_attribute("aria-label") != label
    assert "At row 43, column 47 the value is" in canvas.get_attribute("aria-label")
    opened.page.keyboard.press("Home")
    opened.settle()
    assert opened.get("cursor") == [43, 0]
    opened.page.keyboard.press("PageUp")
    opened.settle()
    opened.canvas("Photo").focus()
    opened.page.keyboard.press("End")
    opened.settle()
    assert opened.get("cursor") == [33, 95]
    opened.page.wait_for_timeout(800)
    assert "at row 33, column 95 the nine products add up to" in opened.text("sentence")
    assert opened.python_follows().cursor == (33, 95)


def test_the_sentence_waits_for_the_hand_to_rest(opened):
    before = opened.text("sentence")
    opened.canvas("Photo").focus()
    for _ in range(5):
        opened.page.keyboard.press("ArrowRight")
        opened.page.wait_for_timeout(60)
        assert opened.text("sentence") == before
    opened.page.wait_for_function(
        "before => document.querySelector('.aml4d-ki-sentence').innerText !== before", arg=before
    )


# --- editing ----------------------------------------------------------------------


def test_typing_a_weight(opened):
    opened.cell(0, 0).focus()
    opened.page.keyboard.type("-2.5")
    opened.page.keyboard.press("Tab")
    opened.settle()
    assert [grid[0][0] for grid in opened.get("kernel")] == [-2.5] * 3
    assert opened.get("kernel_name") == "My own kernel"
    assert opened.page.evaluate("document.activeElement.ariaLabel") == "Weight row 1 column 2"
    widget = opened.python_follows()
    assert widget.kernel[0][0][0] == -2.5
    row, column = widget.cursor
    assert f"= {widget.output()[row, column]:.2f}".replace("-", "−") in opened.text("total")


def test_arrow_keys_change_a_weight(opened):
    cell = opened.cell(1, 1)
    cell.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowDown", "Shift+ArrowUp"):
        opened.page.keyboard.press(key)
    opened.settle()
    assert opened.get("kernel")[0][1][1] == 4.6
    assert cell.input_value() == "4.6"
    assert cell.get_attribute("aria-valuenow") == "4.6"


def test_the_sum_of_the_weights_follows_them(opened):
    caption = opened.page.locator("#first .aml4d-ki-block-caption").nth(1)
    assert caption.inner_text() == "Kernel: type, ↑ ↓, sum of weights 0"
    opened.widget.kernel_name = "Box blur"
    opened.set(kernel=opened.widget.kernel, kernel_name="Box blur")
    assert caption.inner_text().endswith("sum of weights 1.00")
    opened.cell(1, 1).focus()
    opened.page.keyboard.type("-1")
    opened.page.keyboard.press("Tab")
    opened.settle()
    assert caption.inner_text().endswith("sum of weights −0.11")
    opened.set(mode="rgb")
    captions = opened.page.locator("#first .aml4d-ki-block-caption").all_inner_texts()
    assert [text.split(",")[0] for text in captions[1::3]] == ["R kernel", "G kernel", "B kernel"]


@pytest.mark.parametrize(
    "text", ["abc", "1e999", "", "--1", "1-1", "NaN", "Infinity", "100", "0x1"]
)
def test_silly_weights_are_refused(opened, text):
    cell = opened.cell(0, 1)
    cell.fill(text)
    cell.press("Enter")
    opened.settle()
    assert opened.get("kernel")[0][0][1] == -1
    assert "so the weight stays −1.0." in opened.text("message")
    assert cell.input_value() == "−1"
    cell.fill("2")
    cell.press("Enter")
    opened.settle()
    assert opened.get("kernel")[0][0][1] == 2
    assert opened.page.locator("#first .aml4d-ki-message").inner_text() == ""


@pytest.mark.parametrize(
    ("text", "weight"),
    [("-", None), (".5", 0.5), ("−3", -3), ("1,5", 1.5), (" 7 ", 7), ("+2.", 2), ("1e1", 10),
     ("-0", 0), ("99", 99), ("99.1", None), ("1e-9", 1e-9)],
)  # fmt: skip
def test_what_counts_as_a_weight(opened, text, weight):
    assert opened.page.evaluate("text => window.page.inside.parsedWeight(text)", text) == weight


def test_undo_and_reset(opened):
    for column in range(3):
        opened.cell(2, column).fill("9")
        opened.cell(2, column).press("Enter")
    opened.page.get_by_label("3", exact=True).first.click()
    assert opened.get("stride") == 3
    opened.page.keyboard.press("Control+z")
    assert opened.get("stride") == 1
    opened.page.keyboard.press("Control+z")
    assert opened.get("kernel")[0][2] == [9, 9, 0]
    opened.page.get_by_text("Kernel tools").click()
    opened.page.get_by_role("button", name="Undo").click()
    assert opened.get("kernel")[0][2] == [9, -1, 0]
    opened.page.get_by_role("button", name="Reset").click()
    assert opened.get("kernel")[0] == KERNELS["Laplacian"].values.tolist()
    opened.page.get_by_role("button", name="Undo").click()
    assert opened.get("kernel")[0][2] == [9, -1, 0]


def test_half_typed_text_keeps_its_own_undo(opened):
    opened.cell(0, 0).fill("5")
    opened.cell(0, 0).press("Enter")
    opened.cell(0, 1).focus()
    opened.page.keyboard.type("77")
    opened.page.keyboard.press("Control+z")
    assert opened.get("kernel")[0][0][0] == 5


def test_presets_sizes_and_tools(opened):
    page = opened.page
    page.get_by_label("Kernel", exact=True).select_option("Gabor")
    opened.settle()
    np.testing.assert_array_equal(opened.get("kernel")[0], KERNELS["Gabor"].values)
    assert "diagonal stripes" in opened.text("finds")
    assert page.locator("#first .aml4d-ki-equation input").count() == 49
    page.get_by_text("Kernel tools").click()
    page.get_by_label("3 by 3").click()
    opened.settle()
    np.testing.assert_array_equal(opened.get("kernel")[0], KERNELS["Gabor"].values[2:5, 2:5])
    page.get_by_label("5 by 5").click()
    opened.settle()
    np.testing.assert_array_equal(
        opened.get("kernel")[0], np.pad(KERNELS["Gabor"].values[2:5, 2:5], 1)
    )
    opened.set(kernel=np.stack([WAYWARD] * 3).tolist())
    page.get_by_role("button", name="Turn 90°").click()
    np.testing.assert_array_equal(opened.get("kernel")[1], np.rot90(WAYWARD, -1))
    page.get_by_role("button", name="Clear").click()
    opened.settle()
    assert not np.any(opened.get("kernel"))
    assert opened.text("sentence")
    assert (
        "0 (0 %) negative" in page.locator("#first .aml4d-ki-picture-caption").nth(1).inner_text()
    )


def test_colour_has_a_kernel_for_each_channel(opened):
    page = opened.page
    page.get_by_label("Colour", exact=True).click()
    opened.settle()
    assert page.locator("#first .aml4d-ki-equation").count() == 3
    opened.cell(1, 1, channel=2).fill("8")
    opened.cell(1, 1, channel=2).press("Enter")
    assert [grid[1][1] for grid in opened.get("kernel")] == [8, 8, 8]
    page.get_by_text("Kernel tools").click()
    page.get_by_label("One kernel for R, G and B").uncheck()
    opened.cell(1, 1, channel=2).fill("5")
    opened.cell(1, 1, channel=2).press("Enter")
    opened.settle()
    assert [grid[1][1] for grid in opened.get("kernel")] == [8, 8, 5]
    assert opened.text("total").startswith("Σ = R ")
    widget = opened.python_follows()
    assert not widget.linked
    assert widget.mode == "rgb"
    page.get_by_label("One kernel for R, G and B").check()
    assert [grid[1][1] for grid in opened.get("kernel")] == [8, 8, 8]


# --- map colours and scan ------------------------------------------------------------


def test_clipped_grey_counts_what_is_lost(opened):
    opened.page.get_by_text("Map colours and scan").click()
    opened.page.get_by_label("Grey, values below 0").click()
    opened.settle()
    lost = int((opened.widget.output() < -1e-9).sum())
    caption = opened.page.locator("#first .aml4d-ki-picture-caption").nth(1)
    assert f"{lost:,} (" in caption.inner_text()
    assert caption.inner_text().endswith("negative: lost")
    opened.page.wait_for_timeout(800)
    assert "clipped grey hides that" in opened.text("sentence")
    assert opened.python_follows().display == "clipped"


def test_scan_fills_the_map_and_can_be_paused(opened):
    page = opened.page
    opened.set(stride=4)
    page.get_by_role("button", name="Scan").click()
    page.wait_for_function("window.page.model.get('scanned') > 20")
    page.get_by_role("button", name="Pause").click()
    paused = opened.get("scanned")
    columns = opened.widget.size[1] // 4
    assert opened.get("cursor") == [(paused - 1) // columns, (paused - 1) % columns]
    page.wait_for_timeout(200)
    assert opened.get("scanned") == paused
    page.get_by_text("Map colours and scan").click()
    page.get_by_role("button", name="Next step").click()
    assert opened.get("scanned") == paused + 1
    page.get_by_label("Fast").click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_function("window.page.model.get('scanned') === -1", timeout=20_000)
    assert opened.get("cursor") == [15, 23]
    page.get_by_role("button", name="Scan").wait_for()


def test_a_new_setting_ends_the_scan(opened):
    opened.page.get_by_role("button", name="Scan").click()
    opened.page.wait_for_function("window.page.model.get('scanned') > 2")
    opened.page.get_by_label("Colour", exact=True).click()
    opened.page.get_by_role("button", name="Scan").wait_for()
    assert opened.get("scanned") == -1


@pytest.mark.parametrize("opened", [{"context": {"reduced_motion": "reduce"}}], indirect=True)
def test_reduced_motion_steps_instead(opened):
    step = opened.page.get_by_role("button", name="Scan: next step")
    step.click()
    step.click()
    opened.page.wait_for_timeout(300)
    assert opened.get("scanned") == 2
    assert opened.get("cursor") == [0, 1]


# --- odd images, several views, endings ------------------------------------------------


@pytest.mark.parametrize(
    "opened",
    [{"image": np.full((1, 1), 0.5)}, {"image": np.ones((1, 40, 3))}, {"image": np.ones((40, 2))}],
    indirect=True,
)
def test_tiny_images(opened):
    for name, kernel in KERNELS.items():
        weights = kernel.values.tolist()
        for padding in (0, 3):
            opened.set(kernel=[weights] * 3, kernel_name=name, padding=padding, dilation=1)
            opened.widget.kernel_name, opened.widget.padding = name, padding
            expected = opened.widget.output()
            if expected.size:
                row, column = (min(at, n - 1) for at, n in zip(
                    opened.get("cursor"), expected.shape, strict=True))  # fmt: skip
                shown = opened.text("total").split("=")[-1].replace("−", "-")
                assert float(shown) == pytest.approx(expected[row, column], abs=0.0051)
            else:
                assert opened.text("total") == "no sum"
                assert "fits nowhere" in opened.text("empty")
                assert opened.page.get_by_role("button", name="Scan").is_disabled()


def test_changes_from_python_and_a_second_view(opened):
    opened.page.evaluate("window.page.open('second')")
    opened.set(stride=2, kernel=[[[2.0]]] * 3, kernel_name="My own kernel")
    formula = "#second .aml4d-ki-formula"
    assert "(64 + 2·1 − 1·(1−1) − 1) / 2" in opened.page.locator(formula).inner_text()
    opened.cell(0, 0).fill("3")
    opened.cell(0, 0).press("Enter")
    opened.settle()
    second = opened.page.locator("#second .aml4d-ki-equation input")
    assert second.input_value() == "3"
    second.press("Control+z")
    opened.settle()
    assert opened.cell(0, 0).input_value() == "2"
    totals = opened.page.locator(".aml4d-ki-total").all_inner_texts()
    assert totals[0] == totals[1]


def test_closing_leaves_nothing_behind(opened):
    opened.page.get_by_role("button", name="Scan").click()
    opened.page.evaluate("window.page.closeAll()")
    scanned = opened.get("scanned")
    opened.page.wait_for_timeout(300)
    assert opened.get("scanned") == scanned
    listeners = "() => Object.values(window.page.model.listeners).flat().length"
    assert opened.page.evaluate(listeners) == 0


def test_no_more_than_six_visible_controls(opened):
    controls = opened.page.locator("#first .aml4d-ki-controls")
    groups = controls.get_by_role("radiogroup").filter(visible=True).count()
    selects = controls.locator("select:visible").count()
    ends = controls.locator(
        ".aml4d-ends button"
    ).count()  # Reset and the saved picture do not count.
    buttons = controls.locator("button:visible").count() - ends
    assert groups + selects + buttons == 6


def test_everything_has_a_name(opened):
    opened.page.evaluate(
        "document.querySelectorAll('details').forEach(one => { one.open = true; })"
    )
    nameless = opened.page.evaluate(
        """() => [...document.querySelectorAll('#first :is(input, select, button, canvas)')]
        .filter(one => !(one.ariaLabel || one.innerText || one.labels?.[0]?.innerText))
        .map(one => one.outerHTML)"""
    )
    assert nameless == []


@pytest.mark.parametrize("name", ["Laplacian", "Gaussian blur", "Gabor"])
def test_nothing_is_cut_off(opened, name):
    weights = KERNELS[name].values.tolist()
    opened.set(kernel=[weights] * 3, kernel_name=name, mode="rgb")
    for width in (360, 480, 700, 860, 960):
        opened.page.set_viewport_size({"width": width + 24, "height": 900})
        opened.settle()
        outside = opened.page.evaluate(
            """() => {
            const edge = document.querySelector('#first').getBoundingClientRect();
            return [...document.querySelectorAll('#first :not(.aml4d-hidden)')]
              .filter(one => one.getBoundingClientRect().right > edge.right + 1)
              .map(one => one.className);
            }"""
        )
        assert outside == [], width


def test_nothing_sticks_out_of_a_phone(opened):
    # JupyterLab leaves an output 204 pixels of a page that is 320 wide.
    room = opened.page.locator("#first")
    room.evaluate(
        """room => {
          room.style.width = "204px";
          for (const more of room.querySelectorAll("details")) more.open = true;
        }"""
    )
    opened.page.wait_for_function(
        "() => document.querySelector('#first canvas').getBoundingClientRect().width < 204"
    )
    opened.settle()
    out = room.evaluate(
        """room => [...room.querySelectorAll("*")]
          .filter(part => part.getBoundingClientRect().right > room.getBoundingClientRect().right)
          .map(part => part.outerHTML.slice(0, 80))"""
    )
    assert out == []
