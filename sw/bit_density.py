"""How many digits values have, of those that there is room for."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.bit_config import BitConfig, BitSerialConfig
from zeroskip.hw.digit_config import BitSliceConfig
from zeroskip.sw.codecs.bitserial import planes_stored
from zeroskip.sw.recode import digit_masks, signed_slices
from zeroskip.sw.tiling import k_pieces

__all__ = ["bit_density", "serial_operand"]

Ints = NDArray[np.int64]


def bit_density(cfg: BitConfig, a: Ints) -> float:
    """Digits of ``a`` that are not 0 over its elements times ``a_width`` (``bitslice``: slices), 0 to 1.

    Digits are those that the design works on: docs/bits.md, "Recodings"; of ``bitserial`` all bits that it
    stores. Raises ValueError for a k that cannot be cut into tiles.
    """
    if isinstance(cfg, BitSerialConfig):
        pieces = [a[:, piece] for piece in k_pieces(cfg, a.shape[1])]
        stored = sum(int(planes_stored(cfg, piece).sum()) * piece.shape[1] for piece in pieces)
        return float(stored / (a.size * cfg.a_width))
    if isinstance(cfg, BitSliceConfig):
        slices = signed_slices(a, cfg.slices)
        return np.count_nonzero(slices) / slices.size
    masks = digit_masks(a, cfg.recode, cfg.a_width)  # type: ignore[arg-type]
    return int(np.bitwise_count(masks).sum()) / (a.size * cfg.a_width)


def serial_operand(cfg: BitConfig, a: Ints, b: Ints) -> BitConfig:
    """``cfg`` with its ``serial`` decided for a product ``a @ b``, where it is to be found at run time."""
    if cfg.serial != "sparser":
        return cfg
    return replace(cfg, serial="a" if bit_density(cfg, a) <= bit_density(cfg, b) else "b")
