"""Every Verilator there is, and what it says of a file."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from zeroskip.verif.build import find_verilator

__all__ = ["LINTERS", "lint"]

OLD = shutil.which("verilator_bin", path="/usr/bin")
LINTERS = {"found": find_verilator().program, **({"system": Path(OLD)} if OLD else {})}
"""The one that simulates, and the distribution's, which takes vectors for loops."""

STYLE = {
    "DECLFILENAME": "several modules in one file, by design",
    "PROCASSINIT": "Amaranth gives every register its initial value and its reset",
    "UNUSEDSIGNAL": "Amaranth keeps a named view of every struct field",
}
"""Questions of style that all emitted text has an answer to."""


def lint(which: str, file: Path, top: str) -> list[str]:
    """Complaints, a line each, but for those of ``STYLE``."""
    root = {} if which == "system" else {"VERILATOR_ROOT": str(find_verilator().root)}
    command = [LINTERS[which], "--lint-only", "-Wall", "-Wno-fatal", "--top-module", top, file]
    done = subprocess.run(command, env={**os.environ, **root}, capture_output=True, text=True, check=False)
    said = re.findall(r"^%.*", done.stderr, re.MULTILINE)
    assert done.returncode == 0 or said, f"{command[0]} gave up: {done.stderr}"
    return [line for line in said if not re.match(rf"%Warning-({'|'.join(STYLE)}):", line)]
