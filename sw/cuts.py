"""Where matrices are cut into tiles."""

from zeroskip.hw.config import Config

__all__ = ["check_count", "cuts", "k_pieces"]

MOST_TILES = 1 << 24
"""Of a product: some arrays have an entry for each of them."""


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


def check_count(rows: int, cols: int, pieces: int) -> None:
    """Raise ValueError for a product of too many row tiles, column tiles and pieces of k."""
    count = rows * cols * pieces
    if count > MOST_TILES:
        raise ValueError(
            f"a product must be of at most {MOST_TILES} tiles, not {rows} x {cols} x {pieces} (rows, "
            "columns, pieces of k): give the array more rows or columns or a longer k_max, or multiply a part"
        )
