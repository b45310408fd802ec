"""Arrays of NumPy and sparse ones of SciPy, for code that takes both."""

from typing import Any, TypeAlias

import scipy.sparse
from numpy.typing import NDArray

__all__ = ["Array"]

Array: TypeAlias = NDArray[Any] | scipy.sparse.sparray | scipy.sparse.spmatrix
"""Any dtype and number of axes."""
