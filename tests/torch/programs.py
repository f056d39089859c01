"""Small programs drawn at random, run on PyTorch and on a module that stands for it.

    python -m tests.torch.programs --count 5000 --seed 1 --module chainrule.torch

prints how many of them differ, and for each kind of difference the number of programs and the
shortest one found, with all statements deleted that it does not need. The same seed gives the same
programs; `--only 17` runs number 17 and prints all that differs.
"""

from __future__ import annotations

import argparse
import importlib
import re
import time
import warnings
from collections import defaultdict
from random import Random
from typing import Any

from tests.torch.running import Difference, Program, compare, execute, names_of
from tests.torch.statements import next_lines
from tests.torch.writer import NAMES, Writer, stale

MOST_VARIABLES = 12
# What tells one kind of difference from another: the text but for its numbers, and the operations.
BESIDE = re.compile(r"[0-9]+|\[[^]]*\]")
WORDS = re.compile(
    r"torch\.(?:autograd\.)?\w+|\.\w+(?=\()|[-+*/@]=|\*\*| [-+*/@] |\]\s*[-+*/]?=|\["
)


def generate(random: Random) -> Program:
    """A program of 3 to 14 statements, each chosen to fit what the ones before it left."""
    import torch

    names = names_of(torch)
    writer = Writer(random, torch, names)
    length, lines = random.randint(3, 14), []
    watched = random.random() < 0.5
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        while len(lines) < length and sum(name in names for name in NAMES) < MOST_VARIABLES:
            for line in next_lines(writer, late=len(lines) > 0.7 * length):
                lines.append(line)
                execute(line, names)
            if any(map(stale, names.values())):
                break
    return Program(lines, watched)


def numbered(seed: int, number: int) -> Program:
    return generate(Random(f"{seed}, {number}"))


# ------------------------------------------------------------------------------------- shrinking


def kind(program: Program, found: Difference) -> str:
    """What sort of difference it is: the same for programs that likely differ for one reason."""
    if found.fact in ("raises", "text"):
        said = [BESIDE.sub("#", str(each))[:110] for each in (found.expected, found.got)]
    elif found.fact in ("numbers", "shape", "printed"):
        said = ["other", "other"]
    elif found.fact == "next_functions":
        said = [str(each[0]) for each in (found.expected, found.got)]
    else:
        said = [str(each)[:90] for each in (found.expected, found.got)]
    fact = f"{found.fact} of grad" if "grad" in found.path[1:-1] else found.fact
    name = f"{fact}: {said[0]} | {said[1]}"
    wordless = ("raises", "text", "warned", "next_functions", "grad_fn", "_version")
    if found.fact in wordless or not program.watched:
        return name
    words = {word.strip() for word in WORDS.findall(program.lines[found.step])}
    return f"{name} after {' '.join(sorted(words))}"


def first(program: Program, module: Any, hard: bool) -> Difference | None:
    return next((each for each in compare(program, module) if each.hard == hard), None)


def placed(program: Program, module: Any, found: Difference) -> tuple[Program, Difference]:
    """The same program, watched from the first statement on if it differs then too."""
    watched = Program(program.lines)
    again = None if program.watched else first(watched, module, found.hard)
    return (program, found) if again is None else (watched, again)


def shrunk(program: Program, module: Any, found: Difference) -> tuple[Program, Difference]:
    """The program without the statements that this kind of difference does not need."""
    wanted, hard = kind(program, found), found.hard
    if program.watched:
        program = Program(program.lines[: found.step + 1])
    again = True
    while again:
        again = False
        for i in reversed(range(len(program.lines))):
            shorter = Program(program.lines[:i] + program.lines[i + 1 :], program.watched)
            now = first(shorter, module, hard) if shorter.lines else None
            if now is not None and kind(shorter, now) == wanted:
                program, found, again = shorter, now, True
    return program, found


def shown(program: Program, found: Difference) -> str:
    lines = [f"{'->' if i == found.step else '  '} {line}" for i, line in enumerate(program.lines)]
    where = ".".join(found.path)
    if not program.watched:
        lines.append("   (looked at only at the end)")
    return "\n".join(
        [*lines, f"   {where}: torch {found.expected!r}", f"   {where}: ours  {found.got!r}"]
    )


# ----------------------------------------------------------------------------------------- script


def say(kinds: dict[str, list[tuple[Program, Difference]]], module: Any, most: int) -> None:
    for name, cases in sorted(kinds.items(), key=lambda item: -len(item[1]))[:most]:
        program, found = min(cases, key=lambda case: len(case[0].lines))
        print(f"\n## {len(cases)} x {name}")
        print(shown(*shrunk(program, module, found)))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--module", default="chainrule.torch")
    parser.add_argument("--only", type=int, help="run this one program of the seed's")
    parser.add_argument("--groups", type=int, default=40, help="show this many kinds of each sort")
    parser.add_argument(
        "--soft", action="store_true", help="show texts, names, versions, warnings too"
    )
    options = parser.parse_args(arguments)
    module = importlib.import_module(options.module)

    if options.only is not None:
        program = numbered(options.seed, options.only)
        for found in compare(program, module):
            print(shown(program, found), end="\n\n")
        return 0

    began = time.perf_counter()
    hard: dict[str, list[Any]] = defaultdict(list)
    soft: dict[str, list[Any]] = defaultdict(list)
    facts: dict[str, int] = defaultdict(int)
    differing = statements = 0
    for number in range(options.count):
        program = numbered(options.seed, number)
        found = compare(program, module)
        statements += len(program.lines)
        differing += any(each.hard for each in found)
        for fact in {each.fact for each in found if not each.hard}:
            facts[fact] += 1
        for sort in (hard, soft):
            one = next((each for each in found if each.hard == (sort is hard)), None)
            if one is not None:
                case = placed(program, module, one)
                sort[kind(*case)].append(case)
    took = time.perf_counter() - began
    print(f"{differing} of {options.count} programs differ ({statements} statements, {took:.0f} s)")
    print("soft facts, programs: " + (", ".join(f"{f} {n}" for f, n in facts.items()) or "none"))
    say(hard, module, options.groups)
    if options.soft:
        print("\n# Soft differences")
        say(soft, module, options.groups)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
