"""The documentation site: `python -m sphinx -W -b html docs docs/_build/html`. No page asks the network anything."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "collapse-audit"
author = "collapse-audit contributors"
copyright = "collapse-audit contributors, MIT licence"  # noqa: A001 - Sphinx asks for this name
extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "myst_nb", "generated_pages", "offline_math"]
default_role = "code"  # `x` in a docstring is code
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"  # what the page shows is what the code does
nb_execution_raise_on_error = True
nb_execution_timeout = 300
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
html_theme = "furo"
html_title = "collapse-audit"
html_static_path = ["_static"]
html_css_files = ["formulas.css"]
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"light_css_variables": {"font-stack": "system-ui, sans-serif"}}
