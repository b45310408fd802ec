"""docs/pack.md: its commands run, its C compiles, the manifest says what it cites."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from command_line import run_cli

PAGE = (Path(__file__).parents[2] / "docs" / "pack.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```\n", PAGE, re.MULTILINE | re.DOTALL)


def runs(line, folder):
    """What a line of a shell prints; what the command line prints is for people."""
    if line.startswith("zeroskip "):
        ended = run_cli(*shlex.split(line)[1:], cwd=folder)
        assert ended.code == 0, ended
        return ""
    done = subprocess.run(line, shell=True, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All of the page run in its order."""
    folder = tmp_path_factory.mktemp("page")
    printed = ""
    for kind, text in BLOCKS:
        if kind == "sh":
            assert printed == ""
            printed = "".join(runs(line, folder) for line in text.splitlines())
        elif kind == "text":
            assert printed == text
            printed = ""
        elif kind == "c":
            (folder / "build" / "demo.c").write_text(text)
    assert printed == ""
    return folder


def test_what_is_printed_is_on_the_page(folder):
    assert [kind for kind, _ in BLOCKS] == ["sh", "json", *("sh", "text") * 2, "c", "sh", "text"]
    assert (folder / "build" / "c.npy").exists()


def test_the_manifest_says_what_is_cited(folder):
    cited = json.loads(dict(BLOCKS)["json"])
    assert cited in json.loads((folder / "build" / "tiny.json").read_text())["image"]["streams"]


def test_bytes_made_by_hand_are_those_of_pack(folder):
    """The tables of the page: fields to a number, beats to bytes."""
    rows = [
        [cell.strip(" `") for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if line[:1] == "|"
    ]
    fields = [row for row in rows if row[0] in ("count", "value", "index")]
    assert len(fields) == 7
    word, at = 0, 0
    for _, bits, content, binary, first in fields:
        assert int(first) == at
        assert int(binary, 2) == int(content) % (1 << int(bits)) and len(binary) == int(bits)
        word, at = word | int(binary, 2) << at, at + int(bits)
    assert f"`{word:x}`" in PAGE
    made = [bytes.fromhex(row[1]) for row in rows if row[0] in ("0", "1") and len(row) == 2]
    packed = [int(line, 16).to_bytes(3, "little") for line in (folder / "build/a0.hex").read_text().split()]
    assert made == packed
    assert f"`{word & 0xFFFF:x}`" in PAGE and f"`{word >> 16 | 1 << 16:x}`" in PAGE
