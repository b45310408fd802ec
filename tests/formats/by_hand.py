"""One small operand that is worked out by hand in every storage format."""

from typing import Any

import numpy as np

TINY: dict[str, Any] = {
    **{"rows": 2, "cols": 1, "a_width": 4, "b_width": 4, "k_max": 8},
    **{"block_size": 4, "b_bandwidth": 2},
}
A = np.array([[0, 3, 0, -1, 0, 7], [0, 0, 0, 0, 0, 0]])
B = np.array([[5], [-8], [1], [2], [-1], [3]])
