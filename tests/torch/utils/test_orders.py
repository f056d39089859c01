"""Orders of examples beside PyTorch's, for many seeds and sizes; the generator stays in step."""

from __future__ import annotations

from typing import Any

import pytest

import chainrule.torch as mine
import chainrule.torch.utils.data  # noqa: F401

pytestmark = pytest.mark.peers
SIZES = [2, 3, 7, 32, 33, 100]


def walked(torch: Any, seed: int, n: int) -> list[Any]:
    data = torch.utils.data
    torch.manual_seed(seed)
    rows = data.TensorDataset(torch.arange(n), torch.arange(n) * 0.5)
    loader = data.DataLoader(rows, batch_size=4, shuffle=True)
    found: list[Any] = [[b[0].tolist() for b in loader] for _ in range(2)]
    found += [part.indices for part in data.random_split(rows, [n // 2, n - n // 2])]
    found.append(list(data.RandomSampler(rows, replacement=True, num_samples=n + 3)))
    found.append([b[1].tolist() for b in data.DataLoader(rows, batch_size=3, drop_last=True)])
    own = torch.Generator().manual_seed(seed + 1)
    again = data.DataLoader(rows, batch_size=5, shuffle=True, generator=own)
    found += [[b[0].tolist() for b in again] for _ in range(2)]
    found += [torch.rand(1).item(), torch.rand(1, generator=own).item()]
    return found


@pytest.mark.parametrize("n", SIZES)
def test_as_pytorch_draws(n: int) -> None:
    torch = pytest.importorskip("torch")
    for seed in range(20):
        assert walked(mine, seed, n) == walked(torch, seed, n)
