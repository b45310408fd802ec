"""A design written to a folder: Verilog and everything that travels with it."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from zeroskip.gen.manifest import artifacts
from zeroskip.gen.write import write_files
from zeroskip.hw.config import Config, check_config
from zeroskip.hw.shell.axis import AxiStream

__all__ = ["generate"]


def generate(  # noqa: PLR0913 - the last three are keywords
    cfg: Config,
    folder: str | Path,
    name: str | None = None,
    *,
    mhz: float = 125.0,
    bus: str | None = None,
    further: Callable[[Config, str], dict[str, str]] | None = None,
) -> dict[Path, bool]:
    """Write Verilog, C headers, FuseSoC description, constraints and manifest; path to whether it changed.

    ``name``, "zeroskip_" and the design's if there is none, is that of the top module and the files; ``mhz``
    is the clock of the constraints. With ``bus`` "axis" streams are AXI4-Stream, and there is a LiteX module.
    ``further`` makes more files to write, texts by name, from the design and its name, such as
    ``zeroskip.verif.bench.axis.axis_bench``. Files that have the same text already are left alone.

    Raises ``ValueError`` for a name that is no plain Verilog identifier, a clock that is not from 0.001 to
    10000 MHz, an unknown bus, or a folder that cannot be written.
    """
    check_config(cfg)
    if bus not in (None, "axis"):
        raise ValueError(f"bus must be axis, not {bus!r}")
    folder, name = Path(folder), f"zeroskip_{cfg.design}" if name is None else name
    made = artifacts(AxiStream(cfg) if bus else cfg.core(), name, mhz)
    if bus:
        made[f"{name}_litex.py"] = (
            files("zeroskip.gen").joinpath("litex_module.py").read_text(encoding="utf-8")
        )
    if further is not None:
        made |= further(cfg, name)
    return {folder / file: new for file, new in write_files(folder, made).items()}
