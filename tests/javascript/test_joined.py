"""Modules joined to one script: scopes, order, names that are missing, circles."""

import subprocess

import pytest
from node import run

from aml4d_utils.widgets.scripts import joined

SHARED = """const hidden = "shared's own";
export const LEVELS = [1, 2];
export function twice(value) { return 2 * value; }
export class Box { size() { return hidden.length; } }
"""
MIDDLE = """import { twice } from "./shared.js";

const hidden = "middle's own";
export const four = () => twice(2);
export async function later() { return hidden; }
"""
ENTRY = """// What it does.

import { LEVELS, Box } from "../shared.js";
import {
  four as quadruple,
  later,
} from "../middle.js";

export const words = await later();
export default { levels: LEVELS, size: new Box().size(), four: quadruple() };
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deep").mkdir()
    for name, text in {"shared.js": SHARED, "middle.js": MIDDLE, "deep/index.js": ENTRY}.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_one_script_does_what_the_modules_do(folder):
    script = joined(folder / "deep/index.js")
    (folder / "joined.mjs").write_text(script, "utf-8")
    show = "console.log(JSON.stringify([m.default, m.words]));"
    separate = run(f"import * as m from '{(folder / 'deep/index.js').as_uri()}'; {show}")
    together = run(f"import * as m from '{(folder / 'joined.mjs').as_uri()}'; {show}")
    assert together == separate == '[{"levels":[1,2],"size":12,"four":4},"middle\'s own"]\n'


def test_each_module_stands_there_once_before_those_that_use_it(folder):
    script = joined(folder / "deep/index.js")
    assert script.count("export const LEVELS") == 0
    assert script.count("const LEVELS") == 1
    assert script.index("// shared.js") < script.index("// middle.js") < script.index("// What")
    assert "import" not in script


def test_a_circle_is_refused(folder):
    (folder / "shared.js").write_text('import { four } from "./middle.js";\n', "utf-8")
    with pytest.raises(ValueError, match=r"imports itself, by way of shared\.js"):
        joined(folder / "middle.js")


def test_a_name_that_is_not_exported_is_refused(folder):
    (folder / "middle.js").write_text('import { hidden } from "./shared.js";\n', "utf-8")
    with pytest.raises(ValueError, match=r"shared\.js exports no hidden; middle\.js imports it"):
        joined(folder / "middle.js")


def test_a_module_that_is_missing_is_refused(folder):
    (folder / "shared.js").unlink()
    with pytest.raises(FileNotFoundError):
        joined(folder / "middle.js")


def test_a_script_that_does_not_run_fails_the_test():
    with pytest.raises(subprocess.CalledProcessError):
        run("throw new Error('red');")
