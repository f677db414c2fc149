import shutil
from pathlib import Path

import pytest
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.assets import AssetError

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.mark.parametrize("name", nets.net_names())
def test_a_loaded_net_is_ready_to_answer(name):
    net = nets.load(name, device="cpu")
    assert isinstance(net, nn.Module) and not any(m.training for m in net.modules())
    for parameter in net.parameters():
        assert parameter.dtype == torch.float32 and parameter.device.type == "cpu"
        assert not parameter.requires_grad
    for module in net.modules():
        assert not getattr(module, "inplace", False) or isinstance(module, nn.Dropout)


@pytest.mark.parametrize("name", nets.net_names())
def test_each_call_returns_a_net_of_its_own(name):
    damaged, untouched = nets.load(name, device="cpu"), nets.load(name, device="cpu")
    with torch.no_grad():
        next(damaged.parameters()).zero_()
    assert next(untouched.parameters()).abs().sum() > 0


def test_gradients_reach_the_input_and_the_weights_when_asked():
    net = nets.load("squeezenet1_1", device="cpu")
    pixels = torch.zeros(1, 3, 227, 227, requires_grad=True)
    net(pixels)[0, 281].backward()
    assert pixels.grad.abs().sum() > 0
    net.requires_grad_(True)
    net(pixels)[0, 281].backward()
    assert all(parameter.grad is not None for parameter in net.parameters())


def test_hooks_see_negative_activations():
    net = nets.load("squeezenet1_1", device="cpu")
    seen = []
    net.features[0].register_forward_hook(lambda module, inputs, output: seen.append(output))
    net(nets.preprocess("squeezenet1_1", torch.rand(50, 50, 3).numpy(), device="cpu"))
    assert seen[0].min() < 0


@pytest.mark.parametrize("name", ["resnet50", "", None, "../squeezenet1_1"])
def test_an_unknown_net_lists_the_names(name):
    with pytest.raises(ValueError, match="choose one of: squeezenet1_1"):
        nets.load(name)


@pytest.mark.parametrize("device", ["gpu", "cuda:99", "xla", "meta", 3.5])
def test_an_unknown_device_lists_the_devices(device):
    with pytest.raises(ValueError, match="choose one of: .*cpu"):
        nets.load("squeezenet1_1", device=device)


@pytest.mark.parametrize("cuda", [True, False])
@pytest.mark.parametrize("mps", [True, False])
def test_the_fastest_device_there_is_chosen(monkeypatch, cuda, mps):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    expected = "cuda" if cuda else "mps" if mps else "cpu"
    assert nets.choose_device().type == expected
    assert nets.choose_device("cpu").type == "cpu"


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (Path.unlink, "is missing"),
        (lambda path: path.write_bytes(path.read_bytes()[:1000]), "is cut short"),
        (lambda path: path.write_bytes(b"\0" * path.stat().st_size), "was altered"),
    ],
)
def test_a_damaged_weight_file_is_one_clear_sentence(tmp_path, monkeypatch, damage, sentence):
    file = "weights/squeezenet1_1.safetensors"
    (tmp_path / "weights").mkdir()
    for name in (file, "MANIFEST.json"):
        shutil.copyfile(DATA / name, tmp_path / name)
    monkeypatch.setenv("AML4D_DATA", str(tmp_path))
    damage(tmp_path / file)
    with pytest.raises(AssetError, match=sentence) as caught:
        nets.load("squeezenet1_1")
    assert "course.py assets" in str(caught.value) and "\n" not in str(caught.value)
