"""Number types, shapes, devices and promotion: PyTorch's answers, recorded and asked for."""

from __future__ import annotations

import copy
import itertools
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from chainrule.torch._kinds import dtypes as types
from chainrule.torch._kinds import limits

try:
    import torch
except ImportError:  # its CPU build is not to be had everywhere
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")

NAMES = ["float16", "float32", "float64", "complex64", "complex128",
         "uint8", "int8", "int16", "int32", "int64", "bool"]  # fmt: skip


def ours(name: str) -> types.dtype:
    return types.of_numpy(np.dtype(name))


ALL = [ours(name) for name in NAMES]


@pytest.fixture(autouse=True)
def _default() -> Iterator[None]:
    yield
    types.set_default_dtype(types.float32)
    if torch is not None:
        torch.set_default_dtype(torch.float32)


def outcome(call: Callable[[], Any]) -> str:
    """Return what a call gave or raised, as text."""
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


# ---------------------------------------------------------------- number types


def test_a_type_is_one_object_however_it_is_reached() -> None:
    for one in ALL:
        assert copy.deepcopy(one) is copy.copy(one) is one
        assert pickle.loads(pickle.dumps(one)) is one
        assert types.of_numpy(one.numpy) is one
        assert types.as_numpy(one) is one.numpy
    assert types.as_numpy(None) is None
    assert types.ALIASES["double"] is types.float64


def test_types_cannot_be_made() -> None:
    with pytest.raises(TypeError, match=r"^cannot create 'torch\.dtype' instances$"):
        types.dtype()
    with pytest.raises(TypeError, match=r"^cannot create 'torch\.layout' instances$"):
        types.layout()


def test_names_in_error_messages() -> None:
    assert [types.scalar_name(np.dtype(name)) for name in NAMES] == [
        "Half", "Float", "Double", "ComplexFloat", "ComplexDouble",
        "Byte", "Char", "Short", "Int", "Long", "Bool",
    ]  # fmt: skip
    assert types.type_name(np.dtype("float32")) == "torch.FloatTensor"
    with pytest.raises(RuntimeError, match=r"^Unknown Complex ScalarType for Long$"):
        types.int64.to_complex()


def test_layouts_and_formats_are_names() -> None:
    assert [*map(repr, (types.strided, types.contiguous_format))] == [
        "torch.strided",
        "torch.contiguous_format",
    ]
    assert pickle.loads(pickle.dumps(types.strided)) is types.strided


@needs_torch
@pytest.mark.peers
@pytest.mark.parametrize("name", NAMES)
def test_types_describe_themselves_as_in_pytorch(name: str) -> None:
    mine, real = ours(name), getattr(torch, name)
    assert repr(mine) == repr(real)
    for asked in ("is_floating_point", "is_complex", "is_signed", "itemsize"):
        assert getattr(mine, asked) == getattr(real, asked)
    assert repr(mine.to_real()) == repr(real.to_real())
    assert types.type_name(mine.numpy) == torch.zeros((), dtype=real).type()
    assert outcome(lambda: limits.iinfo(mine)) == outcome(lambda: torch.iinfo(real))
    assert outcome(lambda: limits.finfo(mine)) == outcome(lambda: torch.finfo(real))
    for short, whole in types.ALIASES.items():
        assert repr(whole) == repr(getattr(torch, short))


@needs_torch
@pytest.mark.peers
def test_limits_are_pytorchs_numbers() -> None:
    for name in ("float16", "float32", "float64", "complex64"):
        mine, real = limits.finfo(ours(name)), torch.finfo(getattr(torch, name))
        for asked in ("bits", "eps", "max", "min", "tiny", "smallest_normal", "resolution"):
            assert getattr(mine, asked) == getattr(real, asked)
    for name in ("uint8", "int64"):
        integer, recorded = limits.iinfo(ours(name)), torch.iinfo(getattr(torch, name))
        for asked in ("bits", "max", "min", "dtype"):
            assert getattr(integer, asked) == getattr(recorded, asked)
    assert outcome(lambda: limits.finfo(3)) == outcome(lambda: torch.finfo(3))
    assert outcome(lambda: limits.iinfo("int8")) == outcome(lambda: torch.iinfo("int8"))


# ---------------------------------------------------------------- default and promotion


def test_the_default_is_a_floating_point_type() -> None:
    assert types.get_default_dtype() is types.float32
    types.set_default_dtype(types.float64)
    assert types.get_default_dtype() is types.float64
    only = "only floating-point types are supported as the default type"
    with pytest.raises(TypeError, match=f"^{only}$"):
        types.set_default_dtype(types.int64)
    with pytest.raises(TypeError, match=f"^invalid dtype object: {only}$"):
        types.set_default_dtype("float64")  # type: ignore[arg-type]


def test_promotion_of_known_cases() -> None:
    def of(*kinds: tuple[str, Any]) -> str:
        return str(types.promoted([(np.dtype(name), category) for name, category in kinds]))

    assert of(("int64", "dim"), ("float64", "number")) == "float32"
    assert of(("float32", "dim"), ("float64", "zero")) == "float32"
    assert of(("float32", "zero"), ("float64", "zero")) == "float64"
    assert of(("int64", "dim"), ("float64", "zero")) == "float64"
    assert of(("float32", "dim"), ("int64", "dim")) == "float32"
    assert of(("bool", "dim"), ("int64", "number")) == "int64"
    assert of(("float16", "dim"), ("float32", "dim"), ("float64", "number")) == "float32"
    types.set_default_dtype(types.float64)
    assert of(("int64", "dim"), ("float64", "number")) == "float64"
    with pytest.raises(ValueError, match="at least one operand"):
        types.promoted([])


@needs_torch
@pytest.mark.peers
@pytest.mark.parametrize("default", ["float32", "float64", "float16"])
def test_two_operands_of_every_kind_have_pytorchs_type(default: str) -> None:
    types.set_default_dtype(ours(default))
    torch.set_default_dtype(getattr(torch, default))
    numbers = ("bool", "int64", "float64", "complex128")  # as Python has them
    operands: dict[types.Kind, Any] = {}
    for name in NAMES:
        kind = np.dtype(name)
        operands[kind, "dim"] = torch.ones(2, dtype=getattr(torch, name))
        operands[kind, "zero"] = torch.ones((), dtype=getattr(torch, name))
        if name in numbers:
            operands[kind, "number"] = kind.type(1).item()
    wrong = []
    for first, second in itertools.product(operands, repeat=2):
        expected = str(torch.result_type(operands[first], operands[second]))
        # The one type that is missing here: complex numbers of two halves.
        expected = expected.replace("complex32", "complex64")
        if repr(types.of_numpy(types.promoted([first, second]))) != expected:
            wrong.append((first, second, expected))
    assert wrong == []


@needs_torch
@pytest.mark.peers
@pytest.mark.parametrize("third", ["uint8", "float16", "float64"])
def test_three_operands_have_the_type_of_pytorchs_where(third: str) -> None:
    """Only additions of three show the rule of three: `addcmul` is one that promotes."""
    names = ("int8", "int64", "float16", "float32", "float64")
    for a, b in itertools.product(names, repeat=2):
        tensors = [torch.ones(2, dtype=getattr(torch, name)) for name in (a, b, third)]
        try:
            expected = torch.addcmul(*tensors).dtype
        except RuntimeError:  # not written for this type
            continue
        got = types.promoted([(np.dtype(name), "dim") for name in (a, b, third)])
        assert repr(types.of_numpy(got)) == repr(expected)


@needs_torch
@pytest.mark.peers
def test_pairs_of_types_promote_and_cast_as_in_pytorch() -> None:
    for a, b in itertools.product(NAMES, repeat=2):
        real = getattr(torch, a), getattr(torch, b)
        assert repr(types.promote_types(ours(a), ours(b))) == repr(torch.promote_types(*real))
        assert types.can_cast(ours(a), ours(b)) == torch.can_cast(*real)
    wrong: Any = 1
    assert outcome(lambda: types.promote_types(types.int8, wrong)) == outcome(
        lambda: torch.promote_types(torch.int8, 1)
    )


# ---------------------------------------------------------------- shapes

SIZES: list[Callable[[Any], Any]] = [
    lambda Size: Size(),
    lambda Size: Size([2, 3]),
    lambda Size: str(Size((4,))),
    lambda Size: Size([2, 3]) + (1,),
    lambda Size: (1,) + Size([2]),
    lambda Size: Size([2]) + Size([3]),
    lambda Size: Size([2, 3]) * 2,
    lambda Size: 2 * Size([2]),
    lambda Size: Size([2, 3])[0],
    lambda Size: Size([2, 3])[-1:],
    lambda Size: Size([2, 3, 4])[::2],
    lambda Size: Size([2, 3]).numel(),
    lambda Size: Size([]).numel(),
    lambda Size: Size([2, 3]) == (2, 3),
    lambda Size: hash(Size([2, 3])) == hash((2, 3)),
    lambda Size: [*Size([2, 3])],
    lambda Size: Size([-1]),
    lambda Size: pickle.loads(pickle.dumps(Size([2, 3]))),
    lambda Size: copy.deepcopy(Size([2, 3])),
    lambda Size: Size([2.5]),
    lambda Size: Size([1, "a"]),
    lambda Size: Size(3),
    lambda Size: Size([2]) + [1],
    lambda Size: Size([2]) + (1, "a"),
]


@needs_torch
@pytest.mark.peers
@pytest.mark.parametrize("case", SIZES)
def test_shapes_behave_as_in_pytorch(case: Callable[[Any], Any]) -> None:
    assert outcome(lambda: case(types.Size)) == outcome(lambda: case(torch.Size))


def test_shapes_stay_shapes() -> None:
    size = types.size_of(np.zeros((2, 3, 4)))
    assert repr(size) == "torch.Size([2, 3, 4])"
    assert repr(size[1:] + (7,)) == "torch.Size([3, 4, 7])"
    assert type((1, *size)) is tuple
    assert size.numel() == 24
    with pytest.raises(TypeError):
        [1] + size  # type: ignore[operator]


# ---------------------------------------------------------------- devices

DEVICES: list[tuple[Any, ...]] = [
    ("cpu",), ("cpu", 0), ("cpu:0",), ("cuda",), ("cuda:1",), ("cuda", 3), ("mps",), ("meta",),
    ("foo",), ("CPU",), ("cpu:x",), ("cpu:01",), ("cpu:-1",), ("cuda:",), ("",), ("cuda:0", 1),
    ("cuda", -1), ("cuda", "x"), (3.5,), (None,), (-1,),
]  # fmt: skip


@needs_torch
@pytest.mark.peers
@pytest.mark.parametrize("arguments", DEVICES, ids=repr)
def test_devices_are_read_as_in_pytorch(arguments: tuple[Any, ...]) -> None:
    for say in (repr, str):
        mine = outcome(lambda say=say: say(types.device(*arguments)))  # type: ignore[misc]
        assert mine == outcome(lambda say=say: say(torch.device(*arguments)))  # type: ignore[misc]


def test_devices_compare_by_what_they_name() -> None:
    cpu = types.device("cpu")
    assert cpu == types.device(cpu) and hash(cpu) == hash(types.device("cpu"))
    assert cpu != types.device("cpu", 0) and cpu != "cpu"
    assert (cpu.type, cpu.index) == ("cpu", None)
    assert pickle.loads(pickle.dumps(cpu)) == cpu


def test_only_the_cpu_holds_numbers() -> None:
    assert types.checked_device(None) == types.checked_device("cpu") == types.device("cpu")
    with pytest.raises(AssertionError, match=r"^Torch not compiled with CUDA enabled$"):
        types.checked_device("cuda")
    with pytest.raises(AssertionError, match=r"^Torch not compiled with CUDA enabled$"):
        types.checked_device(types.device("cuda", 0))
    with pytest.raises(NotImplementedError, match=r"^Could not run 'aten::empty.memory_format'"):
        types.checked_device("mps")
    with pytest.raises(RuntimeError, match=r"device type at start of device string: gpu$"):
        types.checked_device("gpu")
