"""Beats as files: what Verilog and C read of them is what they are."""

import re
import subprocess

import numpy as np
import pytest

from zeroskip.gen.yosys import run_yosys
from zeroskip.sw.beat_files import beat_files, read_beats

IMAGE = {
    "tile": np.array([[0x0B, 0x01], [0xFF, 0x07]], np.uint8),  # 11 bits
    "a0": np.array([[0x01], [0x80], [0x7E]], np.uint8),  # 8 bits
}
WIDTHS = {"tile": 11, "a0": 8}


@pytest.mark.parametrize("form", ["hex", "mem"])
def test_readmemh_reads_every_beat(form, tmp_path):
    """In a memory as wide as the port, asked by a solver."""
    files = beat_files(IMAGE, WIDTHS, form, "x")
    assert set(files) == {f"tile.{form}", f"a0.{form}"}
    script = []
    for stream, beats in IMAGE.items():
        (tmp_path / f"{stream}.{form}").write_text(files[f"{stream}.{form}"])
        reads = "\n".join(
            f"output [{WIDTHS[stream] - 1}:0] o{i}; assign o{i} = memory[{i}];" for i in range(len(beats))
        )
        ports = ", ".join(f"o{i}" for i in range(len(beats)))
        (tmp_path / f"{stream}.v").write_text(
            f"module {stream}({ports});\nreg [{WIDTHS[stream] - 1}:0] memory [0:{len(beats) - 1}];\n"
            f'initial $readmemh("{stream}.{form}", memory);\n{reads}\nendmodule\n'
        )
        script += [f"read_verilog {stream}.v", f"cd {stream}", "proc", "memory", "opt"]
        words = [int.from_bytes(beat.tobytes(), "little") for beat in beats]
        script += [f"sat -prove o{i} {WIDTHS[stream]}'d{word} -verify" for i, word in enumerate(words)]
        script.append("cd")
    run_yosys("; ".join(script), tmp_path)


def test_arrays_of_c_are_the_bytes(tmp_path):
    files = beat_files(IMAGE, WIDTHS, "c", "mine")
    (tmp_path / "mine.h").write_text(files.pop("mine.h"))
    assert not files
    (tmp_path / "t.c").write_text(
        '#include "mine.h"\n#include "mine.h"\n#include <stdio.h>\nint main(void) {\n'
        "    fwrite(mine_tile, 1, sizeof mine_tile, stdout);\n"
        "    fwrite(mine_a0, 1, sizeof mine_a0, stdout);\n    return 0;\n}\n"
    )
    for compiler in (("gcc", "-std=c99"), ("g++", "-x", "c++", "-std=c++11")):
        command = [*compiler, "-Wall", "-Wextra", "-pedantic", "-Werror", "-o", "t", "t.c"]
        subprocess.run(command, cwd=tmp_path, check=True)
        written = subprocess.run(["./t"], cwd=tmp_path, capture_output=True, check=True).stdout
        assert written == b"\x0b\x01\xff\x07\x01\x80\x7e"


@pytest.mark.parametrize("form", ["bin", "hex", "mem"])
def test_what_is_written_is_read_again(form, tmp_path):
    for name, content in beat_files(IMAGE, WIDTHS, form, "x").items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for stream, beats in IMAGE.items():
        assert np.array_equal(read_beats(tmp_path / f"{stream}.{form}", beats.shape[1]), beats)


def test_text_as_writememh_has_it(tmp_path):
    path = tmp_path / "c.hex"
    path.write_text("// 0x00000000\n@0\n10b 7F_F /* a comment\nof two lines */ 0\n@3 // here\n1\n")
    assert read_beats(path, 2).tolist() == [[0x0B, 1], [0xFF, 7], [0, 0], [1, 0]]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("c.npy", b"", "results must be a file .bin, .hex or .mem, not "),
        ("c.bin", b"abc", " must have beats of 2 bytes, not 3 bytes in all"),
        ("c.hex", b"1\n2x\n", ", line 2: a beat must be hexadecimal digits, not '2x'"),
        ("c.hex", b"/*\n*/ xx", ", line 2: a beat must be hexadecimal digits, not 'xx'"),
        ("c.hex", b"-1", ", line 1: a beat must be hexadecimal digits, not '-1'"),
        ("c.hex", b"10000", ", line 1: a beat must have 16 bits at most, not 17"),
        ("c.mem", b"@0 1\n@2 1", ", line 2: the address must be 0x1, that of the next beat, not 0x2"),
    ],
)
def test_files_that_are_none_get_one_sentence(name, content, sentence, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_beats(path, 2)


@pytest.mark.parametrize("name", ["", "1x", "a-b", "a b", "é"])
def test_names_that_c_does_not_take(name):
    with pytest.raises(
        ValueError, match=r"^name must be a letter followed by letters, digits and underscores"
    ):
        beat_files(IMAGE, WIDTHS, "c", name)
