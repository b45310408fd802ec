"""A C header that packs operands for a design and reads its results, made of what its manifest says."""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

__all__ = ["host_header"]

Json = dict[str, Any]

HEADER = ("k", "rows", "keep", "dense")
"""Fields of tile headers; all others are what the format chooses, in their order."""
DIMENSIONS = ("rows", "cols", "k")
"""What tiles go through, as C numbers it."""
SIZES = ("rows", "cols", "k_max", "piece", "block", "chunk", "lanes", "groups", "group", "transposed")
WIDTHS = ("a_width", "a_signed", "b_width", "b_signed")


def host_header(described: Json) -> str:
    """The C header of a core, from its manifest: the table ``NAME_design`` and all that it needs.

    C99 and C++11, freestanding. Headers of several designs can be included together, in any order. Raises
    ``LookupError``, naming the file that is missing, for a format without C.
    """
    name, image = described["name"], described["image"]
    sparse = image["streams"][1:-1]
    formats = {image["format"]: [item for stream in sparse for item in stream["string"]]}
    if "dense" in sparse[0]:
        formats["plain"] = sparse[0]["dense"]
    numbers = {form: dict(_fields(items)) for form, items in formats.items()}
    numbers[image["format"]] |= image["numbers"]
    parts = [_guarded("numbers", _struct("numbers", _numbers(described)))]
    parts += [_guarded(part, _source(f"{part}.h")) for part in ("types", "bits", "values")]
    parts += [
        _guarded(f"format_{form}", _struct(form, numbers[form]) + _source(f"formats/{form}.h"))
        for form in formats
    ]
    parts += [_guarded(part, _source(f"{part}.h")) for part in ("product", "results")]
    parts.append(_table(described, numbers))
    body, guard = "\n".join(parts), f"ZEROSKIP_PACK_{name}"
    return (
        f"/* {name}: packs operands for the {described['design']} design of zeroskip, reads its results.\n"
        f"   Generated, do not edit. C99 or C++11, freestanding. */\n"
        f"#ifndef {guard}\n#define {guard}\n\n{body}\n#endif /* {guard} */\n"
    )


def _numbers(described: Json) -> dict[str, int]:
    """What C must know of every design."""
    image, config = described["image"], described["config"]
    results = dict(_fields(image["results"]["string"]))
    numbers = {name: image[name] for name in SIZES} | {name: config[name] for name in WIDTHS}
    numbers |= {f"{name}_bits": results.get(name, 0) for name in ("sum", "row", "last")}
    numbers["sum_signed"] = image["results"]["signed"]
    numbers["keeps"] = "keep" in dict(_fields(image["streams"][0]["string"]))
    return {name: int(number) for name, number in numbers.items()}


def _fields(items: Iterable[Json]) -> Iterable[tuple[str, int]]:
    """Names and bits of all fields, however deep."""
    for item in items:
        if "of" in item:
            yield from _fields(item["of"])
        elif item["field"] != "unused":
            yield item["field"], item["bits"]


def _struct(name: str, numbers: Mapping[str, int]) -> str:
    members = "".join(f"    uint32_t {number};\n" for number in numbers)
    return f"#include <stdint.h>\n\nstruct zs_{name} {{\n{members}}};\n\n"


def _source(path: str) -> str:
    """C of ``zeroskip.sw.host``, with what it includes from there in its place."""
    file = files("zeroskip.sw.host").joinpath(path)
    if not file.is_file():
        raise LookupError(f"sw/host/{path} must have the C of this format, and is not there")
    text = file.read_text(encoding="utf-8")
    folder = path.rpartition("/")[0]

    def included(found: re.Match[str]) -> str:
        return _guarded(found[1], _source(f"{folder}/{found[1]}.h"))

    return re.sub(r'#include "(\w+)\.h"\n', included, text)


def _guarded(name: str, text: str) -> str:
    guard = f"ZEROSKIP_{name.upper()}"
    return f"#ifndef {guard}\n#define {guard}\n{text}#endif\n"


def _table(described: Json, numbers: Mapping[str, Mapping[str, int]]) -> str:
    """The design: constants, and the functions of its formats.

    What follows the design's name in C is one word: no two names of designs can then make the same.
    """
    name, image = described["name"], described["image"]
    streams = [(port, stream) for stream in image["streams"] for port in stream["ports"]]
    header = dict(_fields(image["streams"][0]["string"]))
    chosen = [field for field in header if field not in HEADER]
    kinds = {field: f"ZS_{field.upper()}" for field in HEADER}
    kinds |= {field: f"ZS_CHOSEN + {number}" for number, field in enumerate(chosen)}
    formats = {"format": image["format"]} | ({"dense": "plain"} if "dense" in image["streams"][1] else {})
    tables = {
        f"zs_field {name}_header[]": [f"{{{kinds[field]}, {bits}}}" for field, bits in header.items()],
        f"zs_layout {name}_streams[]": [_layout(port, stream) for port, stream in streams],
        **{f"zs_{form} {name}_{which}": map(str, numbers[form].values()) for which, form in formats.items()},
    }
    members = [
        f'"{name}"',
        f"{{{', '.join(map(str, _numbers(described).values()))}}}",
        f"{{{', '.join(str(DIMENSIONS.index(each)) for each in image['order'])}}}",
        *(_format(f"{name}_{which}", formats.get(which)) for which in ("format", "dense")),
        *(str(len(header)), str(len(streams)), f"{name}_header", f"{name}_streams"),
        _layout(image["results"]["port"], {**image["results"], "last": False}),
    ]
    tables[f"zs_design {name}_design"] = [f"\n    {member}" for member in members]
    return "".join(
        f"static const struct {what} = {{{', '.join(entries)}}};\n" for what, entries in tables.items()
    )


def _layout(port: str, stream: Json) -> str:
    return f'{{"{port}", {stream["bits"]}, {stream["bytes"]}, {int(stream["last"])}}}'


def _format(numbers: str, form: str | None) -> str:
    if form is None:
        return "{NULL, NULL, NULL}"
    chooses = f"zs_{form}_choose(" in _source(f"formats/{form}.h")
    return f"{{&{numbers}, {f'zs_{form}_choose' if chooses else 'NULL'}, zs_{form}_string}}"
