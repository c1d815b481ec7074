"""Files that make no sense: one clear sentence each, with the line it is about."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from verify.cli.program import cli
from verify.errors import InputError
from verify.user.loading import load

BAD = {
    "raises": ("y = 1\nx = 1 / 0\nCLAIM = claim()", 2, "ZeroDivisionError: division by zero"),
    "raises below": ("def f():\n    return [][1]\n\nf()", 2, "IndexError"),
    "exits": ("raise SystemExit(3)", 1, "SystemExit: 3"),
    "syntax": ("y = 1\ny = = 2", 2, "invalid syntax"),
    "nothing": ("y = 1", None, "defines no Claim"),
    "undeclared": ("CLAIM = claim(\n  Minimum('', (x - al)**2, {x: al}))", 2, "name 'al' is not defined"),
    "twice": ("C1 = claim(Minimum('', x**2, {x: 0}))\nC2 = claim(Minimum('', x**2, {x: 1}))", None, "two claims"),
    "statements": ("CLAIM = claim()", None, "at least one statement"),
    "decimal": ("CLAIM = claim(Minimum('', (x - a)**2 + 0.1*x, {x: a}))", None, "write Rational(1, 10)"),
    "imaginary": ("CLAIM = claim(Minimum('', x**2 + I*x, {x: 0}))", None, "not real-valued"),
    "complex symbol": ("w = Symbol('w')\nCLAIM = claim(Minimum('', w**2, {w: 0}))", 1, "'w', real=True"),
    "domain": (
        "CLAIM = claim(Minimum('', (x - a)**2, {x: a}), variables=(Variable(a, Domain.REAL),))",
        None,
        "assumed to be positive, but its domain is REAL",
    ),
    "rectangular": (
        "W = MatrixSymbol('W', n, 2)\nCLAIM = claim(Same('', W.T, W.T), variables=(Variable(W, Domain.SYMMETRIC),))",
        1,
        "W is n × 2, but its domain SYMMETRIC (symmetric matrix) is one of square matrices",
    ),
    "shape": ("CLAIM = claim(Minimum('', Trace(S*P), {P: a}), variables=(Variable(S), A))", None, "claimed value"),
    "matrix loss": ("CLAIM = claim(Minimum('', S*P, {P: S}), variables=(Variable(S),))", None, "must be a scalar"),
    "no rule": ("CLAIM = claim(Minimum('', Trace(Adjoint(P)), {P: S}), variables=(Variable(S),))", None, "Adjoint"),
    "independent": ("CLAIM = claim(Minimum('', a + b, {x: a}))", None, "depends on none of x"),
    "in a circle": ("CLAIM = claim(Minimum('', x**2 + y**2, {x: y, y: x}))", None, "depends on"),
    "id": ("CLAIM = claim(Minimum('', x**2, {x: 0}), id='My Claim')", None, "lower-case words"),
    "catalogue": ("CLAIM = claim(Minimum('', x**2, {x: 0}), id='vae-fixed')", None, "give yours another id"),
    "uses itself": ("CLAIM = claim(Minimum('', x**2, {x: 0}), id='mine', uses=('mine',))", None, "mine → mine"),
    "uses": ("CLAIM = claim(Minimum('', x**2, {x: 0}), uses=('vae-learnabel',))", None, "did you mean 'vae-learnable'"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_nonsense_is_one_clear_sentence_with_its_line(name, written):
    text, line, message = BAD[name]
    path = written(text)
    done = CliRunner().invoke(cli, ["check", str(path)], standalone_mode=False)
    assert isinstance(done.exception, InputError), done.output
    said = str(done.exception)
    assert message in said
    assert said.startswith(str(path))
    assert "\n" not in said
    if line:
        assert said.startswith(f"{path}:{written.lines + line}:")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CLAIM = Claim('mine', '', '', '', (Variable(a) Variable(b)), ())", "perhaps you forgot a comma"),
        ("\nCLAIM = Claim('mine', '', '', '', (Variable(a) (Variable(b))), ())", "'Variable' object is not callable"),
        ("CLAIM = claim(Minimum('', x**2, {x: 0}), variables=(Variable(a)))", "must be a tuple, like (Variable(a),)"),
        ("import os\nos._exit(0)", "ended its process"),
        ("\n\nimport ctypes\nctypes.string_at(1)", "ended by SIGSEGV"),
    ],
)
def test_a_file_named_from_its_own_folder_has_the_same_lines(text, said, written, monkeypatch):
    path = written(text)
    with pytest.raises(InputError) as whole:
        load(path)
    monkeypatch.chdir(path.parent)
    for name in (path.name, f"./{path.name}", f"../{path.parent.name}/{path.name}"):
        with pytest.raises(InputError) as one:
            load(Path(name))
        assert str(one.value) == str(whole.value).replace(str(path), str(Path(name)))
        assert said.lower() in str(one.value).lower()


def test_a_flag_may_be_a_symbol_assumed_non_negative(written):
    text = "f = Symbol('f', nonnegative=True)\n"
    (claim,) = load(written(text + "CLAIM = claim(Always('', f <= 1), variables=(Variable(f, Domain.FLAGS),))"))
    assert claim.variables[0].domain.name == "FLAGS"


def test_symbols_nobody_declared_are_listed_with_near_names(written):
    text = "alpha, alhpa = symbols('alpha alhpa', positive=True)\nother = Symbol('a', real=True)\n"
    text += "CLAIM = claim(Minimum('', (x - alhpa)**2 + other**2, {x: alpha}), variables=(Variable(alpha),))"
    with pytest.raises(InputError, match="alhpa") as found:
        load(written(text))
    said = str(found.value)
    assert "a, alhpa (did you mean alpha?) are used but not declared" in said
    text = text.replace("Variable(alpha)", "Variable(alpha), A").replace("alhpa)**2", "alpha)**2")
    with pytest.raises(InputError, match="another symbol of that name"):
        load(written(text))


def test_a_file_that_loops_is_stopped_and_its_line_named(written):
    path = written("while True:\n    y = 1\n")
    stopped = []
    for seconds in (0.3, 1, 4, 16):  # a busy machine may take longer than the first to come as far as the loop
        with pytest.raises(InputError, match=rf"had not finished after {seconds:g} s; does it loop") as found:
            load(path, seconds=seconds)
        stopped.append(str(found.value))
        if any(stopped[-1].startswith(f"{path}:{written.lines + k}:") for k in (1, 2)):
            return
    pytest.fail(f"the loop is not named: {stopped}")


def test_the_time_limit_holds_in_a_background_job_too(written):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for what it starts with &
    try:
        with pytest.raises(InputError, match="does it loop"):
            load(written("while True:\n    y = 1\n"), seconds=0.3)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("name", ["nowhere.py", "folder", "text.txt"])
def test_what_is_no_python_file_is_refused(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(InputError, match=name):
        load(tmp_path / name)


def test_what_a_file_prints_does_not_spoil_the_json(written):
    path = written("print('noise')\nCLAIM = claim(Minimum('', (x - a)**2, {x: a}))")
    done = CliRunner().invoke(cli, ["check", str(path), "--json"])
    assert json.loads(done.stdout)["claims"][0]["id"] == "mine"


def test_a_definition_cannot_hide_what_is_minimised_over(written):
    """Its gradient would be 0 without a word."""
    text = "T, W = MatrixSymbol('T', n, n), MatrixSymbol('W', n, n)\n"
    text += (
        "CLAIM = claim(Minimum('', square(T - S) + square(W), {W: S}, definitions={T: W}), variables=(Variable(S),))"
    )
    with pytest.raises(InputError, match="the definition of T depends on W, which is minimised over"):
        load(written(text))
