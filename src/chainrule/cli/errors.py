"""What every command module shares with the dispatcher: its protocol and its exception."""

from __future__ import annotations

import argparse
from typing import Protocol

__all__ = ["Command", "CommandError", "Commands"]


class CommandError(Exception):
    """What the user can put right, as one sentence: what happened, where, what to do next."""


class Commands(Protocol):
    """What `add_command` is given: the list of subcommands, to which it adds its own."""

    def add_parser(
        self, name: str, *, help: str, description: str, epilog: str
    ) -> argparse.ArgumentParser: ...


class Command(Protocol):
    """What a command module offers."""

    def add_command(self, commands: Commands) -> None: ...
