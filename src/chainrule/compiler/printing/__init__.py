"""Programs as text: NumPy's for one back end, kernels for the other."""
