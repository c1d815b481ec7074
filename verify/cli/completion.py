"""Completion of commands and claim ids for bash, zsh and fish."""

from __future__ import annotations

import click

from verify.cli.terminal import write_out

__all__ = ["claim_ids", "completion_command"]


def claim_ids(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The ids of the catalogue that begin with what has been typed."""
    from verify.catalogue import ids

    return [name for name in ids() if name.startswith(incomplete)]


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell, which completes commands, options and claim ids.

    bash: eval "$(collapse-audit completion bash)"; zsh the same with zsh; fish: collapse-audit completion fish | source
    """
    from click.shell_completion import get_completion_class

    chosen = get_completion_class(shell)
    if chosen is None:
        raise click.UsageError(f"this version of click has no completion for {shell}.")
    write_out(chosen(ctx.find_root().command, {}, "collapse-audit", "_COLLAPSE_AUDIT_COMPLETE").source() + "\n")
