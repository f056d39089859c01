"""Functions of tensors: each calls a rule of the engine and says what PyTorch calls it."""
