"""Golden models: outputs, schedule and activity of the array in NumPy, from the contracts in docs/ alone.

``families`` has one model for the tiles of each design, under any stalls, and one for whole matrices without.
Arrays of one schedule: ``pairs`` what each lane is given -> ``values`` sums, ``activity`` busy and gated
multipliers; ``schedule`` the cycle of everything; ``model`` and ``matmul`` join them. Arrays of free rows:
``steps`` what each group does -> ``sparse_events`` the cycle of everything, ``sparse_unstalled`` the same
without stalls; ``sparse`` and ``sparse_matmul`` join them with ``values``.
"""

from zeroskip.verif.golden.families import golden, golden_matmul
from zeroskip.verif.golden.matmul import MatmulResult

__all__ = ["MatmulResult", "golden", "golden_matmul"]
