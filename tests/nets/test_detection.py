import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aml4d_utils import images, nets
from aml4d_utils.nets import Detections, box_iou, candidates, decode, detect, letterbox, suppress

BOXES = hnp.arrays(
    np.float32, st.tuples(st.integers(0, 12), st.just(4)), elements=st.integers(0, 30)
).map(lambda a: np.concatenate([np.minimum(a[:, :2], a[:, 2:]), np.maximum(a[:, :2], a[:, 2:])], 1))


def things(boxes, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.choice(["cat", "dog"], len(boxes))
    return Detections(boxes, rng.random(len(boxes)), labels)


@pytest.mark.parametrize(
    ("photo", "label", "score"),
    [("chelsea", "cat", 0.58), ("motorcycle", "motorcycle", 0.78), ("astronaut", "person", 0.73)],
)
def test_real_photos(photo, label, score):
    found = detect(images.photo(photo))
    assert found.labels[0] == label
    assert found.scores[0] == pytest.approx(score, abs=0.03)


def test_the_box_lies_around_the_motorcycle():
    """Front wheel, rear wheel and handlebar were read off the photo by eye."""
    x0, y0, x1, y1 = detect(images.photo("motorcycle")).boxes[0]
    assert 90 < x0 < 130 and 50 < y0 < 110 and 650 < x1 < 700 and 430 < y1 < 480


@pytest.mark.parametrize("size", [320, 416, 608])
def test_a_box_does_not_depend_on_where_the_photo_lies_in_the_square(size):
    """Bands added around a photo shift its boxes by their width and nothing else."""
    photo = images.photo("motorcycle")
    wide = np.full((photo.shape[0] + 241, photo.shape[1], 3), 0.45, np.float32)
    wide[100:600] = photo
    plain, shifted = detect(photo, size=size).boxes[0], detect(wide, size=size).boxes[0]
    assert np.abs(shifted - [0, 100, 0, 100] - plain).max() < 25


def test_the_right_half_alone_is_found_at_the_right():
    photo = images.photo("motorcycle")
    mirrored = detect(photo[:, ::-1].copy()).boxes[0]
    plain = detect(photo).boxes[0]
    width = photo.shape[1]
    assert np.abs(mirrored - [width - plain[2], plain[1], width - plain[0], plain[3]]).max() < 25


def test_raw_boxes_are_many_sorted_and_above_the_threshold():
    cat = images.photo("chelsea")
    raw = candidates(cat, threshold=0.1)
    assert len(raw) > 20
    assert (np.diff(raw.scores) <= 0).all() and raw.scores.min() > 0.1
    assert raw.boxes.min() >= 0 and raw.boxes[:, 2].max() <= 451 and raw.boxes[:, 3].max() <= 300
    assert len(candidates(cat, threshold=1)) == 0 == len(detect(cat, threshold=1))


def test_no_two_kept_boxes_overlap_by_more_than_asked():
    for name in ("motorcycle", "camera", "coffee"):
        found = detect(images.photo(name), threshold=0.05, iou=0.5)
        assert box_iou(found.boxes, found.boxes)[~np.eye(len(found), dtype=bool)].max() <= 0.5


@given(BOXES, st.floats(0, 1), st.booleans())
def test_suppress_keeps_the_best_and_explains_each_loss(boxes, iou, across):
    found = things(boxes)
    kept = suppress(found, iou, across)
    assert (np.diff(kept.scores) <= 0).all()
    if len(found):
        assert kept.scores[0] == found.scores.max()
    lost = found[~np.isin(found.scores, kept.scores)]
    overlaps = box_iou(lost.boxes, kept.boxes) > iou
    surer = kept.scores[None] > lost.scores[:, None]
    same = across | (kept.labels[None] == lost.labels[:, None])
    assert (overlaps & surer & same).any(1).all()
    between = box_iou(kept.boxes, kept.boxes) > iou
    np.fill_diagonal(between, False)
    assert not (between & (across | (kept.labels[None] == kept.labels[:, None]))).any()


@settings(deadline=None)
@given(BOXES, st.floats(0.05, 0.95))
def test_suppress_agrees_with_torchvision(boxes, iou):
    from torchvision.ops import nms

    boxes = boxes + np.array([0, 0, 1, 1], np.float32)
    found = things(boxes)
    # An overlap of exactly the threshold falls on either side by the last bit of a float32.
    assume(not np.isclose(box_iou(found.boxes, found.boxes), iou, rtol=0, atol=1e-6).any())
    expected = nms(torch.tensor(found.boxes), torch.tensor(found.scores).float(), iou)
    assert np.allclose(suppress(found, iou).boxes, found.boxes[expected.numpy()])


@given(BOXES, BOXES)
def test_iou_is_symmetric_and_agrees_with_counting_pixels(first, second):
    overlap = box_iou(first, second)
    assert overlap.shape == (len(first), len(second))
    assert np.allclose(overlap, box_iou(second, first).T)

    def filled(box):
        mask = np.zeros((31, 31), bool)
        x0, y0, x1, y1 = box.astype(int)
        mask[y0:y1, x0:x1] = True
        return mask

    for i, a in enumerate(first):
        for j, b in enumerate(second):
            union = (filled(a) | filled(b)).sum()
            common = (filled(a) & filled(b)).sum()
            assert overlap[i, j] == pytest.approx(common / union if union else 0, abs=1e-6)


def test_decode_reads_distances_in_strides():
    size, cells = 64, 64 + 16 + 4
    logits = torch.full((cells, 4, 11), -50.0)
    for side, steps in enumerate((1, 2, 3, 4)):
        logits[:, side, steps] = 50
    boxes = decode(logits.view(cells, 44), size)
    assert boxes[0].tolist() == [4 - 8, 4 - 16, 4 + 24, 4 + 32]
    assert boxes[1].tolist() == [12 - 8, 4 - 16, 12 + 24, 4 + 32]
    assert boxes[64].tolist() == [8 - 16, 8 - 32, 8 + 48, 8 + 64]
    assert boxes[-1].tolist() == [48 - 32, 48 - 64, 48 + 96, 48 + 128]


@given(st.integers(1, 5000), st.integers(1, 5000), st.sampled_from([32, 320, 416]))
def test_letterbox_is_whole_and_centred(height, width, size):
    place = letterbox((height, width), size)
    assert max(place.height, place.width) == size
    assert 0 <= size - place.height - 2 * place.top <= 1
    assert 0 <= size - place.width - 2 * place.left <= 1
    assert place.scale * height == pytest.approx(place.height, abs=1)


def test_detections_can_be_chosen_from():
    found = things(np.arange(12, dtype=np.float32).reshape(3, 4))
    assert len(found[found.scores > 2]) == 0
    assert len(found[1:]) == 2
    assert len(found[0]) == 1 and found[0].boxes.tolist() == [[0, 1, 2, 3]]


@pytest.mark.parametrize("size", [0, 31, 100, 321, 320.0, True, "320"])
def test_sizes_that_do_not_suit(size):
    with pytest.raises(ValueError, match="multiple of 32"):
        detect(images.photo("chelsea"), size=size)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), "0.3", None])
def test_numbers_out_of_range(value):
    with pytest.raises(ValueError, match="`threshold` between 0 and 1"):
        detect(images.photo("chelsea"), threshold=value)
    with pytest.raises(ValueError, match="`iou` between 0 and 1"):
        detect(images.photo("chelsea"), iou=value)


@pytest.mark.parametrize("shape", [(1, 1), (1, 500, 3), (2000, 3, 3)])
def test_any_size_of_photo(shape):
    found = detect(np.full(shape, 0.5, np.float32))
    assert found.boxes.shape == (len(found), 4)


def test_a_changed_net_is_asked_when_given():
    cat, net = images.photo("chelsea"), nets.load("nanodet_g")
    assert np.array_equal(detect(cat, net=net).boxes, detect(cat).boxes)
    net.stem[0].weight.zero_()
    assert "cat" not in detect(cat, net=net).labels
    assert "cat" in detect(cat).labels
