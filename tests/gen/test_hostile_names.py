"""Names and files that a design could stumble over: one sentence each."""

import re
import shutil
import subprocess
from itertools import pairwise

import pytest

from zeroskip.gen.designs import configure
from zeroskip.gen.emit import emit
from zeroskip.gen.manifest import artifacts
from zeroskip.gen.reserved import RESERVED
from zeroskip.hw.designs.dense import DenseConfig


@pytest.mark.parametrize("name", ["clk", "rst", "i_clear", "o_error", "rows"])
def test_names_of_the_designs_own_signals_are_refused(name):
    told = f"name must differ from the design's own ports and signals, not be '{name}'"
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        emit(DenseConfig(rows=1, cols=1).core(), name)


def test_reserved_words_are_refused():
    component = DenseConfig(rows=1, cols=1).core()
    for name in RESERVED:
        told = f"name must not be a reserved word of Verilog or SystemVerilog, as {name!r} is"
        with pytest.raises(ValueError, match=f"^{told}$"):
            emit(component, name)


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
def test_reserved_words_are_those_of_a_parser(tmp_path):
    """A line each: all fail that are reserved, and none that is not."""
    words = ["dut", "x", "logics", *sorted(RESERVED)]
    (tmp_path / "t.v").write_text(
        "".join(["module t;\n", *(f"wire {word};\n" for word in words), "endmodule\n"])
    )
    said = subprocess.run(
        ["iverilog", "-g2012", "t.v"], cwd=tmp_path, capture_output=True, text=True, check=False
    ).stderr
    failed = {words[int(line) - 2] for line in re.findall(r"^t\.v:(\d+):", said, re.MULTILINE)}
    assert failed == RESERVED


def test_two_designs_have_no_module_in_common():
    """Whatever their names: each is a beginning of the next one's."""
    found = []
    for name in ("x", "x_pe", "x_pe_0"):
        text = emit(configure("csr", rows=2, cols=1).core(), name)
        found.append(
            {module.casefold() for module in re.findall(r"^module \\?(\S+?) ?\(", text, re.MULTILINE)}
        )
    assert all(len(modules) > 5 for modules in found)
    assert all(one.isdisjoint(other) for one, other in pairwise(found)) and found[0].isdisjoint(found[2])


@pytest.mark.parametrize("name", ["dut", "row", "x_y2"])
def test_other_names_are_taken(name):
    text = emit(DenseConfig(rows=1, cols=1).core(), name)
    assert re.search(rf"^module {name}\(", text, re.MULTILINE)


def test_the_header_is_c_and_cpp(tmp_path):
    (tmp_path / "box.h").write_text(artifacts(configure("nm", rows=1, cols=1).core(), "box")["box.h"])
    (tmp_path / "t.c").write_text('#include "box.h"\nint rows = BOX_ROWS;\n')
    for language in ("c", "c++"):
        command = ["c++", "-x", language, "-fsyntax-only", "-Wall", "-Wextra", "-pedantic", "-Werror", "t.c"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("text", [f"a = {'[' * 9999}", "rows = [1"])
def test_toml_that_cannot_be_parsed_is_named(text, tmp_path):
    path = tmp_path / "deep.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=f"^{re.escape(str(path))} is not valid TOML: "):
        configure(str(path))


def test_the_design_must_be_words():
    told = r"^spec must be a design, a preset, a \.toml file or a manifest \(\.json\) by name, not 3$"
    with pytest.raises(TypeError, match=told):
        configure(3)  # type: ignore[arg-type]
