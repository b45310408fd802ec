"""Where two runs of the same tiles differ."""

import numpy as np
from numpy.typing import NDArray

from zeroskip.verif.result import Result

__all__ = ["differences"]


def differences(model: Result, rtl: Result) -> list[str]:
    """One sentence for each thing in which ``rtl`` is not what ``model`` says; empty where they are equal."""
    found = []
    for number, (want, got) in enumerate(zip(model.outputs, rtl.outputs, strict=False)):
        if want.shape != got.shape:
            found.append(f"tile {number} has {got.shape[0]} result rows, not {want.shape[0]}")
        elif (want != got).any():
            row, col = np.argwhere(want != got)[0].tolist()
            found.append(f"tile {number} row {row} column {col} is {got[row, col]}, not {want[row, col]}")
    if len(model.outputs) != len(rtl.outputs):
        found.append(f"{len(rtl.outputs)} tiles came out, not {len(model.outputs)}")
    if model.out_cycles.shape != rtl.out_cycles.shape:
        found.append(f"{rtl.out_cycles.size} result rows came out, not {model.out_cycles.size}")
    elif (model.out_cycles != rtl.out_cycles).any():
        beat = int(np.argmax(model.out_cycles != rtl.out_cycles))
        found.append(f"result row {beat} moves in cycle {rtl.out_cycles[beat]}, not {model.out_cycles[beat]}")
    found += _row_numbers(model.out_rows, rtl.out_rows)
    for name, count in model.counters.items():
        if rtl.counters.get(name) != count:
            found.append(f"counter {name} is {rtl.counters.get(name)}, not {count}")
    for name in ("busy", "gated"):
        worked = getattr(model, name)
        if worked is not None and not np.array_equal(worked, getattr(rtl, name)):
            found.append(f"the {name} cycles of the multipliers differ")
    for name in ("cycles", "overflow", "cause"):
        if getattr(model, name) != getattr(rtl, name):
            found.append(f"{name} is {getattr(rtl, name)}, not {getattr(model, name)}")
    return found


def _row_numbers(model: NDArray[np.int64] | None, rtl: NDArray[np.int64] | None) -> list[str]:
    if model is None or rtl is None or model.shape != rtl.shape:
        want, got = ("no" if rows is None else rows.size for rows in (model, rtl))
        return [] if want == got else [f"{got} row numbers came out, not {want}"]
    wrong = np.flatnonzero(model != rtl)
    return [f"result row {beat} is of row {rtl[beat]}, not {model[beat]}" for beat in wrong[:1].tolist()]
