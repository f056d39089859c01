"""The command line of the benchmarks."""

from __future__ import annotations

import argparse

from benchmarks import eager


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    suites = parser.add_subparsers(title="suites", required=True, metavar="SUITE")
    suite = suites.add_parser("eager", help="gradients of functions of arrays, imports, and a fit")
    suite.add_argument("--markdown", action="store_true", help="print a table for README.md")
    suite.add_argument("--only", default="", metavar="TEXT", help="only work whose name has TEXT")
    suite.add_argument("--rounds", type=int, default=25, help="how often each is measured")
    suite.add_argument(
        "--collector", action="store_true", help="leave the garbage collector on while measuring"
    )
    suite.set_defaults(run=eager.main)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
