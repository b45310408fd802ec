"""Finished work that is kept, under the hash of all that decides it, for any number of processes."""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_dir

from zeroskip.gen.programs import unwinding

__all__ = ["alone", "cache_dir", "digest", "put", "working"]


def cache_dir() -> Path:
    """Directory of finished work: ``ZEROSKIP_CACHE``, or the user's cache directory. It is created."""
    path = Path(os.environ.get("ZEROSKIP_CACHE") or user_cache_dir("zeroskip"))
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


def digest(recipe: object) -> str:
    """Everything that decides a result, in JSON's types, as a name of 32 characters."""
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:32]


def put(made: Path, place: Path) -> None:
    """Move a finished file or directory to its place in one step, unless another process was faster."""
    try:
        made.rename(place)
    except OSError:
        if not place.exists():
            raise


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Make what belongs at ``place`` while nobody else does: others wait, and should then look for it.

    Who makes it twice makes the same thing, only later: this saves time, and nothing depends on it. The lock
    of a process that has died is free.
    """
    lock = place.with_name(f"making-{place.name}")
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


@contextmanager
def working() -> Iterator[Path]:
    """A folder to work in, beside the places of finished work: they are one step away.

    It is locked as long as its process lives; what others have left that were killed is removed first, and
    the empty files by which they were ``alone``.
    """
    for left in [*cache_dir().glob("building-*"), *cache_dir().glob("making-*")]:
        if (lock := _lock(left)) is not None:
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
            os.close(lock)
    while True:
        folder = Path(tempfile.mkdtemp(dir=cache_dir(), prefix="building-"))
        lock = _lock(folder)
        if lock is not None and folder.is_dir():
            break  # else another process has just taken it for one that was left
    with unwinding():
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _lock(place: Path) -> int | None:
    """A handle that keeps a folder or file locked; None where it is locked, gone, or of another user."""
    try:
        handle = os.open(place, os.O_RDONLY)
    except (FileNotFoundError, PermissionError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
