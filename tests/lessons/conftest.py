"""For the tests of lessons and exercises: the modules beside this file can be imported."""

import sys
from pathlib import Path

import pytest

pytest.register_assert_rewrite("answers")
sys.path.insert(0, str(Path(__file__).parent))
