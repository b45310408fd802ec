"""Golden models: outputs, schedule and activity of the array in NumPy, from docs/contract.md alone.

``pairs`` what each lane is given -> ``values`` sums, ``activity`` busy and gated multipliers; ``schedule``
the cycle of everything. ``model`` joins them for tiles under any stalls, ``matmul`` for whole matrices
without.
"""

from zeroskip.verif.golden.matmul import MatmulResult, golden_matmul
from zeroskip.verif.golden.model import golden

__all__ = ["MatmulResult", "golden", "golden_matmul"]
