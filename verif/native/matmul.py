"""Whole matrix products on the RTL, in one continuous run whatever their size."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile, assemble, result_rows, tile_matmul
from zeroskip.verif.native.core import CoreSimulation
from zeroskip.verif.native.results import tile_results
from zeroskip.verif.native.simulation import LIMIT, NEED, SimulationError
from zeroskip.verif.result import Stalls

__all__ = ["NativeMatmul", "native_matmul"]

CHUNK_ELEMENTS = 1 << 18  # operand elements packed at once: a few MB, whatever the product's size


@dataclass(frozen=True)
class NativeMatmul:
    """A product ``c`` (int64, rows of a x columns of b) and what it cost on the RTL.

    ``cycles``, ``counters`` and the sticky ``overflow`` are those of one run over all tiles; ``busy`` has
    the active cycles of every multiplier, int64 (rows, cols, lanes), zeros without ``cfg.probe``;
    ``series`` is the number of busy multipliers in each cycle, uint16 (cycles,), where it was asked for.
    """

    c: NDArray[np.int64]
    cycles: int
    counters: dict[str, int]
    busy: NDArray[np.int64]
    overflow: bool
    series: NDArray[np.uint16] | None


def _chunks(tiles: Sequence[Tile]) -> list[Sequence[Tile]]:
    """Consecutive tiles of about ``CHUNK_ELEMENTS`` operand elements each."""
    ends = np.cumsum([tile.a.size + tile.b.size for tile in tiles]) // CHUNK_ELEMENTS
    cuts = [0, *(np.flatnonzero(np.diff(ends)) + 1).tolist(), len(tiles)]
    return [tiles[start:end] for start, end in pairwise(cuts)]


def native_matmul(  # noqa: PLR0913
    cfg: ArrayConfig,
    a: NDArray[np.integer],
    b: NDArray[np.integer],
    n: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    series: bool = False,
    verilog: str | None = None,
) -> NativeMatmul:
    """Product ``a @ b`` by simulating the design, tile by tile, no stalls; ``n`` as of ``tile_matmul``.

    Cycle for cycle ``zeroskip.verif.golden.golden_matmul``. Operands are packed while the simulation
    runs, so memory stays bounded (while row tiles share one kept `b`, by their `a` in packed form);
    ``progress(done, total)`` is called with numbers of tiles. ``verilog``
    is as of ``native``. Raises what ``tile_matmul`` raises, and ``SimulationError`` when the design hangs.
    """
    tiles = tile_matmul(cfg, a, b, n)
    chunks = _chunks(tiles)
    # one element of either operand per cycle, or every step of every block; and every tile on its own
    steps = cfg.most_steps if isinstance(cfg, SparseConfig) else cfg.block
    rows = [result_rows(cfg, len(tile.a)) for tile in tiles]
    limit = sum(
        2 * max(1, -(-steps // cfg.block)) * (tile.a.shape[1] + cfg.block) + count + cfg.latency + 4
        for tile, count in zip(tiles, rows, strict=True)
    )
    active = np.zeros(limit, np.uint16) if series else None
    images: dict[int, Future[dict[str, NDArray[np.uint8]]]] = {}
    parts, done = [], 0
    with CoreSimulation(cfg, Stalls(), verilog=verilog) as simulation, ThreadPoolExecutor(1) as packer:
        fed = [0] * len(simulation.names)  # chunks that each stream has been given

        def feed(index: int) -> None:
            chunk = fed[index]
            for ahead in range(
                chunk, min(chunk + 2, len(chunks))
            ):  # the next one while this one is simulated
                if ahead not in images:
                    before = chunks[ahead - 1][-1] if ahead else None
                    images[ahead] = packer.submit(pack, cfg, list(chunks[ahead]), before)
            beats = images[chunk].result()[simulation.names[index]]
            simulation.feed(simulation.inputs[index], beats, more=chunk + 1 < len(chunks))
            fed[index] += 1
            if min(fed) > chunk:
                del images[chunk]

        for index in range(len(fed)):
            feed(index)
        for chunk in chunks:
            missing = sum(rows[done : done + len(chunk)])
            while missing:
                stop, beats, _ = simulation.rows(missing, max_cycles=limit, series=active)
                parts.append(beats)
                missing -= len(beats)
                if stop == LIMIT:
                    raise SimulationError(
                        f"a product must end within {limit} cycles, not hang in tile {done} of {len(tiles)}"
                    )
                if stop >= NEED:
                    feed(stop - NEED)
            done += len(chunk)
            if progress is not None:
                progress(done, len(tiles))
        outputs, _ = tile_results(cfg, np.concatenate(parts), tiles)
        return NativeMatmul(
            c=assemble(cfg, (len(a), a.shape[1], b.shape[1]), outputs),
            cycles=simulation.cycle,
            counters=simulation.counters,
            busy=simulation.activity("busy"),
            overflow=bool(simulation.values["o_overflow"]),
            series=None if active is None else active[: simulation.cycle].copy(),
        )
