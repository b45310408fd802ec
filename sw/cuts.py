"""Where matrices are cut into tiles."""

from zeroskip.hw.config import Config

__all__ = ["cuts", "k_pieces"]


def cuts(size: int, step: int) -> list[slice]:
    """Parts of ``range(size)``, ``step`` each but for the last."""
    return [slice(start, min(start + step, size)) for start in range(0, size, step)]


def k_pieces(cfg: Config, k: int) -> list[slice]:
    """Pieces of k, none longer than ``k_max``, cut at multiples of the block.

    Raises ValueError where k is too long and ``k_max`` is less than a block.
    """
    if k <= cfg.k_max:
        return [slice(0, k)]
    if cfg.k_max < cfg.block:
        raise ValueError(
            f"k must be at most k_max = {cfg.k_max} "
            f"(less than a block of {cfg.block}, so k cannot be cut), not {k}"
        )
    return cuts(k, cfg.k_max - cfg.k_max % cfg.block)
