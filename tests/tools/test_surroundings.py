"""The student's machine does not leak in: real kernels, among files and settings that mislead."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from kernel_starts import start_kernel

from course import CourseError, relocation, surroundings

ROOT = Path(__file__).resolve().parents[2]
TELL = """
import json, os, sys
import aml4d_utils
import cv2, matplotlib, torch
from aml4d_utils.notebook import new_figure
new_figure()
print(json.dumps({
    "cv2": cv2.__file__, "torch": torch.__file__, "startup": globals().get("started", ""),
    "optimize": sys.flags.optimize, "text": matplotlib.rcParams["text.usetex"],
    "backend": matplotlib.get_backend(), "utf8": sys.flags.utf8_mode,
    "logs": os.environ.get("TORCH_LOGS"), "cuda": os.environ.get("CUDA_VISIBLE_DEVICES"),
    "threads": torch.get_num_threads(), "user site": sys.flags.no_user_site,
    "mine": __import__("my_own_module").VALUE,
}))
"""


def ask_kernel(env, folder, code=TELL):
    """Run code in a fresh kernel and return what it prints."""
    manager, client = start_kernel(
        startup_timeout=120,
        kernel_name="python3",
        env=env,
        cwd=str(folder),
        stderr=subprocess.DEVNULL,
    )
    printed = []

    def listen(message):
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])
        if message["msg_type"] == "error":
            printed.append("\n".join(message["content"]["traceback"]))

    try:
        client.execute_interactive(code, timeout=120, output_hook=listen)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return "".join(printed)


@pytest.fixture
def misleading(tmp_path):
    """A folder of notebooks, and an environment, that mislead wherever they can."""
    beside, path, home = (tmp_path / name for name in ("beside [1] Übung", "path", "home"))
    startup = home / "ipython" / "profile_default" / "startup"
    kernels = home / "data" / "kernels" / "python3"
    for folder in (beside, path, startup, kernels, home / "matplotlib"):
        folder.mkdir(parents=True)
    (beside / "torch.py").write_text("raise SystemExit('a torch.py beside the notebook')")
    (beside / "matplotlibrc").write_text("text.usetex: True\n")
    (beside / "my_own_module.py").write_text("VALUE = 7\n")
    (path / "cv2.py").write_text("")
    (startup / "00.py").write_text("started = 'by the profile'")
    (home / "started.py").write_text("started = 'by PYTHONSTARTUP'")
    (home / "matplotlib" / "matplotlibrc").write_text("text.usetex: True\n")
    (kernels / "kernel.json").write_text('{"argv": ["/nowhere"], "display_name": "Python 3"}')
    env = {
        **os.environ,
        "PYTHONPATH": str(path),
        "PYTHONSTARTUP": str(home / "started.py"),
        "PYTHONOPTIMIZE": "2",
        "PYTHONWARNINGS": "error",
        "PYTHONUTF8": "0",
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_PATH": str(home / "data"),
        "JUPYTER_CONFIG_DIR": str(home),
        "MPLBACKEND": "pdf",
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "TORCH_LOGS": "+all",
        "PYTORCH_JIT": "0",
        "CUDA_VISIBLE_DEVICES": "",
        "OMP_NUM_THREADS": "1",
        "VIRTUAL_ENV": str(home),
    }
    return beside, env


def offline(env):
    """Cut the network for a test's kernel; the package is that of this folder."""
    return {**env, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "offline"), str(ROOT)])}


@pytest.mark.slow
def test_a_kernel_of_the_courses_jupyterlab_takes_nothing_foreign(misleading, tmp_path):
    beside, env = misleading
    found = json.loads(ask_kernel(offline(surroundings.at_home(env, tmp_path / "mine")), beside))
    for module in ("cv2", "torch"):
        assert Path(sys.prefix).resolve() in Path(found.pop(module)).resolve().parents
    assert found == {
        "startup": "",
        "optimize": 0,
        "text": False,
        "backend": "module://matplotlib_inline.backend_inline",
        "utf8": 1,
        "logs": None,
        "cuda": "",
        "threads": 1,
        "user site": 1,
        "mine": 7,
    }


@pytest.mark.slow
def test_a_kernel_started_otherwise_still_takes_the_courses_packages(misleading):
    beside, env = misleading
    places = os.pathsep.join([env["PYTHONPATH"], offline(env)["PYTHONPATH"]])
    plain = {**os.environ, "PYTHONPATH": places}
    found = json.loads(ask_kernel(plain, beside))
    for module in ("cv2", "torch"):
        assert Path(sys.prefix).resolve() in Path(found[module]).resolve().parents
    assert found["text"] is False and found["mine"] == 7


@pytest.mark.slow
def test_what_a_kernel_has_taken_from_elsewhere_is_named_by_lesson_00(misleading):
    beside, env = misleading
    # The kernel itself begins with the course's packages; only a cell can still go around them.
    code = f"import sys\nsys.path.insert(0, {env['PYTHONPATH']!r})\nimport cv2\n"
    code += "from aml4d_utils.topics.welcome import checkup\nprint(checkup._packages()[:2])"
    plain = {**os.environ, "PYTHONPATH": offline(env)["PYTHONPATH"]}
    said = ask_kernel(plain, beside, code)
    assert f"cv2 from {Path(env['PYTHONPATH'], 'cv2.py').resolve()}" in said and "False" in said


# --- Variables -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "decision"),
    [
        ("PYTHONHOME", "drop"),
        ("PYTHONDONTWRITEBYTECODE", "keep"),
        ("__PYVENV_LAUNCHER__", "drop"),
        ("JUPYTER_TOKEN", "drop"),
        ("JUPYTERHUB_API_TOKEN", "drop"),
        ("JPY_PARENT_PID", "drop"),
        ("PYTORCH_ENABLE_MPS_FALLBACK", "drop"),
        ("SCIPY_ARRAY_API", "drop"),
        ("NPY_DISABLE_CPU_FEATURES", "keep"),
        ("ATEN_CPU_CAPABILITY", "keep"),
        ("MKL_CBWR", "keep"),
        ("https_proxy", "keep"),
        ("SSL_CERT_FILE", "keep"),
        ("LD_LIBRARY_PATH", "keep"),
        ("AML4D_HOME", "keep"),
        ("HOME", "keep"),
        ("PYTEST_ADDOPTS", "drop"),
        ("pythonpath", "drop"),
    ],
)
def test_each_variable_is_decided_on(name, decision):
    kept = surroundings.clean({name: "x", "PATH": "/bin"})
    assert (kept.get(name) == "x") == (decision == "keep")


def test_every_decision_has_its_reason_and_is_one_of_two():
    for row in surroundings.VARIABLES:
        assert row.decision in ("keep", "drop") and row.why and row.names


def test_commands_in_a_cell_mean_the_courses_python():
    kept = surroundings.clean({"PATH": "/usr/bin"})
    first, *rest = kept["PATH"].split(os.pathsep)
    assert Path(first).parent == ROOT / ".venv" == Path(kept["VIRTUAL_ENV"])
    assert rest == ["/usr/bin"]


# --- Folders -------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_made_gets_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError) as caught:
        surroundings.at_home(dict(os.environ), tmp_path / "file" / "mine")
    assert "copy the course into a folder of your own" in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions otherwise")
def test_a_disk_without_owners_does_not_stop_jupyter(tmp_path, monkeypatch):
    assert "JUPYTER_ALLOW_INSECURE_WRITES" not in surroundings.at_home({}, tmp_path / "a")
    monkeypatch.setattr(surroundings.stat, "S_IMODE", lambda mode: 0o777)
    assert surroundings.at_home({}, tmp_path / "b")["JUPYTER_ALLOW_INSECURE_WRITES"] == "1"


@pytest.mark.parametrize(
    ("root", "release", "reads"),
    [
        ("/home/me/aml4d", "6.1.0", True),
        ("/home/me/.courses/aml4d", "6.1.0", False),
        ("/home/me/aml4d", "5.15.90.1-microsoft-standard-WSL2", False),
    ],
)
def test_a_browser_in_a_sandbox_is_not_handed_a_file(monkeypatch, root, release, reads):
    monkeypatch.setattr(surroundings, "ROOT", Path(root))
    monkeypatch.setattr(platform, "release", lambda: release)
    assert surroundings.browser_reads_files() is reads


def test_the_page_that_opens_jupyterlab_is_not_hidden():
    places = surroundings.at_home(dict(os.environ), ROOT / "my_settings")
    inside = Path(places["JUPYTER_RUNTIME_DIR"]).relative_to(ROOT)
    assert not any(part.startswith(".") for part in inside.parts)


@pytest.mark.slow
@pytest.mark.parametrize("letters", ["Übung", "練習"])
def test_a_path_file_is_read_alike_under_every_code_page(tmp_path, monkeypatch, letters):
    """Python up to 3.12 reads path files in the code page: a relative path has no letters."""
    root = tmp_path / letters / "aml4d"
    site = root / ".venv" / "lib" / "python3.99" / "site-packages"
    site.mkdir(parents=True)
    (root / "found_it.py").write_text("")
    file = site / "_editable_impl_aml4d_utils.pth"
    file.write_text(f"{root}\n", "utf-8")
    code = f"import os, site; site.addsitedir(os.fsdecode({os.fsencode(site)!r}))\n"
    code += "import found_it; print('found')"
    plain = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-X", "utf8=0", "-c", code]

    def is_found():
        done = subprocess.run(command, env=plain, capture_output=True, text=True)
        return done.stdout.strip() == "found"

    if sys.version_info < (3, 13) and os.name == "posix":
        assert not is_found()  # what this is about
    monkeypatch.setattr(relocation, "VENV", root / ".venv")
    monkeypatch.setattr(relocation, "ROOT", root)
    relocation.make_path_relative()
    assert file.read_bytes().isascii() and is_found()
