"""Where a tensor's numbers are: always on the CPU, whatever else can be named."""

from __future__ import annotations

from typing import Any

__all__ = ["checked_device", "device"]

_DEVICES = (
    "cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga", "maia",
    "xla", "lazy", "vulkan", "mps", "meta", "hpu", "mtia", "privateuseone",
)  # fmt: skip


class device:
    """Where a tensor's numbers are; all can be named, but only "cpu" holds any.

    >>> device("cuda", 1), str(device("cpu"))
    (device(type='cuda', index=1), 'cpu')
    """

    __slots__ = ("index", "type")

    type: str
    index: int | None

    def __init__(self, type: Any, index: Any = None) -> None:
        if isinstance(type, device):
            self.type, self.index = type.type, type.index
        elif isinstance(type, str):
            self.type, self.index = _read(type)
            if index is not None:
                self._at(index)
        elif isinstance(type, int):
            if type < 0:
                raise RuntimeError("Device index must not be negative")
            raise RuntimeError("Cannot access accelerator device when none is available.")
        else:
            name = "NoneType" if type is None else type.__class__.__name__
            raise TypeError(
                "device() received an invalid combination of arguments - got "
                f"({name}), but expected one of:\n * (torch.device device)\n"
                f"      didn't match because some of the arguments have invalid types: (!{name}!)\n"
                " * (str type, int index = -1)\n"
            )

    def _at(self, index: int) -> None:
        if self.index is not None:
            raise RuntimeError(
                "type (string) must not include an index because index was passed explicitly: "
                f"{self}"
            )
        if not isinstance(index, int):
            raise TypeError(
                "device(): argument 'index' (position 2) must be int, not "
                f"{index.__class__.__name__}"
            )
        if index < 0:
            raise RuntimeError("Device index must not be negative")
        self.index = index

    def __enter__(self) -> device:
        return checked_device(self)

    def __exit__(self, *_: object) -> None:
        pass

    def __repr__(self) -> str:
        where = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{where})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, device):
            return NotImplemented
        return self.type == other.type and self.index == other.index

    def __hash__(self) -> int:
        return hash((self.type, self.index))


def _read(text: str) -> tuple[str, int | None]:
    if not text:
        raise RuntimeError("Device string must not be empty")
    name, colon, digits = text.partition(":")
    plain = digits.isascii() and digits.isdigit() and (digits == "0" or digits[0] != "0")
    if colon and not plain:
        raise RuntimeError(f"Invalid device string: '{text}'")
    if name not in _DEVICES:
        raise RuntimeError(
            f"Expected one of {', '.join(_DEVICES)} device type at start of device string: {name}"
        )
    return name, int(digits) if colon else None


def checked_device(where: device | str | int | None) -> device:
    """Return the device that was asked for (None asks for the CPU), if it can hold numbers."""
    if where is None:
        return device("cpu")
    found = where if isinstance(where, device) else device(where)
    if found.type == "cuda":
        raise AssertionError("Torch not compiled with CUDA enabled")
    if found.type != "cpu":
        raise NotImplementedError(
            "Could not run 'aten::empty.memory_format' with arguments from the "
            f"'{found.type.upper()}' backend."
        )
    return found
