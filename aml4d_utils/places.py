"""Where the course keeps its files: data that came with it, and what the student leaves."""

import os
from pathlib import Path

_DATA = Path(__file__).resolve().parents[1] / "data"


def data_dir() -> Path:
    """Folder of the bundled photos and weights.

    Returns
    -------
    Path
        ``AML4D_DATA`` when that variable is set, otherwise ``data`` beside the package.

    Examples
    --------
    >>> data_dir().name
    'data'
    """
    chosen = os.environ.get("AML4D_DATA")
    if chosen:
        return Path(chosen).expanduser()
    return _DATA


def state_dir() -> Path:
    """Folder of the student's progress and own photo, made when it does not exist yet.

    Returns
    -------
    Path
        ``AML4D_HOME`` when that variable is set, otherwise the user-data folder of the
        operating system, and where that cannot be written, ``my_settings/progress`` beside the
        package.

    Raises
    ------
    PermissionError
        When no such folder can be made.
    """
    chosen = os.environ.get("AML4D_HOME")
    if chosen:
        return _made(Path(chosen).expanduser())
    try:
        return _made(_user_folder())
    except PermissionError:
        return _made(Path(__file__).resolve().parents[1] / "my_settings" / "progress")


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PermissionError(
            f"Your progress belongs in the folder {folder}, but it cannot be made "
            f"({error.strerror}); set AML4D_HOME to a folder that you may write to."
        ) from error
    if not os.access(folder, os.W_OK):
        raise PermissionError(
            f"Your progress belongs in the folder {folder}, but it cannot be written; set "
            "AML4D_HOME to a folder that you may write to."
        )
    return folder


def _user_folder() -> Path:
    # Slow to import, and not needed where AML4D_HOME is set.
    from platformdirs import user_data_path

    return user_data_path("aml4d")
