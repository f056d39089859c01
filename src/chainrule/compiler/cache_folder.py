"""The folder of compiled code: where it lies, whether it is to be trusted, how it stays small."""

from __future__ import annotations

import os
import re
import stat
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path

__all__ = ["CacheWarning", "folder", "say", "sweep"]

VARIABLE = "CHAINRULE_CACHE"
DAYS = 60  # an entry that nobody used for so long goes
BYTES = 256 * 2**20  # and the longest unused, until no more than this is left
OURS = re.compile(
    r"\.?chainrule_\w+\.(.+\.)?(py|code)"
)  # whoever names a folder of theirs keeps it


class CacheWarning(UserWarning):
    """Compiled code on disk was discarded, or its folder is not used; the sentence says why."""


def folder() -> Path | None:
    """Return the folder in which compiled code is kept; None where there cannot be one.

    It is the environment variable CHAINRULE_CACHE, or else `chainrule/compiled` in the user's
    cache folder of this platform. Where it is missing it is made, for its owner alone. One that
    somebody else could write to is not used, for what lies in it is run as code: a
    `CacheWarning` says so, once.
    """
    try:
        path = _chosen()
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        fault = _fault(path)
    except (OSError, RuntimeError):  # RuntimeError: nobody knows where the home is
        return None
    if fault:
        say(
            f"compiled code is not kept on disk: the folder {path} {fault}, and what lies there "
            f"would be run. Make it yours alone (chmod go-w), or set {VARIABLE} to another folder."
        )
        return None
    return path


def say(sentence: str) -> None:
    """Warn with a `CacheWarning`, of each sentence once."""
    if sentence not in _SAID:
        _SAID.add(sentence)
        warnings.warn(sentence, CacheWarning, stacklevel=2)


_SAID: set[str] = set()


def sweep(path: Path) -> None:
    """Remove from the folder `path` what is unused for `DAYS` days, and what is beyond `BYTES`.

    Entries stand for themselves, so any may be missing: to another process it is as if it had
    not been written yet.
    """
    found = []
    with suppress(OSError), os.scandir(path) as entries:
        for entry in entries:
            if OURS.fullmatch(entry.name):
                with suppress(OSError):  # of one that another process is removing
                    about = entry.stat()
                    found.append((about.st_mtime, about.st_size, entry.path))
    oldest, left = time.time() - DAYS * 86400, BYTES
    for used, size, name in sorted(found, reverse=True):
        left -= size
        if used < oldest or left < 0:
            with suppress(OSError):
                Path(name).unlink()


def _chosen() -> Path:
    if given := os.environ.get(VARIABLE):
        return Path(given).expanduser().absolute()
    if sys.platform == "win32":
        caches = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        caches = Path.home() / "Library" / "Caches"
    else:
        caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
        if not caches.is_absolute():  # which the standard says is to be ignored
            caches = Path.home() / ".cache"
    return caches / "chainrule" / "compiled"


def _fault(path: Path) -> str:
    """Say what makes `path` a folder that others could put code into, if anything does."""
    if not hasattr(os, "geteuid"):  # Windows: what a user's own folders inherit is theirs
        return ""
    about = path.stat()
    if about.st_uid not in (os.geteuid(), 0):
        return "belongs to somebody else"
    if about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "can be written to by others"
    return ""
