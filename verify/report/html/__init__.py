"""`index.html`: the whole report in one file that needs no network, no fonts, and no JavaScript to be read."""

from verify.report.html.page import page, prepare, write

__all__ = ["page", "prepare", "write"]
