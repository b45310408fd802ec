"""Mutants of emitted Verilog: one wrong operator, condition, constant or register delay each.

All mutants live in one text, each behind its value of a select input, so that one compiled simulation
tries them all. A mutant of a shared module (the PE) is wrong in all its instances, as a bug would be.
"""

import re
from dataclasses import dataclass

import numpy as np

__all__ = ["Mutant", "mutate"]

SELECT = "mutant"
"""Name of the select input; 0 is the design as it is."""

UNASKED = "".join(f"// verilator lint_off {rule}\n" for rule in ("CMPCONST", "UNSIGNED", "WIDTH"))
"""What Verilator need not ask about a text that is wrong on purpose."""

OPERATORS = {
    "&": ("|",),
    "|": ("&",),
    "^": ("|",),
    "+": ("-",),
    "-": ("+",),
    "*": ("+",),
    "==": ("!=",),
    "!=": ("==",),
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<"),
    ">=": (">", "<="),
}
_BINARY = re.compile(r"^(  assign .+? = )(.+?) (&|\||\^|\+|-|\*|==|!=|<=|<|>=|>) ([^&|^+*<>=]+);$")
_UNARY = re.compile(r"^(  assign .+? = )(~|!|\||&) ([^;?]+);$")
_CONDITION = re.compile(r"^(\s+(?:end else )?if \()([^$].*|\\\$\d+ |[^)]+)(\) begin)$")
_CONSTANT = re.compile(r"^(   \s+\S.*? = )(\d+'[hb][0-9a-f]+);$")
_CHOICE = re.compile(r"^(   \s+\S.*? = )([^;']+);$")
_CLOCKED = re.compile(r"^    (\S+ ?) <= ([^;]+);$")
_WIDTH = re.compile(r"^  (?:output )?reg (?:signed )?(\[\d+:\d+\] )?(\S+ ?)(?: =|;)")


@dataclass(frozen=True)
class Mutant:
    """One change: ``number`` selects it; ``module`` and ``line`` say where, ``was`` and ``now`` what."""

    number: int
    module: str
    line: int
    was: str
    now: str


@dataclass(frozen=True)
class _Site:
    """A line that can be changed: how it reads without a mutant is ``head + body + tail``."""

    line: int
    module: str
    head: str
    body: str
    tail: str
    changed: str
    clocked: str | None = None


def mutate(verilog: str, count: int, seed: int = 0) -> tuple[str, list[Mutant]]:
    """``verilog`` with up to ``count`` mutants behind the input ``SELECT`` of every module.

    The lines are drawn with ``seed`` from all that can be changed, one mutant a line, so every part of the
    text has its share. Lines that only rename a signal are not among them. Raises ``ValueError`` where
    there is nothing to change.
    """
    lines = verilog.splitlines()
    sites = _sites(lines)
    if not sites:
        raise ValueError("verilog must have operators, conditions or registers to change")
    drawn = [sites[i] for i in np.random.default_rng(seed).permutation(len(sites)).tolist()]
    one_each = {site.line: site for site in drawn}
    chosen = sorted(list(one_each.values())[:count], key=lambda site: site.line)
    bits = len(chosen).bit_length()
    mutants = []
    for number, site in enumerate(chosen, 1):
        select = f"({SELECT} == {bits}'d{number})"
        was = lines[site.line].strip()
        now = f"{site.head}{site.changed}{site.tail}".strip()
        mutants.append(Mutant(number, site.module, site.line + 1, was, now))
        if site.clocked is not None:  # a register one cycle later: through another register
            late = f"late_{number}"
            lines[site.line] = (
                f"    {site.clocked} <= {select} ? {late} : {site.body};\n"
                f"  reg {site.changed}{late} = 0;\n  always @(posedge clk) {late} <= {site.body};"
            )
            mutants[-1] = Mutant(number, site.module, site.line + 1, was, f"{was[:-1]}, one cycle later;")
        else:
            lines[site.line] = f"{site.head}({select} ? {site.changed} : {site.body}){site.tail}"
    return UNASKED + _wire(lines, bits), mutants


def _sites(lines: list[str]) -> list[_Site]:
    module, sites, widths = "", [], dict[str, str]()
    clocked = initial = False
    for number, line in enumerate(lines):
        initial = line == "  initial begin" or (initial and line != "  end")
        if initial:  # what a memory holds at first is no logic
            continue
        if line.startswith("module "):
            module = line.split("(")[0].removeprefix("module ").strip()
            widths = {}
        if found := _WIDTH.match(line):
            widths[found[2].strip()] = found[1] or ""
        if clocked and (found := _CLOCKED.match(line)):
            name = found[1].strip()
            sites.append(_Site(number, module, "", found[2], "", widths.get(name, ""), found[1]))
        clocked = line.strip() == "always @(posedge clk)"
        if found := _BINARY.match(line):
            head, left, operator, right = found.groups()
            sites += [
                _Site(number, module, head, f"{left} {operator} {right}", ";", f"{left} {other} {right}")
                for other in OPERATORS[operator]
            ]
        elif found := _UNARY.match(line):
            head, operator, operand = found.groups()
            changed = {"~": operand, "!": f"| {operand}", "|": f"& {operand}", "&": f"| {operand}"}[operator]
            sites.append(_Site(number, module, head, f"{operator} {operand}", ";", changed))
        elif "verilog_backend" not in line and (found := _CONDITION.match(line)):
            sites.append(_Site(number, module, found[1], found[2], found[3], f"!({found[2]})"))
        elif found := _CONSTANT.match(line):
            sites.append(_Site(number, module, found[1], found[2], ";", f"~{found[2]}"))
        elif found := _CHOICE.match(line):
            sites.append(_Site(number, module, found[1], found[2], ";", f"~({found[2]})"))
    return sites


def _wire(lines: list[str], bits: int) -> str:
    """Add the select input to every module and every instance."""
    modules = {
        line.split("(")[0].removeprefix("module ").strip() for line in lines if line.startswith("module ")
    }
    wired = []
    in_header = False
    for line in lines:
        words = line.split()
        in_header |= line.startswith("module ")
        if in_header:
            wired.append(line.replace("(", f"({SELECT}, ", 1) if line.startswith("module ") else line)
            if line.endswith(");"):
                wired.append(f"  input [{bits - 1}:0] {SELECT};")
                in_header = False
        elif len(words) == 3 and words[0] in modules and words[2] == "(":
            wired += [line, f"    .{SELECT}({SELECT}),"]
        else:
            wired.append(line)
    return "\n".join(wired) + "\n"
