"""Every view of every design is there, none for nothing; cases take every choice through its values.

What a format, a PE and an engine need is the table of docs/add.md. Views of the tests are in tests/formats.
"""

import importlib
import pkgutil
import re
import typing
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from pathlib import Path

import pytest

import zeroskip
import zeroskip.hw.designs
from zeroskip.gen.host import host_header
from zeroskip.hw.checks import check
from zeroskip.hw.checks.element import ElementCheck
from zeroskip.hw.config import Config, stated
from zeroskip.hw.decode import decoder
from zeroskip.hw.decode.parser import Parser
from zeroskip.hw.decode.row import RowDecoder
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.presets import PRESETS
from zeroskip.hw.engines.engine import Engine, engine
from zeroskip.hw.lib.room import Room
from zeroskip.hw.pe import pe
from zeroskip.hw.strings import layout_of
from zeroskip.hw.strings.layout import Layout
from zeroskip.hw.views import view
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.codecs.codec import Codec
from zeroskip.sw.codecs.strings import StringCodec
from zeroskip.sw.engines import order_of
from zeroskip.sw.engines.order import Order
from zeroskip.verif.cases import cases_of
from zeroskip.verif.cases.engine import Cases
from zeroskip.verif.formal.rows import row_theorem
from zeroskip.verif.formats import format_of
from zeroskip.verif.formats.pairs import PairFormat
from zeroskip.verif.formats.steps import StepFormat
from zeroskip.verif.golden.model import Model
from zeroskip.verif.pes import pe_view
from zeroskip.verif.pes.activity import PEView
from zeroskip.verif.pes.digits import DigitView

CONFIGS = {name: [design.config(), *design.small()] for name, design in DESIGNS.items()}
"""The default of every design, and all its cases."""

EVERY = [cfg for configs in CONFIGS.values() for cfg in configs]


def is_a(*kinds: type) -> Callable[[object], bool]:
    return lambda found: isinstance(found, kinds) or (isinstance(found, type) and issubclass(found, kinds))


def theorem_needed(cfg: Config) -> bool:
    """Of rows in step that can be wrong."""
    return cfg.engine.name == "beats" and bool(decoder(cfg).causes)


@dataclass(frozen=True)
class View:
    """Modules of a folder that have ``attribute``; ``name`` says which a configuration needs, None: none.

    ``found`` is how the project finds it, ``kind`` what it must be.
    """

    attribute: str
    name: Callable[[Config], str | None]
    found: Callable[[Config], object]
    kind: Callable[[Config], Callable[[object], bool]]
    inside: str = ""  # a module of the name's own folder


def free(cfg: Config) -> bool:
    return cfg.engine.name == "free"


VIEWS = {
    # of a format
    "hw.decode": View(
        "DECODER", lambda cfg: cfg.format, decoder, lambda cfg: is_a(Parser if free(cfg) else RowDecoder)
    ),
    "hw.strings": View("LAYOUT", lambda cfg: cfg.format, layout_of, lambda _: is_a(Layout)),
    "hw.checks": View(
        "CHECK",
        lambda cfg: cfg.format if free(cfg) and cfg.checked else None,
        check,
        lambda _: is_a(ElementCheck),
    ),
    "sw.codecs": View(
        "CODEC", lambda cfg: cfg.format, codec_of, lambda cfg: is_a(StringCodec if free(cfg) else Codec)
    ),
    "verif.formats": View(
        "FORMAT", lambda cfg: cfg.format, format_of, lambda cfg: is_a(StepFormat if free(cfg) else PairFormat)
    ),
    "verif.formal.rows": View(
        "THEOREM", lambda cfg: cfg.format if theorem_needed(cfg) else None, row_theorem, lambda _: callable
    ),
    # of a PE
    "hw.pe": View("PE", lambda cfg: cfg.pe, pe, lambda _: lambda found: found.books is Room.MULTIPLY),
    "verif.pes": View(
        "VIEW", lambda cfg: cfg.pe, pe_view, lambda cfg: is_a(DigitView if cfg.bit_level else PEView)
    ),
    # of an engine
    "hw.engines": View(
        "ENGINE", lambda cfg: cfg.engine.name, lambda cfg: cfg.engine, lambda _: is_a(Engine), "engine"
    ),
    "sw.engines": View("ORDER", lambda cfg: cfg.engine.name, order_of, lambda _: is_a(Order)),
    "verif.golden": View(
        "MODEL",
        lambda cfg: cfg.engine.name,
        lambda cfg: view("zeroskip.verif.golden", f"{cfg.engine.name}.model", "MODEL"),
        lambda _: is_a(Model),
        "model",
    ),
    "verif.cases": View("CASES", lambda cfg: cfg.engine.name, cases_of, lambda _: is_a(Cases)),
}
"""By the folder in ``zeroskip``."""


@pytest.mark.parametrize("folder", VIEWS)
@pytest.mark.parametrize("name", DESIGNS)
def test_every_design_has_every_view(name: str, folder: str) -> None:
    of = VIEWS[folder]
    for cfg in CONFIGS[name]:
        module = of.name(cfg)
        if module is None:
            assert folder in {"verif.formal.rows", "hw.checks"}
            continue
        found = of.found(cfg)
        path = ".".join(part for part in ("zeroskip", folder, module, of.inside) if part)
        assert found is getattr(importlib.import_module(path), of.attribute)
        assert of.kind(cfg)(found), f"{path}.{of.attribute} is {found!r}"


SOURCES = [
    file.read_text()
    for folder in (*Path(zeroskip.__file__).parent.iterdir(), Path(__file__).parent)
    for file in folder.resolve().rglob("*.py")
    if file != Path(__file__).resolve()
]


def modules(folder: str) -> dict[str, bool]:
    """Names of the modules of a folder, and whether each is a folder itself."""
    package = importlib.import_module(f"zeroskip.{folder}")
    return {module.name: module.ispkg for module in pkgutil.iter_modules(package.__path__)}


@pytest.mark.parametrize("folder", VIEWS)
def test_no_view_is_dead(folder: str) -> None:
    """Modules that have a view are those that designs need; all others are imported somewhere."""
    of = VIEWS[folder]
    needed = {of.name(cfg) for cfg in EVERY} - {None}
    having, bases = set(), set()
    for name, is_folder in modules(folder).items():
        path = f"zeroskip.{folder}.{name}" + (f".{of.inside}" if of.inside and is_folder else "")
        has = hasattr(importlib.import_module(path), of.attribute)
        (having if has else bases).add(name)
    assert having == needed
    package = re.escape(f"zeroskip.{folder}")
    for base in bases:
        imported = rf"^ *(from {package}\.{base} import|from {package} import .*\b{base}\b)"
        assert any(re.search(imported, text, re.M) for text in SOURCES), f"nothing imports {base}"


def test_every_format_has_its_c_and_no_c_is_dead() -> None:
    """Files of sw/host are those of formats, and what others include, or all designs."""
    folder = Path(zeroskip.__file__).parent / "sw" / "host"
    text = {path.stem: path.read_text() for path in (folder / "formats").glob("*.h")}
    needed = {cfg.format for cfg in EVERY}
    assert {name for name in text if f"zs_{name}_string(" in text[name]} == needed
    included = {name for each in needed for name in re.findall(r'#include "(\w+)\.h"', text[each])}
    assert set(text) == needed | included
    whole = host_header({"name": "dut", **DESIGNS["csr"].config().core().description})
    assert all(path.read_text() in whole for path in folder.glob("*.h"))


def test_a_missing_view_is_named() -> None:
    told = r"^sw/codecs/absent\.py must have the CODEC of absent, and is not there$"
    with pytest.raises(LookupError, match=told):
        view("zeroskip.sw.codecs", "absent", "CODEC")


# ---- names ------------------------------------------------------------------------------------------


def test_every_design_is_listed_and_has_the_name_of_its_module() -> None:
    found = {name: is_folder for name, is_folder in modules("hw.designs").items() if name != "presets"}
    assert {name for name, is_folder in found.items() if not is_folder} == set(DESIGNS)
    for name, design in DESIGNS.items():
        assert design.name == name
        assert design.config.__module__ == f"zeroskip.hw.designs.{name}"
        assert design is importlib.import_module(design.config.__module__).DESIGN
        assert design.summary and not design.summary.endswith(".")


@pytest.mark.parametrize("name", sorted({cfg.engine.name for cfg in EVERY}))
def test_every_engine_has_the_name_of_its_folder(name: str) -> None:
    assert engine(name).name == name


# ---- parameters ---------------------------------------------------------------------------------------


def names(config: type[Config]) -> set[str]:
    return {entry.name for entry in fields(config)}


@pytest.mark.parametrize("name", DESIGNS)
def test_every_parameter_has_a_meaning_and_a_default(name: str) -> None:
    config = DESIGNS[name].config
    says = stated(config)
    assert set(says) == names(config)
    for entry in fields(config):
        meaning = says[entry.name]["meaning"]
        assert len(meaning.split()) >= 3 and not meaning.endswith("."), entry.name
        assert entry.default is not MISSING, entry.name


@pytest.mark.parametrize("name", DESIGNS)
def test_cases_have_parameters_of_the_design(name: str) -> None:
    design = DESIGNS[name]
    assert design.cases
    for case in (*design.cases, *design.proofs.values()):
        assert set(case) <= names(design.config) - {"probe"}
    assert len(set(design.small())) == len(design.cases)  # none twice


@pytest.mark.parametrize("name", PRESETS)
def test_presets_have_parameters_of_their_design(name: str) -> None:
    preset = PRESETS[name]
    config = DESIGNS[preset.design].config
    assert set(preset.params) <= names(config) - {"probe"}
    config(**preset.params)


OF_PRODUCTS = {"serial"}
"""Which factor of a whole product the array takes bit by bit: tiles, and so cases, know nothing of it."""


def options(hint: object) -> tuple[object, ...]:
    """All values of a parameter that is a choice."""
    return (False, True) if hint is bool else typing.get_args(hint) if is_literal(hint) else ()


def is_literal(hint: object) -> bool:
    return typing.get_origin(hint) is typing.Literal


def owner(config: type[Config], name: str) -> type[Config]:
    """The class that brings a parameter in."""
    return next(c for c in reversed(config.__mro__) if issubclass(c, Config) and name in names(c))


def accepts(config: type[Config], params: dict[str, object]) -> bool:
    try:
        config(**params)
    except ValueError:
        return False
    return True


CHOICES = sorted(
    {
        (owner(design.config, name), name, option)
        for design in DESIGNS.values()
        for name, hint in typing.get_type_hints(design.config).items()
        if name in names(design.config) - {"probe"} - OF_PRODUCTS
        for option in options(hint)
    },
    key=lambda choice: (choice[0].__name__, *map(str, choice[1:])),
)


@pytest.mark.parametrize(("config", "name", "option"), CHOICES)
def test_cases_take_every_value_of_a_choice(config: type[Config], name: str, option: object) -> None:
    """Of a design's own parameters its cases do, of others those of the designs that share them."""
    sharing = [design for design in DESIGNS.values() if issubclass(design.config, config)]
    taken = any(getattr(cfg, name) == option for design in sharing for cfg in design.small())
    possible = any(
        accepts(design.config, {**case, name: option}) for design in sharing for case in (*design.cases, {})
    )
    assert possible, f"no design can have {name} = {option}"
    assert taken
