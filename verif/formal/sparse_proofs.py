"""What is proved of the unstructured designs."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from zeroskip.hw.bit_config import BitColumnConfig, BitConfig, BitletConfig, BitSerialConfig
from zeroskip.hw.decode.formats import PARSERS, parser_class
from zeroskip.hw.digit_config import BitSliceConfig, CSDConfig, PragmaticConfig
from zeroskip.hw.format_config import (
    SUPER,
    BitmaskConfig,
    BSRConfig,
    CSCConfig,
    CSRConfig,
    RLCConfig,
)
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.verif.formal.bit_steps import most_steps
from zeroskip.verif.formal.collect import collector
from zeroskip.verif.formal.gearbox import gearbox
from zeroskip.verif.formal.headers import header_queue
from zeroskip.verif.formal.independence import Component, independent
from zeroskip.verif.formal.loader import loader
from zeroskip.verif.formal.places import places
from zeroskip.verif.formal.ring import ring
from zeroskip.verif.formal.sharing import freezing, two_steps
from zeroskip.verif.formal.steps import needed_bits, steps, waiting
from zeroskip.verif.formal.theorem import Theorem

__all__ = ["sparse_proofs"]

SMALL: dict[str, Any] = {
    "rows": 2,
    "cols": 1,
    "a_width": 2,
    "b_width": 2,
    "k_max": 8,
    "block_size": 4,
    "depth": 2,
}
FORMAT: dict[str, Any] = {"scan": 2, "block_rows": 2, "block_cols": 2, "run_bits": 2}
"""Parameters of formats that have them: a format that is registered is proved with its small ones."""


def _small(kind: type[SparseConfig]) -> SparseConfig:
    return kind(
        **SMALL, **{name: value for name, value in FORMAT.items() if name in kind.__dataclass_fields__}
    )


FORMATS: dict[str, SparseConfig] = {kind.design: _small(kind) for kind in PARSERS} | {
    "bitmask-two-levels": BitmaskConfig(**SMALL, levels=2),
    "csr-fallback": CSRConfig(**SMALL, fallback=True),
    "csc-three-rows": CSCConfig(**SMALL | {"rows": 3}, block_rows=3),
    "bsr-whole-blocks": BSRConfig(**SMALL | {"rows": 3}, block_rows=3, block_cols=4),
    "bsr-columns": BSRConfig(**SMALL, block_rows=1, block_cols=1),
    "bitserial-unsigned": BitSerialConfig(**SMALL | {"a_width": 3, "k_max": 4}, a_signed=False),
    "bitcolumn-unsigned": BitColumnConfig(**SMALL, a_signed=False),
    "pragmatic-naf-skew-0": PragmaticConfig(**SMALL | {"a_width": 3}, recode="naf", skew=0, a_signed=False),
    "csd-odd": CSDConfig(**SMALL | {"a_width": 3}),
    "bitlet-twos": BitletConfig(**SMALL | {"k_max": 4}, recode="twos"),
    "bitslice-two-slices": BitSliceConfig(**SMALL | {"a_width": 5, "k_max": 4}),
}
GEARBOXES: dict[str, SparseConfig] = {
    "one-unit": RLCConfig(**SMALL, run_bits=1, beat_bits=3),
    "three-units": RLCConfig(**SMALL, run_bits=1, beat_bits=9),
    "units-of-one": RLCConfig(**SMALL, run_bits=1, beat_bits=8),
    "csr": CSRConfig(**SMALL),
    "bitmask": BitmaskConfig(**SMALL),
    "shared": RLCConfig(**SMALL, run_bits=1, beat_bits=6, share=True),
    "shared-bitmask": BitmaskConfig(**SMALL, share=True),
}
SHARED: dict[str, SparseConfig] = {
    name: replace(cfg, share=True, rows=2 * cfg.group, beat_bits=None)
    for name, cfg in FORMATS.items()
    if not isinstance(cfg, BitConfig)
}
COLLECTORS: dict[str, SparseConfig] = {f"{rows}": CSRConfig(**SMALL | {"rows": rows}) for rows in (1, 3, 4)}
QUEUES: dict[str, SparseConfig] = {
    "resident": CSRConfig(**SMALL),
    "fallback": CSRConfig(**SMALL, schedule="decoupled", fallback=True),
}
LOADERS: dict[str, SparseConfig] = {
    f"{chunks}": CSRConfig(**SMALL, b_bandwidth=4 // chunks) for chunks in (1, 2, 4)
}
RINGS: dict[str, SparseConfig] = {
    "lockstep": CSRConfig(**SMALL, schedule="lockstep"),
    "decoupled": CSRConfig(**SMALL, schedule="decoupled"),
    "resident": CSRConfig(**SMALL),
    "shared": CSRConfig(**SMALL, share=True),
}


def _longest(cfg: SparseConfig) -> int:
    """Steps that a tile of the small designs can have, whatever its bits are."""
    if isinstance(cfg, BitmaskConfig) and cfg.levels == 2:
        return SUPER * cfg.block  # a mask of 8 may name blocks past the tile's
    return cfg.blocks(cfg.k_max) * (most_steps(cfg) if isinstance(cfg, BitConfig) else cfg.block)


def sparse_proofs() -> Iterator[tuple[str, Theorem]]:
    """All of them by name."""
    for name, cfg in GEARBOXES.items():
        unit = parser_class(cfg).grain(cfg)
        yield f"gearbox-{name}", Theorem(partial(gearbox, cfg=cfg, unit=unit))
    for name, cfg in FORMATS.items():
        longest = _longest(cfg)
        # Induction sees a whole tile, whose first step needs nothing to be known.
        proof = Theorem(
            partial(steps, cfg=cfg, longest=longest),
            depth=longest + 2,
            reach_depth=longest + 8,
            slow=longest > SUPER,
        )
        yield f"steps-{name}", proof
        yield f"waiting-{name}", Theorem(partial(waiting, cfg=cfg))
        yield f"needed-bits-{name}", Theorem(partial(needed_bits, cfg=cfg))
    for name, cfg in SHARED.items():
        yield f"two-steps-{name}", Theorem(partial(two_steps, cfg=cfg))
        yield f"waiting-{name}-shared", Theorem(partial(waiting, cfg=cfg))
    for name, cfg in RINGS.items():
        if not cfg.share:
            yield f"places-{name}", Theorem(partial(places, cfg=replace(cfg, share=True, beat_bits=None)))
    for stages in (1, 3):
        cfg = CSRConfig(**SMALL, share=True, stages=stages)
        yield f"freezing-{stages}", Theorem(partial(freezing, cfg=cfg))
    for name, cfg in COLLECTORS.items():
        yield f"collector-{name}", Theorem(partial(collector, cfg=cfg))
    for name, cfg in QUEUES.items():
        yield f"header-queue-{name}", Theorem(partial(header_queue, cfg=cfg), reach_depth=20)
    for name, cfg in LOADERS.items():
        yield f"loader-{name}", Theorem(partial(loader, cfg=cfg))
    for name, cfg in RINGS.items():
        yield f"ring-{name}", Theorem(partial(ring, cfg=cfg), depth=1, reach_depth=12, slow=True)
    csr = CSRConfig(**SMALL)
    independence: tuple[tuple[Component, list[str], list[str]], ...] = (
        ("gearbox", ["i__valid", "i__payload"], ["i__ready", "bits", "there", "ended"]),
        ("collector", ["o__ready"], ["o__valid", "o__payload"]),
        ("loader", ["b__valid", "b__payload"], ["b__ready"]),
        ("headers", ["i__valid", "i__payload", "done"], ["i__ready", "there"]),
    )
    for component, inputs, outputs in independence:
        checked = partial(independent, component=component, cfg=csr, inputs=inputs, outputs=outputs)
        yield f"independent-{component}", Theorem(checked)
