"""The same shards on a Dask cluster: a scheduler and two workers on loopback, started here."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from verify.cli.program import main
from verify.engine import cluster
from verify.engine.cluster import connected
from verify.engine.run import run_audit
from verify.engine.shards import plan
from verify.errors import InputError

SOME = ["lemma-determinant", "lemma-whitening", "summary-beta-reduces-collapse"]
AUDIT = {"seed": 4, "examples": 1000}


def without_times(report):
    times = {"date": True, "claims": {"__all__": {"seconds": True, "evidence": {"__all__": {"seconds"}}}}}
    return report.model_dump_json(exclude=times)


@pytest.fixture(scope="module")
def alone(small_shards):
    return without_times(run_audit(SOME, jobs=1, **AUDIT))


class _Started:
    """A scheduler's address and its workers, as processes."""

    def __init__(self, folder):
        distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
        self.file, self.processes = folder / "scheduler.json", []
        quiet = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "false", "OMP_NUM_THREADS": "1"}
        options = ["--host", "127.0.0.1", "--scheduler-file", str(self.file)]

        def start(*arguments):
            command = [sys.executable, "-m", "dask", *arguments]
            process = subprocess.Popen(
                command, cwd=folder, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            self.processes.append(process)

        start("scheduler", "--port", "0", "--no-dashboard", *options)
        while not self.file.exists():
            time.sleep(0.1)
        for _ in range(2):
            start("worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", *options)
        self.address = json.loads(self.file.read_text())["address"]
        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    found = _Started(tmp_path_factory.mktemp("cluster"))
    yield found
    found.close()


@pytest.mark.slow
def test_two_dask_workers_give_the_same_report(started, alone):
    with connected(started.address) as workers:
        assert without_times(run_audit(SOME, workers=workers, **AUDIT)) == alone


@pytest.mark.slow
def test_the_command_line_reaches_it(started, tmp_path, capsys):
    line = [
        "run",
        SOME[0],
        "--examples",
        "64",
        "--backend",
        "dask",
        "--scheduler",
        started.address,
        "--out",
        str(tmp_path),
    ]
    with pytest.raises(SystemExit) as stop:
        main(line)
    assert stop.value.code == 0, capsys.readouterr().err
    assert json.loads((tmp_path / "audit.json").read_text())["summary"]["verdicts"]["PROVED"] == 1


@pytest.mark.slow
def test_workers_of_another_program_are_refused(started, small_shards, monkeypatch):
    real = cluster.identify_program()
    monkeypatch.setattr(cluster, "identify_program", lambda: real | {"sources": "edited"})
    with (
        connected(started.address) as workers,
        pytest.raises(InputError, match=f"a worker of the cluster has sources {real['sources']} instead of edited"),
    ):
        run_audit(SOME, workers=workers, **AUDIT)


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced_and_without_any_the_audit_ends(started, alone, monkeypatch):
    """The last test that uses the cluster: its workers are killed while they judge."""
    monkeypatch.setattr(cluster, "_PATIENCE", 2)
    victim = started.processes[2]
    with connected(started.address) as workers:
        report = run_audit(SOME, workers=workers, on_shard=lambda n, _: n == 1 and victim.kill(), **AUDIT)
        assert victim.wait(timeout=60) == -signal.SIGKILL
        assert without_times(report) == alone
        said = r"(no workers for 2 s|lost every worker that judged).*; resume=True goes on"
        with pytest.raises(InputError, match=said):
            run_audit(SOME, workers=workers, on_shard=lambda *_: started.processes[1].kill(), **AUDIT)


# Run in a process of its own: a client that finds nobody leaves a thread behind.
UNREACHABLE = """
import json, sys, time
from verify.engine.cluster import connected
from verify.errors import InputError
said = {}
for address in sys.argv[1:]:
    start = time.monotonic()
    try:
        with connected(address):
            said[address] = "somebody is there"
    except InputError as error:
        said[address] = (str(error), time.monotonic() - start)
print(json.dumps(said))
"""


def test_an_unreachable_scheduler_is_a_sentence_within_ten_seconds():
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    addresses = ["tcp://127.0.0.1:1", "nowhere", "ftp://x:1", ""]
    command = [sys.executable, "-c", UNREACHABLE, *addresses]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
    assert list(said) == addresses
    for address, (sentence, seconds) in said.items():
        assert re.match(r"(no Dask scheduler answers at|‹backend='dask'›)", sentence), address
        assert seconds < 10, address


def call(capsys, *line):
    with pytest.raises(SystemExit) as stop:
        main(["run", *line])
    return stop.value.code, capsys.readouterr().err


def test_a_missing_extra_says_what_to_install(capsys, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, error = call(capsys, "--backend", "dask", "--scheduler", "tcp://127.0.0.1:1", "--out", str(tmp_path))
    assert (code, error) == (
        2,
        "Error: --backend dask needs the extra 'cluster': pip install 'collapse-audit[cluster]'.\n",
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("--jobs", "0"), "--jobs"),
        (("--scheduler", "tcp://127.0.0.1:1"), "--scheduler goes with --backend dask."),
        (("--backend", "dask"), "needs --scheduler"),
        (("--backend", "dask", "--scheduler", "tcp://127.0.0.1:1", "--jobs", "2"), "--jobs is for --backend local"),
        (("--backend", "spark"), "'local', 'dask'"),
    ],
)
def test_options_that_contradict_each_other(capsys, tmp_path, line, said):
    code, error = call(capsys, "lemma-determinant", *line, "--out", str(tmp_path))
    assert code == 2
    assert said in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_audit_has_several_shards(small_shards):
    assert len(plan(SOME, **AUDIT)) == 2 * len(SOME)
