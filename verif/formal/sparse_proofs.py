"""What is proved of the unstructured designs."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from zeroskip.hw.decode import decoder as decoder_of
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.hw.engines.free.config import FreeConfig
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
from zeroskip.verif.formats import format_of

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
FORMATS: dict[str, Any] = {
    "-".join(filter(None, (name, suffix))): design.config(**{**SMALL, **own})
    for name, design in DESIGNS.items()
    for suffix, own in design.proofs.items()
    if issubclass(design.config, FreeConfig)
}
SLOW = 8
"""Steps of a tile from which on its induction takes long."""

GEARBOXES: dict[str, FreeConfig] = {
    "one-unit": RLCConfig(**SMALL, run_bits=1, beat_bits=3),
    "three-units": RLCConfig(**SMALL, run_bits=1, beat_bits=9),
    "units-of-one": RLCConfig(**SMALL, run_bits=1, beat_bits=8),
    "csr": CSRConfig(**SMALL),
    "bitmask": BitmaskConfig(**SMALL),
    "shared": RLCConfig(**SMALL, run_bits=1, beat_bits=6, share=True),
    "shared-bitmask": BitmaskConfig(**SMALL, share=True),
}
SHARED: dict[str, Any] = {
    name: replace(cfg, share=True, rows=2 * cfg.group, beat_bits=None)
    for name, cfg in FORMATS.items()
    if not cfg.bit_level
}
COLLECTORS: dict[str, FreeConfig] = {f"{rows}": CSRConfig(**SMALL | {"rows": rows}) for rows in (1, 3, 4)}
QUEUES: dict[str, FreeConfig] = {
    "resident": CSRConfig(**SMALL),
    "fallback": CSRConfig(**SMALL, schedule="decoupled", fallback=True),
}
LOADERS: dict[str, FreeConfig] = {
    f"{chunks}": CSRConfig(**SMALL, b_bandwidth=4 // chunks) for chunks in (1, 2, 4)
}
RINGS: dict[str, CSRConfig] = {
    "lockstep": CSRConfig(**SMALL, schedule="lockstep"),
    "decoupled": CSRConfig(**SMALL, schedule="decoupled"),
    "resident": CSRConfig(**SMALL),
    "shared": CSRConfig(**SMALL, share=True),
}


def sparse_proofs() -> Iterator[tuple[str, Theorem]]:
    """All of them by name."""
    for name, cfg in GEARBOXES.items():
        unit = decoder_of(cfg).grain(cfg)
        yield f"gearbox-{name}", Theorem(partial(gearbox, cfg=cfg, unit=unit))
    for name, cfg in FORMATS.items():
        longest = format_of(cfg).longest(cfg)
        # Induction sees a whole tile, whose first step needs nothing to be known.
        proof = Theorem(
            partial(steps, cfg=cfg, longest=longest),
            depth=longest + 2,
            reach_depth=longest + 8,
            slow=longest > SLOW,
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
