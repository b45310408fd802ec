"""What every design is described by: a frozen dataclass of parameters, each stated and checked once.

Derived values (block size, accumulator width, latency) are properties, so that hardware, codecs, golden
models and manifests all read the same number.
"""

import operator
import typing
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, Literal

if typing.TYPE_CHECKING:
    from amaranth.lib import wiring

    from zeroskip.hw.engines.engine import Engine

__all__ = [
    "MAX_PORT_BITS",
    "MAX_SIDE",
    "Config",
    "MultiplyConfig",
    "check_config",
    "gate_parameter",
    "integer",
    "parameter",
    "power_of_two",
    "stated",
]

MAX_SIDE = 32
MAX_PORT_BITS = 65_535  # Amaranth's net index is 16 bits wide: a limit of today's code


def parameter(
    default: Any, meaning: str, low: int | None = None, high: int | None = None, *, power: bool = False
) -> Any:
    """A field of a configuration: its default, what it means, and its bounds.

    Integers from ``low`` to ``high``, powers of two only where ``power`` says so. Bounds that hang on other
    parameters are checked by the class that has the field, and ``meaning`` says them.
    """
    return field(default=default, metadata={"meaning": meaning, "low": low, "high": high, "power": power})


@cache
def stated(config: type["Config"]) -> dict[str, Mapping[str, Any]]:
    """What ``parameter`` says of every field; a class that only sets another default inherits that."""
    found = {}
    for name in (entry.name for entry in fields(config)):
        owners = (owner.__dict__.get("__dataclass_fields__", {}).get(name) for owner in config.__mro__)
        found[name] = next(owner.metadata for owner in owners if owner is not None and owner.metadata)
    return found


def gate_parameter() -> Any:
    """``gate``, of designs whose PE can be the gated one."""
    return parameter(
        False,
        "a zero operand does not switch its multiplier: less energy, same cycles. Needs stages of 2 or 3",
    )


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


def power_of_two(name: str, value: object, low: int, high: int) -> int:
    """``value`` as a plain int, or an error naming the rule."""
    rule = f"a power of two from {low} to {high}"
    number = integer(name, value, low, high, rule)
    if number & (number - 1):
        raise ValueError(f"{name} must be {rule}, not {number}")
    return number


def _checked(name: str, value: object, hint: object, says: Mapping[str, Any]) -> object:
    """``value`` as a parameter's type has it, within the bounds that hang on nothing else."""
    if hint is bool and not isinstance(value, bool):
        raise TypeError(f"{name} must be true or false, not {value!r}")
    if typing.get_origin(hint) is Literal:
        *others, last = options = typing.get_args(hint)
        if not isinstance(value, str) or value not in options:
            raise ValueError(f"{name} must be {', '.join(others)} or {last}, not {value!r}")
    if value is None and type(None) in typing.get_args(hint):
        return None
    if says["low"] is not None:
        check = power_of_two if says["power"] else integer
        return check(name, value, says["low"], says["high"])
    return value


_hints = cache(typing.get_type_hints)


def check_config(cfg: object) -> None:
    """Raise TypeError for what is no configuration, such as a design's name."""
    if not isinstance(cfg, Config):
        raise TypeError(f"cfg must be a configuration, such as configure('nm', rows=8) makes, not {cfg!r}")


@dataclass(frozen=True, kw_only=True)
class Config(ABC):
    """Parameters and derived values that every design has; a design adds those of its engine, format and PE.

    Raises ``TypeError`` or ``ValueError`` with one sentence for a value that breaks a rule.
    """

    design: ClassVar[str] = ""
    """Its name on the command line."""
    tile_beats: ClassVar[str] = ""
    """Cycles that a tile takes at least, for people."""
    latency_formula: ClassVar[str] = ""
    pe: ClassVar[str] = ""
    """The PE: what is made of one step and one window, by the name of its module in ``hw/pe``."""

    rows: int = parameter(
        8,
        "rows of PEs; each computes one row of a result tile. More rows: more speed, more area",
        1,
        MAX_SIDE,
    )
    cols: int = parameter(
        8,
        "columns of PEs; each computes one column of a result tile. More columns: more speed, more area",
        1,
        MAX_SIDE,
    )
    a_width: int = parameter(8, "bits of a value of a, the sparse operand", 2, 16)
    b_width: int = parameter(8, "bits of a value of b, the dense operand", 2, 16)
    a_signed: bool = parameter(
        True, "values of a are two's complement (true) or unsigned (false, as after ReLU)"
    )
    b_signed: bool = parameter(True, "values of b are two's complement (true) or unsigned (false)")
    k_max: int = parameter(
        1024,
        "longest k of a tile in elements; longer products are cut, and the parts added by software",
        1,
        1 << 20,
    )
    acc_width: int | None = parameter(
        None, "bits of a sum, a_width + b_width to 48; none: just enough that k_max products never overflow"
    )
    stages: int = parameter(
        2,
        "registers in the multiply path: more for a faster clock, at one cycle of latency each",
        1,
        3,
    )
    b_bandwidth: int | None = parameter(
        None,
        "elements of k per column per cycle that b comes in, a divisor of the block; none: a whole block",
    )
    probe: bool = parameter(
        False,
        "adds a port with one bit per multiplier, 1 while it works; for verification, false in a product",
    )

    def __post_init__(self) -> None:
        hints, says = _hints(type(self)), stated(type(self))
        for entry in fields(self):
            name = entry.name
            object.__setattr__(self, name, _checked(name, getattr(self, name), hints[name], says[name]))
        if self.acc_width is not None:
            low = self.a_width + self.b_width
            rule = f"none or an integer from {low} (one product) to 48"
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

    def _check_no_overflow(self, who: str) -> None:
        """Raise ``ValueError`` for an ``acc_width`` that a sum can overflow, which ``who`` cannot have."""
        if self.can_overflow:
            wide = f" or an integer from {self.safe_width} to 48" if self.safe_width <= 48 else ""
            raise ValueError(
                f"acc_width must be none{wide} for {who}, whose sums must not overflow, not {self.acc_width}"
            )

    def _check(self) -> None:  # noqa: B027 - most designs have no such rules
        """Rules between parameters; raises ``ValueError`` or ``TypeError``."""

    _port_levers: ClassVar[str] = ""

    @property
    @abstractmethod
    def _stored_bits(self) -> int:
        """About the width of all ports of the sparse side."""

    # ---- engine, format, PE -------------------------------------------------------------------

    @property
    @abstractmethod
    def engine(self) -> "Engine":
        """Who runs when, and where sums land."""

    def core(self) -> "wiring.Component":
        """A new top component. It need not be elaborated: who reads its ports alone may drop it."""
        return self.engine.core(self)

    @property
    def format(self) -> str:
        """How `a` lies in memory: its name in ``hw/decode``, ``sw/codecs`` and ``verif/formats``."""
        return self.design

    # ---- derived ------------------------------------------------------------------------------

    @property
    @abstractmethod
    def block(self) -> int:
        """B, elements of k per block and per window."""

    def blocks(self, k: int) -> int:
        """Blocks of a tile: ceil(k / B)."""
        return -(-k // self.block)

    @property
    def chunk(self) -> int:
        """Elements of k per column in one beat of the dense stream."""
        return self.b_bandwidth or self.block

    @property
    def chunks(self) -> int:
        """Beats of the dense stream per window."""
        return self.block // self.chunk

    @property
    def most_steps(self) -> int:
        """The most steps that a block can take."""
        return self.block

    lanes: ClassVar[int] = 1
    gate: ClassVar[bool] = False
    """Whether a zero operand isolates its multiplier."""
    share: ClassVar[bool] = False
    """Whether a PE can make a product for the PE of another row group."""
    fallback: ClassVar[bool] = False
    """Whether a tile can be stored and run without skipping."""
    resident: ClassVar[bool] = False
    """Whether windows can stay for the tiles that come next."""
    transposed: ClassVar[bool] = False
    """Whether the rows of the array take columns of `b`: the operand whose zeros are skipped."""
    pattern: ClassVar[tuple[str, ...]] = ()
    """Header fields that say how dense a tile's blocks are, where that is chosen tile by tile."""

    bit_level: ClassVar[bool] = False
    """Whether the bits of `a` come in sequence."""

    @property
    def paired_lanes(self) -> int:
        """Lanes of the paired dense design."""
        return self.lanes

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
    @abstractmethod
    def latency(self) -> int:
        """P of the cycle contract: cycles from a beat's issue to its accumulation."""


@dataclass(frozen=True, kw_only=True)
class MultiplyConfig(Config):
    """Parameters of PEs that multiply whole values."""

    latency_formula: ClassVar[str] = "1 + stages + (1 if lanes > 1 else 0)"

    overflow: Literal["wrap", "saturate"] = parameter(
        "wrap", "what a sum does that leaves acc_width; either sets a sticky flag"
    )

    @property
    def pe(self) -> str:  # type: ignore[override]
        """``gated`` where a zero operand isolates its multiplier, else ``mac``."""
        return "gated" if self.gate else "mac"

    def _check_gate(self) -> None:
        if self.gate and self.stages < 2:
            raise ValueError(
                f"stages must be 2 or 3 for a gated design (it holds operand registers), not {self.stages}"
            )

    @property
    def latency(self) -> int:
        """``1 + stages``, plus one for the adder tree's register where ``lanes > 1``."""
        return 1 + self.stages + (self.lanes > 1)

    def fan_in(self, lane: int) -> int:
        """Window elements that a lane selects from; 1 where the position is fixed."""
        return 1

    @property
    def position_width(self) -> int:
        """Bits of what a lane selects by: its position less ``lane``."""
        return max(self.fan_in(lane) - 1 for lane in range(self.lanes)).bit_length()
