"""The command line of the benchmarks."""

from __future__ import annotations

import argparse

from benchmarks import arrays, batches, compiled, derivation, drawing, eager, tape

SUITES = {
    "arrays": (arrays, "programs of arrays beside the autograd package"),
    "batches": (batches, "Jacobians, Hessians and batches beside autograd, JAX and loops"),
    "compiled": (compiled, "compiled functions beside JAX, PyTorch, scikit-learn and autograd"),
    "derivation": (derivation, "derivations beside SymPy's derivatives, and their import"),
    "drawing": (drawing, "pictures of graphs"),
    "eager": (eager, "gradients of functions of arrays, imports, and a fit"),
    "tape": (tape, "the tape beside PyTorch: graphs, training steps, import, size"),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    suites = parser.add_subparsers(title="suites", required=True, metavar="SUITE")
    for name, (module, said) in SUITES.items():
        suite = suites.add_parser(name, help=said)
        suite.add_argument("--markdown", action="store_true", help="print a table for README.md")
        suite.add_argument("--only", default="", metavar="TEXT", help="only work named with TEXT")
        suite.add_argument("--rounds", type=int, default=25, help="how often each is measured")
        suite.add_argument(
            "--collector", action="store_true", help="leave the garbage collector on"
        )
        if module is compiled:
            names = [*compiled.CASES, compiled.STARTS]
            suite.add_argument(
                "names", nargs="*", metavar="NAME", help=f"which of {', '.join(names)}"
            )
        suite.set_defaults(run=module.main)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
