"""Painted things, the autoencoder, the flow and the judge: shapes, seeds and closed forms."""

import numpy as np
import pytest
import torch

from aml4d_utils import solids
from aml4d_utils.topics.text_to_image import painted_things
from aml4d_utils.topics.text_to_image.captions import COLOURS, KINDS, word_numbers
from aml4d_utils.topics.text_to_image.flow_sampling import follow
from aml4d_utils.topics.text_to_image.flow_transformer import FlowTransformer
from aml4d_utils.topics.text_to_image.latents import Autoencoder
from aml4d_utils.topics.text_to_image.prompt_judge import QUESTIONS, PromptJudge


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    made = FlowTransformer().eval()
    torch.nn.init.normal_(made.outward.weight, std=0.1)  # at birth it answers 0
    return made


def words(*each):
    return torch.from_numpy(np.stack([word_numbers(one) for one in each]))


def seeded():
    return torch.Generator().manual_seed(3)


def test_every_kind_has_models_that_exist():
    assert set(painted_things.MODELS) == set(KINDS)
    for names in painted_things.MODELS.values():
        for name in names:
            assert solids.thing(name).name == name


def test_a_view_is_what_its_caption_says():
    rng = np.random.default_rng(0)
    small, big = (painted_things.view("lamp", size, "left", rng) for size in ("small", "big"))
    assert big.mask.sum() > 1.5 * small.mask.sum()
    assert big.caption("red").text == "a big red lamp seen from the left"
    again = painted_things.view("lamp", "small", "left", np.random.default_rng(0))
    assert (again.shade == small.shade).all()
    assert 0 <= small.shade.min() <= small.shade.max() <= 1


def test_paint_is_light_times_colour_before_the_ground():
    shade, mask = np.array([[1.0, 0.0, 1.0]]), np.array([[1.0, 1.0, 0.0]])
    painted = painted_things.paint(shade, mask, "green")[0]
    assert painted[0] == pytest.approx(COLOURS["green"], abs=1e-6)
    assert painted[1] == pytest.approx(np.multiply(0.45, COLOURS["green"]), abs=1e-6)
    assert painted[2] == pytest.approx([painted_things.GROUND] * 3)


def test_the_autoencoder_keeps_the_shapes():
    net = Autoencoder().eval()
    pictures = torch.rand(2, 3, 64, 64)
    latents = net.encode(pictures)
    assert latents.shape == (2, 12, 8, 8)
    made = net.decode(latents)
    assert made.shape == pictures.shape
    assert made.min() >= 0
    assert made.max() <= 1


def test_the_same_noise_gives_the_same_pictures(network):
    prompt = words(("red", "chair"), ("big", "blue", "lamp", "left"))
    one, other = (list(follow(network, prompt, generator=seeded(), steps=4)) for _ in range(2))
    assert len(one) == 4
    assert one[-1].fraction == 1
    assert torch.equal(one[-1].latents, other[-1].latents)
    assert torch.allclose(one[-1].latents, one[-1].expected, atol=1e-5)


def test_guidance_is_the_line_through_both_answers(network):
    prompt, noise = words(("red", "chair")), torch.randn(1, 12, 8, 8, generator=seeded())
    ends = {
        guidance: next(
            follow(network, prompt, generator=seeded(), steps=1, noise=noise, guidance=guidance)
        ).latents
        for guidance in (0.0, 1.0, 2.5)
    }
    expected = ends[0.0] + 2.5 * (ends[1.0] - ends[0.0])
    assert torch.allclose(ends[2.5], expected, atol=1e-4)
    assert not torch.allclose(ends[1.0], ends[0.0], atol=1e-4)
    silent = next(
        follow(network, words(()), generator=seeded(), steps=1, noise=noise, guidance=1.0)
    )
    assert torch.allclose(silent.latents, ends[0.0], atol=1e-5)


def test_an_empty_place_does_not_act(network):
    """Words that stand at the same places give the same, whatever else is in the batch."""
    noise = torch.randn(1, 12, 8, 8, generator=seeded())
    alone = network(noise, words(("red",)), torch.tensor([0.5]))
    both = network(
        noise.expand(2, -1, -1, -1), words(("red",), ("blue", "sofa")), torch.tensor([0.5, 0.5])
    )
    assert torch.allclose(alone[0], both[0], atol=1e-5)


def test_attention_to_words_adds_up_to_one(network):
    prompt = words(("red", "chair"))
    noise = torch.randn(1, 12, 8, 8, generator=seeded())
    with torch.inference_mode():
        acts = network.attention_to_words(noise, prompt, torch.tensor([0.5]))
    assert acts.shape == (1, 9, 4, 4)
    assert torch.allclose(acts.sum(1), torch.ones(1, 4, 4), atol=1e-5)
    assert (acts[0, 2:8] == 0).all()


def test_no_step_is_named(network):
    with pytest.raises(ValueError, match="at least 1 step, got 0"):
        next(follow(network, words(()), generator=seeded(), steps=0))


def test_the_judge_answers_every_question():
    answers = PromptJudge().eval()(torch.rand(3, 3, 64, 64))
    assert {name: tuple(value.shape) for name, value in answers.items()} == {
        name: (3, len(options)) for name, options in QUESTIONS.items()
    }
