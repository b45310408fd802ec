"""One product measured on a design and on its paired dense array, in the project's words."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zeroskip.gen.designs import paired_dense, paired_serial
from zeroskip.hw.config import Config, check_config
from zeroskip.sw.arrays import Matrix, full, turned
from zeroskip.sw.balance import permute_rows
from zeroskip.sw.codecs import Pattern, codec_of
from zeroskip.sw.engines import order_of
from zeroskip.sw.integers import operand
from zeroskip.sw.serial import operand_formats, serial_operand
from zeroskip.sw.stored import stored_bits
from zeroskip.sw.tiling import check_operands
from zeroskip.verif.golden import golden_matmul
from zeroskip.verif.native import native_matmul

__all__ = ["Backend", "Measurement", "measure"]

Backend = Literal["rtl", "model"]
Progress = Callable[[str, int, int], None]
"""``progress(what, tiles done, tiles in all)``."""


@dataclass(frozen=True)
class Measurement:
    """What a product cost; definitions as in docs/architecture.md, "Words for what we measure".

    ``skipped`` names the operand whose zeros the design skips, "a", or "b" for a transposed design, and
    ``density`` is its density. ``macs_useful`` counts the products with its nonzeros; ``utilisation`` is that
    over multipliers times cycles; ``speedup`` is against ``dense_cycles`` of the paired dense design on the
    same backend; ``ideal_speedup`` is 1 / density (None where all of it is zero), ``eta`` their ratio.
    ``bits_per_element`` is of this operand as well. ``errors`` counts results that differ from `a @ b` in
    int64. ``efficiency`` is the part of the array's row groups' cycles in which they issue: of unstructured
    designs; None of others.

    Of a bit-level design ``multipliers`` are its dense-equivalent MACs per cycle, ``density`` is that of its
    digits, useful MACs are all MACs times that, and ``serial_cycles`` are those of the paired bit-serial
    design. ``speedup`` and ``serial_speedup`` are at equal peak throughput: ratios of cycles times MACs per
    cycle (of the dense design ``dense_multipliers``).
    """

    design: str
    backend: Backend
    shape: tuple[int, int, int]
    skipped: Literal["a", "b"]
    density: float
    cycles: int
    dense_cycles: int
    multipliers: float
    dense_multipliers: int
    serial_cycles: int | None
    serial_speedup: float | None
    efficiency: float | None
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


def measure(  # noqa: PLR0913 - the last four are keywords
    cfg: Config,
    a: Matrix,
    b: Matrix,
    *,
    pattern: Pattern | None = None,
    backend: Backend = "rtl",
    balance: bool = False,
    progress: Progress | None = None,
) -> tuple[Measurement, NDArray[np.int64]]:
    """Run ``a @ b`` on ``cfg`` and on its paired dense design; (measurement, product).

    A transposed design runs ``b.T @ a.T``, as does its pair, and the product is put back. ``balance`` orders
    the rows that the array takes so that its rows have like work, and puts the product back in order.
    ``pattern`` is that of every tile, (N,) for `nm`; without one each has the least that it obeys.

    Raises ``TypeError`` or ``ValueError`` for operands that do not fit the design, or an unknown backend.
    """
    check_config(cfg)
    a, b = operand(a, "a"), operand(b, "b")
    if backend not in ("rtl", "model"):
        raise ValueError(f"backend must be rtl or model, not {backend!r}")
    (a_width, a_signed), (b_width, b_signed) = operand_formats(cfg)
    formats = {"a_width": a_width, "a_signed": a_signed, "b_width": b_width, "b_signed": b_signed}
    check_operands(replace(paired_dense(cfg), **formats), a, b, "")  # type: ignore[arg-type]
    cfg = serial_operand(cfg, a, b)
    transposed, dense_cfg, codec = cfg.transposed, paired_dense(cfg), codec_of(cfg)
    if transposed:
        codec.check_values(cfg, b, "b")  # tiles name what the array takes as rows `a`
    left, right = (turned(b), turned(a)) if transposed else (a, b)
    ordered = None
    if balance:
        ordered = permute_rows(left, cfg.rows, order_of(cfg).scope)
        left = ordered.matrix

    codec.check_pattern(cfg, left, pattern or ())

    def product(config: Config, chosen: Pattern | None, what: str):  # type: ignore[no-untyped-def]
        if backend == "model":
            return golden_matmul(config, left, right, chosen)
        report = (lambda done, total: progress(what, done, total)) if progress else None
        return native_matmul(config, left, right, chosen, progress=report)

    mine = product(cfg, pattern, cfg.design)
    dense = mine if cfg == dense_cfg else product(dense_cfg, None, "paired dense")
    c = mine.c if ordered is None else ordered.undo(mine.c)
    c = c.T if transposed else c
    serial, serial_speedup = None, None
    if (serial_cfg := paired_serial(cfg)) is not None:
        serial = mine if cfg == serial_cfg else product(serial_cfg, None, "paired bit-serial")
        serial_speedup = serial.cycles * serial_cfg.peak_macs / (mine.cycles * cfg.peak_macs)
    (m, k), cols = a.shape, b.shape[1]
    density = codec.density(cfg, left)
    useful = round(density * m * k * cols)
    ideal = 1 / density if density else None
    speedup = dense.cycles * dense_cfg.peak_macs / (mine.cycles * cfg.peak_macs)
    expected = full(a.astype(np.int64) @ b.astype(np.int64))
    measurement = Measurement(
        design=cfg.design,
        backend=backend,
        shape=(m, k, cols),
        skipped="b" if transposed else "a",
        density=density,
        cycles=mine.cycles,
        dense_cycles=dense.cycles,
        multipliers=cfg.peak_macs,
        dense_multipliers=dense_cfg.multipliers,
        serial_cycles=serial.cycles if serial else None,
        serial_speedup=serial_speedup,
        efficiency=order_of(cfg).efficiency(cfg, mine.counters, mine.cycles),
        b_bandwidth=cfg.chunk,
        macs_dense=m * k * cols,
        macs_useful=useful,
        utilisation=useful / (cfg.peak_macs * mine.cycles),
        speedup=speedup,
        ideal_speedup=ideal,
        eta=speedup / ideal if ideal else None,
        bits_per_element=stored_bits(cfg, left, pattern).per_element,
        counters=mine.counters,
        overflow=mine.overflow,
        errors=int(np.count_nonzero(c != expected)),
    )
    return measurement, c
