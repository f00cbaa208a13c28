"""Memory that is freed is used again."""

from __future__ import annotations

import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
import numpy as np
from renderers.degrade.process import prepare_process

if sys.argv[1] == "prepared":
    prepare_process()
def work():
    fields = [np.ones((1200, 900, 3), np.float32) for _ in range(3)]
    return sum(fields)
work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(8):
    work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def test_arrays_of_a_picture_cost_no_page_faults() -> None:
    if sys.platform != "linux":
        pytest.skip("another memory allocator")
    run = subprocess.run(
        [sys.executable, "-c", FAULTS, "prepared"], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 200
