"""The golden models by design family."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.config import ArrayConfig, DenseConfig, NMConfig
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.golden.matmul import MatmulResult, array_matmul
from zeroskip.verif.golden.model import golden_array
from zeroskip.verif.golden.schedule import NO_STALLS
from zeroskip.verif.golden.sparse import golden_sparse
from zeroskip.verif.golden.sparse_matmul import sparse_matmul
from zeroskip.verif.result import Result, Stalls

__all__ = ["golden", "golden_matmul"]

TILES: dict[type[ArrayConfig], Callable[[Any, Sequence[Tile], Stalls], Result]] = {
    DenseConfig: golden_array,
    NMConfig: golden_array,
    SparseConfig: golden_sparse,
}
MATMULS: dict[type[ArrayConfig], Callable[[Any, Any, Any, int | None], MatmulResult]] = {
    DenseConfig: array_matmul,
    NMConfig: array_matmul,
    SparseConfig: sparse_matmul,
}

Model = TypeVar("Model")


def _model(models: dict[type[ArrayConfig], Model], cfg: ArrayConfig) -> Model:
    """That of the family: every storage format is a class of its own."""
    return next(model for family, model in models.items() if isinstance(cfg, family))


def golden(cfg: ArrayConfig, tiles: Sequence[Tile], stalls: Stalls = NO_STALLS) -> Result:
    """Everything a run of legal ``tiles``, back to back, gives: bit- and cycle-exact.

    Parameters
    ----------
    cfg : DenseConfig, NMConfig or SparseConfig
    tiles : sequence of Tile
        At least one; ``a`` is (1 to cfg.rows, 1 to cfg.k_max), ``b`` is (k, 1 to cfg.cols).
    stalls : Stalls
        Gaps of the sources and ready of the sink; none by default.

    Returns
    -------
    Result
        ``gated`` is None for a design that does not gate; ``cause`` is 0.

    Raises
    ------
    TypeError
        An operand is not an integer array, or a tile's N not an integer.
    ValueError
        A shape, value or N that the design does not take, a `b` other than the one that the tile before
        keeps, or a stall pattern that is none.
    """
    return _model(TILES, cfg)(cfg, tiles, stalls)


def golden_matmul(
    cfg: ArrayConfig, a: NDArray[np.int64], b: NDArray[np.int64], n: int | None = None
) -> MatmulResult:
    """Product ``a @ b`` on the array, tile by tile in the order of ``tile_matmul``, no stalls.

    Splits of k are all of it up to ``cfg.k_max``, else the largest multiple of ``cfg.block`` up to that each.

    Parameters
    ----------
    cfg : DenseConfig, NMConfig or SparseConfig
    a : integer array (m, k)
    b : integer array (k, n)
    n : int or None
        N of every tile where N is chosen at run time; None takes each tile's least.

    Raises
    ------
    TypeError
        An operand is not an integer array, or ``n`` not an integer.
    ValueError
        Values or shapes that the design does not take, or more nonzeros in a group than N.
    """
    return _model(MATMULS, cfg)(cfg, a, b, n)
