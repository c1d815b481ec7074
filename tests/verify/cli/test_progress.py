"""Progress where nobody watches a bar: a log gets a line a minute."""

from __future__ import annotations

from types import SimpleNamespace

from verify.cli import terminal


def test_a_log_gets_a_line_a_minute_with_the_time_left(monkeypatch, capsys):
    clock = iter([0.0, 30.0, 61.0, 90.0, 181.0])
    monkeypatch.setattr(terminal, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    with terminal.Progress(9, quiet=False) as progress:
        for done in (1, 2, 3, 6):
            progress.part(done, 8)
    assert capsys.readouterr().err.splitlines() == [
        "auditing: 2 of 8 done after 1 min, about 3 min left",
        "auditing: 6 of 8 done after 3 min, about 1 min left",
    ]


def test_a_quiet_run_logs_nothing(monkeypatch, capsys):
    monkeypatch.setattr(terminal, "EVERY", 0.0)
    with terminal.Progress(9, quiet=True) as progress:
        progress.part(1, 9)
    assert capsys.readouterr().err == ""
