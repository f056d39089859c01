"""Writing files so that a reader finds the old one, or the new one whole, and never a half."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chainrule._languages import tr

__all__ = ["check_writable", "replacing"]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to, which takes its place when the block succeeds.

    If the block raises, Ctrl-C included, what was written is removed and `path` is as before.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "numbers.txt"
    ...     with replacing(path) as new:
    ...         _ = new.write_text("1 2 3", encoding="utf-8")
    ...     path.read_text(encoding="utf-8")
    '1 2 3'
    """
    target = path.resolve()  # through a link to the file itself, which keeps the link
    if _is_device(target):
        yield target
        return
    new = _beside(target)
    try:
        yield new
        if target.exists():
            shutil.copymode(target, new)  # who may read the old file may read the new one
        os.replace(new, target)
    finally:
        new.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Raise `OSError` if no file can be written at `path`: to be told before the work, not after.

    >>> check_writable(Path("no/such/folder/model.json"))  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'no/such/folder'
    """
    target = path.resolve()
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if _is_device(target):
        return
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, tr("No such folder"), str(path.parent))
    new = _beside(target)
    try:
        new.touch()
        new.unlink()
    except OSError as error:  # of a name that nobody gave
        raise OSError(error.errno, error.strerror, str(path)) from None


def _is_device(target: Path) -> bool:
    """Whether `target` is a device or a pipe, which takes what it gets and is never replaced."""
    return target.exists() and not target.is_file() and not target.is_dir()


def _beside(target: Path) -> Path:
    # Drawn, because threads, and containers that share a folder, have the same process number. The
    # ending stays last because some writers choose their format by it.
    return target.with_name(f".{target.stem}.{os.urandom(4).hex()}.part{target.suffix}")
