"""Functions written down as programs, printed as Python that can be read, and run by NumPy or Numba."""
