"""Tests of the JavaScript that need no page."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
