"""What the README shows is what the program prints; `python -m tests.test_readme` writes it anew."""

from __future__ import annotations

import io
import os
import re
import textwrap
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from derivations.statements.paper import PAPER
from tests.verify.checked import judge
from verify.catalogue import claims
from verify.cli.program import cli
from verify.report.overview import Overview
from verify.store import cache

README = Path(__file__).resolve().parents[1] / "README.md"
SHOWN = ("cvae-learnable", "vae-learnable", "summary-beta-reduces-collapse", "elbo-vae")
WIDTH = 112
REWRITE = "`python -m tests.test_readme` writes it anew"


def printed(*renderables):
    """As `collapse-audit` prints it into a file of that width."""
    console = Console(file=io.StringIO(), width=WIDTH)
    for one in renderables:
        console.print(one, crop=False)
    return "\n".join(line.rstrip() for line in console.file.getvalue().strip("\n").splitlines())


def audit(_):
    results = [judge(claims()[name], 0, 1000) for name in SHOWN]
    return printed(Overview(results))


def command(line):
    """What a `collapse-audit` command line prints."""
    done = CliRunner(env={"COLUMNS": str(WIDTH)}).invoke(cli, line.split()[1:], standalone_mode=False)
    assert done.exception is None, done.exception
    return done.stdout.strip("\n")


def excerpt(line):
    """Two sections of a derived theorem, with long lines cut."""
    sections = [part for part in command(line).split("\n\n") if part.startswith(("existence", "collapse"))]
    lines = "\n".join(sections).splitlines()
    return "\n".join(
        textwrap.shorten(one, WIDTH, placeholder=" …", initial_indent=one[: len(one) - len(one.lstrip())])
        for one in lines
    )


def counted():
    """What the whole catalogue is expected to give, in words."""
    found = Counter(claim.expected.value for claim in claims().values())
    each = ", ".join(f"{found[name]} {name}" for name in ("PROVED", "SUPPORTED", "REFUTED") if found[name])
    assert sum(found.values()) == len(claims())
    return f"{len(claims())} claims, seed 0: {each}, all as expected"


# A block of text is what the last command in backticks or in a block before it prints.
BLOCK = re.compile(r"(?P<before>(?:(?!```text).)*?)```text\n(?P<text>.*?)\n```", re.DOTALL)
COMMAND = re.compile(r"^(?:.*`)?(collapse-audit(?: [^`\n]*)?)`?", re.MULTILINE)
MAKERS = {"collapse-audit": audit, "collapse-audit predict": command, "collapse-audit derive": excerpt}
COUNTED = re.compile(r"\d+ claims, seed 0: .*?, all as expected")


def blocks(text):
    """(command line, text shown) of each block."""
    for found in BLOCK.finditer(text):
        yield COMMAND.findall(found["before"])[-1], found["text"]


def named(line):
    """The command without its options."""
    return " ".join(line.split()[:2])


def made(line):
    return MAKERS[named(line)](line)


def masked(text):
    """Without the times, which end a line, and the number of tries after which Hypothesis, as it is today, refutes."""
    text = re.sub(r" +\d[\d.]* s$", "  time", text, flags=re.MULTILINE)
    for tries in re.findall(r"REFUTED after (\d+)", text):
        text = re.sub(rf"(×|after ){tries}\b", r"\1some", text)
    return text


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKERS)
def test_the_readme_shows_what_is_printed(name):
    shown = [block for block in blocks(README.read_text(encoding="utf-8")) if named(block[0]) == name]
    assert [masked(text) for _, text in shown] == [masked(made(line)) for line, _ in shown], REWRITE


def test_the_readme_counts_the_claims():
    text = README.read_text(encoding="utf-8")
    assert COUNTED.findall(text) == [counted()], REWRITE
    assert [named(line) for line, _ in blocks(text)] == list(MAKERS)


def test_the_readme_begins_with_what_is_audited():
    top = " ".join(README.read_text(encoding="utf-8").split("<!-- sample-output -->")[0].split())
    for part in (PAPER.title, ", ".join(PAPER.authors), PAPER.venue, PAPER.url):
        assert part in top


def test_times_and_the_tries_of_a_refutation_alone_are_masked():
    assert masked("refuted  16/16    0.8 s\nx  13 s\n") == masked("refuted  16/16     1 s\nx 0.1 s\n")
    assert masked("×80  16/16    0.8 s") != masked("×81  16/16    0.8 s")
    assert masked("about 3 s of them") == "about 3 s of them"
    assert masked("instances ×41, properties ×43\nREFUTED after 43, ×43") == (
        "instances ×41, properties ×some\nREFUTED after some, ×some"
    )


def rewrite():
    """Put what is printed now into the README; a line that differs by its time alone stays."""
    text = COUNTED.sub(counted(), README.read_text(encoding="utf-8"))
    for line, shown in list(blocks(text)):
        stays = {masked(one): one for one in shown.splitlines()}
        now = "\n".join(stays.get(masked(one), one) for one in made(line).splitlines())
        text = text.replace(f"```text\n{shown}\n```", f"```text\n{now}\n```")
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    os.environ[cache.FOLDER] = cache.OFF
    rewrite()
