"""Each PE once more, for proofs: what a step is worth, stated from the contracts. Found by its name."""

from typing import Any

from zeroskip.hw.config import Config
from zeroskip.hw.views import view

__all__ = ["pe_view"]


def pe_view(cfg: Config) -> Any:
    """``VIEW`` of the PE of ``cfg``."""
    return view(__name__, cfg.pe, "VIEW")
