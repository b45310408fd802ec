"""Beats as files: bytes, text for memories of Verilog, arrays of C; and bytes and text read again."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Form", "beat_files", "read_beats"]

Form = Literal["bin", "hex", "mem", "c"]
"""``bin``: bytes; ``hex``: a beat a line, for $readmemh; ``mem``: that after an address; ``c``: arrays."""

Beats = NDArray[np.uint8]
"""uint8 (beats, bytes)."""

TEXT = ("hex", "mem")


def beat_files(
    image: Mapping[str, Beats], widths: Mapping[str, int], form: Form, name: str
) -> dict[str, str | bytes]:
    """File name to content: a file for each stream, or in C one file with an array for each.

    ``widths`` are the bits of a beat of each stream, ``name`` is what names in C begin with. Raises
    ``ValueError`` for one that C does not take.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise ValueError(f"name must be a letter followed by letters, digits and underscores, not {name!r}")
    match form:
        case "bin":
            return {f"{stream}.bin": beats.tobytes() for stream, beats in image.items()}
        case "c":
            return {f"{name}.h": _c_arrays(image, name)}
        case "hex" | "mem":
            head = "@0\n" if form == "mem" else ""
            return {
                f"{stream}.{form}": head + "".join(f"{word}\n" for word in _words(beats, widths[stream]))
                for stream, beats in image.items()
            }


def read_beats(path: str | Path, size: int) -> Beats:
    """Beats of ``size`` bytes, uint8 (beats, size), of a file ``.bin``, ``.hex`` or ``.mem``.

    Text is what ``$writememh`` writes: hexadecimal words, comments, addresses in order. Raises
    ``ValueError``, naming the line, for what is no such file, and ``OSError`` for one that cannot be opened.
    """
    path = Path(path)
    kind = path.suffix.removeprefix(".")
    if kind not in ("bin", *TEXT):
        raise ValueError(f"results must be a file .bin, .hex or .mem, not {str(path)!r}")
    data = path.read_bytes()
    if kind == "bin":
        if len(data) % size:
            raise ValueError(f"{path} must have beats of {size} bytes, not {len(data)} bytes in all")
        return np.frombuffer(data, np.uint8).reshape(-1, size)
    words: list[bytes] = []
    text = re.sub(r"/\*.*?\*/", _blank, data.decode("utf-8", "replace"), flags=re.DOTALL)
    for number, line in enumerate(text.splitlines(), 1):
        for word in line.partition("//")[0].split():
            words += _read_word(word, f"{path}, line {number}", size, len(words))
    return np.frombuffer(b"".join(words), np.uint8).reshape(-1, size)


def _blank(comment: re.Match[str]) -> str:
    """The line breaks of a comment alone, so that lines keep their numbers."""
    return "\n" * comment[0].count("\n") or " "


def _read_word(word: str, where: str, size: int, place: int) -> list[bytes]:
    """The bytes of a beat; none of an address, which must be that of the next beat."""
    digits = word.removeprefix("@").replace("_", "")
    if not re.fullmatch(r"[0-9a-fA-F]+", digits):
        raise ValueError(f"{where}: a beat must be hexadecimal digits, not {word!r}")
    number = int(digits, 16)
    if word.startswith("@"):
        if number != place:
            raise ValueError(
                f"{where}: the address must be {place:#x}, that of the next beat, not {number:#x}"
            )
        return []
    if number >> 8 * size:
        raise ValueError(f"{where}: a beat must have {8 * size} bits at most, not {number.bit_length()}")
    return [number.to_bytes(size, "little")]


def _words(beats: Beats, width: int) -> list[str]:
    """Beats as hexadecimal numbers of as many digits as ``width`` bits have."""
    digits = -(-width // 4)
    return [beat[::-1].tobytes().hex()[-digits:] for beat in beats]


def _c_arrays(image: Mapping[str, Beats], name: str) -> str:
    lines = [f"#ifndef {name.upper()}_H", f"#define {name.upper()}_H", "", "#include <stdint.h>"]
    for stream, beats in image.items():
        lines += ["", f"static const uint8_t {name}_{stream}[{beats.shape[0]}][{beats.shape[1]}] = {{"]
        lines += [f"    {{{', '.join(f'0x{byte:02x}' for byte in beat)}}}," for beat in beats.tolist()]
        lines.append("};")
    return "\n".join([*lines, "", f"#endif /* {name.upper()}_H */", ""])
