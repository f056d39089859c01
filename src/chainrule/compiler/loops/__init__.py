"""Loops and choices as calls of a program, and their derivatives."""
