"""What sparsity a model's layers have: zeros, N:M patterns, zero bits."""

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.models.layer import Layer
from zeroskip.sw.models.quantise import integer_rows
from zeroskip.sw.prune import smallest_n

__all__ = ["LayerSparsity", "sparsity"]

BLOCKS = (4, 8, 16)
"""M of the patterns that are tried."""

BITS = 8
"""Of the two's complement whose zero bits count."""


@dataclass(frozen=True)
class LayerSparsity:
    """One layer of a model.

    ``k`` is the length of a row of its matrix, (outputs, k) with k in the file's order, and ``density`` the
    share of nonzeros. ``two_of_four`` says whether each 4 neighbours along k have at most 2 nonzeros;
    ``along_inputs`` the same along the inputs of each tap, the order in which 2:4 is mostly pruned.
    ``best`` is the N:M of least N / M, M one of 4, 8 and 16 and not above k, that it obeys
    ("-" if N = M). ``zero_bits`` is
    the share of bits that are 0 in 8-bit two's complement (None for wider integers and for floats), ``error``
    what quantisation lost, as in ``quantise_rows`` (None if nothing was quantised).
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    dtype: str
    groups: int
    k: int
    density: float
    two_of_four: bool
    along_inputs: bool
    best: str
    zero_bits: float | None
    error: float | None

    def as_json(self) -> dict[str, object]:
        """The same, for ``json.dumps``."""
        return asdict(self)


def sparsity(layer: Layer, quantise: bool, path: str) -> LayerSparsity:
    """Read a layer's weights and count. Floats that shall not be quantised are counted as they are."""
    filters = layer.filters()
    taps = filters.transpose(0, 2, 3, 1).reshape(-1, filters.shape[1])
    rows, error = layer.rows(), None
    if quantise:
        rows, error = integer_rows(layer, True, path)
    least = {m: smallest_n(rows, m) for m in BLOCKS if m <= layer.k or m == BLOCKS[0]}
    m = min(least, key=lambda each: (least[each] / each, each))
    return LayerSparsity(
        name=layer.name,
        kind=layer.kind,
        shape=layer.shape,
        dtype=layer.dtype,
        groups=layer.groups,
        k=layer.k,
        density=np.count_nonzero(rows) / rows.size,
        two_of_four=least[4] <= 2,
        along_inputs=smallest_n(taps, 4) <= 2,
        best=f"{least[m]}:{m}" if least[m] < m else "-",
        zero_bits=_zero_bits(rows),
        error=error,
    )


def _zero_bits(rows: NDArray[np.generic]) -> float | None:
    """Share of zero bits, where all values fit."""
    half = 1 << BITS - 1
    if rows.dtype.kind == "f" or rows.min() < -half or rows.max() >= half:
        return None
    ones = int(np.bitwise_count(rows.astype(np.int8).view(np.uint8)).sum())
    return 1 - ones / (BITS * rows.size)
