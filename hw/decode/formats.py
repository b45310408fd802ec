"""The parsers by storage format: a new format is one file and one entry here."""

from zeroskip.hw.bit_config import BitColumnConfig, BitletConfig, BitSerialConfig
from zeroskip.hw.decode.activation import ActivationParser
from zeroskip.hw.decode.bitbalance import BitBalanceParser
from zeroskip.hw.decode.bitcolumn import BitColumnParser
from zeroskip.hw.decode.bitlet import BitletParser
from zeroskip.hw.decode.bitmask import BitmaskParser, TwoLevelParser
from zeroskip.hw.decode.bitserial import BitSerialParser
from zeroskip.hw.decode.bitslice import BitSliceParser
from zeroskip.hw.decode.bsr import BSRParser
from zeroskip.hw.decode.coo import COOParser
from zeroskip.hw.decode.csc import CSCParser
from zeroskip.hw.decode.csd import CSDParser
from zeroskip.hw.decode.csr import CSRParser
from zeroskip.hw.decode.ell import ELLParser
from zeroskip.hw.decode.parser import Parser
from zeroskip.hw.decode.plain import PlainParser
from zeroskip.hw.decode.pragmatic import PragmaticParser
from zeroskip.hw.decode.rlc import RunLengthParser
from zeroskip.hw.digit_config import BitBalanceConfig, BitSliceConfig, CSDConfig, PragmaticConfig
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
    BitBalanceConfig: BitBalanceParser,
    BitColumnConfig: BitColumnParser,
    BitSerialConfig: BitSerialParser,
    BitSliceConfig: BitSliceParser,
    BitletConfig: BitletParser,
    BitmaskConfig: BitmaskParser,
    COOConfig: COOParser,
    CSDConfig: CSDParser,
    CSCConfig: CSCParser,
    CSRConfig: CSRParser,
    ELLConfig: ELLParser,
    PlainConfig: PlainParser,
    PragmaticConfig: PragmaticParser,
    RLCConfig: RunLengthParser,
}


def parser_class(cfg: SparseConfig) -> type[Parser]:
    """The parser of ``cfg``'s own format."""
    if isinstance(cfg, BitmaskConfig) and cfg.levels == 2:
        return TwoLevelParser
    return PARSERS[type(cfg)]
