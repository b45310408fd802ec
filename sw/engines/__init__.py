"""How a product becomes tiles, and result rows a product: one module for each engine, of its name."""

from zeroskip.hw.config import Config
from zeroskip.hw.views import view
from zeroskip.sw.engines.order import Order

__all__ = ["order_of"]


def order_of(cfg: Config) -> Order:
    """``ORDER`` of the engine of ``cfg``."""
    found: Order = view(__name__, cfg.engine.name, "ORDER")
    return found
