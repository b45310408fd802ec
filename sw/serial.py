"""Which operand of a product goes bit by bit, where a design finds that out at run time."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.codecs import codec_of

__all__ = ["serial_operand"]


def serial_operand(cfg: Any, a: NDArray[np.int64], b: NDArray[np.int64]) -> Any:
    """``cfg`` with its ``serial`` decided for a product ``a @ b``, where it is to be found at run time."""
    if getattr(cfg, "serial", "a") != "sparser":
        return cfg
    codec = codec_of(cfg)
    return replace(cfg, serial="a" if codec.density(cfg, a) <= codec.density(cfg, b) else "b")
