"""Modules that learn the sizes of their parameters from the first input."""

from __future__ import annotations

from typing import Any

from ..parameter import is_lazy

__all__: list[str] = []


class LazyModuleMixin:
    """Before its first call a module initialises its parameters, and becomes `cls_to_become`."""

    cls_to_become: Any = None

    def has_uninitialized_params(self) -> bool:
        """Say whether a parameter or a buffer has no shape yet."""
        held: Any = self
        return any(is_lazy(t) for t in [*held._parameters.values(), *held._buffers.values()])

    def initialize_parameters(self, *args: Any, **kwargs: Any) -> None:
        """Give the parameters their shapes, those that fit the inputs."""
        raise NotImplementedError(
            f"initialize_parameters is not implemented for {type(self).__name__}"
        )

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Become what the inputs need, and compute with them."""
        self.initialize_parameters(*inputs, **options)
        if self.has_uninitialized_params():
            raise RuntimeError(f"module {type(self).__name__} has not been fully initialized")
        if self.cls_to_become is None:
            return super().__call__(*inputs, **options)  # type: ignore[misc]
        self.__class__ = self.cls_to_become
        return self(*inputs, **options)
