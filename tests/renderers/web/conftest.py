"""One open browser for the tests of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from renderers.languages.registry import languages
from renderers.tool_errors import ToolNotFound
from renderers.web import renderer as renderer_module
from renderers.web.document import Block, PageStyle, WebPage
from renderers.web.renderer import RenderedPage, WebRenderer

Draw = Callable[..., RenderedPage]
STYLE = PageStyle("test", 600, 400, 400, 14, "DejaVu Sans", "DejaVu Sans", "DejaVu Sans Mono")


@pytest.fixture(scope="session")
def opened() -> Iterator[WebRenderer]:
    try:
        made = WebRenderer(800, tuple(languages()))
    except ToolNotFound as error:
        pytest.skip(str(error))
    yield made
    made.close()


@pytest.fixture
def draw(opened: WebRenderer, monkeypatch: pytest.MonkeyPatch) -> Draw:
    """Draws blocks with a look of the test's own CSS."""
    return drawing_with(opened, monkeypatch)


def drawing_with(opened: WebRenderer, monkeypatch: pytest.MonkeyPatch) -> Draw:
    """The same with another open renderer."""

    def render(*blocks: Block, css: str = "", lang: str = "en", **style: Any) -> RenderedPage:
        known = {**renderer_module.looks(), "test": css}
        with monkeypatch.context() as patch:
            patch.setattr(renderer_module, "looks", lambda: known)
            return opened.render(WebPage("test", lang, blocks), replace(STYLE, **style))

    return render
