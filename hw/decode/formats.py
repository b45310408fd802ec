"""The parsers by storage format: a new format is one file and one entry here."""

from zeroskip.hw.decode.activation import ActivationParser
from zeroskip.hw.decode.bitmask import BitmaskParser, TwoLevelParser
from zeroskip.hw.decode.bsr import BSRParser
from zeroskip.hw.decode.coo import COOParser
from zeroskip.hw.decode.csc import CSCParser
from zeroskip.hw.decode.csr import CSRParser
from zeroskip.hw.decode.ell import ELLParser
from zeroskip.hw.decode.parser import Parser
from zeroskip.hw.decode.plain import PlainParser
from zeroskip.hw.decode.rlc import RunLengthParser
from zeroskip.hw.format_config import (
    ActivationConfig,
    BitmaskConfig,
    BSRConfig,
    COOConfig,
    CSCConfig,
    CSRConfig,
    ELLConfig,
    PlainConfig,
    RLCConfig,
)
from zeroskip.hw.sparse_config import SparseConfig

__all__ = ["parser_class"]

PARSERS: dict[type[SparseConfig], type[Parser]] = {
    ActivationConfig: ActivationParser,
    BSRConfig: BSRParser,
    BitmaskConfig: BitmaskParser,
    COOConfig: COOParser,
    CSCConfig: CSCParser,
    CSRConfig: CSRParser,
    ELLConfig: ELLParser,
    PlainConfig: PlainParser,
    RLCConfig: RunLengthParser,
}


def parser_class(cfg: SparseConfig) -> type[Parser]:
    """The parser of ``cfg``'s own format."""
    if isinstance(cfg, BitmaskConfig) and cfg.levels == 2:
        return TwoLevelParser
    return PARSERS[type(cfg)]
