"""Names and files that a design could stumble over: one sentence each."""

import re
import subprocess

import pytest

from zeroskip.gen.designs import configure
from zeroskip.gen.emit import emit
from zeroskip.gen.manifest import artifacts
from zeroskip.hw.designs.dense import DenseConfig


@pytest.mark.parametrize("name", ["clk", "rst", "i_clear", "o_error", "rows"])
def test_names_of_the_designs_own_signals_are_refused(name):
    told = f"name must differ from the design's own ports and signals, not be '{name}'"
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        emit(DenseConfig(rows=1, cols=1).core(), name)


@pytest.mark.parametrize("name", ["reg", "module", "dut", "row"])
def test_other_names_are_taken(name):
    text = emit(DenseConfig(rows=1, cols=1).core(), name)
    assert re.search(rf"^module \\?{name} ?\(", text, re.MULTILINE)


def test_the_header_is_c_and_cpp(tmp_path):
    (tmp_path / "reg.h").write_text(artifacts(configure("nm", rows=1, cols=1).core(), "reg")["reg.h"])
    (tmp_path / "t.c").write_text('#include "reg.h"\nint rows = REG_ROWS;\n')
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
