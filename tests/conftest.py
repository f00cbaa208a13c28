"""Settings of all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Hypothesis's limits of time are for an idle machine; pytest-timeout has the limit that counts.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")
