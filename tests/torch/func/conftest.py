from tests.torch.autograd.conftest import torch  # noqa: F401  (a fixture: both modules)
