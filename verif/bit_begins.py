"""Where in a beat the steps of a bit-level design can begin."""

from collections.abc import Iterator

from zeroskip.hw.bit_config import BitColumnConfig, BitConfig, BitSerialConfig
from zeroskip.hw.digit_config import SLICE_BITS, BitBalanceConfig, BitSliceConfig, CSDConfig
from zeroskip.hw.sparse_config import SparseConfig

__all__ = ["bit_begins", "crosses"]


def _begins(cfg: BitConfig) -> Iterator[tuple[int, int]]:
    """Bits of a tile's string at which a step can begin, and the most that such a step needs."""
    size, w, most = cfg.block, cfg.a_width, cfg.step_bits
    for b in range(cfg.blocks(cfg.k_max)):
        match cfg:
            case BitSerialConfig():
                yield 0, most
                yield from ((n * size, size) for n in range(2, (b + 1) * w + 1))
            case BitColumnConfig():
                planes = w + cfg.a_signed
                for n in range(b * planes + 1):
                    start = b * cfg.index_width + n * size
                    yield start, most
                    yield from ((start + cfg.index_width + m * size, size) for m in range(1, planes))
            case CSDConfig():
                masks = size * cfg.pairs
                yield from ((b * masks + 2 * n, most) for n in range(b * masks + 1))
                yield from (((b + 1) * masks + 2 * n, 2 * size) for n in range(1, (b + 1) * masks))
            case BitBalanceConfig():
                yield from (((b * cfg.ones + n) * most, most) for n in range(cfg.ones))
            case BitSliceConfig():
                mask = size * cfg.slices
                yield from ((b * mask + SLICE_BITS * n, most) for n in range(b * mask + 1))
                later = range(1, (b + 1) * mask)
                yield from (((b + 1) * mask + SLICE_BITS * n, SLICE_BITS) for n in later)
            case _:
                yield b * most, most


def bit_begins(cfg: BitConfig) -> set[int]:
    """Bits of a beat at which a step can begin."""
    return {bit % cfg.beat_width for bit, _ in _begins(cfg)}


def crosses(cfg: SparseConfig) -> bool:
    """Whether the bits of a step can be in two beats."""
    if not isinstance(cfg, BitConfig):
        return True
    return any(bit % cfg.beat_width + need > cfg.beat_width for bit, need in _begins(cfg))
