"""Links of the documentation lead somewhere, and the map has every page."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
COMING = {DOCS / "python.md"}  # the map names it before it is written


def prose(page: Path) -> str:
    """A page without its code."""
    return re.sub(
        r"^```.*?^```|^    .*?$|`[^`\n]*`", "code", page.read_text(encoding="utf-8"), flags=re.M | re.S
    )


def links(page: Path) -> list[tuple[Path, str]]:
    """File and anchor of each relative link or picture."""
    found = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    parts = [target.partition("#") for target in found if "://" not in target]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in parts]


def anchors(page: Path) -> set[str]:
    """What headings can be reached by, as GitHub makes it of them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.*)$", text, flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_and_anchor_exists(page: Path) -> None:
    for target, anchor in links(page):
        if target in COMING and not target.exists():
            continue
        assert target.exists(), f"{page.name} links to {target}, which does not exist"
        assert not anchor or anchor in anchors(target), f"{page.name}: {target.name} has no heading #{anchor}"


def test_the_map_links_to_every_page() -> None:
    pages = set(DOCS.glob("*.md")) - {DOCS / "README.md"}
    assert len(pages) > 20
    assert pages - {target for target, _ in links(DOCS / "README.md")} == set()


def test_a_broken_link_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A `b`, c\n[x](a.md#a-b-c) [`y`](none.md)\n```\n[z](code.md)\n```\n")
    page = tmp_path / "a.md"
    assert links(page) == [(page, "a-b-c"), (tmp_path / "none.md", "")]
    assert anchors(page) == {"a-b-c"}
