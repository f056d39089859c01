"""`chainrule run`: as `python SCRIPT.py`, with torch and autograd served by chainrule."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import chainrule
from chainrule.cli import main

SOURCE = Path(chainrule.__file__).parents[1]
PYTHON = [sys.executable]
RUN = [sys.executable, "-m", "chainrule", "run"]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return name


def process(
    command: list[str], *, text: str = "", path: str = "", **options: str
) -> subprocess.CompletedProcess[str]:
    search = os.pathsep.join(filter(None, [path, str(SOURCE)]))
    environment = {**os.environ, "PYTHONPATH": search, **options}
    environment["PYTHONIOENCODING"] = "utf-8"
    return subprocess.run(
        command, input=text, capture_output=True, encoding="utf-8", env=environment, check=False
    )


# ------------------------------------------------------------------------------ as python does it

AS_PYTHON = {
    "the module": (
        "import sys\n"
        "print(__name__, __file__, __package__, __spec__, __doc__, __loader__.path)\n"
        "print(sys.modules['__main__'].__file__, globals() is vars(sys.modules['__main__']))\n"
    ),
    "its names": "print(sorted(globals()), globals().get('__annotations__'))",
    "its annotations": "x: int = 3\nprint(__annotations__)",
    "its arguments": "import sys; print(sys.argv, sys.path[0])",
    "its docstring": '"""A script."""\nprint(__doc__)',
    "a class that is pickled": (
        "import pickle\nclass Point: x = 3\nprint(pickle.loads(pickle.dumps(Point())).x)"
    ),
    "standard input": "print(input('name? ').upper(), input())",
    "a neighbour": "import helper; print(helper.__file__, helper.ANSWER)",
    "a neighbour that fails": "import broken",
    "a neighbour with a syntax error": "import unreadable",
    "an exit code": "import sys; sys.exit(7)",
    "an exit without a code": "import sys; print('so far'); sys.exit()",
    "an exit with a text": "import sys; sys.exit('no data in résumé.csv')",
    "an exit with something else": "raise SystemExit((1, 'two'))",
    "an exception": "def f(x):\n    return 1 / x\n\n\nf(0)",
    "an exception in an exception": (
        "try:\n    int('x')\nexcept ValueError as error:\n    raise KeyError('y') from error"
    ),
    "an exception while another is handled": "try:\n    int('x')\nexcept ValueError:\n    1 / 0",
    "several exceptions": "raise ExceptionGroup('two', [ValueError('a'), KeyError('b')])",
    "a syntax error": "x = = 1",
    "an indentation error": "if True:\nx = 1",
    "another encoding": "# coding: latin-1\nprint('é')",
    "a hook of its own": (
        "import sys\nsys.excepthook = lambda kind, error, trace: print('caught', kind)\n1 / 0"
    ),
    "an interruption's text": "raise KeyboardInterrupt",
    "warnings": "import warnings; warnings.warn('old', DeprecationWarning)",
    "work at the end": "import atexit; atexit.register(print, 'last'); print('first')",
    "threads": (
        "import threading, time\n"
        "def later():\n    time.sleep(0.1)\n    print('later')\n"
        "threading.Thread(target=later).start(); print('now')"
    ),
    "annotations do not leak": "def f(x: list[int]) -> int: ...\nprint(f.__annotations__)",
    "an attribute that is not there": "import json\njson.lods",
    "a name that is not there": "from json import lods",
}


@pytest.mark.parametrize("text", AS_PYTHON.values(), ids=AS_PYTHON)
def test_a_script_runs_as_python_runs_it(text: str) -> None:
    script = write("work/script.py", text)
    write("work/helper.py", "ANSWER = 42")
    write("work/broken.py", "def f():\n    raise OSError('disk')\n\nf()")
    write("work/unreadable.py", "x = (")
    given = [script, "--out", "x", "--", "-h", "--show-substitutions"]
    theirs = process([*PYTHON, *given], text="ada\nbob\n")
    ours = process([*RUN, *given], text="ada\nbob\n")
    assert ours.stdout == theirs.stdout
    assert ours.stderr == theirs.stderr
    if "KeyboardInterrupt" not in text:  # there python ends by the signal; see below
        assert ours.returncode == theirs.returncode


def test_an_interrupted_script_ends_with_code_130() -> None:
    # On one line, as the signal may come before the sleep has begun.
    script = write("endless.py", "import time\nprint('ready', flush=True); time.sleep(60)\n")
    options = {"env": {**os.environ, "PYTHONPATH": str(SOURCE)}, "encoding": "utf-8"}
    if sys.platform == "win32":
        pytest.skip("a process cannot send Ctrl-C to another alone")
    with subprocess.Popen(
        [*RUN, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == "ready\n"
        running.send_signal(signal.SIGINT)
        told = running.stderr.read()
    assert running.returncode == 130
    assert told.startswith("Traceback (most recent call last):\n")
    assert told.count("  File ") == 1
    assert "time.sleep(60)\n" in told
    assert told.endswith("\nKeyboardInterrupt\n")


def test_modules_lie_beside_the_script_and_not_beside_a_link_to_it() -> None:
    write("work/script.py", "import sys, helper; print(helper.ANSWER, __file__, sys.path[0])")
    write("work/helper.py", "ANSWER = 42")
    write("elsewhere/helper.py", "ANSWER = 'of the link'")
    try:
        Path("elsewhere/link.py").symlink_to(Path("work/script.py").resolve())
    except OSError:
        pytest.skip("no links on this system")
    ours = process([*RUN, "elsewhere/link.py"])
    assert ours.stdout == process([*PYTHON, "elsewhere/link.py"]).stdout
    assert ours.stdout.startswith("42 ")


def test_the_working_folder_is_not_searched() -> None:
    script = write("work/script.py", "import beside_me")
    write("beside_me.py", "print('found')")
    done = process([*RUN, script])
    assert done.stdout == ""
    assert done.stderr == "chainrule: work/script.py, line 1: beside_me is not installed\n".replace(
        "/", os.sep
    )


# -------------------------------------------------------------------------------- what is served

LESSON = """\
import autograd.numpy as np
from autograd import elementwise_grad, grad

def tanh(x):
    y = np.exp(-2.0 * x)
    return (1.0 - y) / (1.0 + y)

print(grad(lambda x: x / 2)(3.0))
print(grad(tanh)(1.0))
print(elementwise_grad(tanh)(np.linspace(-7, 7, 200)).shape)
print(grad(lambda x: np.sum(np.array([x, x**2])))(3.0))
"""


def test_a_script_for_autograd(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", write("lesson.py", LESSON)]) == 0
    printed = capsys.readouterr()
    slope, *rest = printed.out.splitlines()[1:]
    assert printed.out.startswith("0.5\n")
    assert float(slope) == pytest.approx(0.419974341614026, abs=1e-15)
    assert rest == ["(200,)", "7.0"]
    assert printed.err == ""


@pytest.mark.parametrize(
    ("statement", "module"),
    [
        ("import autograd as module", "chainrule"),
        ("import autograd.numpy as module", "chainrule.numpy"),
        ("from autograd import numpy as module", "chainrule.numpy"),
        ("import autograd; module = autograd.numpy", "chainrule.numpy"),
        ("import autograd.numpy.linalg as module", "chainrule.numpy.linalg"),
        ("from autograd.numpy import fft as module", "chainrule.numpy.fft"),
        ("import autograd.numpy.random as module", "chainrule.numpy.random"),
        ("from autograd.numpy import random as module", "chainrule.numpy.random"),
        ("import autograd.misc.optimizers as module", "chainrule.misc.optimizers"),
        ("from autograd.misc import optimizers as module", "chainrule.misc.optimizers"),
        ("import autograd.misc as module", "chainrule.misc"),
        ("import autograd.extend as module", "chainrule.extend"),
        ("import autograd.builtins as module", "chainrule.builtins"),
        ("import autograd.test_util as module", "chainrule.test_util"),
        ("import autograd.core as module", "chainrule.extend.inside"),
        ("import autograd.numpy as np; module = np.numpy_boxes", "chainrule.extend.inside"),
        (
            "from autograd import differential_operators as module",
            "chainrule.differential_operators",
        ),
        ("import torch as module", "chainrule.torch"),
        ("import torch.nn as module", "chainrule.torch.nn"),
        ("from torch import nn as module", "chainrule.torch.nn"),
        ("import torch.nn.functional as module", "chainrule.torch.nn.functional"),
        ("from torch.nn import functional as module", "chainrule.torch.nn.functional"),
        ("import torch; module = torch.nn.functional", "chainrule.torch.nn.functional"),
        ("import torch.optim as module", "chainrule.torch.optim"),
        ("import torch.utils.data as module", "chainrule.torch.utils.data"),
        ("import torch.autograd as module", "chainrule.torch.autograd"),
    ],
)
def test_every_way_to_import_ends_at_our_module(statement: str, module: str) -> None:
    text = f"import sys\n{statement}\nprint(module.__name__, module is sys.modules['{module}'])\n"
    done = process([*RUN, write("script.py", text)])
    assert (done.stdout, done.stderr) == (f"{module} True\n", "")


def test_scipy_is_served_where_it_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("scipy")
    text = "import autograd.scipy.special as s; from autograd import grad; print(grad(s.expit)(0.))"
    assert main(["run", write("script.py", text)]) == 0
    assert capsys.readouterr().out == "0.25\n"


def test_neighbours_see_the_same_names(capsys: pytest.CaptureFixture[str]) -> None:
    write("package/__init__.py", "")
    write("package/losses.py", "import autograd.numpy as np\ndef loss(x): return np.sum(x**2)")
    write("model.py", "from package.losses import loss, np")
    script = write(
        "script.py",
        "import autograd.numpy as np, model; from autograd import grad\n"
        "print(np is model.np, grad(model.loss)(np.array([1., 2.])))",
    )
    assert main(["run", script]) == 0
    assert capsys.readouterr().out == "True [2. 4.]\n"


def test_what_lies_beside_the_script_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    """A pupil who writes an autograd of their own, say."""
    write("autograd.py", "mine = True")
    write("torch/readme.txt", "a folder that is no package")
    script = write("script.py", "import autograd; print(autograd.mine)")
    assert main(["run", "--show-substitutions", script]) == 0
    printed = capsys.readouterr()
    assert printed.out == "True\n"
    assert printed.err.startswith("No substitutions")
    assert main(["run", write("other.py", "import torch.no_such_part")]) == 2
    assert "torch.no_such_part is not in chainrule" in capsys.readouterr().err


def test_an_installed_library_is_not_touched() -> None:
    for name in ("torch", "autograd"):
        write(f"installed/{name}/__init__.py", "raise SystemExit('the installed one was imported')")
    script = write("script.py", LESSON + "import sys\nprint(sys.modules['autograd'].__name__)")
    done = process([*RUN, script], path=str(Path("installed").absolute()))
    assert done.stderr == ""
    assert done.stdout.endswith("\nchainrule\n")


LATE = """\
import atexit, threading, time

def late(who):
    time.sleep(0.2)
    import sys, torch, torch.nn
    import __main__
    print(who, torch.nn.__name__, __main__.late is late, sys.argv)

atexit.register(late, "atexit")
threading.Thread(target=late, args=["thread"]).start()
"""


@pytest.mark.parametrize(
    ("ending", "code"), [("", 0), ("import sys; sys.exit(3)", 3), ("import torchvision", 2)]
)
@pytest.mark.parametrize("started_by", ["python -m", "its own program"])
def test_nor_is_it_after_the_last_line(started_by: str, ending: str, code: int) -> None:
    """By threads that python waits for, and by functions that it runs at the end."""
    write("installed/torch/__init__.py", "raise SystemExit('the installed one was imported')")
    program = "import sys\nfrom chainrule.cli import main\nsys.exit(main())"
    own = [*PYTHON, write("bin/chainrule", program), "run"]
    start = RUN if started_by == "python -m" else own
    done = process(
        [*start, "--show-substitutions", write("script.py", LATE + ending), "x"],
        path=str(Path("installed").absolute()),
    )
    assert done.stdout.splitlines() == [
        f"{who} chainrule.torch.nn True ['script.py', 'x']" for who in ("thread", "atexit")
    ]
    assert [line.split() for line in done.stderr.splitlines()[-2:]] == [
        ["torch", "chainrule.torch"],
        ["torch.nn", "chainrule.torch.nn"],
    ]
    assert done.returncode == code


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    write("neighbour.py", "import autograd.numpy as np")
    script = write("script.py", "import sys, neighbour\nsys.argv.append(1); sys.path.append('x')")
    real = {
        name: ModuleType(name) for name in ("autograd", "autograd.numpy", "torch", "torchvision")
    }
    for name, module in real.items():
        monkeypatch.setitem(sys.modules, name, module)
    before = dict(sys.modules), list(sys.argv), list(sys.path), list(sys.meta_path)
    assert main(["run", script]) == 0
    assert main(["run", write("failing.py", "import neighbour, torchvision")]) == 2
    main_module = sys.modules["__main__"]
    assert main_module is before[0]["__main__"]
    assert (sys.argv, sys.path, sys.meta_path) == (before[1], before[2], before[3])
    assert all(sys.modules[name] is module for name, module in real.items())
    assert "neighbour" not in sys.modules
    assert "autograd.misc" not in sys.modules


def test_the_substitutions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    text = "import autograd.numpy as np\nimport autograd.numpy.random\nprint('done')\n"
    assert main(["run", "--show-substitutions", write("script.py", text)]) == 0
    printed = capsys.readouterr()
    assert printed.out == "done\n"
    assert [line.split() for line in printed.err.splitlines()[2:]] == [
        ["autograd", "chainrule"],
        ["autograd.numpy", "chainrule.numpy"],
        ["autograd.numpy.random", "chainrule.numpy.random"],
    ]


def test_the_substitutions_are_listed_even_if_the_script_fails(
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = write("script.py", "import autograd, sys\nsys.exit(3)")
    assert main(["run", "--show-substitutions", script]) == 3
    assert capsys.readouterr().err.splitlines()[2:] == ["autograd      chainrule"]


# ------------------------------------------------------------------------------- what is missing

MISSING = {
    "a part of autograd": ("import autograd.optimizers", "autograd.optimizers is not in chainrule"),
    "a name of it": (
        "from autograd.misc.optimizers import lbfgs",
        "autograd.misc.optimizers.lbfgs is not in chainrule",
    ),
    "its inside": ("import autograd.numpy.numpy_jvps", "autograd.numpy.numpy_jvps is not"),
    "a part of chainrule": ("import autograd.linear_model", "autograd.linear_model is not in"),
    "a function that is imported": (
        "from autograd.core import backward_pass",
        "autograd.core.backward_pass is not in chainrule; with autograd installed, python runs",
    ),
    "a function": ("import autograd as ag; ag.quick_grad_check", "autograd.quick_grad_check is"),
    "NumPy's own lack": (
        "import autograd.numpy as np; np.product2",
        "numpy has no name 'product2'",
    ),
    "a part of PyTorch": ("import torch.distributed.rpc", "torch.distributed is not in chainrule"),
    "PyTorch's inside": ("import torch._C", "torch._C is not in chainrule"),
    "a function of PyTorch": ("import torch; torch.bartlett_window(3)", "bartlett_window"),
    "one that is imported": ("from torch import bartlett_window", "bartlett_window"),
    "a method of PyTorch's": (
        "import torch; torch.ones(2).sparse_resize_()",
        "sparse_resize_ is not in chain",
    ),
    "a module's class": ("import torch.nn as nn; nn.Transformer()", "Transformer"),
    "a module's class, imported": ("from torch.nn import Transformer", "Transformer"),
    "what is built on PyTorch": ("import torchvision.datasets", "torchvision is built on PyTorch"),
    "an extra's library": (
        "import matplotlib",
        'matplotlib is not installed; get it with: python -m pip install "chainrule[plot]" '
        '(in chainrule\'s own folder: ".[plot]")\n',
    ),
    "any other library": ("import no_such_library", "no_such_library is not installed"),
    "a part of a library": ("import json.no_such_part", "there is no module json.no_such_part"),
}


@pytest.mark.parametrize(("text", "sentence"), MISSING.values(), ids=MISSING)
@pytest.mark.parametrize("beside", [False, True], ids=["in the script", "in a neighbour"])
def test_what_is_missing_is_told_with_its_place(
    text: str,
    sentence: str,
    beside: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    statements = f"'''A first line.'''\n\ndef f():\n    {text}\n"
    write("work/neighbour.py", statements)
    script = "import neighbour\nneighbour.f()\n" if beside else f"{statements}\nf()\n"
    assert main(["run", write("work/script.py", script)]) == 2
    told = capsys.readouterr().err
    place = Path("work", "neighbour.py" if beside else "script.py")
    assert told.startswith(f"chainrule: {place}, line 4: "), told
    assert sentence in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    [
        "import importlib; importlib.import_module('torch.distributed')",
        "import importlib.util; importlib.util.find_spec('torch.distributed')",
        "__import__('torch.distributed')",
        "exec('import torch.distributed')",
        "eval(compile('__import__(\"torch.distributed\")', '<text>', 'eval'))",
    ],
)
def test_the_place_is_a_line_of_a_file(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the script's, which lies here: where a file named <frozen ...> would lie, too."""
    assert main(["run", write("script.py", f"x = 1\n{text}\n")]) == 2
    assert capsys.readouterr().err.startswith("chainrule: script.py, line 2: torch.distributed is ")


def test_every_part_of_pytorchs_face_is_reached_by_its_name() -> None:
    folder = Path(chainrule.__file__).parent / "torch"
    parts = sorted(
        path.stem
        for path in folder.iterdir()
        if path.stem[0] != "_" and (path.suffix == ".py" or (path / "__init__.py").is_file())
    )
    assert {"autograd", "cuda", "linalg", "nn", "optim", "random", "utils"} <= set(parts)
    text = "import importlib, sys, torch\n"
    for part in parts:
        text += f"assert torch.{part} is sys.modules['chainrule.torch.{part}'], torch.{part}\n"
        text += f"assert importlib.import_module('torch.{part}') is torch.{part}\n"
        text += f"from torch import {part}; assert {part} is torch.{part}\n"
    assert process([*RUN, write("script.py", text)]).stderr == ""


def test_a_script_may_do_without_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "for name in ('torchvision', 'autograd.optimizers', 'torch._C'):\n"
        "    try:\n        __import__(name)\n    except ModuleNotFoundError as error:\n"
        "        print(error.name)\n"
    )
    assert main(["run", write("script.py", text)]) == 0
    assert capsys.readouterr().out.split() == ["torchvision", "autograd.optimizers", "torch._C"]


BAD = {
    "no script": ([], "required: SCRIPT.py; see chainrule run --help"),
    "a file that is not there": (["nothing.py"], "nothing.py cannot be used: No such file"),
    "a folder": (["folder"], "folder is a folder; name the script in it"),
    "a picture": (["picture.png"], "picture.png is not a Python script: it has null bytes"),
    "another encoding": (["gbk.py"], "gbk.py is not utf-8 text (line 3 does not decode); save it"),
    "another encoding from the start": (["gbk1.py"], "gbk1.py: invalid or missing encoding"),
    "an encoding that there is not": (["klingon.py"], "klingon.py: unknown encoding: klingon"),
    "a notebook": (["lesson.ipynb"], "jupyter nbconvert --to script lesson.ipynb"),
}


@pytest.mark.parametrize(("given", "sentence"), BAD.values(), ids=BAD)
def test_what_is_no_script_is_refused(
    given: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("folder").mkdir()
    Path("picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    Path("gbk.py").write_bytes("a = 1\n\nb = '数据'\n".encode("gbk"))
    Path("gbk1.py").write_bytes("b = '数据'\n".encode("gbk"))
    write("klingon.py", "# coding: klingon\n")
    write("lesson.ipynb", '{"cells": []}')
    assert main(["run", *given]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("chainrule: ")
    assert sentence in printed.err
    assert printed.err.count("\n") == 1
