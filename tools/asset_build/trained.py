"""The end of every script that trains or searches: its file, and its line in the data's list."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from aml4d_utils.places import data_dir
from asset_build.manifest import Entry, Source, Training, record
from asset_build.weights import save_tensors


@dataclass(frozen=True)
class Trainer:
    """A script that makes data files, and what all of them have in common.

    Parameters
    ----------
    script : pathlib.Path
        The script itself.
    seed : int or None
        Of every random number; None where nothing is left to chance.
    licence : str
        Of the files, and what they were learned from.
    options : str
        What was typed behind the script's name.
    folder : str
        Of the files, below the data folder.
    """

    script: Path
    seed: int | None
    licence: str
    options: str = ""
    folder: str = "weights"

    def keep(
        self,
        name: str,
        tensors: Mapping[str, np.ndarray | torch.Tensor],
        how: str,
        seconds: float,
        kind: type = np.float16,
    ) -> None:
        """Write tensors as data/`folder`/`name`.safetensors, and record them.

        Parameters
        ----------
        name : str
            Without folder and ending.
        tensors : mapping of str to ndarray or Tensor
            For example a ``state_dict()``.
        how : str
            What was trained on what, for how many steps.
        seconds : float
            Processor seconds.
        kind : numpy type
            Floats are stored as this.
        """
        words = ["python", f"tools/{self.script.name}", self.options]
        training = Training(" ".join(filter(None, words)), self.seed, round(seconds), device())
        entry = Entry(
            f"{self.folder}/{name}.safetensors",
            Source.of_script(self.script),
            self.licence,
            f"{how}; {np.dtype(kind)}.",
            training=training,
        )
        arrays = {key: np.asarray(value) for key, value in tensors.items()}
        record(data_dir(), save_tensors(data_dir(), entry, arrays, kind))


def device() -> str:
    """Return what computes here, in words."""
    threads = torch.get_num_threads()
    return (
        f"{platform.machine()} processor, {threads} thread{'s' * (threads > 1)}, "
        f"PyTorch {torch.__version__}"
    )
