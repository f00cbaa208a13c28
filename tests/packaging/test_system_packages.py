"""scripts/install-system-packages, on simulated machines: scripts in place of apt and dpkg."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from vary_data.quality.doctor import tools

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
TOOLS = ("awk", "bash", "dirname", "env", "grep", "head", "paste", "python3", "readlink", "sed")

DPKG_QUERY = """
for name in "$@"; do
    if grep -qx "$name" "$MACHINE/installed"; then echo "installed $name"; fi
done
"""
APT_CACHE = """
case $1 in
    madison) cat "$MACHINE/lists" ;;
    policy)
        shift
        for name in "$@"; do
            grep -qx "$name" "$MACHINE/offered" || continue
            printf '%s:\\n  Installed: (none)\\n  Candidate: 1.0-1\\n' "$name"
        done
        ;;
esac
"""
APT_GET = """
echo "apt-get $* [$DEBIAN_FRONTEND]" >> "$MACHINE/calls"
if [ "$1" = install ] && [ -s "$MACHINE/failures" ]; then
    : > "$MACHINE/failures"
    exit 100
fi
"""
SUDO = """
[ -e "$MACHINE/sudoer" ] || exit 1
[ "$1" != -n ] || exit 0
echo sudo >> "$MACHINE/calls"
exec "$@"
"""


@dataclass
class Machine:
    """A PATH with little on it, and files with the answers of its package tools."""

    folder: Path
    offered: set[str]
    environment: dict[str, str] = field(default_factory=dict)

    def program(self, name: str, text: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\n{text}")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "offered").write_text("".join(f"{n}\n" for n in sorted(self.offered)))
        return subprocess.run(
            [SCRIPTS / "install-system-packages", *arguments],
            env={
                "PATH": str(self.folder / "bin"),
                "HOME": "/none",
                "MACHINE": str(self.folder),
                "OS_RELEASE": str(self.folder / "os-release"),
                **self.environment,
            },
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def installs(self, *names: str) -> None:
        with (self.folder / "installed").open("a") as file:
            file.writelines(f"{name}\n" for name in names)

    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Debian with package lists, on which root runs and nothing of ours is installed."""
    (tmp_path / "bin").mkdir()
    for tool in (*TOOLS, "cat"):
        found = shutil.which(tool, path=os.defpath + ":" + os.environ["PATH"])
        assert found, tool
        (tmp_path / "bin" / tool).symlink_to(found)
    for name in ("installed", "calls", "failures"):
        (tmp_path / name).touch()
    (tmp_path / "os-release").write_text("ID=debian\n")
    (tmp_path / "lists").write_text("dpkg | 1.21 | http://deb.debian.org/debian bookworm/main\n")
    machine = Machine(tmp_path, {"poppler-utils", "fontconfig", "fonts-lato"})
    machine.program("dpkg-query", DPKG_QUERY)
    machine.program("apt-cache", APT_CACHE)
    machine.program("apt-get", APT_GET)
    machine.program("sudo", SUDO)
    machine.program("id", "echo 0")
    return machine


def wanted(machine: Machine, *groups: str) -> list[str]:
    line = machine.run("--dry-run", *groups).stdout.split()
    assert line[:4] == ["apt-get", "install", "-y", "--no-install-recommends"]
    return line[4:]


def test_only_what_is_missing_is_installed(machine: Machine) -> None:
    everything = wanted(machine, "fonts")
    assert "fonts-noto-cjk" in everything
    machine.installs(*(name for name in everything if name != "fonts-lato"))
    assert machine.run("fonts").returncode == 0
    assert machine.calls() == [
        "apt-get install -y -qq --no-install-recommends fonts-lato [noninteractive]"
    ]


def test_nothing_is_asked_of_apt_when_all_is_there(machine: Machine) -> None:
    machine.installs("poppler-utils")
    finished = machine.run("pdf")
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    assert machine.calls() == []


def test_package_lists_are_fetched_where_there_are_none(machine: Machine) -> None:
    (machine.folder / "lists").write_text("")
    assert machine.run("pdf").returncode == 0
    assert [call.split()[1] for call in machine.calls()] == ["update", "install"]


def test_outdated_package_lists_are_fetched_again(machine: Machine) -> None:
    (machine.folder / "failures").write_text("404 Not Found\n")
    assert machine.run("pdf").returncode == 0
    assert [call.split()[1] for call in machine.calls()] == ["install", "update", "install"]


def test_a_package_that_this_release_lacks_is_named_and_left_out(machine: Machine) -> None:
    machine.installs(*set(wanted(machine, "fonts")) - {"fonts-lato", "fonts-lxgw-wenkai"})
    finished = machine.run("fonts")
    assert finished.returncode == 0
    assert "does not offer: fonts-lxgw-wenkai" in finished.stderr
    assert [call.split()[5] for call in machine.calls()] == ["fonts-lato"]


@pytest.mark.parametrize("name", ["fonts-liberation2", "fonts-liberation"])
def test_either_name_of_a_renamed_package_will_do(machine: Machine, name: str) -> None:
    others = [n for n in wanted(machine, "fonts") if not n.startswith("fonts-liberation")]
    machine.installs(*others)
    machine.offered = {name}
    assert machine.run("fonts").returncode == 0
    assert machine.calls()[0].split()[5] == name

    machine.installs(name)
    (machine.folder / "calls").write_text("")
    assert machine.run("fonts").returncode == 0
    assert machine.calls() == []


def test_the_set_up_installs_the_programs_that_doctor_asks_for(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(machine.folder / "none"))
    checks = (*tools.poppler(), *tools.ghostscript())
    asked = {package for check in checks for package in check.packages}
    assert asked == {"poppler-utils", "ghostscript"}
    assert asked <= set(wanted(machine))


def test_without_rights_the_line_to_run_is_printed(machine: Machine) -> None:
    machine.program("id", "echo 1000")
    finished = machine.run("pdf")
    assert finished.returncode == 1
    assert "apt-get install -y --no-install-recommends poppler-utils" in finished.stderr
    assert machine.calls() == []


def test_sudo_is_used_by_those_who_have_it(machine: Machine) -> None:
    machine.program("id", "echo 1000")
    (machine.folder / "sudoer").touch()
    assert machine.run("pdf").returncode == 0
    assert machine.calls() == [
        "sudo",
        "apt-get install -y -qq --no-install-recommends poppler-utils [noninteractive]",
    ]


def test_a_system_without_apt_is_told_what_to_install(machine: Machine) -> None:
    (machine.folder / "bin/apt-get").unlink()
    finished = machine.run("pdf", "browser")
    assert finished.returncode == 1
    assert "poppler-utils" in finished.stderr
    assert "SYSTEM_PACKAGES=skip" in finished.stderr


def test_a_python_without_venv_gets_the_package_of_its_own_version(machine: Machine) -> None:
    machine.installs("ca-certificates")
    machine.program("snake", 'case "$2" in *ensurepip*) exit 1 ;; *) echo python3.12-venv ;; esac')
    machine.environment["PYTHON"] = "snake"
    assert wanted(machine, "python") == ["python3.12-venv"]


def test_a_machine_without_python_gets_one(machine: Machine) -> None:
    machine.environment["PYTHON"] = "no-such-python"
    assert wanted(machine, "python") == ["ca-certificates", "python3", "python3-venv"]


def test_a_browser_that_is_there_is_enough(machine: Machine) -> None:
    assert wanted(machine, "browser") == ["libatomic1", "chromium"]
    machine.program("google-chrome", "exit 0")
    assert wanted(machine, "browser") == ["libatomic1"]


def test_ubuntu_is_not_asked_for_its_snap(machine: Machine) -> None:
    (machine.folder / "os-release").write_text('NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n')
    assert wanted(machine, "browser") == ["libatomic1"]


def test_a_snap_is_no_browser(machine: Machine) -> None:
    (machine.folder / "snap").write_text("#!/bin/sh\n")
    (machine.folder / "snap").chmod(0o755)
    (machine.folder / "bin/chromium").symlink_to(machine.folder / "snap")
    finished = subprocess.run(
        [SCRIPTS / "find-browser"],
        env={"PATH": str(machine.folder / "bin"), "HOME": "/none"},
        check=False,
    )
    assert finished.returncode == 1


def test_an_unknown_group_is_wrong_usage(machine: Machine) -> None:
    finished = machine.run("latex")
    assert finished.returncode == 2
    assert "unknown argument 'latex'" in finished.stderr
