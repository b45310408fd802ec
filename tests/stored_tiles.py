"""What single tiles store, added up: those that a test has made, not those of a whole operand."""

from collections.abc import Sequence

import numpy as np

from zeroskip.hw.config import Config
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.nonzeros import Nonzeros
from zeroskip.sw.stored import StoredBits
from zeroskip.sw.tiling import Tile


def stored_tiles(cfg: Config, tiles: Sequence[Tile]) -> StoredBits:
    layouts = cfg.engine.inputs(cfg)
    values = metadata = total = 0
    for tile in tiles:
        pattern = np.array([tile.pattern], np.int64)
        part = codec_of(cfg, tile.dense).stored_bits(cfg, Nonzeros.of(tile.a), pattern)
        values += part[0]
        metadata += part[1]
        total += sum(layouts[stream]["last"].offset * count for stream, count in part[2].items())
    return StoredBits(values, metadata, total - values - metadata, sum(tile.a.size for tile in tiles))
