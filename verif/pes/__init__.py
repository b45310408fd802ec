"""Each PE once more, for verification, stated from the contracts: what works, and what a step is worth.

One module for each PE, found by its name.
"""

from typing import Any

from zeroskip.hw.config import Config
from zeroskip.hw.views import view

__all__ = ["pe_view"]


def pe_view(cfg: Config) -> Any:
    """``VIEW`` of the PE of ``cfg``."""
    return view(__name__, cfg.pe, "VIEW")
