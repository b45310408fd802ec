"""What is proved: a harness with its parameters, how deep, and whether for ever."""

from dataclasses import dataclass
from functools import partial

from zeroskip.verif.formal.prove import Mode

__all__ = ["Theorem"]


@dataclass(frozen=True)
class Theorem:
    """A harness with what it takes to prove it.

    ``mode`` is "induction" (for ever) or "bmc" (every run of ``depth`` steps from reset); ``reach_depth``
    is how many steps its reaches may take. ``slow`` ones take over ten seconds.
    """

    harness: partial[None]
    depth: int = 2
    mode: Mode = "induction"
    reach_depth: int = 16
    slow: bool = False
