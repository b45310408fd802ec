"""Design descriptions: one frozen dataclass per family, every rule checked in one place.

Derived values (block size, accumulator width, latency) are properties, so that hardware,
codecs, golden models and manifests all read the same number.
"""

import operator
from dataclasses import dataclass, fields
from typing import ClassVar, Literal

__all__ = ["ArrayConfig", "DenseConfig", "NMConfig", "integer"]

MAX_SIDE = 32
MAX_PORT_BITS = 65_535  # Amaranth's net index is 16 bits wide: a limit of today's code


def integer(name: str, value: object, low: int, high: int, rule: str | None = None) -> int:
    """``value`` as a plain int (NumPy integers accepted), or an error naming the rule."""
    rule = rule or f"an integer from {low} to {high}"
    if isinstance(value, bool):
        raise TypeError(f"{name} must be {rule}, not {value!r}")
    try:
        number = operator.index(value)  # type: ignore[call-overload]
    except TypeError:
        raise TypeError(f"{name} must be {rule}, not {value!r}") from None
    if not low <= number <= high:
        raise ValueError(f"{name} must be {rule}, not {number}")
    return int(number)


@dataclass(frozen=True, kw_only=True)
class ArrayConfig:
    """What every design has: an output-stationary array and its operands.

    Parameters
    ----------
    rows, cols : int
        PEs in the array, 1 to 32 each. Row r computes row r of the result tile.
    lanes : int
        Multipliers per PE (S of the position stream).
    a_width, b_width : int
        Operand widths in bits, 2 to 16.
    a_signed, b_signed : bool
        Two's complement, or unsigned.
    k_max : int
        Longest reduction one tile may have; the derived accumulator cannot overflow below it.
    acc_width : int or None
        Accumulator bits. None derives the least width that can never overflow.
    overflow : {"wrap", "saturate"}
        What a given ``acc_width`` does when a sum leaves its range; both set a sticky flag.
    stages : int
        Registers in the multiply path: 1 product; 2 operands, product; 3 operands, two products.
    b_bandwidth : int or None
        Elements of k per column per cycle on the dense side. None is a whole window per beat.
    probe : bool
        Adds ``o_busy`` (and ``o_gated``) ports, one bit per multiplier, for verification.
    """

    design: ClassVar[str] = ""
    tile_beats: ClassVar[str] = "ceil(k / block)"
    """Cycles that a tile takes at least, for people."""
    latency_formula: ClassVar[str] = "1 + stages + (1 if lanes > 1 else 0)"

    rows: int = 8
    cols: int = 8
    lanes: int = 1
    a_width: int = 8
    b_width: int = 8
    a_signed: bool = True
    b_signed: bool = True
    k_max: int = 1024
    acc_width: int | None = None
    overflow: Literal["wrap", "saturate"] = "wrap"
    stages: int = 2
    b_bandwidth: int | None = None
    probe: bool = False

    def __post_init__(self) -> None:
        for name, low, high in (
            ("rows", 1, MAX_SIDE),
            ("cols", 1, MAX_SIDE),
            ("lanes", 1, 32),
            ("a_width", 2, 16),
            ("b_width", 2, 16),
            ("k_max", 1, 1 << 20),
            ("stages", 1, 3),
        ):
            object.__setattr__(self, name, integer(name, getattr(self, name), low, high))
        for field in fields(self):
            if field.type is bool and not isinstance(getattr(self, field.name), bool):
                value = getattr(self, field.name)
                raise TypeError(f"{field.name} must be true or false, not {value!r}")
        if self.overflow not in ("wrap", "saturate"):
            raise ValueError(f"overflow must be wrap or saturate, not {self.overflow!r}")
        if self.acc_width is not None:
            low = self.a_width + self.b_width
            rule = f"None or an integer from {low} (one product) to 48"
            width = integer("acc_width", self.acc_width, low, 48, rule)
            object.__setattr__(self, "acc_width", width)
        self._check()
        if self.b_bandwidth is not None:
            rule = f"a divisor of the block of {self.block} elements"
            bandwidth = integer("b_bandwidth", self.b_bandwidth, 1, self.block, rule)
            if self.block % bandwidth:
                raise ValueError(f"b_bandwidth must be {rule}, not {bandwidth}")
            object.__setattr__(self, "b_bandwidth", bandwidth)
        bits = self._stored_bits + self.cols * self.chunk * self.b_width
        if bits > MAX_PORT_BITS - 64:
            raise ValueError(
                f"{self._port_levers} must keep the input ports under "
                f"{MAX_PORT_BITS - 64} bits (a limit of today's code), not {bits}"
            )

    def _check(self) -> None:
        """Rules of one family; raises ``ValueError`` or ``TypeError``."""

    _port_levers: ClassVar[str] = "rows, cols, lanes and b_bandwidth"

    @property
    def _stored_bits(self) -> int:
        """About the width of all ports of the sparse side."""
        return self.rows * self.lanes * (self.a_width + 5)

    # ---- derived ------------------------------------------------------------------------------

    @property
    def block(self) -> int:
        """B, elements of k per block and per window."""
        raise TypeError("block is known for a design family only: use DenseConfig or NMConfig")

    @property
    def chunk(self) -> int:
        """Elements of k per column in one beat of the dense stream."""
        return self.b_bandwidth or self.block

    @property
    def chunks(self) -> int:
        """Beats of the dense stream per window."""
        return self.block // self.chunk

    @property
    def gate(self) -> bool:
        """Whether a zero operand isolates its multiplier."""
        return False

    def fan_in(self, lane: int) -> int:
        """Window elements that a lane selects from; 1 where the position is fixed."""
        return 1

    @property
    def select_bits(self) -> int:
        """Width of a lane's select: its position less ``lane``."""
        return max(self.fan_in(lane) - 1 for lane in range(self.lanes)).bit_length()

    @property
    def single_beat(self) -> bool:
        """Every group is one beat."""
        return True

    @property
    def pe_window(self) -> int:
        """Elements of `b` that a PE has to select from."""
        return self.block

    @property
    def chained(self) -> bool:
        """Whether results leave through the PEs above."""
        return True

    @property
    def masked(self) -> bool:
        """Whether metadata comes as masks, in a stream of their own."""
        return False

    @property
    def multipliers(self) -> int:
        """P: rows * cols * lanes."""
        return self.rows * self.cols * self.lanes

    @property
    def acc_signed(self) -> bool:
        """Whether results are two's complement."""
        return self.a_signed or self.b_signed

    @property
    def sum_bounds(self) -> tuple[int, int]:
        """Least and greatest sum of ``k_max`` products."""
        a = (-(1 << self.a_width - 1), (1 << self.a_width - 1) - 1)
        b = (-(1 << self.b_width - 1), (1 << self.b_width - 1) - 1)
        if not self.a_signed:
            a = (0, (1 << self.a_width) - 1)
        if not self.b_signed:
            b = (0, (1 << self.b_width) - 1)
        products = [x * y for x in a for y in b]
        return min(0, *products) * self.k_max, max(0, *products) * self.k_max

    @property
    def safe_width(self) -> int:
        """Least accumulator width that no sum of ``k_max`` products can overflow."""
        low, high = self.sum_bounds
        if not self.acc_signed:
            return high.bit_length()
        return max(high.bit_length(), (-low - 1).bit_length() if low else 0) + 1

    @property
    def acc_bits(self) -> int:
        """Accumulator and result width in bits."""
        return self.acc_width if self.acc_width is not None else self.safe_width

    @property
    def can_overflow(self) -> bool:
        """Whether overflow logic exists: only where the given width is below the safe one."""
        return self.acc_bits < self.safe_width

    @property
    def peak_macs(self) -> float:
        """MACs per cycle at most."""
        return self.multipliers

    @property
    def partners(self) -> bool:
        """Whether a PE can make a product for the PE of another row group."""
        return False

    @property
    def latency(self) -> int:
        """P of the cycle contract: cycles from a beat's issue to its accumulation.

        ``1 + stages``, plus one for the adder tree's register where ``lanes > 1``.
        """
        return 1 + self.stages + (self.lanes > 1)


@dataclass(frozen=True, kw_only=True)
class DenseConfig(ArrayConfig):
    """Dense array: every block is ``lanes`` elements of k, one beat each.

    With ``gate_zeros`` (design name ``gated``) a zero operand holds its multiplier's registers; cycles
    do not change.
    """

    gate_zeros: bool = False

    @property
    def design(self) -> str:  # type: ignore[override]
        """Name on the command line."""
        return "gated" if self.gate_zeros else "dense"

    @property
    def gate(self) -> bool:
        return self.gate_zeros

    def _check(self) -> None:
        if self.gate_zeros and self.stages < 2:
            raise ValueError(
                f"stages must be 2 or 3 for a gated design (it holds operand registers), not {self.stages}"
            )

    @property
    def block(self) -> int:
        return self.lanes


@dataclass(frozen=True, kw_only=True)
class NMConfig(ArrayConfig):
    """N:M array: of each group of ``m`` elements of k at most N are stored, and only they cost time.

    Parameters
    ----------
    n : int
        Largest N. 1 to ``m``.
    m : int
        Group size M: 2, 4, 8, 16 or 32.
    n_fixed : bool
        True: N is always ``n``. False: each tile states its N, 1 to ``n``.
    encoding : {"index", "bitmask"}
        Metadata: an index of log2(m) bits per value, or one mask of m bits per group.
    """

    design: ClassVar[str] = "nm"
    tile_beats: ClassVar[str] = "ceil(k / block) * ceil(N / lanes)"

    n: int = 2
    m: int = 4
    n_fixed: bool = False
    encoding: Literal["index", "bitmask"] = "index"

    def _check(self) -> None:
        m = integer("m", self.m, 2, 32, "2, 4, 8, 16 or 32")
        if m & (m - 1):
            raise ValueError(f"m must be 2, 4, 8, 16 or 32, not {m}")
        n = integer("n", self.n, 1, m, f"an integer from 1 to m = {m}")
        object.__setattr__(self, "m", m)
        object.__setattr__(self, "n", n)
        if self.encoding not in ("index", "bitmask"):
            raise ValueError(f"encoding must be index or bitmask, not {self.encoding!r}")
        if self.lanes > n:
            raise ValueError(
                f"lanes must be at most n = {n} (a beat takes its pairs from one group), not {self.lanes}"
            )

    @property
    def block(self) -> int:
        return self.m

    @property
    def single_beat(self) -> bool:
        return self.lanes == self.n

    @property
    def masked(self) -> bool:
        return self.encoding == "bitmask"

    @property
    def index_bits(self) -> int:
        """Bits of one stored index: log2(m)."""
        return self.m.bit_length() - 1

    @property
    def parallel(self) -> bool:
        """All N values of a group in one beat, so lane j needs an (m - n + 1):1 select only."""
        return self.n_fixed and self.lanes == self.n

    def fan_in(self, lane: int) -> int:
        """Window elements a lane selects from, ``lane`` the first: positions rise through the lanes."""
        return self.m - self.n + 1 if self.parallel else self.m - lane
