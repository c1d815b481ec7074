"""One road: the command line and the Python API give the same results and say the same of bad input."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import verify
from verify import api
from verify.cli.program import cli
from verify.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {
    "verify/draw/trial.py": "writes the command that shows an instance again",
    "verify/figures/options.py": "writes the command that draws a plot again",
    "verify/user/pytest_plugin.py": "pytest's options, which are declared there",
}


def texts(tree):
    """(line, text) of every string, f-strings whole."""
    inside = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(value) for value in node.values}
            yield node.lineno, "".join(v.value for v in node.values if isinstance(v, ast.Constant))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value


def flags_outside_commands(text):
    """Options in a text, but for those of a command to be copied, which begins with the program's name."""
    return re.findall(r"(?<![\w-])--[a-z][\w-]*", re.sub(r"collapse-audit [^`'\n]*", "", text))


def test_nothing_below_the_command_line_speaks_of_its_options():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {flag}"
        for path in sorted((ROOT / "verify").rglob("*.py"))
        if "cli" not in path.relative_to(ROOT).parts and path.relative_to(ROOT).as_posix() not in COMMANDS
        for line, text in texts(ast.parse(path.read_text(encoding="utf-8")))
        for flag in flags_outside_commands(text)
    ]
    assert found == []


def test_a_flag_in_a_message_would_be_found():
    planted = ast.parse('raise InputError(f"another {name} with --out, or --force.")\nf"collapse-audit run --seed {n}"')
    assert [flag for _, text in texts(planted) for flag in flags_outside_commands(text)] == ["--out", "--force"]


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder with data and a posterior, where both roads find them."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(3)
    y = rng.normal(size=(60, 4)) * [3.0, 2.0, 1.0, 0.3]
    np.save("y.npy", y)
    np.save("b.npy", (y > 0).astype(int))
    np.save("x.npy", y[:, :2] + rng.normal(size=(60, 2)))
    np.save("m.npy", y[:, :2] / 3)
    np.save("v.npy", np.full((60, 2), 0.2))
    np.savez("p.npz", mean=y[:, :2] / 3, logvar=np.full((60, 2), -1.0))


CHECKED = """
from sympy import Symbol
from derivations.claim import Always, Claim, Expected, Variable
a, b = (Symbol(name, positive=True) for name in "ab")
def claim(name, relation):
    variables = (Variable(a), Variable(b))
    return Claim(name, "t", "s", "x", variables, (Always("", relation),), expected=Expected.SUPPORTED)
CLAIMS = [claim("means", a**2 + b**2 >= 2*a*b), claim("falls", a > b)]
"""


@pytest.fixture
def mine(files):
    """A file of claims beside the data, one of them false."""
    Path("mine.py").write_text(CHECKED, encoding="utf-8")


def untimed(found):
    """A report without what no two runs share."""
    if isinstance(found, dict):
        return {key: untimed(value) for key, value in found.items() if key != "seconds"}
    return [untimed(value) for value in found] if isinstance(found, list) else found


def printed(command):
    done = CliRunner().invoke(cli, command.split(), standalone_mode=False)
    assert done.exception is None, done.exception
    return done.stdout


@pytest.mark.slow
def test_audits_of_both_roads_are_the_same(files):
    names, numbers = ("exchange-in-beta", "lemma-determinant"), {"examples": 64, "seed": 3}
    printed(f"run {' '.join(names)} --examples 64 --seed 3 --jobs 1 --quiet --no-plots --out there")
    audit = verify.audit(*names, jobs=1, out="here", **numbers)
    theirs, mine = (json.loads(Path(folder, "audit.json").read_text(encoding="utf-8")) for folder in ("there", "here"))
    assert untimed(theirs) == untimed(mine) == untimed(json.loads(audit.report.model_dump_json()))
    assert sorted(path.name for path in Path("here").iterdir()) == ["audit.json"]  # no lock, no journal
    verify.page("there", "again", plots=False)
    assert Path("again/index.html").read_bytes() == Path("there/index.html").read_bytes()
    report = verify.latex(*names, report="there", fragment=True)
    assert printed(f"latex {' '.join(names)} --report there --fragment") == report
    assert r"\textsc{proved}" in report


@pytest.mark.slow
def test_a_file_of_claims_is_the_same_on_both_roads(mine):
    done = CliRunner().invoke(
        cli, ["check", "mine.py", "--json", "--examples", "64", "--seed", "2"], standalone_mode=False
    )
    found = verify.check("mine.py", examples=64, seed=2)
    assert untimed(json.loads(done.stdout)) == untimed(json.loads(found.report.model_dump_json()))
    assert {name: str(verdict) for name, verdict in found.verdicts.items()} == {"means": "PROVED", "falls": "REFUTED"}
    assert done.return_value == 1
    assert not found.as_expected
    index = "check mine.py --claim falls --index 5 --seed 2"
    assert printed(index) == verify.replay("falls", index=5, seed=2, file="mine.py").text.rstrip("\n") + "\n"
    assert list(verify.check("mine.py", "means", examples=64).verdicts) == ["means"]


@pytest.mark.parametrize(
    ("call", "command"),
    [
        (lambda: verify.derive(2, [2]).text, "derive --levels 2 --learnable 2"),
        (lambda: verify.derive(2, [1], fixed=[2]).latex, "derive --levels 2 --learnable 1 --fixed 2 --latex"),
        (lambda: verify.latex("vae-fixed", width=30), "latex vae-fixed --width 30"),
        (lambda: verify.replay("vae-fixed", index=3).text.rstrip("\n") + "\n", "replay vae-fixed --index 3"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_both_roads_write_the_same_text(call, command):
    assert printed(command) == call()


def test_both_roads_export_the_same(files):
    said = printed("export cvae-correlation --coq there")
    assert api.export("cvae-correlation", coq="here").text == said.replace("there", "here")
    names = sorted(path.relative_to("here") for path in Path("here").rglob("*") if path.is_file())
    assert names == sorted(path.relative_to("there") for path in Path("there").rglob("*") if path.is_file())
    assert all(Path("here", name).read_bytes() == Path("there", name).read_bytes() for name in names)


def test_a_new_file_is_the_template(files):
    printed("new ridge-regression --out ridge.py")
    assert Path("ridge.py").read_text(encoding="utf-8") == verify.template("ridge-regression")


def test_experiments_of_both_roads_are_the_same(files):
    command = "experiment linear-cvae-beta --quick --rows 300 --jobs 1 --seed 1 --json --out there"
    (theirs,) = json.loads(printed(command))
    numbers = {"quick": True, "rows": 300, "jobs": 1, "seed": 1}
    kept, unkept = (
        verify.experiment("linear-cvae-beta", out="here", **numbers),
        verify.experiment("linear-cvae-beta", **numbers),
    )
    assert (
        untimed(theirs) == untimed(json.loads(kept.model_dump_json())) == untimed(json.loads(unkept.model_dump_json()))
    )
    assert {path.name for path in Path("here/linear-cvae-beta").iterdir()} == {
        path.name for path in Path("there/linear-cvae-beta").iterdir()
    }


def said(command):
    """(JSON or None, the error's sentence or None) of a command."""
    done = CliRunner().invoke(cli, command, standalone_mode=False)
    if done.exception is None:
        return json.loads(done.stdout), None
    assert isinstance(done.exception, InputError), repr(done.exception)
    return None, str(done.exception)


def answered(call):
    try:
        found = call()
    except InputError as error:
        return None, str(error)
    return found.numbers() if hasattr(found, "numbers") else json.loads(found.model_dump_json()), None


VAE = "predict --model vae --json"
GOOD = [
    (lambda: verify.predict("digits", latent=6, beta=80), f"{VAE} --dataset digits --latent 6 --beta 80"),
    (lambda: verify.predict("y.npy", latent=2), f"{VAE} --output y.npy --latent 2"),
    (
        lambda: verify.predict("y.npy", "x.npy", latent=3, sigma=[0.5, 1, 2], eta_enc=2, centre=False),
        "predict --model cvae --json --output y.npy --input x.npy --latent 3 --sigma 0.5,1,2 --eta-enc 2 --no-centre",
    ),
    (
        lambda: verify.predict("y.npy", latent=3, beta=0.3, loss="half-mse-mean", kl="mean"),
        f"{VAE} --output y.npy --latent 3 --beta 0.3 --loss half-mse-mean --kl mean",
    ),
    (
        lambda: verify.predict("y.npy", latent=3, kl="mean", eta_dec=0.5),
        f"{VAE} --output y.npy --latent 3 --kl mean --eta-dec 0.5",
    ),
    (
        lambda: verify.sweep("digits", betas=[1, 80], latents=[2, 6], keep=4),
        "sweep --model vae --json --dataset digits --beta 1,80 --latent 2,6 --keep 4",
    ),
    (
        lambda: verify.sweep("y.npy", "x.npy", betas=[0.1, 1.0, 10.0], latents=[3], deviations=[0.5, 2]),
        "sweep --model cvae --json --output y.npy --input x.npy --beta 0.1:10:3 --latent 3 --eta-dec 0.5,2",
    ),
    (
        lambda: verify.sweep("y.npy", betas=[2], latents=[3], loss="mse-mean", kl="mean"),
        "sweep --model vae --json --output y.npy --beta 2 --latent 3 --loss mse-mean --kl mean",
    ),
    (
        lambda: verify.predict("b.npy", latent=3, beta=0.3, likelihood="bernoulli", loss="nll-mean", sigma=[1, 2, 3]),
        f"{VAE} --output b.npy --latent 3 --beta 0.3 --likelihood bernoulli --loss nll-mean --sigma 1,2,3",
    ),
    (
        lambda: verify.sweep("b.npy", betas=[0.1, 2], latents=[2], likelihood="negative-binomial", dispersion=2),
        "sweep --model vae --json --output b.npy --beta 0.1,2 --latent 2 --likelihood negative-binomial --dispersion 2",
    ),
    (
        lambda: verify.diagnose("m.npy", "v.npy", "y.npy", beta=2, epsilon=0.1, delta=0),
        "diagnose --json --mean m.npy --variance v.npy --output y.npy --beta 2 --epsilon 0.1 --delta 0",
    ),
    (
        lambda: verify.diagnose("m.npy", "v.npy", "y.npy", error=0.5, loss_value=2.5),
        "diagnose --json --mean m.npy --variance v.npy --output y.npy --error 0.5 --loss-value 2.5",
    ),
    (lambda: verify.diagnose(np.load("m.npy"), np.load("v.npy")), "diagnose --json --mean m.npy --variance v.npy"),
    (
        lambda: verify.diagnose(posterior="p.npz", output="y.npy", input="x.npy", loss="mse-sum", latent=2),
        "diagnose --json --posterior p.npz --output y.npy --input x.npy --loss mse-sum --latent 2",
    ),
    (lambda: verify.convert("gaussian", 4, eta_dec=0.5), "convert --json --loss gaussian --beta 4 --eta-dec 0.5"),
    (
        lambda: verify.convert("mse-mean", 4.5, kl="mean", outputs=784, latent=16),
        "convert --json --loss mse-mean --beta 4.5 --kl mean --outputs 784 --latent 16",
    ),
    (lambda: verify.plot("spectrum"), "plot spectrum --json -"),
    (
        lambda: verify.plot("spectrum", output="y.npy", input="x.npy", beta=0.3, latent=3, loss="mse-sum"),
        "plot spectrum --json - --output y.npy --input x.npy --model cvae --beta 0.3 --latent 3 --loss mse-sum",
    ),
    (lambda: verify.plot("escape", theta=(2, 1.5), beta=0.5), "plot escape --json - --theta 2,1.5 --beta 0.5"),
    (
        lambda: verify.plot("phase", learnable=[], y="beta_1", y_range=[0.5, 2], set={"beta_2": 0.7}, points=2),
        "plot phase --json - --learnable none --y beta_1 --y-range 0.5:2 --set beta_2=0.7 --points 2",
    ),
]  # fmt: skip - one case, one line where it fits


@pytest.mark.parametrize(("call", "command"), GOOD, ids=lambda x: x if isinstance(x, str) else "")
def test_both_roads_lead_to_the_same_result(files, call, command):
    mine, theirs = answered(call), said(command.split())
    assert mine[1] is theirs[1] is None
    assert mine[0] == theirs[0]


SWEEP = "sweep --model vae --output y.npy"
BAD = [
    (lambda: verify.convert("gaussian", 4), "convert --loss gaussian --beta 4", "eta_dec"),
    (lambda: verify.convert("mse", 4), "convert --loss mse --beta 4", "loss"),
    (lambda: verify.convert("mse-sum", 4, kl="max"), "convert --loss mse-sum --beta 4 --kl max", "kl"),
    (lambda: verify.convert("mse-sum", 0), "convert --loss mse-sum --beta 0", "beta"),
    (lambda: verify.convert("mse-sum", "x"), "convert --loss mse-sum --beta x", "beta"),
    (lambda: verify.convert("mse-mean", 1e308, outputs=9), "convert --loss mse-mean --beta 1e308 --outputs 9", None),
    (lambda: verify.convert("mse-mean", 4), "convert --loss mse-mean --beta 4", "outputs"),
    (lambda: verify.convert("mse-mean", 4, outputs="x"), "convert --loss mse-mean --beta 4 --outputs x", "outputs"),
    (lambda: verify.convert("mse-mean", 4, outputs=0), "convert --loss mse-mean --beta 4 --outputs 0", "outputs"),
    (
        lambda: verify.convert("mse-sum", 4, kl="mean", latent="1+1"),
        "convert --loss mse-sum --beta 4 --kl mean --latent 1+1",
        "latent",
    ),
    (lambda: verify.convert("mse-sum", 4, eta_dec=1), "convert --loss mse-sum --beta 4 --eta-dec 1", "eta_dec"),
    (lambda: verify.sweep("y.npy", betas=[1], latents=[2], keep=9), f"{SWEEP} --beta 1 --latent 2 --keep 9", "keep"),
    (lambda: verify.sweep("y.npy", betas=[1], latents=[2], keep=0), f"{SWEEP} --beta 1 --latent 2 --keep 0", "keep"),
    (
        lambda: verify.sweep("y.npy", betas=[1], latents=[2], loss="mse-sum", deviations=(2.0,)),
        f"{SWEEP} --beta 1 --latent 2 --loss mse-sum --eta-dec 2.0",
        "deviations",
    ),
    (lambda: verify.sweep("y.npy", betas=["x"], latents=[2]), f"{SWEEP} --beta x --latent 2", "betas"),
    (lambda: verify.sweep("y.npy", betas=[1], latents=[0.5]), f"{SWEEP} --beta 1 --latent 0.5", "latents"),
    (lambda: verify.predict("y.npy", latent=2, beta=0), f"{VAE} --output y.npy --latent 2 --beta 0", "beta"),
    (lambda: verify.predict("y.npy", latent="2x"), f"{VAE} --output y.npy --latent 2x", "latent"),
    (lambda: verify.predict("y.npy", latent=0), f"{VAE} --output y.npy --latent 0", "latent"),
    (lambda: verify.predict("y.npy", latent=2, eta_enc=-1), f"{VAE} --output y.npy --latent 2 --eta-enc -1", "eta_enc"),
    (lambda: verify.predict("y.npy", latent=2, sigma=(1,)), f"{VAE} --output y.npy --latent 2 --sigma 1", "sigma"),
    (lambda: verify.predict("y.npy", latent=1, sigma=("s",)), f"{VAE} --output y.npy --latent 1 --sigma s", "sigma"),
    (
        lambda: verify.predict("b.npy", latent=2, likelihood="bernuli"),
        f"{VAE} --output b.npy --latent 2 --likelihood bernuli",
        "likelihood",
    ),
    (
        lambda: verify.predict("y.npy", latent=2, likelihood="poisson"),
        f"{VAE} --output y.npy --latent 2 --likelihood poisson",
        "likelihood",
    ),
    (
        lambda: verify.predict("b.npy", latent=2, likelihood="bernoulli", eta_dec=1),
        f"{VAE} --output b.npy --latent 2 --likelihood bernoulli --eta-dec 1",
        "eta_dec",
    ),
    (
        lambda: verify.predict("b.npy", latent=2, likelihood="negative-binomial"),
        f"{VAE} --output b.npy --latent 2 --likelihood negative-binomial",
        "dispersion",
    ),
    (lambda: verify.predict("no.npy", latent=2), f"{VAE} --output no.npy --latent 2", None),
    (lambda: verify.diagnose(), "diagnose", "posterior"),
    (lambda: verify.diagnose("m.npy"), "diagnose --mean m.npy", "variance"),
    (lambda: verify.diagnose(posterior="p.npz", mean="m.npy"), "diagnose --posterior p.npz --mean m.npy", "mean"),
    (lambda: verify.diagnose(posterior="p.npz", epsilon=-1), "diagnose --posterior p.npz --epsilon -1", "epsilon"),
    (lambda: verify.diagnose(posterior="p.npz", delta=2), "diagnose --posterior p.npz --delta 2", "delta"),
    (lambda: verify.diagnose(posterior="p.npz", beta=0), "diagnose --posterior p.npz --beta 0", "beta"),
    (lambda: verify.diagnose(posterior="p.npz", error=1), "diagnose --posterior p.npz --error 1", "error"),
    (
        lambda: verify.diagnose(posterior="p.npz", output="y.npy", loss_value=-1),
        "diagnose --posterior p.npz --output y.npy --loss-value -1",
        "loss_value",
    ),
    (lambda: verify.diagnose(posterior="p.npz", latent=3), "diagnose --posterior p.npz --latent 3", "latent"),
    (
        lambda: verify.diagnose("m.npy", "m.npy", kind="deviation"),
        "diagnose --mean m.npy --variance m.npy --as deviation",
        "kind",
    ),
    (lambda: verify.audit("vae-fixed", examples=0), "run vae-fixed --examples 0", "examples"),
    (lambda: verify.audit("vae-fixed", examples="x"), "run vae-fixed --examples x", "examples"),
    (lambda: verify.audit("vae-fixed", seed=-1), "run vae-fixed --seed -1", "seed"),
    (lambda: verify.audit("vae-fixed", jobs=0), "run vae-fixed --jobs 0", "jobs"),
    (lambda: verify.audit("vae-fixed", scheduler="x"), "run vae-fixed --scheduler x", "scheduler"),
    (lambda: verify.audit("vae-fixed", backend="dask"), "run vae-fixed --backend dask", "scheduler"),
    (lambda: verify.audit("vae-fixd"), "run vae-fixd", None),
    (lambda: verify.check("mine.py", "mean"), "check mine.py --claim mean", None),
    (lambda: verify.check("mine.py", seed=-1), "check mine.py --seed -1", "seed"),
    (lambda: verify.check("none.py"), "check none.py", None),
    (lambda: verify.replay("vae-fixed", index=-1), "replay vae-fixed --index -1", "index"),
    (lambda: verify.replay("vae-fixed", index="x"), "replay vae-fixed --index x", "index"),
    (lambda: verify.derive(0), "derive --levels 0", "levels"),
    (lambda: verify.derive("x"), "derive --levels x", "levels"),
    (lambda: verify.derive(2, [3]), "derive --levels 2 --learnable 3", "learnable"),
    (lambda: verify.derive(2, ["a"]), "derive --levels 2 --learnable a", "learnable"),
    (lambda: verify.derive(3, [1], [3]), "derive --levels 3 --learnable 1 --fixed 3", "learnable"),
    (lambda: api.export("vae-fixd", coq="there"), "export vae-fixd --coq there", None),
    (lambda: api.export("vae-fixed", coq="there", jobs=0), "export vae-fixed --coq there --jobs 0", "jobs"),
    (lambda: api.export("vae-fixed", coq="there", seconds=0), "export vae-fixed --coq there --seconds 0", "seconds"),
    (lambda: api.export("vae-fixed", coq="."), "export vae-fixed --coq .", "force"),
    (lambda: api.export("vae-fixed", coq="y.npy"), "export vae-fixed --coq y.npy", "coq"),
    (lambda: verify.latex("vae-fixed", width=3), "latex vae-fixed --width 3", "width"),
    (lambda: verify.latex(report="none.json"), "latex --report none.json", None),
    (lambda: verify.page("none.json", "."), "report --from none.json", None),
    (lambda: verify.page("y.npy", "there"), "report --from y.npy --out there", None),
    (lambda: verify.experiment("linear-cvae-bata"), "experiment linear-cvae-bata", None),
    (lambda: verify.experiment("linear-cvae-beta", rows=1), "experiment linear-cvae-beta --rows 1", "rows"),
    (lambda: verify.experiment("linear-cvae-beta", jobs=0), "experiment linear-cvae-beta --jobs 0", "jobs"),
    (
        lambda: verify.experiment("linear-cvae-beta", resume=True, force=True),
        "experiment linear-cvae-beta --resume --force",
        "resume",
    ),
    (
        lambda: verify.experiment("linear-cvae-beta", dataset="mnist"),
        "experiment linear-cvae-beta --dataset mnist",
        "data",
    ),
    (lambda: verify.template("My Claim"), ["new", "My Claim"], "claim_id"),
    (lambda: verify.plot("phase", points=41), "plot phase --json - --points 41", "points"),
    (lambda: verify.plot("phase", x_range=(3, 1)), "plot phase --json - --x-range 3:1", "x_range"),
    (lambda: verify.plot("phase", learnable=["x"]), "plot phase --json - --learnable x", "learnable"),
    (lambda: verify.plot("phase", seed=-1), "plot phase --json - --seed -1", "seed"),
    (lambda: verify.plot("spectrum", output="y.npy"), "plot spectrum --json - --output y.npy", "beta"),
    (lambda: verify.plot("escape", theta=[1, "a"]), "plot escape --json - --theta 1,a", "theta"),
    (
        lambda: verify.plot("trajectories", claim="vae-learnabel"),
        "plot trajectories --json - --claim vae-learnabel",
        None,
    ),
]  # fmt: skip - one case, one line where it fits


@pytest.mark.parametrize(("call", "command", "parameter"), BAD, ids=lambda x: x if isinstance(x, str) else "")
def test_both_roads_say_the_same_of_bad_input(mine, call, command, parameter):
    mine, theirs = answered(call), said(command if isinstance(command, list) else command.split())
    assert mine[0] is theirs[0] is None
    assert "--" not in mine[1]
    assert "\n" not in mine[1]
    options = re.findall(r"--[a-z][a-z-]*|CLAIM-ID", theirs[1])
    if parameter is None:
        assert mine == theirs
        return
    assert re.search(rf"\b{parameter}\b", mine[1])
    assert options
    # In the place of each option the API has a parameter's name, with the value as a Python literal if it has one.
    words = "".join(
        r"\w+" if re.match("--|CLAIM-ID", part) else re.escape(part)
        for part in re.split(r"(--[a-z][a-z-]*|CLAIM-ID)", theirs[1])
    )
    said_so = re.sub(r"=True|='([\w-]+)'|=(DIR)", lambda m: f" {m[1] or m[2]}" if m[1] or m[2] else "", mine[1])
    assert re.fullmatch(words, said_so), (mine[1], theirs[1])


EVIL = '__import__("os").getpid()'


@pytest.mark.parametrize("value", [EVIL, "4", b"4", True, None, [1], {}, 1j, np.ones(2), float("nan")], ids=repr)
@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda v: verify.convert("mse-mean", v, outputs=4), "beta"),
        (lambda v: verify.convert("gaussian", 1, eta_dec=v), "eta_dec"),
        (lambda v: verify.convert("mse-mean", 4, outputs=v), "outputs"),
        (lambda v: verify.convert("mse-sum", 4, kl="mean", latent=v), "latent"),
        (lambda v: verify.predict(np.eye(3), latent=v), "latent"),
        (lambda v: verify.predict(np.eye(3), latent=2, beta=v), "beta"),
        (lambda v: verify.predict(np.eye(3), latent=2, eta_enc=v), "eta_enc"),
        (lambda v: verify.predict(np.eye(3), latent=1, sigma=[v]), "sigma"),
        (lambda v: verify.predict(np.eye(3), latent=2, centre=v if v is not True else 1), "centre"),
        (lambda v: verify.sweep(np.eye(3), betas=[v], latents=[2]), "betas"),
        (lambda v: verify.sweep(np.eye(3), betas=v if v != [1] else [], latents=[2]), "betas"),
        (lambda v: verify.sweep(np.eye(3), betas=[1], latents=[v]), "latents"),
        (lambda v: verify.sweep(np.eye(3), betas=[1], latents=[1], deviations=[v]), "deviations"),
        (lambda v: verify.diagnose(np.ones((4, 2)), np.ones((4, 2)), epsilon=v), "epsilon"),
        (lambda v: verify.diagnose(np.ones((4, 2)), np.ones((4, 2)), delta=v), "delta"),
        (lambda v: verify.diagnose(np.ones((4, 2)), np.ones((4, 2)), kind=v), "kind"),
        (lambda v: verify.plot("phase", set={"theta": v}), "theta"),
        (lambda v: verify.plot("escape", theta=[v]), "theta"),
    ],
)
def test_what_is_no_number_is_refused_by_name_and_never_evaluated(call, parameter, value):
    if isinstance(value, np.ndarray) and parameter == "betas":
        pytest.skip("a list of numbers, which is what is wanted")
    with pytest.raises(InputError, match=rf"\b{parameter}\b") as caught:
        call(value)
    assert "\n" not in str(caught.value)
