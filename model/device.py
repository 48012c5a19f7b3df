"""Where a model's arithmetic is done: the processor, or a GPU by CUDA. Torch and ONNX Runtime are asked alike.

``None`` takes a GPU where the library sees one and else the processor; a device that is named must be there.
"""

from __future__ import annotations

import re
from typing import Any

CUDA = "CUDAExecutionProvider"
CPU = "CPUExecutionProvider"
_NAMES = re.compile(r"cpu|cuda(?::(\d+))?")


class DeviceError(ValueError):
    """A device that is not there: says what is seen and what to do."""


def number_of(device: str | None) -> int | None:
    """The GPU's number; None for the processor. Raises `DeviceError` for a name of neither."""
    found = _NAMES.fullmatch(device or "cuda")
    if not found:
        raise DeviceError(f"device {device!r}: cpu, cuda or cuda:N is expected")
    return None if found[0] == "cpu" else int(found[1] or 0)


def providers(device: str | None) -> list[Any]:
    """ONNX Runtime's providers for ``device``. Raises `DeviceError` where CUDA is asked for and not built in."""
    import onnxruntime

    number, seen = number_of(device), onnxruntime.get_available_providers()
    if number is None or (device is None and CUDA not in seen):
        return [CPU]
    if CUDA not in seen:
        raise DeviceError(
            f"device {device!r}: this ONNX Runtime computes with {', '.join(seen)} alone; on a machine with a GPU put "
            "onnxruntime-gpu in its place (pip uninstall onnxruntime; pip install onnxruntime-gpu), or use device 'cpu'"
        )
    # TF32 would round what is multiplied: other scores than the processor's, and other ones in a batch than alone
    return [(CUDA, {"device_id": number, "use_tf32": 0}), CPU]


def check_session(device: str | None, session: Any) -> None:
    """Raise `DeviceError` where ``session`` fell back to the processor though a GPU was asked for by name."""
    if device and number_of(device) is not None and CUDA not in session.get_providers():
        raise DeviceError(
            f"device {device!r}: ONNX Runtime could not use it; 'nvidia-smi' says whether driver and GPU are there, "
            "and onnxruntime.preload_dlls() whether CUDA and cuDNN are"
        )


def torch_device(device: str | None) -> str:
    """The name that torch knows. Raises `DeviceError` where torch does not see it."""
    import torch

    number = number_of(device)
    seen = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if number is None or (device is None and not seen):
        return "cpu"
    if number >= seen:
        raise DeviceError(
            f"device {device!r}: torch sees {seen or 'no'} GPU{'s' * (seen > 1)}; use device 'cpu', or on a machine "
            "with one install torch for CUDA (pytorch.org says how)"
        )
    return f"cuda:{number}"
