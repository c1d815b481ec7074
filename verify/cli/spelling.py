"""The names of parameters in errors of the Python API (`eta_dec`), translated to those of options (`--eta-dec`).

A command declares each option under the name of the parameter it stands for; that is the whole table.
"""

from __future__ import annotations

import re
from typing import Any

import click

from verify.errors import InputError

__all__ = ["Commands", "spelled", "with_options"]


class Commands(click.Group):
    """A group of commands whose errors name their options."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an `InputError` that comes out of it names options where it named parameters."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            command = self.get_command(ctx, ctx.invoked_subcommand or "") or self
            raise InputError(spelled(error, command)) from error


def with_options(text: str, command: click.Command) -> str:
    """A text that writes parameters of this command as in a call, `scale=1/255`, with its options, `--scale 1/255`."""
    names = "|".join(param.name for param in command.params if param.name)
    marked = re.sub(rf"\b({names})(=(?:'[^']*'|[\w/]+(?:\.\w+)*))", r"‹\1\2›", text)
    return spelled(InputError(marked), command)


def spelled(error: InputError, command: click.Command) -> str:
    """The sentence of an error of this command: `‹loss='gaussian'›` is "--loss gaussian", `‹force=True›` "--force"."""
    known = {param.name: param for param in command.params}

    def option(name: str, value: str | None) -> str:
        if name not in known:
            return f"{name}={value}" if value else name
        param = known[name]
        spelling = max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name
        return spelling if value in (None, "True") else f"{spelling} {value.strip(chr(39))}"

    return error.spelled(option)
