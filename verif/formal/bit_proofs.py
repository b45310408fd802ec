"""What is proved of the bit-level designs, besides what holds of all unstructured ones."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.verif.formal.serial import recoding, serial_pe
from zeroskip.verif.formal.theorem import Theorem

__all__ = ["bit_proofs"]

TINY: dict[str, Any] = {"rows": 1, "cols": 1, "a_width": 3, "b_width": 3, "block_size": 4, "k_max": 4}
PES: dict[str, DigitsConfig] = {
    "bitserial": BitSerialConfig(**TINY, stages=1),
    "bitserial-unsigned": BitSerialConfig(**TINY, a_signed=False, b_signed=False),
    "bitcolumn": BitColumnConfig(**TINY),
    "bitcolumn-deep": BitColumnConfig(**TINY, stages=3, b_signed=False),
    "pragmatic": PragmaticConfig(**TINY),
    "pragmatic-skew-1": PragmaticConfig(**TINY, skew=1, stages=1),
    "pragmatic-skew-0": PragmaticConfig(**TINY, skew=0, stages=3),
    "bitbalance-unsigned": BitBalanceConfig(**TINY, a_signed=False),
    "bitlet": BitletConfig(**TINY),
    "bitslice": BitSliceConfig(**TINY | {"a_width": 5, "b_width": 6}),
}
RECODINGS = [
    (width, is_signed, recode)
    for width in (2, 3, 8, 16)
    for is_signed in (False, True)
    for recode in ("twos", "magnitude", "naf")
]


def bit_proofs() -> Iterator[tuple[str, Theorem]]:
    """All of them by name."""
    for width, is_signed, recode in RECODINGS:
        name = f"recoding-{recode}-{'' if is_signed else 'un'}signed-{width}"
        yield name, Theorem(partial(recoding, width=width, is_signed=is_signed, recode=recode))
    for name, cfg in PES.items():
        yield f"serial-pe-{name}", Theorem(partial(serial_pe, cfg=cfg), depth=cfg.latency + 2)
