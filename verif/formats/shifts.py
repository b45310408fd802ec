"""Formats whose elements have a digit each in a step, with a shift of its own."""

from typing import Any

from zeroskip.verif.formats.digits import sign_points
from zeroskip.verif.formats.steps import Points
from zeroskip.verif.formats.watch import StepWatch, all_true, any_true, how_many

__all__ = ["digits_there", "shift_points"]


def digits_there(cfg: Any, watch: StepWatch) -> list[str]:
    """Whether each element has a digit."""
    return [watch.value(j * (2 + cfg.shift_bits)) for j in range(cfg.block)]


def shift_points(cfg: Any, watch: StepWatch, shifts: int) -> Points:
    """Digits of all elements, of ``shifts`` shifts."""
    starts = [j * (2 + cfg.shift_bits) for j in range(cfg.block)]
    theres, below = digits_there(cfg, watch), [watch.value(start + 1) for start in starts]
    yield "one element has a digit", f"{how_many(theres)} == 1"
    yield "all elements have a digit", all_true(theres)
    yield from sign_points(cfg, below, [f"({t} & !{n})" for t, n in zip(theres, below, strict=True)])
    for shift in range(shifts if cfg.shift_bits else 0):
        those = [f"({watch.value(s)} & {watch.value(s + 2, cfg.shift_bits)} == {shift})" for s in starts]
        yield f"shift by {shift}", any_true(those)
