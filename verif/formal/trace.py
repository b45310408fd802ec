"""A counterexample as a table: one line per signal, one column per step."""

import re

__all__ = ["table"]

CLOCK_PERIOD = 10  # time units per step in the solver's dump
COLUMNS = 12


def table(vcd: str) -> str:
    """The solver's VCD dump in hexadecimal: the last 12 steps, signals of the harness and its components.

    Components' own submodules and fields of packed signals are left to a wave viewer.
    """
    header, _, body = vcd.partition("$enddefinitions $end")
    names = _names(header)
    steps: list[dict[str, str]] = []
    values: dict[str, str] = {}
    for line in body.splitlines():
        if found := re.match(r"#(\d+)", line):
            if int(found[1]) % CLOCK_PERIOD == 0:
                values = dict(values)
                steps.append(values)
        elif found := re.match(r"b([01xz]+) (\S+)$", line):
            values[found[2]] = found[1]
    first = max(0, len(steps) - 1 - COLUMNS)
    shown = range(first, len(steps) - 1)  # the dump ends with an empty step
    rows = [["step", *map(str, shown)]]
    for name, code in names.items():
        bits = [steps[i].get(code, "x") for i in shown]
        row = [name, *(b if set(b) - {"0", "1"} else f"{int(b, 2):x}" for b in bits)]
        if (not name.startswith("claim_") or bits[-1] == "0") and row[1:] not in (
            other[1:] for other in rows if other[0].rpartition(".")[2] == name.rpartition(".")[2]
        ):
            rows.append(row)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(" ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _names(header: str) -> dict[str, str]:
    """Codes of the signals to show, by name."""
    scopes: list[str] = []
    names: dict[str, str] = {}
    for line in header.splitlines():
        if found := re.match(r"\$scope module (\S+)", line):
            scopes.append(found[1])
        elif line.startswith("$upscope"):
            scopes.pop()
        elif (
            (found := re.match(r"\$var wire \d+ (\S+) (\S+)", line))
            and 0 < len(scopes) <= 2
            and not re.search(r"[.$<]|^clk$|^rst$|^reach_|_before$", found[2])
        ):
            names[".".join([*scopes[1:], found[2]])] = found[1]
    return dict(sorted(names.items()))
