"""N:M rows in the index encoding."""

from zeroskip.verif.formats.nm import NMFormat

__all__ = ["FORMAT"]

FORMAT = NMFormat()
