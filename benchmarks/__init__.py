"""How fast chainrule is, beside other libraries and beside the same work written by hand.

`python -m benchmarks eager` measures in one process; `--markdown` prints what README.md holds.
"""
