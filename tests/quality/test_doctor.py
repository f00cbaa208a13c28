"""The doctor on this machine, and on machines without some dependencies."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from vary_data.base import cores
from vary_data.cli.doctor import command
from vary_data.quality.doctor import MachineCheck, install_commands
from vary_data.quality.doctor import packages as packages_module
from vary_data.quality.doctor.check import answer
from vary_data.quality.doctor.machine import available_cores, machine
from vary_data.quality.doctor.packages import packages
from vary_data.quality.doctor.tex import LOADED_PACKAGES, tex
from vary_data.quality.doctor.tools import poppler


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no programs but those that a test puts into this folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def by_name(checks: Iterator[MachineCheck]) -> dict[str, MachineCheck]:
    return {check.name: check for check in checks}


def test_a_machine_without_programs(bare: Path) -> None:
    (pdflatex,) = tex()
    assert pdflatex.state == "missing"
    (pdftoppm,) = poppler()
    assert (pdftoppm.state, pdftoppm.packages) == ("missing", ("poppler-utils",))


def test_missing_styles_are_named_with_their_packages(bare: Path) -> None:
    program(bare, "pdflatex", "echo 'pdfTeX 3.14 (TeX Live 2022)'")
    program(bare, "kpsewhich", "echo /texmf/amsmath.sty; echo /texmf/CJKutf8.sty; exit 1")
    checks = by_name(tex())
    assert checks["pdflatex"].detail == "pdfTeX 3.14 (TeX Live 2022)"
    assert checks["styles"].state == "missing"
    assert "mylatexformat.ltx" in checks["styles"].detail
    assert "amsmath.sty" not in checks["styles"].detail
    assert "texlive-latex-extra" in checks["styles"].packages
    assert checks["Chinese"].packages == (
        "latex-cjk-chinese-arphic-gbsn00lp",
        "latex-cjk-chinese-arphic-gkai00mp",
    )


def test_the_packages_of_a_preamble_are_read() -> None:
    preamble = r"\usepackage[T1]{fontenc} \usepackage{amsmath,amssymb}\RequirePackage{xcolor}"
    assert LOADED_PACKAGES.findall(preamble) == ["fontenc", "amsmath,amssymb", "xcolor"]


def test_a_program_that_hangs_does_not_answer(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vary_data.quality.doctor.check.VERSION_TIMEOUT", 0.2)
    program(bare, "slow", "exec /bin/sleep 20")
    assert answer(["slow"]) is None
    assert answer(["absent"]) is None


def test_a_missing_python_package_gives_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages_module, "CORE", ("numpy", "no-such-package-here"))
    checks = by_name(packages({"OPENAI_API_KEY": "x"}))
    assert checks["needed"].state == "missing"
    assert list(install_commands(checks.values())) == ["pip install no-such-package-here"]
    assert checks["OPENAI_API_KEY"].detail == "is set"
    assert by_name(packages({}))["OPENAI_API_KEY"].state == "absent"


def test_the_disk_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    checks = by_name(machine(tmp_path / "not" / "yet"))
    disk = checks[f"disk at {tmp_path / 'not' / 'yet'}"]
    assert disk.state == "ok"
    assert disk.detail.endswith("GiB free")
    assert available_cores() > 0
    assert "limits" in checks["sandbox"].detail


def test_one_line_mends_all_system_packages() -> None:
    checks = [
        MachineCheck("g", "a", "missing", packages=("poppler-utils", "lmodern")),
        MachineCheck("g", "b", "missing", packages=("lmodern",), fix="npm install echarts@6"),
        MachineCheck("g", "c", "absent", packages=("fonts-lato",), fix="pip install ray"),
    ]
    assert list(install_commands(checks)) == [
        "apt-get install -y --no-install-recommends poppler-utils lmodern",
        "npm install echarts@6",
    ]


def test_the_exit_code_says_whether_something_needed_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = MachineCheck("Machine", "cores", "ok", "2")
    absent = MachineCheck("Python packages", "ray", "absent", fix="pip install ray")
    missing = MachineCheck("Programs", "pdftoppm", "missing", "", "pages", ("poppler-utils",))
    target = "vary_data.quality.doctor.examine"
    monkeypatch.setattr(target, lambda folder: (good, absent))
    result = CliRunner().invoke(command, [])
    assert result.exit_code == 0
    assert "To install" not in result.output
    monkeypatch.setattr(target, lambda folder: (good, missing))
    result = CliRunner().invoke(command, [])
    assert result.exit_code == 1
    assert "✗ pdftoppm (for pages)" in " ".join(result.output.split())
    assert result.output.endswith("apt-get install -y --no-install-recommends poppler-utils\n")


def test_this_machine_as_json() -> None:
    result = CliRunner().invoke(command, ["--json"])
    checks = json.loads(result.output)
    assert {"Machine", "Python packages", "Fonts", "Programs", "LaTeX"} <= {
        check["group"] for check in checks
    }
    assert result.exit_code == (1 if any(c["state"] == "missing" for c in checks) else 0)


def test_cores_without_affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS."""
    monkeypatch.delattr("os.sched_getaffinity")
    assert cores.available_cores() == os.cpu_count()
    assert available_cores() > 0
