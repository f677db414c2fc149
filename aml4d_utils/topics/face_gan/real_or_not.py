"""Which face is real? Answers of people and of discriminators, and how to score them.

References
----------
.. [1] S. J. Nightingale and H. Farid, "AI-synthesized faces are indistinguishable from real faces
   and more trustworthy", PNAS 119, 2022: 315 people, 128 faces each, 48.2 % right.
.. [2] M. J. Hautus, "Corrections for extreme proportions and their biasing effects on estimated
   values of d′", Behavior Research Methods 27, 1995.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.nets.one_thread import on_one_thread
from aml4d_utils.topics.face_gan.matched_faces import FaceSets, crop, format_features

PEOPLE = 0.482
"""Share of right answers of people before StyleGAN2 faces in [1]_; the interval is 47.1-49.2 %."""


@dataclass(frozen=True)
class CallScore:
    """Right and wrong answers to "is it real?".

    Parameters
    ----------
    hits, misses : int
        Real faces called real, and called generated.
    alarms, rejections : int
        Generated faces called real, and called generated.
    """

    hits: int = 0
    misses: int = 0
    alarms: int = 0
    rejections: int = 0

    @property
    def asked(self) -> int:
        """Answers in all."""
        return self.hits + self.misses + self.alarms + self.rejections

    @property
    def right(self) -> float:
        """Share of right answers; one half before the first answer."""
        return (self.hits + self.rejections) / self.asked if self.asked else 0.5

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share; the whole range before the first answer."""
        return wilson(self.right, self.asked) if self.asked else (0.0, 1.0)

    @property
    def d_prime(self) -> float:
        """How far apart both sorts look, in standard deviations; half an answer is added to each
        of the four counts, so that a few answers give no infinity [2]_.
        """
        from scipy.special import ndtri

        hit = (self.hits + 0.5) / (self.hits + self.misses + 1)
        alarm = (self.alarms + 0.5) / (self.alarms + self.rejections + 1)
        return float(ndtri(hit) - ndtri(alarm))


def score(truth: Sequence[bool], said: Sequence[bool]) -> CallScore:
    """Count answers: ``truth`` and ``said`` hold True for real.

    Examples
    --------
    >>> counted = score([True, True, False, False], [True, False, False, False])
    >>> counted.right, round(counted.d_prime, 2)
    (0.75, 0.97)
    """
    pairs = list(zip(truth, said, strict=True))
    return CallScore(
        sum(real and call for real, call in pairs),
        sum(real and not call for real, call in pairs),
        sum(not real and call for real, call in pairs),
        sum(not real and not call for real, call in pairs),
    )


# --- a series of trials ----------------------------------------------------------------------

TRIALS = 20
MATCHED, RAW = "made alike", "as they come"


@dataclass(frozen=True)
class TrialSeries:
    """Faces to be asked about: pictures, float in [0, 1], and whether each is real."""

    pictures: tuple[np.ndarray, ...]
    real: tuple[bool, ...]


def series(sets: FaceSets, form: str, seed: int, trials: int = TRIALS) -> TrialSeries:
    """Draw a series, half of it real, in random order, from the faces nobody trained on."""
    rng = np.random.default_rng(seed)
    half, start = trials // 2, sets.training
    pair = (sets.real, sets.generated) if form == MATCHED else (sets.real_raw, sets.generated_raw)
    places = [start + rng.choice(len(part) - start, half, replace=False) for part in pair]
    drawn = [(part[k], not n) for n, part in enumerate(pair) for k in places[n]]
    order = rng.permutation(len(drawn))
    return TrialSeries(tuple(drawn[k][0] for k in order), tuple(drawn[k][1] for k in order))


# --- discriminators --------------------------------------------------------------------------


class FaceDiscriminator(nn.Module):
    """25 × 25 grey pixels → two layers of convolution → one number: above 0 means real."""

    def __init__(self) -> None:
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.LeakyReLU(0.2),
            nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.LeakyReLU(0.2),
            nn.Flatten(), nn.Linear(32 * 7 * 7, 1),
        )  # fmt: skip

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """Return logits (B,) for faces (B, 1, 25, 25) in [0, 1]."""
        return self.main(2 * faces - 1).flatten()


@on_one_thread
def trained_discriminator(sets: FaceSets, *, seed: int = 0, steps: int = 150) -> FaceDiscriminator:
    """Train a discriminator on the 60 training faces of each sort, mirrored at random."""
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = FaceDiscriminator()
    cut = sets.training
    faces = torch.from_numpy(np.concatenate([sets.real[:cut], sets.generated[:cut]]))[:, None]
    truth = torch.arange(2 * cut) < cut
    optimiser = torch.optim.Adam(net.parameters(), 1e-3, weight_decay=1e-3)
    for _ in range(steps):
        chosen = torch.randint(2 * cut, (32,), generator=generator)
        mirrored = torch.rand(32, generator=generator) < 0.5
        batch = torch.where(mirrored[:, None, None, None], faces[chosen].flip(3), faces[chosen])
        loss = nn.functional.binary_cross_entropy_with_logits(net(batch), truth[chosen].float())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net.eval()


def discriminator_score(net: FaceDiscriminator, sets: FaceSets) -> CallScore:
    """CallScore a discriminator on the faces that it has not learned from."""
    cut = sets.training
    faces = np.concatenate([sets.real[cut:], sets.generated[cut:]])
    with torch.no_grad():
        said = net(torch.from_numpy(faces)[:, None]) > 0
    return score([k < len(sets.real) - cut for k in range(len(faces))], said.tolist())


def format_score(sets: FaceSets, form: str) -> CallScore:
    """CallScore a classifier that sees the format only: each face judged by all others' (10 folds).

    Parameters
    ----------
    sets : FaceSets
    form : str
        `MATCHED` or `RAW`; raw generated faces are cropped, else their size alone would tell.

    Notes
    -----
    Logistic regression on the features of
    :func:`~aml4d_utils.topics.face_gan.matched_faces.format_features`.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    real = sets.real if form == MATCHED else sets.real_raw
    generated = sets.generated if form == MATCHED else crop(sets.generated_raw)
    features = np.concatenate([format_features(real), format_features(generated)])
    truth = np.arange(len(features)) < len(real)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=2000))
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    said = cross_val_predict(model, features, truth, cv=folds)
    return score(truth.tolist(), said.tolist())
