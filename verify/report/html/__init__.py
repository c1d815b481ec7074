"""`index.html`: the whole report in one file that needs no network, no fonts, and no JavaScript to be read."""

from verify.report.html.page import prepare, render_page, write

__all__ = ["prepare", "render_page", "write"]
