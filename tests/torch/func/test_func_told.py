"""Functions of functions said line by line: what PyTorch answers, the face answers.

`python -m tests.torch.func.test_func_told` asks PyTorch and writes the record beside this file.
"""

# ruff: noqa: E501  (an expression stands in a line)

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.torch.told import settled, told

RECORD = Path(__file__).with_name("func_told.json")
CASES = {
    "vmap": (
        """\
import functools
from functools import partial
func = torch.func
for name in dir(func):
    if not name.startswith("_"):
        globals()[name] = getattr(func, name)
x = torch.arange(6.0).view(3, 2)
w = torch.tensor([1.0, 2.0], requires_grad=True)
add = lambda a, b: a + b
class M(torch.nn.Module):
    def forward(self, x):
        return 2.0
def out(x):
    x = x.detach().requires_grad_()
    y = vmap(lambda a: (a**2).sum() * a)(x)
    y.sum().backward()
    return x.grad
def second():
    y = vmap(lambda a: (w * a).sin().sum() * w[0])(x.detach())
    (g,) = torch.autograd.grad(y.sum(), w, create_graph=True)
    return torch.autograd.grad(g.pow(2).sum(), w)
""",
        r"""
vmap(lambda: x)()
vmap(lambda *, a: a)(a=x)
vmap(add,in_dims='a')(x,x)
vmap(add,in_dims=[0,0])(x,x)
vmap(lambda a:a[0]*a[1],in_dims=[0])([x,x])
vmap(add,in_dims=(0,))(x,x)
vmap(add,in_dims=None)(x,x)
vmap(add,in_dims=(None,None))(x,x)
vmap(lambda d: d['a']+d['b'],in_dims=({'a':0,'b':None},))({'a':x,'b':x[0]})
vmap(lambda d: d['a']+d['b'],in_dims=({'a':0},))({'a':x,'b':x[0]})
vmap(lambda d: d[0]+d[1],in_dims=((0,1),))((x,x.T))
vmap(lambda d,e: d[0]+d[1]+e,in_dims=((0,1),))((x,x.T),x)
vmap(lambda d: d[0]+d[1],in_dims=([0,1],))([x,x.T])
vmap(add,in_dims=(0,0.5))(x,x)
vmap(add,in_dims=(0,2))(x,x)
vmap(add,in_dims=(-2,0))(x,x)
vmap(add,in_dims=(-3,0))(x,x)
vmap(add)(x,3)
vmap(add,in_dims=(0,None))(x,3)
vmap(add)(torch.tensor(1.),x)
vmap(add)(x,torch.ones(2,2))
vmap(lambda d,e:e)({'a':x,'b':torch.ones(2)},x)
vmap(add,out_dims='a')(x,x)
vmap(add,out_dims=(0,))(x,x)
vmap(add,out_dims=(0,1))(x,x)
vmap(add,out_dims=1)(x,x)
vmap(add,out_dims=-1)(x,x)
vmap(add,out_dims=2)(x,x)
vmap(add,out_dims=-3)(x,x)
vmap(add,out_dims=None)(x,x)
vmap(lambda a: torch.ones(2),out_dims=None)(x)
vmap(lambda a: (a,torch.ones(2)),out_dims=(1,None))(x)
vmap(lambda a: (a,3.),out_dims=(1,None))(x)
vmap(lambda a: (a,'s'),out_dims=(1,None))(x)
vmap(lambda a: torch.ones(2))(x)
vmap(lambda a: torch.ones(2),out_dims=1)(x)
vmap(lambda a: [a,a],out_dims=[0,1])(x)
vmap(lambda a: {'a':a},out_dims={'a':1})(x)
vmap(lambda a: {'a':a,'b':a},out_dims=(1,0))(x)
vmap(lambda a: (a,(a,a)),out_dims=(1,(0,1)))(x)
vmap(lambda a: (a,(a,a)),out_dims=(1,0))(x)
vmap(add,chunk_size=2)(x,x)
vmap(add,chunk_size=0)(x,x)
vmap(add,chunk_size=-1)(x,x)
vmap(add,chunk_size=7)(x,x)
vmap(lambda a: (a,torch.ones(2)),out_dims=(1,None),chunk_size=2)(x)
vmap(add,randomness='x')(x,x)
vmap(add)(torch.ones(0,2),torch.ones(0,2))
vmap(lambda a,b=1: a*b)(x,b=x)
vmap(lambda a,b=1: a*b)(x,b=torch.ones(2))
vmap(torch.sum)(x,1,2)
vmap(functools.partial(add,1.),out_dims='a')(x)
vmap(M())(x)
vmap(vmap(torch.dot, in_dims=(None,0)), in_dims=(0,None))(x,x)
vmap(torch.sin)(x.requires_grad_())
vmap(lambda a: (a*a).sum())(x)
vmap(lambda a: a)(x)
out(x)
torch.no_grad()(vmap(torch.sin))(x)
vmap(lambda a: (a,None))(x)
vmap(add)(x)
vmap(lambda a: a, in_dims=1)(x).stride()
torch.autograd.grad(vmap(lambda a: (w*a).sin().sum()*w[0])(x.detach()).sum(), w)
torch.autograd.grad(vmap(lambda a: w.exp())(x.detach()).sum(), w)
torch.autograd.grad(vmap(lambda a: w)(x.detach()).sum(), w)
torch.autograd.grad(vmap(lambda a: (a,w.exp()),out_dims=(0,None))(x.detach())[1].sum(), w)
grad(lambda w: vmap(lambda a: (w*a).sin().sum()*w[0])(x.detach()).sum())(w.detach())
hessian(lambda w: vmap(lambda a: (w*a).sin().sum()*w[0])(x.detach()).sum())(w.detach())
vmap(hessian(lambda a: (w.detach()*a).sin().sum()*a[0]))(x.detach())
vmap(vmap(grad(lambda a,b: (a*b).sin())))(x.detach(),x.detach()+1)
jacrev(vmap(jacfwd(lambda a: a.prod()*a)))(x.detach())
jacfwd(jacrev(lambda a: a.prod()*a))(x.detach()[1])
vmap(grad(lambda w, a: (w*a).sum()**2),(None,0))(w.detach(),x.detach())
torch.autograd.grad(vmap(grad(lambda a: (w*a).sin().sum()))(x).sum(), (w,x))
vmap(lambda a: jvp(torch.sin,(a,),(torch.ones(2),))[1])(x.detach())
vmap(lambda a: vjp(torch.sin,a)[1](torch.ones(2))[0])(x.detach())
vmap(vmap(lambda a,b: a*b,(0,None)),(None,0))(x.detach(),x.detach()[:,0])
vmap(lambda a,i: a[i])(x.detach(),torch.tensor([0,1,0]))
torch.autograd.grad(vmap(lambda a,i: (a**2)[i])(x,torch.tensor([0,1,0])).sum(),x)
""",
    ),
    "derivatives": (
        """\
for name in dir(torch.func):
    if not name.startswith("_"):
        globals()[name] = getattr(torch.func, name)
x = torch.tensor([1.0, 2.0])
w = torch.tensor([1.0, 3.0], requires_grad=True)
f = lambda x: (x**2).sum()
def lin():
    y, push = linearize(lambda x: x.sin(), x)
    return y, push(x), push(torch.ones(2))
""",
        r"""
grad(lambda x: x**2)(x)
grad(lambda x: 3.)(x)
grad(lambda x: (x.sum(),1))(x)
grad(f,has_aux=True)(x)
grad(lambda x:(x.sum(),{'a':x}),has_aux=True)(x)
grad(lambda x:[x.sum(),x],has_aux=True)(x)
grad(f,argnums=1)(x)
grad(f,argnums=(0,0))(x)
grad(f,argnums=())(x)
grad(f,argnums='a')(x)
grad(f,argnums=[0])(x)
grad(f,argnums=-1)(x)
grad(f,argnums=-2)(x)
grad(lambda x,y: (x*y).sum(),argnums=(0,1))(x,x)
grad(lambda x,y: (x*y).sum(),argnums=(1,-2))(x,x)
grad(lambda x,y: (x*y).sum(),argnums=(0,-2))(x,x)
grad(f)(3.)
grad(f)(torch.tensor([1,2]))
grad(lambda d: (d['a']*d['b'][0]).sum())({'a':x,'b':[x]})
grad(lambda x: torch.tensor(1.))(x)
grad(lambda x: x.detach().sum())(x)
grad(lambda x,y=1: x.sum()*y)(x,y=3)
grad(lambda: 1)()
grad(lambda x: (x+0j).sum())(x)
grad(lambda x: torch.no_grad()(lambda: x.sum())())(x)
torch.no_grad()(lambda: grad(f)(x))()
grad_and_value(f)(x)
grad_and_value(lambda x:(x.sum(),x),has_aux=True)(x)
grad(lambda x: x.sum().backward())(x)
grad(lambda x: torch.autograd.grad(x.sum(),x)[0].sum())(x)
grad(lambda x: x.requires_grad_().sum())(x)
grad(lambda x: x.mul_(2).sum())(x.clone())
grad(lambda x: (x.sum(),3.),has_aux=True)(x)
grad(lambda x: x.item())(torch.tensor(2.))
grad(lambda x: x*x.item())(torch.tensor(2.))
grad(lambda x: x*2 if x>0 else x)(torch.tensor(2.))
grad(lambda x: x.sum(), argnums=True)(x,x)
jacrev(lambda x: x**2)(x)
jacrev(lambda x: (x**2,x.sum()))(x)
jacrev(lambda x,y: x*y,argnums=(0,1))(x,x)
jacrev(lambda x: {'a':x*2,'b':(x,)})(x)
jacrev(lambda x: (x*2,x),has_aux=True)(x)
jacrev(lambda x: 3.)(x)
jacrev(lambda x: x*2,chunk_size=1)(x)
jacrev(lambda x: x*2,chunk_size=0)(x)
jacrev(lambda x: torch.ones(2))(x)
jacrev(lambda x: x*2,argnums=3)(x)
jacrev(lambda x: x*2)(3.)
jacrev(lambda x: x*2)(torch.tensor([1,2]))
jacrev(lambda d: d['a']*2)({'a':x})
jacrev(lambda x: x[:0])(x)
jacrev(lambda x: x*2)(torch.ones(0))
jacrev(lambda x: (x>1))(x)
jacrev(lambda x: x.to(torch.float64))(x)
jacfwd(lambda x: x**2)(x)
jacfwd(lambda x: (x**2,x.sum()))(x)
jacfwd(lambda x,y: x*y,argnums=(0,1))(x,x)
jacfwd(lambda x: {'a':x*2,'b':(x,)})(x)
jacfwd(lambda x: (x*2,x),has_aux=True)(x)
jacfwd(lambda x: 3.)(x)
jacfwd(lambda x: torch.ones(2))(x)
jacfwd(lambda x: x*2,argnums=3)(x)
jacfwd(lambda x: x*2)(torch.tensor([1,2]))
jacfwd(lambda d: d['a']*2)({'a':x})
jacfwd(lambda x: x*2,randomness='x')(x)
jacfwd(lambda x: x*torch.rand(2))(x)
jacfwd(lambda x: (x>1))(x)
hessian(lambda x,y: (x**2*y).sum(),argnums=(0,1))(x,x)
hessian(lambda x: x**3)(x)
vjp(f,x)[1](torch.tensor(1.))
vjp(lambda x:(x,x*2),x)[1]((x,x))
vjp(lambda x:(x,x*2),x)[1](x)
vjp(lambda x:(x,x*2),x)[1]([x,x])
vjp(lambda x,y:x*y,x,x)[1](x)
vjp(lambda x:(x*2,'aux'),x,has_aux=True)[2]
vjp(lambda x: 3.,x)
vjp(lambda x: x,3.)
vjp(lambda x:{'a':x},x)[1]({'a':x})
vjp(lambda x:x*2,x)[1](torch.ones(3))
vjp(lambda x:x.sum()*2,x)[1](3.)
vjp(lambda:1.)
vjp(lambda x: torch.ones(2),x)[1](x)
vjp(lambda x: (x,3),x)
jvp(f,(x,),(x,))
jvp(f,x,x)
jvp(f,(x,),x)
jvp(f,(x,),(x,x))
jvp(f,(x,),(torch.ones(3),))
jvp(f,(),())
jvp(lambda x:(x*2,1),(x,),(x,),has_aux=True)
jvp(lambda x: 3.,(x,),(x,))
jvp(lambda x: x,(3.,),(x,))
jvp(lambda x: x,(x,),(3.,))
jvp(lambda d: d['a']*2,({'a':x},),({'a':x},))
jvp(lambda x: torch.ones(2),(x,),(x,))
jvp(lambda x: (x,{'b':x*2}),(x,),(x,))
jvp(lambda x: (x,3),(x,),(x,))
linearize(lambda x: x.sin(),x)[1](torch.ones(3))
linearize(lambda x: x.sin(),x)[1](x,x)
linearize(lambda x,y: (x*y,x),x,x)[1](x,x)
functionalize(lambda x: x.clone().add_(1))(x)
functionalize(lambda x: x,remove='a')
grad(f).__name__
jacrev(jacrev(jacrev(lambda x: (x**3).sum())))(x)
jacfwd(jacfwd(lambda x: (x**3).sum()))(x)
jvp(lambda x: jvp(torch.sin,(x,),(torch.ones(2),))[1],(x,),(torch.ones(2),))
jvp(grad(f),(x,),(torch.ones(2),))
vjp(grad(f),x)[1](torch.ones(2))
grad(lambda x: vjp(torch.sin,x)[1](torch.ones(2))[0].sum())(x)
grad(lambda x: (x*w).sum())(x)
torch.autograd.grad(grad(lambda x: (x*w**2).sum())(x).sum(),w)
grad(lambda v: (v*w).sum())(w)
""",
    ),
    "modules": (
        """\
for name in dir(torch.func):
    if not name.startswith("_"):
        globals()[name] = getattr(torch.func, name)
class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 2, bias=False)
        self.b = nn.Linear(2, 2, bias=False)
        self.b.weight = self.a.weight
        self.register_buffer("n", torch.zeros(1))
        self.register_buffer("none", None)
    def forward(self, x, *, k=1):
        self.n.add_(1)
        return self.b(self.a(x)) * k
m, x, o, n = Tied(), torch.ones(1, 2), torch.ones(2, 2), torch.zeros(1)
l = nn.Linear(2, 2)
l.weight.requires_grad_(False)
ms = [nn.Linear(2, 1) for _ in range(3)]
p, b = stack_module_state(ms)
""",
        r"""
functional_call(m,{'a.weight':o},(x,))
functional_call(m,{'a.weight':o},x)
functional_call(m,{'a.weight':o},x,tie_weights=False).detach()
functional_call(m,{'a.weight':o,'b.weight':o},x)
functional_call(m,{'a.weight':o,'b.weight':o*2},x)
functional_call(m,{'a.weight':o,'b.weight':o*2},x,tie_weights=False)
functional_call(m,({'a.weight':o},{'n':torch.zeros(1)}),x)
functional_call(m,({'a.weight':o},{'a.weight':o}),x)
functional_call(m,[{'a.weight':o},{'n':torch.zeros(1)}],x)
functional_call(m,3,x)
functional_call(m,(3,),x)
functional_call(m,{'a.weight':o},x,{'k':2})
functional_call(m,{'a.weight':o},None)
functional_call(m,{'a.foo':o},x)
functional_call(m,{'foo':o},x)
functional_call(m,{'c.foo':o},x)
functional_call(m,{'a.weight':o},x,strict=True)
functional_call(m,{'a.weight':o,'n':torch.zeros(1)},x,strict=True)
functional_call(m,{'a.weight':o,'z':o,'y.q':o},x,strict=True)
(functional_call(m,{'n':n},x).detach()*0, n, m.n)
m.n
functional_call(m,{'a':o},x)
functional_call(m,{'a.weight':torch.ones(3,3)},x)
functional_call(m,{'a.weight':o.requires_grad_()},x)
functional_call(m,{},x).detach()*0
functional_call(3,{},x)
functional_call(m,{'none':o.detach()},x).detach()*0
functional_call(nn.Linear(2,2),{'weight':o.detach(),'bias':None},x)
functional_call(m,{'b.weight':o.detach()},x)
[{k:(v.shape,v.requires_grad,type(v).__name__,v.is_leaf) for k,v in d.items()} for d in stack_module_state([nn.BatchNorm1d(2),nn.BatchNorm1d(2)])]
stack_module_state([])
stack_module_state([nn.Linear(2,2),nn.ReLU()])
stack_module_state([nn.Linear(2,2),nn.Linear(2,2).eval()])
stack_module_state(nn.ModuleList([nn.Linear(2,2,bias=False),nn.Linear(2,2,bias=False)]))[0].keys()
stack_module_state([nn.Linear(2,2),nn.Linear(2,3)])
{k:v.requires_grad for k,v in stack_module_state([l,l])[0].items()}
{k:v.requires_grad for k,v in stack_module_state([l,nn.Linear(2,2)])[0].items()}
vmap(grad(lambda p,x: functional_call(ms[0],p,(x,)).sum()),(None,0))({k:v.detach() for k,v in ms[0].named_parameters()},torch.ones(4,2))
vmap(lambda x: functional_call(nn.Dropout(),{},(x,)))(x)
vmap(lambda x: functional_call(nn.Dropout(),{},(x,)),randomness='different')(torch.ones(3,4))
vmap(lambda x: functional_call(nn.BatchNorm1d(2,track_running_stats=False),{},(x,)).detach())(torch.arange(24.).view(3,4,2))
torch.vmap is torch.func.vmap
""",
    ),
}


def answers(torch: str, name: str) -> list[list[str]]:
    """Return what a module answers, without what PyTorch warns of its own workings."""
    return [said[:2] for said in told(torch, *CASES[name])]


def recorded(name: str) -> list[list[str]]:
    found = json.loads(RECORD.read_text(encoding="utf-8"))[name]
    return [[expression, settled(said)] for expression, said in found]


@pytest.mark.parametrize("name", CASES)
def test_answers_are_those_recorded(name: str) -> None:
    assert answers("chainrule.torch", name) == recorded(name)


@pytest.mark.peers
@pytest.mark.parametrize("name", CASES)
def test_pytorch_answers_so(name: str) -> None:
    pytest.importorskip("torch")
    assert answers("torch", name) == recorded(name)


if __name__ == "__main__":
    text = json.dumps({name: answers("torch", name) for name in CASES}, indent=1)
    RECORD.write_text(text + "\n", encoding="utf-8", newline="\n")
