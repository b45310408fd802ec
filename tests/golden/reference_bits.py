"""Steps of every bit-level design of docs/bits.md, element by element: slow, plain Python.

Each generator gives the steps of one block: the bits that a step takes, and the digit of every element that
has one, or None where the step is no pair.
"""

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig


def twos(cfg, value):
    """Digits (exponent, sign), the lowest exponent first, as those of the other recodings."""
    ones = [e for e in range(cfg.a_width) if value % 2 ** (e + 1) >= 2**e]
    return [(e, -1 if cfg.a_signed and e == cfg.a_width - 1 else 1) for e in ones]


def magnitude(cfg, value):
    sign = -1 if value < 0 else 1
    return [(e, sign) for e in range(cfg.a_width) if abs(value) % 2 ** (e + 1) >= 2**e]


def naf(cfg, value):
    digits, e = [], 0
    while value:
        if value % 2:
            digits.append((e, 2 - value % 4))
            value -= 2 - value % 4
        value //= 2
        e += 1
    assert e <= cfg.digits
    return digits


RECODE = {"twos": twos, "magnitude": magnitude, "naf": naf}


def slices(cfg, value):
    """Slices of a value, (number, slice) of those that are not 0."""
    found = []
    for i in range(-(-cfg.a_width // 4)):
        top = i == -(-cfg.a_width // 4) - 1
        part = value if top else (value + 8) % 16 - 8
        assert -8 <= part <= 8
        found.append((i, part))
        value = (value - part) // 16
    return [(i, part) for i, part in found if part != 0]


def bits_needed(cfg, row):
    """The least p that all values of a row have room in."""
    p = 1
    low = -1 if cfg.a_signed else 0
    while not all(low * 2 ** (p - 1) <= value < 2 ** (p + low) for value in row):
        p += 1
    return p


def add(digits, element, exponent, sign):
    digits[element] = digits.get(element, 0) + sign * 2**exponent


def bitserial(cfg, block, row):
    p = bits_needed(cfg, row) if cfg.trim else cfg.a_width
    for i in range(p):
        sign = -1 if cfg.a_signed and i == p - 1 else 1
        yield cfg.block, {j: sign * 2**i for j, value in enumerate(block) if (value >> i) & 1}


def bitcolumn(cfg, block, _row):
    takes = cfg.a_width
    if cfg.a_signed:
        takes += 1 + (cfg.block if any(value < 0 for value in block) else 0)
    if not any(block):
        yield takes, None
    for i in range(cfg.a_width):
        ones = [(j, dict(magnitude(cfg, value))) for j, value in enumerate(block)]
        digits = {j: signs[i] * 2**i for j, signs in ones if i in signs}
        if digits:
            yield takes + cfg.block, digits
            takes = 0


def pragmatic(cfg, block, _row):
    left = [RECODE[cfg.recode](cfg, value) for value in block]
    steps = []
    while any(left):
        s = min(digits[0][0] for digits in left if digits)
        step = {}
        for j, digits in enumerate(left):
            if digits and digits[0][0] < s + 2**cfg.skew:
                add(step, j, *digits.pop(0))
        steps.append(step)
    yield from whole_block(cfg, steps)


def whole_block(cfg, steps):
    for step in steps[:-1]:
        yield 0, step
    yield cfg.block * cfg.a_width, steps[-1] if steps else None


def csd(cfg, block, _row):
    takes = cfg.block * -(-cfg.digits // 2)
    left = [naf(cfg, value) for value in block]
    if not any(left):
        yield takes, None
    while any(left):
        step = {}
        for j, digits in enumerate(left):
            if digits:
                add(step, j, *digits.pop(0))
        yield takes + 2 * len(step), step
        takes = 0


def bitlet(cfg, block, _row):
    planes = {e: [] for e in range(cfg.a_width)}
    for j, value in enumerate(block):
        for e, sign in RECODE[cfg.recode](cfg, value):
            planes[e].append((j, sign))
    steps = []
    while any(planes.values()):
        step = {}
        for e, elements in planes.items():
            if elements:
                j, sign = elements.pop(0)
                add(step, j, e, sign)
        steps.append(step)
    yield from whole_block(cfg, steps)


def bitbalance(cfg, block, _row):
    code = 1
    while 2**code <= cfg.digits:  # the code D has to fit as well
        code += 1
    left = [naf(cfg, value) for value in block]
    for _ in range(cfg.ones):
        step = {}
        for j, digits in enumerate(left):
            if digits:
                add(step, j, *digits.pop(0))
        yield cfg.block * (code + 1), step
    assert not any(left)


def bitslice(cfg, block, _row):
    takes = cfg.block * -(-cfg.a_width // 4)
    if not any(block):
        yield takes, None
    for j, value in enumerate(block):
        for i, part in slices(cfg, value):
            yield takes + 5, {j: part * 16**i}
            takes = 0


DESIGNS = {
    BitSerialConfig: bitserial,
    BitColumnConfig: bitcolumn,
    PragmaticConfig: pragmatic,
    CSDConfig: csd,
    BitletConfig: bitlet,
    BitBalanceConfig: bitbalance,
    BitSliceConfig: bitslice,
}


def digit_steps(cfg, row):
    """Steps of a row in order: block, bits needed, bits taken, and {position: digit} or None."""
    for start in range(0, len(row), cfg.block):
        block = row[start : start + cfg.block]
        block += [0] * (cfg.block - len(block))
        number = cfg.block if isinstance(cfg, BitSerialConfig) and start == 0 else 0
        for fields, digits in DESIGNS[type(cfg)](cfg, block, row):
            takes, number = fields + number, 0
            needs = cfg.block * cfg.a_width if isinstance(cfg, PragmaticConfig | BitletConfig) else takes
            placed = None if digits is None else {start + j: digit for j, digit in digits.items()}
            yield start // cfg.block, needs, takes, placed
