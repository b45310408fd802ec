"""Coordinates: every element with its row and its column."""

from amaranth.hdl import Value

from zeroskip.hw.decode.csr import CSRParser

__all__ = ["DECODER", "COOParser"]


class COOParser(CSRParser):
    """Format ``coo``: (value, column, row) slots."""

    @staticmethod
    def raises(cfg) -> tuple[str, ...]:
        return (*CSRParser.raises(cfg), "row_index")

    def is_mine(self, rest: Value) -> Value:
        return rest[: self.cfg.row_bits] == self.row


DECODER = COOParser
