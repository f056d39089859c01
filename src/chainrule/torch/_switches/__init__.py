"""Switches of PyTorch's: what each one can change here, and what it only remembers."""
