"""One thread for linear algebra, said before NumPy is loaded.

The products here are small, and threads that wait for each other on a busy machine make them a hundred
times slower. A value that is set already stays.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
