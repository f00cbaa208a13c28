"""Checks the dependencies on this machine and gives the commands that install missing ones."""

from vary_data.quality.doctor.check import MachineCheck
from vary_data.quality.doctor.examine import examine, install_commands

__all__ = ["MachineCheck", "examine", "install_commands"]
