"""Formal proofs: stream contracts and sums of the hardware, for every input there is.

A harness (one file per component) puts a component on a ``bench``, drives its inputs freely within what
the contract asks of sources, and claims what must hold; ``prove`` decides. ``proofs`` names them all.
"""

from zeroskip.verif.formal.bench import Bench, Inside
from zeroskip.verif.formal.proofs import PROOFS
from zeroskip.verif.formal.prove import Harness, Proof, prove
from zeroskip.verif.formal.theorem import Theorem

__all__ = ["PROOFS", "Bench", "Harness", "Inside", "Proof", "Theorem", "prove"]
