"""The tape face: what users of PyTorch know, on the engine."""
