"""One product measured on a design and on its paired dense array, in the project's words."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zeroskip.gen.designs import paired_dense
from zeroskip.hw.config import ArrayConfig
from zeroskip.sw.image import image_bits
from zeroskip.sw.tiling import tile_matmul
from zeroskip.verif.golden import golden_matmul
from zeroskip.verif.native import native_matmul

__all__ = ["Backend", "Measurement", "measure"]

Backend = Literal["rtl", "model"]
Progress = Callable[[str, int, int], None]
"""``progress(what, tiles done, tiles in all)``."""


@dataclass(frozen=True)
class Measurement:
    """What a product cost; definitions as in docs/architecture.md, "Words for what we measure".

    ``macs_useful`` counts the nonzeros of `a` times the columns of `b`; ``utilisation`` is that over
    multipliers times cycles; ``speedup`` is against ``dense_cycles`` of the paired dense design on the same
    backend; ``ideal_speedup`` is 1 / density of `a` (None where `a` is all zero), ``eta`` their ratio.
    ``errors`` counts results that differ from `a @ b` in int64.
    """

    design: str
    backend: Backend
    shape: tuple[int, int, int]
    density: float
    cycles: int
    dense_cycles: int
    multipliers: int
    b_bandwidth: int
    macs_dense: int
    macs_useful: int
    utilisation: float
    speedup: float
    ideal_speedup: float | None
    eta: float | None
    bits_per_element: float
    counters: dict[str, int]
    overflow: bool
    errors: int

    def as_json(self) -> dict[str, object]:
        """The same, for ``json.dumps``."""
        return asdict(self)


def measure(  # noqa: PLR0913 - the last three are keywords
    cfg: ArrayConfig,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    *,
    n: int | None = None,
    backend: Backend = "rtl",
    progress: Progress | None = None,
) -> tuple[Measurement, NDArray[np.int64]]:
    """Run ``a @ b`` on ``cfg`` and on its paired dense design; (measurement, product).

    Raises ``TypeError`` or ``ValueError`` for operands that do not fit the design, or an unknown backend.
    """

    if backend not in ("rtl", "model"):
        raise ValueError(f"backend must be rtl or model, not {backend!r}")

    def product(config: ArrayConfig, tile_n: int | None, what: str):  # type: ignore[no-untyped-def]
        if backend == "model":
            return golden_matmul(config, a, b, tile_n)
        report = (lambda done, total: progress(what, done, total)) if progress else None
        return native_matmul(config, a, b, tile_n, progress=report)

    mine = product(cfg, n, cfg.design)
    dense_cfg = paired_dense(cfg)
    dense = mine if cfg == dense_cfg else product(dense_cfg, None, "paired dense")
    (m, k), cols = a.shape, b.shape[1]
    useful = int(np.count_nonzero(a)) * cols
    ideal = m * k * cols / useful if useful else None
    speedup = dense.cycles / mine.cycles
    expected = a.astype(np.int64) @ b.astype(np.int64)
    measurement = Measurement(
        design=cfg.design,
        backend=backend,
        shape=(m, k, cols),
        density=useful / (m * k * cols),
        cycles=mine.cycles,
        dense_cycles=dense.cycles,
        multipliers=cfg.multipliers,
        b_bandwidth=cfg.chunk,
        macs_dense=m * k * cols,
        macs_useful=useful,
        utilisation=useful / (cfg.multipliers * mine.cycles),
        speedup=speedup,
        ideal_speedup=ideal,
        eta=speedup / ideal if ideal else None,
        bits_per_element=image_bits(cfg, tile_matmul(cfg, a, b[:, :1], n)).per_element,
        counters=mine.counters,
        overflow=mine.overflow,
        errors=int(np.count_nonzero(mine.c != expected)),
    )
    return measurement, mine.c
