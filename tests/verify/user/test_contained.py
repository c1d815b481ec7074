"""Whatever a user's file or a check does, the audit ends, says so, and judges the other claims."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import verify
from verify.cli.program import main
from verify.engine import guarded
from verify.errors import InputError
from verify.records.evidence import Planted, Verdict
from verify.records.verdict import exit_code
from verify.user import contained, judged, loading
from verify.user.contained import Ended, lines_of, possible
from verify.user.file_audit import audit_file
from verify.user.judged import judge_apart
from verify.user.loading import load

GOOD = "CLAIM = claim(Same('', a*(a + b), a**2 + a*b))\n"
STOPPED = {
    "loops": ("while True:\n    pass", "does it loop"),
    "loops and catches": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "does it loop",
    ),
    "sleeps": ("import time\ntime.sleep(1000)", "does it loop"),
    "waits for a child": (
        "import os\npid = os.fork()\nif not pid:\n    import time; time.sleep(1000)\nos.wait()",
        "loop",
    ),
    "waits for a key": ("input()", "EOFError"),
    "exits": ("import os\nos._exit(0)", "exit code 0"),
    "exits with 1": ("import sys\nsys.exit(1)", "SystemExit: 1"),
    "is killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    "crashes": ("import ctypes\nctypes.string_at(0)", "SIGSEGV"),
    "interrupts itself": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "takes all memory": ("x = bytearray(1 << 40)", "MemoryError"),
    "calls itself": ("def f(): return f()\nf()", "RecursionError"),
    "raises what cannot be shown": (
        "class E(Exception):\n    def __str__(self): return 1/0\nraise E",
        "cannot be read",
    ),
}


@pytest.mark.parametrize("name", STOPPED)
def test_a_file_that_does_not_come_to_its_end_is_named_with_its_line(name, written):
    text, message = STOPPED[name]
    path = written(text)
    start = time.monotonic()
    with pytest.raises(InputError) as found:
        load(path, seconds=1.5)
    assert time.monotonic() - start < 20
    assert str(found.value).startswith(str(path))
    assert message in str(found.value)
    assert "\n" not in str(found.value)


PASSING = {
    "prints": "import os\nprint('noise', flush=True)\nos.write(1, b'noise')\nos.system('echo noise')\n",
    "closes": "import os, sys\nsys.stdout = None\nos.close(1)\n",
    "leaves a thread": "import threading, time\nthreading.Thread(target=lambda: time.sleep(10**6)).start()\n",
    "leaves a child": "import os, time\nif not os.fork():\n    time.sleep(10**6)\n",
    "leaves a child that goes on": "import os\nos.fork()\n",
    "leaves a hook": "import atexit, time\natexit.register(lambda: time.sleep(10**6))\n",
    "changes the program": "import verify.records.verdict as v\nv.exit_code = lambda _: 1\n"
    "import verify.proof.identity as i\ni.identity = i.same = None\nClaim.__eq__ = lambda *_: True\n",
    "alters the limits": "import signal\nsignal.alarm(0)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n",
}


@pytest.mark.parametrize("name", PASSING)
def test_what_a_file_does_besides_changes_nothing(name, written, capfd):
    path = written(PASSING[name] + GOOD)
    start = time.monotonic()
    with pytest.raises(SystemExit) as stop:
        main(["check", str(path), "--json", "--examples", "64"])
    out, err = capfd.readouterr()
    assert stop.value.code == 0, err
    assert json.loads(out)["claims"][0]["verdict"] == "PROVED"  # no noise around it
    assert time.monotonic() - start < 60


@pytest.mark.slow
def test_nor_do_they_all_together_in_a_process_of_the_commands_own(written):
    """Which must come to its end as well."""
    path = written("".join(PASSING.values()) + GOOD)
    command = [sys.executable, "-m", "verify", "check", str(path), "--json", "--examples", "64"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["claims"][0]["verdict"] == "PROVED"


@pytest.mark.slow
def test_where_no_process_can_be_forked_a_new_one_runs_the_file(written, monkeypatch):
    monkeypatch.setattr(loading, "possible", lambda: False)
    (claim,) = load(written("print('noise')\n" + PASSING["leaves a thread"] + GOOD))
    assert claim.id == "mine"
    with pytest.raises(InputError, match="ZeroDivisionError"):
        load(written("1 / 0"))
    with pytest.raises(InputError, match="does it loop"):
        load(written("while True: pass"), seconds=3)
    with pytest.raises(InputError, match="exit code 7"):
        load(written("import os; os._exit(7)"))


def test_a_claim_is_found_at_any_depth(written):
    text = """
def of(k): return claim(Same('', a, a), id=f"claim-{k}")
ONE, NESTED = of(0), [of(1), (of(2), {"x": of(3), "y": [{"z": [[[of(4)]]]}]}), {frozenset({1}): (of(5),)}]
NESTED.append(NESTED)
"""
    assert [claim.id for claim in load(written(text))] == [f"claim-{k}" for k in range(6)]


def spin():
    while True:
        pass


def leave():
    os._exit(0)


def fall():
    raise ZeroDivisionError("division by zero")


def fill():
    return [bytearray(1 << 40)]


ODD = {
    "spin": (spin, "stopped by the clock"),
    "leave": (leave, "stopped"),
    "fall": (fall, "ZeroDivisionError"),
    "fill": (fill, "MemoryError"),
}


@pytest.fixture
def with_odd(monkeypatch):
    """with_odd(check): the first check of the claim "mine" is an odd one, in this process and in its forks."""
    original = guarded.checks

    def plant(odd):
        monkeypatch.setattr(
            guarded, "checks", lambda trial, s: ({"odd": odd} if trial.claim.id == "mine" else {}) | original(trial, s)
        )

    assert possible()  # a new process would know nothing of it
    return plant


@pytest.mark.parametrize("name", ODD)
def test_a_check_that_goes_wrong_is_undecided_and_the_others_finish(name, written, with_odd):
    path = written(GOOD + "OTHER = claim(Same('', b, b), id='other')")
    odd, note = ODD[name]
    with_odd(odd)
    mine, other = audit_file(path, load(path), examples=64, seed=0, seconds=2).claims
    assert (mine.verdict, other.verdict) == (Verdict.UNDECIDED, Verdict.PROVED)
    (evidence,) = [e for e in mine.evidence if e.kind == "odd"]
    assert note in evidence.note
    assert {e.outcome for e in mine.evidence if e.kind != "odd"} <= {Verdict.PROVED, Verdict.SUPPORTED}
    assert mine.planted.planted > 0


def test_a_check_that_goes_wrong_in_the_process_of_a_program_is_undecided_too(written, with_odd):
    (claim,) = load(written(GOOD))
    with_odd(fall)
    assert guarded.judge_guarded(claim, 0, 64, "<python>").verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("expected", [Verdict.PROVED, Verdict.REFUTED])
def test_a_crash_is_never_exit_code_1(expected, written, with_odd):
    path = written(GOOD.replace("b))", f"b), expected=Expected.{expected})"))
    with_odd(fall)
    (mine,) = audit_file(path, load(path), examples=64, seed=0, seconds=2).claims
    assert (mine.verdict, mine.expected) == (Verdict.UNDECIDED, expected)
    assert any("this check went wrong (ZeroDivisionError: division by zero" in e.note for e in mine.evidence)
    assert exit_code([mine.model_copy(update={"planted": Planted()})]) == 3


def test_where_no_process_can_be_forked_a_new_one_judges_and_finds_the_same(written, monkeypatch):
    (claim,) = load(written(GOOD))
    forked = judge_apart(claim, 0, 64, "mine.py")
    monkeypatch.setattr(judged, "possible", lambda: False)
    new = judge_apart(claim, 0, 64, "mine.py")
    seen = [[e.model_dump(exclude={"seconds"}) for e in one.evidence] for one in (forked, new)]
    assert seen[0] == seen[1]
    assert (new.verdict, new.planted) == (Verdict.PROVED, forked.planted)


def test_a_new_process_is_stopped_by_the_clock_too(written, monkeypatch):
    (claim,) = load(written(GOOD))
    monkeypatch.setattr(judged, "possible", lambda: False)
    monkeypatch.setattr(contained, "START_SECONDS", 0.01)
    found = judge_apart(claim, 0, 64, "mine.py", seconds=0.001)
    assert found.verdict is Verdict.UNDECIDED
    assert all("stopped by the clock" in e.note for e in found.evidence)


def test_lines_come_as_they_are_sent_and_the_end_is_told():
    assert list(lines_of(lambda send: [send("one"), send("two")], 5)) == ["one", "two"]

    def breaks(send):
        send("one")
        os._exit(4)

    assert list(lines_of(breaks, 5)) == ["one", Ended("it ended its process (exit code 4)")]


def test_a_search_of_many_cases_ends_at_a_count(written, audited):
    """2^14 patterns of signs of a difference that is 0 only by its roots: nothing is decided, and it ends."""
    text = """
xs, ds = symbols("x0:14", real=True), symbols("d0:14", real=True)
loss = sum((x - d)**2 for x, d in zip(xs, ds)) + sqrt(1 + sum(d**2 for d in ds)) * 0
root = sqrt(1 + sum(d**2 for d in ds)) * sqrt(2 + sum(d**2 for d in ds))
whole = sqrt((1 + sum(d**2 for d in ds)) * (2 + sum(d**2 for d in ds)))
CLAIM = claim(Minimum("", loss, dict(zip(xs, ds)), excess=(sum((x - d)**2 for x, d in zip(xs, ds)) + root - whole,)),
              variables=tuple(Variable(d) for d in ds))
"""
    code, found = audited(text)
    assert found["mine"].verdict in (Verdict.PROVED, Verdict.UNDECIDED)
    assert code in (0, 1, 3)


@pytest.mark.slow
def test_a_clock_of_faulthandlers_that_runs_stops_no_fork(written):
    """A test runner may have set one; its thread is not in the fork, which must not wait for it."""
    script = "import faulthandler, sys\nfrom pathlib import Path\nfrom verify.user.loading import load\n"
    script += "faulthandler.dump_traceback_later(600)\nprint(*(claim.id for claim in load(Path(sys.argv[1]))))\n"
    command = [sys.executable, "-c", script, str(written(GOOD))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("mine", "")


def test_an_instance_is_shown_alike_where_no_process_can_be_forked(written, monkeypatch):
    path = written(GOOD)
    forked = verify.replay("mine", index=3, file=path).text
    (claim,) = load(path)
    monkeypatch.setattr(judged, "possible", lambda: False)
    assert verify.replay("mine", index=3, file=path).text == forked
    assert "a = " in forked
    monkeypatch.setattr(contained, "START_SECONDS", 0.01)
    with pytest.raises(InputError, match="this instance cannot be shown: it had not finished after"):
        judged.show_apart(claim, 0, 3, seconds=0.001)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_whose_keeper_is_killed_ends_all_the_same(written, tmp_path):
    told = tmp_path / "pid"
    path = written(f"import os\nopen({str(told)!r}, 'w').write(str(os.getpid()))\nwhile True:\n    pass\n")
    script = "import sys\nfrom pathlib import Path\nfrom verify.user import contained, loading\n"
    script += "contained._ALONE = 1.0\nloading.load(Path(sys.argv[1]), seconds=1.0)\n"
    keeper = subprocess.Popen([sys.executable, "-c", script, str(path)])
    while not (told.exists() and told.read_text()):
        assert keeper.poll() is None
        time.sleep(0.01)
    keeper.kill()
    keeper.wait()
    until = time.monotonic() + 30
    while runs(told.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not runs(told.read_text())


def runs(pid):
    """Whether a process is there and no zombie: who adopts it may never ask for its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False
