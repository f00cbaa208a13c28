"""The environment of child processes: named variables only, so that no secret is inherited.

Workers, the page counter, Chromium and the tools of TeX and poppler parse input from outside. They
get what decides where programs, fonts and caches are, and nothing else: no API key, no token, no
credentials of a store. `VARY_WORKER_ENV` names further variables, for generators of others.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

MORE_VARIABLE = "VARY_WORKER_ENV"
ALLOWED = frozenset(
    (
        *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "SYSTEMROOT"),
        *("TEXMFHOME", "TEXMFVAR", "TEXMFCONFIG", "TEXMFCACHE", "TEXINPUTS"),
        *("MALLOC_ARENA_MAX", "MPLBACKEND", "MPLCONFIGDIR", "SOURCE_DATE_EPOCH"),
        *("PLAYWRIGHT_BROWSERS_PATH", "COVERAGE_PROCESS_START", "COVERAGE_FILE"),
    )
)
ALLOWED_PREFIXES = (
    *("LC_", "XDG_", "FONTCONFIG_", "VARY_"),
    *("OMP_", "MKL_", "OPENBLAS_", "NUMEXPR_", "VECLIB_"),
    *("PYTHONHASHSEED", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "PYTHONWARNINGS"),
    *("PYTHONFAULTHANDLER", "PYTHONPYCACHEPREFIX"),
)
STORE_PREFIXES = (
    *("AWS_", "AZURE_", "GOOGLE_", "GCLOUD_", "GCS_", "FSSPEC_", "HF_", "OSS_", "S3_"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "SSL_CERT_", "REQUESTS_CA_BUNDLE"),
    *("http_proxy", "https_proxy", "no_proxy", "all_proxy", "CLOUDSDK_", "STORAGE_EMULATOR_"),
)
"""Variables of object stores, for workers that read sources at URLs."""


def clean_environment(
    inherited: Mapping[str, str] | None = None, *, stores: bool = False, **changes: str
) -> dict[str, str]:
    """The allowed variables of this process, and `changes`; with `stores` also those of stores."""
    inherited = os.environ if inherited is None else inherited
    prefixes = (*ALLOWED_PREFIXES, *STORE_PREFIXES) if stores else ALLOWED_PREFIXES
    more = frozenset(inherited.get(MORE_VARIABLE, "").replace(",", " ").split())
    kept = {
        name: value
        for name, value in inherited.items()
        if name in ALLOWED or name in more or name.startswith(prefixes)
    }
    return {**kept, **changes}


def module_command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of this project; `python -m` alone would search the current
    folder first, where a `calendar.py` of anybody may be."""
    return [sys.executable, "-P", "-m", module, *arguments]


def module_path() -> str:
    """This process's module search path for a child, without the current folder."""
    return os.pathsep.join(entry for entry in sys.path if entry and os.path.isabs(entry))  # noqa: PTH117
