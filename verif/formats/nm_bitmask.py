"""N:M rows in the bitmask encoding."""

from zeroskip.verif.formats.nm import NMFormat

__all__ = ["FORMAT"]

FORMAT = NMFormat()
