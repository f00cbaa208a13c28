"""What this machine has for making data, and the line that mends what is missing."""

from vary_data.quality.doctor.check import Check
from vary_data.quality.doctor.examine import examine, mending

__all__ = ["Check", "examine", "mending"]
