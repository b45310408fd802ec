"""The contract as a state machine, one cycle at a time: slow, plain Python, nothing vectorised."""

from collections import deque

import numpy as np
from formats import view_of

from zeroskip.hw.designs.nm import NMConfig
from zeroskip.verif.result import Result


class Source:
    """A stream's beats, each offered ``gap`` cycles after the one before moved."""

    def __init__(self, beats, gaps):
        self.beats, self.gaps, self.moved = beats, gaps, 0
        self.wait = self._gap()

    def _gap(self):
        return int(self.gaps[self.moved % len(self.gaps)]) if self.gaps is not None else 0

    @property
    def head(self):
        """The beat offered in this cycle, or None."""
        return self.beats[self.moved] if self.moved < len(self.beats) and self.wait == 0 else None

    def tick(self, takes):
        """End of a cycle in which the beat offered did or did not move."""
        if takes:
            assert self.head is not None
            self.moved += 1
            self.wait = self._gap()
        else:
            self.wait = max(0, self.wait - 1)


def encode_row(cfg, row, pattern):
    """Beats of one row: a list of beats, each ``lanes`` of (value, element of k, has a pair)."""
    if (of_format := view_of(cfg.format).row) is not None:
        return of_format(cfg, row, pattern)
    k, n = len(row), pattern[0] if pattern else getattr(cfg, "n", None)
    beats = []
    for start in range(0, k, cfg.block):
        if not isinstance(cfg, NMConfig):
            lanes = [(row[p], p, True) if p < k else (0, p, False) for p in range(start, start + cfg.block)]
            beats.append(lanes)
            continue
        used = [p for p in range(start, min(start + cfg.m, k)) if row[p] != 0]
        free = [p for p in range(start, start + cfg.m) if p not in used]
        used = sorted(used + free[: n - len(used)])
        assert len(used) == n
        stored = [(row[p] if p < k else 0, p, True) for p in used]
        while len(stored) % cfg.lanes:
            stored.append((0, start, False))
        beats += [stored[i : i + cfg.lanes] for i in range(0, len(stored), cfg.lanes)]
    return beats


def narrow(cfg, total):
    """``total`` as the accumulator keeps it, and whether it left the range."""
    low = -(2 ** (cfg.acc_bits - 1)) if cfg.acc_signed else 0
    high = low + 2**cfg.acc_bits - 1
    if low <= total <= high:
        return total, False
    if cfg.overflow == "saturate":
        return (low if total < low else high), True
    while total < low:
        total += 2**cfg.acc_bits
    while total > high:
        total -= 2**cfg.acc_bits
    return total, True


class Reference:
    """The array and its streams; ``run`` takes it through all tiles."""

    def __init__(self, cfg, tiles, stalls):
        self.cfg, self.tiles, self.ready = cfg, tiles, stalls.ready
        self.masked = cfg.mask_bits > 0
        headers, a_beats, b_beats, masks = [], [], [], []
        for tile in tiles:
            rows = [encode_row(cfg, row, tile.pattern) for row in tile.a.tolist()]
            groups = -(-tile.a.shape[1] // cfg.block)
            headers.append({})
            for i, lanes in enumerate(zip(*rows, strict=True)):
                opens = i % (len(rows[0]) // groups) == 0
                a_beats.append({"tile": tile, "rows": lanes, "opens": opens, "final": i == len(rows[0]) - 1})
            b_beats += [{"closes": q == cfg.chunks - 1} for _ in range(groups) for q in range(cfg.chunks)]
            masks += [{} for _ in range(groups)]
        self.header_s, self.a_s, self.b_s, self.mask_s = (
            Source(beats, stalls.gaps.get(name))
            for name, beats in (("tile", headers), ("a", a_beats), ("b", b_beats), ("mask", masks))
        )
        shape = (cfg.rows, cfg.cols, cfg.lanes)
        self.busy, self.gated = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self.counters = dict.fromkeys(("busy", "idle", "stall_a", "stall_b", "stall_drain", "flush"), 0)
        self.pipe = deque([None] * cfg.latency)  # pipe[0] was issued last, pipe[-1] is at accumulation
        self.sums = [[0] * cfg.cols for _ in range(cfg.rows)]
        self.held = False  # a header
        self.draining = deque()
        self.out_rows, self.out_cycles = [], []
        self.overflow = False

    def run(self):
        cycle = 0
        while len(self.out_rows) < sum(len(tile.a) for tile in self.tiles):
            assert cycle < 100_000
            # The sink first: whether the last row leaves in this cycle decides whether it is frozen.
            if self.draining and (self.ready is None or self.ready[cycle % len(self.ready)]):
                self.out_rows.append(self.draining.popleft())
                self.out_cycles.append(cycle)
            at_end = self.pipe[-1]
            frozen = bool(at_end and at_end["final"] and self.draining)
            what = "stall_drain" if frozen else self.decide()
            self.counters[what] += 1
            beat = self.a_s.head if what == "busy" else None
            if not frozen:
                self.accumulate(at_end)
                self.multiply(self.pipe[0])
                self.pipe.pop()
                self.pipe.appendleft(beat)
            self.move_streams(beat)
            cycle += 1
        return cycle

    def decide(self):
        """What an unfrozen cycle is."""
        if not self.held:
            return "idle"
        beat = self.a_s.head
        if beat is None or (beat["opens"] and self.masked and self.mask_s.head is None):
            return "stall_a"
        if beat["opens"] and not (self.b_s.head and self.b_s.head["closes"]):
            return "stall_b"
        return "busy"

    def accumulate(self, beat):
        if beat is None:
            return
        b = beat["tile"].b.tolist()
        for r, lanes in enumerate(beat["rows"]):
            for c in range(len(b[0])):
                beat_sum = sum(v * b[p][c] for v, p, _ in lanes if p < len(b))
                self.sums[r][c], left = narrow(self.cfg, self.sums[r][c] + beat_sum)
                self.overflow |= left
        if beat["final"]:
            self.draining.extend(self.sums[: len(beat["rows"])])
            self.sums = [[0] * self.cfg.cols for _ in range(self.cfg.rows)]

    def multiply(self, beat):
        if beat is None:
            return
        b = beat["tile"].b.tolist()
        for r, lanes in enumerate(beat["rows"]):
            for j, (v, p, given) in enumerate(lanes):
                for c in range(self.cfg.cols):
                    zero = v == 0 or c >= len(b[0]) or b[p][c] == 0
                    if given and self.cfg.gate and zero:
                        self.gated[r, c, j] += 1
                    elif given:
                        self.busy[r, c, j] += 1

    def move_streams(self, beat):
        """``beat`` is what issues in this cycle, None if nothing does."""
        final = beat is not None and beat["final"]
        opens = beat is not None and beat["opens"]
        header = self.header_s.head is not None and (not self.held or final)
        chunk = self.b_s.head
        self.a_s.tick(beat is not None)
        self.b_s.tick(chunk is not None and (opens or not chunk["closes"]))
        self.mask_s.tick(opens)
        self.header_s.tick(header)
        self.held = header or (self.held and not final)


def simulate(cfg, tiles, stalls):
    """The Result of running ``tiles``, cycle by cycle."""
    array = Reference(cfg, tiles, stalls)
    cycles = array.run()
    counters = array.counters | ({"gated": int(array.gated.sum())} if cfg.gate else {})
    ends = np.cumsum([len(tile.a) for tile in tiles])
    return Result(
        outputs=np.split(np.array(array.out_rows), ends[:-1]),
        out_cycles=np.array(array.out_cycles),
        cycles=cycles,
        counters=counters,
        busy=array.busy,
        gated=array.gated if cfg.gate else None,
        overflow=array.overflow,
    )


def assert_same(result, expected):
    """Both Results agree in everything."""
    assert result.out_cycles.tolist() == expected.out_cycles.tolist()
    assert result.cycles == expected.cycles
    assert result.counters == expected.counters
    assert [sums.tolist() for sums in result.outputs] == [sums.tolist() for sums in expected.outputs]
    assert result.busy.tolist() == expected.busy.tolist()
    assert (result.gated is None) == (expected.gated is None)
    if result.gated is not None:
        assert result.gated.tolist() == expected.gated.tolist()
    assert result.overflow == expected.overflow
    assert result.cause == expected.cause == 0
