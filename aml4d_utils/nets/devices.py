"""Which processor a network runs on."""

import torch


def choose_device(device: str | torch.device | None = None) -> torch.device:
    """Return the device to compute on.

    Parameters
    ----------
    device : str, torch.device or None
        ``"cpu"``, ``"cuda"`` (NVIDIA), ``"cuda:1"``, ``"mps"`` (Apple); ``None`` takes the first
        that is there of cuda, mps, cpu.

    Returns
    -------
    torch.device
        A device that exists on this machine.

    Raises
    ------
    ValueError
        If there is no such device here.

    Examples
    --------
    >>> choose_device("cpu")
    device(type='cpu')
    """
    available = _available()
    if device is None:
        return torch.device(available[0])
    try:
        chosen = torch.device(device)
    except (RuntimeError, TypeError):
        chosen = None
    if chosen is None or chosen.type not in available or not _exists(chosen):
        raise ValueError(
            f"There is no device {str(device)!r} on this machine; choose one of: "
            f"{', '.join(available)}."
        )
    return chosen


def _available() -> list[str]:
    names = []
    if torch.cuda.is_available():
        names.append("cuda")
    if torch.backends.mps.is_available():
        names.append("mps")
    return [*names, "cpu"]


def _exists(device: torch.device) -> bool:
    count = torch.cuda.device_count() if device.type == "cuda" else 1
    return (device.index or 0) < count
