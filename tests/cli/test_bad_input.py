"""Whatever a user gives wrongly ends in exit code 2 and a sentence that says what and where."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import reduce
from operator import getitem, setitem
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")

from chainrule.cli import main
from tests.chinese import english

GOOD = "a,b,kind\n" + "".join(f"{k},{k * k % 7},{'yes' if k % 3 else 'no'}\n" for k in range(24))


@pytest.fixture
def refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Run a command that must be refused; return its sentence."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> str:
        before = sorted(tmp_path.rglob("*"))
        assert main(arguments) == 2
        told = capsys.readouterr().err
        assert told.startswith("chainrule: ")
        assert told.count("\n") == 1, "one sentence is one line"
        assert "Traceback" not in told
        assert sorted(tmp_path.rglob("*")) == before, "nothing half-written"
        assert main(["--lang", "zh", *arguments]) == 2
        in_chinese = re.sub(r"'\w+'", "", capsys.readouterr().err)  # a name that a file lacks
        files = [file.read_text(errors="replace") for file in before if file.is_file()]
        assert english(in_chinese, *arguments, *map(str, before), *files) == set()
        return told

    return run


def write(name: str, content: str | bytes) -> str:
    data = content.encode() if isinstance(content, str) else content
    Path(name).write_bytes(data)
    return name


FIT_CASES = {
    "an empty file": (b"", "bad.csv is empty"),
    "an empty file with a byte order mark": (b"\xef\xbb\xbf\n", "bad.csv is empty"),
    "a header alone": ("a,b,kind\n", "bad.csv has a header but no rows"),
    "a header without a line's end": ("a,b,kind", "bad.csv has a header but no rows"),
    "a target with one class": ("a,kind\n1,x\n2,x\n", 'only one class in column "kind" ("x")'),
    "a target of amounts": (
        "a,kind\n1,.1\n2,.2\n3,.3\n4,.4\n",
        '4 classes in the 4 rows of column "kind"',
    ),
    "a target wholly missing": ("a,kind\n1,\n2,NA\n", 'no value at all in column "kind"'),
    "a column wholly missing": (
        "a,gone,kind\n1,,x\n2,NA,y\n3,,x\n4,,y\n",
        'no value at all in column "gone"',
    ),
    "a row too short": (GOOD + "5,6\n", "2 cells in row 26, where the header has 3"),
    "a row too long": (GOOD + "5,6,7,8\n", "4 cells in row 26, where the header has 3"),
    "a quote that is not closed": (GOOD + '"5,6,7\n', "row 26"),
    "text in another encoding": (
        (GOOD + "1,2,数据\n").encode("gb18030"),
        "not utf-8 text (line 26 does not decode); say how it is encoded with --encoding",
    ),
    "a header in another encoding": ("数,kind\n1,2\n".encode("gb18030"), "line 1 does not decode"),
    "a row too short after blank lines": (
        GOOD.replace("\n", "\n\n", 3) + "\n\n5,6\n",
        "2 cells in row 31, where the header has 3",
    ),
    "an infinity after blank lines": ("\n\n" + GOOD + "\n1,inf,yes\n", 'column "b", row 29'),
    "a quote that is not closed, with a long rest": (
        GOOD + '"5,6,7\n' + GOOD,
        "(which runs over several lines: look for a quote that is not closed)",
    ),
    "a quote in the header that is not closed": ('a,b,"kind\n1,2,x\n', "quote that is not closed"),
    "a quote in the target that is not closed": (
        'a,kind\n1,x\n2,"y\n3,z\n',
        '"y 3,z" (which runs over several lines: look for a quote that is not closed)',
    ),
    "a class of many lines": (
        'a,kind\n1,"x\n\ny"\n2,"x\n\ny"\n',
        'one class in column "kind" ("x y" (which runs over several lines',
    ),
    "a class without end": (
        f"a,kind\n1,{'x' * 9999}\n2,{'x' * 9999}\n",
        f'one class in column "kind" ("{"x" * 39}…")',
    ),
    "bars": ("a|kind\n1|x\n2|y\n", "name the separator with --separator"),
    "colons": ("a:kind\n1:x\n2:y\n", "name the separator with --separator"),
    "decimal commas alone": (
        "a;kind\n" + "".join(f"{k},5;{'xy'[k % 2]}\n" for k in range(20)),
        'from; "a" would be numbers with --decimal ,',
    ),
    "decimal points alone, a comma said": (
        "a;kind\n" + "".join(f"{k}.5;{'xy'[k % 2]}\n" for k in range(20)),
        'from; "a" would be numbers with --decimal .',
        "--decimal=,",
    ),
    "UTF-16": (GOOD.encode("utf-16"), "add --encoding utf-16"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text table"),
    "an infinity": (GOOD + "1,inf,yes\n", 'infinite number in column "b", row 26'),
    "a number too large": (GOOD + "1e999,1,yes\n", 'infinite number in column "a", row 26'),
    "a name twice": ("a,a,kind\n1,2,x\n", 'two columns "a" (columns 1 and 2)'),
    "nothing to predict from": ("kind\nx\ny\nx\ny\n", 'no column to predict "kind" from'),
    "only constant columns": ("a,kind\n1,x\n1,y\n1,x\n1,y\n", 'no column to predict "kind" from'),
}


@pytest.mark.parametrize("case", FIT_CASES)
def test_fit_refuses(refused: Callable[..., str], case: str) -> None:
    content, sentence, *options = FIT_CASES[case]
    outputs = ["--model", "m.json", "--plot", "p.png"]
    told = refused("fit", write("bad.csv", content), "--target", "kind", *outputs, *options)
    assert sentence in told
    assert len(told) < 300


def test_fit_refuses_a_file_that_is_not_there(refused: Callable[..., str]) -> None:
    assert "missing.csv cannot be used: No such file" in refused(
        "fit", "missing.csv", "--target", "kind"
    )


def test_fit_refuses_a_directory(refused: Callable[..., str]) -> None:
    Path("folder").mkdir()
    assert "folder cannot be used" in refused("fit", "folder", "--target", "kind")


def test_fit_names_the_nearest_column(refused: Callable[..., str]) -> None:
    table = write("good.csv", GOOD)
    assert 'no column "Knd"; did you mean "kind"?' in refused("fit", table, "--target", "Knd")
    assert 'no column "zzzzzz"; it has: a, b, kind' in refused("fit", table, "--target", "zzzzzz")


@pytest.mark.parametrize("codec", ["utf-9", "hex", "base64", "rot13", "zlib", "bz2", "uu"])
def test_what_is_no_encoding(refused: Callable[..., str], model: str, codec: str) -> None:
    for command in (["fit", "good.csv", "--target", "kind"], ["predict", model, "good.csv"]):
        assert f'"{codec}" is no encoding' in refused(*command, "--encoding", codec)


@pytest.mark.parametrize("codec", ["utf-16", "utf-32", "undefined"])
def test_an_encoding_that_the_table_is_not_in(
    refused: Callable[..., str], model: str, codec: str
) -> None:
    for command in (["fit", "good.csv", "--target", "kind"], ["predict", model, "good.csv"]):
        told = refused(*command, "--encoding", codec)
        assert f"good.csv is not {codec} text (line 1 does not decode)" in told


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("command", ["fit", "predict"])
def test_a_pipe_is_refused_at_once(refused: Callable[..., str], model: str, command: str) -> None:
    os.mkfifo("pipe")
    said = ["pipe", "--target", "kind"] if command == "fit" else [model, "pipe"]
    assert "pipe is a pipe or a device, not a file" in refused(command, *said)


@pytest.mark.parametrize("option", ["--model", "--plot"])
def test_fit_refuses_an_output_that_cannot_be_written(
    refused: Callable[..., str], option: str
) -> None:
    table = write("good.csv", GOOD)
    Path("folder.png").mkdir()
    for place in ("no/such/folder/out.png", "folder.png", f"{table}/out.png"):
        assert " cannot be used: " in refused("fit", table, "--target", "kind", option, place)
    assert "is what is read" in refused("fit", table, "--target", "kind", option, table)


def test_fit_refuses_two_outputs_in_one(refused: Callable[..., str]) -> None:
    told = refused(
        "fit", write("good.csv", GOOD), "--target", "kind", "--model", "x.png", "--plot", "./x.png"
    )
    assert "name another output" in told


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions bind no superuser")
def test_fit_refuses_a_folder_without_permission(refused: Callable[..., str]) -> None:
    table = write("good.csv", GOOD)
    Path("locked").mkdir(mode=0o500)
    told = refused("fit", table, "--target", "kind", "--model", "locked/m.json")
    assert "cannot be used: Permission denied" in told


def test_fit_refuses_an_unknown_kind_of_picture(refused: Callable[..., str]) -> None:
    pytest.importorskip("matplotlib")
    told = refused("fit", write("good.csv", GOOD), "--target", "kind", "--plot", "out.docx")
    assert "end it in .png, .svg or .pdf" in told


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--test-fraction", "1"),
        ("--test-fraction", "nan"),
        ("--l2", "-1"),
        ("--l2", "inf"),
        ("--seed", "-1"),
        ("--seed", "x"),
        ("--separator", ",,"),
        ("--decimal", "x"),
    ],
)
def test_fit_refuses_options_out_of_range(
    refused: Callable[..., str], option: str, value: str
) -> None:
    told = refused("fit", write("good.csv", GOOD), "--target", "kind", f"{option}={value}")
    assert option.lstrip("-") in told
    assert value in told


def test_fit_refuses_a_missing_target_option(refused: Callable[..., str]) -> None:
    assert "--target; see chainrule fit --help" in refused("fit", write("good.csv", GOOD))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux's device that is always full")
def test_a_full_disk(refused: Callable[..., str]) -> None:
    told = refused("fit", write("good.csv", GOOD), "--target", "kind", "--model", "/dev/full")
    assert "No space left on device" in told


def test_a_library_that_is_not_installed(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    told = refused("fit", write("good.csv", GOOD), "--target", "kind")
    assert "pyarrow, which is not installed" in told
    assert 'python -m pip install "chainrule[fit]"' in told


def test_unknown_command(refused: Callable[..., str]) -> None:
    assert "'guess'" in refused("guess")


@pytest.fixture
def model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    monkeypatch.chdir(tmp_path)
    assert main(["fit", write("good.csv", GOOD), "--target", "kind", "--model", "model.json"]) == 0
    capsys.readouterr()
    return "model.json"


def test_predict_refuses_a_truncated_model(refused: Callable[..., str], model: str) -> None:
    whole = Path(model).read_bytes()
    for part in (0, 1, len(whole) // 2, len(whole) - 3):
        write("part.json", whole[:part])
        assert "part.json is no whole model file" in refused("predict", "part.json", "good.csv")


def test_predict_refuses_a_foreign_file(refused: Callable[..., str], model: str) -> None:
    for foreign in ("{}", "[1, 2]", '{"format": "other"}', "null", "1e5"):
        write("foreign.json", foreign)
        told = refused("predict", "foreign.json", "good.csv")
        assert "foreign.json is JSON but no model file of chainrule" in told
    assert "no whole model file" in refused("predict", "good.csv", "good.csv")
    write("binary.json", b"\x89PNG\xff\xfe")
    assert "binary.json is no model file of chainrule" in refused(
        "predict", "binary.json", "good.csv"
    )


def test_predict_refuses_a_model_of_a_newer_version(
    refused: Callable[..., str], model: str
) -> None:
    content = json.loads(Path(model).read_text(encoding="utf-8"))
    content["version"] += 1
    content["columns"] = "something that this version has never seen"
    write("newer.json", json.dumps(content))
    told = refused("predict", "newer.json", "good.csv")
    assert "newer.json was written by a newer chainrule" in told
    assert "--upgrade" in told


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content.pop("classes"),
        lambda content: content["features"].pop(),
        lambda content: content["features"][0].update(scale=0.0),
        lambda content: content["features"][0].update(weights=[1.0, 2.0]),
        lambda content: content["features"][0].update(weights="text"),
        lambda content: content["intercepts"].append(1.0),
        lambda content: content["columns"][0].update(kind="dates"),
        lambda content: content["columns"][0].pop("fill"),
        lambda content: content.update(columns=None),
        lambda content: content.update(features=5),
        lambda content: content.update(read_as={"mystery": 1}),
        lambda content: content.update(version="one"),
        lambda content: content.update(version=True),
        lambda content: content.update(classes=["yes"]),
    ],
)
def test_predict_refuses_a_damaged_model(
    refused: Callable[..., str], model: str, damage: Callable[[dict[str, object]], object]
) -> None:
    content = json.loads(Path(model).read_text(encoding="utf-8"))
    damage(content)
    write("damaged.json", json.dumps(content))
    assert "damaged.json" in refused("predict", "damaged.json", "good.csv")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value in a model file; of a list, to the first one alone."""
    if path:
        yield path
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict) and path != ("trained",):  # how it was trained is for people
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))[:1]
    for key, each in inner:
        yield from places(each, (*path, key))


def kind(value: Any) -> type:
    return float if type(value) is int else type(value)


def test_every_value_of_a_model_file_is_checked(refused: Callable[..., str], model: str) -> None:
    rows = "".join(f"{k},{'uvw'[k % 3]},{'yes' if k % 4 else 'no'}\n" for k in range(24))
    write("texts.csv", f"a,b,kind\n{rows}")
    assert main(["fit", "texts.csv", "--target", "kind", "--model", "texts.json"]) == 0
    whole = json.loads(Path("texts.json").read_text(encoding="utf-8"))
    checked = 0
    for *outer, last in places(whole):

        def damaged(change: Callable[[Any], object], outer: list[Any] = outer) -> str:
            content = deepcopy(whole)
            change(reduce(getitem, outer, content))
            write("wrong.json", json.dumps(content))
            return refused("predict", "wrong.json", "texts.csv")

        present = reduce(getitem, [*outer, last], whole)
        if isinstance(last, str):
            assert "wrong.json" in damaged(lambda holder, last=last: holder.pop(last))
        for wrong in (None, True, 5, "x", [], {}, [None], {"": None}):
            if kind(wrong) is not kind(present) or wrong == [None]:
                assert "wrong.json" in damaged(
                    lambda holder, last=last, wrong=wrong: setitem(holder, last, wrong)
                ), (outer, last, wrong)
                checked += 1
        if kind(present) is float and last != "version":
            for wrong in (10**400, -(10**400), float("inf"), float("nan")):
                assert "wrong.json is damaged" in damaged(
                    lambda holder, last=last, wrong=wrong: setitem(holder, last, wrong)
                ), (outer, last, wrong)
    assert checked > 150


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[" * 100_000, "deep.json is damaged"),
        ('{"format": ' + "1" * 5000 + "}", "deep.json is damaged"),
    ],
)
def test_predict_refuses_json_that_python_cannot_read(
    refused: Callable[..., str], model: str, text: str, sentence: str
) -> None:
    assert sentence in refused("predict", write("deep.json", text), "good.csv")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *[("decimal", value) for value in ("", "x", "..")],
        *[("encoding", value) for value in ("", "hex", "utf-9", "a\0b")],
        *[("separator", value) for value in ("", ",,", "数", '"', "\n")],
    ],
)
def test_predict_refuses_a_way_of_reading_that_is_none(
    refused: Callable[..., str], model: str, key: str, value: str
) -> None:
    content = json.loads(Path(model).read_text(encoding="utf-8"))
    content["read_as"][key] = value
    write("wrong.json", json.dumps(content))
    assert "wrong.json is damaged" in refused("predict", "wrong.json", "good.csv")


def test_predict_refuses_a_table_that_lacks_columns(
    refused: Callable[..., str], model: str
) -> None:
    write("less.csv", "b,other\n1,2\n")
    assert 'less.csv lacks the column "a" that the model needs' in refused(
        "predict", model, "less.csv", "--out", "out.csv"
    )
    write("none.csv", "other\n2\n")
    assert 'lacks the columns "a", "b"' in refused("predict", model, "none.csv")
    write("uncut.csv", "a|b\n1|2\n")
    assert "name the separator with --separator" in refused("predict", model, "uncut.csv")


def test_predict_refuses_text_where_numbers_are_expected(
    refused: Callable[..., str], model: str
) -> None:
    write("text.csv", "a,b\n1,2\n3,much\n")
    assert 'text.csv holds "much" in column "b", row 3' in refused("predict", model, "text.csv")


def test_predict_refuses_infinities(refused: Callable[..., str], model: str) -> None:
    write("endless.csv", "a,b\n1,2\n-inf,3\n")
    assert 'column "a", row 3' in refused("predict", model, "endless.csv")


def test_predict_refuses_files_that_are_not_there(refused: Callable[..., str], model: str) -> None:
    assert "missing.json cannot be used" in refused("predict", "missing.json", "good.csv")
    assert "missing.csv cannot be used" in refused("predict", model, "missing.csv")
    assert "cannot be used" in refused("predict", ".", "good.csv")
    assert "cannot be used" in refused("predict", model, "good.csv", "--out", "no/such/out.csv")


def test_predict_refuses_to_overwrite_what_it_reads(
    refused: Callable[..., str], model: str
) -> None:
    assert "is what is read" in refused("predict", model, "good.csv", "--out", "good.csv")
    assert "is what is read" in refused("predict", model, "good.csv", "--out", model)


def test_predict_refuses_a_table_predicted_before(refused: Callable[..., str], model: str) -> None:
    write("before.csv", "a,b,predicted_kind\n1,2,x\n")
    assert 'already has a column "predicted_kind"' in refused("predict", model, "before.csv")


def test_predict_refuses_thresholds_out_of_range(refused: Callable[..., str], model: str) -> None:
    assert "1.5 is not between 0 and 1" in refused(
        "predict", model, "good.csv", "--threshold", "1.5"
    )


def test_predict_refuses_a_threshold_for_several_classes(
    refused: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    write("three.csv", "a,kind\n" + "".join(f"{k},{'xyz'[k % 3]}\n" for k in range(12)))
    assert main(["fit", "three.csv", "--target", "kind", "--model", "three.json"]) == 0
    capsys.readouterr()
    told = refused("predict", "three.json", "three.csv", "--threshold", "0.3")
    assert "--threshold is for two classes, but three.json tells 3 apart" in told


def test_interruption_says_so_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write("good.csv", GOOD)

    def interrupt(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("chainrule.cli.progress.Progress.show", interrupt)
    assert main(["fit", "good.csv", "--target", "kind", "--model", "model.json"]) == 130
    assert "interrupted by Ctrl-C" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["good.csv"]


def test_a_place_that_takes_no_file_is_told_by_the_name_that_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(self: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "touch", refuse)
    path = tmp_path / "x.png"
    assert main(["slope", "x", "--at", "1", "--plot", str(path)]) == 2
    assert capsys.readouterr().err == f"chainrule: {path} cannot be used: Permission denied\n"


def test_interruption_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    from chainrule._files import replacing

    path = tmp_path / "model.json"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), replacing(path) as new:
        new.write_text("half of the n", encoding="utf-8")
        raise KeyboardInterrupt
    assert [each.read_text(encoding="utf-8") for each in tmp_path.iterdir()] == ["old"]
