"""Printed sources as modules, and what waits on disk: several processes, damage, other versions."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import chainrule
from chainrule.compiler import cache, cache_folder
from chainrule.compiler.cache import kept, load
from chainrule.compiler.cache_folder import CacheWarning, folder, sweep

KERNEL = """
import numpy as np
from numba import njit


@njit
def double(x):
    return 2.0 * x


@njit
def kernel(x):
    twice = np.empty(x.size)
    for i in range(x.size):
        twice[i] = double(x[i])
    return twice
"""
PLAIN = """
def fails(x):
    return x / 0  # a printed line
"""
NUMBERS = np.array([1.0, 2.0, 3.0])
SURROUNDINGS = cache._surroundings
# In this process and its children, lest editing a file of ours meanwhile makes two versions of it.
FIXED = "from chainrule.compiler import cache; cache._surroundings = lambda: 'of the tests'\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "compiled"
    monkeypatch.setenv("CHAINRULE_CACHE", str(path))
    monkeypatch.setattr(cache_folder, "_SAID", set())
    monkeypatch.setattr(cache, "_surroundings", lambda: "of the tests")
    return path


def another(source: str) -> str:
    """The same program, as one that was never compiled."""
    return f"{source}\n# {os.urandom(8).hex()}\n"


def forgotten(module: ModuleType, source: str) -> ModuleType:
    """What the next process would load."""
    del sys.modules[module.__name__]
    return load(source, "example")


def compiled(path: Path, what: str = "kernel") -> Path:
    (found,) = path.glob(f"*.{what}.*.code")
    return found


def hits(function: Any) -> int:
    return sum(function.stats.cache_hits.values())


def process(program: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    paths = {"PYTHONPATH": str(Path(chainrule.__file__).parent.parent)}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", FIXED + program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, **paths, **environment},
    )


def said(running: subprocess.Popen[str]) -> str:
    out, err = running.communicate(timeout=120)
    assert running.returncode == 0, err
    return out


def test_a_source_in_memory_shows_its_lines_and_leaves_no_file(place: Path) -> None:
    module = load(PLAIN, "example", on_disk=False)
    with pytest.raises(ZeroDivisionError) as caught:
        module.fails(1)
    lines = "".join(traceback.format_exception(caught.value))
    assert "return x / 0  # a printed line" in lines
    assert "<chainrule_example_" in lines
    assert not place.exists()
    assert module.__name__ not in sys.modules


def test_tracebacks_show_the_lines_where_no_file_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    (tmp_path / "file").touch()
    monkeypatch.setenv("CHAINRULE_CACHE", str(tmp_path / "file" / "folder"))
    assert folder() is None
    assert not kept(KERNEL, "example")
    module = load(another(KERNEL + PLAIN), "example")
    np.testing.assert_array_equal(module.kernel(NUMBERS), 2 * NUMBERS)
    with pytest.raises(ZeroDivisionError) as caught:
        module.fails(1)
    assert "# a printed line" in "".join(traceback.format_exception(caught.value))


def test_what_cannot_be_written_is_not_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "replacing", full)
    module = load(another(KERNEL), "example")
    np.testing.assert_array_equal(module.kernel(NUMBERS), 2 * NUMBERS)
    assert list(place.iterdir()) == []


def test_the_next_process_reads_what_was_compiled(place: Path) -> None:
    pytest.importorskip("numba")
    source = another(KERNEL)
    module = load(source, "example")
    assert load(source, "example") is module
    assert not kept(source, "example")
    np.testing.assert_array_equal(module.kernel(NUMBERS), 2 * NUMBERS)
    assert kept(source, "example")
    assert not kept(another(source), "example")
    assert hits(module.kernel) == 0
    assert (place / f"{module.__name__}.py").read_text("utf-8") == source
    again = forgotten(module, source)
    assert again is not module
    np.testing.assert_array_equal(again.kernel(NUMBERS), 2 * NUMBERS)
    assert hits(again.kernel) == 1
    # Another type of argument is another entry, beside the first.
    np.testing.assert_array_equal(again.kernel(np.arange(3)), 2.0 * np.arange(3))
    assert hits(again.kernel) == 1
    assert len(list(place.glob("*.kernel.*.code"))) == 2
    if os.name == "posix":
        assert place.stat().st_mode & 0o777 == 0o700


FRESH = """
import sys
import numpy as np
from chainrule.compiler.cache import load
module = load(sys.argv[1], "example")
assert module.kernel(np.array([1.0, 2.0])).tolist() == [2.0, 4.0]
prepared = "numba.np.arraymath" in sys.modules
from numba import njit
outer = njit(lambda x: module_kernel(x) + 1.0)
outer.py_func.__globals__["module_kernel"] = module.kernel
if sys.argv[2] == "compile more":
    assert outer(np.array([1.0, 2.0])).tolist() == [3.0, 5.0]
print(sum(module.kernel.stats.cache_hits.values()), prepared)
"""


def test_a_fresh_process_does_not_prepare_to_compile_unless_it_does(place: Path) -> None:
    pytest.importorskip("numba")
    source = another(KERNEL)
    assert said(process(FRESH, source, "")).split() == ["0", "True"]
    assert said(process(FRESH, source, "")).split() == ["1", "False"]
    assert said(process(FRESH, source, "compile more")).split() == ["1", "False"]


def test_code_that_names_what_a_fresh_process_lacks_has_it_prepared(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(cache, "_outside", lambda library: ["found_nowhere"])
    source = another(KERNEL)
    load(source, "example").kernel(NUMBERS)
    assert said(process(FRESH, source, "")).split() == ["1", "True"]


def garbled(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        garbled,
        lambda data: data + b"\0",
        lambda data: hashlib.sha256(b"no code").digest() + b"no code",
    ],
    ids=["empty", "half", "a bit", "more", "another's"],
)
def test_damaged_code_is_removed_and_said_and_compiled_anew(place: Path, damage: Any) -> None:
    pytest.importorskip("numba")
    source = another(KERNEL)
    module = load(source, "example")
    module.kernel(NUMBERS)
    path = compiled(place)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    module = forgotten(module, source)
    with pytest.warns(CacheWarning, match="was damaged: removed, and compiled anew") as caught:
        np.testing.assert_array_equal(module.kernel(NUMBERS), 2 * NUMBERS)
    assert len(caught) == 1
    assert str(path) in str(caught[0].message)
    assert hits(module.kernel) == 0
    module = forgotten(module, source)
    np.testing.assert_array_equal(module.kernel(NUMBERS), 2 * NUMBERS)
    assert hits(module.kernel) == 1


def test_a_damaged_copy_of_the_source_is_never_run(place: Path) -> None:
    pytest.importorskip("numba")
    source = another(KERNEL)
    module = load(source, "example")
    copy = place / f"{module.__name__}.py"
    copy.write_text(source.replace("2.0", "3.0")[:-9], encoding="utf-8")
    with pytest.warns(CacheWarning, match="damaged or edited: written anew"):
        module = forgotten(module, source)
    assert copy.read_text("utf-8") == source
    np.testing.assert_array_equal(module.kernel(NUMBERS), 2 * NUMBERS)


@pytest.mark.parametrize(
    "change",
    [
        lambda patch: patch.setattr(chainrule, "__version__", "0.0.0"),
        lambda patch: patch.setattr("numba.__version__", "0.0.0"),
        lambda patch: patch.setattr("llvmlite.__version__", "0.0.0"),
        lambda patch: patch.setattr(np, "__version__", "0.0.0"),
        lambda patch: patch.setattr(sys, "version", "0.0.0"),
        lambda patch: patch.setattr("llvmlite.binding.get_host_cpu_name", lambda: "another"),
        lambda patch: patch.setattr("numba.config.OPT", 1),
        lambda patch: patch.setattr(Path, "read_text", lambda path, encoding: "another library"),
    ],
    ids=["chainrule", "numba", "llvmlite", "numpy", "python", "cpu", "setting", "library"],
)
def test_another_version_has_entries_of_its_own(
    place: Path, monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    pytest.importorskip("numba")
    SURROUNDINGS.cache_clear()
    as_it_is = SURROUNDINGS()
    assert SURROUNDINGS() is as_it_is
    with monkeypatch.context() as patch:
        change(patch)
        SURROUNDINGS.cache_clear()
        otherwise = SURROUNDINGS()
    SURROUNDINGS.cache_clear()
    assert otherwise != as_it_is
    source = another(KERNEL)
    names = set()
    for words in (as_it_is, otherwise):
        monkeypatch.setattr(cache, "_surroundings", lambda words=words: words)
        names.add(load(source, "example").__name__)
    assert len(names) == 2


RACE = """
import sys, time
from pathlib import Path
import numpy as np
from chainrule.compiler.cache import load
from numba import njit
source, go, mine = sys.argv[1:]
Path(mine).touch()
while not Path(go).exists():
    time.sleep(0.001)
x = np.arange(5, dtype=mine[-2:])
for kind in (x.dtype, np.float64):
    assert load(source, "example").kernel(x.astype(kind)).tolist() == [0, 2, 4, 6, 8]
"""


def test_processes_race(place: Path, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    source, go = another(KERNEL), tmp_path / "go"
    mine = [tmp_path / f"{k}{kind}" for k, kind in enumerate(["f4", "f4", "i8", "f8"])]
    running = [process(RACE, source, str(go), str(path)) for path in mine]
    while not all(path.exists() or each.poll() for path, each in zip(mine, running, strict=True)):
        time.sleep(0.01)
    go.touch()
    for each in running:
        said(each)
    assert len(list(place.glob("*.kernel.*.code"))) == 3
    assert list(place.glob(".*")) == []  # nothing half written stays
    # And all of it is whole.
    module = load(source, "example")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for kind in ("f4", "i8", "f8"):
            assert module.kernel(np.arange(3, dtype=kind)).tolist() == [0, 2, 4]
    assert hits(module.kernel) == 3


def test_threads_race(place: Path) -> None:
    pytest.importorskip("numba")
    source = another(KERNEL)

    def work(k: int) -> ModuleType:
        module = load(source, "example")
        np.testing.assert_array_equal(module.kernel(NUMBERS + k), 2 * (NUMBERS + k))
        return module

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, range(16)))
    assert all(each is found[0] for each in found)
    assert list(place.glob(".*")) == []


FORK = """
import os, sys, threading, time, warnings
import numpy as np
from chainrule.compiler.cache import load
warnings.simplefilter("ignore")  # newer Pythons warn of a fork beside threads: that is the question
module = load(sys.argv[1], "example")
x = np.array([1.0, 2.0])
thread = threading.Thread(target=module.kernel, args=(x,))
thread.start()
time.sleep(0.1)
child = os.fork()
if child == 0:
    right = module.kernel(x).tolist() == [2.0, 4.0]
    right = right and module.kernel(np.arange(2)).tolist() == [0.0, 2.0]
    os._exit(0 if right else 1)
thread.join()
assert os.waitpid(child, 0)[1] == 0
assert module.kernel(x).tolist() == [2.0, 4.0]
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
def test_a_copy_of_a_process_that_is_compiling_works(place: Path) -> None:
    pytest.importorskip("numba")
    said(process(FORK, another(KERNEL)))


@pytest.mark.skipif(os.name == "nt", reason="ctypes finds the C library by another name")
def test_what_only_this_process_has_is_not_kept(place: Path) -> None:
    pytest.importorskip("numba")
    source = another(
        "import ctypes\nfrom numba import njit\n\n"
        "labs = ctypes.CDLL(None).labs\nlabs.argtypes = [ctypes.c_long]\n"
        "labs.restype = ctypes.c_long\n\n\n@njit\ndef kernel(x):\n    return labs(x)\n"
    )
    assert load(source, "example").kernel(-3) == 3
    assert list(place.glob("*.code")) == []


# ---------------------------------------------------------------- the folder


@pytest.mark.skipif(os.name == "nt", reason="what a user's own folders inherit is theirs")
def test_a_folder_that_others_can_write_to_is_not_trusted(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.mkdir()
    place.chmod(0o777)
    with pytest.warns(CacheWarning, match=r"can be written to by others.*CHAINRULE_CACHE"):
        assert folder() is None
    assert folder() is None  # said once
    place.chmod(0o755)
    assert folder() == place
    if os.geteuid() == 0:  # who is trusted by everybody
        os.chown(place, 1000, 1000)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: place.stat().st_uid + 1)
    with pytest.warns(CacheWarning, match="belongs to somebody else"):
        assert folder() is None


@pytest.mark.skipif(os.name == "nt", reason="the paths are those of other platforms")
@pytest.mark.parametrize(
    ("platform", "environment", "path"),
    [
        ("linux", {}, "home/.cache/chainrule/compiled"),
        ("linux", {"XDG_CACHE_HOME": "{}/xdg"}, "xdg/chainrule/compiled"),
        ("linux", {"XDG_CACHE_HOME": "not/absolute"}, "home/.cache/chainrule/compiled"),
        ("darwin", {}, "home/Library/Caches/chainrule/compiled"),
        ("win32", {"LOCALAPPDATA": "{}/local"}, "local/chainrule/compiled"),
        ("win32", {}, "home/AppData/Local/chainrule/compiled"),
        ("linux", {"CHAINRULE_CACHE": "~/mine"}, "home/mine"),
    ],
)
def test_where_the_folder_lies(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    environment: dict[str, str],
    path: str,
) -> None:
    for name in ("CHAINRULE_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value.format(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "platform", platform)
    assert folder() == tmp_path / path
    assert (tmp_path / path).is_dir()


def test_the_folder_stays_small(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place.mkdir()
    now = time.time()

    def entry(name: str, days: float) -> Path:
        path = place / name
        path.write_bytes(bytes(100))
        os.utime(path, (now, now - 86400 * days))
        return path

    new, used = entry("chainrule_a_1.py", 0), entry("chainrule_a_1.kernel.2.code", 59)
    old, half = entry("chainrule_b_2.kernel.3.code", 61), entry(".chainrule_b_2.4.part.code", 61)
    theirs = entry("notes.py", 1000), entry("chainrule.code.txt", 1000)
    sweep(place)
    assert [path.exists() for path in (new, used, old, half, *theirs)] == [
        *(True, True, False, False),
        *(True, True),
    ]
    monkeypatch.setattr(cache_folder, "BYTES", 150)
    sweep(place)
    assert [path.exists() for path in (new, used, *theirs)] == [True, False, True, True]
    sweep(place / "missing")


def test_writing_an_entry_sweeps_and_reading_one_renews_it(place: Path) -> None:
    pytest.importorskip("numba")
    place.mkdir(mode=0o700)
    old = place / "chainrule_a_1.kernel.2.code"
    old.touch()
    os.utime(old, (0, 0))
    source = another(KERNEL)
    module = load(source, "example")
    module.kernel(NUMBERS)
    assert not old.exists()
    path, week_ago = compiled(place), time.time() - 7 * 86400
    os.utime(path, (week_ago, week_ago))
    forgotten(module, source).kernel(NUMBERS)
    assert path.stat().st_mtime > week_ago + 86400
