"""The networks answer as the originals did, of which reference.json holds some numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from aml4d_utils import nets

REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text())["nets"]
# Rounding the weights to float16 costs this much.
TOLERANCE = 1e-2


def formula_input(side):
    k, i, j = np.ogrid[:3, :side, :side]
    values = (k * 7919 + 31 * i + 17 * j + (i * j % 101)) % 256
    return torch.from_numpy(values.astype(np.float32))[None]


def agrees(output, reference, tolerance=TOLERANCE):
    assert list(output.shape) == reference["output_shape"]
    flat = output.flatten().double()
    expected = torch.tensor(reference["value"], dtype=torch.float64)
    allowed = tolerance * expected.abs().clamp(min=reference["std"])
    assert (flat[reference["flat_index"]] - expected).abs().le(allowed).all()
    assert flat.mean().item() == pytest.approx(
        reference["mean"], abs=tolerance * max(abs(reference["mean"]), reference["std"])
    )
    assert flat.std(correction=0).item() == pytest.approx(reference["std"], rel=tolerance)
    assert flat.argmax().item() == reference["argmax_flat"]


def test_squeezenet1_1():
    net = nets.load("squeezenet1_1", device="cpu")
    agrees(net(formula_input(227) - 120), REFERENCE["squeezenet1_1"])


def test_efficientnet_lite0():
    net = nets.load("efficientnet_lite0", device="cpu")
    agrees(net(formula_input(224) / 128 - 1), REFERENCE["efficientnet_lite0"])


def test_nanodet_g():
    net = nets.load("nanodet_g", device="cpu")
    scores, regression = net(formula_input(416) / 64 - 2)
    agrees(scores, REFERENCE["nanodet_g_scores"])
    agrees(regression, REFERENCE["nanodet_g_regression"])


def test_dcgan_faces():
    net = nets.load("dcgan_faces", device="cpu")
    agrees(net((torch.arange(100) / 50 - 1).view(1, 100, 1, 1)), REFERENCE["dcgan_faces"])


def test_fast_style():
    """The numbers come from onnxruntime, with the file's graph in floats."""
    net = nets.load("fast_style", device="cpu")
    style = net.reader(formula_input(256) / 255)
    # Fifty-three layers in a row: rounding to float16 costs a little more.
    agrees(style, REFERENCE["fast_style_reader"], 2 * TOLERANCE)
    style = (torch.arange(100) / 50 - 1)[None]
    agrees(net(formula_input(384) / 255, style), REFERENCE["fast_style"])


def test_realesrgan_x4plus():
    net = nets.load("realesrgan_x4plus", device="cpu")
    agrees(net(formula_input(16) / 255), REFERENCE["realesrgan_x4plus"])
