"""The design's RTL with the golden model's signature."""

from collections.abc import Sequence

import numpy as np

from zeroskip.hw.config import Config
from zeroskip.sw.engines import order_of
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases.noise import noisy
from zeroskip.verif.native.results import result_of
from zeroskip.verif.native.simulation import SimulationError
from zeroskip.verif.native.streams import run_streams
from zeroskip.verif.result import Result, Stalls

__all__ = ["native"]


def native(
    cfg: Config,
    tiles: Sequence[Tile],
    stalls: Stalls = Stalls(),  # noqa: B008  frozen
    *,
    verilog: str | None = None,
    noise: int | None = None,
) -> Result:
    """Simulate the design on ``tiles``: the same meaning, to the cycle, as ``zeroskip.verif.golden.golden``.

    ``verilog`` is other Verilog for the same ports, for example a synthesised netlist; ``noise`` seeds random
    bits where the contract says that the design ignores them (zeros, where it is None). ``busy`` and
    ``gated`` are zeros where ``cfg.probe`` is False. Raises ``SimulationError`` when the design hangs or
    breaks the protocol of its result stream, and what ``zeroskip.sw.image.pack`` raises.
    """
    if not tiles:
        raise ValueError(f"tiles must be one or more tiles, not {tiles!r}")
    image = pack(cfg, list(tiles))
    if noise is not None:
        image = noisy(cfg, list(tiles), image, np.random.default_rng(noise))
    rows = sum(order_of(cfg).result_rows(cfg, len(tile.a)) for tile in tiles)
    raw = run_streams(cfg, image, stalls, rows, verilog=verilog)
    if raw.error != bool(raw.cause):
        raise SimulationError(f"o_error must say whether o_cause is set, not {raw.error:d} of {raw.cause:#x}")
    return result_of(cfg, raw, tiles)
