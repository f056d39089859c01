from __future__ import annotations

import warnings

import numpy as np
import pytest

import chainrule.torch as torch
from chainrule.torch._creation.refills import (
    fill_bernoulli,
    fill_normal,
    fill_random,
    fill_uniform,
)

from .both import check_same, lines

FROM_DATA = """
torch.tensor([])
torch.tensor([[], []])
torch.tensor(())
torch.tensor([[[]], []])
torch.tensor([True, 1])
torch.tensor([True, 1.5])
torch.tensor([[1, 2.5], (3, 4)])
torch.tensor([1, 2j])
torch.tensor(2**63 - 1)
torch.tensor(2**63)
torch.tensor([2**64])
torch.tensor(2**70, dtype=torch.float32)
torch.tensor([2.5, 2**2000])
torch.tensor(300, dtype=torch.uint8)
torch.tensor(-255, dtype=torch.uint8)
torch.tensor(-256, dtype=torch.uint8)
torch.tensor(-1., dtype=torch.uint8)
torch.tensor(255.9, dtype=torch.uint8)
torch.tensor(2**31, dtype=torch.int32)
torch.tensor(2.**63, dtype=torch.int64)
torch.tensor(-2.**64, dtype=torch.int64)
torch.tensor([1.5, -1.7], dtype=torch.int32)
torch.tensor(float('nan'), dtype=torch.int64)
torch.tensor([1e40, 1e6], dtype=torch.float16)
torch.tensor(1e40)
torch.tensor([1j, 1.], dtype=torch.float32)
torch.tensor(1j, dtype=torch.int64)
torch.tensor([0., 0.3], dtype=torch.bool)
torch.tensor(np.float64(1.5))
torch.tensor([np.float32(1.5), 1])
torch.tensor([np.float32(1.5)], dtype=torch.int64)
torch.tensor([np.int32(3)])
torch.tensor(np.bool_(True))
torch.tensor([np.array(1), 2])
torch.tensor([np.array([1., 2.]), [3, 4]])
torch.tensor(np.array(['a']))
torch.tensor(np.array([None]))
torch.tensor(np.array([1.], dtype='>f8'))
torch.tensor(np.array([1., 2., 3.])[::-1])
torch.tensor(np.array([[1, 2], [3, 4]])[:, 0])
torch.tensor(np.array([300.]), dtype=torch.uint8)
torch.tensor(range(3))
torch.tensor([range(3), range(3)])
torch.tensor(x for x in range(3))
torch.tensor(bytearray(b'ab'))
torch.tensor(torch.ones(2))
torch.tensor(torch.tensor(2.5), dtype=torch.int64)
torch.tensor([torch.tensor(1.), torch.tensor(2)])
torch.tensor([torch.tensor([1.]), torch.tensor([2])])
torch.tensor([torch.tensor(1., dtype=torch.float64), 2])
torch.tensor([torch.ones(2, 1), torch.ones(2, 1)])
torch.tensor([torch.tensor(1., requires_grad=True)])
torch.tensor([torch.tensor(1.5)], dtype=torch.int64)
torch.tensor('a')
torch.tensor(['a'])
torch.tensor(b'ab')
torch.tensor(None)
torch.tensor([1., None])
torch.tensor({1: 2})
torch.tensor(object())
torch.tensor(torch.float32)
torch.tensor([[1, 2], [3]])
torch.tensor([[[1, 2], [3, 4]], [[1, 2], [3]]])
torch.tensor([[1], 2])
torch.tensor([1, [2]])
torch.tensor([1., [2.]])
torch.tensor([1, 'a'], dtype=torch.float32)
torch.tensor([None], dtype=torch.float32)
torch.tensor([1, 2], requires_grad=True)
torch.tensor([1.], requires_grad=1)
torch.tensor([1], dtype=float)
torch.tensor([1], dtype='float32')
torch.tensor([1], dtype=np.float32)
torch.tensor([1], device='cuda')
torch.tensor([1], device='foo')
torch.tensor([1], device=0)
torch.tensor([1], device=1.5)
torch.tensor([1], torch.float32)
torch.tensor([1], foo=3)
torch.tensor([1], pin_memory=True)
torch.as_tensor(torch.ones(2, requires_grad=True), dtype=torch.float64)
torch.as_tensor(np.ones(2), dtype=torch.float32)
torch.as_tensor([1], device='cuda')
torch.asarray([1, 2], copy=False)
torch.asarray(torch.ones(2), dtype=torch.int64, copy=False)
torch.asarray(torch.ones(2, requires_grad=True))
torch.asarray([1., 2.], requires_grad=True)
torch.from_numpy([1])
torch.from_numpy(np.array([1., 2.])[::-1])
torch.from_numpy(np.broadcast_to(np.ones(1), (3,)))
torch.scalar_tensor(3)
torch.scalar_tensor(1e40)
torch.scalar_tensor('a')
torch.complex(torch.ones(2, 1), torch.zeros(2))
torch.complex(torch.ones(2), torch.zeros(3))
torch.complex(torch.ones(2), torch.zeros(2, dtype=torch.float64))
torch.complex(1., 2.)
torch.zeros(2).new_tensor([1, 2])
torch.zeros(2).new_tensor(torch.ones(2))
torch.Tensor([1, 2])
torch.Tensor((2, 3))
torch.Tensor(torch.Size([2, 3])).shape
torch.Tensor(torch.ones(2, dtype=torch.int64))
torch.Tensor(2.5)
torch.Tensor(-1)
torch.Tensor(2, 2.5)
torch.Tensor('a')
torch.Tensor([[1, 2], [3]])
torch.FloatTensor([1, 2])
torch.FloatTensor(torch.ones(2, dtype=torch.float64))
torch.LongTensor([1.5, 2])
torch.ByteTensor([1, 300])
torch.BoolTensor([1, 0])
(torch.FloatTensor, torch.FloatTensor.dtype, type(torch.LongTensor([1])))
isinstance(torch.ones(2), torch.FloatTensor), isinstance(torch.ones(2), torch.LongTensor)
"""

OF_A_SHAPE = """
torch.zeros(2, 3)
torch.zeros([2, 3], dtype=torch.int64)
torch.zeros(())
torch.zeros(torch.tensor(2), 3)
torch.zeros((2, 3), 4)
torch.zeros(size=(2,))
torch.zeros(size=2)
torch.zeros()
torch.zeros('a')
torch.zeros(2.5)
torch.zeros(2, 'a')
torch.zeros((2, 2.5))
torch.zeros(-1)
torch.ones(2, -1)
torch.zeros(np.array([2, 3]))
torch.zeros(2, dtype='a')
torch.zeros(2, dtype=torch.int64, requires_grad=True)
torch.zeros(2, device='cuda')
torch.zeros(2, out=torch.ones(3, dtype=torch.int64))
torch.zeros(2, out=torch.ones(3), dtype=torch.int64)
torch.zeros(2, out=torch.ones(2, requires_grad=True))
torch.zeros(2, out=[1])
torch.ones(2, 3, requires_grad=True)
torch.empty(2, 3, dtype=torch.float64).shape
torch.full((2, 3), 3)
torch.full((2,), True)
torch.full((2,), 3j)
torch.full((2,), torch.tensor(3.5, dtype=torch.float64))
torch.full((2,), 3.5, dtype=torch.int64)
torch.full((2,), -1, dtype=torch.uint8)
torch.full((2,), -1., dtype=torch.uint8)
torch.full((2,), 1e40)
torch.full((2,), 1j, dtype=torch.float64)
torch.full((2,), 2**31, dtype=torch.int32)
torch.full(2, 3)
torch.full((2,), 'a')
torch.full((2,), torch.ones(2))
torch.full((-2,), 1)
torch.full((2,), 3, requires_grad=True)
torch.eye(2, 3)
torch.eye(n=2, m=3, dtype=torch.int64)
torch.eye(-1)
torch.eye(2.5)
torch.eye()
torch.eye(2, 'a')
torch.zeros_like(torch.ones(3, 2).t())
torch.zeros_like(torch.ones(1, 2).expand(3, 2))
torch.ones_like(torch.ones(2, requires_grad=True), dtype=torch.int64)
torch.zeros_like([1])
torch.full_like(torch.ones(2, dtype=torch.int64), 2.5)
torch.full_like(torch.ones(2), 1j)
torch.ones(2).new_zeros(2, 3)
torch.ones(2).new_ones((2, 3), dtype=torch.int64)
torch.ones(2, dtype=torch.int64).new_full((2,), 3.5)
torch.ones(2).new_full(2, 3)
torch.ones(2).new_zeros('a')
torch.arange(5)
torch.arange(1, 5, 0.5)
torch.arange(5, 1, -1)
torch.arange(5, 1)
torch.arange(1, 5, 0)
torch.arange(0, float('inf'))
torch.arange(1e20)
torch.arange('a')
torch.arange()
torch.arange(1, 2, 3, 4)
torch.arange(0, 1, step='a')
torch.arange(start=1)
torch.arange(1, end=3)
torch.arange(True)
torch.arange(2.5, dtype=torch.int64)
torch.arange(2.5, dtype=torch.int32)
torch.arange(0.5, 3.7, 0.5, dtype=torch.int64)
torch.arange(0.5, 3.7, 0.5, dtype=torch.int32)
torch.arange(5, dtype=torch.bool)
torch.arange(torch.tensor(5.))
torch.arange(torch.tensor([5, 6]))
torch.arange(2**62, 2**62 + 3)
torch.arange(2**63)
torch.arange(5, requires_grad=True)
torch.arange(3, out=torch.zeros(2))
torch.linspace(0, 1, 0)
torch.linspace(3, 4, 1)
torch.linspace(0, 1, -1)
torch.linspace(0, 1, 2.5)
torch.linspace(0, 1)
torch.linspace(-5, 5, 7, dtype=torch.int64)
torch.linspace(0, 300, 5, dtype=torch.uint8)
torch.linspace(0, 1, 3, dtype=torch.bool)
torch.linspace(0, 1j, 3)
torch.linspace(0, 1j, 3, dtype=torch.float32)
torch.linspace(torch.tensor(0.), torch.tensor(1), 3)
torch.linspace(torch.tensor([0.]), torch.tensor(1.), 3)
torch.logspace(0, 2, 3)
torch.logspace(0, 2, 3, dtype=torch.int64)
"""

RANDOM = """
torch.rand(2, 3)
torch.rand(3, 4, dtype=torch.float64)
torch.rand(3, dtype=torch.complex64)
torch.rand(2, dtype=torch.int64)
torch.rand(2, generator=torch.Generator().manual_seed(3))
torch.rand(2, generator=3)
torch.rand()
torch.rand('a')
torch.rand(-1)
torch.rand(2, out=torch.zeros(3, dtype=torch.float64))
torch.randn(5, 7)
torch.randn(3, dtype=torch.complex128)
torch.randn(2, dtype=torch.bool)
torch.rand_like(torch.ones(3, 2).t())
torch.randn_like(torch.ones(5, 7).t())
torch.randn_like(torch.ones(5, 7), dtype=torch.float64)
torch.rand_like(torch.ones(2, dtype=torch.int64))
torch.rand_like([1])
torch.randint(3, 10, (2, 2))
torch.randint(10, (3,), dtype=torch.float32)
torch.randint(0, 2**25, (3,), dtype=torch.float32)
torch.randint(-2**24 - 2, 0, (3,), dtype=torch.float32)
torch.randint(high=5, size=(3,))
torch.randint(0, 2**62, (3,))
torch.randint(5, 2, (2,))
torch.randint(0, 2**63, (3,))
torch.randint(5, 3)
torch.randint(0, 2.5, (3,))
torch.randint(0, 500, (3,), dtype=torch.uint8)
torch.randint(-300, 3, (3,), dtype=torch.int8)
torch.randint(0, 5, (3,), requires_grad=True)
torch.randint_like(torch.zeros(3), 1, 7)
torch.randint_like([1], 3)
torch.randperm(20)
torch.randperm(5, dtype=torch.float32, requires_grad=True)
torch.randperm(300, dtype=torch.uint8)
torch.randperm(-1)
torch.randperm(2.5)
torch.normal(5., 2., (20,))
torch.normal(torch.arange(4.), 2.)
torch.normal(torch.arange(4.), torch.arange(4.))
torch.normal(0., torch.arange(4.))
torch.normal(torch.zeros(2, 1), torch.ones(3))
torch.normal(torch.zeros(2), torch.ones(2, dtype=torch.float64))
torch.normal(torch.zeros(2), torch.ones(3))
torch.normal(0., -1., size=(2,))
torch.normal(torch.zeros(2), torch.tensor([-1., 1.]))
torch.normal(0., 1.)
torch.normal(torch.zeros(2), 1., (2,))
torch.normal(torch.zeros(2, dtype=torch.int64), 1.)
torch.bernoulli(torch.tensor([.2, .5, .9]))
torch.bernoulli(torch.ones(4, dtype=torch.int64), 0.5)
torch.bernoulli(torch.tensor([2.]))
torch.bernoulli(torch.tensor([1]))
torch.bernoulli(0.5)
torch.ones(20).uniform_(-1, to=2)
torch.ones(3, dtype=torch.complex64).uniform_()
torch.ones(3, dtype=torch.int64).uniform_()
torch.ones(3, dtype=torch.int64).normal_()
torch.ones(3).random_(5, 3)
torch.ones(3).uniform_(generator=1)
torch.ones(3).uniform_(a=1)
torch.ones(3).normal_(0, -1)
torch.ones(3).bernoulli_(torch.tensor([.5, .5]))
torch.ones(3).bernoulli_(torch.tensor([.5, 0., 1.]))
torch.ones(2, requires_grad=True).uniform_()
torch.ones(2, requires_grad=True)[:1].normal_()
(torch.ones(2, requires_grad=True) * 1).uniform_()
(torch.ones(2, requires_grad=True) * 1).random_(3)
(torch.ones(2, requires_grad=True) * 1).bernoulli_()
(torch.ones(2, requires_grad=True) * 1)[:1].normal_()
"""


@pytest.mark.peers
@pytest.mark.parametrize("expression", lines(FROM_DATA + OF_A_SHAPE + RANDOM))
def test_a_tensor_is_made_as_by_pytorch(expression: str) -> None:
    check_same(pytest.importorskip("torch"), expression)


# ---------------------------------------------------------------- evenly spaced, to the last bit


@pytest.mark.peers
@pytest.mark.parametrize("name", ["float16", "float32", "float64", "int32", "int64", "uint8"])
@pytest.mark.parametrize("function", ["linspace", "arange"])
def test_evenly_spaced_numbers_are_pytorchs_to_the_last_bit(function: str, name: str) -> None:
    peer = pytest.importorskip("torch")
    threads = peer.get_num_threads()
    peer.set_num_threads(1)  # several take other blocks, from 32768 numbers on
    random = np.random.default_rng(7)
    for trial in range(200):
        start, end = (random.normal(size=2) * 10.0 ** random.integers(-3, 4)).tolist()
        if trial % 3 == 0:
            start, end = float(round(start)), float(round(end))
        count = int(random.integers(2, 200))
        last = count if function == "linspace" else (end - start) / count
        arguments = (start, end, last)
        if start == end or (name == "uint8" and min(start, end) < 0):
            continue
        try:
            theirs = getattr(peer, function)(*arguments, dtype=getattr(peer, name)).numpy()
        except (ValueError, RuntimeError) as e:
            with pytest.raises(type(e), match=str(e)):
                getattr(torch, function)(*arguments, dtype=getattr(torch, name))
            continue
        ours = getattr(torch, function)(*arguments, dtype=getattr(torch, name)).numpy()
        assert ours.tobytes() == theirs.tobytes(), arguments
    peer.set_num_threads(threads)


def test_linspace_is_symmetric_where_counting_on_from_the_start_is_not() -> None:
    there, back = torch.linspace(0, 0.7, 7), torch.linspace(0.7, 0, 7)
    assert there.tolist() == back.tolist()[::-1]


# ---------------------------------------------------------------- random numbers over a tensor

LAYOUTS = {
    "in order": lambda: np.zeros((5, 7)),
    "few": lambda: np.zeros(3),
    "transposed": lambda: np.zeros((5, 7)).T,
    "permuted": lambda: np.zeros((3, 4, 5)).transpose(2, 0, 1),
    "stepped": lambda: np.zeros((6, 8))[::2, ::3],
    "one number": lambda: np.zeros(()),
}
FILLS = [
    (fill_uniform, "uniform_", ()), (fill_uniform, "uniform_", (-2.0, 3.0)),
    (fill_normal, "normal_", ()), (fill_normal, "normal_", (1.0, 2.5)),
    (fill_random, "random_", ()), (fill_random, "random_", (-3, 9)), (fill_random, "random_", (7,)),
    (fill_random, "random_", (2, None)), (fill_bernoulli, "bernoulli_", (0.3,)),
    (fill_bernoulli, "bernoulli_", (2,)), (fill_uniform, "uniform_", (1, 0)),
    (fill_normal, "normal_", ("a",)), (fill_uniform, "uniform_", ("a",)),
]  # fmt: skip


@pytest.mark.peers
@pytest.mark.parametrize("kind", ["float32", "float64", "int64", "uint8"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_tensor_is_filled_in_the_order_of_its_memory(layout: str, kind: str) -> None:
    peer = pytest.importorskip("torch")
    for fill, name, arguments in FILLS:
        said = []
        for module, draw in ((torch, fill), (peer, getattr(peer.Tensor, name))):
            base = LAYOUTS[layout]()
            base = base if base.base is None else base.base
            typed = base.astype(kind)
            view = LAYOUTS[layout]()
            offset = np.lib.stride_tricks.as_strided(
                typed, view.shape, [s // 8 * typed.itemsize for s in view.strides]
            )
            t = module.from_numpy(offset)
            module.manual_seed(3)
            try:
                draw(t, *arguments)
                said.append(t.numpy().tobytes())
            except Exception as e:
                said.append(f"{type(e).__name__}: {e}")
            said.append(module.rand(1).item())  # the streams stay in step
        assert said[:2] == said[2:], (name, arguments)


# ---------------------------------------------------------------- memory


def test_arrays_are_shared_or_copied() -> None:
    a = np.zeros(3)
    shared, also, copied = torch.from_numpy(a), torch.as_tensor(a), torch.tensor(a)
    a[0] = 7
    assert (shared[0].item(), also[0].item(), copied[0].item()) == (7, 7, 0)
    assert torch.asarray(a, copy=True)[0].item() == 7
    a[0] = 8
    assert torch.asarray(shared) is shared
    t = torch.ones(2)
    assert torch.Tensor(t).data_ptr() == t.data_ptr() != torch.tensor(t.tolist()).data_ptr()


def test_what_python_says_of_numbers_too_large_leaves_no_warning_of_numpys() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert torch.tensor([1e40, -1e40]).tolist() == [float("inf"), -float("inf")]
        assert torch.tensor(1e40, dtype=torch.float16).item() == float("inf")


def test_number_types_that_are_not_here_are_refused() -> None:
    with pytest.raises(TypeError, match=r"numpy.uint16. The only supported types are: .* uint8"):
        torch.from_numpy(np.array([1], np.uint16))
