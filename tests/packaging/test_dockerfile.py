"""The image is made by the scripts that set up any other machine."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def steps() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(keyword, rest) for keyword, _, rest in (line.partition(" ") for line in lines)]


def test_what_is_installed_is_installed_by_the_scripts() -> None:
    commands = [
        part.strip()
        for keyword, rest in steps()
        if keyword == "RUN"
        for part in re.split(r"&&|;|\|\|?", rest)
    ]
    scripts = [command for command in commands if command.startswith("scripts/")]
    assert scripts == ["scripts/install-system-packages", "scripts/setup"]
    rest = {command.split()[0] for command in commands if command not in scripts}
    assert rest <= {"rm", "useradd", "install"}


def test_what_is_copied_exists_and_comes_before_it_is_run() -> None:
    present: set[str] = set()
    for keyword, rest in steps():
        if keyword == "COPY":
            sources = rest.split()[:-1]
            assert all((ROOT / source).exists() for source in sources)
            present |= {"scripts/setup"} if sources == ["."] else set(sources)
        for script in re.findall(r"scripts/\S+", rest if keyword == "RUN" else ""):
            assert script in present


def test_it_runs_as_an_ordinary_user() -> None:
    users = [rest for keyword, rest in steps() if keyword == "USER"]
    assert users
    assert users[-1] not in ("root", "0")


def test_it_starts_the_command_from_a_debian_that_the_packages_are_named_for() -> None:
    keywords = dict(steps())
    assert keywords["FROM"] == "debian:12-slim"
    assert keywords["ENTRYPOINT"] == '["vary-data"]'


def test_nothing_built_here_goes_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    for line in (ROOT / ".gitignore").read_text().split():
        assert line.strip("/") in [name.removeprefix("**/") for name in ignored]
