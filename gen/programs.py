"""Programs that this one starts: none outlives it, however it ends, but by SIGKILL.

Threads start them, as no signal breaks off what a thread does: a program is always known once it runs. Each
is the head of a process group, which ends with it: g++ and yosys have children of their own.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

__all__ = ["Ended", "run_program", "threads", "unwinding"]

ENDS = (signal.SIGTERM, signal.SIGHUP)  # the second one: the terminal is gone


class Ended(BaseException):
    """A signal asks for the end of this process: its number."""


_lock = threading.Lock()
_running: set[subprocess.Popen[str]] = set()
_ending = threading.Event()


def run_program(
    command: Sequence[str | Path],
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    given: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; its status, and its output as text.

    ``env`` is set beside the environment that there is; the program speaks English. ``given`` is its standard
    input.
    """
    if threading.current_thread() is threading.main_thread():
        with threads() as pool:
            return pool.submit(run_program, command, cwd, env, given).result()
    with _lock:
        if _ending.is_set():
            raise RuntimeError(f"{Path(command[0]).name} cannot be started: everything is to end")
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, "LC_ALL": "C", **(env or {})},
            stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            process_group=0,
        )
        _running.add(process)
    with process:
        out, err = process.communicate(given)
    with _lock:
        _running.remove(process)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


@contextmanager
def threads() -> Iterator[ThreadPoolExecutor]:
    """Threads to run programs in, one for each processor.

    What waits for its turn is dropped once the block has failed. If it is broken off, by Ctrl-C or as of
    ``unwinding``, all programs are killed too.
    """
    with unwinding(), ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            yield pool
        except Exception:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        except BaseException:
            with _lock:
                _ending.set()
                for process in _running:
                    with suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
            try:
                pool.shutdown(cancel_futures=True)
            finally:
                _ending.clear()
            raise


@contextmanager
def unwinding() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind the block, as Ctrl-C does, so that it cleans up; then they end us.

    They are ``Ended`` inside, and of a block in a block the outer one is unwound. Signals that are handled or
    ignored stay so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [number for number in ENDS if signal.getsignal(number) == signal.SIG_DFL]

    def leave(number: int, _: FrameType | None) -> None:
        for each in ours:
            signal.signal(each, signal.SIG_IGN)  # once is enough
        raise Ended(number)

    ended = None
    for number in ours:
        signal.signal(number, leave)
    try:
        yield
    except Ended as error:
        ended = error.args[0]
        raise
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
        if ended in ours:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):  # the terminal may be gone
                    stream.flush()
            os.kill(os.getpid(), ended)
