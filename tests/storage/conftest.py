"""One S3 server for all tests of this folder, and a bucket for each test."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest

from tests.tools.faulty_store import Store, serve


@pytest.fixture(scope="session")
def s3_server() -> Iterator[Store]:
    s3fs = pytest.importorskip("s3fs", reason="the extra `s3` is not installed")
    with serve() as store, pytest.MonkeyPatch.context() as patch:
        for name, value in store.environment.items():
            patch.setenv(name, value)
        patch.delenv("AWS_PROFILE", raising=False)
        # The retries of this project are tested, not those of the client.
        patch.setenv("AWS_MAX_ATTEMPTS", "1")
        patch.setattr(s3fs.S3FileSystem, "retries", 1)
        s3fs.S3FileSystem.clear_instance_cache()
        yield store
        s3fs.S3FileSystem.clear_instance_cache()


_numbers = itertools.count()


@pytest.fixture
def bucket(s3_server: Store) -> Iterator[str]:
    """The URL of an empty bucket; the server fails no request until a test sets its faults."""
    import fsspec

    s3_server.every, s3_server.refuse_writes = 0, False
    name = f"bucket-{os.getpid()}-{next(_numbers)}"
    fsspec.filesystem("s3").mkdir(name)
    yield f"s3://{name}"
    s3_server.every, s3_server.refuse_writes = 0, False
