"""scripts/setup runs each of its parts once, and again when something is missing."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]

# A Python that records its arguments; `-m venv` makes an environment that contains itself.
PYTHON = """#!/bin/bash
echo "python $*" >> "$CALLS"
case "$*" in
    "-c "*) [[ "$*" != *version_info* || -z ${OLD:-} ]] ;;
    "-m playwright"*) exit 1 ;;
    "-m venv"*)
        rm -rf .venv
        mkdir -p .venv/bin .venv/lib/python3.11/site-packages
        cp "$0" .venv/bin/python
        ;;
    *--editable*)
        [[ -z ${FAIL:-} ]] &&
            mkdir -p .venv/lib/python3.11/site-packages/{numpy-2.0,vary_data-0.1}.dist-info
        ;;
esac
"""
NPM = """#!/bin/bash
echo "npm $1" >> "$CALLS"
mkdir -p node_modules/{echarts,katex}/dist
echo '/* ECharts */' > node_modules/echarts/dist/echarts.min.js
echo '/* KaTeX */' > node_modules/katex/dist/katex.min.js
"""


@dataclass(frozen=True)
class Checkout:
    """A copy of the set-up with a Python, npm and browser that only record their calls."""

    folder: Path

    def set_up(self, **environment: str) -> tuple[int, list[str], str]:
        """Exit status, what was installed (`python`, `npm`), and the messages."""
        calls = self.folder / "calls"
        calls.write_text("")
        finished = subprocess.run(
            [self.folder / "scripts/setup"],
            env={
                "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
                "HOME": str(self.folder),
                "CALLS": str(calls),
                "SYSTEM_PACKAGES": "skip",
                "TORCH": "cuda",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        noted = calls.read_text()
        installed = {"python": "--editable" in noted, "npm": "npm ci" in noted}
        return finished.returncode, [k for k, v in installed.items() if v], finished.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    for name in ("constraints.txt", "pyproject.toml", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    (tmp_path / "vary_data").mkdir()
    (tmp_path / "vary_data/__init__.py").touch()
    (tmp_path / "bin").mkdir()
    for name, text in {"python3": PYTHON, "npm": NPM, "chromium": "#!/bin/sh\n"}.items():
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    return Checkout(tmp_path)


def test_the_second_run_has_nothing_to_do(checkout: Checkout) -> None:
    assert checkout.set_up()[:2] == (0, ["python", "npm"])
    assert checkout.set_up() == (0, [], "")


@pytest.mark.parametrize(
    ("gone", "again"),
    [
        (".venv", ["python"]),
        (".venv/lib/python3.11/site-packages/numpy-2.0.dist-info", ["python"]),
        ("node_modules", ["npm"]),
        ("node_modules/echarts/dist/echarts.min.js", ["npm"]),
        ("node_modules/katex/dist/katex.min.js", ["npm"]),
    ],
)
def test_what_was_removed_comes_back(checkout: Checkout, gone: str, again: list[str]) -> None:
    checkout.set_up()
    path = checkout.folder / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert checkout.set_up()[:2] == (0, again)
    assert path.exists()
    assert checkout.set_up() == (0, [], "")


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("constraints.txt", ["python"]),
        ("pyproject.toml", ["python"]),
        ("package-lock.json", ["npm"]),
    ],
)
def test_other_requirements_are_installed(
    checkout: Checkout, changed: str, again: list[str]
) -> None:
    checkout.set_up()
    with (checkout.folder / changed).open("a") as file:
        file.write("\n")
    assert checkout.set_up()[:2] == (0, again)


def test_a_new_top_level_package_is_installed(checkout: Checkout) -> None:
    checkout.set_up()
    (checkout.folder / "trainer").mkdir()
    (checkout.folder / "trainer/__init__.py").touch()
    assert checkout.set_up()[:2] == (0, ["python"])


def tools_without(checkout: Checkout, word: str) -> str:
    """A search path with the programs of this machine but those with `word` in their name."""
    tools = checkout.folder / "tools"
    tools.mkdir()
    for path in (p for folder in ("/bin", "/usr/bin") for p in Path(folder).iterdir()):
        if word not in path.name and not (tools / path.name).is_symlink():
            (tools / path.name).symlink_to(path)
    return f"{checkout.folder / 'bin'}:{tools}"


def test_without_a_browser_the_rest_is_installed_and_a_message_printed(checkout: Checkout) -> None:
    (checkout.folder / "bin/chromium").unlink()
    path = tools_without(checkout, "chrom")
    first = checkout.set_up(PATH=path)
    again = checkout.set_up(PATH=path)
    assert first[:2] == (0, ["python", "npm"])
    assert "installing that of Playwright" in first[2]
    assert again[:2] == (0, [])
    assert "fetching" not in again[2]
    assert "There is no browser" in again[2]


def test_packages_that_the_user_adds_stay_without_a_new_run(checkout: Checkout) -> None:
    checkout.set_up()
    (checkout.folder / ".venv/lib/python3.11/site-packages/mine-1.0.dist-info").mkdir()
    assert checkout.set_up() == (0, [], "")


def test_a_failed_installation_is_taken_up_again(checkout: Checkout) -> None:
    status, _, _ = checkout.set_up(FAIL="1")
    assert status != 0
    assert checkout.set_up()[:2] == (0, ["python", "npm"])


def test_a_moved_checkout_is_set_up_again(checkout: Checkout, tmp_path: Path) -> None:
    checkout.set_up()
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for path in list(checkout.folder.iterdir()):
        if path != moved:
            path.rename(moved / path.name)
    assert Checkout(moved).set_up()[:2] == (0, ["python"])


def test_a_system_without_the_tools_of_linux_is_told_so(checkout: Checkout) -> None:
    status, installed, message = checkout.set_up(PATH=tools_without(checkout, "flock"))
    assert (status, installed) == (1, [])
    assert "needs the tools of Linux" in message


def test_an_old_python_is_refused_by_name(checkout: Checkout) -> None:
    status, installed, message = checkout.set_up(OLD="1")
    assert (status, installed) == (1, [])
    assert "needs Python 3.11 or newer; python3 is" in message


def test_the_pins_are_exact_and_name_every_requirement() -> None:
    """pip installs an unpinned requirement without a warning, so this is tested."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert all([s.operator for s in pin.specifier] == ["=="] for pin in pins)
    pinned = {canonicalize_name(pin.name): pin for pin in pins}
    assert len(pinned) == len(pins)

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for requirement in map(Requirement, (line for group in groups for line in group)):
        (pin,) = pinned[canonicalize_name(requirement.name)].specifier
        assert requirement.specifier.contains(pin.version), requirement


def test_an_environment_behind_a_link_is_not_emptied(checkout: Checkout) -> None:
    """A link to the environment of another checkout, as in a worktree."""
    other = checkout.folder / "other"
    other.mkdir()
    (other / "kept").touch()
    (checkout.folder / ".venv").symlink_to(other)
    status, installed, messages = checkout.set_up()
    assert (status, installed) == (1, [])
    assert messages.splitlines()[-1].startswith(f".venv is a link to {other}")
    assert (other / "kept").exists()
