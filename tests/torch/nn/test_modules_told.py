"""Modules, layers and losses: what they show, raise and warn of is what PyTorch does."""

from __future__ import annotations

import pytest

from tests.torch.told import recorded, told

CASES: dict[str, tuple[str, str]] = {}

CASES["modules before their time"] = (
    """
class Early(nn.Module):
    def __init__(self, what):
        if what == "module": self.a = nn.Linear(1, 1)
        if what == "parameter": self.a = nn.Parameter(torch.ones(1))
        if what == "buffer": self.register_buffer("a", torch.ones(1))
        if what == "tensor": self.a = torch.ones(1)
""",
    """
    Early("module")
    Early("parameter")
    Early("buffer")
    Early("tensor").a
    Early("tensor").b
    repr(Early("tensor"))
    list(Early("tensor").parameters())
    nn.Module()(1)
    nn.Linear(2, 1).foo
    nn.Module(1)
    nn.Module(a=1)
""",
)

CASES["what modules are given"] = (
    """
class LR(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 1)
m = LR()
def with_(name, value):
    setattr(m, name, value)
    return m
def without(name):
    delattr(m, name)
    return m
""",
    """
    m(1)
    with_("a", torch.ones(1))
    with_("a", 3)
    with_("p", nn.Parameter(torch.ones(1))).p
    with_("p", torch.ones(2))
    with_("p", None).p
    [n for n, _ in m.named_parameters()]
    m.register_parameter(1, None)
    m.register_parameter("a.b", None)
    m.register_parameter("", None)
    m.register_parameter("forward", None)
    m.register_parameter("p", None)
    m.register_parameter("k", torch.ones(1))
    m.register_parameter("k", 3)
    m.register_buffer(1, None)
    m.register_buffer("a.b", None)
    m.register_buffer("", None)
    m.register_buffer("a", None)
    m.register_buffer("z", 3)
    m.add_module("z", 3)
    m.add_module("forward", nn.ReLU())
    m.add_module("a.b", nn.ReLU())
    m.add_module("", nn.ReLU())
    m.add_module(3, nn.ReLU())
    m.register_buffer("buf", torch.ones(1))
    with_("buf", 3)
    with_("buf", torch.zeros(2)).state_dict()
    m.register_buffer("hidden", torch.ones(1), persistent=False)
    [n for n, _ in m.named_buffers()], list(m.state_dict())
    without("hidden")._buffers
    without("nono")
    with_("mark", nn.Buffer(torch.ones(2)))._buffers
    isinstance(m.mark, nn.Buffer), isinstance(torch.ones(1), nn.Buffer)
    [x for x in dir(m) if x in ("a", "p", "buf", "forward")]
    m.train(1)
    m.eval().training, m.a.training, m.train().training
""",
)

CASES["state dicts"] = (
    """
m = nn.Sequential(nn.Linear(2, 1), nn.ReLU())
m.register_buffer("buf", torch.ones(1))
w, b, u = torch.ones(1, 2), torch.zeros(1), torch.ones(1)
""",
    """
    m.load_state_dict({"x": u})
    m.load_state_dict({"0.weight": torch.ones(3, 3), "0.bias": b, "buf": u})
    m.load_state_dict({"0.weight": torch.ones(3, 3), "0.bias": torch.ones(4), "q": u})
    m.load_state_dict({"0.weight": 3, "0.bias": b, "buf": u})
    m.load_state_dict({"0.weight": w, "0.x": b, "1.y": u, "2.z": u, "zz.q": u})
    m.load_state_dict({"x": u}, strict=False)
    m.load_state_dict([1])
    m.load_state_dict({"0.weight": w, "0.bias": b, "buf": u})
    m.state_dict()
    m.state_dict(prefix="p.", keep_vars=True)
    m.state_dict()["0.weight"].requires_grad, m.state_dict()["0.weight"] is m[0].weight
    m[0].weight._version
    m.load_state_dict(m.state_dict())
    m.load_state_dict({"0.weight": w.double() * 2, "0.bias": b, "buf": u}), m[0].weight
    m.load_state_dict({"0.weight": w * 3, "0.bias": b, "buf": u}, assign=True), m[0].weight
    m.get_parameter("0.weight")
    m.get_parameter("0.w")
    m.get_parameter("b.w")
    m.get_parameter("0")
    m.get_parameter("")
    m.get_buffer("0.weight")
    m.get_buffer("buf")
    m.get_buffer("0.x")
    m.get_submodule("0")
    m.get_submodule("") is m
    m.get_submodule("x")
    m.get_submodule("0.weight")
""",
)

CASES["changes of all parameters"] = (
    """
m = nn.Sequential(nn.Linear(2, 1, bias=False))
m.register_buffer("count", torch.tensor(3))
nn.init.ones_(m[0].weight)
m(torch.ones(1, 2)).sum().backward()
first = m[0].weight
""",
    """
    m.double() is m, m[0].weight, m[0].weight.grad, m.count
    m[0].weight is first
    m.half()[0].weight.dtype
    m.to(torch.float64)[0].weight.dtype
    m.to(torch.ones(1))[0].weight.dtype
    m.to("cpu") is m, m.cpu() is m
    m.type(torch.float64)[0].weight.dtype, m.count
    m.float()[0].weight
    m.to(torch.int32)
    m.to("cuda")
    m.cuda()
    m.zero_grad(False), m[0].weight.grad
    m.zero_grad(), m[0].weight.grad
    m.requires_grad_(False)[0].weight
    m.requires_grad_()[0].weight
    m.apply(lambda one: print(end="")) is m
    [type(one).__name__ for one in m.modules()], [n for n, _ in m.named_modules()]
    [n for n, _ in m.named_children()], len(list(m.children())), len(list(m.buffers()))
    sum(p.numel() for p in m.parameters())
    copy.deepcopy(m)[0].weight, copy.deepcopy(m)[0].weight is m[0].weight
    m.share if hasattr(m, "share") else None
""",
)

CASES["parameters"] = (
    "p = nn.Parameter(torch.ones(2))",
    """
    nn.Parameter([1.0, 2.0])
    nn.Parameter(torch.tensor([1, 2]))
    nn.Parameter(torch.tensor([1, 2]), requires_grad=False)
    nn.Parameter(), nn.Parameter().shape
    nn.Parameter(torch.ones(2) * p)
    nn.Parameter(3.0)
    nn.Parameter(torch.ones(2), 3)
    isinstance(p, torch.Tensor), isinstance(torch.ones(1), nn.Parameter), p.is_leaf
    [type(v).__name__ for v in (p, p.data, p * 2, p.detach(), p.clone())]
    str(p), f"{p}"
    copy.deepcopy(p), type(copy.deepcopy(p)).__name__
    (lambda d: (nn.Parameter(d).data_ptr() == d.data_ptr()))(torch.ones(2))
    (lambda d: (d.add_(1), nn.Parameter(d)._version))(torch.ones(2))
""",
)

CASES["containers"] = (
    """
s = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
named = nn.Sequential(collections.OrderedDict(a=nn.ReLU(), b=nn.Tanh()))
def after(container, what):
    what(container)
    return container
three = lambda: nn.Sequential(nn.ReLU(), nn.Tanh(), nn.Sigmoid())
""",
    """
    s, s[0], s[-1], s[1:], len(s)
    s[5]
    s["0"]
    named, named[0:1], named.a, named[1]
    nn.Sequential({"a": nn.ReLU()})
    nn.Sequential(nn.ReLU(), 3)
    nn.Sequential([nn.ReLU()])
    nn.Sequential(nn.ReLU()).append(nn.Tanh())
    nn.Sequential(nn.ReLU()).insert(0, nn.Tanh())
    nn.Sequential(nn.ReLU()).extend([nn.Tanh()])
    nn.Sequential(nn.ReLU()) + nn.Sequential(nn.Tanh())
    nn.Sequential(nn.ReLU()) * 2
    three().pop(0)
    after(three(), lambda q: q.pop(0))
    after(three(), lambda q: q.__delitem__(0))
    after(three(), lambda q: q.__delitem__(slice(0, 2)))
    after(three(), lambda q: q.__setitem__(1, nn.Identity()))
    nn.Sequential(), nn.Sequential()(torch.ones(1))
    nn.Sequential(nn.ReLU()).insert(5, nn.Tanh())
    nn.Sequential(nn.ReLU()).append(5)
    nn.Sequential(nn.ReLU())(torch.ones(1), 2)
    nn.ModuleList([nn.Linear(1, 1), nn.Linear(1, 1), nn.ReLU()])
    nn.ModuleList([nn.Sequential(nn.ReLU(), nn.Linear(1, 1)) for _ in range(3)])
    nn.ModuleList([nn.ReLU()])(1)
    nn.ModuleList([nn.ReLU()]).append(nn.Tanh())
    nn.ModuleList([nn.ReLU()]) + [nn.Tanh()]
    nn.ModuleList([nn.ReLU()])[4]
    nn.ModuleList([nn.ReLU(), nn.Tanh()])[0:1]
    nn.ModuleList([nn.ReLU()]).extend(3)
    nn.ModuleList([3])
    nn.ModuleDict({"a": nn.ReLU(), "b": nn.Linear(1, 2)})
    list(nn.ModuleDict([["a", nn.ReLU()]])), len(nn.ModuleDict()), "a" in nn.ModuleDict()
    nn.ModuleDict({"a": nn.ReLU()}).pop("a"), list(nn.ModuleDict({"a": nn.ReLU()}).items())
    after(nn.ModuleDict({"a": nn.ReLU()}), lambda d: d.update({"z": nn.Tanh()}))
    nn.ModuleDict()["q"]
    nn.ModuleDict(3)
    nn.Flatten(), nn.Flatten(0, -1), nn.Flatten()(torch.ones(2, 3, 4)).shape
    nn.Identity(3, a=4), nn.Unflatten(1, (2, 2)), nn.Unflatten(1, (2, 2))(torch.ones(3, 4)).shape
""",
)

CASES["linear layers"] = (
    """
l, bare = nn.Linear(2, 3), nn.Linear(2, 3, bias=False)
one = lambda *shape: torch.ones(*shape)
""",
    """
    l, bare, nn.Linear(2, 3, dtype=torch.float64).weight.dtype
    l.weight, l.bias, bare.bias
    nn.Linear(0, 3)
    nn.Linear(2.0, 3)
    nn.Linear("2", 3)
    nn.Linear(-1, 3)
    nn.Linear(2)
    l(one(4, 3))
    l(one(3))
    l(torch.tensor(1.0))
    l(one(4, 4, 3))
    l(one(4, 2).double())
    l(torch.ones(4, 2, dtype=torch.int64))
    l(one(2).double())
    bare(one(4, 3))
    bare(one(4, 2).double())
    l([1, 2])
    l(np.ones((4, 2)))
    l()
    F.linear(one(4, 2), one(3, 2), one(2))
    F.linear(one(4, 2), one(3, 2), one(3).double())
    F.linear(one(4, 2), one(3, 2), one(4, 1)).shape
    F.linear(one(4, 2), one(2)), F.linear(one(4, 2), one(2), one(1))
    F.linear(one(4, 2), [1], one(1))
    F.linear(one(4, 2), one(3, 2), 3)
    [l(one(*s)).grad_fn for s in [(2,), (4, 2), (3, 4, 2)]]
    l(one(4, 2)).grad_fn.next_functions
    [bare(one(*s)).grad_fn.name() for s in [(4, 2), (3, 4, 2)]]
    [l(one(*s)).shape for s in [(2,), (4, 2), (3, 4, 2), (0, 2)]]
""",
)

CASES["activations"] = (
    "x = torch.tensor([[-1.0, 0.0, 2.0]], requires_grad=True)",
    """
    [nn.Sigmoid(), nn.ReLU(), nn.ReLU(inplace=True), nn.ReLU(True), nn.Tanh(), nn.LogSigmoid()]
    [nn.Softmax(), nn.Softmax(dim=1), nn.LogSoftmax(1), nn.LeakyReLU(), nn.LeakyReLU(0.2, True)]
    [f()(x) for f in (nn.Sigmoid, nn.ReLU, nn.Tanh, nn.LeakyReLU, nn.LogSigmoid)]
    nn.Softmax(dim=1)(x), nn.LogSoftmax(dim=1)(x)
    nn.Softmax()(torch.ones(2, 2))
    F.softmax(torch.ones(3)), F.softmax(torch.ones(2, 2, 2)).sum(0)
    F.log_softmax(torch.ones(3))
    F.softmax(torch.ones(3), 1)
    F.softmax(torch.ones(3, dtype=int), 0)
    F.softmax(torch.ones(3, 3, dtype=int), 0)
    F.softmax(torch.ones(3, dtype=int), 0, dtype=torch.float64)
    F.relu(torch.tensor([-1, 2])), F.relu(torch.tensor(-1.0), True)
    F.sigmoid(torch.tensor([-1, 2])), F.tanh(torch.tensor(1.0))
    F.leaky_relu(torch.tensor([-1.0, 2]), 0.1)
    F.leaky_relu(torch.tensor([-1, 2]))
    F.leaky_relu(x, 0.1, True)
    F.relu(x, inplace=True)
    F.relu_(torch.tensor([-1.0, 2.0]))
    F.relu([1])
    F.softmax([1], 0)
""",
)

CASES["losses of numbers"] = (
    """
x = torch.tensor([0.3, 0.6], requires_grad=True)
t = torch.tensor([0.0, 1.0])
w = torch.tensor([1.0, 2.0])
many = lambda kind, *given: [kind(reduction=r)(*given) for r in ("none", "mean", "sum")]
""",
    """
    [nn.BCELoss(), nn.BCEWithLogitsLoss(), nn.MSELoss()]
    [nn.CrossEntropyLoss(), nn.NLLLoss(), nn.L1Loss()]
    many(nn.BCELoss, x, t), many(nn.BCEWithLogitsLoss, x, t)
    many(nn.MSELoss, x, t), many(nn.L1Loss, x, t)
    nn.BCELoss()(x, torch.ones(2, 1))
    F.binary_cross_entropy(torch.ones(3) * 0.5, torch.ones(2))
    nn.BCELoss()(torch.tensor([1.5]), torch.tensor([1.0]))
    nn.BCELoss()(torch.tensor([-0.5]), torch.tensor([0.0]))
    nn.BCELoss(reduction="none")(torch.tensor([1.5]), torch.tensor([1.0]))
    nn.BCELoss()(torch.tensor([math.nan]), torch.tensor([1.0]))
    nn.BCELoss()(torch.tensor([0.5]), torch.tensor([3.0]))
    nn.BCELoss()(torch.tensor([0.5]), torch.tensor([-1.0]))
    nn.BCELoss()(torch.tensor([0.5]), torch.tensor([math.nan]))
    nn.BCELoss()(torch.tensor([-0.0]), torch.tensor([-0.0]))
    nn.BCELoss()(torch.tensor([0.0, 1.0]), torch.tensor([1.0, 0.0]))
    nn.BCELoss()(x, torch.tensor([0, 1]))
    nn.BCELoss()(x, t.double())
    nn.BCELoss()(x.double(), t)
    nn.BCELoss()(torch.tensor([0, 1]), t)
    nn.BCELoss()(torch.tensor([0, 1]), torch.tensor([0, 1]))
    nn.BCELoss(reduction="x")(x, t)
    nn.BCELoss(reduction=None)(x, t)
    nn.BCELoss(size_average=False)(x, t)
    nn.BCELoss(reduce=False).reduction, nn.BCELoss(size_average=True).reduction
    F.binary_cross_entropy(x, t, size_average=False)
    F.binary_cross_entropy(x, t, None, None, None, "sum")
    nn.BCELoss(weight=w)(x, t), nn.BCELoss(weight=w.double())(x, t), nn.BCELoss(w).state_dict()
    nn.BCELoss(weight=torch.ones(3))(x, t)
    F.binary_cross_entropy(x, t, w.clone().requires_grad_())
    F.binary_cross_entropy(x, [1, 2])
    F.binary_cross_entropy(x.detach().numpy(), t)
    nn.BCELoss()(torch.zeros(0), torch.zeros(0)), nn.BCELoss()(torch.tensor(0.5), torch.tensor(1.0))
    F.binary_cross_entropy(x, t.clone().requires_grad_()).grad_fn.next_functions
    nn.BCEWithLogitsLoss()(x, torch.ones(2, 1))
    nn.BCEWithLogitsLoss()(x, torch.tensor([0, 1]))
    nn.BCEWithLogitsLoss()(x, t.double())
    nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.0]))(x, t), nn.BCEWithLogitsLoss(weight=w)(x, t)
    nn.BCEWithLogitsLoss(pos_weight=torch.ones(3))(x, t)
    nn.BCEWithLogitsLoss()(torch.tensor([0, 1]), t)
    nn.BCEWithLogitsLoss(reduction="x")(x, t)
    nn.MSELoss()(x, torch.ones(2, 1))
    F.mse_loss(x, torch.ones(3))
    nn.MSELoss()(x, torch.tensor([0, 1])), nn.MSELoss()(x, t.double())
    nn.MSELoss()(torch.tensor([0, 1]), torch.tensor([0, 1]))
    F.mse_loss(x, t, weight=w), F.mse_loss(x, t, weight=w, reduction="sum")
    F.mse_loss(x, t, weight=torch.tensor([1.0]))
    nn.MSELoss(reduction="x")(x, t)
    F.mse_loss(x, [1, 2])
    nn.L1Loss()(x, torch.ones(2, 1)), F.l1_loss(x, t, weight=w)
    F.l1_loss(x, t).grad_fn.next_functions, F.mse_loss(x, t).grad_fn
""",
)

CASES["losses of classes"] = (
    """
x = torch.tensor([[1.0, 2, 3], [0, 1, 0]], requires_grad=True)
c = torch.tensor([0, 2])
p = torch.tensor([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]])
w = torch.tensor([1.0, 2, 3])
many = lambda **o: [nn.CrossEntropyLoss(reduction=r, **o) for r in ("none", "mean", "sum")]
block = torch.ones(2, 3, 4, requires_grad=True)
""",
    """
    [f(x, c) for f in many()], nn.CrossEntropyLoss()(x, c).grad_fn.next_functions
    [f(x, c) for f in many(weight=w)], [f(x, c) for f in many(ignore_index=0)]
    [f(x, c) for f in many(label_smoothing=0.1)]
    [f(x, c) for f in many(label_smoothing=0.1, weight=w, ignore_index=0)]
    [f(x, p) for f in many()], [f(x, p) for f in many(label_smoothing=0.1, weight=w)]
    nn.CrossEntropyLoss(ignore_index=1)(x, p)
    nn.CrossEntropyLoss(label_smoothing=2.0)(x, c)
    nn.CrossEntropyLoss()(x[0], torch.tensor(1)), nn.CrossEntropyLoss()(x[0], p[0])
    nn.CrossEntropyLoss(label_smoothing=0.1)(x[0], torch.tensor(1))
    nn.CrossEntropyLoss()(block, torch.ones(2, 4, dtype=int))
    nn.CrossEntropyLoss()(x, torch.tensor([0, 3]))
    nn.CrossEntropyLoss()(x, torch.tensor([0, -1]))
    [nn.CrossEntropyLoss()(x, torch.tensor([k, -100])) for k in (0, -100)]
    nn.CrossEntropyLoss()(x, torch.tensor([0, 1, 2]))
    nn.CrossEntropyLoss()(x, torch.tensor([0.0, 1.0]))
    nn.CrossEntropyLoss()(x, torch.tensor([0, 1], dtype=torch.int32))
    nn.CrossEntropyLoss()(x, torch.tensor([0, 1], dtype=torch.uint8))
    nn.CrossEntropyLoss()(x, torch.tensor([[0], [1]]))
    nn.CrossEntropyLoss()(torch.ones(2, 2), torch.tensor([[0, 1], [1, 0]]))
    nn.CrossEntropyLoss(weight=torch.ones(2))(x, c)
    nn.CrossEntropyLoss(weight=torch.ones(3).double())(x, c)
    nn.CrossEntropyLoss()(x.long(), c)
    nn.CrossEntropyLoss(reduction="x")(x, c)
    F.cross_entropy(x, [0, 1])
    nn.CrossEntropyLoss()(block, torch.ones(2, 4, dtype=int) * 5)
    nn.CrossEntropyLoss()(block, torch.ones(2, 5, dtype=int))
    [nn.NLLLoss(reduction=r)(x, c) for r in ("none", "mean", "sum")]
    nn.NLLLoss()(x, p)
    nn.NLLLoss()(torch.tensor(1.0), torch.tensor(0))
    nn.NLLLoss()(x[0], torch.tensor([0, 1]))
    F.cross_entropy(x, c, w.clone().requires_grad_())
""",
)

CASES["first weights"] = (
    """
w = torch.empty(2, 3)
filled = lambda name, *given, **named: getattr(nn.init, name)(w, *given, **named).clone()
""",
    """
    [filled(n) for n in ("xavier_uniform_", "xavier_normal_")]
    [filled(n) for n in ("kaiming_uniform_", "kaiming_normal_")]
    [filled(n) for n in ("uniform_", "normal_", "ones_", "zeros_", "eye_")], filled("constant_", 3)
    filled("uniform_", -1, 1), filled("normal_", 0, 0.01), filled("xavier_uniform_", gain=2.0)
    filled("kaiming_uniform_", mode="fan_out", nonlinearity="relu"), nn.init.uniform_(w) is w
    filled("kaiming_normal_", a=0.2), filled("uniform_", generator=torch.Generator().manual_seed(3))
    [nn.init.calculate_gain(n) for n in ("linear", "sigmoid", "tanh", "relu", "selu", "conv2d")]
    nn.init.calculate_gain("leaky_relu"), nn.init.calculate_gain("leaky_relu", 0.2)
    nn.init.calculate_gain("x")
    nn.init.calculate_gain("leaky_relu", "a")
    nn.init.xavier_uniform_(torch.ones(2))
    nn.init.kaiming_uniform_(torch.ones(0, 2))
    nn.init.kaiming_uniform_(torch.ones(2, 2), mode="x")
    nn.init.zeros_(nn.Parameter(torch.ones(2, 2)))
    nn.init.normal_(3)
    nn.init.xavier_normal_(torch.empty(2, 3, 4))
    nn.init.normal_(torch.empty(4, 6).t())
    nn.init.eye_(torch.ones(2))
""",
)

CASES["hooks of modules"] = (
    """
heard = []
def linear():
    l = nn.Linear(2, 1)
    nn.init.ones_(l.weight), nn.init.zeros_(l.bias)
    return l
def say(*what):
    heard.append(what)
def told():
    said, heard[:] = list(heard), []
    return said
one = torch.ones(1, 2, requires_grad=True)
before, after, both, back, early = (linear() for _ in range(5))
handles = [before.register_forward_pre_hook(lambda m, i: say("pre", i))]
handles += [after.register_forward_hook(lambda m, i, o: say("post", i, o) or o * 2)]
handles += [both.register_forward_hook(lambda m, i, o: say(1))]
handles += [both.register_forward_hook(lambda m, i, o: say(2), prepend=True)]
handles += [both.register_forward_pre_hook(lambda m, i, k: say(k), with_kwargs=True)]
handles += [back.register_full_backward_hook(lambda m, gi, go: say(type(m).__name__, gi, go))]
handles += [early.register_full_backward_pre_hook(lambda m, go: say("pre", go))]
""",
    """
    before(one), told()
    after(one), told()
    both(input=one), told()
    [h.remove() for h in handles[:5]], after(one), before(one), told()
    back(one).sum().backward(), told(), one.grad
    back(torch.ones(1, 2)).sum().backward(), told()
    early(one).sum().backward(), told()
    before.register_forward_pre_hook(lambda m, i: i[0] * 3).id >= 0, before(one)
""",
)


@pytest.mark.parametrize("name", CASES)
def test_as_recorded(name: str) -> None:
    assert told("chainrule.torch", *CASES[name]) == recorded(name)


@pytest.mark.peers
@pytest.mark.parametrize("name", CASES)
def test_the_record_is_pytorchs(name: str) -> None:
    torch = pytest.importorskip("torch")
    if not torch.__version__.startswith("2.13."):
        pytest.skip("the record is of PyTorch 2.13")
    assert told("torch", *CASES[name]) == recorded(name)
