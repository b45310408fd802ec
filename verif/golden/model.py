"""The golden models, by engine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from zeroskip.hw.config import Config
from zeroskip.hw.views import view
from zeroskip.sw.arrays import Array
from zeroskip.sw.codecs import Pattern
from zeroskip.sw.integers import operand
from zeroskip.sw.tiling import Tile
from zeroskip.verif.result import NO_STALLS, Product, Result, Stalls

__all__ = ["Model", "golden", "golden_matmul"]


@dataclass(frozen=True)
class Model:
    """What an engine's folder has as ``MODEL``: what ``golden`` and ``golden_matmul`` say."""

    tiles: Callable[[Any, Sequence[Tile], Stalls], Result]
    product: Callable[[Any, Any, Any, Pattern | None], Product]


def _model(cfg: Config) -> Model:
    found: Model = view("zeroskip.verif.golden", f"{cfg.engine.name}.model", "MODEL")
    return found


def golden(cfg: Config, tiles: Sequence[Tile], stalls: Stalls = NO_STALLS) -> Result:
    """Everything a run of legal ``tiles``, back to back, gives: bit- and cycle-exact.

    Parameters
    ----------
    cfg : Config
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
        An operand is not an integer array, or what a tile chooses is not an integer.
    ValueError
        A shape, value or pattern that the design does not take, a `b` other than the one that the tile before
        keeps, or a stall pattern that is none.
    """
    return _model(cfg).tiles(cfg, tiles, stalls)


def golden_matmul(cfg: Config, a: Array, b: Array, pattern: Pattern | None = None) -> Product:
    """Product ``a @ b`` on the array, tile by tile in the order of ``tile_matmul``, no stalls.

    Splits of k are all of it up to ``cfg.k_max``, else the largest multiple of ``cfg.block`` up to that each.

    Parameters
    ----------
    cfg : Config
    a : integer array or scipy.sparse matrix (m, k)
    b : integer array or scipy.sparse matrix (k, n)
    pattern : tuple of int, or None
        What every tile chooses where something is chosen tile by tile; None takes each tile's least.

    Raises
    ------
    TypeError
        An operand is not an integer array, or ``pattern`` no tuple of integers.
    ValueError
        Values or shapes that the design does not take, or more nonzeros in a block than the pattern has.
    """
    return _model(cfg).product(cfg, operand(a, "a"), operand(b, "b"), pattern)
