"""Options of optimisers: what is refused at once, what at the first step, in PyTorch's words."""

from __future__ import annotations

from typing import Any

import pytest

import chainrule.torch as mine

CASES = """
    RMSprop lr=-1
    RMSprop eps=-1
    RMSprop momentum=-1
    RMSprop alpha=-1
    RMSprop weight_decay=-1
    RMSprop lr=torch.ones(2)
    RMSprop capturable=True
    RMSprop foreach=True
    RMSprop lr=torch.tensor(0.1)
    RMSprop lr=torch.tensor(0.1),foreach=True
    RMSprop alpha=2
    Adagrad lr=-1
    Adagrad lr_decay=-1
    Adagrad eps=-1
    Adagrad weight_decay=-1
    Adagrad initial_accumulator_value=-1
    Adagrad fused=True
    Adagrad fused=True,foreach=True
    Adagrad fused=True,differentiable=True
    Adagrad lr=torch.ones(2)
    Adagrad fused=True,lr=torch.tensor(.1)
    Adagrad foreach=True
    Adadelta lr=-1
    Adadelta rho=2
    Adadelta rho=-1
    Adadelta eps=-1
    Adadelta weight_decay=-1
    Adadelta lr=torch.ones(2)
    Adadelta capturable=True
    Adadelta lr=torch.tensor(0.5)
    Adamax lr=-1
    Adamax eps=-1
    Adamax betas=(1,0)
    Adamax betas=(0,1)
    Adamax weight_decay=-1
    Adamax lr=torch.ones(2)
    Adamax capturable=True
    Adamax lr=torch.tensor(0.5)
    NAdam lr=-1
    NAdam eps=-1
    NAdam betas=(1,0)
    NAdam betas=(0,1)
    NAdam weight_decay=-1
    NAdam momentum_decay=-1
    NAdam lr=torch.ones(2)
    NAdam capturable=True
    NAdam lr=torch.tensor(0.5)
    RAdam lr=-1
    RAdam eps=-1
    RAdam betas=(1,0)
    RAdam betas=(0,1)
    RAdam weight_decay=-1
    RAdam lr=torch.ones(2)
    RAdam capturable=True
    RAdam lr=torch.tensor(0.5)
    Rprop lr=-1
    Rprop etas=(0,1)
    Rprop etas=(2,3)
    Rprop etas=(.5,.6)
    Rprop lr=torch.ones(2)
    Rprop capturable=True
    Rprop step_sizes=(1,0)
    Rprop lr=torch.tensor(0.5)
    ASGD lr=-1
    ASGD weight_decay=-1
    ASGD lambd=-1
    ASGD alpha=-1
    ASGD t0=-1
    ASGD lr=torch.ones(2)
    ASGD capturable=True
    Adafactor lr=-1
    Adafactor beta2_decay=1
    Adafactor eps=(-1,1)
    Adafactor eps=(1,-1)
    Adafactor d=0.5
    Adafactor d=-1
    Adafactor weight_decay=-1
    Adafactor lr=torch.ones(2)
    Adafactor foreach=True
    Adafactor lr=torch.tensor(0.5)
    SparseAdam lr=-1
    SparseAdam eps=-1
    SparseAdam betas=(1,0)
    SparseAdam betas=(0,1)
    SparseAdam lr=torch.ones(2)
    SparseAdam maximize=True
    Adam capturable=True
    AdamW capturable=True
    Adam capturable=True,foreach=True
    AdamW capturable=True,foreach=True
    Adam capturable=True,fused=True
    AdamW capturable=True,fused=True
    Adam lr=torch.tensor(.1)
    AdamW lr=torch.tensor(.1)
    Adam lr=torch.tensor(.1),foreach=True
    AdamW lr=torch.tensor(.1),foreach=True
    Adam lr=torch.tensor(.1),foreach=True,capturable=True
    AdamW lr=torch.tensor(.1),foreach=True,capturable=True
    Adam lr=torch.ones(2)
    AdamW lr=torch.ones(2)
    Adam fused=True,foreach=True
    AdamW fused=True,foreach=True
    Adam betas=(torch.tensor(.9),torch.tensor(.99))
    AdamW betas=(torch.tensor(.9),torch.tensor(.99))
    Adam betas=(torch.tensor([.9]),torch.tensor([.99]))
    AdamW betas=(torch.tensor([.9]),torch.tensor([.99]))
    Adam betas=(torch.tensor(.9),.99)
    AdamW betas=(torch.tensor(.9),.99)
    Adam betas=(0,.5)
    AdamW betas=(0,.5)
    Adam betas=(1,0)
    AdamW betas=(1,0)
    Adam betas=[.5,.9]
    AdamW betas=[.5,.9]
    Adam betas=(.5,.9,.1)
    AdamW betas=(.5,.9,.1)
    Adam betas=(torch.tensor(.9),torch.tensor(.99)),foreach=True
    AdamW betas=(torch.tensor(.9),torch.tensor(.99)),foreach=True
    Adam weight_decay=torch.tensor(.1)
    AdamW weight_decay=torch.tensor(.1)
    Adam eps=-1
    AdamW eps=-1
    Adafactor complex
    RMSprop complex
"""


def tried(torch: Any, name: str, options: str) -> str:
    """Return what two steps with these options make of two ones, or say."""
    kind = torch.complex64 if options == "complex" else torch.float32
    p = torch.nn.Parameter(torch.ones(2, dtype=kind))
    try:
        given = "" if options == "complex" else options
        names = {"kind": getattr(torch.optim, name), "p": p, "torch": torch}
        optimizer = eval(f"kind([p], {given})", names)  # noqa: S307  (our own cases)
        for _ in range(2):
            p.grad = torch.ones(2, dtype=kind)
            optimizer.step()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return repr(
        [
            [complex(round(v.real, 4), round(v.imag, 4)) for v in p.tolist()],
            list(optimizer.state[p]),
            optimizer.param_groups[0].get("betas"),
        ]
    )


@pytest.mark.peers
@pytest.mark.parametrize("case", list(filter(None, map(str.strip, CASES.splitlines()))))
def test_options_do_and_say_what_pytorchs_do(case: str) -> None:
    torch = pytest.importorskip("torch")
    name, options = case.split(" ", 1)
    assert tried(mine, name, options) == tried(torch, name, options)


@pytest.mark.peers
@pytest.mark.parametrize("name", ["Adam", "SGD", "RMSprop", "Adagrad"])
def test_steps_are_counted_in_the_default_type(name: str) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for t in (mine, torch):
        t.set_default_dtype(t.float64)
        try:
            p = t.nn.Parameter(t.ones(2, dtype=t.float32))
            p.grad = t.ones_like(p)
            optimizer = getattr(t.optim, name)([p], lr=0.1)
            optimizer.step()
        finally:
            t.set_default_dtype(t.float32)
        found.append({key: str(v) for key, v in optimizer.state[p].items()})
    assert found[0] == found[1]
