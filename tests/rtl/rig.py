"""One build of a design for many questions: a port ``mode`` chooses what it tells, and where it lies.

With ``mode`` 0 it is the design as it is. With ``WATCH`` the counters of a design of the engine ``free`` are
the situations that it went through (``zeroskip.verif.coverage.free.watched``), and the busy multipliers of a
gated design are those that are gated as well. With a mode of ``lies`` all parsers tell one thing wrong, in
every step but a tile's first.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from tampered import tampered, tampered_module

from zeroskip.hw.config import Config
from zeroskip.hw.decode.parser import parsed_layout
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.sw.engines import order_of
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases.noise import noisy
from zeroskip.verif.coverage.free import watched
from zeroskip.verif.native import RawResult, SimulationError, run_streams
from zeroskip.verif.native.results import result_of
from zeroskip.verif.result import Result, Stalls

Image = dict[str, NDArray[np.uint8]]

SMALL = DenseConfig(rows=2, cols=2, k_max=16, acc_width=24, probe=True)
"""The design of tests to which any will do."""

WATCH = 1
NONE = Stalls()
PORT = {"mode": 16}


def lies(cfg: FreeConfig) -> dict[str, int]:
    """Everything that a parser can tell wrong, and the ``mode`` of each: a bit, or how much it takes."""
    fields = [(name, bit) for name, field in parsed_layout(cfg) for bit in range(field.width)]
    names = [*(f"{name}[{bit}]" for name, bit in fields), "take", "need"]
    return {name: number << 1 for number, name in enumerate(names, 1)}


@cache
def _watched(cfg: FreeConfig) -> str | None:
    """``watched``; None where the counters have no bit for every situation that the design can be in."""
    try:
        return watched(cfg)
    except ValueError:
        return None


def watchable(cfg: FreeConfig) -> bool:
    """Whether ``WATCH`` tells anything."""
    return _watched(cfg) is not None


@cache
def rigged(cfg: Config) -> str | None:
    """Verilog of the design with the port ``mode``; None where there is nothing to choose."""
    if not isinstance(cfg, FreeConfig):
        busy = "mode[0] ? real_o_busy ^ o_gated : real_o_busy"
        return tampered(cfg, PORT, o_busy=busy) if cfg.gate else None
    text = _watched(cfg)
    if text is None:
        text = tampered(cfg, PORT)
    else:
        shown = "assign o_counters = seen | now;"
        assert text.count(shown) == text.count("\nmodule top(") == 1
        text = text.replace(shown, "assign o_counters = mode[0] ? seen | now : counted;")
        text = re.sub(r"module top\((.*)\);", r"module top(mode, \1);\n  input [15:0] mode;", text)
    size = parsed_layout(cfg).size
    lie = "({15{!fresh}} & top.mode[15:1])"
    return tampered_module(
        text,
        "core__parser",
        o=f"real_o ^ ({size}'d1 << ({lie} - 1))",
        take=f"{lie} == {size + 1} ? 0 : real_take",
        need=f"{lie} == {size + 2} ? (&real_need ? 0 : ~0) : real_need",  # more than ever comes, or nothing
    )


def packed(cfg: Config, tiles: Sequence[Tile], noise: int | None = None) -> Image:
    """The image of ``tiles``, with noise as of ``native``."""
    image = pack(cfg, list(tiles))
    return image if noise is None else noisy(cfg, list(tiles), image, np.random.default_rng(noise))


def run(
    cfg: Config,
    image: Image,
    stalls: Stalls = NONE,
    out_beats: int | None = None,
    mode: int = 0,
    *,
    series: bool = False,
) -> RawResult:
    """``run_streams`` on the rigged design."""
    text = rigged(cfg)
    port = {} if text is None else PORT
    return run_streams(
        cfg, image, stalls, out_beats, verilog=text, controls=port, control=mode, series=series
    )


def run_tiles(
    cfg: Config, tiles: Sequence[Tile], image: Image, stalls: Stalls = NONE, mode: int = 0
) -> RawResult:
    """A run of legal tiles, to their last row."""
    rows = sum(order_of(cfg).result_rows(cfg, len(tile.a)) for tile in tiles)
    return run(cfg, image, stalls, rows, mode)


def result(cfg: Config, tiles: Sequence[Tile], raw: RawResult) -> Result:
    """What ``native`` makes of a run."""
    if raw.error != bool(raw.cause):
        raise SimulationError(f"o_error must say whether o_cause is set, not {raw.error:d} of {raw.cause:#x}")
    return result_of(cfg, raw, tiles)
