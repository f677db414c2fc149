"""Train the garment GAN of lesson 12 and record it in the list of data files.

    python tools/train_fashion_gan.py --work FOLDER [--rounds 6400]

A small DCGAN on 20,000 pictures of Fashion-MNIST, one thread, about 0.13 s of one core a round.
FOLDER keeps what is done, so that the command can be stopped at any moment and goes on where it
was, with the same result. Two files come out, as float16: the warm start, both networks after
600 rounds, and the final ones, of which the generator is the average over its last rounds. Printed
every 200 rounds: processor time, and the Fréchet distance of the generator and of its average.
"""

import argparse
import sys
import time
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from aml4d_utils import images  # noqa: E402
from aml4d_utils.nets.grey_batches import to_batch  # noqa: E402
from aml4d_utils.topics.augmentation.three_networks import load_taught  # noqa: E402
from aml4d_utils.topics.dcgan.networks import LATENT, fresh_pair  # noqa: E402
from aml4d_utils.topics.gan_2d.rivalry import Rivalry, compete  # noqa: E402
from aml4d_utils.topics.gan_health.frechet import (  # noqa: E402
    ENOUGH,
    cloud,
    frechet,
    garment_features,
)
from asset_build.trained import Trainer  # noqa: E402

SEED = 12
WARM = 600
KEEP_EVERY = 200


class Judge:
    """Fréchet distance of a generator's pictures from the first test pictures."""

    def __init__(self) -> None:
        self.net = load_taught("plain")
        tests = 2 * to_batch(images.fashion_mnist().test_images[:ENOUGH]) - 1
        self.real = cloud(garment_features(self.net, tests))

    def distance(self, generator: torch.nn.Module) -> float:
        """Return the distance of 2,000 pictures, always of the same latent vectors."""
        latents = torch.randn(ENOUGH, LATENT, generator=torch.Generator().manual_seed(SEED))
        was = generator.training
        with torch.no_grad():
            pictures = generator.eval()(latents)
        generator.train(was)
        return frechet(self.real, cloud(garment_features(self.net, pictures)))


def weights(generator: torch.nn.Module, discriminator: torch.nn.Module) -> dict:
    """Return both networks' weights under one roof."""
    both = torch.nn.ModuleDict({"generator": generator, "discriminator": discriminator})
    return both.state_dict()


def main() -> None:
    """Train, write the weights and their lines in the list, and say how good they are."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=6400)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    pictures = 2 * to_batch(images.fashion_mnist().train_images) - 1
    judge, contest, seconds = Judge(), Rivalry(*fresh_pair(SEED), SEED), 0.0
    kept, warm = options.work / "contest.pt", options.work / "warm.pt"
    if kept.exists():
        stored = torch.load(kept, weights_only=True)
        contest.go_back(stored["state"])
        seconds = stored["seconds"]
    since = time.process_time() - seconds
    for result in compete(contest, pictures, options.rounds - contest.number):
        if result.broken:
            raise SystemExit(f"Round {result.number}: a loss is no longer a number.")
        if result.number == WARM:
            both = weights(contest.generator, contest.discriminator)
            torch.save({"weights": both, "seconds": time.process_time() - since}, warm)
        if result.number % KEEP_EVERY == 0:
            seconds = time.process_time() - since
            print(
                f"{result.number}: {seconds:.0f} s, losses {result.discriminator_loss:.2f} and "
                f"{result.generator_loss:.2f}, distance {judge.distance(contest.generator):.3f}, "
                f"averaged {judge.distance(contest.average):.3f}",
                flush=True,
            )
            partial = kept.with_suffix(".part")
            torch.save({"state": contest.state(), "seconds": seconds}, partial)
            partial.replace(kept)
    early = torch.load(warm, weights_only=True)
    trainer = Trainer(
        Path(__file__),
        SEED,
        "MIT; learned from Fashion-MNIST (Zalando, MIT)",
        f"--work FOLDER --rounds {options.rounds}",
    )
    how = "Generator and discriminator, trained on 20,000 pictures of Fashion-MNIST"
    trainer.keep(
        "garment_gan_warm",
        early["weights"],
        f"{how}, {WARM} rounds; both as they were then",
        early["seconds"],
    )
    trainer.keep(
        "garment_gan_final",
        weights(contest.average, contest.discriminator),
        f"{how}, {contest.number:,} rounds; the generator averaged over its last rounds",
        time.process_time() - since,
    )


if __name__ == "__main__":
    main()
