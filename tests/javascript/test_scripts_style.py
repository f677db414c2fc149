"""Every script of the course keeps to the linter's rules, which stand in .oxlintrc.json."""

import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sysconfig.get_path("scripts")) / "oxlint"
CONFIG = ROOT / ".oxlintrc.json"


def lint(*where):
    return subprocess.run(
        [LINTER, "--config", CONFIG, "--format=unix", *where],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )


def test_no_script_breaks_a_rule():
    ended = lint("aml4d_utils", "tests")
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize(
    ("script", "rule"),
    [
        ("export const one = () => two;\n", "no-undef"),
        ("const unused = 1;\n", "no-unused-vars"),
        ("export const f = (x) => x == 1;\n", "eqeqeq"),
        ("export const f = (x) => { const g = (x) => x; return g(x); };\n", "no-shadow"),
    ],
)
def test_a_broken_rule_is_seen(tmp_path, script, rule):
    file = tmp_path / "broken.js"
    file.write_text(script, "utf-8")
    ended = lint(file)
    assert ended.returncode != 0
    assert rule in ended.stdout
