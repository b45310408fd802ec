"""Two levels of N:M: with one part of 2 in each block of 4, and with two parts of 2 in each block of 8."""

from formats.beats import (
    BEATS,
    BLOCKS,
    SMALL,
    Fault,
    Image,
    Spoil,
    Trial,
    View,
    early,
    header,
    late,
    poke,
    without,
)
from zeroskip.hw.designs.hss import HSSConfig
from zeroskip.hw.engines.ports import Cause


def mask_of(block: int, row: int, mask: int) -> Spoil:
    def spoil(image: Image, cfg: HSSConfig) -> None:
        poke(image, cfg, ("mask", block), ("rows", row), mask)

    return spoil


def position_of(beat: int, row: int, position: int) -> Spoil:
    def spoil(image: Image, cfg: HSSConfig) -> None:
        poke(image, cfg, ("a", beat), ("rows", row, 0, "position"), position)

    return spoil


CHOSEN = {
    f"{name} is {what}": header(name, value)
    for name in ("g", "n")
    for what, value in (("0", 0), ("too large", 3))
}
MASKS = {
    "b ends within a window of 4": early(Cause.B_EARLY, "b", 2, beats=1),
    "mask ends after 1 block": early(Cause.MASK_EARLY, "mask", 1),
    "mask has 1 beat more": late(Cause.MASK_LATE, "mask", 1),
    "mask has 9 beats more": late(Cause.MASK_LATE, "mask", 9),
    "part past k": Fault(Cause.INDEX_RANGE, mask_of(3, 2, 0b10), without((2, 12), (2, 13))),
    "part too many": Fault(Cause.GROUP_COUNT, mask_of(1, 3, 0b11), without()),
    "no part": Fault(Cause.GROUP_COUNT, mask_of(1, 3, 0), without((3, 4), (3, 5))),
    "positions that repeat": Fault(Cause.INDEX_ORDER, position_of(3, 1, 0), without((1, 5))),
}
PARTS = {
    "a ends within a part": early(Cause.A_EARLY, "a", 1, beats=1),
    "a ends between two parts": early(Cause.A_EARLY, "a", 1, beats=2),
    "part missing": Fault(Cause.GROUP_COUNT, mask_of(0, 3, 0b0001), without((3, 2), (3, 3))),
    "part too many": Fault(Cause.GROUP_COUNT, mask_of(0, 0, 0b0111), without()),
    "positions that repeat in the second part": Fault(
        Cause.INDEX_ORDER, position_of(3, 1, 0), without((1, 3))
    ),
}


def row_of(cfg: HSSConfig, row: list[int], pattern: tuple[int, ...]) -> list[list[tuple[int, int, bool]]]:
    g, n = pattern
    beats = []
    for start in range(0, len(row), cfg.block):
        block = (row + [0] * cfg.block)[start : start + cfg.block]
        parts = [block[p * cfg.m : (p + 1) * cfg.m] for p in range(cfg.h)]
        stored = [p for p in range(cfg.h) if any(parts[p])]
        stored += [p for p in range(cfg.h) if not any(parts[p])][: g - len(stored)]
        for p in sorted(stored):
            used = [e for e in range(cfg.m) if parts[p][e]]
            used += [e for e in range(cfg.m) if not parts[p][e]][: n - len(used)]
            assert (len(stored), len(used)) == (g, n)
            pairs = [(parts[p][e], start + p * cfg.m + e, True) for e in sorted(used)]
            pairs += [(0, start, False)] * (-n % cfg.lanes)
            beats += [pairs[i : i + cfg.lanes] for i in range(0, len(pairs), cfg.lanes)]
    return beats


VIEW = View(
    row=row_of,
    trials={
        "": Trial(
            HSSConfig(**SMALL, n=2, m=2, g=2, h=2, b_bandwidth=2),
            BLOCKS | CHOSEN | BEATS | MASKS,
            2,
            (1, 2),
        ),
        "parts": Trial(HSSConfig(**SMALL, n=2, m=2, g=2, h=4), CHOSEN | PARTS, 4, (2, 2)),
    },
)
