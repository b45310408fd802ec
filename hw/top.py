# amaranth: UnusedElaboratable=no
"""The top-level component of a configuration."""

from amaranth.lib import wiring

from zeroskip.hw.config import ArrayConfig
from zeroskip.hw.core import Core
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.hw.sparse_core import SparseCore

__all__ = ["top_level"]


def top_level(cfg: ArrayConfig) -> wiring.Component:
    """A core for ``cfg``: rows in lockstep, or rows that run free.

    It need not be elaborated (first line of this file): what it is for may refuse a name, or read its ports.
    """
    return SparseCore(cfg) if isinstance(cfg, SparseConfig) else Core(cfg)
