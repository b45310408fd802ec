"""Golden models: outputs, schedule and activity of the array in NumPy, from the contracts in docs/ alone.

``model`` finds those of an engine by its name: a folder each, with one model of tiles under any stalls and
one of whole matrices without. ``beats``: ``schedule`` the cycle of everything, ``activity`` busy and gated
multipliers. ``free``: ``steps`` what each group does -> ``events`` the cycle of everything, ``unstalled`` the
same without stalls, ``shared`` with work shared. ``values`` are sums. What a format gives is in
``zeroskip.verif.formats``.
"""

from zeroskip.verif.golden.model import golden, golden_matmul

__all__ = ["golden", "golden_matmul"]
