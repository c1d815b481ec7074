"""The page as PDF, printed by the system's Chromium: the summary alone, or everything."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from verify.errors import InputError
from verify.store import files

__all__ = ["browser", "print_page"]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_SECONDS = 300  # a full page takes some ten
_OPTIONS = ("-headless", "-disable-gpu", "-disable-background-networking", "-no-first-run", "-no-pdf-header-footer")


def browser() -> str:
    """The path of the system's Chromium.

    Raises:
        InputError: there is none.
    """
    for found in filter(None, map(shutil.which, _NAMES)):
        return found
    raise InputError(
        "a PDF is printed by Chromium, which is not installed; install chromium, or print index.html from any browser."
    )


def print_page(page: str, file: Path) -> Path:
    """Print the text of a page to a PDF file, whole or not at all, and return its path.

    Raises:
        InputError: there is no Chromium, it fails, or the file cannot be written.
    """
    program = browser()
    with TemporaryDirectory(prefix="collapse-audit-") as folder:
        source, made = Path(folder, "index.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8")
        # Chromium refuses to be sandboxed as root; the page is ours, and its policy lets nothing in.
        as_root = ("-no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
        line = (program, *_OPTIONS, *as_root, f"-user-data-dir={folder}/profile", f"-print-to-pdf={made}")
        try:
            subprocess.run([*line, source.as_uri()], capture_output=True, timeout=_SECONDS, check=True)
            content = made.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise InputError(f"{program} printed no PDF ({type(error).__name__}); print index.html instead.") from error
    return files.replace(file.parent, file.name, content)
