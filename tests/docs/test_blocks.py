"""Every code block of the README and the docs runs, as a reader would run it, in a folder with the files they name.

A block that cannot run here says why in a comment before it, `<!-- not run: … -->`; how many there may be is fixed.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

from verify.cli.program import main
from verify.data.data import digits
from verify.user.template import fill_template

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
GENERATED = {"commands.md", "schema.md"}
GUIDES = {"extend.md"}  # its blocks are files and changes: test_guides.py follows them
BLOCK = re.compile(r"((?:^<!--[^\n]*-->\n)*)^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"<!-- (not run: .+|audit-command|test-command) -->")
SKIPPED = 9  # fresh installs twice, Debian's packages, a paper's own CI, experiments, audits and mutants that take long


def blocks():
    for file in FILES:
        if file.name in GENERATED | GUIDES:
            continue
        for marks, language, text in BLOCK.findall(file.read_text(encoding="utf-8")):
            if language in ("sh", "python"):
                yield file, language, text, bool(NOT_RUN.search(marks))


BLOCKS = list(blocks())
RUN = [(file, language, text) for file, language, text, skipped in BLOCKS if not skipped]


def name(block):
    file, language, text = block
    return f"{file.stem}-{language}-{text.splitlines()[0][:40]}"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A report to read: of one claim, because the whole audit is run elsewhere."""
    out = tmp_path_factory.mktemp("finished") / "audit-report"
    with pytest.raises(SystemExit):
        main(["run", "exchange-in-beta", "--examples", "64", "--jobs", "1", "--quiet", "--out", str(out)])
    return out


@pytest.fixture
def folder(tmp_path, monkeypatch, finished):
    """The files that the examples name: images, also in chunks, a trained model's posterior, a report, a claim."""
    shutil.copytree(finished, tmp_path / "audit-report")
    (tmp_path / "mine.py").write_text(fill_template("mine"), encoding="utf-8")
    pixels = digits("vae")[0]
    np.save(tmp_path / "images.npy", pixels)
    np.save(tmp_path / "binary.npy", pixels > 8)
    (tmp_path / "chunks").mkdir()
    for k, chunk in enumerate(np.array_split(pixels, 3)):
        np.save(tmp_path / "chunks" / f"{k}.npy", chunk)
    rng = np.random.default_rng(0)
    mean = pixels @ rng.normal(size=(64, 4)) / 100
    np.savez(tmp_path / "posterior.npz", mean=mean, variance=np.full(mean.shape, 0.5))
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def commands(text):
    joined = text.replace("\\\n", " ")
    return [line for line in (re.sub(r"\s+#.*", "", line).strip() for line in joined.splitlines()) if line]


def run_block(language, text):
    if language == "python":
        exec(compile(text, "block", "exec"), {})
        return
    for line in commands(text):
        program, *args = shlex.split(line)
        if program == "python":  # a script that an example has just written
            exec(compile(Path(args[0]).read_text(encoding="utf-8"), args[0], "exec"), {"__name__": "__main__"})
            continue
        assert program == "collapse-audit", f"{line!r} is not run: say why in a comment before the block"
        with pytest.raises(SystemExit) as ended:
            main(args)
        assert ended.value.code == 0, line


@pytest.mark.slow
@pytest.mark.parametrize("block", RUN, ids=name)
def test_a_block_runs(block, folder):
    run_block(*block[1:])
    assert folder.exists()


def test_few_blocks_are_left_out():
    assert sum(skipped for *_, skipped in BLOCKS) == SKIPPED
    assert len(RUN) > 8


@pytest.mark.parametrize(
    ("language", "text"),
    [("sh", "collapse-audit show no-such-claim\n"), ("sh", "rm x\n"), ("python", "assert False\n")],
)
def test_a_block_that_fails_is_noticed(language, text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AssertionError):
        run_block(language, text)
