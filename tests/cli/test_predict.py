"""`chainrule predict`, as a user runs it."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

from chainrule.cli import main
from chainrule.linear_model.measures import accuracy
from chainrule.linear_model.tables import read_table
from chainrule.linear_model.training import prepare, train

DATA = Path(__file__).parents[2] / "examples" / "data"
CANCER, PENGUINS = str(DATA / "breast_cancer.csv"), str(DATA / "penguins.csv")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for table, target in ((CANCER, "diagnosis"), (PENGUINS, "species"), (PENGUINS, "sex")):
        assert main(["fit", table, "--target", target, "--model", f"{folder / target}.json"]) == 0
    return folder


@pytest.fixture
def predict(models: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[str, str]]:
    """Run `predict`, which must succeed; return what it wrote to standard output and error."""
    capsys.readouterr()

    def run(target: str, *arguments: str) -> tuple[str, str]:
        assert main(["predict", str(models / f"{target}.json"), *arguments]) == 0
        printed = capsys.readouterr()
        return printed.out, printed.err

    return run


def rows_of(text: str, **options: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), **options))


def test_predictions_stand_beside_the_table_s_own_columns(
    predict: Callable[..., tuple[str, str]],
) -> None:
    out, err = predict("diagnosis", CANCER)
    assert err == ""
    rows = rows_of(out)
    own = rows_of(Path(CANCER).read_text(encoding="utf-8"))
    added = ["predicted_diagnosis", "probability_benign", "probability_malignant"]
    assert list(rows[0]) == [*own[0], *added]
    assert [{name: row[name] for name in own[0]} for row in rows] == own
    right = sum(row["predicted_diagnosis"] == row["diagnosis"] for row in rows)
    assert right > 0.97 * 569
    for row in rows:
        benign, malignant = (float(row[name]) for name in added[1:])
        assert benign + malignant == pytest.approx(1, abs=2e-6)
        assert row["predicted_diagnosis"] == ("malignant" if malignant >= 0.5 else "benign")


@pytest.mark.parametrize(
    ("table", "target"), [(CANCER, "diagnosis"), (PENGUINS, "species"), (PENGUINS, "sex")]
)
def test_what_fit_said_of_the_rows_held_out_follows_from_the_predictions(
    predict: Callable[..., tuple[str, str]], table: str, target: str
) -> None:
    plan = prepare(read_table(table), target)
    held_out = train(plan).held_out
    assert held_out is not None
    rows = [rows_of(predict(target, table)[0])[k] for k in plan.held_out]
    right = [row[f"predicted_{target}"] == row[target] for row in rows]
    own = [float(row[f"probability_{row[target]}"]) for row in rows]
    assert held_out.model.accuracy == pytest.approx(sum(right) / len(rows), rel=1e-12)
    assert held_out.model.log_loss == pytest.approx(-sum(map(math.log, own)) / len(rows), rel=1e-4)


def test_at_one_half_fit_and_predict_agree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # x says nothing and the classes are equally many: every probability is one half.
    (tmp_path / "t.csv").write_text("x,y\n1,a\n1,b\n2,a\n2,b\n", encoding="utf-8")
    table, model = str(tmp_path / "t.csv"), str(tmp_path / "m.json")
    assert main(["fit", table, "--target", "y", "--test-fraction", "0", "--model", model]) == 0
    capsys.readouterr()
    assert main(["predict", model, table]) == 0
    rows = rows_of(capsys.readouterr().out)
    assert [row["probability_b"] for row in rows] == ["0.5"] * 4
    plan = prepare(read_table(table), "y", test_fraction=0)
    probabilities = train(plan).model.probabilities(plan.reading.features)
    for kept in ([0, 1], [0, 1, 2], [1, 2, 3]):
        right = [rows[k]["predicted_y"] == rows[k]["y"] for k in kept]
        assert accuracy(plan.target.codes[kept], probabilities[kept]) == sum(right) / len(right)


def test_a_model_file_that_an_editor_marked_as_utf_8(
    models: Path, predict: Callable[..., tuple[str, str]]
) -> None:
    text = (models / "sex.json").read_text(encoding="utf-8")
    (models / "marked.json").write_text(text, encoding="utf-8-sig")
    assert predict("marked", PENGUINS) == predict("sex", PENGUINS)


@pytest.mark.parametrize("before", ["\n", "\n\r\n\n", "\nsep=,\n"])
def test_blank_lines_before_the_header_change_nothing(
    predict: Callable[..., tuple[str, str]], tmp_path: Path, before: str
) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes(before.encode() + Path(PENGUINS).read_bytes())
    assert predict("sex", str(table)) == predict("sex", PENGUINS)


def test_the_threshold_moves_the_line(predict: Callable[..., tuple[str, str]]) -> None:
    counts = []
    for threshold in ("0", "0.1", "0.5", "0.9", "1"):
        rows = rows_of(predict("diagnosis", CANCER, "--threshold", threshold)[0])
        counts.append(sum(row["predicted_diagnosis"] == "malignant" for row in rows))
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 569
    assert len(set(counts)) == 5


def test_columns_in_any_order_and_more_of_them(
    predict: Callable[..., tuple[str, str]], tmp_path: Path
) -> None:
    own = rows_of(Path(PENGUINS).read_text(encoding="utf-8"))
    path = tmp_path / "shuffled.csv"
    names = ["note", *reversed(own[0])]
    names.remove("species")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, extrasaction="ignore", restval='said "hm",\nthen left')
        writer.writeheader()
        writer.writerows(own)
    usual, shuffled = predict("species", PENGUINS)[0], predict("species", str(path))[0]
    for one, other in zip(rows_of(usual), rows_of(shuffled), strict=True):
        assert other["note"] == 'said "hm",\nthen left'
        for name in ("predicted_species", "probability_Adelie", "probability_Gentoo"):
            assert one[name] == other[name]


def test_the_most_probable_of_several(predict: Callable[..., tuple[str, str]]) -> None:
    for row in rows_of(predict("species", PENGUINS)[0]):
        probabilities = {
            name.removeprefix("probability_"): float(value)
            for name, value in row.items()
            if name.startswith("probability_")
        }
        assert sum(probabilities.values()) == pytest.approx(1, abs=3e-6)
        assert row["predicted_species"] == max(probabilities, key=lambda name: probabilities[name])


def test_unseen_texts_and_gaps_are_reported(
    predict: Callable[..., tuple[str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "new.csv"
    table = (
        "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year\n"
        "Elephant,40,18,190,3700,male,2008\n"
        "Biscoe,40,18,190,3700,male,2008\n"
        "Deception,NA,18,190,3700,male,2008\n"
    )
    path.write_text(table, encoding="utf-8")
    out, err = predict("species", str(path))
    assert (
        'column "island" has in 2 of 3 rows texts that training never saw ("Elephant", "Deception")'
    ) in err
    assert "they count as none of its indicators" in err
    assert 'column "bill_length_mm" lacks 1 of 3 cells' in err
    rows = rows_of(out)
    # None of the indicators is what the commonest island is too.
    assert rows[0]["probability_Adelie"] == rows[1]["probability_Adelie"]


def test_written_to_a_file_whole(predict: Callable[..., tuple[str, str]], tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    printed, _ = predict("diagnosis", CANCER, "--out", str(out))
    assert printed == f"Wrote 569 rows with their predictions to {out}.\n"
    assert out.read_text(encoding="utf-8") == predict("diagnosis", CANCER)[0]
    assert list(tmp_path.iterdir()) == [out]


def test_a_table_is_written_the_way_it_was_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table, model, out = (str(tmp_path / name) for name in ("t.csv", "m.json", "o.csv"))
    text = "größe;art\n" + "".join(f"{k % 7},{k};{'ä' if k % 3 else 'ö'}\n" for k in range(20))
    Path(table).write_bytes(text.encode("cp1252"))
    options = ["--encoding", "cp1252", "--decimal", ","]
    assert main(["fit", table, "--target", "art", "--model", model, *options]) == 0
    # The model remembers how its table was written.
    assert main(["predict", model, table, "--out", out]) == 0
    in_utf_8 = tmp_path / "u.csv"
    in_utf_8.write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert main(["predict", model, str(in_utf_8)]) == 0
    assert capsys.readouterr().out == Path(out).read_text(encoding="cp1252")
    rows = rows_of(Path(out).read_bytes().decode("cp1252"), delimiter=";")
    assert list(rows[0]) == ["größe", "art", "predicted_art", "probability_ä", "probability_ö"]
    assert rows[3]["größe"] == "3,3"
    assert float(rows[3]["probability_ä"].replace(",", ".")) <= 1
    capsys.readouterr()


def test_a_byte_order_mark_is_given_back(
    predict: Callable[..., tuple[str, str]], tmp_path: Path
) -> None:
    table, out = tmp_path / "t.csv", tmp_path / "o.csv"
    table.write_text(Path(CANCER).read_text(encoding="utf-8"), encoding="utf-8-sig")
    predict("diagnosis", str(table), "--out", str(out))
    assert out.read_bytes().startswith(b"\xef\xbb\xbfmean_radius,")


def test_a_class_that_the_encoding_lacks(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, model = tmp_path / "t.csv", tmp_path / "m.json"
    table.write_text("x,y\n" + "".join(f"{k},{'甲乙'[k % 2]}\n" for k in range(9)), "utf-8")
    assert main(["fit", str(table), "--target", "y", "--model", str(model)]) == 0
    table.write_text("x\n1\n", encoding="ascii")
    out = tmp_path / "o.csv"
    arguments = [str(model), str(table), "--encoding", "ascii", "--out", str(out)]
    assert main(["predict", *arguments]) == 2
    assert "cannot be written in ascii" in capsys.readouterr().err
    assert not out.exists()
