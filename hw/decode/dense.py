"""Dense rows: position = lane, nothing to decode."""

from zeroskip.hw.decode.row import RowDecoder

__all__ = ["DECODER", "DenseRow"]


class DenseRow(RowDecoder):
    """Every element inside k is a pair."""

    def decode(self, m):
        for lane in range(self.cfg.lanes):
            valid = self.beat.lanes[lane] & self.used
            self.emit(m, lane, valid=valid, keep=valid, position=lane)


DECODER = DenseRow
