"""The packages are the folders at the top: the links in src/zeroskip are for work in a checkout alone.

Where links are no links, as in a ZIP of the repository, a package built of them would be empty.
"""

from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
FOLDERS = ("hw", "sw", "gen", "verif", "fpga", "explore", "cli")

packages = ["zeroskip"]
for folder in FOLDERS:
    inner = find_packages(str(HERE / folder))
    packages += [f"zeroskip.{folder}", *(f"zeroskip.{folder}.{name}" for name in inner)]
setup(
    packages=packages,
    package_dir={"": "src", **{f"zeroskip.{folder}": folder for folder in FOLDERS}},
)
