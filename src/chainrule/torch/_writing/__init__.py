"""Writing into tensors: views, what a write does to the history, filling and copying, `out=`."""
