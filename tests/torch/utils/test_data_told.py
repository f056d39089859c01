"""Data sets, samplers, loaders: what they give, draw and raise is what PyTorch does."""

from __future__ import annotations

import pytest

from tests.torch.told import recorded, told

SETUP = """
X, y = torch.arange(10.0).view(5, 2), torch.arange(5)
ds = data.TensorDataset(X, y)
seeded = lambda k: torch.Generator().manual_seed(k)
class Of(data.Dataset):
    def __init__(self, f, n=3): self.f, self.n = f, n
    def __len__(self): return self.n
    def __getitem__(self, i): return self.f(i)
class Stream(data.IterableDataset):
    def __iter__(self): return iter(range(5))
first = lambda f, n=2, **o: next(iter(data.DataLoader(Of(f), batch_size=n, **o)))
load = lambda *given, **named: data.DataLoader(*given, **named)
P = collections.namedtuple("P", "a b")
"""

CASES: dict[str, tuple[str, str]] = {}

CASES["data sets"] = (
    SETUP,
    """
    len(ds), ds[0], ds[-1], ds[1:3], ds[[0, 2]]
    ds[7]
    data.TensorDataset(X, y[:3])
    data.TensorDataset(3)
    data.Dataset()[0]
    len(data.Dataset())
    len(ds + ds), (ds + ds)[7], (ds + ds)[-1]
    data.ConcatDataset([])
    data.ConcatDataset([ds])[-9]
    data.ConcatDataset([Stream()])
    len(data.Subset(ds, [1, 2])), data.Subset(ds, [1, 2])[0], data.Subset(ds, [1, 3])[[0, 1]]
    data.Subset(ds, [1])[3]
    [s.indices for s in data.random_split(ds, [2, 3])]
    [s.indices for s in data.random_split(ds, [0.5, 0.5])]
    [s.indices for s in data.random_split(ds, [0.3, 0.3, 0.4])]
    [s.indices for s in data.random_split(ds, [2, 3], generator=seeded(1))]
    [len(s) for s in data.random_split(range(2), [0.1, 0.2, 0.7])]
    data.random_split(ds, [2, 2])
    data.random_split(ds, [0.5, 1.5])
    data.random_split(ds, [0.5, 0.4])
    data.random_split(ds, [-0.5, 1.5])
""",
)

CASES["orders"] = (
    SETUP,
    """
    list(data.RandomSampler(ds, generator=seeded(0))), len(data.RandomSampler(ds))
    list(data.RandomSampler(ds)), torch.rand(1)
    list(data.RandomSampler(range(5), replacement=True, generator=seeded(0)))
    list(data.RandomSampler(range(5), replacement=True, num_samples=70, generator=seeded(0)))
    list(data.RandomSampler(range(5), num_samples=12, generator=seeded(0)))
    len(data.RandomSampler(range(5), num_samples=3))
    data.RandomSampler(range(5), replacement=1)
    data.RandomSampler(range(5), num_samples=0)
    data.RandomSampler(range(5), num_samples=1.5)
    data.RandomSampler([])
    list(data.SequentialSampler(range(3))), len(data.SequentialSampler(range(3)))
    list(data.BatchSampler(data.SequentialSampler(range(5)), 2, False))
    list(data.BatchSampler(range(5), 2, True)), len(data.BatchSampler(range(5), 2, True))
    len(data.BatchSampler(range(5), 2, False))
    data.BatchSampler(range(5), 0, False)
    data.BatchSampler(range(5), True, False)
    data.BatchSampler(range(5), 2, 1)
    list(data.SubsetRandomSampler([5, 6, 7], generator=seeded(0)))
    list(data.SubsetRandomSampler([5, 6, 7])), torch.rand(1)
    iter(data.Sampler())
""",
)

CASES["loaders"] = (
    SETUP,
    """
    list(load(ds, 2)), len(load(ds, 2)), len(load(ds, 2, drop_last=True))
    [b[1].tolist() for b in load(ds, 2, shuffle=True)], torch.rand(1)
    [b[1].tolist() for b in load(ds, 2)], torch.rand(1)
    [b[1].tolist() for b in load(ds, 2, shuffle=True, generator=seeded(3))], torch.rand(1)
    (lambda l: [b[1].tolist() for _ in range(2) for b in l])(load(ds, 5, shuffle=True))
    torch.rand(1)
    (lambda it: (torch.rand(1), next(it)[1], torch.rand(1)))(iter(load(ds, 2, shuffle=True)))
    [b.tolist() for b in load(range(5), 2, sampler=data.SubsetRandomSampler([3, 1, 0]))]
    list(load(ds, sampler=[3, 1], batch_size=None)), len(load(ds, batch_size=None))
    list(load(ds, batch_sampler=[[3, 1], [0]])), len(load(ds, batch_sampler=[[1]]))
    list(load([], batch_size=2)), list(load([1, 2, 3], 2, drop_last=True))
    list(load(ds, batch_size=2, collate_fn=lambda b: len(b)))
    list(load(Stream(), batch_size=2)), list(load(Stream(), batch_size=None))
    list(load(Stream(), batch_size=2, drop_last=True))
    len(load(Stream(), batch_size=2))
    list(load(data.Subset(ds, [4, 2, 0]), 2))
    [tuple(t.shape for t in b) for b in load(ds, 2)], type(next(iter(load(ds, 2)))).__name__
    (lambda l: (l.dataset is ds, l.batch_size, l.drop_last, l.num_workers))(load(ds, 2))
    (lambda it: [next(it) for _ in range(4)])(iter(load(ds, 2)))
    load(ds, batch_size=0)
    load(ds, batch_size=2.0)
    load(ds, batch_size=None, drop_last=True)
    load(ds, batch_size=2, batch_sampler=[[0]])
    load(ds, shuffle=True, batch_sampler=[[0]])
    load(ds, shuffle=True, sampler=[1])
    load([], shuffle=True)
    load(ds, num_workers=-1)
    load(ds, timeout=-1)
    load(ds, prefetch_factor=2)
    load(ds, persistent_workers=True)
    load(ds, multiprocessing_context="fork")
    load(Stream(), shuffle=True)
    load(Stream(), sampler=[1])
    setattr(load(ds), "batch_size", 4)
    setattr(load(ds), "dataset", 4)
    setattr(load(ds), "num_workers", 0)
    data.get_worker_info()
""",
)

CASES["batches"] = (
    SETUP,
    """
    first(lambda i: i), first(lambda i: float(i)), first(lambda i: True), first(lambda i: str(i))
    first(lambda i: (torch.ones(2) * i, i)), first(lambda i: [i, i + 1])
    first(lambda i: {"a": i, "b": "x"}), first(lambda i: collections.OrderedDict(a=i))
    first(lambda i: np.ones(2) * i), first(lambda i: np.float32(i)), first(lambda i: P(i, 0.5))
    first(lambda i: np.array(1.0)), first(lambda i: np.bool_(i)), first(lambda i: b"a")
    first(lambda i: ((i, i), [i]))
    first(lambda i: None)
    first(lambda i: {1})
    first(lambda i: 1j)
    first(lambda i: np.array(["a"]))
    first(lambda i: torch.ones(i + 1))
    first(lambda i: np.ones(i + 1))
    first(lambda i: [0] * i)
    first(lambda i: {"a": 1} if i else {"b": 1})
    first(lambda i: 2**70)
    first(lambda i: i, None), first(lambda i: np.ones(2), None)
    first(lambda i: np.float64(i), None)
    first(lambda i: i, collate_fn=lambda b: b)
    data.default_collate([1, 2]), data.default_collate([torch.tensor(1), torch.tensor(2)])
    data.default_collate([])
    data.default_convert([np.ones(2), 1, "a", {"a": np.float32(2)}, P(1, np.ones(1)), (1, 2)])
    list(load(range(5), 2)), [list(b) for b in load([1.0, 2.0, 3.0], 2)]
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
