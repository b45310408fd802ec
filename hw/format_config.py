"""Descriptions of the unstructured designs, one class per storage format of the sparse side.

The widths of their bit strings are derived here.
"""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.config import MAX_SIDE, integer
from zeroskip.hw.sparse_config import SparseConfig, power_of_two

__all__ = [
    "SUPER",
    "ActivationConfig",
    "BSRConfig",
    "BitmaskConfig",
    "COOConfig",
    "CSCConfig",
    "CSRConfig",
    "ELLConfig",
    "PlainConfig",
    "RLCConfig",
]

SUPER = 8
"""Blocks under one mask of the upper level of a two-level bitmask."""


@dataclass(frozen=True, kw_only=True)
class PlainConfig(SparseConfig):
    """Every element stored and issued: the degenerate case, and what ``fallback`` falls back to."""

    design: ClassVar[str] = "plain"
    tile_beats: ClassVar[str] = "k"

    @property
    def step_bits(self) -> int:
        return self.a_width


@dataclass(frozen=True, kw_only=True)
class ActivationConfig(SparseConfig):
    """The stream holds every element; its zeros are found online, ``scan`` elements at a time.

    Rows of the array take columns of the dense operand `b`, whose zeros nobody knew before.

    Parameters
    ----------
    scan : int
        V, elements looked at in a cycle: a power of two from 1 to ``block_size``. A V without a nonzero costs
        a cycle, so V bounds the speedup.
    """

    design: ClassVar[str] = "activation"
    tile_beats: ClassVar[str] = "of each row: sum over every `scan` elements of max(1, nonzeros)"

    scan: int = 8

    def _check_format(self) -> None:
        object.__setattr__(self, "scan", power_of_two("scan", self.scan, 1, self.block_size))
        if self.fallback:
            raise ValueError("fallback must be false for a design that stores nothing else, not true")

    @property
    def step_bits(self) -> int:
        return self.scan * self.a_width

    @property
    def transposed(self) -> bool:
        return True


@dataclass(frozen=True, kw_only=True)
class BitmaskConfig(SparseConfig):
    """A mask per block, then its nonzeros.

    Parameters
    ----------
    levels : int
        1; or 2: a mask over 8 blocks says which of them have nonzeros, and only these are stored and cost
        cycles.
    """

    design: ClassVar[str] = "bitmask"
    tile_beats: ClassVar[str] = (
        "of each row: sum over its blocks (levels = 2: over 8 blocks each) of max(1, nonzeros)"
    )

    levels: int = 1

    def _check_format(self) -> None:
        object.__setattr__(self, "levels", integer("levels", self.levels, 1, 2))

    @property
    def step_bits(self) -> int:
        return (SUPER if self.levels == 2 else 0) + self.block_size + self.a_width


@dataclass(frozen=True, kw_only=True)
class _IndexedConfig(SparseConfig):
    """Formats that store positions in the tile.

    Parameters
    ----------
    index_bits : int or None
        Bits of a stored index, up to 32. None: the least for ``k_max``.
    """

    index_bits: int | None = None

    def _check_format(self) -> None:
        least = max(1, (self._indices - 1).bit_length())
        bits = least if self.index_bits is None else self.index_bits
        rule = f"None or an integer from {least} (for k_max = {self.k_max}) to 32"
        object.__setattr__(self, "index_bits", integer("index_bits", bits, least, 32, rule))

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
class CSRConfig(_IndexedConfig):
    """Compressed sparse rows: the number of elements (what row pointers differ by), then (value, column)."""

    design: ClassVar[str] = "csr"
    tile_beats: ClassVar[str] = "of each row: max(1, nonzeros)"


@dataclass(frozen=True, kw_only=True)
class ELLConfig(_IndexedConfig):
    """ELLPACK: as many (value, column) for each row of the tile, the shorter ones filled up."""

    design: ClassVar[str] = "ell"
    tile_beats: ClassVar[str] = "max(1, most nonzeros of a row)"


@dataclass(frozen=True, kw_only=True)
class COOConfig(_IndexedConfig):
    """Coordinates: (value, column, row)."""

    design: ClassVar[str] = "coo"
    tile_beats: ClassVar[str] = "of each row: max(1, nonzeros)"

    @property
    def row_bits(self) -> int:
        """Bits of a row of the array."""
        return max(1, (self.rows - 1).bit_length())

    @property
    def slot(self) -> int:
        return self.a_width + self.index_width + self.row_bits


@dataclass(frozen=True, kw_only=True)
class RLCConfig(SparseConfig):
    """Run-length code: (value, zeros before it), placeholders where a run is too long.

    Parameters
    ----------
    run_bits : int
        Bits of a run, 1 to 16.
    """

    design: ClassVar[str] = "rlc"
    tile_beats: ClassVar[str] = (
        "of each row: nonzeros, elements of value 0 that cut runs, and the one at k - 1"
    )

    run_bits: int = 4

    def _check_format(self) -> None:
        object.__setattr__(self, "run_bits", integer("run_bits", self.run_bits, 1, 16))

    @property
    def slot(self) -> int:
        """Bits of an element."""
        return self.a_width + self.run_bits

    @property
    def step_bits(self) -> int:
        return self.slot


@dataclass(frozen=True, kw_only=True)
class _BlockedConfig(_IndexedConfig):
    """Formats whose groups are several rows.

    Parameters
    ----------
    block_rows : int
        r, rows of a group; a divisor of ``rows``.
    """

    block_rows: int = 4

    def _check_format(self) -> None:
        object.__setattr__(self, "block_rows", integer("block_rows", self.block_rows, 1, MAX_SIDE))
        self._check_rows(self.block_rows)
        super()._check_format()

    @property
    def group(self) -> int:
        return self.block_rows

    @property
    def row_bits(self) -> int:
        """Bits of a row in the group."""
        return max(1, (self.block_rows - 1).bit_length())


@dataclass(frozen=True, kw_only=True)
class CSCConfig(_BlockedConfig):
    """Compressed sparse columns of r rows: for each column that has any, its (value, row in the group).

    Empty columns are not stored (doubly compressed columns: Buluc and Gilbert, IPDPS 2008).
    """

    design: ClassVar[str] = "csc"
    tile_beats: ClassVar[str] = "of each group: max(1, columns with nonzeros)"

    @property
    def slot(self) -> int:
        return max(self.index_width, self.a_width) + self.row_bits

    @property
    def step_bits(self) -> int:
        return (2 + self.block_rows) * self.slot


@dataclass(frozen=True, kw_only=True)
class BSRConfig(_BlockedConfig):
    """Block-compressed sparse rows: dense blocks of r rows x c columns, those without nonzeros left out.

    Parameters
    ----------
    block_cols : int
        c: a power of two from 1 to ``block_size``.
    """

    design: ClassVar[str] = "bsr"
    tile_beats: ClassVar[str] = "of each group: max(1, block_cols * blocks with nonzeros)"

    block_cols: int = 4

    def _check_format(self) -> None:
        object.__setattr__(
            self, "block_cols", power_of_two("block_cols", self.block_cols, 1, self.block_size)
        )
        super()._check_format()

    @property
    def _indices(self) -> int:
        return -(-self.k_max // self.block_cols)

    @property
    def slot(self) -> int:
        return max(self.block_rows * self.a_width, self.index_width, self._indices.bit_length())

    @property
    def step_bits(self) -> int:
        return 3 * self.slot
