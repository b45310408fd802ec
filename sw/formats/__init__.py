"""Storage formats for unstructured sparsity: an operand as a packed memory image, and back.

A new format is one module with one ``Format``, and its place in ``FORMATS``. docs/formats.md draws the
layouts and measures them.
"""

from zeroskip.sw.formats.bitmask import BITMASK
from zeroskip.sw.formats.bitmask2 import BITMASK2
from zeroskip.sw.formats.bsr import BSR
from zeroskip.sw.formats.coo import COO
from zeroskip.sw.formats.csc import CSC
from zeroskip.sw.formats.csr import CSR
from zeroskip.sw.formats.dense import DENSE
from zeroskip.sw.formats.ell import ELL
from zeroskip.sw.formats.format import Encoded, Format
from zeroskip.sw.formats.params import FormatParams
from zeroskip.sw.formats.rlc import RLC

__all__ = ["FORMATS", "Encoded", "Format", "FormatParams"]

FORMATS: dict[str, Format] = {
    entry.name: entry for entry in (DENSE, BITMASK, BITMASK2, CSR, CSC, COO, RLC, ELL, BSR)
}
