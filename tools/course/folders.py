"""Where the command finds the course and what it installs."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
SETTINGS = ROOT / "my_settings"
