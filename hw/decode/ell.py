"""ELLPACK: rows of the tile filled up to one length."""

from amaranth.hdl import Value

from zeroskip.hw.decode.csr import CSRParser

__all__ = ["DECODER", "ELLParser"]


class ELLParser(CSRParser):
    """Format ``ell``: (value, column) slots, those of value 0 no elements."""

    def is_padding(self, value: Value) -> Value:
        return value == 0


DECODER = ELLParser
