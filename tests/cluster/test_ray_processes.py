"""What an interrupted Ray leaves behind."""

from __future__ import annotations

import signal
import subprocess
from types import SimpleNamespace

import pytest

from vary_data.engine.executors.ray_processes import ended_if_interrupted


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit])
def test_a_second_signal_leaves_no_agents(ending: type[BaseException]) -> None:
    """They lived until they missed their node manager. Other children of the caller stay."""
    names = ("ray::DashboardAgent", "sleep")
    agent, other = (subprocess.Popen([name, "1000"], executable="sleep") for name in names)
    try:
        with pytest.raises(ending), ended_if_interrupted(SimpleNamespace(__file__="/no/ray.py")):
            raise ending
        assert agent.wait(timeout=200) == -signal.SIGKILL
        assert other.poll() is None
    finally:
        for child in (agent, other):
            child.kill()
            child.wait()
