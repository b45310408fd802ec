"""What an engine is asked, and where it is found."""

from abc import ABC, abstractmethod
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amaranth.lib import data, wiring

__all__ = ["Engine", "engine"]


class Engine(ABC):
    """Who runs when, and where sums land: the top component, its streams and its counters.

    How a product becomes tiles, and result rows a product, is ``zeroskip.sw.engines`` of the same name; its
    golden model is ``zeroskip.verif.golden`` of the same name.
    """

    name: str

    @abstractmethod
    def core(self, cfg: Any) -> "wiring.Component":
        """The top component of a configuration."""

    @abstractmethod
    def inputs(self, cfg: Any) -> "dict[str, data.StructLayout]":
        """Payload of each input stream by name, the tile headers' (``tile``) first, that of ``b`` last."""

    @abstractmethod
    def output(self, cfg: Any) -> "data.StructLayout":
        """Payload of the stream of result rows.

        Without a ``last``, which is 1 with a tile's final row, every tile gives ``cfg.rows`` rows.
        """

    order: tuple[str, ...]
    """What the tiles of a product go through, the outermost first: ``rows``, ``cols`` and ``k``."""

    @abstractmethod
    def ports(self, cfg: Any, name: str) -> list[str]:
        """The input streams, names of ``inputs``, that are alike: those of the format's string ``name``."""

    @abstractmethod
    def result_end(self, cfg: Any) -> tuple[str, str]:
        """What comes after the sums of a result row, and what it means."""

    @abstractmethod
    def result_order(self, cfg: Any) -> str:
        """Which result rows come of a tile, and in which order."""

    @abstractmethod
    def causes(self, cfg: Any) -> set[str]:
        """The causes that this design can raise."""

    @abstractmethod
    def counters(self, cfg: Any) -> "data.StructLayout":
        """Counters that the design has, 32 bits each."""


def engine(name: str) -> Engine:
    """The engine of a name: ``ENGINE`` of its folder's module ``engine``."""
    found: Engine = import_module(f"zeroskip.hw.engines.{name}.engine").ENGINE
    return found
