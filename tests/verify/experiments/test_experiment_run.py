"""The command: folders, resuming, refusing, interrupting, exit codes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from verify.cli.program import cli
from verify.data.datasets import Source
from verify.errors import InputError
from verify.experiments import run as running
from verify.experiments.catalogue import EXPERIMENTS, experiment
from verify.experiments.records import Result
from verify.experiments.run import Interrupted, run_experiment

NAME = "linear-cvae-beta"


def go(folder, **options):
    given = {"quick": True, "seed": 0, "jobs": 1, "out": folder} | options
    return run_experiment(experiment(NAME), Source(rows=300), **given)


def command(*args):
    return CliRunner().invoke(cli, ["experiment", *map(str, args)], standalone_mode=False)


def test_a_run_is_whole_and_reproducible(tmp_path):
    first, file = go(tmp_path / "a")
    second, _ = go(tmp_path / "b", jobs=2)
    assert Result.model_validate_json(file.read_bytes()) == first
    assert first.holds
    assert [c.model_copy(update={"seconds": 0}) for c in first.cells] == [
        c.model_copy(update={"seconds": 0}) for c in second.cells
    ]


def test_ctrl_c_keeps_cells_and_resume_measures_only_the_rest(tmp_path, monkeypatch):
    measured, real = [], running.measure_cell

    def stops(name, source, at, quick, seed):
        if len(measured) == 3:
            raise KeyboardInterrupt
        measured.append(at)
        return real(name, source, at, quick, seed)

    monkeypatch.setattr(running, "measure_cell", stops)
    with pytest.raises(Interrupted) as caught:
        go(tmp_path)
    assert (caught.value.kept, caught.value.total) == (3, 7)
    assert len(list((tmp_path / NAME / "cells").glob("*.json"))) == 3
    seen = []
    monkeypatch.setattr(running, "measure_cell", lambda *a: seen.append(a[2]) or real(*a))
    result, _ = go(tmp_path, resume=True)
    assert len(seen) == 4
    assert len(result.cells) == 7
    monkeypatch.setattr(running, "measure_cell", real)
    assert [c.at for c in result.cells] == [c.at for c in go(tmp_path / "whole")[0].cells]


def test_other_settings_and_damage_are_refused(tmp_path):
    go(tmp_path)
    with pytest.raises(InputError, match="resume=True goes on"):
        go(tmp_path)
    with pytest.raises(InputError, match="seed was 0 and is now 1"):
        go(tmp_path, seed=1, resume=True)
    cell = next((tmp_path / NAME / "cells").glob("*.json"))
    cell.write_text(cell.read_text()[:40])
    with pytest.raises(InputError, match="damaged"):
        go(tmp_path, resume=True)
    assert go(tmp_path, force=True)[0].holds


def test_the_command_writes_table_plot_and_json(tmp_path):
    done = command(NAME, "--quick", "--rows", 300, "--jobs", 1, "--out", tmp_path)
    assert (done.exception, done.return_value) == (None, 0)
    assert "exact matches: 7 of 7 cells" in " ".join(done.stdout.split())
    assert (tmp_path / NAME / "plot.svg").read_text().startswith("<?xml")
    again = command(NAME, "--quick", "--rows", 300, "--jobs", 1, "--out", tmp_path, "--resume", "--json")
    (record,) = json.loads(again.stdout)
    assert len(record["cells"]) == 7
    assert Result.model_validate(record).holds


def test_a_failed_expectation_is_exit_code_1(tmp_path, monkeypatch):
    real = running.measure_cell

    def wrong(*a):
        cell = real(*a)
        return cell.model_copy(update={"measured": {**cell.measured, "active": 3}})

    monkeypatch.setattr(running, "measure_cell", wrong)
    done = command(NAME, "--quick", "--rows", 300, "--jobs", 1, "--out", tmp_path)
    assert done.return_value == 1
    assert "FAILS" in done.stdout


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["linear-cvae-bata"], "did you mean 'linear-cvae-beta'"),
        (["nothing-like-it-at-all"], "; there are linear-cvae-correlation,"),
        ([NAME, "--dataset", "imagenet"], "choose one of digits"),
        ([NAME, "--dataset", "mnist"], "add --data DIR"),
        ([NAME, "--all"], "not both"),
        ([], "--all"),
        ([NAME, "--resume", "--force"], "one of them"),
        ([NAME, "--rows", "10"], "digits has 10 rows, linear-cvae-beta 16 latents"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, args, words):
    done = command(*args, "--out", tmp_path, "--quick", "--jobs", 1)
    assert isinstance(done.exception, InputError)
    assert words in str(done.exception)
    assert "\n" not in str(done.exception)


def test_the_list_names_every_experiment():
    done = command("--list")
    assert all(one.name in done.stdout for one in EXPERIMENTS)
    assert len({one.name for one in EXPERIMENTS}) == len(EXPERIMENTS)
