"""torchvision is mended where its compiled part does not load, and left alone where it does."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aml4d_utils._torchvision import nms

FAKE = {
    "__init__": "from . import extension\nfrom . import consumer\n",
    "consumer": "from torchvision.extension import _has_ops\nseen_while_loading = _has_ops()\n",
}
HEALTHY = """
import torch
from torch import library as operators
library = operators.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    library.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.impl(name, lambda dets, scores, iou_threshold: torch.tensor([42]), "CPU")
def _has_ops():
    return True
"""
BROKEN = "def _has_ops():\n    return False\n"
REPORT = """
import aml4d_utils, sys
assert "torch" not in sys.modules
import torch, torchvision
boxes = torch.tensor([[0., 0., 9., 9.], [0., 0., 9., 8.]])
print(torchvision.extension._has_ops(), torchvision.consumer.seen_while_loading)
print(torch.ops.torchvision.nms(boxes, torch.tensor([0.2, 0.8]), 0.5).tolist())
print(torchvision.extension._has_ops.__module__)
"""


def run(code, folder=None):
    prefix = f"import sys; sys.path.insert(0, {str(folder)!r})\n" if folder else ""
    done = subprocess.run([sys.executable, "-c", prefix + code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def fake_torchvision(folder, extension):
    package = folder / "torchvision"
    package.mkdir()
    for name, text in {**FAKE, "extension": extension}.items():
        (package / f"{name}.py").write_text(textwrap.dedent(text))
    return folder


def test_broken_installation_is_mended(tmp_path):
    answer = run(REPORT, fake_torchvision(tmp_path, BROKEN))
    # False while loading: what is bound by name then must keep its fallback.
    assert answer == ["True False", "[1]", "aml4d_utils._torchvision"]


def test_healthy_installation_is_untouched(tmp_path):
    answer = run(REPORT, fake_torchvision(tmp_path, HEALTHY))
    assert answer == ["True True", "[42]", "torchvision.extension"]


def test_the_installed_torchvision_works_after_aml4d_utils():
    code = """
    import inspect
    import aml4d_utils, torch, torchvision
    from torchvision.ops import batched_nms, nms
    boxes = torch.tensor([[0., 0., 9., 9.], [0., 0., 9., 8.], [50., 50., 60., 60.]])
    scores = torch.tensor([0.2, 0.8, 0.5])
    print(nms(boxes, scores, 0.5).tolist())
    print(batched_nms(boxes, scores, torch.tensor([0, 1, 0]), 0.5).tolist())
    print(torchvision.models.squeezenet1_1(weights=None).training, bool(inspect.getsource(nms)))
    """
    answer = run(textwrap.dedent(code))
    assert answer == ["[1, 2]", "[1, 2, 0]", "True True"]


def test_the_hook_is_installed_once():
    code = (
        "import sys, aml4d_utils; from aml4d_utils import _torchvision as t; t.install_hook()\n"
        "print(sum(isinstance(finder, t._Finder) for finder in sys.meta_path))"
    )
    assert run(code) == ["1"]


def test_a_missing_torchvision_is_reported_as_missing(tmp_path):
    code = (
        "import sys, aml4d_utils; sys.path[:] = []\n"
        "try:\n    import torchvision\n"
        "except ModuleNotFoundError as error:\n    print(error)"
    )
    assert run(code) == ["No module named 'torchvision'"]


def plain_nms(boxes, scores, threshold):
    """Slow and obvious: one pair at a time, in float32 as the fast one."""
    waiting = sorted(range(len(boxes)), key=lambda i: -scores[i])
    kept = []
    while waiting:
        best, *others = waiting
        kept.append(best)
        waiting = [i for i in others if not plain_iou(boxes[best], boxes[i]) > threshold]
    return kept


def plain_iou(a, b):
    width = max(min(a[2], b[2]) - max(a[0], b[0]), np.float32(0))
    height = max(min(a[3], b[3]) - max(a[1], b[1]), np.float32(0))
    shared = width * height
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return shared / both if both else np.float32("nan")


# Few distinct values, so that equal scores and equal boxes are common.
corner = st.integers(0, 6)
side = st.integers(0, 4)
box = st.tuples(corner, corner, side, side).map(lambda t: (t[0], t[1], t[0] + t[2], t[1] + t[3]))
scored = st.lists(st.tuples(box, st.integers(0, 3)), max_size=25)


@settings(deadline=None, max_examples=200)
@given(scored, st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 1.0]))
def test_nms_equals_the_plain_one(pairs, threshold):
    boxes = np.array([pair[0] for pair in pairs], np.float32).reshape(-1, 4)
    scores = np.array([pair[1] for pair in pairs], np.float32)
    threshold = float(np.float32(threshold))
    kept = nms(torch.from_numpy(boxes), torch.from_numpy(scores), threshold)
    assert kept.dtype == torch.int64
    assert kept.tolist() == plain_nms(boxes, scores, threshold)


def test_no_boxes_give_no_indices():
    assert nms(torch.zeros(0, 4), torch.zeros(0), 0.5).shape == (0,)


def test_whole_number_boxes_are_accepted():
    boxes = torch.tensor([[0, 0, 9, 9], [0, 0, 9, 8]], dtype=torch.uint8)
    assert nms(boxes, torch.tensor([1, 2], dtype=torch.uint8), 0.5).tolist() == [1]


@pytest.mark.parametrize(
    ("boxes", "scores", "words"),
    [(torch.zeros(3, 5), torch.zeros(3), r"\(N, 4\).*\(3, 5\)")]
    + [(torch.zeros(3, 4), torch.zeros(2), r"one score per box, \(3,\).*\(2,\)")],
)
def test_wrong_shapes_are_named(boxes, scores, words):
    with pytest.raises(ValueError, match=words):
        nms(boxes, scores, 0.5)
