"""Every design's RTL equals its golden model in every field, in every situation that the contract knows.

Simulations are of one build a configuration (``rig``): a case is run for its results, on noise wherever the
contract says that the design ignores it, and on the engine ``free`` once more for the situations it met.
"""

from collections.abc import Iterable
from dataclasses import fields

import numpy as np
import pytest
from formats import view_of
from formats.free import cut, lengthen
from rig import WATCH, Image, lies, packed, result, run, run_tiles, watchable

from zeroskip.gen.designs import parameters
from zeroskip.hw.config import Config
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.ports import Cause
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import cases_of, random_case
from zeroskip.verif.cases.garbage import corrupted, garbage
from zeroskip.verif.compare import differences
from zeroskip.verif.coverage.free import FreeCoverage
from zeroskip.verif.golden import golden
from zeroskip.verif.native import SimulationError
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Result, Stalls

SLOW = pytest.mark.slow
CONFIGS = {name: design.small() for name, design in DESIGNS.items()}
FREE = [name for name, configs in CONFIGS.items() if isinstance(configs[0], FreeConfig)]
EACH = {f"{name}-{number}": cfg for name, configs in CONFIGS.items() for number, cfg in enumerate(configs)}
PARSED = {name: cfg for name, cfg in EACH.items() if isinstance(cfg, FreeConfig) and cfg.k_max > 1}

CASES = 300  # of every design, at least
SEEDS = {name: max(15, -(-CASES // (len(PATTERNS) * len(configs)))) for name, configs in CONFIGS.items()}
SPECIAL = 10  # of each of the engine's special cases
MALFORMED = 200


def check_equal(got: Result, wanted: Result, case: object = "") -> None:
    for field in fields(Result):
        np.testing.assert_equal(
            getattr(got, field.name), getattr(wanted, field.name), f"{field.name} of {case}"
        )
    assert differences(wanted, got) == []


class Simulations:
    """Simulations of one configuration, which ``coverage`` observes if the design can be watched."""

    def __init__(self, cfg: Config, coverage: FreeCoverage | None = None) -> None:
        self.cfg = cfg
        self.coverage = coverage if isinstance(cfg, FreeConfig) and watchable(cfg) else None
        self.listed = sum(cfg.core().description["causes"].values())

    def legal(self, tiles: list[Tile], stalls: Stalls, noise: int | None, case: object) -> None:
        """A run that must be right."""
        image = packed(self.cfg, tiles, noise)
        got = result(self.cfg, tiles, run_tiles(self.cfg, tiles, image, stalls))
        check_equal(got, golden(self.cfg, tiles, stalls), case)
        if not self.cfg.can_overflow:
            for tile, sums in zip(tiles, got.outputs, strict=True):
                rows, cols = len(tile.a), tile.b.shape[1]
                np.testing.assert_array_equal(sums[:rows, :cols], tile.a @ tile.b, str(case))
        if self.coverage is not None:
            self.coverage.observe(self.cfg, run_tiles(self.cfg, tiles, image, stalls, WATCH))

    def malformed(self, image: Image) -> None:
        """A run that throws something away, for causes that the manifest lists."""
        raw = run(self.cfg, image, mode=0 if self.coverage is None else WATCH)
        assert not raw.cause & ~self.listed, Cause(raw.cause)
        if self.coverage is not None:
            self.coverage.observe(self.cfg, raw)

    def random(self, seeds: range, patterns: Iterable[str] = PATTERNS) -> None:
        """Random work under patterns of stalls."""
        for index, pattern in enumerate(patterns):
            for seed in seeds:
                case = random_case(self.cfg, np.random.default_rng([index, seed]), pattern)
                self.legal(*case, seed, (pattern, seed))

    def special(self, seeds: range) -> None:
        """What random cases seldom meet."""
        for special in cases_of(self.cfg).special:
            for seed in seeds:
                case = special(self.cfg, np.random.default_rng(seed))
                self.legal(*case, seed, (special.__name__, seed))

    def uniform(self) -> None:
        """What random cases are too short or too mixed for: one value throughout, of one bit or of many."""
        cfg = self.cfg
        bits = cfg.a_width - cfg.a_signed
        values = [1] if not cfg.bit_level else [*(1 << i for i in range(bits)), (1 << bits) - 1]
        values += [-1 << bits] if cfg.bit_level and cfg.a_signed else []
        for value in values:
            a, b = np.full((cfg.rows, cfg.k_max), value), np.ones((cfg.k_max, 1), np.int64)
            if (codec_of(cfg).fitted(cfg, a) == a).all():
                for dense in {False, cfg.fallback}:
                    self.legal([Tile(a, b, dense=dense)], Stalls(), None, value)

    def full(self, cfg: FreeConfig) -> None:
        """More windows than the ring holds, before there is anything of `a`; sinks of every slowness."""
        a, b = np.ones((cfg.rows, cfg.k_max), np.int64), np.ones((cfg.k_max, 1), np.int64)
        tiles = [Tile(a, b)] * (cfg.ring // cfg.blocks(cfg.k_max) + 2)
        late = np.zeros(1 << 16, np.int64)
        late[0] = cfg.ring * cfg.chunks + 9
        self.legal(tiles, Stalls({f"a{g}": late for g in range(cfg.groups)}), None, "full")
        k = min(cfg.block, cfg.k_max)
        for period in range(2, 13):
            tiles = [Tile(a[:, :k], b[:k])] * 8
            self.legal(tiles, Stalls(ready=np.arange(period) == 0), None, f"a row in {period} cycles")

    def spoiled(self, times: int = MALFORMED) -> None:
        """Tiles with one thing wrong, and of nothing but random bits."""
        for seed in range(times):
            rng = np.random.default_rng(seed)
            tile = random_case(self.cfg, rng, "none")[0][0]
            self.malformed(corrupted(self.cfg, tile, rng))
            self.malformed(garbage(self.cfg, rng))

    def shared(self, cfg: FreeConfig) -> None:
        """Sums that wait with products for the partner.

        And rows of which one ends early or goes on for long.
        """
        self.random(range(100, 120), ("sink_slow", "both_slow", "random", "long_low_then_drain"))
        for seed in range(80):
            rng = np.random.default_rng(seed)
            a = rng.random((cfg.rows, cfg.k_max)) < rng.random((cfg.rows, 1))
            image = pack(cfg, [Tile(a.astype(np.int64), np.ones((cfg.k_max, cfg.cols), np.int64))])
            stream = f"a{rng.integers(cfg.groups)}"
            early = cut(stream, int(rng.integers(1, max(2, len(image[stream])))))
            (lengthen(stream, 9) if seed % 2 else early)(cfg, image)
            self.malformed(image)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_few_cases_equal_golden(design: str) -> None:
    """The inner loop: of every design the first configuration with several lanes, or else several steps."""
    cfg = max(CONFIGS[design], key=lambda cfg: (cfg.lanes > 1, cfg.k_max > 1))
    assert cfg.k_max > 1 and (cfg.lanes > 1) == ("lanes" in parameters(design))
    simulations = Simulations(cfg)
    simulations.random(range(2))
    simulations.special(range(2))
    simulations.spoiled(5)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, cfg in EACH.items() if not isinstance(cfg, FreeConfig)])
def test_rows_in_step_equal_golden(name: str) -> None:
    simulations = Simulations(EACH[name])
    simulations.random(range(SEEDS[EACH[name].design]))
    simulations.special(range(SPECIAL))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, cfg in EACH.items() if isinstance(cfg, FreeConfig)])
def test_free_rows_equal_golden_in_every_situation(name: str) -> None:
    cfg = EACH[name]
    assert isinstance(cfg, FreeConfig)
    simulations = Simulations(cfg, FreeCoverage([cfg]))
    simulations.random(range(SEEDS[cfg.design]))
    simulations.special(range(SPECIAL))
    simulations.uniform()
    simulations.full(cfg)
    if cfg.share:
        simulations.shared(cfg)
    if simulations.coverage is not None:
        simulations.spoiled()
        # Of the rows of a group the last one is the last to leave.
        rows = [row for row in range(cfg.rows) if (row + 1) % cfg.group]
        never = {f"row {row} of {cfg.rows} is a tile's last" for row in rows}
        assert set(simulations.coverage.missing) <= never | view_of(cfg.format).never(cfg)
        print("\n".join(f"{count:6d}  {bin}" for bin, count in sorted(simulations.coverage.hits.items())))


def test_most_designs_are_watched() -> None:
    """Of the largest ones there are more situations than counters."""
    for name in FREE:
        assert any(watchable(cfg) for cfg in CONFIGS[name]), name


def test_there_are_enough_cases_of_every_design() -> None:
    for name, configs in CONFIGS.items():
        assert len(configs) * len(PATTERNS) * SEEDS[name] >= CASES


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=SLOW if not name.endswith("-0") else ()) for name in PARSED]
)
def test_everything_that_a_parser_tells_wrong_is_seen(name: str) -> None:
    """Each bit of each step but a tile's first, and how much it needs and takes."""
    cfg, cases = PARSED[name], []
    for seed in range(8):
        tiles, stalls = random_case(cfg, np.random.default_rng(seed), "random")
        cases.append((tiles, stalls, packed(cfg, tiles), golden(cfg, tiles, stalls)))

    def seen(mode: int) -> bool:
        for tiles, stalls, image, wanted in cases:
            try:
                got = result(cfg, tiles, run_tiles(cfg, tiles, image, stalls, mode))
            except SimulationError:
                return True
            if differences(wanted, got):
                return True
        return False

    assert not seen(0)
    assert {what for what, mode in lies(cfg).items() if not seen(mode)} <= view_of(cfg.format).unread(cfg)
