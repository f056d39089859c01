"""The random stream: draws recorded from PyTorch 2.13.0, and PyTorch itself in long mixtures."""

from __future__ import annotations

import subprocess
import sys
import threading
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_almost_equal_nulp

import chainrule.torch as torch
from chainrule.torch import random
from chainrule.torch.random import Generator, default_generator, shuffled

F32, F64 = np.dtype(np.float32), np.dtype(np.float64)


def checksum(array: np.ndarray) -> int:
    return zlib.crc32(np.ascontiguousarray(array).tobytes())


# --- recorded -------------------------------------------------------------------------------


def test_one_stream_of_every_kind_of_draw() -> None:
    g = Generator().manual_seed(2026)
    drawn = [
        g.uniform(1003),
        g.uniform(1003, F64),
        g.uniform(1003, F32, -0.3, 1.7),
        g.uniform(1003, F64, -0.3, 1.7),
        g.normal(1003),
        g.normal(40000, F32, -1.5, 0.7),
        g.randint(-7, 100, 1003),
        g.randint(-(2**40), 2**62, 1003),
        g.randperm(1003),
        g.bernoulli(0.3, 1003),
        g.random(1003),
    ]
    assert [checksum(a) for a in drawn] == [
        2377689802, 669350858, 3303973647, 697827211, 4166618302, 1208851335,
        4243091760, 3328011787, 1090748003, 617667213, 1644018759,
    ]  # fmt: skip
    # The fourth normal of two pairs waits, whatever else is drawn, and whatever its type.
    assert g.normal(3).tolist() == [0.10687343031167984, -0.6382133960723877, 0.7442010641098022]
    assert g.uniform(2).tolist() == [0.4233311414718628, 0.6452228426933289]
    assert g.normal(1, F64) == pytest.approx(-0.5077130654620611, abs=0, rel=1e-15)
    assert g.normal(()) == np.float32(-2.5669896602630615)
    # In float64 the C library says the last bit.
    normals = g.normal(1001, F64)[[0, 8, 500, 985, 992, 1000]]
    recorded = [-2.2660293359652606, -0.07867543907946968, -0.29899938530181813,
                -1.3041560591360812, 1.352593287757604, 0.6967559880548846]  # fmt: skip
    assert_array_almost_equal_nulp(normals, np.array(recorded), 4)


def test_what_begins_every_tutorial() -> None:
    assert random.manual_seed(0) is default_generator
    assert [f"{x:.4f}" for x in default_generator.uniform(3)] == ["0.4963", "0.7682", "0.0885"]
    random.manual_seed(0)
    assert [f"{x:.4f}" for x in default_generator.normal(3)] == ["1.5410", "-0.2934", "-2.1788"]


def test_initial_weights_of_a_linear_layer() -> None:
    random.manual_seed(1)
    b = 3**0.5 * (2 / (1 + 5)) ** 0.5 / 3**0.5
    assert default_generator.uniform((2, 3), F32, -b, b).tolist() == [
        [0.2974873483181, -0.2548298239707947, -0.11192598193883896],
        [0.2709902822971344, -0.5435388088226318, 0.3462469279766083],
    ]
    b = 1 / 3**0.5
    bias = default_generator.uniform(2, F32, -b, b)
    assert bias.tolist() == [-0.11877556145191193, 0.2937234044075012]


@pytest.mark.parametrize("kind", [F32, F64])
def test_the_open_end_is_never_drawn(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyTorch's generator, set to such words, drew 1.0: what rounds to 2 is the other end."""
    monkeypatch.setattr(Generator, "_words", lambda _, n: np.full(n, 2**32 - 1, np.uint64))
    assert Generator().uniform(2, kind, 1, 2).tolist() == [1.0, 1.0]
    assert (Generator().uniform(2, kind) < 1).all()


def test_words_that_are_all_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """The radius is 0 then, and PyTorch's normals are 0 without a sign."""
    monkeypatch.setattr(Generator, "_words", lambda _, n: np.zeros(n, np.uint64))
    for n, kind in ((2, F32), (16, F32), (16, F64)):
        drawn = Generator().normal(n, kind)
        assert (drawn == 0).all()
        assert not np.signbit(drawn).any()


# --- seeds ----------------------------------------------------------------------------------


def test_seeds_are_numbers_of_64_bits_and_32_of_them_matter() -> None:
    g = Generator()
    assert g.initial_seed() == 67280421310721
    assert g.manual_seed(-1) is g
    assert g.initial_seed() == 2**64 - 1
    assert g.manual_seed(-(2**63)).initial_seed() == 2**63
    a, b = Generator().manual_seed(5), Generator().manual_seed(5 + 7 * 2**32)
    assert a.uniform(4).tolist() == b.uniform(4).tolist()
    assert random.manual_seed("5").initial_seed() == random.initial_seed() == 5
    assert random.manual_seed(-1.7).initial_seed() == 2**64 - 1


def test_a_seed_begins_anew_and_drops_the_normal_that_waits() -> None:
    g = Generator().manual_seed(3)
    first = [g.normal(1).tolist(), g.normal(1).tolist()]
    g.normal(1)
    g.manual_seed(3)
    assert [g.normal(1).tolist(), g.normal(1).tolist()] == first


def test_seeds_of_the_system_differ() -> None:
    g = Generator()
    seeds = {g.seed() for _ in range(8)}
    assert len(seeds) == 8
    assert g.initial_seed() in seeds
    assert random.seed() == random.initial_seed()


def test_an_unseeded_process_draws_its_own_numbers_and_none_on_import() -> None:
    code = (
        "import sys; from chainrule.torch import random as r; "
        "print(r.initial_seed(), 'numpy.random' in sys.modules)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    (a, loaded), (b, _) = (run.stdout.split()[-2:] for run in runs)
    assert a != b
    assert loaded == "False"


ERRORS = {
    "manual_seed expected a long, but got float": lambda g: g.manual_seed(1.5),
    "manual_seed expected a long, but got bool": lambda g: g.manual_seed(True),
    "manual_seed expected a long, but got numpy.float32": lambda g: g.manual_seed(np.float32(1)),
    "an integer is required": lambda g: g.manual_seed(np.int64(1)),
    "Overflow when unpacking long long": lambda g: g.manual_seed(2**64),
    "invalid literal for int() with base 10: 'a'": lambda g: random.manual_seed("a"),
    "META device type not an accelerator.": lambda g: Generator("meta"),
    "normal expects std >= 0.0, but found std -1e-07": lambda g: g.normal(3, F32, 0, -1e-7),
    "normal expects std >= 0.0, but found std nan": lambda g: g.normal(3, F32, 0, float("nan")),
    "normal expects all elements of std >= 0.0": lambda g: g.normal(2, F32, 0, np.array([1, -1])),
    "uniform_ expects to return a [from, to) range, but found from=0.5 > to=0.25": (
        lambda g: g.uniform(3, F32, 0.5, 0.25)
    ),
    "from is out of bounds for float": lambda g: g.uniform(3, F32, float("nan"), 0),
    "to is out of bounds for float": lambda g: g.uniform(3, F32, 0, 1e39),
    "to is out of bounds for double": lambda g: g.uniform(3, F64, 0, float("inf")),
    "uniform_ expects to-from <= std::numeric_limits<Float>::max(), but found to=3e+38 and "
    "from=-3e+38 which result in to-from to exceed the limit": (
        lambda g: g.uniform(3, F32, -3e38, 3e38)
    ),
    "random_ expects 'from' to be less than 'to', but got from=5 >= to=3": (
        lambda g: g.randint(5, 3, 2)
    ),
    "bernoulli_ expects p to be in [0, 1], but got p=1.5": lambda g: g.bernoulli(1.5, 2),
    "bernoulli_ expects p to be in [0, 1], but got p=nan": lambda g: g.bernoulli(float("nan"), 2),
    "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be "
    "improved?  If so, please report an enhancement request to PyTorch.)": (
        lambda g: g.bernoulli(np.float32([0.5, 2]))
    ),
    "Trying to create tensor with negative dimension -3: [-3]": lambda g: g.randperm(-3),
    "\"normal_kernel_cpu\" not implemented for 'Long'": lambda g: g.normal(3, np.int64),
    "\"check_uniform_bounds\" not implemented for 'Bool'": lambda g: g.uniform(3, np.bool_),
}


@pytest.mark.parametrize("said", ERRORS)
def test_errors_say_what_pytorch_says(said: str) -> None:
    with pytest.raises((RuntimeError, TypeError, ValueError, NotImplementedError)) as caught:
        ERRORS[said](Generator())
    assert str(caught.value) == said


def test_half_precision_is_refused_with_the_way_out() -> None:
    with pytest.raises(NotImplementedError, match="draw float32 and convert"):
        Generator().uniform(3, np.float16)


def test_what_has_no_error() -> None:
    g = Generator()
    assert g.device.type == Generator("cpu:0").device.type == Generator(None).device.type == "cpu"
    assert g.normal((0, 3)).shape == (0, 3)
    assert g.uniform(2, F32, 2, 2).tolist() == [2, 2]
    assert np.isinf(g.normal(20, F32, 0, 1e39)).all()
    assert np.isnan(g.normal(3, F32, float("nan"))).all()
    assert g.randperm(0).tolist() == []


# --- PyTorch itself -------------------------------------------------------------------------

dtypes = st.sampled_from([F32, F64])
sizes = st.one_of(
    st.integers(0, 40),
    st.sampled_from([(), (2,), (3, 5), (4, 4), (2, 3, 3), (5, 0), (200, 2), 16383, 16400, 33000]),
)
near = st.floats(-8, 8) | st.sampled_from([0.0, 1.0, 0.1, -1 / 3, 2.0**-20, 1e6])
width = st.floats(0, 8) | st.sampled_from([1.0, 0.5, 1e-6, 3e4])
whole = st.integers(-(2**63), 2**63 - 2) | st.integers(-(2**29), 2**29) | st.integers(-9, 9)
integer_types = st.sampled_from(
    ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]
).map(np.dtype)
draws = st.one_of(
    st.tuples(st.just("uniform"), sizes, dtypes, near, width),
    st.tuples(st.just("normal"), sizes, dtypes, near, width),
    st.tuples(st.sampled_from(["rand", "randn", "strided", "around", "spread"]), sizes, dtypes),
    st.tuples(st.just("randint"), sizes, whole, whole),
    st.tuples(st.just("random"), sizes, integer_types),
    st.tuples(st.just("randperm"), st.integers(0, 50) | st.just(3000)),
    st.tuples(st.sampled_from(["bernoulli", "coins"]), sizes, dtypes, st.floats(0, 1)),
)


def drawn_here(g: Generator, name: str, *args: Any) -> np.ndarray:
    match name, *args:
        case "uniform", shape, kind, low, extent:
            return g.uniform(shape, kind, low, low + extent)
        case "rand", shape, kind:
            return g.uniform(shape, kind)
        case "randn", shape, kind:
            return g.normal(shape, kind)
        case "strided", shape, kind:
            return g.normal(shape, kind, 0.25, 3.0, contiguous=False)
        case "around", shape, kind:
            return g.normal(shape, kind, np.full(shape, 0.3, kind), 1.7)
        case "spread", shape, kind:
            return g.normal(shape, kind, 0.3, np.full(shape, 1.7, kind))
        case "randint", shape, a, b:
            return g.randint(min(a, b), max(a, b, min(a, b) + 1), shape)
        case "bernoulli", shape, _, p:
            return g.bernoulli(p, shape)
        case "coins", shape, kind, p:
            return g.bernoulli(np.full(shape, p, kind))
    return getattr(g, name)(*args)


def drawn_there(torch: Any, g: Any, name: str, *args: Any) -> np.ndarray:
    def kind_of(kind: np.dtype) -> Any:
        return getattr(torch, kind.name)

    if name == "randperm":
        return torch.randperm(*args, generator=g).numpy()
    shape, *args = args
    shape = (shape,) if isinstance(shape, int) else shape
    match name, *args:
        case "uniform", kind, low, extent:
            out = torch.empty(shape, dtype=kind_of(kind))
            out.uniform_(low, low + extent, generator=g)
        case "normal", kind, mean, std:
            out = torch.empty(shape, dtype=kind_of(kind)).normal_(mean, std, generator=g)
        case (("rand" | "randn"), kind):
            out = getattr(torch, name)(shape, dtype=kind_of(kind), generator=g)
        case "strided", kind:
            out = torch.empty((*shape, 2), dtype=kind_of(kind))[..., 0]
            out.normal_(0.25, 3.0, generator=g)
        case "around", kind:
            out = torch.normal(torch.full(shape, 0.3, dtype=kind_of(kind)), 1.7, generator=g)
        case "spread", kind:
            out = torch.normal(0.3, torch.full(shape, 1.7, dtype=kind_of(kind)), generator=g)
        case "randint", a, b:
            low, high = min(a, b), max(a, b, min(a, b) + 1)
            out = torch.randint(low, high, shape, generator=g)
        case "random", kind:
            out = torch.empty(shape, dtype=kind_of(kind)).random_(generator=g)
        case "bernoulli", _, p:
            # bernoulli_(p) itself depends on the maker of the processor; this does not.
            p = torch.full(shape, p, dtype=torch.float64)
            out = torch.bernoulli(p, generator=g) != 0
        case "coins", kind, p:
            out = torch.bernoulli(torch.full(shape, p, dtype=kind_of(kind)), generator=g) != 0
    return out.numpy()


@pytest.mark.peers
@settings(max_examples=200, deadline=None)
@given(st.integers(-(2**63), 2**64 - 1), st.lists(draws, min_size=1, max_size=8))
def test_any_mixture_of_draws_is_pytorchs(seed: int, mixture: list[tuple[Any, ...]]) -> None:
    torch = pytest.importorskip("torch")
    mine, theirs = Generator().manual_seed(seed), torch.Generator().manual_seed(seed)
    for draw in [*mixture, ("randn", 1, F32), ("randn", 1, F64), ("rand", 1, F64)]:
        a, b = drawn_here(mine, *draw), drawn_there(torch, theirs, *draw)
        assert a.dtype == b.dtype, draw
        assert a.shape == b.shape, draw
        assert a.tobytes() == b.tobytes(), draw


@pytest.mark.peers
def test_a_million_normals_of_each_type_are_pytorchs() -> None:
    torch = pytest.importorskip("torch")
    mine, theirs = Generator().manual_seed(4), torch.Generator().manual_seed(4)
    for kind in (F32, F64):
        t = torch.randn(10**6, dtype=getattr(torch, kind.name), generator=theirs)
        assert mine.normal(10**6, kind).tobytes() == t.numpy().tobytes()


@pytest.mark.peers
@pytest.mark.parametrize("n", [1, 2, 10, 37])
@pytest.mark.parametrize("own", [False, True])
def test_an_epoch_of_a_shuffling_loader_is_pytorchs(n: int, own: bool) -> None:
    """The order, and where the generator stands before the first row, after it, and at the end."""
    torch = pytest.importorskip("torch")
    theirs = torch.Generator().manual_seed(7) if own else torch.default_generator
    mine = Generator().manual_seed(7) if own else default_generator
    torch.manual_seed(9)
    random.manual_seed(9)

    def in_step() -> None:
        assert mine.uniform(1, F64) == torch.rand(1, dtype=torch.float64, generator=theirs).numpy()

    loader = torch.utils.data.DataLoader(
        range(n), batch_size=None, shuffle=True, generator=theirs if own else None
    )
    for _ in range(2):
        rows, order = iter(loader), shuffled(n, mine if own else None)
        mine.random_int64()
        in_step()
        assert next(order) == next(rows)
        in_step()
        assert list(order) == list(rows)
        in_step()


def test_threads_share_the_stream_and_draw_no_number_twice() -> None:
    def draw() -> None:
        found.extend(tuple(torch.rand(3).tolist()) for _ in range(200))

    found: list[tuple[float, ...]] = []
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        torch.manual_seed(0)
        threads = [threading.Thread(target=draw) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    torch.manual_seed(0)
    assert set(found) == {tuple(torch.rand(3).tolist()) for _ in range(800)}


@pytest.mark.parametrize("draw", ["rand", "randn", "randperm"])
def test_a_refused_device_draws_nothing(draw: str) -> None:
    torch.manual_seed(0)
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        getattr(torch, draw)(2, device="cuda")
    after = torch.rand(1)
    torch.manual_seed(0)
    assert torch.equal(after, torch.rand(1))
