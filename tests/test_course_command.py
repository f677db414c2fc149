"""course.py: installing, repairing, starting and summing up, tried on a tiny copy of the course.

The copy has the real course.py, a package of a few lines and one locked wheel, made here, that
stands for everything big. pip takes it from a folder, so no network is needed.
"""

import base64
import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import types
import zipfile
from pathlib import Path

import pytest

from course import cells, checks

ROOT = Path(__file__).resolve().parents[1]
NO_CACHE = shutil.ignore_patterns("__pycache__")
posix_only = pytest.mark.skipif(os.name == "nt", reason="sends POSIX signals")

PYPROJECT = """
[build-system]
requires = []
build-backend = "tiny_backend"
backend-path = ["."]
[project]
name = "aml4d_utils"
version = "1.0"
"""
BACKEND = """
import os, pathlib, sys, time, zipfile
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from write_wheel import write_wheel
def build_editable(folder, config_settings=None, metadata_directory=None):
    here = pathlib.Path(__file__).resolve().parent
    if (here / "be_slow").exists():
        (here / "slow_has_begun").write_text("")
        time.sleep(60)
    settings = (here / "aml4d_utils" / "overrides.json").read_text()
    place = "aml4d_utils-1.0.data/data/share/jupyter/lab/settings/overrides.json"
    return write_wheel(folder, "aml4d_utils", {"aml4d_utils.pth": str(here), place: settings})
"""
BIG_PACKAGES = {
    "torch.py": "",
    "torchvision.py": "",
    "cv2.py": "",
    "jupyterlab/__init__.py": "",
    "jupyterlab/__main__.py": "import sys; print('jupyterlab', *sys.argv[1:])",
}


def write_wheel(folder, name, files):
    """Write name-1.0-py3-none-any.whl; also copied into the tiny course for its backend."""
    info = f"{name}-1.0.dist-info"
    files = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{info}/RECORD,,"]
    wheel = Path(folder, f"{name}-1.0-py3-none-any.whl")
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
            record.append(f"{path},sha256={digest.decode().rstrip('=')},{len(text.encode())}")
            archive.writestr(path, text)
        archive.writestr(f"{info}/RECORD", "\n".join(record) + "\n")
    return wheel.name


def make_tiny(folder):
    """Make a tiny course: course.py, package, lock, build backend, and a folder of wheels."""
    copy = folder / "a course"  # a space in the path must not matter
    (copy / "aml4d_utils").mkdir(parents=True)
    (copy / "wheels").mkdir()
    (copy / "notebooks").mkdir()
    shutil.copy(ROOT / "course.py", copy)
    shutil.copytree(ROOT / "tools" / "course", copy / "tools" / "course", ignore=NO_CACHE)
    (copy / "aml4d_utils" / "__init__.py").write_text("")
    (copy / "aml4d_utils" / "overrides.json").write_text("{}")
    (copy / "pyproject.toml").write_text(PYPROJECT)
    (copy / "tiny_backend.py").write_text(BACKEND)
    imports = "import base64, hashlib, zipfile\nfrom pathlib import Path\n"
    source = Path(__file__).read_text("utf-8")
    function = source[source.index("def write_wheel") : source.index("def make_tiny")]
    (copy / "write_wheel.py").write_text(imports + function)
    (copy / "requirements.lock").write_text("# pins\nbig==1.0\n")
    write_wheel(copy / "wheels", "big", BIG_PACKAGES)
    return copy


@pytest.fixture
def tiny(tmp_path):
    """A tiny course of this test alone."""
    return make_tiny(tmp_path)


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """A tiny course that was started once, and what it said then: to install takes seconds."""
    copy = make_tiny(tmp_path_factory.mktemp("started"))
    return copy, course(copy, "lab", "--no-browser", "--port", "8899")


def publish(tiny, name, text):
    """Write a generated notebook of one cell into the tiny course."""
    cell = {"cell_type": "markdown", "id": "00-000", "source": text}
    cell["metadata"] = {"aml4d": cells.mark_of("markdown", text)}
    notebook = {"cells": [cell], "metadata": {"aml4d": {"lesson": name}}}
    notebook |= {"nbformat": 4, "nbformat_minor": 5}
    cells.write(tiny / "notebooks" / f"{name}.ipynb", notebook)


def environment(tiny, **changes):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": (tiny / "wheels").as_uri()}
    settings |= {"PIP_CONFIG_FILE": os.devnull}
    wanted = {**kept, **settings, **changes}
    return {name: text for name, text in wanted.items() if text is not None}


def course(tiny, *arguments, **changes):
    return subprocess.run(
        [sys.executable, str(tiny / "course.py"), *arguments],
        env=environment(tiny, **changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


PARTS = ("browser", "checks", "environment", "folders", "holding", "interpreter", "packages")
PARTS += ("relocation", "surroundings", "update")


@pytest.fixture
def module(tiny, monkeypatch):
    """The command of the tiny course, loaded here: its parts by name, and its main."""
    for name in [n for n in sys.modules if n.split(".")[0] == "course"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", [str(tiny / "tools"), *sys.path])
    parts = {name: importlib.import_module(f"course.{name}") for name in PARTS}
    assert parts["folders"].ROOT == tiny
    spec = importlib.util.spec_from_file_location("course_under_test", tiny / "course.py")
    command = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(command)
    yield types.SimpleNamespace(command=command, CourseError=command.CourseError, **parts)
    for name in [n for n in sys.modules if n.split(".")[0] == "course"]:
        del sys.modules[name]


# --- Installing ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_first_start_installs_later_starts_do_not_and_damage_is_repaired(started):
    tiny, first = started
    assert first.returncode == 0, first.stderr
    assert (
        "Setting up the course" in first.stdout and "Successfully installed big-1.0" in first.stdout
    )
    options = f"jupyterlab --ServerApp.root_dir={tiny / 'my_lessons'} --ServerApp.port=8899"
    assert options in first.stdout and "--no-browser" in first.stdout
    assert "--LabApp.default_url" not in first.stdout

    publish(tiny, "00_start_here", "# Hello")
    second = course(tiny, "lab")
    assert "big" not in second.stdout and "jupyterlab" in second.stdout
    assert "default_url=/lab/tree/00_start_here.ipynb" in second.stdout
    assert "# Hello" in (tiny / "my_lessons" / "00_start_here.ipynb").read_text("utf-8")

    # A lock that has changed, then settings that are gone: mended in place, nothing made anew.
    (tiny / ".venv" / "mine.txt").write_text("kept")
    with open(tiny / "requirements.lock", "a") as file:
        file.write("# renewed\n")
    third = course(tiny, "lab")
    assert "Requirement already satisfied: big==1.0" in third.stdout
    (tiny / ".venv/share/jupyter/lab/settings/overrides.json").unlink()
    fourth = course(tiny, "lab")
    assert fourth.returncode == 0 and "Setting up" not in fourth.stdout
    assert (tiny / ".venv/share/jupyter/lab/settings/overrides.json").exists()
    assert (tiny / ".venv" / "mine.txt").exists()


@pytest.mark.slow
def test_a_handmade_environment_is_completed_and_not_thrown_away(tiny):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tiny / ".venv"], check=True)
    (tiny / ".venv" / "mine.txt").write_text("kept")
    done = course(tiny, "lab")
    assert done.returncode == 0, done.stderr
    assert "jupyterlab" in done.stdout and (tiny / ".venv" / "mine.txt").exists()


@pytest.mark.slow
def test_a_failed_first_install_leaves_nothing_behind(tiny):
    (tiny / "requirements.lock").write_text("nowhere_to_be_found==1.0\n")
    done = course(tiny, "lab")
    assert done.returncode == 1
    assert "A package does not exist for this computer" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not (tiny / ".venv").exists()


@pytest.mark.slow
def test_a_missing_network_is_named(tiny):
    nobody = "http://127.0.0.1:9/simple"
    offline = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": nobody}
    done = course(tiny, "lab", PIP_RETRIES="1", **offline)
    assert done.returncode == 1
    assert "check the internet connection" in done.stderr.splitlines()[-1]
    assert not (tiny / ".venv").exists()


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM"])
def test_a_stopped_first_install_leaves_nothing_behind(tiny, signal_name):
    (tiny / "be_slow").write_text("")
    process = subprocess.Popen(
        [sys.executable, str(tiny / "course.py"), "lab"],
        env=environment(tiny),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # A parent that ignores Ctrl-C, as a background shell does, must not hand that down.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 300
    while not (tiny / "slow_has_begun").exists():
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    process.send_signal(getattr(signal, signal_name))
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert errors.splitlines()[-1] == "Stopped."
    assert not (tiny / ".venv").exists()


@pytest.fixture
def moved(started, tmp_path):
    """The tiny course as if it had been moved: a copy, while nothing stands in the old place."""
    old, first = started
    assert first.returncode == 0
    new = shutil.copytree(old, tmp_path / "Übung [SS26]", symlinks=True)
    aside = old.rename(old.with_name("aside"))
    yield new
    aside.rename(old)


@pytest.mark.slow
def test_a_moved_folder_is_mended_without_a_network(moved):
    (moved / ".venv" / "mine.txt").write_text("kept")
    done = course(moved, "lab", PIP_FIND_LINKS="")
    assert done.returncode == 0, done.stderr
    assert "Setting up" not in done.stdout and "Requirement" not in done.stdout
    assert (moved / ".venv" / "mine.txt").exists()
    if os.name == "posix":  # programs that a student may call by hand
        pip = moved / ".venv" / "bin" / "pip"
        assert str(moved) in subprocess.run([pip, "-V"], capture_output=True, text=True).stdout

        # And the Python that it was made with goes elsewhere, as after an update of the system.
        for link in (moved / ".venv" / "bin").glob("python*"):
            link.unlink()
            link.symlink_to("/nowhere/python")
        again = course(moved, "lab", PIP_FIND_LINKS="")
        assert again.returncode == 0, again.stderr
        assert "jupyterlab" in again.stdout and (moved / ".venv" / "mine.txt").exists()


@pytest.mark.slow
def test_a_replacement_is_complete_before_the_old_one_goes(tiny):
    (tiny / ".venv").mkdir()  # without a Python: beyond mending
    (tiny / ".venv" / "mine.txt").write_text("kept")
    lock = (tiny / "requirements.lock").read_text()
    (tiny / "requirements.lock").write_text("nowhere_to_be_found==1.0\n")
    assert course(tiny, "lab").returncode == 1
    assert (tiny / ".venv" / "mine.txt").read_text() == "kept"
    assert not (tiny / ".venv.old").exists()
    (tiny / "requirements.lock").write_text(lock)
    assert course(tiny, "lab").returncode == 0
    assert not (tiny / ".venv" / "mine.txt").exists() and not (tiny / ".venv.old").exists()


@pytest.mark.parametrize("new_one_is_complete", [False, True])
def test_a_run_that_was_cut_off_is_tidied_up(module, new_one_is_complete):
    environment = module.environment
    environment.OLD.mkdir()
    (environment.OLD / "which.txt").write_text("old")
    environment.VENV.mkdir()
    (environment.VENV / "which.txt").write_text("new")
    done = environment.stamp_text() if new_one_is_complete else environment.UNFINISHED
    environment.STAMP.write_text(done)
    environment.finish_interrupted()
    which = "new" if new_one_is_complete else "old"
    assert (environment.VENV / "which.txt").read_text() == which
    assert not environment.OLD.exists()


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (b"#!/old/.venv/bin/python3\nimport x\n", b"#!{new}/bin/python3\nimport x\n"),
        (b"#!/bin/sh\necho\n", b"#!/bin/sh\necho\n"),
        (b"#!/old/.venv2/bin/python\n", b"#!/old/.venv2/bin/python\n"),
        (b"\x7fELF\n/old/.venv/bin", b"\x7fELF\n/old/.venv/bin"),
    ],
)
@posix_only
def test_first_lines_of_programs_follow_a_move(module, monkeypatch, first, expected):
    monkeypatch.setattr(module.relocation, "VENV", Path("/new/.venv"))
    made = module.relocation.with_start_line(first, "/old/.venv")
    assert made == expected.replace(b"{new}", b"/new/.venv")


@posix_only
@pytest.mark.parametrize("name", ["with space", "x" * 130, "Übung's [SS26]"])
def test_first_lines_that_the_system_cannot_read_go_through_the_shell(
    module, monkeypatch, tmp_path, name
):
    place = tmp_path / name / ".venv"
    (place / "bin").mkdir(parents=True)
    (place / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(module.relocation, "VENV", place)
    program = place / "bin" / "tell"
    old = b"#!/old/.venv/bin/python\nimport sys\nprint('told', sys.argv[1])\n"
    program.write_bytes(module.relocation.with_start_line(old, "/old/.venv"))
    program.chmod(0o755)
    done = subprocess.run([program, "a b"], capture_output=True, text=True)
    assert done.stdout == "told a b\n", done.stderr


def test_names_that_no_environment_can_have_are_refused(module, monkeypatch):
    monkeypatch.setattr(module.environment, "ROOT", Path(f"/home/a{os.pathsep}b"))
    with pytest.raises(module.CourseError, match="rename"):
        module.environment.check_folder()


@pytest.mark.parametrize(("length", "fits"), [(40, True), (58, True), (59, False), (120, False)])
def test_paths_too_long_for_windows_are_refused(module, monkeypatch, length, fits):
    root = Path("C:" + "x" * (length - 2))
    monkeypatch.setattr(module.environment, "ROOT", root)
    monkeypatch.setattr(module.environment, "VENV", root / ".venv")
    monkeypatch.setattr(module.environment.os, "pathsep", ";")
    monkeypatch.setattr(module.environment, "takes_long_paths", lambda: False)
    if fits:
        module.environment.check_folder()
    else:
        with pytest.raises(module.CourseError, match=r"too long for Windows .*up to 58 fit"):
            module.environment.check_folder()
    monkeypatch.setattr(module.environment, "takes_long_paths", lambda: True)
    module.environment.check_folder()


def test_the_longest_path_of_an_installation_is_known(module):
    site = Path(sysconfig.get_path("purelib"))
    longest = max(len(str(path.relative_to(site))) for path in site.rglob("*"))
    assert len("/Lib/site-packages/") + longest <= module.environment.LONGEST_INSIDE


def test_half_made_and_broken_environments_are_made_anew(module, monkeypatch):
    monkeypatch.setattr(module.environment, "ask_python", lambda code: "it runs")
    module.environment.VENV.mkdir()
    assert not module.environment.must_start_anew()  # made by hand: no stamp
    module.environment.STAMP.write_text(f"{module.environment.UNFINISHED}\n")
    assert module.environment.must_start_anew()
    module.environment.STAMP.write_text("0123\n/another/place/.venv\n")
    assert not module.environment.must_start_anew()  # moved: that can be mended
    monkeypatch.setattr(module.environment, "ask_python", lambda code: "")
    assert module.environment.must_start_anew()  # its Python is gone


def test_the_stamp_follows_the_lock_but_not_line_ends(module):
    before = module.environment.stamp_text()
    text = module.environment.LOCK.read_bytes()
    module.environment.LOCK.write_bytes(text.replace(b"\n", b"\r\n"))
    assert module.environment.stamp_text() == before
    module.environment.LOCK.write_bytes(text + b"another==2.0\n")
    assert module.environment.stamp_text() != before


def test_two_installers_do_not_meet(module, tiny):
    with module.holding.only_one("installing"):
        done = course(tiny, "lab")
    assert done.returncode == 1
    assert "Another course.py is installing" in done.stderr


@pytest.mark.parametrize("version", [(3, 10, 4), (3, 14, 0), (3, 9, 1)])
def test_another_python_gets_one_sentence(module, monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(module.CourseError) as caught:
        module.environment.install(cpu=False)
    text = str(caught.value)
    assert f"This is Python 3.{version[1]}, but the course needs Python 3.11 to 3.13" in text
    assert text.count(". ") == 0 and text.endswith(".")
    assert not module.environment.VENV.exists()


def test_an_environment_with_another_python_gets_one_sentence(module, monkeypatch):
    monkeypatch.setattr(module.environment, "ask_python", lambda code: "3.10")
    module.environment.VENV.mkdir()
    with pytest.raises(module.CourseError, match=r"\.venv holds Python 3\.10.*delete that folder"):
        module.environment.install(cpu=False)
    assert module.environment.VENV.exists()


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("ERROR: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying (Retry(total=4)) ... No matching distribution", "internet"),
        ("NewConnectionError: [Errno -3] Temporary failure in name resolution", "internet"),
        ("SSLError(SSLCertVerificationError('CERTIFICATE_VERIFY_FAILED'))", "certificate"),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "a folder of your own"),
        ("ERROR: No matching distribution found for torch==2.13.0", "does not exist for this"),
        ("ImportError: libfoo.so.1: cannot open shared object file", "unset LD_LIBRARY_PATH"),
        ("ImportError: DLL load failed while importing cv2", r"Visual C\+\+ Redistributable"),
        ("[Errno 2] No such file: 'x'\nHINT: ... Windows Long Path support", r"C:\\aml4d"),
        ("one\nsomething odd\n\n", r"\(something odd\): run this command again"),
        ("", r"\(no message\)"),
    ],
)
def test_advice_is_one_sentence(module, output, words):
    sentence = module.packages.advice(output)
    assert re.search(words, sentence), sentence
    assert sentence.endswith(".") and "\n" not in sentence


HOSTILE = {
    "user": "true",
    "target": "{folder}/target",
    "prefix": "{folder}/prefix",
    "root": "{folder}/root",
    "require-hashes": "true",
    "no-binary": ":all:",
    "no-deps": "true",
    "dry-run": "true",
    "only-binary": ":none:",
    "constraint": "{folder}/constraints.txt",
    "python-version": "3.5",
    "isolated": "true",
    "require-virtualenv": "true",
    "quiet": "3",
    "python": "/nowhere/python",
}


@pytest.mark.slow
@pytest.mark.parametrize("through", ["file", "variables"])
def test_pips_own_settings_do_not_change_what_is_installed(tiny, tmp_path, through):
    settings = {name: text.format(folder=tmp_path) for name, text in HOSTILE.items()}
    (tmp_path / "constraints.txt").write_text("big==2.0\n")
    lines = [f"{name} = {text}" for name, text in settings.items()]
    kept = ["no-index = true", f"find-links = {(tiny / 'wheels').as_uri()}"]
    file = tmp_path / "pip.conf"
    file.write_text("\n".join(["[global]", *kept, *(lines if through == "file" else [])]))
    changes = {"PIP_CONFIG_FILE": str(file), "PIP_NO_INDEX": None, "PIP_FIND_LINKS": None}
    if through == "variables":
        changes |= {f"PIP_{k.upper().replace('-', '_')}": text for k, text in settings.items()}
    done = course(tiny, "lab", **changes)
    assert done.returncode == 0, done.stderr
    assert list((tiny / ".venv").glob("**/big-1.0.dist-info"))
    assert not any((tmp_path / name).exists() for name in ("target", "prefix", "root"))


def test_how_pip_reaches_packages_is_the_users(module, tmp_path, monkeypatch):
    monkeypatch.setattr(module.packages, "venv_python", lambda: [sys.executable])
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    file = tmp_path / "pip.conf"
    file.write_text(
        "[global]\nindex-url = https://a.example/simple\nproxy = http://p.example:3128\n"
        "cert = /a/cert.pem\nuser = true\nquiet = 3\nextra-index-url =\n  https://b.example\n"
        "  https://c.example\n[install]\nindex-url = https://d.example\ntarget = /x\n"
        "[download]\nindex-url = https://e.example\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.setenv("PIP_CERT", "/b/cert.pem")
    monkeypatch.setenv("PIP_PREFIX", "/y")
    monkeypatch.setenv("HTTPS_PROXY", "http://q.example:3128")
    found = module.packages.pip_environment()
    assert {name: text for name, text in found.items() if name.startswith("PIP_")} == {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "https://d.example",
        "PIP_EXTRA_INDEX_URL": "https://b.example https://c.example",
        "PIP_PROXY": "http://p.example:3128",
        "PIP_CERT": "/b/cert.pem",
    }
    assert found["HTTPS_PROXY"] == "http://q.example:3128"
    assert not module.packages.takes_registry()
    file.write_text("[global]\nuser = true\n")
    module.packages.pip_settings.cache_clear()
    assert module.packages.takes_registry()


def test_settings_that_pip_cannot_read_are_named(module, tmp_path, monkeypatch):
    monkeypatch.setattr(module.packages, "venv_python", lambda: [sys.executable])
    (tmp_path / "pip.conf").write_text("no section\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    with pytest.raises(module.CourseError, match=r"pip cannot read its settings.*pip\.conf"):
        module.packages.pip_settings()


def test_cuda_is_announced_only_where_it_would_come(module, monkeypatch, capsys):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(module.packages, "ask_python", lambda code: "")
    monkeypatch.setattr(module.packages, "takes_registry", lambda: True)
    module.packages.announce_download(cpu=False)
    assert "several gigabytes" in capsys.readouterr().out
    module.packages.announce_download(cpu=True)
    monkeypatch.setattr(module.packages, "takes_registry", lambda: False)
    module.packages.announce_download(cpu=False)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(module.packages, "takes_registry", lambda: True)
    module.packages.announce_download(cpu=False)
    assert capsys.readouterr().out == ""


def test_cpu_takes_only_torch_from_its_own_index(module, monkeypatch, capsys):
    module.environment.LOCK.write_text("torch==2.13.0\ntorchvision==0.28.0\ntqdm==4.0\n")
    calls = []
    monkeypatch.setattr(module.packages, "pip_install", lambda *words: calls.append(words))
    opened = {"close": lambda: None}
    monkeypatch.setattr(
        module.packages.urllib.request, "urlopen", lambda *a, **k: type("Answer", (), opened)
    )
    module.packages.install_torch_without_cuda()
    pins = ("torch==2.13.0", "torchvision==0.28.0")
    assert calls == [("--no-deps", "--index-url", module.packages.CPU_INDEX, *pins)]


def test_cpu_says_so_when_its_index_is_out_of_reach(module, capsys):
    module.packages.install_torch_without_cuda()  # the network is cut in tests
    assert "cannot be reached" in capsys.readouterr().out


# --- The command line ----------------------------------------------------------------------------


def test_unknown_options_are_refused_except_where_they_are_passed_on(module, monkeypatch, capsys):
    with pytest.raises(SystemExit):
        module.command.main(["lab", "--nonsense"])
    assert "--nonsense" in capsys.readouterr().err
    calls = []
    monkeypatch.setattr(module.command, "ensure_environment", lambda cpu: None)
    monkeypatch.setattr(subprocess, "call", lambda command, **_: calls.append(command) or 0)
    assert module.command.main(["test", "tests/x.py", "-k", "this", "-x"]) == 0
    assert module.command.main(["assets", "--verify", "photos"]) == 0
    assert module.command.main(["build", "--check"]) == 0
    assert module.command.main(["bench", "import", "browser"]) == 0
    assert module.command.main(["bench", "solids", "--keep"]) == 0
    assert [call[1:] for call in calls] == [
        ["-m", "pytest", "tests/x.py", "-k", "this", "-x"],
        [str(module.folders.ROOT / "tools" / "build_assets.py"), "--verify", "photos"],
        [str(module.folders.ROOT / "tools" / "build_notebooks.py"), "--check"],
        ["-m", "benchmarks", "import", "browser"],
        ["-m", "benchmarks", "--keep", "solids"],
    ]


def test_it_needs_only_the_standard_library():
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "course.py"), "--help"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "lab" in done.stdout


# --- The checks ----------------------------------------------------------------------------------


@pytest.fixture
def stages(module, tmp_path, monkeypatch):
    """Three pytest stages with known outcomes, run by this Python."""
    monkeypatch.setattr(module.checks, "venv_python", lambda: [sys.executable])
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take a second each time
    sources = {
        "good": "def test_a(): pass\ndef test_b(): pass\n",
        "bad": "import pytest\ndef test_a(): pass\ndef test_b(): assert False\n"
        "@pytest.mark.skip\ndef test_c(): pass\n",
        "empty": "",
    }
    made = {}
    for name, source in sources.items():
        file = tmp_path / f"test_{name}.py"
        file.write_text(source)
        made[name] = module.checks.Stage(name, module.checks.pytest_command(str(file)), True)
    return made


def test_every_stage_runs_and_the_last_line_sums_them_up(module, stages, tmp_path, capfd):
    broken = module.checks.Stage("style", [sys.executable, "-c", "raise SystemExit(1)"])
    fine = module.checks.Stage("build", [sys.executable, "-c", ""])
    skipped = module.checks.Stage("browser tests", [])
    skipped.skip = "no browser here"
    order = [broken, stages["bad"], stages["good"], stages["empty"], fine, skipped]
    assert module.checks.run_stages(order, tmp_path, dict(os.environ)) == 1
    lines = capfd.readouterr().out.splitlines()
    # style 1 failed; bad 1 + 1 + 1; good 2; empty: found nothing, so failed; build 1; browser
    assert lines[-1] == "4 passed, 3 failed, 2 skipped"
    summary = lines[lines.index("== summary ==") + 1 : -1]
    states = [line.split()[0] for line in summary]
    assert states == ["FAILED", "FAILED", "passed", "FAILED", "passed", "SKIPPED"]
    assert "!! SKIPPED: no browser here" in lines


def test_success_is_zero(module, stages, tmp_path, capfd):
    assert module.checks.run_stages([stages["good"]], tmp_path, dict(os.environ)) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "2 passed, 0 failed, 0 skipped"


def test_a_patient_stage_runs_beside_the_others_and_speaks_in_its_turn(
    module, stages, tmp_path, capfd
):
    """The first stage ends only when the last, patient one has begun, and that one after it."""
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    wait = (
        "import pathlib, time\nfor _ in range(2000):\n    if pathlib.Path({!r}).exists(): break\n"
        "    time.sleep(0.01)\nelse: raise SystemExit('It never came.')\n"
    )
    make = "pathlib.Path({!r}).touch()\nprint({!r})"
    first = wait.format(str(begun)) + make.format(str(ended), "the first")
    last = "import pathlib\n" + make.format(str(begun), "the patient") + "\n"
    last += wait.format(str(ended)) + "import os; print(os.nice(0) if hasattr(os, 'nice') else 19)"
    last += "\nmine = pathlib.Path('/proc/self/autogroup')\n"
    last += "print(mine.read_text().strip() if mine.exists() else 'nice 19')"
    order = [
        module.checks.Stage("a", [sys.executable, "-c", first]),
        module.checks.Stage("b", [sys.executable, "-c", last]),
        stages["bad"],
    ]
    order[1].patient = order[2].patient = True
    assert module.checks.run_stages(order, tmp_path, dict(os.environ)) == 1
    lines = capfd.readouterr().out.splitlines()
    places = [lines.index(line) for line in ("the first", "== b ==", "the patient", "19")]
    assert places == sorted(places)
    assert lines[places[-1] + 1].endswith("nice 19")
    assert any("test_bad.py::test_b" in line for line in lines[lines.index("== bad ==") :])
    assert lines[-1] == "3 passed, 1 failed, 1 skipped"


def test_a_patient_stage_ends_with_what_it_runs_beside(module, tmp_path, monkeypatch):
    begun = tmp_path / "begun"
    stay = f"import os, pathlib, time\npathlib.Path({str(begun)!r}).write_text(str(os.getpid()))\n"
    patient = module.checks.Stage("a", [sys.executable, "-c", stay + "time.sleep(600)"])
    patient.patient = True

    def interrupted(_command, **_options):
        for _ in range(3000):
            if begun.exists() and begun.read_text():
                raise KeyboardInterrupt
            time.sleep(0.01)

    monkeypatch.setattr(module.checks, "call", interrupted)
    with pytest.raises(KeyboardInterrupt):
        module.checks.run_stages([module.checks.Stage("b", []), patient], tmp_path, {})
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)


def test_a_crash_of_pytest_is_a_failure(module, tmp_path):
    stage = module.checks.Stage("unit tests", [], counted=True)
    assert module.checks.count(stage, 139, tmp_path / "never_written.xml") == (0, 1, 0)


@pytest.mark.slow
def test_every_cell_of_every_notebook_has_a_name_of_its_own(tmp_path):
    """Cells that were called alike were run once for all notebooks together."""
    for name in ("one", "two"):
        cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "source": "1"}
        page = {"cells": [{**cell, "execution_count": None}], "metadata": {}}
        file = tmp_path / "notebooks" / f"{name}.ipynb"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps({**page, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    stage = checks.notebook_stage("notebooks", False, tmp_path)
    options = [word for word in stage.command if not word.endswith(".ipynb")]
    files = [str(file) for file in sorted((tmp_path / "notebooks").iterdir())]
    done = subprocess.run(
        [sys.executable, *options[1:], "--collect-only", "-n", "0", *files],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert "notebooks/one.ipynb::Cell 0" in done.stdout
    assert "notebooks/two.ipynb::Cell 0" in done.stdout


def test_quick_leaves_out_the_browser_and_slow_tests(module, monkeypatch):
    for number in range(3):
        publish(module.folders.ROOT, f"0{number}_lesson", "# Hello")
    monkeypatch.setattr(module.checks, "get_browser", lambda: "/usr/bin/chromium")
    quick, full = (module.checks.list_stages(quick, Path("anew")) for quick in (True, False))
    assert [stage.name for stage in full] == [
        "style",
        "import contracts",
        "unit tests",
        "notebooks up to date",
        "notebooks written anew",
        "notebooks",
        "browser tests",
        "numbers on the plainest processor",
        "numbers on a processor with AVX2",
    ]
    assert [stage.name for stage in full if stage.patient] == [stage.name for stage in full[7:]]
    assert [stage.name for stage in quick] == [*(s.name for s in full[:5]), "first notebook"]
    assert "not browser and not slow" in quick[2].command
    alone = f"--ignore={module.folders.ROOT / 'tests' / 'browser'}"  # a stage of its own
    assert alone in full[2].command and "tests/browser" in full[6].command
    assert [len([w for w in s.command if w.endswith(".ipynb")]) for s in (quick[5], full[5])] == [
        1,
        3,
    ]
    assert full[7].env["MKL_CBWR"] == "COMPATIBLE" and full[8].env["MKL_CBWR"] == "AVX2"
    assert full[6].env == {"AML4D_CHROMIUM": "/usr/bin/chromium", "OMP_NUM_THREADS": "1"}
    assert "loadfile" not in full[6].command
    assert "no:nbval" in full[2].command and "--nbval-lax" in full[5].command


def test_checks_are_offline_and_keep_off_the_users_files(module, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    env = module.checks.isolated_environment(tmp_path / "state")
    assert env["PYTHONPATH"] == str(module.folders.ROOT / "tests" / "offline")
    assert "PYTHONDONTWRITEBYTECODE" not in env
    for name in ("AML4D_HOME", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        assert tmp_path in Path(env[name]).parents


def test_the_browser_is_looked_for_in_order(module, monkeypatch):
    monkeypatch.delenv("AML4D_CHROMIUM", raising=False)
    tried = []
    monkeypatch.setattr(module.browser, "find_browser", lambda: tried.append("system") or "")
    monkeypatch.setattr(
        module.browser, "fetch_with_playwright", lambda: tried.append("playwright") or ""
    )
    monkeypatch.setattr(module.browser, "install_with_apt", lambda: tried.append("apt") or "")
    stage = module.checks.browser_stage()
    assert tried == ["system", "playwright", "apt"]
    assert "AML4D_CHROMIUM" in stage.skip
    monkeypatch.setattr(module.browser, "fetch_with_playwright", lambda: "/fetched")
    assert module.browser.get_browser() == "/fetched"


def test_a_chosen_browser_must_exist(module, monkeypatch):
    monkeypatch.setenv("AML4D_CHROMIUM", sys.executable)
    assert module.browser.find_browser() == sys.executable
    monkeypatch.setenv("AML4D_CHROMIUM", "/no/such/browser")
    with pytest.raises(module.CourseError, match="/no/such/browser"):
        module.browser.find_browser()


# --- The question bank ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "handed"),
    [
        (["--coverage"], ["--coverage"]),
        (["--export", "gift", "out"], ["--export", "gift", "{here}/out"]),
        (
            ["--export", "qti", "out", "--own", "mine.py", "--only-own"],
            ["--only-own", "--export", "qti", "{here}/out", "--own", "{here}/mine.py"],
        ),
    ],
)
def test_the_export_gets_whole_paths(module, monkeypatch, tmp_path, words, handed):
    """The tool runs in the course's folder, so a path means what it meant to the teacher."""
    calls = []
    monkeypatch.setattr(module.command, "ensure_environment", lambda cpu: None)
    monkeypatch.setattr(module.command, "call_tool", lambda *call: calls.append(call) or 0)
    monkeypatch.chdir(tmp_path)
    assert module.command.main(["questions", *words]) == 0
    here = [word.replace("{here}/", str(tmp_path) + os.sep) for word in handed]
    assert calls == [("export_questions.py", here)]
