from __future__ import annotations

from collections.abc import Iterator

import pytest

from renderers.charts.backend import ToolNotFound
from renderers.charts.echarts import EchartsBackend, find_browser, find_echarts_js
from renderers.charts.echarts.browser import ChartPage
from renderers.charts.look_names import FREE


def _skip_without_tools() -> None:
    try:
        find_browser()
        find_echarts_js()
    except ToolNotFound as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def backend() -> Iterator[EchartsBackend]:
    """Without looks, which have tests of their own."""
    _skip_without_tools()
    opened = EchartsBackend(looks=(FREE,))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def page() -> Iterator[ChartPage]:
    _skip_without_tools()
    opened = ChartPage(find_browser(), find_echarts_js())
    yield opened
    opened.close()


@pytest.fixture
def own_page() -> Iterator[ChartPage]:
    """A browser that the test may kill."""
    _skip_without_tools()
    opened = ChartPage(find_browser(), find_echarts_js(), timeout=60.0)
    yield opened
    opened.close()
