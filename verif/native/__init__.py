"""Native simulation: the emitted Verilog compiled by Verilator, run on NumPy buffers."""

from zeroskip.verif.native.matmul import NativeMatmul, native_matmul
from zeroskip.verif.native.simulation import Simulation, SimulationError
from zeroskip.verif.native.streams import RawResult, run_streams
from zeroskip.verif.native.tiles import native

__all__ = [
    "NativeMatmul",
    "RawResult",
    "Simulation",
    "SimulationError",
    "native",
    "native_matmul",
    "run_streams",
]
