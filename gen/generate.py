"""A design written to a folder: Verilog and everything that travels with it."""

from pathlib import Path

from zeroskip.gen.manifest import artifacts
from zeroskip.gen.write import write_files
from zeroskip.hw.config import Config

__all__ = ["generate"]


def generate(  # noqa: PLR0913 - the last four are keywords
    cfg: Config,
    folder: str | Path,
    name: str | None = None,
    *,
    mhz: float = 125.0,
    clock: str = "clk",
    pins: bool = False,
    init: bool = True,
) -> dict[Path, bool]:
    """Write Verilog and all that travels with it; path to whether it changed.

    That is an instantiation template, C header, constraints, FuseSoC description, self-checking bench and
    manifest. ``name``, "zeroskip_" and the design's if there is none, is that of the top module and the
    files. ``mhz`` is the clock of the constraints and ``clock`` the port that it comes in by: inside a larger
    design that design's. ``pins`` constrains the module's own ports too, as if they were those of a chip.
    Without ``init`` registers and memories have no initial values: ``rst`` alone makes them known. Files that
    have the same text already are left alone.

    Raises ``ValueError`` for a name that Verilog would not take, a clock that is no name or not from 0.001 to
    10000 MHz, or a folder that cannot be written.
    """
    folder = Path(folder)
    texts = artifacts(
        cfg.core(), name or f"zeroskip_{cfg.design}", mhz=mhz, clock=clock, pins=pins, init=init
    )
    return {folder / file: new for file, new in write_files(folder, texts).items()}
