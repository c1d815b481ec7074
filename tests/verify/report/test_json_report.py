"""audit.json: whole or not at all, and a folder that cannot be written is a sentence, not a traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import InputError
from verify.records.evidence import AuditReport
from verify.records.verdict import summarise
from verify.report import json_report


def report(environment: dict[str, str]) -> AuditReport:
    return AuditReport(tool_version="0", seed=0, examples=1, environment=environment, summary=summarise([]), claims=())


@pytest.mark.slow
@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")), max_size=3))
def test_what_is_written_reads_back(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> None:
    original = report(environment)
    path = json_report.write(original, tmp_path_factory.mktemp("out"))
    assert AuditReport.model_validate_json(path.read_bytes()) == original


def test_the_file_is_utf8_indented_by_one_and_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    path = json_report.write(report({"θ": "σ²"}), folder)
    text = path.read_bytes().decode("utf-8")
    assert path == folder / "audit.json"
    assert text.startswith('{\n "schema_version": 2,')
    assert text.endswith("}\n")
    assert '"θ": "σ²"' in text
    assert [child.name for child in folder.iterdir()] == ["audit.json"]


def test_an_earlier_report_is_replaced(tmp_path: Path) -> None:
    json_report.write(report({"run": "first"}), tmp_path)
    path = json_report.write(report({"run": "second"}), tmp_path)
    assert json.loads(path.read_text(encoding="utf-8"))["environment"] == {"run": "second"}


def test_a_failure_keeps_the_earlier_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = json_report.write(report({"run": "first"}), tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(InputError, match=r"cannot write to .* \(No space left on device\)"):
        json_report.write(report({"run": "second"}), tmp_path)
    assert json.loads(path.read_text(encoding="utf-8"))["environment"] == {"run": "first"}
    assert [child.name for child in tmp_path.iterdir()] == ["audit.json"]


@pytest.mark.parametrize("attempt", [json_report.prepare, lambda folder: json_report.write(report({}), folder)])
def test_a_folder_that_cannot_be_is_named(tmp_path: Path, attempt: object) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / "nul\0byte"):
        with pytest.raises(InputError) as caught:
            attempt(folder)
        assert str(caught.value).startswith(f"cannot write to {folder} (")
        assert str(caught.value).endswith("); give a writable folder as out.")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="Permission denied"):
        json_report.prepare(tmp_path)


def test_a_folder_in_place_of_the_file_is_noticed_before_the_audit(tmp_path: Path) -> None:
    (tmp_path / "audit.json").mkdir()
    with pytest.raises(InputError, match=r"audit\.json is a folder"):
        json_report.prepare(tmp_path)


def test_preparing_leaves_an_empty_folder(tmp_path: Path) -> None:
    json_report.prepare(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_file_of_an_earlier_release_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = json_report.write(report({}), tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('"schema_version": 2', '"schema_version": 1'), "utf-8")
    with pytest.raises(InputError, match=r"is of schema version 1.*; audit again for one of version 2\.$"):
        json_report.read(path)
