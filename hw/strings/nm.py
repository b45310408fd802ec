"""What the layouts of N:M have in common: N values of every block, N of each tile or fixed."""

from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.strings.layout import Item, field, repeat

__all__ = ["numbers_of", "values_of"]


def values_of(cfg: NMConfig, *where: Item) -> list[Item]:
    """The stream of values; ``where`` is what stands beside each."""
    value = field(
        "value",
        cfg.a_width,
        f"value beat * {cfg.lanes} + lane of the N that the row stores of the block: its nonzeros, filled up "
        "with zeros at its lowest other elements, in order of k; 0 past N",
    )
    size = cfg.n if cfg.n_fixed else "n"
    rows = repeat("row", cfg.rows, repeat("lane", cfg.lanes, value, *where))
    return [repeat("block", "blocks", repeat("beat", f"ceil({size} / {cfg.lanes})", rows))]


def numbers_of(cfg: NMConfig) -> dict[str, int]:
    """The most values of a block, and whether all have so many."""
    return {"n": cfg.n, "fixed": int(cfg.n_fixed)}
