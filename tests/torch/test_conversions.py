from __future__ import annotations

import copy
import pickle
import warnings
from typing import Any

import numpy as np
import pytest

import chainrule.torch as torch

from .both import check_same, lines

OUT = """
torch.ones(3).item()
torch.tensor([[2.5]]).item()
torch.tensor(1.5, dtype=torch.float16).item()
torch.tensor([1j]).tolist()
torch.ones(2, 0).tolist()
torch.tensor(.1).tolist()
torch.ones(2, requires_grad=True).tolist()
torch.ones(2, requires_grad=True).numpy()
torch.ones(2, requires_grad=True).numpy(force=True)
torch.ones(2).numpy(force=1)
np.asarray(torch.ones(2), dtype=np.int64)
np.asarray(torch.ones(2, requires_grad=True))
np.array([torch.ones(2), torch.zeros(2)])
np.exp(torch.ones(2))
np.exp(torch.ones(2, requires_grad=True))
np.sqrt(torch.tensor(4.))
np.isnan(torch.ones(2))
np.add(np.ones(2), torch.ones(2))
np.modf(torch.ones(2))
np.add.reduce(torch.ones(3))
np.concatenate([torch.ones(2), torch.ones(2)])
np.linalg.norm(torch.ones(2))
float(torch.ones(1, 1))
float(torch.ones(2))
float(torch.tensor(1j))
float(torch.tensor(2., requires_grad=True))
int(torch.tensor(2.7))
int(torch.tensor(float('nan')))
int(torch.tensor(1j))
int(torch.tensor(2., requires_grad=True))
complex(torch.tensor(1.))
complex(torch.tensor(1., requires_grad=True))
complex(torch.ones(2))
bool(torch.tensor(float('nan')))
bool(torch.ones(2))
bool(torch.zeros(0))
torch.is_nonzero(torch.tensor([0.]))
[1, 2, 3][torch.tensor([1])]
[1, 2, 3][torch.tensor(True)]
[1, 2, 3][torch.tensor(1.)]
[1, 2, 3][torch.tensor([1, 2])]
hex(torch.tensor(3))
math.sqrt(torch.tensor(4.))
len(torch.tensor(1))
len(torch.ones(0, 2))
iter(torch.tensor(1))
list(torch.ones(2, requires_grad=True))
list(torch.ones(2, 2))
list(torch.ones(0, 3))
reversed(torch.tensor([1., 2.], requires_grad=True))
reversed(torch.tensor(1.))
list(torch.ones(2, 2))[0]._is_view()
1. in torch.tensor([1, 2])
3 in torch.tensor([1, 2])
torch.tensor([1, 2, 3]) in torch.tensor([1, 2])
'a' in torch.tensor([1, 2])
f'{torch.tensor(3.14159):.2f} {torch.tensor(3):5d} {torch.tensor(True)}'
f'{torch.tensor([1., 2.])}'
f'{torch.tensor([3.14159]):.2f}'
f'{torch.tensor(3.) * 2}'
str(torch.ones(2, requires_grad=True) * 2)
repr(torch.zeros(2, 0))
"""

WHAT_IT_IS = """
torch.ones(2, 3).size(), torch.ones(2, 3).size(-1), torch.ones(2, 3).size(dim=None)
torch.ones(2, 3).size(2)
torch.ones(2, 3).size('a')
torch.tensor(1).size(0)
torch.ones(2, 3).dim(), torch.ones(2, 3).ndimension(), torch.ones(2, 3).numel()
torch.ones(2, 3).nelement(), torch.numel(torch.ones(2)), torch.ones(2, 3).element_size()
torch.numel([1])
torch.ones(2, 3).stride(), torch.ones(2, 3).t().stride(), torch.ones(2, 3).stride(0)
torch.ones(2, 0, 3).stride(), torch.ones(3, 1, 2).stride(), torch.ones(1, 3).stride()
torch.ones(2, 3).stride(2)
torch.ones(4, 3)[1:].storage_offset(), torch.ones(4, 3)[1:, 2].storage_offset()
torch.ones(4, 3)[1:].detach().storage_offset(), torch.ones(4, 3)[1:].clone().storage_offset()
[t.is_contiguous() for t in (torch.ones(4, 3), torch.ones(4, 3).t(), torch.ones(1, 3).t())]
[t.is_contiguous() for t in (torch.ones(4, 3)[::2], torch.ones(0, 3).t(), torch.tensor(1.))]
torch.is_tensor(1), torch.is_tensor(torch.ones(1))
torch.is_floating_point(torch.ones(1)), torch.is_complex(torch.ones(1))
torch.is_floating_point(1)
torch.ones(1).is_complex(), torch.ones(1).is_floating_point(), torch.ones(1).is_signed()
torch.ones(1).get_device(), torch.get_device(torch.ones(1))
torch.ones(2).type(), torch.ones(2, dtype=torch.bool).type()
"""

CASTS = """
torch.ones(2).cuda()
torch.ones(2).cuda(0)
torch.ones(2).to('cuda')
torch.ones(2).to('foo')
torch.ones(2).to()
torch.ones(2).to(None)
torch.ones(2).to('cpu', torch.float64)
torch.ones(2).to(device='cpu', dtype=torch.float64)
torch.ones(2).to(float)
torch.ones(2).to(np.float64)
torch.ones(2).to(torch.ones(1, dtype=torch.int64))
torch.ones(2).to(other=torch.ones(1))
torch.ones(2).to(torch.float64, True, True)
torch.ones(2).to(torch.float64, foo=1)
torch.ones(2).to(torch.float64, device='cpu')
torch.ones(2).to([1])
torch.ones(2, requires_grad=True).to(torch.float64)
torch.ones(2, requires_grad=True).to(torch.float32)
torch.ones(2, requires_grad=True).to(torch.float32, copy=True)
torch.ones(2, requires_grad=True).long()
torch.ones(2, requires_grad=True).double().float()
torch.ones(2).type(torch.LongTensor)
torch.ones(2).type('torch.DoubleTensor')
torch.ones(2).type('foo')
torch.ones(2).type(float)
torch.ones(2).type(3)
torch.ones(2).type_as(torch.ones(1, dtype=torch.int64))
torch.ones(2).type_as(1)
torch.tensor([1.7, -1.7, float('nan'), float('inf'), 1e20]).int()
torch.tensor([1.7, -1.7, float('nan'), float('inf'), 1e20]).long()
torch.tensor([300., -1., 1e10, float('nan')]).byte()
torch.tensor([300., -1., 1e10, float('nan')]).char()
torch.tensor([40000., -1., 1e10]).short()
torch.tensor([1e10 + 5], dtype=torch.float64).byte()
torch.tensor([300, -1]).byte()
torch.tensor([1e10]).half()
torch.tensor([0., .5, float('nan')]).bool()
torch.tensor([1 + 2j]).float()
torch.tensor([1 + 2j], requires_grad=True).float()
torch.tensor([1.5]).to(torch.complex64)
torch.ones(3, 2).t().double()
torch.ones(3, 2).t().clone()
torch.ones(1, 2).expand(3, 2).clone()
torch.ones(3, 2).t().clone(memory_format=torch.contiguous_format)
torch.ones(3, 2, requires_grad=True).t().contiguous()
torch.ones(2).contiguous(memory_format=3)
torch.clone([1])
torch.ones(2, requires_grad=True).clone()
torch.detach(torch.ones(2, requires_grad=True) * 2)
torch.ones(3)[:2].detach_()
(torch.ones(3, requires_grad=True) * 2).detach_()
torch.ones(3, requires_grad=True).detach_()
copy.copy(torch.ones(2, requires_grad=True) * 2)
copy.deepcopy(torch.ones(2, requires_grad=True))
copy.deepcopy(torch.ones(2, requires_grad=True) * 2)
"""


@pytest.mark.peers
@pytest.mark.parametrize("expression", lines(OUT + WHAT_IT_IS + CASTS))
def test_a_tensor_becomes_what_pytorch_makes_of_it(expression: str) -> None:
    check_same(pytest.importorskip("torch"), expression)


# ---------------------------------------------------------------- memory and history


def test_an_array_and_its_tensor_share_their_numbers() -> None:
    t = torch.zeros(3)
    a = t.numpy()
    a[0] = 5
    assert t.tolist() == [5, 0, 0]
    assert np.asarray(t) is a
    assert np.array(t) is not a
    assert np.asarray(t, copy=False) is a
    with pytest.raises(ValueError, match=r"tensor of torch\.float32 cannot be an array of int64"):
        t.__array__(np.dtype("int64"), copy=False)


def test_detached_tensors_share_their_count_of_writes_and_data_does_not() -> None:
    x = torch.ones(2, requires_grad=True)
    y = x * 2
    y.detach()[0] = 9.0
    assert y.tolist() == [9, 2]
    assert (y._version, y.data._version) == (1, 0)


def test_gradients_pass_casts_and_clones() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    (x.double() * x.clone() * torch.tensor([3.0, 5.0], dtype=torch.float64)).sum().backward()
    assert x.grad.dtype is torch.float32
    assert x.grad.tolist() == [6.0, 20.0]


@pytest.mark.parametrize("again", [copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))])
def test_copies_are_leaves_with_numbers_of_their_own(again: Any) -> None:
    t = torch.tensor([[1.0, 2.0]], requires_grad=True)
    t.note = "kept"
    other = again(t)
    assert other.data_ptr() != t.data_ptr()
    assert (other.requires_grad, other.is_leaf, other.note) == (True, True, "kept")
    assert other.tolist() == t.tolist()


def test_a_deep_copy_has_a_gradient_of_its_own_and_knows_what_it_copied() -> None:
    t = torch.ones(2, requires_grad=True)
    (t * 3).sum().backward()
    one, two = copy.deepcopy([t, t])
    assert one is two
    assert one.grad is not t.grad
    assert one.grad.tolist() == [3, 3]


def test_a_shallow_copy_shares_its_numbers() -> None:
    t = torch.ones(2)
    assert copy.copy(t).data_ptr() == t.data_ptr()


def test_what_stays_the_same_is_the_tensor_itself() -> None:
    t = torch.ones(2)
    assert all(one is t for one in (t.float(), t.to(torch.float32), t.cpu(), t.contiguous()))
    assert t.to(torch.float32, copy=True) is not t


def test_no_warning_of_numpys_leaves_a_cast() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert torch.tensor([1e30, float("nan")], dtype=torch.float64).half().isnan().tolist() == [
            False,
            True,
        ]
        torch.tensor([float("inf")]).long()
