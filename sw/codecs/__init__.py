"""Storage formats of the sparse side `a`: one module each, found by the design's configuration.

A codec turns tiles into beat field arrays and back, as docs/contract.md says under "What a pair
means", docs/unstructured.md under "Formats: bit strings and steps" and docs/bits.md under "Bit strings
and steps". A new format of an unstructured or bit-level design is one module with a ``StringCodec`` and one
entry in ``STRINGS``.
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.bit_config import BitColumnConfig, BitletConfig, BitSerialConfig
from zeroskip.hw.config import ArrayConfig, NMConfig
from zeroskip.hw.digit_config import BitBalanceConfig, BitSliceConfig, CSDConfig, PragmaticConfig
from zeroskip.hw.format_config import (
    ActivationConfig,
    BitmaskConfig,
    BSRConfig,
    COOConfig,
    CSCConfig,
    CSRConfig,
    ELLConfig,
    PlainConfig,
    RLCConfig,
)
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.sw.codecs import (
    activation,
    bitbalance,
    bitcolumn,
    bitmask,
    bitserial,
    bitslice,
    bsr,
    csc,
    csd,
    dense,
    indexed,
    nm,
    plain,
    plain_blocks,
    rlc,
)
from zeroskip.sw.codecs.strings import StringCodec

__all__ = ["STRINGS", "Codec", "Fields", "Take", "codec_of", "string_codec"]

Fields = dict[str, dict[str, NDArray[Any]]]
"""Stream name, then field name: int64 (beats, *dimensions), tile after tile; ``last`` is left out.

``bits`` is uint8 (beats, width).
"""

Take = Callable[[str, int | None], dict[str, NDArray[Any]]]
"""The fields, without ``last``, of the next beats of the named stream, all of the present tile's.

They are so many, or for None those up to ``last``.
"""


class Codec(Protocol):
    """What a format's module provides; ``cfg`` is the configuration of its family."""

    def beats(self, cfg: Any, a: NDArray[np.int64], n: int | None) -> dict[str, int]:
        """Beats of one tile, ``a`` int64 (rows, k), on each stream of the format."""

    def stored_bits(self, cfg: Any, a: NDArray[np.int64], n: int | None) -> tuple[int, int, dict[str, int]]:
        """Bits of values, and of metadata, of one tile, ``a`` int64 (rows, k); and its ``beats``."""

    def pack(self, cfg: Any, a: NDArray[np.int64], n: int | None) -> Fields:
        """Fields of tiles of equal shape: ``a`` is int64 (tiles, rows, k), within the configuration."""

    def unpack(self, cfg: Any, k: int, n: int | None, take: Take, where: str) -> NDArray[np.int64]:
        """``a``, int64 (rows, k), of the tile that ``take`` reads; ValueError with ``where`` if malformed."""


STRINGS: dict[type[SparseConfig], StringCodec] = {
    PlainConfig: plain.CODEC,
    ActivationConfig: activation.CODEC,
    BitmaskConfig: bitmask.CODEC,
    CSRConfig: indexed.CODEC,
    COOConfig: indexed.CODEC,
    ELLConfig: indexed.CODEC,
    RLCConfig: rlc.CODEC,
    CSCConfig: csc.CODEC,
    BSRConfig: bsr.CODEC,
    BitSerialConfig: bitserial.CODEC,
    BitColumnConfig: bitcolumn.CODEC,
    PragmaticConfig: plain_blocks.CODEC,
    CSDConfig: csd.CODEC,
    BitletConfig: plain_blocks.CODEC,
    BitBalanceConfig: bitbalance.CODEC,
    BitSliceConfig: bitslice.CODEC,
}


def string_codec(cfg: SparseConfig, without_skipping: bool) -> StringCodec:
    """The codec of a tile's bit strings: that of plain storage ``without_skipping`` (a tile's ``dense``)."""
    return plain.CODEC if without_skipping else STRINGS[type(cfg)]


def codec_of(cfg: ArrayConfig, without_skipping: bool) -> Codec:
    """The codec of a tile; ``without_skipping`` as of ``string_codec``."""
    if isinstance(cfg, SparseConfig):
        return string_codec(cfg, without_skipping)
    return nm if isinstance(cfg, NMConfig) else dense
