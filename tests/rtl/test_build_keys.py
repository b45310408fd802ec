"""All that decides a build is part of its place in the cache: what was made otherwise is never taken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from zeroskip.verif import build as module
from zeroskip.verif.build import build, find_compiler, find_verilator

Patch = pytest.MonkeyPatch
GIVEN = {
    "kind": "library",
    "name": "x.so",
    "files": {"top.v": "1", "x.cpp": "2"},
    "flags": ["-a"],
    "link": [],
}
ALL = ["build", "header", "runtime"]


@pytest.fixture(autouse=True)
def nothing_is_compiled(tmp_path: Path, monkeypatch: Patch) -> None:
    def make(
        kind: str, result: Path, files: Mapping[str, str], flags: Sequence[str], link: Sequence[str]
    ) -> None:
        result.parent.mkdir()
        result.write_text("")

    monkeypatch.setenv("ZEROSKIP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(module, "_make", make)
    monkeypatch.setattr(module, "_compile", lambda source, result, *_: result.write_text("x"))


def places(**other: object) -> dict[str, Path]:
    """Where a build lies, and what all builds of its kind share."""
    given = GIVEN | other
    header = module._header(given["kind"], module.find_verilator())[1]
    runtime = module._runtime(given["kind"], module.find_verilator())[0]
    return {"build": build(**given).parent, "header": Path(header).parent, "runtime": runtime.parent}


def compiler(program: str | None = None, more: tuple[str, ...] = (), version: str | None = None) -> object:
    words, line = find_compiler()
    found = ((program or words[0], *words[1:], *more), version or line)
    return lambda patch: patch.setattr(module, "find_compiler", lambda: found)


def verilator(patch: Patch) -> None:
    found = replace(find_verilator(), version="Verilator 9.001")
    patch.setattr(module, "find_verilator", lambda: found)


def flagged(patch: Patch) -> None:
    flags = module._flags
    patch.setattr(module, "_flags", lambda kind: [*flags(kind), "-g"])


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        (lambda patch: None, []),
        (lambda patch: patch.setattr(module, "OPTIMISATION", "-O2"), ALL),
        (flagged, ALL),
        (compiler("/usr/bin/another"), ALL),
        (compiler(more=("-m32",)), ALL),
        (compiler(version="clang version 99.0.0"), ALL),
        (verilator, ALL),
    ],
    ids=["nothing", "optimisation", "flags", "program", "words", "version", "verilator"],
)
def test_tools_and_recipe(change: Callable[[Patch], None], moved: list[str], monkeypatch: Patch) -> None:
    before = places()
    change(monkeypatch)
    now = places()
    assert [what for what in ALL if now[what] != before[what]] == moved


@pytest.mark.parametrize(
    ("other", "moved"),
    [
        ({"kind": "program"}, ALL),
        ({"name": "y.so"}, ["build"]),
        ({"files": {"top.v": "1", "x.cpp": "3"}}, ["build"]),
        ({"files": {"top.v": "1", "y.cpp": "2"}}, ["build"]),
        ({"flags": ["-a", "-b"]}, ["build"]),
        ({"link": ["-lm"]}, ["build"]),
        ({"flags": [], "link": ["-a"]}, ["build"]),
    ],
    ids=str,
)
def test_what_is_asked_for(other: dict[str, object], moved: list[str]) -> None:
    before, now = places(), places(**other)
    assert [what for what in ALL if now[what] != before[what]] == moved
