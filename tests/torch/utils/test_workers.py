"""Loaders with workers: order, streams, errors and ends; no thread stays behind."""

from __future__ import annotations

import gc
import threading
import time
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

import chainrule.torch as mine
import chainrule.torch.utils.data as data


class Of(data.Dataset[Any]):
    """The values of a function."""

    def __init__(self, f: Any, n: int = 6) -> None:
        self.f, self.n = f, n

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, i: int) -> Any:
        return self.f(i)


class Parts(data.IterableDataset[int]):
    """A part of the numbers for each worker, a longer one for each later."""

    def __iter__(self) -> Iterator[int]:
        info = data.get_worker_info()
        k = 0 if info is None else info.id
        return iter(range(10 * k, 10 * k + 3 + 3 * k))


def slow_at_first(i: int) -> int:
    time.sleep(0.2 if i == 0 else 0)
    return i


def bad_at_three(i: int) -> int:
    if i == 3:
        raise ValueError("no three")
    return i


def load(dataset: Any, **options: Any) -> Any:
    with warnings.catch_warnings():  # of machines with fewer processors
        warnings.simplefilter("ignore")
        return data.DataLoader(dataset, **options)


def lists(loader: Any) -> list[Any]:
    return [batch.tolist() for batch in loader]


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    gc.collect()
    for _ in range(100):
        left = set(threading.enumerate()) - before
        if not left:
            return
        time.sleep(0.02)
    pytest.fail(f"{left} stayed behind")


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_order_stays(workers: int) -> None:
    assert lists(load(Of(slow_at_first), num_workers=workers)) == [[i] for i in range(6)]
    mine.manual_seed(3)
    alone = lists(load(range(50), batch_size=4, shuffle=True))
    mine.manual_seed(3)
    assert lists(load(range(50), batch_size=4, shuffle=True, num_workers=workers)) == alone


def test_out_of_order_whoever_is_ready_comes_first() -> None:
    found = lists(load(Of(slow_at_first), num_workers=2, in_order=False))
    assert found[-1] != [5]
    assert sorted(found) == [[i] for i in range(6)]


def test_parts_of_examples_without_numbers() -> None:
    assert lists(load(Parts(), batch_size=2, num_workers=2)) == [
        [0, 1], [10, 11], [2], [12, 13], [14, 15],
    ]  # fmt: skip
    dropped = lists(load(Parts(), batch_size=2, num_workers=2, drop_last=True))
    assert dropped == [[0, 1], [10, 11], [12, 13], [14, 15]]
    assert list(load(Parts(), batch_size=None, num_workers=2)) == [0, 10, 1, 11, 2, 12, 13, 14, 15]
    kept = load(Parts(), batch_size=2, num_workers=2, persistent_workers=True)
    assert lists(kept) == lists(kept) == lists(load(Parts(), batch_size=2, num_workers=2))


def test_each_worker_has_a_stream_of_its_own() -> None:
    """The numbers are those that PyTorch's worker processes give for seed 0."""
    mine.manual_seed(0)
    draws = Of(lambda i: (data.get_worker_info().seed, mine.initial_seed(), mine.rand(1).item()), 4)
    found = list(load(draws, num_workers=2, collate_fn=lambda batch: batch[0]))
    seed = 900450186894289455
    assert found == [
        (seed, seed, 0.7821398973464966),
        (seed + 1, seed + 1, 0.6938178539276123),
        (seed, seed, 0.053598999977111816),
        (seed + 1, seed + 1, 0.29795897006988525),
    ]
    assert mine.rand(1).item() == pytest.approx(0.08847743)
    assert data.get_worker_info() is None


def test_workers_that_persist_go_on() -> None:
    mine.manual_seed(0)
    loader = load(
        Of(lambda i: mine.rand(1).item(), 2), num_workers=2, persistent_workers=True,
        collate_fn=lambda batch: batch[0],
    )  # fmt: skip
    assert list(loader) == [0.7821398973464966, 0.6938178539276123]
    threads = threading.active_count()
    assert list(loader) == [0.053598999977111816, 0.29795897006988525]
    assert threading.active_count() == threads
    walk = iter(loader)
    next(walk)
    assert iter(loader) is walk  # a walk that is left begins anew
    assert len(list(walk)) == 2


def test_an_error_comes_in_its_place() -> None:
    walk = iter(load(Of(bad_at_three), batch_size=2, num_workers=2))
    assert next(walk).tolist() == [0, 1]
    with pytest.raises(ValueError, match=r"^Caught ValueError in DataLoader worker process 1\.\n"):
        next(walk)
    assert next(walk).tolist() == [4, 5]
    with pytest.raises(StopIteration):
        next(walk)


class TwoWords(Exception):
    def __init__(self, a: str, b: str) -> None:
        super().__init__(a + b)


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (KeyError("k"), KeyError, "KeyError: 'k'"),
        (TwoWords("a", "b"), RuntimeError, "TwoWords: ab"),
        (SystemExit(3), SystemExit, "SystemExit: 3"),
    ],
)
def test_errors_keep_their_type_where_they_can(error: Any, kind: Any, said: str) -> None:
    def fails(i: int) -> Any:
        raise error

    with pytest.raises(kind) as caught:
        list(load(Of(fails), num_workers=2))
    text = str(caught.value)
    assert text.startswith(f"Caught {type(error).__name__} in DataLoader worker process 0.\nOrig")
    assert text.rstrip().endswith(said)
    assert "in fails" in text


def test_a_worker_that_cannot_begin_says_so() -> None:
    with pytest.raises(ZeroDivisionError, match="Caught ZeroDivisionError in DataLoader worker"):
        list(load(range(4), num_workers=2, worker_init_fn=lambda k: 1 // 0))
    seen: list[int] = []
    list(load(range(4), num_workers=2, worker_init_fn=seen.append))
    assert sorted(seen) == [0, 1]


def test_a_loop_that_is_left_early() -> None:
    for _ in range(20):
        for _batch in load(range(1000), batch_size=2, num_workers=3):
            break
    walk = iter(load(range(1000), num_workers=2))
    next(walk)
    del walk


def test_an_interruption() -> None:
    with pytest.raises(KeyboardInterrupt):
        for _batch in load(range(1000), num_workers=2):
            raise KeyboardInterrupt


def test_a_timeout() -> None:
    waiting = threading.Event()
    loader = load(Of(lambda i: waiting.wait(5)), num_workers=1, timeout=0.1)
    walk = iter(loader)
    with pytest.raises(RuntimeError, match=r"^DataLoader timed out after 0\.1 seconds$"):
        next(walk)
    waiting.set()


def test_no_more_is_loaded_ahead_than_asked() -> None:
    loaded: list[int] = []
    walk = iter(load(Of(lambda i: loaded.append(i) or i, 50), num_workers=2, prefetch_factor=3))
    time.sleep(0.1)
    assert len(loaded) == 6
    next(walk)
    time.sleep(0.1)
    assert len(loaded) == 7


class Doubled(data.TensorDataset):
    """A subclass may give other rows than its tensors have."""

    def __getitem__(self, i: Any) -> Any:
        return tuple(2 * part for part in super().__getitem__(i))


def test_rows_read_at_once_are_the_rows_read_one_by_one() -> None:
    x, y = mine.arange(24.0).view(12, 2), mine.arange(12)
    rows = data.TensorDataset(x, y)
    part = data.Subset(data.Subset(rows, [5, -1, 3, 3, 0]), [4, 0, 1])
    for dataset in (rows, part, Doubled(x, y), data.StackDataset(x, y)):
        for numbers in ([[0, 2], [1]], [[-1, 0]]):
            quick = list(load(dataset, batch_sampler=numbers))
            plain = [data.default_collate([dataset[i] for i in some]) for some in numbers]
            assert repr(quick) == repr(plain)
    assert next(iter(load(Doubled(x, y), batch_size=3)))[1].tolist() == [0, 2, 4]
    with pytest.raises(IndexError, match="index 12 is out of bounds for dimension 0 with size 12"):
        list(load(rows, batch_sampler=[[0, 12]]))
    watched = data.TensorDataset(x.clone().requires_grad_(), y)
    assert next(iter(load(watched, batch_size=3)))[0].requires_grad


@pytest.mark.peers
def test_weighted_numbers_are_pytorchs() -> None:
    torch = pytest.importorskip("torch")
    for seed in range(20):
        for count, replacement in ((1, True), (50, True), (1, False), (4, False)):
            found = []
            for t in (mine, torch):
                t.manual_seed(seed)
                weights = [0.1, 0.0, 3.0, 0.7, 0.4]
                sampler = t.utils.data.WeightedRandomSampler(weights, count, replacement)
                found.append([*sampler, t.rand(1).item()])
            assert found[0] == found[1]
