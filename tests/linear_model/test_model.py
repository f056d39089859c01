"""Models of tables: what training makes, what the file keeps, what prediction gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("pyarrow")

from chainrule.linear_model.columns import NumberColumn, TextColumn
from chainrule.linear_model.dialects import Dialect
from chainrule.linear_model.model import TableModel
from chainrule.linear_model.model_file import load_model, save_model
from chainrule.linear_model.tables import read_table
from chainrule.linear_model.training import Training, prepare, train

from . import spector

DATA = Path(__file__).parents[2] / "examples" / "data"

# scikit-learn's StandardScaler and LogisticRegression(C=1) on the whole table, for "benign",
# refined until the gradient was 3e-21.
CANCER_INTERCEPT = 0.2145027174017491
CANCER_COEFFICIENTS = [
    *(-0.3630925319179317, -0.38767544241875734, -0.351062118679674, -0.435609803285976),
    *(-0.16183110281524551, 0.5626540336981025, -0.8599171195924011, -0.9622802234881759),
    *(0.07620903147902879, 0.3222262369486113, -1.2909422896744198, 0.26892190138788796),
    *(-0.6599745965624585, -1.0125577321802832, -0.2772129589040151, 0.7363240127967533),
    *(0.11053932078141054, -0.3334076188831653, 0.29579302590318496, 0.6809196730583751),
    *(-1.0292622616479528, -1.314607634446454, -0.8233473825766976, -1.0107068321134167),
    *(-0.6706819627765848, 0.04456425178742124, -0.8733339165222499, -0.9120031219319641),
    *(-0.8878373243070146, -0.4798189080431605),
]
CANCER_OBJECTIVE = 37.75894596187597


def trained(path: Path, target: str, l2: float = 1.0, test_fraction: float = 0.0) -> Training:
    return train(prepare(read_table(path), target, test_fraction=test_fraction), l2=l2)


def test_breast_cancer_against_the_reference() -> None:
    training = trained(DATA / "breast_cancer.csv", "diagnosis")
    model = training.model
    assert model.classes == ("benign", "malignant")
    # The reference speaks for the other class.
    np.testing.assert_allclose(-model.weights[:, 0], CANCER_COEFFICIENTS, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(-model.intercepts[0], CANCER_INTERCEPT, rtol=1e-6)
    assert training.fit.solution.last.value * 569 == pytest.approx(CANCER_OBJECTIVE, rel=1e-12)
    assert training.on_training.accuracy == pytest.approx(0.9876977152899824)


def test_coefficients_in_the_table_s_own_units(tmp_path: Path) -> None:
    path = tmp_path / "spector.csv"
    path.write_text(spector.TABLE, encoding="utf-8")
    model = trained(path, "GRADE", l2=0.0).model
    assert model.features == ("GPA", "TUCE", "PSI")
    np.testing.assert_allclose(model.weights_per_unit[:, 0], spector.COEFFICIENTS, rtol=1e-7)
    np.testing.assert_allclose(model.intercepts_at_zero, spector.INTERCEPT, rtol=1e-7)


@pytest.mark.peers
def test_penguins_against_scikit_learn() -> None:
    linear = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is the peer")
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    training = trained(DATA / "penguins.csv", "species", test_fraction=0.25)
    plan, model = training.plan, training.model
    scaler = preprocessing.StandardScaler().fit(plan.reading.features[plan.training])
    peer = linear.LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-12)
    peer.fit(
        scaler.transform(plan.reading.features[plan.training]), plan.target.codes[plan.training]
    )
    np.testing.assert_allclose(model.weights.T, peer.coef_, rtol=1e-6, atol=1e-6)
    assert training.held_out is not None
    np.testing.assert_allclose(
        training.held_out.probabilities,
        peer.predict_proba(scaler.transform(plan.reading.features[plan.held_out])),
        atol=1e-6,
    )


def test_what_is_held_out_touches_nothing_that_is_learnt(tmp_path: Path) -> None:
    lines = (DATA / "penguins.csv").read_text(encoding="utf-8").splitlines()
    plan = prepare(read_table(DATA / "penguins.csv"), "species", seed=3)
    for row in plan.held_out:  # spoil every number that is held out
        cells = lines[row + 1].split(",")
        lines[row + 1] = ",".join([*cells[:2], "1e6", "-1e6", "0", "1e9", "male", "1"])
    spoilt = tmp_path / "spoilt.csv"
    spoilt.write_text("\n".join(lines), encoding="utf-8")
    one = train(plan).model
    other = train(prepare(read_table(spoilt), "species", seed=3)).model
    assert one.columns == other.columns
    np.testing.assert_array_equal(one.weights, other.weights)
    np.testing.assert_array_equal(one.center, other.center)


@pytest.mark.parametrize("target", ["species", "sex", "island"])
def test_a_row_s_prediction_depends_on_that_row_alone(target: str) -> None:
    model = trained(DATA / "penguins.csv", target).model
    features = model.read(read_table(DATA / "penguins.csv")).features
    together = model.probabilities(features)
    one_by_one = [model.probabilities(features[k : k + 1])[0] for k in range(len(features))]
    np.testing.assert_array_equal(together, one_by_one)


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
numbers = st.floats(-1e300, 1e300)
positive = st.floats(1e-300, 1e300)


@st.composite
def models(draw: st.DrawFn) -> TableModel:
    """Any model at all: names in any script, numbers of any size."""
    titles = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    columns: list[NumberColumn | TextColumn] = []
    for name in titles:
        if draw(st.booleans()):
            columns.append(NumberColumn(name, draw(numbers)))
        else:
            texts = draw(st.lists(names, min_size=2, max_size=4, unique=True))
            columns.append(TextColumn(name, texts[0], tuple(texts[1:])))
    features = sum(len(column.features) for column in columns)
    classes = draw(st.lists(names, min_size=2, max_size=4, unique=True))
    outputs = 1 if len(classes) == 2 else len(classes)

    def array(elements: st.SearchStrategy[float], *shape: int) -> Any:
        size = int(np.prod(shape))
        drawn = draw(st.lists(elements, min_size=size, max_size=size))
        return np.array(drawn).reshape(shape)

    return TableModel(
        target=draw(names),
        classes=tuple(classes),
        columns=tuple(columns),
        center=array(numbers, features),
        scale=array(positive, features),
        weights=array(numbers, features, outputs),
        intercepts=array(numbers, outputs),
        dialect=Dialect("gb18030", ";", ",", byte_order_mark=draw(st.booleans())),
        trained={"l2": draw(positive), "converged": draw(st.booleans())},
    )


@given(model=models())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_model_comes_back_from_its_file_to_the_last_digit(
    tmp_path: Path, model: TableModel
) -> None:
    save_model(model, tmp_path / "model.json")
    back = load_model(tmp_path / "model.json")
    for field in ("center", "scale", "weights", "intercepts"):
        np.testing.assert_array_equal(getattr(back, field), getattr(model, field))
    for field in ("target", "classes", "columns", "dialect", "trained"):
        assert getattr(back, field) == getattr(model, field)
    assert [path.name for path in tmp_path.iterdir()] == ["model.json"]


@given(order=st.permutations(range(8)), rows=st.permutations(range(344)))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=10
)
def test_columns_and_rows_may_stand_in_any_order(
    tmp_path: Path, order: list[int], rows: list[int]
) -> None:
    original = DATA / "penguins.csv"
    cells = [line.split(",") for line in original.read_text(encoding="utf-8").splitlines()]
    shuffled = [cells[0], *(cells[row + 1] for row in rows)]
    path = tmp_path / "shuffled.csv"
    path.write_text("\n".join(",".join(row[k] for k in order) for row in shuffled), "utf-8")
    model, other = trained(original, "species").model, trained(path, "species").model
    expected = model.probabilities(model.read(read_table(original)).features)[rows]
    # The same model gives the same digits; the same rows give the same model.
    of_shuffled = model.read(read_table(path)).features
    np.testing.assert_array_equal(model.probabilities(of_shuffled), expected)
    retrained = other.probabilities(other.read(read_table(path)).features)
    np.testing.assert_allclose(retrained, expected, atol=1e-6)


@pytest.mark.parametrize("far", ["1e308", "-1e308"])
def test_what_lies_far_out_has_a_probability_too(tmp_path: Path, far: str) -> None:
    path = tmp_path / "table.csv"
    rows = "".join(f"{k % 5 * 1e-300},{k % 3 * 1e-300},{'ab'[k % 2]}\n" for k in range(30))
    path.write_text("x,y,kind\n" + rows, encoding="utf-8")
    model = trained(path, "kind").model
    path.write_text(f"x,y\n{far},{far}\n", encoding="utf-8")
    probabilities = model.probabilities(model.read(read_table(path)).features)
    assert probabilities.sum() == pytest.approx(1)


def test_the_file_is_for_people_too(tmp_path: Path) -> None:
    save_model(trained(DATA / "penguins.csv", "species").model, tmp_path / "model.json")
    content = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))
    assert (content["format"], content["version"]) == ("chainrule table model", 1)
    assert content["classes"] == ["Adelie", "Chinstrap", "Gentoo"]
    assert content["columns"][0] == {
        "name": "island",
        "usual": "Biscoe",
        "others": ["Dream", "Torgersen"],
        "kind": "texts",
    }
    assert {"name": "bill_length_mm", "fill": 44.45, "kind": "numbers"} in content["columns"]
    assert set(content["features"][0]) == {"name", "center", "scale", "weights"}
    how = content["trained"]
    assert (how["l2"], how["training_rows"], how["held_out_rows"]) == (1.0, 344, 0)
    assert how["converged"] is True
