"""Several products that one array runs one after the other, as one measurement."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from zeroskip.explore.measure import Measurement

__all__ = ["total"]


def total(parts: Sequence[Measurement]) -> Measurement:
    """The sum of products on one design and backend: groups of a convolution, or layers of a network.

    Cycles, MACs, counters and errors are added. ``shape`` has the rows of all, with k and columns that all
    share, 0 where they differ. Ratios are those of the sums: speedups are weighted by cycles, stored bits by
    elements. ``design`` and ``skipped`` are those of the first. Raises ValueError for no products, or where
    ``design``, ``backend`` or ``multipliers`` differ.
    """
    if not parts:
        raise ValueError("parts must be at least one measurement, not none")
    for name in ("design", "backend", "multipliers", "skipped"):
        values = sorted({str(getattr(part, name)) for part in parts})
        if len(values) > 1:
            raise ValueError(f"parts must have one {name}, not {' and '.join(values)}")
    first, cycles = parts[0], sum(part.cycles for part in parts)
    dense, useful = (sum(getattr(part, f"macs_{kind}") for part in parts) for kind in ("dense", "useful"))
    elements = [part.shape[1] * part.shape[0 if part.skipped == "a" else 2] for part in parts]
    stored = sum(part.bits_per_element * count for part, count in zip(parts, elements, strict=True))
    counters: Counter[str] = Counter()
    for part in parts:
        counters.update(part.counters)

    def over_time(name: str) -> float | None:
        """The mean of a ratio to cycles, None where a product has none."""
        values = [getattr(part, name) for part in parts]
        if None in values:
            return None
        return float(sum(value * part.cycles for value, part in zip(values, parts, strict=True))) / cycles

    def shared(axis: int) -> int:
        return first.shape[axis] if all(part.shape[axis] == first.shape[axis] for part in parts) else 0

    serial = [part.serial_cycles for part in parts]
    density = useful / dense
    speedup = over_time("speedup")
    assert speedup is not None
    return replace(
        first,
        shape=(sum(part.shape[0] for part in parts), shared(1), shared(2)),
        density=density,
        cycles=cycles,
        dense_cycles=sum(part.dense_cycles for part in parts),
        serial_cycles=None if None in serial else sum(each for each in serial if each is not None),
        serial_speedup=over_time("serial_speedup"),
        efficiency=over_time("efficiency"),
        macs_dense=dense,
        macs_useful=useful,
        utilisation=useful / (first.multipliers * cycles),
        speedup=speedup,
        ideal_speedup=1 / density if density else None,
        eta=speedup * density if density else None,
        bits_per_element=stored / sum(elements),
        counters=dict(counters),
        overflow=any(part.overflow for part in parts),
        errors=sum(part.errors for part in parts),
    )
