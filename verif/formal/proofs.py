"""Everything that is proved: harness, parameters, how deep, and whether for ever."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from zeroskip.hw.config import Config
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.gated import GatedConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.verif.formal.axis import axis_streams
from zeroskip.verif.formal.bit_proofs import bit_proofs
from zeroskip.verif.formal.core import results, rows_owed
from zeroskip.verif.formal.drain import drain
from zeroskip.verif.formal.independence import independent
from zeroskip.verif.formal.lockstep import counted_beats
from zeroskip.verif.formal.mac import gated_equals_dense, sum_of_products
from zeroskip.verif.formal.recovery import recovery
from zeroskip.verif.formal.rows import row_theorem
from zeroskip.verif.formal.sparse_proofs import sparse_proofs
from zeroskip.verif.formal.theorem import Theorem
from zeroskip.verif.formal.window import window_filler

__all__ = ["PROOFS"]


TINY: dict[str, Any] = {"rows": 1, "cols": 1, "a_width": 2, "b_width": 2}
PE: dict[str, Any] = {"rows": 1, "cols": 1, "a_width": 3, "b_width": 2, "k_max": 4}

WINDOWS: dict[str, BeatsConfig] = {
    f"{chunks}": NMConfig(rows=1, cols=2, m=4, a_width=2, b_width=2, k_max=8, b_bandwidth=4 // chunks)
    for chunks in (1, 2, 4)
}
DRAINS: dict[str, BeatsConfig] = {
    "1x1": DenseConfig(**TINY, stages=1, k_max=2),
    "3x2": DenseConfig(**TINY | {"rows": 3, "cols": 2}, stages=2, k_max=2),
}
SCHEDULES: dict[str, BeatsConfig] = {
    "dense": DenseConfig(**TINY | {"rows": 3}, lanes=2, k_max=5),
    "index": NMConfig(**TINY | {"rows": 2}, lanes=2, n=3, m=4, k_max=9),
    "bitmask": NMConfig(**TINY | {"rows": 2}, n=2, m=4, k_max=9, encoding="bitmask"),
    "bitmask-parallel": NMConfig(**TINY, lanes=2, n=2, m=4, n_fixed=True, k_max=9, encoding="bitmask"),
}
MACS: dict[str, BeatsConfig] = {
    "dense": DenseConfig(**PE, stages=1),
    "dense-lanes": DenseConfig(**PE, lanes=2, stages=3),
    "unsigned": DenseConfig(**PE, lanes=2, a_signed=False, b_signed=False),
    "gated": GatedConfig(**PE),
    "gated-deep": GatedConfig(**PE, stages=3),
    "gated-lanes": GatedConfig(**PE, lanes=2),
    "nm": NMConfig(**PE, n=2, m=4),
    "nm-parallel": NMConfig(**PE, n=2, m=4, n_fixed=True, lanes=2),
    "wrap": DenseConfig(**PE, acc_width=5),
    "saturate": DenseConfig(**PE, lanes=2, acc_width=5, overflow="saturate"),
    "gated-saturate": GatedConfig(**PE, lanes=2, acc_width=5, overflow="saturate"),
}
CORES: dict[str, BeatsConfig] = {
    "dense": DenseConfig(**TINY | {"rows": 2}, lanes=2, k_max=3, b_bandwidth=1),
    "gated": GatedConfig(**TINY | {"rows": 2}, k_max=2),
    "index": NMConfig(**TINY | {"rows": 2}, n=1, m=2, k_max=4),
    "bitmask": NMConfig(**TINY | {"rows": 2}, n=2, m=4, k_max=8, encoding="bitmask", b_bandwidth=2),
}
RESULTS: dict[str, BeatsConfig] = {
    "dense": DenseConfig(**TINY | {"rows": 2}, stages=1, k_max=2),
    "dense-lanes": DenseConfig(**TINY, lanes=2, k_max=4),
    "gated": GatedConfig(**TINY, k_max=2),
    "index": NMConfig(**TINY, n=2, m=4, stages=1, k_max=4),
}
DECODERS: dict[str, NMConfig] = {
    "serial": NMConfig(**TINY, n=3, m=4, k_max=8),
    "lanes": NMConfig(**TINY, lanes=2, n=3, m=8, k_max=8),
    "parallel": NMConfig(**TINY, lanes=2, n=2, m=4, n_fixed=True, k_max=8),
}
OTHERS: dict[str, BeatsConfig] = {
    "-".join(filter(None, (name, suffix))): design.config(**{**TINY, "rows": 2, "k_max": 9, **own})
    for name, design in DESIGNS.items()
    for suffix, own in design.proofs.items()
    if issubclass(design.config, BeatsConfig)
}
"""What the designs themselves name, beside the above."""
FIRST = {design.config().engine.name: design for design in reversed(DESIGNS.values())}
AXIS: dict[str, Config] = {
    **{engine: design.config(rows=3, cols=2) for engine, design in FIRST.items()},
    "unsigned": NMConfig(**TINY, n=2, m=4, encoding="bitmask", a_signed=False, b_signed=False),
    "long-sums": CSRConfig(**TINY | {"rows": 2, "cols": 2, "a_width": 16, "b_width": 16}),
}
"""The first design of every engine, and what a result can be."""


def _independence() -> Iterator[tuple[str, partial[None]]]:
    for name, cfg in WINDOWS.items():
        offered = ["o__valid", "o__payload"]
        yield (
            f"window-{name}",
            partial(independent, component="window", cfg=cfg, inputs=["o__ready"], outputs=offered),
        )
    yield (
        "drain",
        partial(
            independent, component="drain", cfg=DRAINS["3x2"], inputs=["ready"], outputs=["valid", "last"]
        ),
    )
    for name in ("dense", "bitmask"):
        core = partial(independent, component="core", cfg=CORES[name])
        yield f"core-{name}", partial(core, inputs=["o_c__ready"], outputs=["o_c__valid", "o_c__payload"])
        for side in ("tile", "a", "b", *(["mask"] if CORES[name].mask_bits else [])):
            inputs, outputs = [f"i_{side}__valid"], [f"i_{side}__ready"]
            yield f"core-{name}-{side}", partial(core, inputs=inputs, outputs=outputs)


def _proofs() -> Iterator[tuple[str, Theorem]]:
    for name, cfg in WINDOWS.items():
        yield f"window-{name}", Theorem(partial(window_filler, cfg=cfg))
    for name, cfg in DRAINS.items():
        yield f"drain-{name}", Theorem(partial(drain, cfg=cfg))
    for name, cfg in SCHEDULES.items():
        yield f"recovery-{name}", Theorem(partial(recovery, cfg=cfg))
        yield f"counted-beats-{name}", Theorem(partial(counted_beats, cfg=cfg))
    for name, cfg in DECODERS.items():
        masked = replace(cfg, encoding="bitmask")
        yield f"index-row-{name}", Theorem(partial(row_theorem(cfg), cfg=cfg))
        yield f"bitmask-row-{name}", Theorem(partial(row_theorem(masked), cfg=masked))
    for name, cfg in OTHERS.items():
        yield f"recovery-{name}", Theorem(partial(recovery, cfg=cfg))
        yield f"counted-beats-{name}", Theorem(partial(counted_beats, cfg=cfg))
        yield f"row-{name}", Theorem(partial(row_theorem(cfg), cfg=cfg))
        yield f"sum-of-products-{name}", Theorem(partial(sum_of_products, cfg=replace(cfg, rows=1)))
    for name, cfg in MACS.items():
        yield f"sum-of-products-{name}", Theorem(partial(sum_of_products, cfg=cfg))
    for lanes in (1, 2):
        dense = DenseConfig(**PE, lanes=lanes)
        gated = GatedConfig(**PE, lanes=lanes)
        pair = partial(gated_equals_dense, gated=gated, dense=dense)
        yield f"gated-equals-dense-{lanes}", Theorem(pair, depth=9, mode="bmc")
    for name, cfg in CORES.items():
        # Rows follow each other within `latency` cycles: the step must see that many.
        yield f"rows-owed-{name}", Theorem(partial(rows_owed, cfg=cfg), depth=cfg.latency + 2)
    for name, cfg in RESULTS.items():
        yield (
            f"results-{name}",
            Theorem(partial(results, cfg=cfg), depth=12, mode="bmc", slow=name == "index"),
        )
    for name, any_engine in AXIS.items():
        yield f"axis-{name}", Theorem(partial(axis_streams, cfg=any_engine))
    for name, harness in _independence():
        yield f"independent-{name}", Theorem(harness)
    yield from sparse_proofs()
    yield from bit_proofs()


PROOFS: dict[str, Theorem] = dict(_proofs())
"""All theorems by name."""
