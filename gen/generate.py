"""A design written to a folder: Verilog and everything that travels with it."""

from pathlib import Path

from zeroskip.gen.manifest import artifacts
from zeroskip.gen.write import write_files
from zeroskip.hw.config import Config, check_config

__all__ = ["generate"]


def generate(
    cfg: Config, folder: str | Path, name: str | None = None, *, mhz: float = 125.0
) -> dict[Path, bool]:
    """Write Verilog, C header, FuseSoC description, constraints and manifest; path to whether it changed.

    ``name``, "zeroskip_" and the design's if there is none, is that of the top module and the files; ``mhz``
    is the clock of the constraints. Files that have the same text already are left alone.

    Raises ``ValueError`` for a name that is no plain Verilog identifier, a clock that is not from 0.001 to
    10000 MHz, or a folder that cannot be written.
    """
    check_config(cfg)
    folder = Path(folder)
    written = write_files(
        folder, artifacts(cfg.core(), f"zeroskip_{cfg.design}" if name is None else name, mhz)
    )
    return {folder / file: new for file, new in written.items()}
