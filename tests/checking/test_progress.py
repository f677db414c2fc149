"""Progress: counted, kept through crashes and from several notebooks, and never in the way."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from aml4d_utils.checking import progress

LESSON = "07_convolution"


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(progress, "_memory", {})
    monkeypatch.setattr(progress, "_trouble", {})


@pytest.fixture
def file(aml4d_home):
    return aml4d_home / "progress" / f"{LESSON}.json"


def on_disk(file):
    return json.loads(file.read_text("utf-8"))


# --- counting --------------------------------------------------------------------------------


def test_nothing_yet():
    totals = progress.totals(LESSON)
    assert progress.counts(LESSON) == {"predictions": 0, "exercises": 0, "quiz": 0}
    assert progress.line(LESSON) == (
        f"0 of {totals['predictions']} predictions · 0 of {totals['exercises']} exercises · "
        f"0 of {totals['quiz']} quiz questions"
    )


def test_each_kind_is_counted_in_its_own_way():
    progress.record(LESSON, "predictions", "wall", answer=1)
    progress.record(LESSON, "exercises", "output_size", solved=True)
    progress.record(LESSON, "exercises", "convolve_image", solved=False)
    progress.record(LESSON, "quiz", "sharing", solved=True, answer=0)
    progress.record(LESSON, "quiz", "local", solved=False, answer=2)
    assert progress.counts(LESSON) == {"predictions": 1, "exercises": 1, "quiz": 1}
    words = progress.line(LESSON)
    for kind, noun in (("predictions", "predictions"), ("exercises", "exercises")):
        assert f"1 of {progress.totals(LESSON)[kind]} {noun}" in words


def test_facts_are_kept_word_for_word(file):
    progress.record(LESSON, "predictions", "wall", answer=1.5, note="ümlaut − ✓")
    assert progress.load(LESSON)["predictions"] == {"wall": {"answer": 1.5, "note": "ümlaut − ✓"}}
    assert on_disk(file) == {"predictions": {"wall": {"answer": 1.5, "note": "ümlaut − ✓"}}}


def test_new_facts_replace_old_ones_and_leave_the_others():
    progress.record(LESSON, "predictions", "wall", answer=1, tries=1)
    progress.record(LESSON, "predictions", "wall", answer=2)
    assert progress.load(LESSON)["predictions"]["wall"] == {"answer": 2, "tries": 1}


def test_solved_stays_solved():
    for solved in (False, True, False):
        progress.record(LESSON, "exercises", "output_size", solved=solved)
    assert progress.load(LESSON)["exercises"]["output_size"]["solved"] is True
    assert progress.counts(LESSON)["exercises"] == 1


def test_lessons_do_not_mix(aml4d_home):
    progress.record(LESSON, "exercises", "a", solved=True)
    progress.record("08_what_cnns_learn", "exercises", "a", solved=False)
    assert progress.counts(LESSON)["exercises"] == 1
    assert progress.counts("08_what_cnns_learn")["exercises"] == 0
    names = {f.name for f in (aml4d_home / "progress").glob("*.json")}
    assert names == {f"{LESSON}.json", "08_what_cnns_learn.json"}


def test_more_than_there_are_is_not_said():
    for index in range(40):
        progress.record(LESSON, "predictions", f"p{index}", answer=0)
    total = progress.totals(LESSON)["predictions"]
    assert f"{total} of {total} predictions" in progress.line(LESSON)


def test_unknown_kinds_are_refused(file):
    with pytest.raises(ValueError, match="keeps predictions, exercises, quiz, exams, not 'marks'"):
        progress.record(LESSON, "marks", "a", solved=True)
    assert not file.exists()


def test_what_is_no_json_is_refused_and_nothing_is_left_behind(file):
    progress.record(LESSON, "exercises", "a", solved=True)
    with pytest.raises(TypeError):
        progress.record(LESSON, "exercises", "b", answer={1, 2})
    assert on_disk(file) == {"exercises": {"a": {"solved": True}}}
    assert not list(file.parent.glob("*.tmp"))


def test_an_unknown_lesson_has_no_totals():
    assert progress.totals("99_magic") == {"predictions": 0, "exercises": 0, "quiz": 0}
    progress.totals(LESSON)["quiz"] = 99
    assert progress.totals(LESSON)["quiz"] != 99


# --- several notebooks, and crashes ----------------------------------------------------------


def python(code, *arguments):
    return subprocess.Popen([sys.executable, "-c", code, *arguments])


WRITER = """
import sys
from aml4d_utils.checking import progress
who, count = sys.argv[1], int(sys.argv[2])
for index in range(count):
    progress.record("07_convolution", "quiz", f"{who} {index}", solved=index % 2 == 0, answer=index)
"""


def test_two_notebooks_at_once_lose_nothing(file):
    writers = [python(WRITER, who, "50") for who in ("left", "right")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    kept = on_disk(file)["quiz"]
    assert set(kept) == {f"{who} {index}" for who in ("left", "right") for index in range(50)}
    assert all(kept[name]["answer"] == int(name.split()[1]) for name in kept)
    assert progress.counts(LESSON)["quiz"] == 50


@pytest.mark.skipif(os.name != "posix", reason="sends a signal that cannot be caught")
def test_a_crash_in_mid_write_leaves_a_sound_file(file):
    random.seed(0)
    before = set()
    for attempt in range(12):
        writer = python(WRITER, f"attempt {attempt}", "100000")
        while not file.exists() or len(on_disk(file)["quiz"]) == len(before):
            assert writer.poll() is None
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.05))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        kept = set(on_disk(file)["quiz"])
        assert kept >= before
        before = kept
    progress.record(LESSON, "quiz", "last", solved=True)
    assert set(on_disk(file)["quiz"]) == before | {"last"}
    assert not list(file.parent.glob("*.broken.json"))


def test_a_crash_between_writing_and_replacing(file, monkeypatch):
    progress.record(LESSON, "exercises", "a", solved=True)

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            progress.record(LESSON, "exercises", "b", solved=True)
    assert on_disk(file) == {"exercises": {"a": {"solved": True}}}
    assert not list(file.parent.glob("*.tmp"))
    progress.record(LESSON, "exercises", "c", solved=True)
    assert set(on_disk(file)["exercises"]) == {"a", "c"}


# --- nowhere to write ------------------------------------------------------------------------


@pytest.fixture
def blocked(tmp_path, monkeypatch):
    """A file stands where the folder should be."""
    place = tmp_path / "in the way"
    place.write_text("")
    monkeypatch.setenv("AML4D_HOME", str(place))
    return place


def test_it_is_said_and_kept_in_memory(blocked):
    progress.record(LESSON, "exercises", "a", solved=True)
    progress.record(LESSON, "predictions", "wall", answer=1)
    assert progress.counts(LESSON) == {"predictions": 1, "exercises": 1, "quiz": 0}
    words = progress.line(LESSON)
    assert "Progress could not be saved (" in words
    assert words.endswith("it is kept until this notebook closes.")
    assert "None" not in words
    assert str(blocked) in words


@pytest.mark.parametrize("name", ["mkstemp", "replace"])
def test_a_full_or_locked_disk(file, monkeypatch, name):
    progress.record(LESSON, "exercises", "a", solved=True)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(progress.tempfile if name == "mkstemp" else os, name, full)
        progress.record(LESSON, "exercises", "b", solved=True)
        assert progress.counts(LESSON)["exercises"] == 2
        assert "(No space left on device)" in progress.line(LESSON)
        assert set(on_disk(file)["exercises"]) == {"a"}
    assert not list(file.parent.glob("*.tmp"))
    progress.record(LESSON, "predictions", "wall", answer=1)
    assert set(on_disk(file)["exercises"]) == {"a", "b"}
    assert "could not" not in progress.line(LESSON)


def test_a_lock_that_is_never_free(file, monkeypatch):
    import filelock

    monkeypatch.setattr(progress, "_LOCK_SECONDS", 0.05)
    file.parent.mkdir(parents=True)
    with filelock.FileLock(file.parent / f".{LESSON}.lock"):
        progress.record(LESSON, "exercises", "a", solved=True)
    assert not file.exists()
    assert progress.counts(LESSON)["exercises"] == 1
    assert "Progress could not be saved" in progress.line(LESSON)


def test_what_came_later_wins_over_what_waited(file, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(13, "Denied")))
        progress.record(LESSON, "predictions", "wall", answer=1, tries=1)
        assert progress.load(LESSON)["predictions"]["wall"]["answer"] == 1
    progress.record(LESSON, "predictions", "wall", answer=2)
    assert on_disk(file)["predictions"]["wall"] == {"answer": 2, "tries": 1}
    assert progress.load(LESSON)["predictions"]["wall"]["answer"] == 2


# --- damaged files ---------------------------------------------------------------------------

DAMAGED = {
    "half written": b'{"quiz": {"sharing": {"solv',
    "empty": b"",
    "a list": b"[1, 2]",
    "other kinds of entries": b'{"exercises": {"a": 3}}',
    "other kinds of kinds": b'{"exercises": [1]}',
    "no text": b"\xff\xfe\x00\x9c",
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_file_is_set_aside(file, kind):
    file.parent.mkdir(parents=True)
    file.write_bytes(DAMAGED[kind])
    assert progress.counts(LESSON) == {"predictions": 0, "exercises": 0, "quiz": 0}
    assert f"Earlier progress could not be read ({file.name} is damaged)" in progress.line(LESSON)
    assert file.read_bytes() == DAMAGED[kind]
    progress.record(LESSON, "exercises", "a", solved=True)
    assert on_disk(file) == {"exercises": {"a": {"solved": True}}}
    assert file.with_suffix(".broken.json").read_bytes() == DAMAGED[kind]
    assert "could not" not in progress.line(LESSON)


def test_unknown_entries_of_a_later_version_are_kept(file):
    file.parent.mkdir(parents=True)
    file.write_text('{"later": [1], "exercises": {"a": {"solved": true, "stars": 3}}}')
    progress.record(LESSON, "exercises", "b", solved=True)
    kept = on_disk(file)
    assert kept["later"] == [1]
    assert kept["exercises"]["a"] == {"solved": True, "stars": 3}


def test_looking_writes_nothing(aml4d_home):
    progress.load(LESSON)
    progress.line(LESSON)
    assert not (aml4d_home / "progress").exists()
