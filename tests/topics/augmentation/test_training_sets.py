"""Trainings with few pictures: what is varied, what is not, and how the table counts."""

import numpy as np
import pytest
import torch
from scipy import stats

from aml4d_utils import images
from aml4d_utils.nets.grey_batches import accuracy, to_batch
from aml4d_utils.topics.augmentation import label_changing, small_training_sets, variations
from aml4d_utils.topics.augmentation.attacks import pgd
from aml4d_utils.topics.augmentation.robust_training import (
    attacked_from_random_start,
    train_robust,
    under_attack,
)
from aml4d_utils.topics.augmentation.small_training_sets import (
    INVENTED,
    MIXUP,
    HelpTable,
    LabelledPictures,
    does_it_help,
    few_of_each,
    invented_for,
    train_varied,
)
from aml4d_utils.topics.augmentation.three_networks import WAYS, load_taught
from aml4d_utils.topics.convolution.training import SmallCNN


@pytest.fixture(scope="module")
def clothes():
    return images.fashion_mnist()


@pytest.fixture
def examples(clothes):
    return LabelledPictures(clothes.train_images[:2000], clothes.train_labels[:2000])


@pytest.fixture
def tests(clothes):
    return LabelledPictures(clothes.test_images[:100], clothes.test_labels[:100])


def test_few_of_each_class_and_none_twice(examples):
    few = few_of_each(examples, 7, np.random.default_rng(0))
    assert np.bincount(few.labels).tolist() == [7] * 10
    assert len(np.unique(few.pictures.reshape(70, -1), axis=0)) == 70
    with pytest.raises(ValueError, match="pictures of class"):
        few_of_each(examples, 3000, np.random.default_rng(0))


def test_invented_garments_are_named_by_a_network_that_knows_no_more(examples, monkeypatch):
    few, asked, learned = few_of_each(examples, 20, np.random.default_rng(0)), [], []
    real = small_training_sets.invented_garments

    def watch(net, per_class, seed):
        asked.append(net)
        return real(net, per_class, seed)

    monkeypatch.setattr(small_training_sets, "invented_garments", watch)
    made = invented_for(few, 3, seed=1)
    assert made.labels.tolist() == [k for k in range(10) for _ in range(3)]
    sure = asked[0](to_batch(made.pictures)).softmax(1)
    assert torch.equal(sure.argmax(1), torch.as_tensor(made.labels))
    again = train_varied(few, variations.several(), seed=1)
    ours, theirs = (net.state_dict().values() for net in (again, asked[0]))
    assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))
    monkeypatch.setattr(small_training_sets, "invented_garments", lambda *_: real_pair(made))
    monkeypatch.setattr(small_training_sets, "to_batch", lambda p: learned.append(p) or to_batch(p))
    train_varied(few, INVENTED, seed=1, steps=1)
    assert [len(p) for p in learned] == [200, 230]  # the one that names, the one that is kept


def real_pair(made):
    return made.pictures, made.labels


def test_only_training_pictures_are_varied(examples, tests):
    """Each column gets its tests once, before any training; a training gets its own pictures."""
    seen = []

    def watch(batch, generator):
        seen.append(batch.clone())
        return batch

    before = tests.pictures.copy(), examples.pictures.copy()
    row = variations.Variation("watched", watch)
    column = variations.shifts(2)
    tables = list(
        does_it_help(examples, tests, per_class=3, seeds=2, rows=(row,), columns=(column,), steps=3)
    )
    few = [few_of_each(examples, 3, np.random.default_rng(seed)) for seed in (0, 1)]
    for number, batch in enumerate(seen):
        allowed = {picture.tobytes() for picture in few[number // 3].pictures}
        shown = (batch[:, 0] * 255).round().to(torch.uint8).numpy()
        assert {picture.tobytes() for picture in shown} <= allowed
    held_out = {picture.tobytes() for picture in tests.pictures}
    assert held_out.isdisjoint(picture.tobytes() for part in few for picture in part.pictures)
    assert (tests.pictures == before[0]).all()
    assert (examples.pictures == before[1]).all()
    assert [table.fraction for table in tables] == [0.5, 1.0]
    assert np.isnan(tables[0].shares[0, 0, 1])


def test_the_table_holds_what_the_networks_get_right(examples, tests):
    column = variations.noise(0.3)
    *_, table = does_it_help(
        examples, tests, per_class=5, seeds=1, rows=(MIXUP,), columns=(column,), steps=20
    )
    net = train_varied(few_of_each(examples, 5, np.random.default_rng(0)), MIXUP, seed=0, steps=20)
    noisy = column.vary(to_batch(tests.pictures), torch.Generator().manual_seed(0))
    assert table.shares[0, 0, 0] == accuracy(net, noisy, torch.as_tensor(tests.labels))


def test_the_interval_is_students_of_paired_differences():
    rng = np.random.default_rng(0)
    shares = rng.random((2, 1, 5))
    table = HelpTable(("a", "b"), ("c",), shares, 5, 100, 1.0)
    gains = (shares[1] - shares[0])[0]
    expected = stats.ttest_1samp(gains, 0).confidence_interval(0.95)
    mean, low, high = table.difference(1, 0)
    assert mean == pytest.approx(gains.mean())
    assert (low, high) == pytest.approx((expected.low, expected.high))
    shares[1, 0, 1:] = np.nan
    with pytest.raises(ValueError, match="two seeds"):
        table.difference(1, 0)


def test_only_differences_beyond_chance_are_marked():
    shares = np.full((3, 2, 3), 0.5)
    shares[1, 0] += (0.10, 0.11, 0.12)
    shares[1, 1] += (0.30, -0.20, 0.10)
    shares[2, 0] -= (0.10, 0.11, 0.12)
    table = HelpTable(("a", "b", "c"), ("d", "e"), shares, 5, 100, 1.0)
    assert table.beyond_chance == {(1, 0), (2, 0)}
    shares[1, 0, 1:] = np.nan
    assert table.beyond_chance == {(2, 0)}


def test_the_same_seed_trains_the_same_network(examples):
    few = few_of_each(examples, 5, np.random.default_rng(0))
    one, other = (train_varied(few, variations.turns(), seed=3, steps=5) for _ in range(2))
    assert all(map(torch.equal, one.state_dict().values(), other.state_dict().values()))
    another = train_varied(few, variations.turns(), seed=4, steps=5)
    assert not torch.equal(another.first.weight, one.first.weight)


def test_a_mirrored_shoe_points_the_other_way(clothes):
    task = label_changing.pointing_shoes(20, 10)
    shoes = clothes.train_images[clothes.train_labels == label_changing.SNEAKER][:20]
    assert (task.training.pictures[0::2] == shoes[0::2]).all()
    assert (task.training.pictures[1::2] == shoes[1::2, :, ::-1]).all()
    assert task.training.labels.tolist() == [0, 1] * 10
    digits = label_changing.sixes_and_nines(20, 10)
    assert np.bincount(digits.training.labels).tolist() == [10, 10]


def test_harm_is_measured_way_by_way():
    steps = list(label_changing.harm(label_changing.pointing_shoes(60, 40), seed=0, steps=25))
    assert [len(step.right) for step in steps] == [1, 2, 3]
    last = steps[-1]
    assert last.names[2] == "mirror, chance 0.5"
    assert last.shares[0] > 0.8 > last.shares[2]
    assert all(
        low <= share <= high for share, (low, high) in zip(last.shares, last.intervals, strict=True)
    )


def test_the_random_start_stays_within_reach(examples):
    net = SmallCNN()
    batch, labels = to_batch(examples.pictures[:30]), torch.as_tensor(examples.labels[:30]).long()
    attacked = attacked_from_random_start(net, batch, labels, 0.1, torch.Generator())
    assert (attacked - batch).abs().max() <= 0.1 + 1e-6
    assert attacked.min() >= 0
    assert attacked.max() <= 1


def test_training_under_attack_goes_on_step_by_step(examples):
    torch.manual_seed(0)
    net = SmallCNN()
    batch, labels = to_batch(examples.pictures[:320]), torch.as_tensor(examples.labels[:320]).long()
    steps = list(
        train_robust(net, batch, labels, epsilon=0.1, generator=torch.Generator(), epochs=3)
    )
    assert [step.step for step in steps] == list(range(1, 16))
    assert steps[-1].fraction == 1
    assert steps[-1].loss < steps[0].loss


def test_counts_under_attack_are_a_plain_count(tests):
    net = load_taught("plain")
    pictures, labels = to_batch(tests.pictures[:40]), torch.as_tensor(tests.labels[:40]).long()
    *_, held = under_attack(
        net, pictures, labels, (0.0, 0.1), generator=torch.Generator().manual_seed(1), steps=4
    )
    attacked = pgd(net, pictures, labels, 0.1, generator=torch.Generator().manual_seed(1), steps=4)
    assert held.right.tolist() == [
        int((net(shown).argmax(1) == labels).sum()) for shown in (pictures, attacked)
    ]


def test_the_robust_network_keeps_twice_as_much(clothes):
    pictures = to_batch(clothes.test_images[:200])
    labels = torch.as_tensor(clothes.test_labels[:200]).long()
    kept = {}
    for way in WAYS:
        *_, held = under_attack(
            load_taught(way), pictures, labels, (0.0, 0.1), generator=torch.Generator(), steps=20
        )
        kept[way] = held.shares
    assert kept["robust"][1] > 2 * kept["plain"][1]
    assert kept["robust"][0] < kept["plain"][0]


def test_a_loaded_network_is_ones_own():
    load_taught("plain").first.weight.zero_()
    assert load_taught("plain").first.weight.abs().sum() > 0
    with pytest.raises(ValueError, match="plain, augmented, robust"):
        load_taught("frozen")


def test_the_first_row_varies_nothing():
    assert small_training_sets.ROWS[0].name == small_training_sets.COLUMNS[0].name == "nothing"
