"""Making tensors: from data, of a shape, evenly spaced, at random."""
