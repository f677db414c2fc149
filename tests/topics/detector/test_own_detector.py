"""A detector of one's own: it answers like the course's, and what is wrong with it is said."""

import sys

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.topics.detector import own_detector
from aml4d_utils.topics.detector.own_detector import NoDetectorError, decode_yolo, open_own


def test_version_five_multiplies_by_the_score_for_anything():
    rows = np.array([[[50, 40, 20, 10, 0.9, 0.1, 0.8], [10, 10, 4, 4, 0.2, 0.9, 0.9]]])
    boxes, scores, classes = decode_yolo(rows, 2, 0.3)
    assert boxes.tolist() == [[40, 35, 60, 45]] and classes.tolist() == [1]
    assert scores == pytest.approx([0.72])


def test_later_versions_stand_on_their_side():
    rows = np.zeros((1, 6, 30))
    rows[0, :, 7] = (20, 30, 8, 6, 0.2, 0.7)
    boxes, scores, classes = decode_yolo(rows, 2, 0.3)
    assert boxes.tolist() == [[16, 27, 24, 33]] and classes.tolist() == [1]
    assert scores == pytest.approx([0.7])


@pytest.mark.parametrize("shape", [(1, 10), (1, 9, 9), (2, 30, 7), (30, 7)])
def test_what_no_yolo_answers_is_refused(shape):
    with pytest.raises(NoDetectorError, match="answers with the shape"):
        decode_yolo(np.zeros(shape), 2, 0.3)


def test_what_is_no_number_is_refused():
    with pytest.raises(NoDetectorError, match="NaN"):
        decode_yolo(np.full((1, 3, 7), np.nan), 2, 0.3)


def test_a_file_that_is_not_there(tmp_path):
    opening = open_own(tmp_path / "mine.onnx")
    assert opening.detector is None and "no file mine.onnx" in opening.sentence


def test_a_huge_file_is_not_read(tmp_path, monkeypatch):
    file = tmp_path / "mine.onnx"
    file.write_bytes(bytes(2000))
    monkeypatch.setattr(own_detector, "LARGEST", 1999)
    assert "megabytes" in open_own(file).sentence


def test_without_the_package_one_sentence(tmp_path, monkeypatch):
    file = tmp_path / "mine.onnx"
    file.write_bytes(b"no net")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    opening = open_own(file)
    assert opening.detector is None and "pip install onnxruntime" in opening.sentence


# --- with the package --------------------------------------------------------------------------


@pytest.fixture
def make():
    """Return a function that writes an ONNX file whose answer is always the same."""
    pytest.importorskip("onnxruntime", reason="NO ONNXRUNTIME: own detectors are not tried.")
    onnx = pytest.importorskip("onnx", reason="NO ONNX: own detectors are not tried.")
    from onnx import TensorProto, helper, numpy_helper

    def written(file, answer, wanted=(1, 3, 64, 64), names=None, kind=TensorProto.FLOAT):
        constant = helper.make_node(
            "Constant", [], ["rows"], value=numpy_helper.from_array(answer.astype(np.float32))
        )
        # The picture takes part, so that the input is a real one.
        nodes = [
            constant,
            helper.make_node("Cast", ["images"], ["cast"], to=TensorProto.FLOAT),
            helper.make_node("ReduceMean", ["cast"], ["mean"], keepdims=0),
            helper.make_node("Mul", ["mean", "nothing"], ["zero"]),
            helper.make_node("Add", ["rows", "zero"], ["output0"]),
        ]
        graph = helper.make_graph(
            nodes,
            "fixed",
            [helper.make_tensor_value_info("images", kind, wanted)],
            [helper.make_tensor_value_info("output0", TensorProto.FLOAT, answer.shape)],
            [numpy_helper.from_array(np.zeros((), np.float32), "nothing")],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        if names:
            helper.set_model_props(model, {"names": str(names)})
        onnx.save(model, str(file))
        return file

    return written


ROW = np.array([[[32, 32, 20, 10, 0.9, 0.1, 0.8]]])


def test_a_yolo_answers_in_pixels_of_the_photo(make, tmp_path):
    file = make(tmp_path / "mine.onnx", ROW, names={0: "bolt", 1: "nut"})
    opening = open_own(file)
    assert "64 × 64 pixels and knows 2 words" in opening.sentence
    found = opening.detector(np.zeros((100, 200, 3)))
    assert found.labels.tolist() == ["nut"] and found.scores == pytest.approx([0.72])
    # 64 pixels of the square are 200 of the photo, which lies in its middle.
    assert found.boxes[0] == pytest.approx([68.75, 34.375, 131.25, 65.625], abs=0.5)


def test_it_takes_the_place_of_the_course_s_detector(make, tmp_path):
    from aml4d_utils.topics.detector import explorers

    mine = open_own(make(tmp_path / "mine.onnx", ROW, names=["bolt", "nut"])).detector
    camera = explorers.camera_explorer(images.photo("chelsea"), finder=mine)
    assert "nut 0.72" in camera.sentence


def test_without_words_of_its_own_it_says_coco_s(make, tmp_path):
    answer = np.zeros((1, 84, 5))
    answer[0, :4, 2], answer[0, 4 + 15, 2] = (32, 32, 10, 10), 0.6
    found = open_own(make(tmp_path / "mine.onnx", answer)).detector(np.zeros((64, 64, 3)))
    assert found.labels.tolist() == ["cat"]


@pytest.mark.parametrize(
    ("answer", "options", "words"),
    [
        (np.zeros((1, 1000)), {}, "no YOLO"),
        (ROW, {"wanted": (1, 10)}, "one picture"),
        (ROW, {"wanted": (1, 3, 64, 96), "names": ["a", "b"]}, "only squares"),
        (ROW, {"wanted": (1, 3, 4096, 4096), "names": ["a", "b"]}, "at most 2048"),
        (ROW, {"names": ["a", "b"], "kind": 7}, "wants tensor"),
    ],
)
def test_a_network_that_is_no_detector(make, tmp_path, answer, options, words):
    opening = open_own(make(tmp_path / "mine.onnx", answer, **options))
    assert opening.detector is None and words in opening.sentence


def test_a_truncated_file(make, tmp_path):
    file = make(tmp_path / "mine.onnx", np.zeros((1, 400, 85)))
    file.write_bytes(file.read_bytes()[:500])
    opening = open_own(file)
    assert opening.detector is None and "damaged" in opening.sentence


def test_an_answer_of_another_shape_is_said_when_asked(make, tmp_path):
    detector = open_own(make(tmp_path / "mine.onnx", ROW, names=["a", "b", "c"])).detector
    with pytest.raises(NoDetectorError, match="answers with the shape"):
        detector(np.zeros((64, 64, 3)))
