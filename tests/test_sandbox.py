from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from renderers.program import ProcessResult
from vary_data.base.errors import WorkerBroken
from vary_data.generators import sandbox

ENVIRONMENT = {"PATH": os.environ["PATH"]}


@pytest.fixture(autouse=True)
def _busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only processor time counts: a program that is kept waiting has a test of its own."""
    monkeypatch.setattr(sandbox, "WAITING", 400)


def run(script: str, folder: Path, seconds: float = 20, **limits: int) -> ProcessResult:
    command = [sys.executable, "-I", "-c", script]
    return sandbox.run(command, folder, ENVIRONMENT, seconds, sandbox.ProcessLimits(**limits))


def alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def test_the_exit_code_comes_back(tmp_path: Path) -> None:
    assert run("raise SystemExit(3)", tmp_path) == ProcessResult(3, False)


def test_nothing_of_the_environment_leaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "1")
    run("import os; open('seen', 'w').write(repr(sorted(os.environ)))", tmp_path)
    assert "SECRET" not in (tmp_path / "seen").read_text()


def test_the_deadline_kills_children_too(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'])\n"
        "open('pid', 'w').write(str(child.pid))\n"
        "while True: pass"
    )
    assert run(script, tmp_path, seconds=0.5).timed_out
    child = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 100
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(child)


def test_the_deadline_is_one_of_processor_time(tmp_path: Path) -> None:
    assert run("while True: pass", tmp_path, seconds=0.5).timed_out
    waits = run("import time; time.sleep(1); raise SystemExit(3)", tmp_path, seconds=0.5)
    assert waits == ProcessResult(3, False)


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
def test_a_program_that_is_killed_from_outside_is_not_to_blame(tmp_path: Path, name: str) -> None:
    with pytest.raises(WorkerBroken, match=rf"python.* died of {name}"):
        run(f"import os, signal; os.kill(os.getpid(), signal.{name})", tmp_path)


def test_a_program_that_crashes_is_to_blame(tmp_path: Path) -> None:
    end = run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", tmp_path)
    assert end == ProcessResult(-11, False)


def test_files_cannot_grow_without_end(tmp_path: Path) -> None:
    end = run("f = open('big', 'wb')\nwhile True: f.write(bytes(1 << 20))", tmp_path, file_mib=2)
    assert end.returncode != 0
    assert (tmp_path / "big").stat().st_size <= 2 << 20


@pytest.mark.parametrize(
    "between",
    ["os.mkdir(f'd{n}'); os.chdir(f'd{n}')", "pass", "os.remove(f'{n}')"],
    ids=["in folders", "in one folder", "removed and open"],
)
def test_many_files_cannot_fill_the_disk(tmp_path: Path, between: str) -> None:
    script = (
        "import os\nfiles, content = [], os.urandom(1 << 20)\n"
        "for n in range(200):\n"
        "    files.append(open(f'{n}', 'wb', 0)); files[-1].write(content)\n"
        f"    {between}\n"
        "while True: pass"
    )
    end = run(script, tmp_path, seconds=20, disk_mib=9, file_mib=2)
    assert end == ProcessResult(-signal.SIGKILL, False, True)


def test_many_small_files_count_too(tmp_path: Path) -> None:
    script = "import os, itertools\nfor n in itertools.count(): os.mkdir(f'{n}')"
    assert run(script, tmp_path, disk_mib=2).too_large
    assert len(list(tmp_path.iterdir())) >= (2 << 20) // 4096


def test_files_that_are_too_large_at_the_end_count_too(tmp_path: Path) -> None:
    script = "import os\nfor n in range(9): open(f'{n}', 'wb').write(os.urandom(1 << 20))"
    assert run(script, tmp_path, disk_mib=8).too_large
    assert run(script, tmp_path, disk_mib=10) == ProcessResult(0, False)


def test_one_file_that_is_too_large_is_named(tmp_path: Path) -> None:
    script = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
    end = run(
        f"{script}f = open('big', 'wb')\nwhile True: f.write(bytes(1 << 20))", tmp_path, file_mib=2
    )
    assert end == ProcessResult(-signal.SIGXFSZ, False, True)


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are Linux's")
def test_memory_is_limited(tmp_path: Path) -> None:
    assert run("x = bytearray(1 << 30)", tmp_path, memory_mib=400).returncode != 0


def wrapped(script: str, folder: Path, seconds: float = 20, **limits: int) -> ProcessResult:
    """The end of a wrapped Python that runs `script`, started as a library does."""
    limit = sandbox.ProcessLimits(**limits)
    ended = sandbox.wrap(["python3"], folder, ENVIRONMENT, seconds, limit)
    subprocess.run([folder / "python3", "-I", "-c", script], capture_output=True, timeout=200)
    return ended()


def test_a_wrapped_program_has_its_folder_environment_and_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "1")
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    ended = sandbox.wrap(["env"], folder, {**ENVIRONMENT, "A": "$HOME 'b'"}, 20)
    output = subprocess.check_output([folder / "env"], text=True)
    assert "A=$HOME 'b'\n" in output
    assert "SECRET" not in output
    assert ended() == ProcessResult(0, False)
    assert wrapped("open('here', 'w'); raise SystemExit(3)", folder) == (ProcessResult(3, False))
    assert (folder / "here").exists()


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
def test_a_wrapped_program_that_is_killed_is_not_to_blame(tmp_path: Path, name: str) -> None:
    with pytest.raises(WorkerBroken, match=f"python3 died of {name}"):
        wrapped(f"import os, signal; os.kill(os.getpid(), signal.{name})", tmp_path)


def test_a_wrapped_program_that_cannot_be_started_is_not_to_blame(tmp_path: Path) -> None:
    ended = sandbox.wrap(["none-such"], tmp_path, ENVIRONMENT, 20)
    with pytest.raises(WorkerBroken, match="no program was started"):
        ended()
    subprocess.run([tmp_path / "none-such"], capture_output=True)
    with pytest.raises(WorkerBroken, match="none-such could not be started"):
        ended()


def test_wrapped_programs_have_limits(tmp_path: Path) -> None:
    assert wrapped("while True: pass", tmp_path, seconds=0.5).timed_out
    (tmp_path / "ends").unlink()
    script = "f = open('big', 'wb')\nwhile True: f.write(bytes(1 << 20))"
    assert wrapped(script, tmp_path, file_mib=2).returncode != 0
    assert (tmp_path / "big").stat().st_size <= 2 << 20


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are Linux's")
def test_the_memory_of_a_wrapped_program_is_limited(tmp_path: Path) -> None:
    assert wrapped("x = bytearray(1 << 30)", tmp_path, memory_mib=400).returncode == 1
