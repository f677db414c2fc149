import numpy as np
import pytest
import torch

from aml4d_utils import images, nets
from aml4d_utils.nets.class_names import _CLEARER

NAME = "squeezenet1_1"
FIRST = {
    "chelsea": {"Egyptian cat", "tabby"},
    "coffee": {"espresso"},
    "camera": {"tripod"},
    "motorcycle": {"motor scooter", "moped"},
}


@pytest.mark.parametrize("photo", FIRST)
def test_real_photos_are_recognised(photo):
    best = nets.classify(NAME, images.photo(photo), k=2)
    assert best[0].label in FIRST[photo]
    if photo == "chelsea":
        assert {answer.label for answer in best} == FIRST[photo]


@pytest.mark.parametrize(
    ("photo", "first"),
    [
        ("chelsea", {"Egyptian cat", "tabby", "tiger cat"}),
        ("coffee", {"espresso"}),
        ("camera", {"tripod"}),
        ("motorcycle", {"moped", "motor scooter"}),
    ],
)
def test_efficientnet_recognises_the_same_photos(photo, first):
    assert nets.classify("efficientnet_lite0", images.photo(photo), k=1)[0].label in first


@pytest.mark.parametrize("name", ["nanodet_g", "dcgan_faces", "realesrgan_x4plus"])
def test_other_networks_do_not_classify(name):
    with pytest.raises(ValueError, match="choose one of: squeezenet1_1, efficientnet_lite0"):
        nets.classify(name, images.photo("coffee"))


def test_measured_probabilities():
    coffee, camera = (nets.classify(NAME, images.photo(n), k=1)[0] for n in ("coffee", "camera"))
    assert coffee.probability == pytest.approx(0.98, abs=0.02)
    assert camera.probability == pytest.approx(0.96, abs=0.02)


def test_all_classes_sum_to_one_in_falling_order():
    answers = nets.classify(NAME, images.photo("rocket"), k=1000)
    probabilities = [answer.probability for answer in answers]
    assert sum(probabilities) == pytest.approx(1, abs=1e-4)
    assert probabilities == sorted(probabilities, reverse=True)
    names = nets.labels(NAME)
    assert all(names[index] == label for label, _, index in answers)


def test_the_same_photo_in_uint8_gets_the_same_answer():
    cat = images.photo("chelsea")
    assert nets.classify(NAME, images.as_uint8(cat))[0].label == nets.classify(NAME, cat)[0].label


def test_a_changed_net_is_asked_when_given_and_others_stay_as_they_were():
    cat = images.photo("chelsea")
    before = nets.classify(NAME, cat)
    net = nets.load(NAME)
    assert nets.classify(NAME, cat, net=net) == before
    with torch.no_grad():
        net.features[0].weight.zero_()
    assert nets.classify(NAME, cat, net=net) != before
    assert nets.classify(NAME, cat) == before


@pytest.mark.parametrize("k", [0, 1001, -1, 2.0, True, None])
def test_k_out_of_range(k):
    with pytest.raises(ValueError, match="from 1 to 1000"):
        nets.classify(NAME, images.photo("coffee"), k=k)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 900), (900, 1, 3), (4000, 3000, 3)])
def test_any_size_of_photo(shape):
    assert len(nets.classify(NAME, np.full(shape, 0.5, np.float32))) == 5


def test_what_is_not_an_image_is_refused():
    with pytest.raises(ValueError, match="NaN"):
        nets.classify(NAME, np.full((9, 9, 3), np.nan))
    with pytest.raises(ValueError, match="got Tensor"):
        nets.classify(NAME, torch.zeros(3, 9, 9))


def test_labels_are_different_and_readable():
    names = nets.labels(NAME)
    assert len(names) == len(set(names)) == 1000
    assert names[134] == "crane (bird)" and names[517] == "crane (machine)"


def test_the_names_are_those_that_torchvision_gives():
    from torchvision.models import SqueezeNet1_1_Weights as Weights

    pairs = zip(nets.labels(NAME), Weights.IMAGENET1K_V1.meta["categories"], strict=True)
    assert {mine: theirs for mine, theirs in pairs if mine != theirs} == {
        clearer: name for name, clearer in _CLEARER.items()
    }


def test_the_detector_has_cocos_80_names():
    from torchvision.models.detection import SSDLite320_MobileNet_V3_Large_Weights as Weights

    names = [n for n in Weights.COCO_V1.meta["categories"] if n not in ("__background__", "N/A")]
    assert list(nets.labels("nanodet_g")) == names
    for name in ("dcgan_faces", "realesrgan_x4plus"):
        with pytest.raises(ValueError, match="no class names"):
            nets.labels(name)


def test_preprocess_of_the_other_networks():
    grey = np.full((30, 60, 3), 0.5)
    assert nets.preprocess("efficientnet_lite0", grey, "cpu").shape == (1, 3, 224, 224)
    assert nets.preprocess("squeezenet1_1", grey, "cpu", size=300).shape == (1, 3, 300, 300)
    assert nets.preprocess("realesrgan_x4plus", grey, "cpu").shape == (1, 3, 30, 60)
    boxed = nets.preprocess("nanodet_g", grey, "cpu", size=320)
    assert boxed.shape == (1, 3, 320, 320)
    assert boxed[:, :, :80].abs().sum() == 0 and boxed[:, :, 240:].abs().sum() == 0
    assert boxed[:, :, 80:240].abs().min() > 0
    with pytest.raises(ValueError, match="takes no photo"):
        nets.preprocess("dcgan_faces", grey)
    with pytest.raises(ValueError, match="at least 32"):
        nets.preprocess("squeezenet1_1", grey, size=8)


def test_preprocess_is_bgr_minus_the_mean():
    red = np.zeros((10, 20, 3))
    red[..., 0] = 1
    pixels = nets.preprocess(NAME, red, device="cpu")
    assert pixels.shape == (1, 3, 227, 227) and pixels.dtype == torch.float32
    expected = torch.tensor([-104.006, -116.669, 255 - 122.679]).view(1, 3, 1, 1)
    assert torch.allclose(pixels, expected.expand_as(pixels))


def test_normalise_lets_gradients_through_and_refuses_other_shapes():
    picture = torch.rand(2, 3, 5, 5, requires_grad=True)
    nets.normalise(NAME, picture).sum().backward()
    assert torch.allclose(picture.grad, torch.tensor(255.0))
    with pytest.raises(ValueError, match=r"\(B, 3, H, W\)"):
        nets.normalise(NAME, torch.zeros(3, 5, 5))
