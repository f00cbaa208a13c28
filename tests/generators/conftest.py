"""What generators make does not depend on workers, which have tests of their own."""

from tests.tools.in_process import tasks_in_this_process, worker_processes

__all__ = ["tasks_in_this_process", "worker_processes"]
