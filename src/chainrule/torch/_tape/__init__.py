"""The tape: what operations leave behind, and the way back.

`values` the engine's view of a tensor, `plans` what an operation saves, `nodes` what it leaves
behind, `recording` how, `walk` the way back by the engine's own backward pass.
"""
