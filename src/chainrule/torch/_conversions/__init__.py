"""From a tensor to what is none, and to a tensor of another type; copies; properties."""
