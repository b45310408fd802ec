"""The cocotb bench that is written beside a design with AXI4-Stream ports, and the numbers that it checks."""

import json
from dataclasses import replace
from importlib.resources import files
from itertools import count

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import random_case
from zeroskip.verif.golden import golden

__all__ = ["axis_bench", "bench_tiles"]

TILES = 3  # at least


def bench_tiles(cfg: Config) -> list[Tile]:
    """A few random legal tiles, the same ones each time, which can be sent again and again.

    Results of the first three are not all zero. The last one keeps no windows.
    """
    for seed in count():
        tiles, _ = random_case(cfg, np.random.default_rng(seed), "none")
        if len(tiles) >= TILES and all((tile.a @ tile.b).any() for tile in tiles[:TILES]):
            return [*tiles[:-1], replace(tiles[-1], keep=False)]
    raise AssertionError  # there is no last seed


def axis_bench(cfg: Config, name: str) -> dict[str, str]:
    """File name to text: ``name_axis_bench.py``, the same for all designs, and its ``.json`` for this one.

    The JSON has the packets of every stream, bytes in hexadecimal, one for each tile that sends any; the
    results of each tile; the cycle of each result row, and counters, where nobody waits; bytes of a result
    (``word``), whether it is signed, and whether rows are numbered.
    """
    tiles = bench_tiles(cfg)
    model = golden(cfg, tiles)
    image = pack(cfg, tiles)
    work = {
        "design": cfg.design,
        "packets": {f"s_axis_{stream}": _packets(cfg, stream, beats) for stream, beats in image.items()},
        "results": [output.tolist() for output in model.outputs],
        "cycles": model.out_cycles.tolist(),
        "counters": {name: model.counters[name] for name in cfg.engine.counters(cfg).members},
        "overflow": int(model.overflow),
        "word": 4 * -(-cfg.acc_bits // 32),
        "signed": cfg.acc_signed,
        "numbered": model.out_rows is not None,
    }
    code = files("zeroskip.verif.bench").joinpath("axis_bench.py").read_text(encoding="utf-8")
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in work.items())
    return {f"{name}_axis_bench.py": code, f"{name}_axis_bench.json": f"{{\n{lines}\n}}\n"}


def _packets(cfg: Config, stream: str, beats: NDArray[np.uint8]) -> list[str]:
    """Beats of a stream cut where their ``last`` is 1, or one by one where they have none."""
    layout = cfg.engine.inputs(cfg)[stream]
    ends = np.arange(1, len(beats))
    if "last" in layout.members:
        place = layout["last"].offset
        ends = np.flatnonzero(beats[:-1, place // 8] >> place % 8 & 1) + 1
    return [packet.tobytes().hex() for packet in np.split(beats, ends)]
