"""All designs: one file each, and this list, which is the only one in the project."""

from zeroskip.hw.design import Design
from zeroskip.hw.designs import (
    activation,
    bitbalance,
    bitcolumn,
    bitlet,
    bitmask,
    bitserial,
    bitslice,
    bsr,
    coo,
    csc,
    csd,
    csr,
    dense,
    ell,
    gated,
    hss,
    nm,
    plain,
    pragmatic,
    rlc,
)

__all__ = ["DESIGNS"]

_FILES = (
    *(dense, gated, nm, hss),
    *(plain, activation, bitmask, csr, csc, coo, rlc, ell, bsr),
    *(bitserial, bitcolumn, pragmatic, csd, bitlet, bitbalance, bitslice),
)

DESIGNS: dict[str, Design] = {file.DESIGN.name: file.DESIGN for file in _FILES}
"""Every design by name."""
