"""Libraries that read a format and come with an extra: imported when they are needed, named when they are missing."""

from __future__ import annotations

import importlib
from typing import Any

from verify.errors import InputError

__all__ = ["extra"]

_PACKAGES = {"sklearn": "scikit-learn", "PIL": "Pillow"}


def extra(module: str, name: str, wanted_by: object) -> Any:
    """The module, which comes with the extra `name`.

    Raises:
        InputError: it is not installed; the sentence says how to install it.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        top = module.partition(".")[0]
        package = _PACKAGES.get(top, top)
        raise InputError(f"{wanted_by} needs {package}; it comes with pip install 'collapse-audit[{name}]'.") from None
