"""Every ``*.test.js`` below ``tests``, run by node's own test runner."""

import re
from pathlib import Path

import pytest
from node import node

TESTS = Path(__file__).parents[1]
FILES = sorted(TESTS.rglob("*.test.js"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(TESTS)))
def test_modules(file):
    ended = node("--test", "--test-reporter=tap", file)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert int(re.search(r"^# pass (\d+)", ended.stdout, re.MULTILINE)[1]) > 0
    assert re.search(r"^# (?:skipped|todo) [1-9]", ended.stdout, re.MULTILINE) is None


def test_there_are_tests():
    assert {file.parent.name for file in FILES} >= {"javascript"}


def test_a_wrong_expectation_is_red(tmp_path):
    wrong = tmp_path / "wrong.test.js"
    wrong.write_text(
        "import { test } from 'node:test';\nimport assert from 'node:assert';\n"
        "test('sum', () => assert.equal(1 + 1, 3));\n",
        "utf-8",
    )
    assert node("--test", wrong).returncode == 1
