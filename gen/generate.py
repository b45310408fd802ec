"""A design written to a folder: Verilog and everything that travels with it."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from zeroskip.gen.bench import bench as own_bench
from zeroskip.gen.manifest import artifacts
from zeroskip.gen.write import write_files
from zeroskip.hw.config import Config, check_config
from zeroskip.hw.shell.axis import AxiStream

__all__ = ["generate"]


def generate(  # noqa: PLR0913 - the last six are keywords
    cfg: Config,
    folder: str | Path,
    name: str | None = None,
    *,
    mhz: float = 125.0,
    clock: str | None = None,
    pins: bool = False,
    init: bool = True,
    bus: str | None = None,
    bench: Callable[[Config, str], dict[str, str]] | None = None,
) -> dict[Path, bool]:
    """Write Verilog and all that travels with it; path to whether it changed.

    That is an instantiation template, C headers, constraints, FuseSoC description, self-checking bench and
    manifest. ``name``, "zeroskip_" and the design's if there is none, is that of the top module and the
    files. ``mhz`` is the clock of the constraints and ``clock`` the port that it comes in by, the module's
    own if there is none: inside a larger design that design's. ``pins`` constrains the module's ports too, as
    if they were those of a chip. Without ``init`` registers and memories have no initial values: ``rst``
    alone makes them known. Files that have the same text already are left alone.

    With ``bus`` "axis" streams are AXI4-Stream, and there is a LiteX module. A bench of these is made by
    ``bench``, texts by file name from the design and its name: ``zeroskip.verif.bench.axis.axis_bench``.

    Raises ``ValueError`` for a name that Verilog would not take, a clock that is no name or not from 0.001 to
    10000 MHz, an unknown bus, or a folder that cannot be written.
    """
    check_config(cfg)
    if bus not in (None, "axis"):
        raise ValueError(f"bus must be axis, not {bus!r}")
    folder, name = Path(folder), f"zeroskip_{cfg.design}" if name is None else name
    if bus:
        component, beside = AxiStream(cfg), bench(cfg, name) if bench else {}
    else:
        component, beside = cfg.core(), own_bench(cfg, name)
    made = artifacts(component, name, mhz, clock=clock, pins=pins, init=init, bench=beside)
    if bus:
        made[f"{name}_litex.py"] = (
            files("zeroskip.gen").joinpath("litex_module.py").read_text(encoding="utf-8")
        )
    return {folder / file: new for file, new in write_files(folder, made).items()}
