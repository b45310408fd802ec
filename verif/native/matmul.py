"""Whole matrix products on the RTL, in one continuous run whatever their size."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig
from zeroskip.sw.image import output_matrix, pack
from zeroskip.sw.tiling import Tile, assemble, tile_matmul
from zeroskip.verif.native.simulation import LIMIT, NEED, Simulation, SimulationError
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
    runs, so memory stays bounded; ``progress(done, total)`` is called with numbers of tiles. ``verilog``
    is as of ``native``. Raises what ``tile_matmul`` raises, and ``SimulationError`` when the design hangs.
    """
    tiles = tile_matmul(cfg, a, b, n)
    chunks = _chunks(tiles)
    # one element of either operand per cycle at the very worst, and every tile on its own
    limit = sum(2 * (tile.a.shape[1] + cfg.block) + len(tile.a) + cfg.latency + 4 for tile in tiles)
    active = np.zeros(limit, np.uint16) if series else None
    images: dict[int, Future[dict[str, NDArray[np.uint8]]]] = {}
    outputs: list[NDArray[np.int64]] = []
    with Simulation(cfg, Stalls(), verilog=verilog) as simulation, ThreadPoolExecutor(1) as packer:
        simulation.state.max_cycles = limit
        fed = [0] * len(simulation.names)  # chunks that each stream has been given

        def feed(index: int) -> None:
            chunk = fed[index]
            for ahead in range(
                chunk, min(chunk + 2, len(chunks))
            ):  # the next one while this one is simulated
                if ahead not in images:
                    images[ahead] = packer.submit(pack, cfg, list(chunks[ahead]))
            simulation.feed(
                index, images[chunk].result()[simulation.names[index]], more=chunk + 1 < len(chunks)
            )
            fed[index] += 1
            if min(fed) > chunk:
                del images[chunk]

        for index in range(len(fed)):
            feed(index)
        for chunk in chunks:
            rows = [len(tile.a) for tile in chunk]
            missing, parts = sum(rows), []
            while missing:
                stop, beats, _ = simulation.advance(missing, series=active)
                parts.append(beats)
                missing -= len(beats)
                if stop == LIMIT:
                    done = f"tile {len(outputs)} of {len(tiles)}"
                    raise SimulationError(f"a product must end within {limit} cycles, not hang in {done}")
                if stop >= NEED:
                    feed(stop - NEED)
            outputs += np.split(output_matrix(cfg, np.concatenate(parts))[0], np.cumsum(rows)[:-1])
            if progress is not None:
                progress(len(outputs), len(tiles))
        return NativeMatmul(
            c=assemble(cfg, (len(a), a.shape[1], b.shape[1]), outputs),
            cycles=simulation.state.cycle,
            counters=simulation.counters,
            busy=simulation.busy,
            overflow=bool(simulation.state.overflow),
            series=None if active is None else active[: simulation.state.cycle].copy(),
        )
