"""N:M sparsity: at most N of each M elements are stored, and only they cost time."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from zeroskip.hw.config import integer, parameter
from zeroskip.hw.design import Design
from zeroskip.hw.engines.beats.config import BeatsConfig

__all__ = ["DESIGN", "NMConfig"]


@dataclass(frozen=True, kw_only=True)
class NMConfig(BeatsConfig):
    """N:M array: of each block of ``m`` elements of k at most N are stored, and only they cost time."""

    design: ClassVar[str] = "nm"
    tile_beats: ClassVar[str] = "ceil(k / block) * ceil(N / lanes)"

    n: int = parameter(
        2,
        "N of N:M: elements stored of each block of m, 1 to m. Without n_fixed the most that a tile may have",
    )
    m: int = parameter(
        4,
        "M of N:M, elements of k in a block: 2, 4, 8, 16 or 32. Above 8 multiplexers outgrow the multiplier",
    )
    n_fixed: bool = parameter(
        False, "true: N is always n, smaller multiplexers if lanes = n. false: each tile says its N, 1 to n"
    )
    encoding: Literal["index", "bitmask"] = parameter(
        "index", "how positions are stored: index, log2(m) bits per value, or bitmask, m bits per block"
    )

    def _check(self) -> None:
        m = integer("m", self.m, 2, 32, "2, 4, 8, 16 or 32")
        if m & (m - 1):
            raise ValueError(f"m must be 2, 4, 8, 16 or 32, not {m}")
        n = integer("n", self.n, 1, m, f"an integer from 1 to m = {m}")
        object.__setattr__(self, "m", m)
        object.__setattr__(self, "n", n)
        if self.lanes > n:
            raise ValueError(
                f"lanes must be at most n = {n} (a beat takes its pairs from one block), not {self.lanes}"
            )

    @property
    def format(self) -> str:
        return f"nm_{self.encoding}"

    @property
    def pattern(self) -> tuple[str, ...]:  # type: ignore[override]
        """``("n",)`` where each tile states its N."""
        return () if self.n_fixed else ("n",)

    @property
    def block(self) -> int:
        return self.m

    @property
    def stored(self) -> int:
        return self.n

    @property
    def mask_bits(self) -> int:  # type: ignore[override]
        """Bits of a block's mask: m, or none."""
        return self.m if self.encoding == "bitmask" else 0

    @property
    def position_bits(self) -> int:  # type: ignore[override]
        """Bits of one stored position: log2(m), or none."""
        return self.m.bit_length() - 1 if self.encoding == "index" else 0

    @property
    def parallel(self) -> bool:
        """All N values of a block in one beat, so lane j needs an (m - n + 1):1 select only."""
        return self.n_fixed and self.lanes == self.n

    def fan_in(self, lane: int) -> int:
        """Window elements a lane selects from, ``lane`` the first: positions rise through the lanes."""
        return self.m - self.n + 1 if self.parallel else self.m - lane


DESIGN = Design(
    "N:M sparsity: of each block of M elements exactly N are stored, and only those cost cycles",
    NMConfig,
    cases=(
        dict(rows=4, cols=3, k_max=40),
        dict(rows=4, cols=4, k_max=32, n_fixed=True, lanes=2, stages=1),
        dict(rows=3, cols=2, k_max=30, n_fixed=True, encoding="bitmask", stages=3),
        dict(rows=2, cols=4, k_max=21, n=1, m=2, a_width=2, b_width=16, b_bandwidth=1),
        dict(rows=5, cols=2, k_max=12, n=2, m=2, encoding="bitmask", stages=1),
        dict(rows=3, cols=3, k_max=64, n=4, m=8, lanes=2, b_bandwidth=2, a_signed=False),
        dict(
            rows=4,
            cols=1,
            k_max=48,
            n=8,
            m=8,
            lanes=3,
            encoding="bitmask",
            b_bandwidth=4,
            b_signed=False,
            stages=3,
        ),
        dict(rows=2, cols=2, k_max=70, n=3, m=16, lanes=3, n_fixed=True, encoding="bitmask"),
        dict(rows=1, cols=5, k_max=100, n=5, m=16, lanes=2, n_fixed=True, b_bandwidth=1),
        dict(rows=3, cols=2, k_max=96, n=32, m=32, lanes=8, b_bandwidth=8, a_width=16),
        dict(
            rows=2,
            cols=3,
            k_max=90,
            n=6,
            m=32,
            encoding="bitmask",
            lanes=4,
            a_signed=False,
            b_signed=False,
            b_width=3,
        ),
        dict(
            rows=3,
            cols=3,
            k_max=60,
            n=4,
            m=8,
            lanes=2,
            a_width=5,
            b_width=4,
            acc_width=9,
            overflow="saturate",
        ),
        dict(
            rows=2,
            cols=4,
            k_max=60,
            n=3,
            m=4,
            lanes=2,
            a_width=4,
            b_width=4,
            acc_width=8,
            encoding="bitmask",
            a_signed=False,
            b_signed=False,
        ),
    ),
    proofs={},
)
