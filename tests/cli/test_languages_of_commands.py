"""Every command in Chinese: nothing of it stays English, and it lines up and wraps as it should."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from itertools import pairwise
from pathlib import Path

import pytest

import chainrule
from chainrule._languages import speaking
from chainrule._text import width
from chainrule.cli import COMMANDS, main
from chainrule.cli.languages import language_of_user, read_ahead
from chainrule.cli.os_errors import sentence_of
from tests.chinese import english

DATA = Path(__file__).parents[2] / "examples" / "data"
SOURCE = Path(chainrule.__file__).parents[1]


@pytest.fixture
def zh(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command in Chinese; return what it told, on both streams."""

    def run(*arguments: str, code: int = 0) -> str:
        assert main(["--lang", "zh", *arguments]) == code
        told = capsys.readouterr()
        return told.out + told.err

    return run


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_chinese_and_fits_a_terminal(
    command: str, zh: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    told = zh(*filter(None, [command]), "--help")
    assert told.startswith(f"用法： chainrule {command}".strip())
    assert english(told) == set()
    assert "\n所有命令共有的选项：\n" in told
    for line in told.splitlines():
        # Examples stay whole, to be copied.
        assert width(line) <= 80 or line.startswith("  chainrule "), line
        assert not re.match(r" *[，。；：、）]", line), "no line begins with what closes"


def test_fit_in_chinese(zh: Callable[..., str], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    table, model = DATA / "penguins.csv", str(tmp_path / "model.json")
    told = zh("fit", str(table), "--target", "species", "--model", model)
    assert english(told, str(table), model, table.read_text(), "L-BFGS") == set()
    for line in told.splitlines():
        assert width(line) <= 80 or model in line, line
    # Right-aligned numbers end in one column, as the rule above them does.
    lines = told.splitlines()
    ruled = next(
        k for k, line in enumerate(lines) if line.startswith("─") and "标准差" in lines[k - 1]
    )
    assert len({width(line) for line in lines[ruled - 1 : ruled + 9]}) == 1
    # The file is for programs, in whatever language it was written.
    english_model = tmp_path / "english.json"
    assert main(["fit", str(table), "--target", "species", "--model", str(english_model)]) == 0
    assert english_model.read_text() == Path(model).read_text()


@pytest.mark.parametrize("extra", [["--l2", "0"], ["--test-fraction", "0"], ["--verbose"]])
def test_more_of_fit_in_chinese(extra: list[str], zh: Callable[..., str], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    rows = [f"{k},{k % 3},{'x' if k % 9 else ''},u{k},1" for k in range(40)]
    rows = [f"{row},{'yes' if k % 4 < 2 else 'no'}" for k, row in enumerate(rows)]
    rows[7] = rows[7].replace("7,1", "7,much")
    table = tmp_path / "table.csv"
    table.write_text("aa,bb,cc,dd,ee,kind\n" + "\n".join(rows) + "\n3,1,x,u,1,\n")
    told = zh("fit", str(table), "--target", "kind", *extra)
    assert english(told, str(table), table.read_text(), "L-BFGS") == set()


def test_predict_in_chinese(
    zh: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyarrow")
    table, model, new = DATA / "penguins.csv", tmp_path / "model.json", tmp_path / "new.csv"
    out = tmp_path / "out.csv"
    main(["fit", str(table), "--target", "species", "--model", str(model)])
    new.write_text(table.read_text().replace("Torgersen", "Nowhere"))
    capsys.readouterr()
    told = zh("predict", str(model), str(new), "--out", str(out))
    assert "已把 344 行及其预测写入" in told
    assert "训练时没有出现过" in told
    assert english(told, str(tmp_path), new.read_text(), "out.csv") == set()
    # What programs read has the same header in every language.
    assert "predicted_species,probability_Adelie" in out.read_text()


def test_run_in_chinese(
    zh: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("script.py").write_text("import autograd.numpy, torch\n")
    told = zh("run", "--show-substitutions", "script.py")
    assert english(told, "numpy") == set()
    assert told.startswith("脚本导入的      由它代替\n")
    Path("empty.py").write_text("")
    assert english(zh("run", "--show-substitutions", "empty.py")) == set()


def test_substitutions_are_listed_in_chinese_when_the_process_ends(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import torch\n")
    done = subprocess.run(
        [sys.executable, "-m", "chainrule", "--lang", "zh", "run", "--show-substitutions", script],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "utf-8"},
    )
    assert "由它代替" in done.stderr.decode()


MISTAKES = {
    "a command": ["fti"],
    "no target": ["fit", "table.csv"],
    "a word too many": ["predict", "a", "b", "c"],
    "no value": ["fit", "table.csv", "--target"],
    "no such choice": ["fit", "table.csv", "--target", "kind", "--decimal", "x"],
    "an ambiguous option": ["fit", "table.csv", "--se", "3"],
    "a value for a flag": ["run", "--show-substitutions=3", "script.py"],
    "no number": ["fit", "table.csv", "--target", "kind", "--l2", "much"],
    "no share": ["fit", "table.csv", "--target", "kind", "--test-fraction", "1"],
    "no whole number": ["fit", "table.csv", "--target", "kind", "--seed", "-1"],
    "no such file": ["fit", "nowhere.csv", "--target", "kind"],
    "a folder": ["fit", ".", "--target", "kind"],
    "no such folder": ["fit", "table.csv", "--target", "kind", "--model", "no/such/model.json"],
    "no such column": ["fit", "table.csv", "--target", "kindd"],
    "an output that is read": ["fit", "table.csv", "--target", "kind", "--model", "table.csv"],
    "an encoding": ["fit", "table.csv", "--target", "kind", "--encoding", "klingon"],
    "a separator": ["fit", "table.csv", "--target", "kind", "--separator", "ab"],
    "a ragged table": ["fit", "ragged.csv", "--target", "kind"],
    "an empty table": ["fit", "empty.csv", "--target", "kind"],
    "no table": ["fit", "zeros.csv", "--target", "kind"],
    "another encoding": ["fit", "latin.csv", "--target", "kind"],
    "one class": ["fit", "one.csv", "--target", "kind"],
    "amounts": ["fit", "table.csv", "--target", "aa"],
    "no model": ["predict", "table.csv", "table.csv"],
    "another JSON": ["predict", "other.json", "table.csv"],
    "a newer model": ["predict", "newer.json", "table.csv"],
    "a damaged model": ["predict", "damaged.json", "table.csv"],
    "a notebook": ["run", "notebook.ipynb"],
    "a script in a folder": ["run", "."],
    "a library that is not there": ["run", "lacking.py"],
    "a name that is not there": ["run", "unserved.py"],
    "a module built on torch": ["run", "built.py"],
    "quiet and verbose": ["--quiet", "--verbose", "slope", "x", "--at", "1"],
    "no JSON": ["run", "--json", "lacking.py"],
    "JSON before the name": ["--json", "run", "lacking.py"],
    "a language": ["--lang", "kk", "slope", "x", "--at", "1"],
}


@pytest.mark.parametrize("arguments", MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told_in_chinese(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "zh")
    files = {
        "table.csv": "aa,kind\n" + "".join(f"{k},{'xy'[k % 2]}\n" for k in range(20)),
        "ragged.csv": "aa,kind\n1,x\n2,y,3\n",
        "empty.csv": "",
        "zeros.csv": "aa\0",
        "one.csv": "aa,kind\n1,x\n2,x\n",
        "other.json": "{}",
        "newer.json": '{"format": "chainrule table model", "version": 99}',
        "damaged.json": '{"format": "chainrule table model", "version": 1}',
        "lacking.py": "import nosuchlibrary",
        "unserved.py": "from autograd.core import backward_pass",
        "built.py": "import torchvision",
        "notebook.ipynb": "{}",
    }
    for name, text in files.items():
        Path(name).write_text(text)
    Path("latin.csv").write_bytes(b"aa,kind\n\xe9,x\n")
    assert main(arguments) == 2
    told = capsys.readouterr()
    told_of = told.err or told.out.encode().decode("unicode_escape")
    assert re.search(r"[\u4e00-\u9fff]", told_of)
    known = (*arguments, *files, *files.values(), "format", "error", "target", "features")
    assert english(told_of, *known, "nosuchlibrary", "torchvision", "latin") == set()


# ------------------------------------------------------------------------- which language it is


def test_the_language_is_that_of_the_locale_unless_it_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*arguments: str) -> str:
        assert main(arguments) == 0
        return capsys.readouterr().out

    monkeypatch.setenv("LANGUAGE", "zh_CN")
    assert "斜率" in told("slope", "x", "--at", "1")
    assert "斜率" not in told("--lang", "en", "slope", "x", "--at", "1")
    monkeypatch.delenv("LANGUAGE")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert "斜率" not in told("slope", "x", "--at", "1")
    for lang in ("zh", "zh-CN", "zh_TW"):
        assert "斜率" in told("slope", "x", "--at", "1", f"--lang={lang}")


@pytest.mark.parametrize(
    ("encoding", "lang"), [("utf-8", "zh"), ("gbk", "zh"), ("cp1252", "en"), ("ascii", "en")]
)
def test_a_console_that_lacks_chinese_is_told_in_english(encoding: str, lang: str) -> None:
    stream = TextIOWrapper(BytesIO(), encoding=encoding)
    assert language_of_user({"LANG": "zh_CN.UTF-8"}, stream) == lang
    assert language_of_user({"LANG": "en_US.UTF-8"}, stream) == "en"


def test_the_language_that_was_named_is_spoken_where_it_cannot_be_shown() -> None:
    """In numbers of characters: it was asked for."""
    done = subprocess.run(
        [sys.executable, "-m", "chainrule", "--lang", "zh", "slope", "x", "--at", "1"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "cp1252"},
    )
    assert b"\\u" in done.stdout


@pytest.mark.parametrize(
    ("argv", "lang", "json"),
    [
        (["fit", "t.csv", "--lang=zh"], "zh", False),
        (["--la", "zh", "fit", "--js"], "zh", True),
        (["--lang", "ZH", "fit", "--json"], "zh", True),
        (["run", "--lang", "zh", "s.py", "--lang", "en", "--json"], "zh", False),
        (["run", "s.py", "--", "--lang", "zh"], None, False),
        (["slope", "--at=1", "--", "--lang"], None, False),
        (["slope", "x", "--lang"], None, False),
    ],
)
def test_what_is_read_ahead(argv: list[str], lang: str | None, json: bool) -> None:
    asked = read_ahead(argv)
    assert (asked.lang, asked.json) == (lang, json)


def test_a_language_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slope", "x", "--at", "1", "--lang", "fr"]) == 2
    assert capsys.readouterr().err == (
        "chainrule: there is no language 'fr' here; choose one of en, zh\n"
    )
    assert main(["slope", "x", "--at", "1", "--lang"]) == 2
    assert "argument --lang: expected one argument" in capsys.readouterr().err


def test_catalogues_are_read_only_for_who_speaks_the_language() -> None:
    script = (
        "import sys; from chainrule.cli import main; main(['slope', 'x', '--at', '1']); "
        "read = [name for name in sys.modules if 'languages.zh' in name]; assert not read, read"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_reasons_of_the_system_are_looked_up() -> None:
    with speaking("zh"):
        told = sentence_of(PermissionError(13, "Permission denied", "x.csv"))
        assert told == "无法使用 x.csv：权限不够"
        # What is not known stays as the system says it.
        assert "Odd" in sentence_of(OSError(999, "Odd thing", "x.csv"))
        assert "odd" in sentence_of(OSError("odd thing"))


def test_the_languages_have_the_same_options(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for command in COMMANDS:
        found = []
        for lang in ("en", "zh"):
            assert main([command, "--help", "--lang", lang]) == 0
            found.append(re.findall(r"^  (--[\w-]+)", capsys.readouterr().out, re.MULTILINE))
        assert all(one == other for one, other in pairwise(found))
