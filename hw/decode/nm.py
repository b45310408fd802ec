"""What the decoders of N:M rows have in common: N of each tile, fixed or in its header."""

from amaranth.hdl import Value

from zeroskip.hw.decode.row import RowDecoder
from zeroskip.hw.engines.beats.config import BeatsConfig

__all__ = ["NMRow"]


class NMRow(RowDecoder):
    """Base of the decoders of N:M formats."""

    @staticmethod
    def stored(cfg: BeatsConfig, header: Value) -> Value | int:
        return cfg.n if cfg.n_fixed else header.n

    @staticmethod
    def wrong(cfg: BeatsConfig, header: Value) -> Value:
        return (header.n == 0) | (header.n > cfg.n)
