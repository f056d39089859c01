"""Every name that lessons need is here; what is not here says so and names the nearest."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import chainrule.torch as torch

# The names that lessons and what surrounds them use, each of which PyTorch 2.13 has.
P0 = {
    "torch": """
        Size Tensor __version__ abs add allclose arange argmax argmin as_tensor bool cat clamp
        cos cuda device div dot double dtype empty enable_grad eq equal exp eye flatten float
        float32 float64 from_numpy full ge gt inf int64 is_grad_enabled isclose le linspace log
        long lt manual_seed matmul max maximum mean min minimum mm mul mv nan ne neg no_grad
        normal ones ones_like pi pow prod rand randint randn randperm relu reshape
        set_grad_enabled set_printoptions sigmoid sign sin sqrt square squeeze stack sub sum t
        tanh tensor transpose unsqueeze where zeros zeros_like
    """,
    "torch.cuda": """
        is_available
    """,
    "torch.Tensor": """
        T __abs__ __add__ __array__ __bool__ __contains__ __eq__ __float__ __format__ __ge__
        __getitem__ __gt__ __hash__ __iadd__ __imul__ __index__ __int__ __isub__ __iter__
        __itruediv__ __le__ __len__ __lt__ __matmul__ __mul__ __ne__ __neg__ __pow__ __radd__
        __repr__ __rmul__ __rpow__ __rsub__ __rtruediv__ __setitem__ __sub__ __truediv__ add_
        backward bool clone data detach device dim div_ double dtype fill_ flatten float grad
        grad_fn int is_leaf item long mul_ ndim numel numpy register_hook requires_grad
        requires_grad_ reshape retain_grad shape size squeeze sub_ t to tolist transpose type
        unsqueeze view zero_
    """,
    "torch.autograd": """
        Function backward grad
    """,
    "torch.autograd.function": """
        Function
    """,
    "torch.autograd.functional": """
        hessian jacobian
    """,
    "torch.nn": """
        BCELoss BCEWithLogitsLoss CrossEntropyLoss Linear MSELoss Module Parameter ReLU
        Sequential Sigmoid Softmax Tanh
    """,
    "torch.nn.Module": """
        __call__ __repr__ eval extra_repr forward load_state_dict named_parameters parameters
        state_dict train zero_grad
    """,
    "torch.nn.functional": """
        binary_cross_entropy binary_cross_entropy_with_logits cross_entropy linear mse_loss relu
        sigmoid softmax tanh
    """,
    "torch.nn.init": """
        constant_ normal_ ones_ uniform_ zeros_
    """,
    "torch.optim": """
        Adam SGD
    """,
    "torch.optim.Optimizer": """
        step zero_grad
    """,
    "torch.utils.data": """
        DataLoader Dataset TensorDataset
    """,
}
WANTED = [(home, name) for home, names in P0.items() for name in names.split()]
OBJECTS = {"torch.Tensor": torch.eye(2), "torch.nn.Module": torch.nn.Linear(1, 1)}


def found(module: object, home: str) -> object:
    for part in home.split(".")[1:]:
        module = getattr(module, part)
    return module


def test_the_list_is_whole() -> None:
    assert len(WANTED) == len(set(WANTED)) == 217


@pytest.mark.parametrize("home", P0)
def test_the_names_that_lessons_need_are_here(home: str) -> None:
    place = OBJECTS[home] if home in OBJECTS else found(torch, home)
    assert not [name for name in P0[home].split() if not hasattr(place, name)]


@pytest.mark.peers
@pytest.mark.parametrize("home", P0)
def test_pytorch_has_them_all(home: str) -> None:
    place = found(pytest.importorskip("torch"), home)
    assert not [name for name in P0[home].split() if not hasattr(place, name)]


# ------------------------------------------------------------------------ modules loaded late

MODULES = ["chainrule.torch"] + [
    one.name
    for one in pkgutil.walk_packages(torch.__path__, "chainrule.torch.")
    if not any(part.startswith("_") for part in one.name.split("."))
]


@pytest.mark.parametrize("name", MODULES)
def test_what_is_loaded_late_can_be_loaded(name: str) -> None:
    module = importlib.import_module(name)
    look = getattr(module, "__getattr__", None)
    late = inspect.getclosurevars(look).nonlocals["modules"] if look else {}
    for part, path in late.items():
        assert getattr(module, part) is importlib.import_module(path, name)
    if name == "chainrule.torch":
        assert {"cuda", "func", "linalg", "nn", "optim", "random", "utils"} <= late.keys()
