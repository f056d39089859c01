"""What printed kernels call: elementary functions, products of a block of rows, threads."""
