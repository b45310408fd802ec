"""The golden model of arrays whose rows are in step."""

from zeroskip.verif.golden.beats.product import beats_product
from zeroskip.verif.golden.beats.tiles import beats_tiles
from zeroskip.verif.golden.model import Model

__all__ = ["MODEL"]

MODEL = Model(beats_tiles, beats_product)
