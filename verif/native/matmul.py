"""Whole matrix products on the RTL, in one continuous run whatever their size."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.sw.arrays import Array
from zeroskip.sw.bounds import MAX_ELEMENTS
from zeroskip.sw.codecs import Pattern
from zeroskip.sw.engines import order_of
from zeroskip.sw.image import pack_chunk
from zeroskip.sw.tiling import assemble, tile_matmul
from zeroskip.verif.native.core import CoreSimulation
from zeroskip.verif.native.results import tile_results
from zeroskip.verif.native.simulation import LIMIT, NEED, SimulationError
from zeroskip.verif.result import Product, Stalls

__all__ = ["native_matmul"]


def native_matmul(  # noqa: PLR0913
    cfg: Config,
    a: Array,
    b: Array,
    pattern: Pattern | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    series: bool = False,
    verilog: str | None = None,
) -> Product:
    """Product ``a @ b`` by simulating the design, tile by tile, no stalls; ``pattern`` as of ``tile_matmul``.

    Cycle for cycle ``zeroskip.verif.golden.golden_matmul``. Operands are packed while the simulation
    runs, so memory stays bounded (while row tiles share one kept `b`, by their `a` in packed form);
    ``progress(done, total)`` is called with numbers of tiles. ``verilog`` is as of ``native``. Raises what
    ``tile_matmul`` raises, ``ValueError`` for more results than memory has room for, and ``SimulationError``
    when the design hangs.
    """
    tiles = tile_matmul(cfg, a, b, pattern)
    chunks = tiles.chunks()
    # one element of either operand per cycle, or every step of every block; and every tile on its own
    steps = cfg.most_steps
    used, k, _ = tiles.shapes.T
    rows = np.array([order_of(cfg).result_rows(cfg, count) for count in used.tolist()])
    results = int(rows.sum()) * cfg.cols
    if results > MAX_ELEMENTS:
        raise ValueError(
            f"a product on the RTL must have at most {MAX_ELEMENTS} results in all its tiles, not {results}: "
            "give k_max a greater value, or take the golden model (backend model)"
        )
    limit = int((2 * max(1, -(-steps // cfg.block)) * (k + cfg.block) + rows + cfg.latency + 4).sum())
    active = np.zeros(limit, np.uint16) if series else None
    images: dict[int, Future[dict[str, NDArray[np.uint8]]]] = {}
    parts = []
    with CoreSimulation(cfg, Stalls(), verilog=verilog) as simulation, ThreadPoolExecutor(1) as packer:
        fed = [0] * len(simulation.names)  # chunks that each stream has been given

        def feed(index: int) -> None:
            chunk = fed[index]
            # the next one while this one is simulated
            for ahead in range(chunk, min(chunk + 2, len(chunks))):
                if ahead not in images:
                    images[ahead] = packer.submit(pack_chunk, cfg, tiles, chunks[ahead])
            beats = images[chunk].result()[simulation.names[index]]
            simulation.feed(simulation.inputs[index], beats, more=chunk + 1 < len(chunks))
            fed[index] += 1
            if min(fed) > chunk:
                del images[chunk]

        for index in range(len(fed)):
            feed(index)
        for chunk in chunks:
            missing = int(rows[chunk].sum())
            while missing:
                stop, beats, _ = simulation.rows(missing, max_cycles=limit, series=active)
                parts.append(beats)
                missing -= len(beats)
                if stop == LIMIT:
                    raise SimulationError(
                        f"a product must end within {limit} cycles, not hang in tile {chunk.start} of "
                        f"{len(tiles)}"
                    )
                if stop >= NEED:
                    feed(stop - NEED)
            if progress is not None:
                progress(chunk.stop, len(tiles))
        outputs, _ = tile_results(cfg, np.concatenate(parts), used.tolist())
        busy = simulation.activity("busy")
        return Product(
            c=assemble(cfg, (a.shape[0], a.shape[1], b.shape[1]), outputs),
            cycles=simulation.cycle,
            counters=simulation.counters,
            busy_total=int(busy.sum()),
            busy=busy,
            overflow=bool(simulation.values["o_overflow"]),
            series=None if active is None else active[: simulation.cycle].copy(),
        )
