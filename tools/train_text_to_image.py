"""Train the text-to-image painter of lesson 13, with its autoencoder and its judge.

    python tools/train_text_to_image.py --work FOLDER [--hours 8]

Five parts, one after the other: views of painted things, the autoencoder, the judge, a better
decoder for the autoencoder, the painter; the last three may also run beside each other (`--only`).
FOLDER keeps what is done, so that the command can be stopped at any moment and goes on where it
was; `--hours` are the processor hours that the painter may take, over all runs. At the end the
weights are written as float16 with their lines in the list of data files, and what the judge says
of seen and of held-out captions is printed. The seed is fixed; a stopped run sees its pictures in
another order than one in a single go.
"""

import argparse
import copy
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from aml4d_utils.topics.text_to_image import captions, painted_things  # noqa: E402
from aml4d_utils.topics.text_to_image.captions import COLOURS, Caption, every_caption  # noqa: E402
from aml4d_utils.topics.text_to_image.flow_sampling import follow  # noqa: E402
from aml4d_utils.topics.text_to_image.flow_transformer import FlowTransformer  # noqa: E402
from aml4d_utils.topics.text_to_image.latents import CELLS, CHANNELS, NOISE, Autoencoder  # noqa: E402
from aml4d_utils.topics.text_to_image.prompt_judge import QUESTIONS, PromptJudge  # noqa: E402
from asset_build.trained import Trainer  # noqa: E402

SEED = 13
VIEWS = 160
"""Training views of each kind, size and side."""
TEST_VIEWS = 16
AUTOENCODER_STEPS, AUTOENCODER_BATCH = 2400, 32
DECODER_STEPS = 800
JUDGE_STEPS, JUDGE_BATCH = 2500, 48
BATCH, RATE, WARM_UP, MEMORY = 64, 8e-4, 300, 0.999
SILENT = 0.12
"""Share of training pictures without words, for guidance."""
FORGETFUL = 0.1
"""Chance that a single word is left out, so that short prompts work too."""
SAVE_EVERY = 200


@dataclass(frozen=True)
class Views:
    """Views as arrays: shade and mask (N, 64, 64) uint8, and their words."""

    shade: np.ndarray
    mask: np.ndarray
    words: list[tuple[str, str, str]]

    def picture(self, number: int, colour: str) -> np.ndarray:
        """Paint one view."""
        shade, mask = (part[number] / np.float32(255) for part in (self.shade, self.mask))
        return painted_things.paint(shade, mask, colour)

    def caption(self, number: int, colour: str) -> Caption:
        """Return the caption of one view in a colour."""
        kind, size, side = self.words[number]
        return Caption(size, colour, kind, side)


def make_views(path: Path, each: int, seed: int) -> Views:
    """Render the views, or read them from the folder."""
    if not path.exists():
        taken = list(painted_things.balanced_views(each, np.random.default_rng(seed)))
        shade, mask = (
            np.stack([(getattr(view, part) * 255).round() for view in taken]).astype(np.uint8)
            for part in ("shade", "mask")
        )
        words = np.array([(view.kind, view.size, view.side) for view in taken])
        np.savez(path, shade=shade, mask=mask, words=words)
    with np.load(path) as stored:
        words = [tuple(map(str, row)) for row in stored["words"]]
        return Views(stored["shade"], stored["mask"], words)


def as_batch(pictures: list[np.ndarray]) -> Tensor:
    """Return pictures (H, W, 3) as one tensor (B, 3, H, W)."""
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).contiguous()


def random_batch(views: Views, size: int, rng: np.random.Generator, seen_only: bool):
    """Return painted pictures and their captions; held-out pairs only where allowed."""
    pictures, names = [], []
    while len(pictures) < size:
        number, colour = int(rng.integers(len(views.words))), str(rng.choice(list(COLOURS)))
        caption = views.caption(number, colour)
        if seen_only and caption.held_out:
            continue
        pictures.append(views.picture(number, colour))
        names.append(caption)
    return as_batch(pictures), names


class Progress:
    """A network, its optimiser and its processor seconds, kept in a file between runs."""

    def __init__(self, path: Path, network: nn.Module, rate: float) -> None:
        self.path = path
        self.network = network
        self.average = copy.deepcopy(network).eval().requires_grad_(False)
        self.optimiser = torch.optim.AdamW(network.parameters(), rate, weight_decay=0.01)
        self.step, self.seconds = 0, 0.0
        self._since = time.process_time()
        if path.exists():
            kept = torch.load(path, weights_only=True)
            network.load_state_dict(kept["network"])
            self.average.load_state_dict(kept["average"])
            self.optimiser.load_state_dict(kept["optimiser"])
            self.step, self.seconds = kept["step"], kept["seconds"]

    def learn(self, loss: Tensor, rate: float, memory: float) -> None:
        """Take one step and let the average follow."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        memory = min(memory, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for kept, new in zip(
                self.average.state_dict().values(), self.network.state_dict().values(), strict=True
            ):
                kept.lerp_(new, 1 - memory) if kept.is_floating_point() else kept.copy_(new)

    def save(self) -> None:
        """Write the file; a half-written one never stands in its place."""
        now = time.process_time()
        self.seconds += now - self._since
        self._since = now
        kept = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        new = self.path.with_suffix(".new")
        torch.save(kept, new)
        new.replace(self.path)


def unlikeness(made: Tensor, pictures: Tensor) -> Tensor:
    """Return how far pictures are from the true ones, in their values and in their edges."""
    loss = functional.l1_loss(made, pictures)
    for across in (2, 3):
        loss = loss + functional.l1_loss(made.diff(dim=across), pictures.diff(dim=across))
    return loss


def train_autoencoder(folder: Path, views: Views) -> Progress:
    """Train the autoencoder on all colours of the training views."""
    progress = Progress(folder / "autoencoder.pt", Autoencoder(), 2e-3)
    rng = np.random.default_rng((SEED, 1, progress.step))
    generator = torch.Generator().manual_seed(SEED + progress.step)
    net = progress.network.train()
    while progress.step < AUTOENCODER_STEPS:
        pictures, _ = random_batch(views, AUTOENCODER_BATCH, rng, seen_only=False)
        latents = net.encode(pictures)
        latents = latents + NOISE * torch.randn(latents.shape, generator=generator)
        loss = unlikeness(net.paint(latents), pictures)
        rate = 2e-3 * falling(progress.step, AUTOENCODER_STEPS)
        progress.learn(loss, rate, 0.99)
        report("autoencoder", progress, loss)
    progress.save()
    return progress


def train_decoder(folder: Path, views: Views, autoencoder: Autoencoder) -> Progress:
    """Train the autoencoder's decoder on; the encoder stays as the painter knows it."""
    frozen = copy.deepcopy(autoencoder).eval()
    progress = Progress(folder / "decoder.pt", copy.deepcopy(autoencoder), 1e-3)
    rng = np.random.default_rng((SEED, 5, progress.step))
    generator = torch.Generator().manual_seed(SEED + progress.step)
    net = progress.network.eval().requires_grad_(False)
    net.decoder.requires_grad_(True)
    while progress.step < DECODER_STEPS:
        pictures, _ = random_batch(views, AUTOENCODER_BATCH, rng, seen_only=False)
        with torch.no_grad():
            latents = frozen.encode(pictures)
        latents = latents + NOISE * torch.randn(latents.shape, generator=generator)
        loss = unlikeness(net.paint(latents), pictures)
        progress.learn(loss, 1e-3 * falling(progress.step, DECODER_STEPS), 0.99)
        report("decoder", progress, loss)
    progress.save()
    return progress


def train_judge(folder: Path, views: Views) -> Progress:
    """Train the judge; it learns all pairs, so that it can tell the held-out ones."""
    progress = Progress(folder / "judge.pt", PromptJudge(), 2e-3)
    rng = np.random.default_rng((SEED, 2, progress.step))
    generator = torch.Generator().manual_seed(SEED + progress.step)
    net = progress.network.train()
    while progress.step < JUDGE_STEPS:
        pictures, names = random_batch(views, JUDGE_BATCH, rng, seen_only=False)
        pictures = blurred(pictures, rng)
        pictures = pictures + 0.03 * torch.randn(pictures.shape, generator=generator)
        answers = net(pictures)
        loss = sum(
            functional.cross_entropy(answers[question], numbers(names, question))
            for question in QUESTIONS
        )
        progress.learn(loss, 2e-3 * falling(progress.step, JUDGE_STEPS), 0.99)
        report("judge", progress, loss)
    progress.save()
    return progress


def blurred(pictures: Tensor, rng: np.random.Generator) -> Tensor:
    """Blur half of the batches a little, as a painter's pictures may be."""
    if rng.random() < 0.5:
        return pictures
    padded = functional.pad(pictures, (1, 1, 1, 1), mode="replicate")
    return functional.avg_pool2d(padded, 3, stride=1)


def numbers(names: list[Caption], question: str) -> Tensor:
    """Return the right answers to one question as class numbers."""
    return torch.tensor([QUESTIONS[question].index(getattr(name, question)) for name in names])


def falling(step: int, steps: int) -> float:
    """Return the share of the full learning rate: a short rise, then half a cosine."""
    return min(1.0, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))


def report(name: str, progress: Progress, loss: Tensor) -> None:
    """Print and save now and then."""
    if progress.step % SAVE_EVERY == 0:
        progress.save()
        print(
            f"{name}: step {progress.step}, loss {loss.item():.4f}, "
            f"{progress.seconds / 3600:.2f} processor hours",
            flush=True,
        )


class Latents:
    """The views in the autoencoder's numbers; each is encoded when it is first asked for."""

    def __init__(self, views: Views, autoencoder: Autoencoder) -> None:
        self._views = views
        self._autoencoder = autoencoder
        shape = (len(views.words), len(COLOURS))
        self._kept = torch.zeros(*shape, CHANNELS, CELLS, CELLS, dtype=torch.float16)
        self._known = torch.zeros(shape, dtype=torch.bool)

    def take(self, numbers: Tensor, colours: Tensor) -> Tensor:
        """Return latents (B, 12, 8, 8) of views in colours."""
        new = ~self._known[numbers, colours]
        if new.any():
            wanted = numbers[new], colours[new]
            pictures = [
                self._views.picture(int(n), list(COLOURS)[c]) for n, c in zip(*wanted, strict=True)
            ]
            with torch.no_grad():
                self._kept[wanted] = self._autoencoder.encode(as_batch(pictures)).half()
            self._known[wanted] = True
        return self._kept[numbers, colours].float()


def worded(names: list[Caption], rng: np.random.Generator) -> Tensor:
    """Return the captions' word numbers, some without a word, some without any."""
    rows = []
    for name in names:
        words = (name.size, name.colour, name.kind, name.side)
        kept = tuple(word for word in words if rng.random() > FORGETFUL)
        rows.append(captions.word_numbers(() if rng.random() < SILENT else kept))
    return torch.from_numpy(np.stack(rows))


def train_painter(folder: Path, views: Views, latents: Latents, hours: float) -> Progress:
    """Train the painter for its processor hours; it sees no held-out pair."""
    torch.manual_seed(SEED)
    progress = Progress(folder / "painter.pt", FlowTransformer(), RATE)
    rng = np.random.default_rng((SEED, 3, progress.step))
    generator = torch.Generator().manual_seed(SEED + progress.step)
    net, names = progress.network.train(), list(COLOURS)
    seen = [
        (number, colour)
        for number in range(len(views.words))
        for colour in range(len(names))
        if not views.caption(number, names[colour]).held_out
    ]
    running = None
    while progress.seconds < hours * 3600:
        chosen = [seen[i] for i in rng.integers(len(seen), size=BATCH)]
        number, colour = (torch.tensor(part) for part in zip(*chosen, strict=True))
        target = latents.take(number, colour)
        words = worded([views.caption(n, names[c]) for n, c in chosen], rng)
        moment = torch.sigmoid(torch.randn(BATCH, generator=generator))
        noise = torch.randn(target.shape, generator=generator)
        share = moment[:, None, None, None]
        velocity = net((1 - share) * noise + share * target, words, moment)
        loss = functional.mse_loss(velocity, target - noise)
        spent = progress.seconds / (hours * 3600)
        rate = RATE * min(1.0, (progress.step + 1) / WARM_UP) * min(1.0, max(0.05, 4 * (1 - spent)))
        progress.learn(loss, rate, MEMORY)
        running = loss.detach() if running is None else running.lerp(loss.detach(), 0.01)
        report("painter", progress, running)
    progress.save()
    return progress


def judged(judge: PromptJudge, pictures: Tensor, names: list[Caption]) -> dict[str, Tensor]:
    """Return for each question which pictures the judge finds right, bool (N,)."""
    with torch.inference_mode():
        answers = judge(pictures)
    return {q: answers[q].argmax(1) == numbers(names, q) for q in QUESTIONS}


def painted(
    painter: FlowTransformer, autoencoder: Autoencoder, names: list[Caption], guidance: float
) -> Iterator[Tensor]:
    """Yield pictures for captions, 48 at a time, always from the same noise."""
    generator = torch.Generator().manual_seed(SEED)
    for start in range(0, len(names), 48):
        part = names[start : start + 48]
        words = [
            captions.word_numbers((name.size, name.colour, name.kind, name.side)) for name in part
        ]
        way = follow(
            painter, torch.from_numpy(np.stack(words)), generator=generator, guidance=guidance
        )
        *_, last = way
        with torch.inference_mode():
            yield autoencoder.decode(last.latents)


def say_how_good(
    painter: FlowTransformer, autoencoder: Autoencoder, judge: PromptJudge, test: Views
) -> None:
    """Print the judge's own accuracy, then what it says of the painter."""
    rng = np.random.default_rng((SEED, 4))
    pictures, names = random_batch(test, 1000, rng, seen_only=False)
    print_shares("judge on new real views", judged(judge, pictures, names))
    with torch.inference_mode():
        again = autoencoder.decode(autoencoder.encode(pictures))
    print_shares("judge after the autoencoder", judged(judge, again, names))
    print(f"autoencoder: mean error {(again - pictures).abs().mean():.4f}")
    for guidance in (1.0, 3.0):
        for title, part in (
            ("seen", [c for c in every_caption() if not c.held_out]),
            ("held out", [c for c in every_caption() if c.held_out]),
        ):
            made = torch.cat(list(painted(painter, autoencoder, part, guidance)))
            print_shares(f"{title}, guidance {guidance:g}", judged(judge, made, part))


def print_shares(title: str, right: dict[str, Tensor]) -> None:
    """Print the share of right answers to each question, and of kind and colour together."""
    shares = ", ".join(f"{name} {values.float().mean():.1%}" for name, values in right.items())
    both = (right["kind"] & right["colour"]).float().mean()
    print(f"{title}: {shares}; kind and colour {both:.1%}", flush=True)


def main() -> None:
    """Do what is left to do."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--work", type=Path, required=True, help="folder for what is under way")
    parser.add_argument("--hours", type=float, default=8.0, help="processor hours of the painter")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--only", choices=("judge", "decoder", "painter"), help="one part, beside the others"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(SEED)
    folder = arguments.work
    folder.mkdir(parents=True, exist_ok=True)
    views = make_views(folder / "views.npz", VIEWS, SEED)
    test = make_views(folder / "test_views.npz", TEST_VIEWS, SEED + 1)
    trained = {"autoencoder": train_autoencoder(folder, views)}
    autoencoder = trained["autoencoder"].average
    parts = {
        "judge": lambda: train_judge(folder, views),
        "decoder": lambda: train_decoder(folder, views, autoencoder),
        "painter": lambda: train_painter(
            folder, views, Latents(views, autoencoder), arguments.hours
        ),
    }
    if arguments.only:
        parts[arguments.only]()
        return
    trained |= {name: part() for name, part in parts.items()}
    say_how_good(
        trained["painter"].average, trained["decoder"].average, trained["judge"].average, test
    )
    trainer = Trainer(
        Path(__file__),
        SEED,
        "MIT; learned from renderings of Sweet Home 3D models (CC0, CC BY 3.0)",
        f"--work FOLDER --hours {arguments.hours:g}",
    )
    for name, after in (("painter", ()), ("judge", ()), ("autoencoder", ("decoder",))):
        stages = [trained[part] for part in (name, *after)]
        how = f"Trained on painted renderings, {sum(stage.step for stage in stages):,} steps"
        seconds = sum(stage.seconds for stage in stages)
        weights = stages[-1].average.state_dict()
        trainer.keep(f"text_to_image_{name}", weights, how, seconds)


if __name__ == "__main__":
    main()
