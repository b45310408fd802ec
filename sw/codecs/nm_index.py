"""N:M storage with the position of each value beside it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.codecs.codec import Fields, Take
from zeroskip.sw.codecs.nm import NMCodec, from_beats, to_beats

__all__ = ["CODEC"]


class _NMIndexCodec(NMCodec):
    def metadata_bits(self, cfg: NMConfig, n: Any) -> Any:
        return n * cfg.position_bits

    def pack_positions(self, cfg: NMConfig, positions: NDArray[np.int64]) -> Fields:
        return {"a": {"position": to_beats(cfg, positions)}}

    def positions(
        self, cfg: NMConfig, n: int, stored: dict[str, NDArray[Any]], take: Take, where: str
    ) -> NDArray[np.int64]:
        each = -(-n // cfg.lanes)
        position = from_beats(stored["position"], each)[..., :n]
        fallen = np.diff(position, axis=-1) <= 0
        if fallen.any():
            block, row, slot = np.argwhere(fallen)[0].tolist()
            raise ValueError(
                f"{where}: positions of a block must increase, not {position[block, row].tolist()} "
                f"in row {row}, a beat {block * each + (slot + 1) // cfg.lanes}"
            )
        return position


CODEC = _NMIndexCodec()
