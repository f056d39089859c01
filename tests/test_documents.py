"""README and docs: examples run, both languages agree, and CI runs the README's lines."""

from __future__ import annotations

import doctest
import importlib.util
import re
import shlex
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from chainrule.cli import main

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
DOCUMENTS = [*READMES, *sorted((ROOT / "docs").glob("**/*.md"))]
# The gallery's lines write files, from the first to the last; test_gallery.py runs them.
RUN_HERE = [path for path in DOCUMENTS if path.name != "gallery.md"]
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _commands() -> Any:
    """The script by which CI takes the commands out of the README."""
    path = ROOT / ".ci" / "readme_commands.py"
    specification = importlib.util.spec_from_file_location("readme_commands", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", RUN_HERE, ids=lambda path: path.name)
def test_every_example_runs(path: Path) -> None:
    # A fence's end would be read as a part of the output above it.
    text = re.sub(r"^```.*$", "", _read(path), flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(text, {}, path.name, str(path), 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    result = runner.run(test, out=said.append)
    assert result.failed == 0, "".join(said)
    assert result.attempted > 0, f"{path.name} has no example that runs"


@pytest.mark.parametrize("path", RUN_HERE, ids=lambda path: path.name)
def test_every_console_shows_what_is_printed(
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    for fence in FENCE.finditer(_read(path)):
        if fence["info"] != "console":
            continue
        for shown in fence["body"].split("$ chainrule ")[1:]:
            command, _, expected = shown.partition("\n")
            assert main(shlex.split(command)) == 0
            printed = capsys.readouterr().out
            flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
            assert doctest.OutputChecker().check_output(expected, printed, flags), printed


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_python_stands_in_examples_that_run(path: Path) -> None:
    idle = [
        fence["body"]
        for fence in FENCE.finditer(_read(path))
        if fence["info"].split()[:1] == ["python"] and ">>>" not in fence["body"]
    ]
    assert idle == [], "begin the lines with >>>, or say in the fence that it is not Python"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files_that_are_there(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", _read(path))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_both_readmes_have_the_same_code() -> None:
    english, chinese = ([fence[0] for fence in FENCE.finditer(_read(path))] for path in READMES)
    # What is said to a reader inside of a block is in the reader's language.
    plain = [re.sub(r" *#.*", "", block) for block in english]
    assert plain == [re.sub(r" *#.*", "", block) for block in chinese]


def test_the_commands_are_single_lines_with_an_environment_of_their_own() -> None:
    commands = _commands().commands(_read(READMES[0]))
    folders = []
    for command in commands.values():
        made = re.match(r"python3 -m venv (\S+) && ", command)
        assert made is not None
        folders.append(made[1])
        assert set(re.findall(r"(\.venv\S*?)/bin/", command)) == {made[1]}
    assert len(set(folders)) == 2
    assert "fit examples/data/breast_cancer.csv --target diagnosis" in commands["fit"]
    assert "--model" in commands["fit"]
    assert "--plot" in commands["fit"]


def test_each_command_stands_beside_its_windows_form() -> None:
    text = _read(READMES[0])
    for name, command in _commands().commands(text).items():
        (windows,) = re.findall(rf"^```bat windows={name}\n(.*)\n```$", text, re.MULTILINE)
        expected = command.replace("python3 -m", "py -m").replace("/bin/", "\\Scripts\\")
        expected = re.sub(r'"(\.\[\w+(?:,\w+)*\])"', r"\1", expected)
        expected = re.sub(r"examples/data/", r"examples\\data\\", expected)
        assert windows == f'cmd /c "{expected}"'


def test_ci_runs_the_readme_s_lines_and_no_copy_of_them() -> None:
    script = _read(ROOT / ".ci" / "run")
    assert "python3 .ci/readme_commands.py" in script
    for command in _commands().commands(_read(READMES[0])).values():
        assert command not in script
    assert "chainrule fit" not in script
    assert ".venv-tests" not in script


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("```sh test=fit\na\n```\n", "must be"),
        ("```sh test=fit\na\nb\n```\n```sh test=tests\nc\n```\n", "fit has 2 lines"),
        ("```sh test=fit\na\n```\n```sh test=fit\nb\n```\n", "fit stands twice"),
        ("```sh test=tests\na\n```\n```sh test=fit\nb\n```\n", "in this order"),
    ],
)
def test_a_readme_that_lost_a_command_fails(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        _commands().commands(text)


def test_the_tests_never_install_pytorch() -> None:
    project = tomllib.loads(_read(ROOT / "pyproject.toml"))["project"]
    extras, todo, needed = project["optional-dependencies"], ["test"], set(project["dependencies"])
    while todo:
        for requirement in extras[todo.pop()]:
            if inner := re.fullmatch(r"chainrule\[(.*)\]", requirement):
                todo += inner[1].split(",")
            else:
                needed.add(requirement)
    assert any(each.startswith("pytest") for each in needed)
    assert not any(each.startswith("torch") for each in needed)
    (command,) = [
        each for name, each in _commands().commands(_read(READMES[0])).items() if name == "tests"
    ]
    assert '-e ".[test]"' in command


def test_torch_is_pinned_and_for_python_3_11_alone() -> None:
    project = tomllib.loads(_read(ROOT / "pyproject.toml"))["project"]
    torch = [
        (extra, requirement)
        for extra, requirements in project["optional-dependencies"].items()
        for requirement in requirements
        if requirement.startswith("torch")
    ]
    assert torch == [("peers", "torch==2.13.0; python_version == '3.11'")]


def test_the_base_install_needs_numpy_alone() -> None:
    project = tomllib.loads(_read(ROOT / "pyproject.toml"))["project"]
    assert [re.match(r"\w+", each)[0] for each in project["dependencies"]] == ["numpy"]  # type: ignore[index]


def test_the_first_read_is_short() -> None:
    path = ROOT / "docs" / "all-of-chainrule.md"
    if path.exists():
        assert len(_read(path).splitlines()) <= 150
