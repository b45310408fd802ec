"""Hierarchical N:M sparsity: at most G of H parts of a block, in each part at most N of M elements."""

from dataclasses import dataclass
from typing import ClassVar

from zeroskip.hw.config import integer, parameter
from zeroskip.hw.design import Design
from zeroskip.hw.engines.beats.config import BeatsConfig

__all__ = ["DESIGN", "HSSConfig"]


@dataclass(frozen=True, kw_only=True)
class HSSConfig(BeatsConfig):
    """Two levels of N:M (HighLight, Wu et al., MICRO 2023): densities multiply, multiplexers stay small.

    A block is ``h`` parts of ``m`` elements of k. A tile's rows store G parts of every block, N values of
    each part; G and N are the tile's own, up to ``g`` and ``n``.
    """

    design: ClassVar[str] = "hss"
    tile_beats: ClassVar[str] = "ceil(k / block) * G * ceil(N / lanes)"
    pe: ClassVar[str] = "nested"  # type: ignore[misc]
    pattern: ClassVar[tuple[str, ...]] = ("g", "n")

    n: int = parameter(2, "N of N:M in a part: the most values of a part that a tile may have, 1 to m")
    m: int = parameter(4, "M of N:M, elements of k in a part: 2, 4 or 8")
    g: int = parameter(2, "G of G:H: the most parts of a block that a tile may have, 1 to h")
    h: int = parameter(4, "H of G:H, parts of a block: 2, 4 or 8. A PE selects among h parts, then among m")

    def _check(self) -> None:
        for name, level, most in (("n", "m", self.m), ("g", "h", self.h)):
            size = integer(level, most, 2, 8, "2, 4 or 8")
            if size & (size - 1):
                raise ValueError(f"{level} must be 2, 4 or 8, not {size}")
            object.__setattr__(self, level, size)
            rule = f"an integer from 1 to {level} = {size}"
            object.__setattr__(self, name, integer(name, getattr(self, name), 1, size, rule))
        if self.lanes > self.n:
            raise ValueError(
                f"lanes must be at most n = {self.n} (a beat takes its pairs from one part), not {self.lanes}"
            )

    @property
    def block(self) -> int:
        return self.h * self.m

    @property
    def parts(self) -> int:  # type: ignore[override]
        """G, at most."""
        return self.g

    @property
    def stored(self) -> int:
        return self.n

    @property
    def mask_bits(self) -> int:  # type: ignore[override]
        """A bit for each part of a block: whether it is stored."""
        return self.h

    @property
    def position_bits(self) -> int:  # type: ignore[override]
        """Bits of a stored position, in its part: log2(m)."""
        return self.m.bit_length() - 1

    def fan_in(self, lane: int) -> int:
        """All elements of the block from the lane's number on: the part is above the position in it."""
        return self.block - lane


DESIGN = Design(
    "two levels of N:M: at most G of H parts of a block, N of M elements of each; only those cost cycles",
    HSSConfig,
    cases=(
        dict(rows=4, cols=3, k_max=70),
        dict(rows=2, cols=4, k_max=40, n=4, m=4, g=2, h=2, lanes=2, b_bandwidth=2, stages=1),
        dict(rows=3, cols=2, k_max=130, n=3, m=8, g=4, h=4, lanes=2, a_signed=False, b_width=5, stages=3),
        dict(rows=5, cols=1, k_max=33, n=1, m=2, g=8, h=8, a_width=3, b_bandwidth=4, b_signed=False),
        dict(rows=2, cols=2, k_max=64, n=2, m=2, g=1, h=4, lanes=2, acc_width=17),
        dict(
            rows=3,
            cols=3,
            k_max=60,
            n=2,
            m=4,
            g=3,
            h=4,
            a_width=4,
            b_width=4,
            acc_width=9,
            overflow="saturate",
        ),
    ),
    proofs={
        "": dict(n=2, m=4, g=2, h=2),
        "lanes": dict(n=3, m=4, g=2, h=4, lanes=2, k_max=20),
        "one-part": dict(n=2, m=2, g=1, h=2, lanes=2),
    },
)
