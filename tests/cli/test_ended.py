"""Real signals to a real process: what it has started ends with it, and nothing is left."""

import fcntl
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from zeroskip.verif.cache import working

ROOT = Path(__file__).parents[2]
SMALL = ("-p", "rows=1", "-p", "cols=1", "-p", "k_max=16")
RUN = ("run", "dense", *SMALL, "--a", "random:1x4:1", "--b", "random:4x1:1")

TOOL = """#!/bin/sh
case "$1" in --version) echo tool 1.0; exit;; esac
sleep 60 &
echo $$ $! >> {pids}
wait
"""
"""A compiler or synthesiser with a child, which takes longer than anyone would wait."""

SIMULATOR = """#!/bin/sh
echo $$ >> {pids}
exec sleep 60
"""


def until(done: Callable[[], object], what: str) -> None:
    """Wait until something is so, for some seconds at most."""
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end, f"not in time: {what}"
        time.sleep(0.02)


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def places(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment whose tools, cache and temporary files are in the test's own folder."""
    for name in ("bin", "cache", "tmp"):
        (tmp_path / name).mkdir()
    tools = {"g++": TOOL, "yosys": TOOL, "vvp": SIMULATOR, "iverilog": "#!/bin/sh\n"}
    for name, text in tools.items():
        (tmp_path / "bin" / name).write_text(text.format(pids=tmp_path / "pids"))
        (tmp_path / "bin" / name).chmod(0o755)
    yield {
        **os.environ,
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "CXX": str(tmp_path / "bin" / "g++"),
        "ZEROSKIP_YOSYS": str(tmp_path / "bin" / "yosys"),
        "ZEROSKIP_CACHE": str(tmp_path / "cache"),
        "TMPDIR": str(tmp_path / "tmp"),
    }
    for pid in started(tmp_path):
        if lives(pid):
            os.kill(pid, signal.SIGKILL)


def started(folder: Path) -> list[int]:
    """Processes of all tools that were started, and their children."""
    file = folder / "pids"
    return [int(word) for word in file.read_text().split()] if file.exists() else []


def left(folder: Path) -> list[str]:
    """What is in the cache and among temporary files, but for the locks of what was to be made."""
    names = [path.name for place in ("cache", "tmp") for path in (folder / place).iterdir()]
    return [name for name in names if not name.startswith(("making-", "header-"))]


def begin(
    words: tuple[str, ...], env: dict[str, str], script: str = "", **how: object
) -> subprocess.Popen[str]:
    python = ["-c", script] if script else ["-m", "zeroskip"]
    return subprocess.Popen(
        [sys.executable, *python, *words],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **{"preexec_fn": heard, **how},  # type: ignore[call-overload]
    )


def heard() -> None:
    """Undo what is inherited from ``nohup`` or a shell's background job: there these are ignored."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


@pytest.mark.parametrize(
    ("words", "number", "status"),
    [
        (RUN, signal.SIGTERM, -15),
        (RUN, signal.SIGINT, 130),
        (("cost", "dense", *SMALL), signal.SIGTERM, -15),
        (("verify", "dense", *SMALL, "--simulator", "icarus", "--cases", "1"), signal.SIGTERM, -15),
    ],
    ids=["compile TERM", "compile INT", "cost TERM", "bench TERM"],
)
def test_a_signal_ends_every_tool_and_clears_up(
    words: tuple[str, ...], number: signal.Signals, status: int, places: dict[str, str], tmp_path: Path
) -> None:
    process = begin(words, places)
    until(lambda: started(tmp_path), "the tool runs")
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (status, "", "")
    until(lambda: not any(map(lives, started(tmp_path))), "its children end")
    assert left(tmp_path) == []


def test_a_program_that_imports_zeroskip_ends_the_same(places: dict[str, str], tmp_path: Path) -> None:
    script = (
        "import zeroskip as zs; a, b = zs.random_matrix(1, 4, 1.0), zs.random_matrix(4, 1, 1.0); "
        "zs.measure(zs.configure('dense', rows=1, cols=1, k_max=16), a, b)"
    )
    process = begin((), places, script)
    until(lambda: started(tmp_path), "the tool runs")
    process.terminate()
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (-15, "", "")
    until(lambda: not any(map(lives, started(tmp_path))), "its children end")
    assert left(tmp_path) == []


def test_a_lost_terminal_ends_every_tool(places: dict[str, str], tmp_path: Path) -> None:
    """With its progress bar on it."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(sys.executable, [sys.executable, "-m", "zeroskip", *RUN], places)
    until(lambda: started(tmp_path), "the tool runs")
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -1
    until(lambda: not any(map(lives, started(tmp_path))), "its children end")
    assert left(tmp_path) == []


def test_a_hangup_that_is_ignored_stays_so(places: dict[str, str], tmp_path: Path) -> None:
    """As under nohup."""
    process = begin(RUN, places, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    until(lambda: started(tmp_path), "the tool runs")
    process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    assert process.poll() is None
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == -15


def test_what_the_killed_have_left_goes_with_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZEROSKIP_CACHE", str(tmp_path))
    (tmp_path / "building-old" / "model").mkdir(parents=True)
    (tmp_path / "making-old").touch()
    (tmp_path / "building-live").mkdir()
    handle = os.open(tmp_path / "building-live", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with working() as mine, working() as other:
        assert {path.name for path in tmp_path.iterdir()} == {"building-live", mine.name, other.name}
    assert [path.name for path in tmp_path.iterdir()] == ["building-live"]
    os.close(handle)


@pytest.mark.parametrize("wait", [0.02, 0.1, 0.2, 0.4, 0.7])
def test_ctrl_c_while_it_loads_says_nothing(wait: float, places: dict[str, str]) -> None:
    """From its first line to when the command runs; before that line it is Python that is interrupted."""
    script = "from zeroskip.__main__ import main; print(flush=True); main()"
    process = begin(RUN, places, script)
    assert process.stdout is not None
    assert process.stdout.readline() == "\n"
    time.sleep(wait)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (out, err) == ("", "")
    assert process.returncode in (130, -signal.SIGINT)


def test_programs_are_started_in_one_place() -> None:
    """Elsewhere they would outlive a signal; `doctor` asks for versions only."""
    folders = ("hw", "sw", "gen", "verif", "fpga", "explore", "cli")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    starts = re.compile(r"^\s*(?:import|from) subprocess\b", re.MULTILINE)
    found = {path for path in files if starts.search(path.read_text(encoding="utf-8"))}
    assert found == {ROOT / "gen" / "programs.py", ROOT / "cli" / "doctor.py"}
