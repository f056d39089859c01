"""Optimisers: what they show, raise and warn of is what PyTorch does."""

from __future__ import annotations

import pytest

from tests.torch.told import recorded, told

CASES: dict[str, tuple[str, str]] = {}

CASES["what optimisers are given"] = (
    """
p, q = nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(1))
fixed = nn.Parameter(torch.ones(2)).requires_grad_(False)
lin = nn.Linear(1, 1)
nn.init.ones_(lin.weight), nn.init.ones_(lin.bias)
sgd = lambda params, lr=1, **o: optim.SGD(params, lr=lr, **o)
def added(group):
    o = sgd([p])
    o.add_param_group(group)
    return o.param_groups[1]
""",
    """
    sgd([])
    sgd(nn.ReLU().parameters())
    sgd(p)
    sgd(3)
    sgd(None)
    sgd([3])
    sgd([1.0])
    sgd({"params": [p]})
    sgd([p * 2])
    sgd([torch.ones(2)])
    sgd([fixed])
    sgd([p], lr=-1)
    sgd([p], lr=-0.1)
    sgd([p], lr=None)
    sgd([p], lr="a")
    sgd([p], momentum=-1)
    sgd([p], weight_decay=-1)
    sgd([p], nesterov=True)
    sgd([p], nesterov=True, momentum=0.9, dampening=0.1)
    sgd([p], foo=1)
    optim.SGD([p], 0.1, 0.9, 0, 0, False, True)
    sgd([p], lr=torch.tensor(0.5))
    sgd([p], lr=torch.tensor([0.1, 0.1]))
    sgd([p], fused=True, foreach=True)
    sgd([p], fused=True, differentiable=True)
    sgd([p, p])
    sgd([{"params": [p]}, {"params": [p]}])
    sgd([{"params": [p]}, {"params": [q], "lr": 0.5}])
    sgd([{"params": {p}}])
    sgd([{"lr": 1}])
    optim.SGD([{"params": [p]}])
    sgd(iter([p])).param_groups[0]["params"]
    sgd(lin.named_parameters()), sgd(lin.named_parameters()).param_groups
    sgd(lin.named_parameters()).state_dict()
    sgd([("a", p), q])
    sgd([("a", p)]).add_param_group({"params": [q]})
    added(3)
    added({"params": q})
    added({"params": [q], "names": ["a"]})
    added({"params": [q], "lr": 5.0})["lr"]
    optim.Optimizer([p], {"lr": 1})
    optim.Optimizer([p], {}).step()
    optim.Adam([p], lr=-1)
    optim.Adam([p], lr="a")
    optim.Adam([p], eps=-1)
    optim.Adam([p], betas=(1.0, 0.9))
    optim.Adam([p], betas=(0.9, 1.0))
    optim.Adam([p], betas=(0.9,))
    optim.Adam([p], weight_decay=-1)
    optim.Adam([p]), optim.Adam([p]).defaults
    optim.AdamW([p]), optim.AdamW([p]).defaults
    sgd([p]), sgd([p]).defaults
    copy.deepcopy(sgd([p], momentum=0.9))
""",
)

CASES["steps and states"] = (
    """
p = nn.Parameter(torch.ones(2))
fresh = lambda: nn.Parameter(torch.ones(2))
def stepped(o, *closure):
    for group in o.param_groups:
        for one in group["params"]:
            one.grad = torch.ones_like(one)
    o.step(*closure)
    return o
heard = []
def hooked(o):
    o.register_step_pre_hook(lambda *a: heard.append(("pre", len(a), a[2])))
    o.register_step_post_hook(lambda *a: heard.append(("post", len(a[1]), a[2])))
    return stepped(o)
""",
    """
    optim.SGD([p], lr=0.1).step(), p
    optim.SGD([p], lr=0.1).step(lambda: (torch.is_grad_enabled(), 3))
    stepped(optim.SGD([p], lr=0.1, momentum=0.9)).state_dict(), p
    stepped(optim.SGD([p], lr=0.1, momentum=0.9)).state
    stepped(optim.SGD([p], lr=0.1)).state_dict(), p
    stepped(optim.Adam([p], lr=0.1, amsgrad=True)).state_dict(), p
    stepped(stepped(optim.AdamW([p], lr=0.1))).state_dict()["state"], p
    optim.SGD([p], lr=0.1).zero_grad(), p.grad
    stepped(optim.SGD([p], lr=0.1)).zero_grad(set_to_none=False), p.grad
    optim.SGD([p], lr=0.1).load_state_dict({"state": {}, "param_groups": []})
    optim.SGD([p], lr=0.1).load_state_dict({"state": {}, "param_groups": [{"params": [0, 1]}]})
    (lambda o: (o.load_state_dict(optim.SGD([p], lr=0.3).state_dict()), o))(optim.SGD([p], lr=1.0))
    (lambda o: (o.load_state_dict(stepped(optim.Adam([p])).state_dict()), o.state))(optim.Adam([p]))
    (lambda q: (stepped(optim.SGD([q], lr=0.1, momentum=0.9)), q._version))(fresh())[1]
    (lambda q: (stepped(optim.AdamW([q], lr=0.1)), q._version))(fresh())[1]
    hooked(optim.SGD([p], lr=0.1)), heard
    p.grad, p
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
