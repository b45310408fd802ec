"""The PE that multiplies."""

from zeroskip.verif.pes.activity import PEView

__all__ = ["VIEW"]

VIEW = PEView()
