"""zeroskip: a generator of sparse neural-network hardware, with golden models and measurements.

A design is one object, made by its name. RTL and golden model run the same product on it::

    import zeroskip as zs

    cfg = zs.configure("nm", rows=8, cols=8, n=2, m=4)  # 2:4: two of four neighbours are stored
    a = zs.random_nm(64, 256, 0.5, 2, 4)  # the sparse operand, int64 (64, 256)
    b = zs.random_matrix(256, 64, 1.0)
    result, c = zs.measure(cfg, a, b)  # on the RTL, compiled; backend="model" asks the golden model
    print(result.cycles, result.speedup, (c == a @ b).all())
    zs.generate(cfg, "build")  # Verilog and what travels with it

What there is::

    designs presets                           by name, with one line about each
    configure paired_dense                    a design with its parameters; the dense one like it
    load prune_nm                             operands from files, and pruned to N:M
    random_matrix random_nm laplace_matrix    random operands: nonzeros anywhere, N:M, or like weights
    measure                                   a product, what it took, and what sparsity bought
    native_matmul golden_matmul               a product on the RTL, and on the golden model
    tile_matmul native golden                 the same by tiles, each result with its cycle
    verify                                    RTL against golden model on random cases
    cost                                      cells of a design, by module and by room
    generate                                  a design's files

Mistakes raise ``ValueError`` or ``TypeError`` with one sentence. docs/python.md shows each at work. Folders
are packages here, each on those before: ``hw``, ``sw``, ``gen``, ``verif``, ``fpga``, ``explore``, ``cli``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what `__getattr__` finds, said to type checkers
    from zeroskip.explore.measure import measure as measure
    from zeroskip.fpga.cost import cost as cost
    from zeroskip.gen.designs import configure as configure
    from zeroskip.gen.designs import paired_dense as paired_dense
    from zeroskip.gen.generate import generate as generate
    from zeroskip.sw.operands import load as load
    from zeroskip.sw.prune import prune_nm as prune_nm
    from zeroskip.sw.random_operands import laplace_matrix as laplace_matrix
    from zeroskip.sw.random_operands import random_matrix as random_matrix
    from zeroskip.sw.random_operands import random_nm as random_nm
    from zeroskip.sw.tiling import tile_matmul as tile_matmul
    from zeroskip.verif.golden import golden as golden
    from zeroskip.verif.golden import golden_matmul as golden_matmul
    from zeroskip.verif.native import native as native
    from zeroskip.verif.native import native_matmul as native_matmul
    from zeroskip.verif.verify import verify as verify

__version__ = "0.1.0"

_HOMES = {
    "configure": "gen.designs",
    "cost": "fpga.cost",
    "generate": "gen.generate",
    "golden": "verif.golden",
    "golden_matmul": "verif.golden",
    "laplace_matrix": "sw.random_operands",
    "load": "sw.operands",
    "measure": "explore.measure",
    "native": "verif.native",
    "native_matmul": "verif.native",
    "paired_dense": "gen.designs",
    "prune_nm": "sw.prune",
    "random_matrix": "sw.random_operands",
    "random_nm": "sw.random_operands",
    "tile_matmul": "sw.tiling",
    "verify": "verif.verify",
}
"""The module of each name, imported when the name is asked for: all of them take a second."""

__all__ = ["designs", "presets", *_HOMES]  # noqa: PLE0604 - strings, all of them


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"zeroskip.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return ["__version__", *sorted(__all__)]


def designs() -> dict[str, str]:
    """Every design by name, with one line about it."""
    return _summaries("hw.designs", "DESIGNS")


def presets() -> dict[str, str]:
    """Every preset by name, with one line about it: a design with the parameters of a published system."""
    return _summaries("hw.designs.presets", "PRESETS")


def _summaries(module: str, table: str) -> dict[str, str]:
    entries = getattr(import_module(f"zeroskip.{module}"), table)
    return {name: entry.summary for name, entry in entries.items()}
