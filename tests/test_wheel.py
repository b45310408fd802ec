"""What is installed: all of the package, also from a ZIP, where links arrive as text files."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("hw", "sw", "gen", "verif", "fpga", "explore", "cli")
LINKS = ROOT / "src" / "zeroskip"

BUILD = "import sys; from setuptools import build_meta; print(getattr(build_meta, sys.argv[1])(sys.argv[2]))"


def built(kind: str, source: Path, to: Path) -> Path:
    """What the hook ``build_KIND`` of the project in a folder makes, as pip and build call it."""
    words = [sys.executable, "-I", "-W", "ignore", "-c", BUILD, f"build_{kind}", str(to)]
    done = subprocess.run(words, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return to / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """ZIP of the repository to source distribution to wheel."""
    work = tmp_path_factory.mktemp("package")
    tree = work / "tree"
    junk = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tree / folder, ignore=junk)
    shutil.copytree(LINKS, tree / "src" / "zeroskip", symlinks=True, ignore=junk)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    for link in [path for path in (tree / "src" / "zeroskip").iterdir() if path.is_symlink()]:
        target = os.readlink(link)
        link.unlink()
        link.write_text(target)
    with tarfile.open(built("sdist", tree, work)) as sources:
        sources.extractall(work / "unpacked", filter="data")
    (unpacked,) = (work / "unpacked").iterdir()
    return zipfile.ZipFile(built("wheel", unpacked, work))


def test_it_has_every_file_of_the_folders(wheel: zipfile.ZipFile) -> None:
    files = {path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()}
    there = {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}
    assert {Path(name).suffix for name in there} >= {".py", ".cpp"}
    there |= {path.name for path in LINKS.iterdir() if path.is_file()}
    names = [name for name in wheel.namelist() if ".dist-info/" not in name]
    assert {name.removeprefix("zeroskip/") for name in names} == there
    assert len(names) == len(there)


def test_the_links_are_those_folders() -> None:
    links = {path.name: path.resolve() for path in LINKS.iterdir() if path.is_symlink()}
    assert links == {folder: ROOT / folder for folder in FOLDERS}


def test_its_commands_work_far_from_a_checkout(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """With all that a product on the RTL needs: the harness in C++ is data."""
    wheel.extractall(tmp_path / "site")
    (tmp_path / "empty").mkdir()
    site = str(tmp_path / "site")
    script = f"import sys; sys.path.insert(0, {site!r}); from zeroskip.__main__ import main; main()"
    words = ["run", "dense", "-p", "rows=2", "-p", "cols=2", "-p", "k_max=16"]
    operands = ["--a", "random:2x4:1", "--b", "random:4x3:1", "--out", "c.npy"]
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, *words, *operands],
        cwd=tmp_path / "empty",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "dense, rtl" in done.stdout
    assert [path.name for path in (tmp_path / "empty").iterdir()] == ["c.npy"]


def test_the_command_is_an_entry_point(wheel: zipfile.ZipFile) -> None:
    (name,) = [name for name in wheel.namelist() if name.endswith("/entry_points.txt")]
    assert "zeroskip = zeroskip.__main__:main" in wheel.read(name).decode().splitlines()
