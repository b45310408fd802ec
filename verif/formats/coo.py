"""Coordinates: steps as of ``csr``, in wider slots."""

from zeroskip.verif.formats.csr import CSRFormat

__all__ = ["FORMAT"]

FORMAT = CSRFormat()
