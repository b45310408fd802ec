"""The golden model of arrays whose groups of rows run free."""

from zeroskip.verif.golden.free.product import free_product
from zeroskip.verif.golden.free.tiles import free_tiles
from zeroskip.verif.golden.model import Model

__all__ = ["MODEL"]

MODEL = Model(free_tiles, free_product)
