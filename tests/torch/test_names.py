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
        place, _, inside = path.partition(":")
        found = importlib.import_module(place, name)
        assert getattr(module, part) is (getattr(found, inside) if inside else found)
    if name == "chainrule.torch":
        assert {
            "backends",
            "cuda",
            "func",
            "linalg",
            "nn",
            "optim",
            "random",
            "utils",
        } <= late.keys()


# ------------------------------------------------------------------------ without a processor

ANSWERS = [
    "torch.cuda.is_available()",
    "torch.cuda.device_count()",
    "torch.cuda.manual_seed(3)",
    "torch.cuda.manual_seed('x')",
    "torch.cuda.manual_seed_all(3)",
    "torch.cuda.manual_seed_all('x')",
    "[torch.manual_seed(1), torch.cuda.manual_seed_all(2), torch.rand(2)][1:]",
    "torch.cuda.empty_cache()",
    "torch.cuda.synchronize()",
    "torch.cuda.current_device()",
    "torch.cuda.get_device_name()",
    "torch.cuda.get_device_name(0)",
    "torch.backends.cuda.is_built()",
    "torch.backends.cuda.matmul.allow_tf32",
    "torch.backends.cudnn.is_available()",
    "torch.backends.cudnn.version()",
    "torch.backends.cudnn.allow_tf32",
    "torch.backends.cudnn.benchmark",
    "torch.backends.cudnn.deterministic",
    "torch.backends.cudnn.enabled",
    "torch.backends.mps.is_available()",
    "torch.backends.mps.is_built()",
]


def answer(module: object, expression: str) -> str:
    try:
        return repr(eval(expression, {"torch": module}))  # noqa: S307
    except (AssertionError, ValueError) as error:
        return repr(error)


@pytest.mark.peers
@pytest.mark.parametrize("expression", ANSWERS)
def test_what_lessons_ask_of_processors(expression: str) -> None:
    peer = pytest.importorskip("torch")
    if peer.cuda.is_available():
        pytest.skip("this PyTorch has a graphics processor")
    assert answer(torch, expression) == answer(peer, expression)


def test_no_processor_is_an_assertion_error() -> None:
    with pytest.raises(AssertionError, match=r"^Torch not compiled with CUDA enabled$"):
        torch.cuda.current_device()


def test_switches_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", True)
    assert torch.backends.cudnn.deterministic
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cuda.matmul.allow_tf32 = False


# ------------------------------------------------------------------------ what is not here

ABSENT = [
    ("torch.foo_of_nobody", "torch.foo_of_nobody is not in chainrule."),
    ("torch.zeross", "torch.zeross is not in chainrule; the nearest name that is there: 'zeros'."),
    ("torch.distributions", "torch.distributions is not in chainrule."),
    ("torch.nn.Conv2d", "torch.nn.Conv2d is not in chainrule."),
    ("torch.nn.Conv2d", "torch.nn.Conv2d is not in chainrule."),
    ("torch.nn.relu", "torch.nn.relu .* the nearest name that is there: 'ReLU'."),
    ("torch.optim.Muon", "torch.optim.Muon is not in chainrule."),
    ("torch.save", "torch.save .*; pickle.dump"),
    ("torch.linalg.ldl_factor", "torch.linalg.ldl_factor is not in chainrule."),
    (
        "torch.random.thread_safe_generator",
        "torch.random.thread_safe_generator is not in chainrule",
    ),
    ("torch.func.rearrange", "torch.func.rearrange is not in chainrule"),
    ("torch.autograd.function.FunctionMeta", "torch.autograd.function.FunctionMeta is not"),
    ("torch.Tensor.sparse_resize_", "Tensor.sparse_resize_ is not in chainrule."),
]


@pytest.mark.parametrize(("path", "words"), ABSENT)
def test_what_is_not_here_names_the_nearest(path: str, words: str) -> None:
    home, _, name = path.rpartition(".")
    place = found(torch, home)
    with pytest.raises(AttributeError, match=f"^{words}"):
        getattr(place, name)
    assert not hasattr(place, name)


@pytest.mark.peers
@pytest.mark.parametrize("path", [path for path, _ in ABSENT[2:]])
def test_pytorch_has_some_of_them(path: str) -> None:
    """The texts are for names that scripts of PyTorch's users have; one is misspelt."""
    home, _, name = path.rpartition(".")
    assert hasattr(found(pytest.importorskip("torch"), home), name) is (name != "relu")


@pytest.mark.parametrize(
    ("home", "name"),
    [(home, name) for home, _, name in (path.rpartition(".") for path, _ in ABSENT[:-1])],
)
def test_one_that_is_imported_says_the_same(home: str, name: str) -> None:
    module = f"chainrule.{home}"
    with pytest.raises(ImportError) as raised:
        exec(f"from {module} import {name}", {})  # noqa: S102
    start = f"cannot import name '{name}' from '{module}': {home}.{name} is not in chainrule"
    assert str(raised.value).startswith(start)
    assert raised.value.name == module


def test_absent_methods_of_tensors_are_not_listed() -> None:
    x = torch.ones(2)
    assert not hasattr(x, "sparse_resize_")
    listed = dir(x)
    assert "sparse_resize_" not in listed
    assert "exp" in listed
    x.note = "kept"
    assert "note" in dir(x)
    x.sparse_resize_ = 3  # as PyTorch's, tensors take attributes of any name that is free
    assert x.sparse_resize_ == 3
