"""The command line, with a small audit in place of the real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import verify
from verify.cli import program as cli
from verify.engine import run as orchestrate
from verify.engine.remembered import Remembered
from verify.errors import InputError
from verify.records.evidence import AuditReport, ClaimResult, Evidence, Planted, Verdict, Witness
from verify.records.verdict import summarise

LEMMA, THEOREM = "elbo-chain", "chain-collapse-propagates"  # the second uses the first
PREDICT = ["predict", "--model", "vae", "--latent", "2", "--beta", "1", "--eta-dec", "1", "--eta-enc", "1"]


def result(name: str, verdict: Verdict) -> ClaimResult:
    refuted = verdict is Verdict.REFUTED
    item = Evidence(
        kind="relation",
        role="trial",
        outcome=verdict if refuted else Verdict.SUPPORTED,
        instances=8,
        residual=None,
        tolerance=None,
        tolerance_reason="exact",
        cited=(),
        seconds=0,
        witness=Witness(index=5, values={}, text="θ = 1") if refuted else None,
        reproduce=f"collapse-audit replay {name} --seed 0 --index 5" if refuted else None,
    )
    return ClaimResult(
        id=name,
        title="",
        source="",
        verdict=verdict,
        expected=Verdict.PROVED,
        as_expected=verdict is Verdict.PROVED,
        uses=(),
        seconds=0,
        evidence=(item,),
        planted=Planted(),
    )


class Backend:
    """Records the calls; `verdict` and `stop_after` say what the audit does."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.verdict = Verdict.PROVED
        self.stop_after: int | None = None

    def run_audit(self, ids: list[str], *, on_result: Callable[[ClaimResult], None], **options: Any) -> AuditReport:
        self.calls.append({"ids": list(ids), **options})
        done: list[ClaimResult] = []
        for name in (LEMMA, THEOREM):
            if len(done) == self.stop_after:
                raise orchestrate.Interrupted(self.report(done, options, interrupted=True))
            done.append(result(name, self.verdict))
            on_result(done[-1])
        return self.report(done, options)

    def report(self, done: list[ClaimResult], options: dict[str, Any], interrupted: bool = False) -> AuditReport:
        return AuditReport(
            tool_version="0",
            seed=options["seed"],
            examples=options["examples"],
            environment={},
            claims=tuple(done),
            summary=summarise(done, interrupted=interrupted),
        )

    def replay(self, claim: Any, seed: int, index: int) -> SimpleNamespace:
        return SimpleNamespace(text=f"{claim.id} {seed} {index} [brackets]")

    def predict(self, **parameters: Any) -> SimpleNamespace:
        self.calls.append(parameters)
        return SimpleNamespace(
            model_dump_json=lambda indent: json.dumps({"active": 1}, indent=indent), tables=lambda: ["a forecast"]
        )


@pytest.fixture(autouse=True)
def backend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Backend:
    fake = Backend()
    monkeypatch.setattr(orchestrate, "run_audit", fake.run_audit)
    monkeypatch.setattr(orchestrate, "replay_claim", fake.replay)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return fake


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*args: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            cli.main(args)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return int(stop.value.code or 0), out, err

    return run


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((), {"ids": [], "examples": 1000, "seed": 0}),
        (("--examples", "100"), {"ids": [], "examples": 100, "seed": 0}),
        (("--seed=7", "--quiet"), {"ids": [], "examples": 1000, "seed": 7}),
        (("run",), {"ids": [], "examples": 1000, "seed": 0}),
        (("run", THEOREM, LEMMA, THEOREM), {"ids": [THEOREM, LEMMA], "examples": 1000, "seed": 0}),
        (("run", LEMMA, "--jobs", "2", "--examples", "5"), {"ids": [LEMMA], "examples": 5, "seed": 0}),
    ],
)
def test_run_is_the_default(call: Callable, backend: Backend, args: tuple[str, ...], expected: dict[str, Any]) -> None:
    code, out, err = call(*args)
    jobs = backend.calls[0].pop("workers").keywords["jobs"]
    assert backend.calls[0].pop("journal").answers == ()
    assert isinstance(backend.calls[0].pop("remembered"), Remembered)
    assert backend.calls[0].pop("on_shard")
    assert (code, backend.calls, err) == (0, [expected], "")
    assert jobs == 2 if "--jobs" in args else jobs >= 1
    assert "claims as expected" in out
    assert json.loads(Path("audit-report/audit.json").read_text(encoding="utf-8"))["seed"] == expected["seed"]


@pytest.mark.parametrize(
    ("verdict", "code"),
    [(Verdict.PROVED, 0), (Verdict.REFUTED, 1), (Verdict.UNDECIDED, 3), (Verdict.VACUOUS, 3), (Verdict.SUPPORTED, 3)],
)
def test_exit_code_of_a_run(call: Callable, backend: Backend, verdict: Verdict, code: int) -> None:
    backend.verdict = verdict
    found, out, _ = call("run", "--out", "here")
    assert found == code
    assert (f"collapse-audit replay {LEMMA} --seed 0 --index 5" in out) == (verdict is Verdict.REFUTED)
    assert Path("here/audit.json").exists()


def test_an_interrupted_run_keeps_what_is_finished(call: Callable, backend: Backend) -> None:
    backend.stop_after = 1
    code, out, err = call("run", THEOREM, "--quiet")
    saved = json.loads(Path("audit-report/audit.json").read_text(encoding="utf-8"))
    assert code == 130
    assert err == "Interrupted: 1 of 2 claims were finished and are kept; --resume goes on with the rest.\n"
    assert saved["summary"]["interrupted"] is True
    assert [claim["id"] for claim in saved["claims"]] == [LEMMA]
    assert "interrupted: 1 of 1 claims" in out


def test_ctrl_c_while_the_page_is_drawn_says_where_the_audit_is(
    call: Callable, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("verify.report.html.api.page", stop)
    code, out, err = call("run", LEMMA, "--out", "here", "--quiet")
    assert code == 130
    assert len(backend.calls) == 1
    assert "2 of 2 claims as expected" in out.splitlines()[-1]
    said = "Interrupted: the audit is kept; `collapse-audit report --from here` makes its page.\n"
    assert err == said
    assert Path("here/audit.json").exists()


def test_a_finished_audit_is_not_resumed_into_another(call: Callable, backend: Backend) -> None:
    backend.stop_after = 1
    assert call("run", THEOREM, "--out", "here", "--quiet")[0] == 130
    backend.stop_after = None
    assert call("run", THEOREM, "--out", "here", "--quiet", "--resume")[0] == 0
    saved = Path("here/audit.json").read_bytes()
    code, _, err = call("run", "--out", "here", "--quiet", "--resume")
    assert code == 2
    assert err.startswith("Error: here holds a finished audit, and none to go on with; leave --resume out")
    assert Path("here/audit.json").read_bytes() == saved
    assert call("run", "--out", "here", "--quiet")[0] == 0


def test_claims_used_count_towards_the_total(call: Callable, backend: Backend) -> None:
    backend.stop_after = 0
    _, _, err = call("run", THEOREM)
    assert "0 of 2 claims" in err


def test_interrupted_elsewhere(call: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("verify.catalogue.listing", stop)
    code, _, err = call("list")
    assert code == 130
    assert "Interrupted." in err


def test_an_unwritable_folder_is_noticed_before_the_audit(call: Callable, backend: Backend) -> None:
    Path("taken").write_text("a file", encoding="utf-8")
    code, _, err = call("run", "--out", "taken")
    assert code == 2
    assert err.startswith("Error: cannot write to taken (")
    assert err.endswith("give a writable folder as --out.\n")
    assert backend.calls == []


def test_a_report_that_cannot_be_written_is_still_printed(call: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise InputError("cannot write to out (disk full); give a writable folder with --out.")

    monkeypatch.setattr("verify.report.json_report.write", full)
    code, out, err = call("run", "--out", "out")
    assert code == 2
    assert "2 of 2 claims as expected" in out
    assert "disk full" in err


@pytest.mark.parametrize(
    "args",
    [
        ("run", "--seed", "-1"),
        ("--seed", "-1"),
        ("run", "--examples", "0"),
        ("run", "--examples", "ten"),
        ("run", "--jobs", "0"),
        ("run", "--jobs", "-1"),
        ("run", "--nonsense"),
        ("run", "theorem-x"),
        ("nonsense",),
        ("list", "extra"),
        ("show",),
        ("show", "theorem-x"),
        ("replay", LEMMA),
        ("replay", LEMMA, "--seed", "0", "--index", "-1"),
        ("replay", "theorem-x", "--seed", "0", "--index", "1"),
        ("predict",),
        (*PREDICT,),
        (*PREDICT, "--dataset", "digits", "--output", "a.npy"),
        (*PREDICT, "--dataset", "letters"),
        (*PREDICT, "--dataset", "digits", "--input", "b.npy"),
        (*PREDICT, "--output", "a.npy", "--input", "b.npy"),
        (*PREDICT, "--output", "a.npy", "--model", "cvae"),
        (*PREDICT, "--dataset", "digits", "--beta", "0"),
        (*PREDICT, "--dataset", "digits", "--beta", "nan"),
        (*PREDICT, "--dataset", "digits", "--eta-dec", "inf"),
        (*PREDICT, "--dataset", "digits", "--eta-enc", "-1"),
        (*PREDICT, "--dataset", "digits", "--latent", "0"),
        (*PREDICT, "--dataset", "digits", "--sigma", "1,0"),
        (*PREDICT, "--dataset", "digits", "--sigma", "1,x"),
        (*PREDICT, "--dataset", "digits", "--sigma", ""),
        (*PREDICT, "--dataset", "digits", "--sigma", "1,2,3"),
        (*PREDICT, "--dataset", "digits", "--model", "gan"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(call: Callable, backend: Backend, args: tuple[str, ...]) -> None:
    code, out, err = call(*args)
    assert code == 2
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    assert out == ""
    assert backend.calls == []


def test_input_errors_of_the_backend_are_the_users(call: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(**_: Any) -> None:
        raise InputError("‹output› does not exist;\ngive a file, or ‹loss='gaussian'› and not ‹nonsense=1›.")

    monkeypatch.setattr("verify.forecast.api.predict", missing)
    said = "Error: --output does not exist; give a file, or --loss gaussian and not nonsense=1.\n"
    assert call(*PREDICT, "--output", "a.npy") == (2, "", said)


def test_list(call: Callable) -> None:
    code, out, _ = call("list")
    assert code == 0
    for name in (LEMMA, THEOREM):
        assert name in out


def test_list_json(call: Callable) -> None:
    code, out, _ = call("list", "--json")
    assert code == 0
    listed = {one["id"]: one for one in json.loads(out)}
    assert tuple(listed) == verify.claims()
    assert listed[THEOREM]["uses"] == [LEMMA]


def test_show(call: Callable) -> None:
    code, out, _ = call("show", THEOREM)
    assert code == 0
    assert THEOREM in out
    assert LEMMA in out


def test_replay(call: Callable) -> None:
    line = ("replay", THEOREM, "--seed", "3", "--index", "12")
    assert call(*line) == (0, f"{THEOREM} 3 12 [brackets]\n", "")


SETTING = {
    "output": "digits",
    "input": None,
    "latent": 2,
    "beta": 1,
    "eta_dec": 1,
    "eta_enc": 1,
    "likelihood": "gaussian",
    "dispersion": None,
    "loss": None,
    "kl": "sum",
    "sigma": "learnable",
    "centre": True,
    "skip_column": (),
    "transpose": False,
    "one_row_per_file": False,
    "one_hot": None,
    "scale": 1.0,
}


@pytest.mark.parametrize(
    ("args", "changes"),
    [
        (("--dataset", "digits"), {}),
        (("--dataset", "digits", "--model", "cvae"), {"input": "digits"}),
        (("--dataset", "digits", "--no-centre"), {"centre": False}),
        (("--output", "a.npz:k"), {"output": "a.npz:k"}),
        (("--output", "digits"), {"output": f".{os.sep}digits"}),
        (("--output", "a", "--input", "b", "--model", "cvae"), {"output": "a", "input": "b"}),
        (("--output", "a", "--sigma", "0.5, 0.7"), {"output": "a", "sigma": (0.5, 0.7)}),
        (
            ("--output", "a", "--skip-column", "b", "--scale", "1/8"),
            {"output": "a", "skip_column": ("b",), "scale": 1 / 8},
        ),
    ],
)
def test_predict_hands_over_its_options(
    call: Callable, backend: Backend, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], changes: dict[str, Any]
) -> None:
    monkeypatch.setattr("verify.forecast.api.predict", backend.predict)
    assert call(*PREDICT, *args) == (0, "a forecast\n", "")
    assert backend.calls == [SETTING | changes]
    code, out, _ = call(*PREDICT, *args, "--json")
    assert (code, json.loads(out)) == (0, {"active": 1})


def test_version(call: Callable) -> None:
    assert call("--version") == (0, f"collapse-audit {verify.__version__}\n", "")


def test_help_names_every_command_and_exit_code(call: Callable) -> None:
    code, out, _ = call("--help")
    assert code == 0
    for name in ("run", "list", "show", "replay", "predict", "130"):
        assert name in out


def python(code: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, **options)


ROOT = Path(__file__).parents[3]
HEAVY = ("numpy", "scipy", "sympy", "sklearn", "rich", "pydantic", "joblib", "hypothesis")


def test_help_imports_nothing_heavy_and_answers_at_once() -> None:
    code = f"""
import sys
from verify.cli.program import main
try:
    main(["--help"])
except SystemExit as stop:
    assert not stop.code
print([name for name in {HEAVY} if name in sys.modules])
"""
    start = time.perf_counter()
    done = python(code, cwd=ROOT)
    seconds = time.perf_counter() - start
    assert done.stdout.endswith("\n[]\n"), done.stderr
    assert seconds < 2  # half a second on an idle machine; tests run on busy ones


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and full disks differ there")
@pytest.mark.parametrize(
    ("target", "code", "message"),
    [("pipe", 0, ""), ("/dev/full", 2, "Error: cannot write to standard output (No space left on device).\n")],
)
def test_a_reader_that_leaves_and_a_full_disk(tmp_path: Path, target: str, code: int, message: str) -> None:
    if target != "pipe" and not Path(target).exists():
        pytest.skip("no full device here")
    script = "from verify.cli.terminal import write_out\nfrom verify.errors import InputError\nimport sys\n"
    script += "try:\n    write_out('x' * 1_000_000)\n"
    script += "except InputError as error:\n    print(f'Error: {error}', file=sys.stderr)\n    sys.exit(2)\n"
    command = [sys.executable, "-c", script]
    if target == "pipe":
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate()
        found = process.returncode
    else:
        with Path(target).open("w") as full:
            done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        found, err = done.returncode, done.stderr
    assert (found, err) == (code, message)


def test_a_terminal_without_greek_gets_the_names_of_letters() -> None:
    code = "from verify.cli.terminal import *\nforgiving_streams()\nwrite_out('θ [x]')"
    done = python(code, cwd=ROOT, env={"PYTHONIOENCODING": "latin-1", "PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stdout) == (0, "theta [x]")
