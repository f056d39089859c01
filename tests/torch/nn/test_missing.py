"""Names of PyTorch's that are not here say so, and name the nearest that is."""

from __future__ import annotations

import pytest

import chainrule.torch as torch

MISSING = [
    (lambda: torch.nn.Linaer, "torch.nn.Linaer is not in chainrule; the nearest .*'Linear'"),
    (lambda: torch.nn.functional.nl_loss, "functional.nl_loss .*'nll_loss'"),
    (lambda: torch.nn.init.lecun_normal_, "torch.nn.init.lecun_normal_ is not in chainrule"),
    (lambda: torch.optim.LBGFS, "torch.optim.LBGFS is not in chainrule"),
    (lambda: torch.utils.tensorboard, "torch.utils.tensorboard is not in chainrule"),
    (lambda: torch.utils.data.DistributedSampler, "DistributedSampler .*'Sampler'"),
]


@pytest.mark.parametrize(("look", "words"), MISSING)
def test_missing_names(look: object, words: str) -> None:
    with pytest.raises(AttributeError, match=words):
        look()  # type: ignore[operator]
