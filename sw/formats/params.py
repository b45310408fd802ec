"""What the storage formats can be given, every rule checked in one place."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import integer

__all__ = ["FormatParams"]


@dataclass(frozen=True, kw_only=True)
class FormatParams:
    """Widths and blocks of a format; each format reads those that concern it.

    Raises TypeError or ValueError for a parameter that breaks its rule.

    Parameters
    ----------
    width : int
        Bits of a value, 2 to 16.
    signed : bool
        Values are two's complement, or unsigned.
    index_width : int or None
        Bits of each index or coordinate (csr, csc, coo, ell, bsr), 1 to 32. None is the least that fits
        the shape, at least 1.
    run_width : int
        Bits of a run length (rlc), 1 to 16.
    block : int
        Elements per block of the two-level bitmask, 1 to 1024.
    block_rows, block_cols : int
        Shape of a stored block (bsr), 1 to 32 each.
    beat_bits : int
        Every image is padded to whole beats of this many bits: a multiple of 8, up to 4096.
    """

    width: int = 8
    signed: bool = True
    index_width: int | None = None
    run_width: int = 4
    block: int = 8
    block_rows: int = 4
    block_cols: int = 4
    beat_bits: int = 64

    def __post_init__(self) -> None:
        for name, low, high in (
            ("width", 2, 16),
            ("run_width", 1, 16),
            ("block", 1, 1024),
            ("block_rows", 1, 32),
            ("block_cols", 1, 32),
        ):
            object.__setattr__(self, name, integer(name, getattr(self, name), low, high))
        if not isinstance(self.signed, bool):
            raise TypeError(f"signed must be true or false, not {self.signed!r}")
        if self.index_width is not None:
            rule = "None or an integer from 1 to 32"
            object.__setattr__(self, "index_width", integer("index_width", self.index_width, 1, 32, rule))
        rule = "a multiple of 8 from 8 to 4096"
        beat_bits = integer("beat_bits", self.beat_bits, 8, 4096, rule)
        if beat_bits % 8:
            raise ValueError(f"beat_bits must be {rule}, not {beat_bits}")
        object.__setattr__(self, "beat_bits", beat_bits)

    def index_bits(self, count: int, what: str) -> int:
        """Bits of an index into ``count`` of ``what`` (a plural for the text).

        Raises ValueError if ``index_width`` is given and too small.
        """
        least = max(1, (count - 1).bit_length())
        if self.index_width is None:
            return least
        if self.index_width < least:
            raise ValueError(
                f"index_width must be at least {least} for {count} {what}, not {self.index_width}"
            )
        return self.index_width

    def to_values(self, fields: NDArray[np.int64]) -> NDArray[np.int64]:
        """Stored fields of ``width`` bits, int64 and not negative, as the values that they stand for."""
        if not self.signed:
            return fields
        return fields - ((fields >> (self.width - 1)) << self.width)
