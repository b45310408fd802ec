"""Formats that store where an element lies: its index, that is its element of k in the tile."""

from dataclasses import dataclass

from zeroskip.hw.config import MAX_SIDE, integer, parameter
from zeroskip.hw.designs.parts.values import ValuesConfig

__all__ = ["BlockedConfig", "IndexedConfig"]


@dataclass(frozen=True, kw_only=True)
class IndexedConfig(ValuesConfig):
    """Elements with an index each, in slots of one width."""

    index_bits: int | None = parameter(
        None, "bits of a stored index, up to 32; none: the least that k_max needs"
    )

    def _check_format(self) -> None:
        least = max(1, (self._indices - 1).bit_length())
        bits = least if self.index_bits is None else self.index_bits
        rule = f"none or an integer from {least} (for k_max = {self.k_max}) to 32"
        object.__setattr__(self, "index_bits", integer("index_bits", bits, least, 32, rule))
        super()._check_format()

    @property
    def _indices(self) -> int:
        """How many indices there are."""
        return self.k_max

    @property
    def index_width(self) -> int:
        """``index_bits``, once it is chosen."""
        return self.index_bits or 0

    @property
    def slot(self) -> int:
        """Bits of a slot: a number, or an element."""
        return self.a_width + self.index_width

    @property
    def step_bits(self) -> int:
        return 2 * self.slot


@dataclass(frozen=True, kw_only=True)
class BlockedConfig(IndexedConfig):
    """Formats whose groups are several rows."""

    block_rows: int = parameter(
        4,
        "rows of the array that share a stream, a divisor of rows: the height of the pruned blocks",
        1,
        MAX_SIDE,
    )

    def _check_format(self) -> None:
        self._check_rows(self.block_rows)
        super()._check_format()

    @property
    def group(self) -> int:
        return self.block_rows

    @property
    def row_bits(self) -> int:
        """Bits of a row in the group."""
        return max(1, (self.block_rows - 1).bit_length())
