"""The trained digit network reads the 2,000 digits that it has never seen."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file

from aml4d_utils import images
from aml4d_utils.assets import verified_path
from aml4d_utils.topics.neurons.digit_network import FILE, accuracy, as_inputs, load_digit_network

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def digits():
    return images.mnist()


def test_it_is_the_network_of_the_lecture():
    network = load_digit_network()
    assert network.sizes == (784, 16, 16, 10)
    assert network.parameter_count == 13002
    assert (network.hidden, network.output) == ("sigmoid", "sigmoid")


def test_it_reads_unseen_digits(digits):
    right = accuracy(load_digit_network(), digits.test_images, digits.test_labels)
    assert right >= 0.90
    assert right == pytest.approx(0.95, abs=0.01)


def test_every_digit_is_read_in_most_cases(digits):
    network = load_digit_network()
    for digit in range(10):
        chosen = digits.test_labels == digit
        assert accuracy(network, digits.test_images[chosen], digits.test_labels[chosen]) > 0.85


def test_torch_gives_the_same_answers_from_the_same_file(digits):
    stored = load_file(verified_path(FILE))
    a = torch.from_numpy(digits.test_images[:50].reshape(50, 784) / 255)
    for k in (1, 2, 3):
        a = torch.sigmoid(a @ stored[f"layer{k}.weight"].double().T + stored[f"layer{k}.bias"])
    ours = load_digit_network().forward(as_inputs(digits.test_images[:50])).output
    np.testing.assert_allclose(ours, a.numpy(), atol=1e-12)


def test_the_list_names_the_script_that_trained_it():
    listed = json.loads((ROOT / "data/MANIFEST.json").read_text(encoding="utf-8"))["files"]
    entry = next(entry for entry in listed if entry["path"] == FILE)
    script = ROOT / entry["source"]["file"]
    content = script.read_bytes().replace(b"\r\n", b"\n")
    assert hashlib.sha256(content).hexdigest() == entry["source"]["sha256"]
    assert "CC BY-SA" in entry["licence"]


@given(row=st.integers(0, 27), col=st.integers(0, 27))
def test_pixels_are_laid_out_row_by_row(row, col):
    picture = np.zeros((28, 28), dtype=np.uint8)
    picture[row, col] = 255
    assert as_inputs(picture)[0].nonzero()[0].tolist() == [28 * row + col]


def test_pictures_that_are_no_digits_are_refused():
    for shape in ((28, 27), (784,), (2, 3, 28, 28)):
        with pytest.raises(ValueError, match="28 × 28"):
            as_inputs(np.zeros(shape))
    for value in (1.5, -0.1, np.nan):
        with pytest.raises(ValueError, match="from 0 to 1"):
            as_inputs(np.full((28, 28), value))
