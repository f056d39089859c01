"""Functions of layers beside PyTorch's: values, gradients of two orders, and names."""

from __future__ import annotations

import numpy as np
import pytest

from tests.torch.against import differences

pytestmark = pytest.mark.peers


def calls(text: str) -> list[str]:
    return text.split()


ACTIVATIONS = calls(
    """
    elu(x) elu(x,0.5) selu(x) celu(x) celu(x,2.5) gelu(x) gelu(x,approximate="tanh") silu(x)
    mish(x) softplus(x) softplus(x,2,1.5) softsign(x) tanhshrink(x) hardtanh(x)
    hardtanh(x,-0.3,2.0) relu6(x) hardswish(x) hardshrink(x) hardshrink(x,1.1) softshrink(x)
    softshrink(x,0.2) threshold(x,0.1,7.0) leaky_relu(x) leaky_relu(x,0.3) relu(x) rrelu(x)
    logsigmoid(x) sigmoid(x) softmin(x,1) softmax(x,0) log_softmax(x,-1) glu(x,1) glu(x)
    prelu(x,w) prelu(x,v) elu(x*1,inplace=True) selu(x*1,True) celu(x*1,inplace=True)
    silu(x*1,True) mish(x*1,True) relu6(x*1,True) hardtanh(x*1,inplace=True) hardswish(x*1,True)
    threshold(x*1,0.1,2.0,True) rrelu(x*1,inplace=True) leaky_relu(x*1,inplace=True)
    dropout(x,1.0) dropout(x,0.0) normalize(x) normalize(x,p=1.0,dim=0) normalize(x,3.0,-1)
    """
)
LOSSES = calls(
    """
    smooth_l1_loss(x,y) smooth_l1_loss(x,y,beta=0.4,reduction="sum") huber_loss(x,y,delta=0.7)
    smooth_l1_loss(x,y,reduction="none") huber_loss(x,y,"none") huber_loss(x,y,"sum",weight=p)
    mse_loss(x,y) l1_loss(x,y) soft_margin_loss(x,s) soft_margin_loss(x,s,reduction="sum")
    kl_div(x,p,reduction="batchmean") kl_div(x,p,reduction="sum")
    kl_div(x,y,reduction="none",log_target=True) poisson_nll_loss(x,p.detach())
    poisson_nll_loss(p,p.detach(),log_input=False,full=True) gaussian_nll_loss(x,y,p)
    gaussian_nll_loss(x,y,p,full=True,reduction="sum") hinge_embedding_loss(x,s)
    hinge_embedding_loss(x,s,2.0,reduction="sum") margin_ranking_loss(x,y,s)
    margin_ranking_loss(x,y,s,0.5,reduction="none") cosine_embedding_loss(x,y,s[:,0])
    cosine_embedding_loss(x,y,s[:,1],0.1,reduction="sum") triplet_margin_loss(x,y,p)
    triplet_margin_loss(x,y,p,p=1.5,swap=True) triplet_margin_with_distance_loss(x,y,p)
    cosine_similarity(x,y) cosine_similarity(x,y,0) pairwise_distance(x,y)
    pairwise_distance(x,y,1.0,keepdim=True) pairwise_distance(x,y,3.0) multi_margin_loss(x,k)
    multilabel_soft_margin_loss(x,(s>0)*1.0)
    multi_margin_loss(x,k,2,0.6,p[0].detach(),reduction="sum")
    multilabel_margin_loss(x,torch.tensor([[0,2,-1,1],[3,-1,0,0],[1,2,3,-1]])) cross_entropy(x,k)
    cross_entropy(x,k,label_smoothing=0.1) nll_loss(x,k)
    """
)
LAYERS = calls(
    """
    layer_norm(x,(4,)) layer_norm(x,(4,),v,w) layer_norm(x,(3,4),eps=0.1) layer_norm(c,(3,4),x)
    batch_norm(x,None,None,training=True) batch_norm(c,None,None,u,u,True)
    batch_norm(x,torch.zeros(4),torch.ones(4)) batch_norm(x,torch.zeros(4),torch.ones(4),v,v*2)
    batch_norm(x,None,None,v,w[:1].expand(4),True)
    group_norm(c,2) group_norm(c,1,u,u) instance_norm(c) instance_norm(c,None,None,u,u)
    rms_norm(x,(4,)) rms_norm(x,(4,),v) rms_norm(c,(3,4),x,0.1) embedding(k,x)
    embedding(k[None],x,padding_idx=1) embedding(k,x,scale_grad_by_freq=True) pad(x,(1,2))
    pad(x,(1,-1,2,0),value=2.0) pad(x,(2,1),"reflect") pad(x,(2,1),"replicate")
    pad(c,(2,1,0,1),"replicate") pad(c[None],(1,0,2,1),"reflect") pad(c,(2,1),"circular")
    avg_pool1d(c,2) avg_pool1d(c,3,1,1) avg_pool1d(c,3,2,1,True,False) max_pool1d(c,2)
    max_pool1d(c,3,1,1) max_pool1d(c,2,1,0,2) max_pool1d(c,3,2,1,ceil_mode=True) bilinear(x,y,b)
    bilinear(x,y,b,v) scaled_dot_product_attention(c,c,c)
    scaled_dot_product_attention(c,c,c,is_causal=True)
    scaled_dot_product_attention(c,c,c,scale=0.3)
    """
)

# PyTorch's second derivative, where it is there at all, is that of a node of its own, or its graph
# is made of expanded views: the names differ, the numbers do not.
OTHERWISE_NAMED = ("scaled_dot", "circular", "hardsigmoid")
# Linear, or straight between corners: here the gradient does not want one in turn, in PyTorch it
# wants one of zeros, or there is none to ask for.
FIRST_ONLY = (
    "avg_pool1d",
    "batch_norm(x,None,None,v",
    "batch_norm(x,torch.zeros",
    "max_pool1d",
    "multi_margin",
    "multilabel_margin",
    "pad(",
)


def arrays_of(seed: int, kind: type) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    draw = lambda *shape: rng.normal(size=shape).astype(kind)
    return {
        "x": draw(3, 4) * 1.5,
        "y": draw(3, 4),
        "p": rng.uniform(0.2, 2.0, (3, 4)).astype(kind),
        "c": draw(4, 3, 4),
        "b": draw(4, 4, 4),
        "v": rng.uniform(0.5, 1.5, 4).astype(kind),
        "u": rng.uniform(0.5, 1.5, 3).astype(kind),
        "w": np.full(1, 0.3, kind),
        "s": np.where(rng.random((3, 4)) < 0.5, 1, -1),
        "k": rng.integers(0, 3, 3),
    }


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("call", [*ACTIVATIONS, *LOSSES, *LAYERS])
def test_as_in_pytorch(call: str, kind: type) -> None:
    pytest.importorskip("torch")
    order = 1 if call.startswith(FIRST_ONLY) else 2
    text = f"torch.nn.functional.{call}"
    if "torch.zeros(4)" in call and kind is np.float64:
        text = text.replace("(4)", "(4,dtype=torch.float64)")
    for seed in range(2):
        arrays = arrays_of(seed, kind)
        used = {name: a for name, a in arrays.items() if name in call.replace("torch", "")}
        if "group_norm(c,2)" in call:
            used["c"] = np.ascontiguousarray(np.swapaxes(arrays["c"], 0, 1))
        found = differences(text, used, order, rtol=2e-5)
        if any(one in call for one in OTHERWISE_NAMED):
            found = [one for one in found if ": name:" not in one]
        assert not found
