from __future__ import annotations

from pathlib import Path

import pytest

from renderers.charts.backend import ToolNotFound
from renderers.charts.echarts import install


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without browser and ECharts: no PATH, an empty home, a module in no checkout."""
    for name in (install.BROWSER_ENV, install.ECHARTS_ENV, "PLAYWRIGHT_BROWSERS_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(install, "__file__", str(tmp_path / "site" / "install.py"))
    return tmp_path


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def script(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    return path


def test_without_a_browser_the_error_names_what_to_install(nowhere: Path) -> None:
    with pytest.raises(
        ToolNotFound, match=r"apt-get install chromium.*--browser.*--backend matplotlib needs none"
    ):
        install.find_browser()


def test_browsers_are_found_in_order(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = nowhere / "home/.cache/ms-playwright"
    older = program(folder / "chromium-1100/chrome-linux/chrome")
    assert install.find_browser() == older
    newer = program(folder / "chromium-1200/chrome-linux64/chrome")
    assert install.find_browser() == newer
    chrome = program(nowhere / "bin/google-chrome")
    assert install.find_browser() == chrome
    mine = program(nowhere / "mine")
    monkeypatch.setenv(install.BROWSER_ENV, str(mine))
    assert install.find_browser() == mine
    assert install.find_browser(str(chrome)) == chrome
    with pytest.raises(ToolNotFound, match=r"--browser.*no-such"):
        install.find_browser("no-such")


def test_a_snap_is_no_browser(nowhere: Path) -> None:
    target = program(nowhere / "snap/bin/chromium")
    (nowhere / "bin").mkdir()
    (nowhere / "bin/chromium").symlink_to(target)
    with pytest.raises(ToolNotFound):
        install.find_browser()


def test_echarts_is_found_in_order(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ToolNotFound, match=rf"npm install echarts@{install.ECHARTS_VERSION}"):
        install.find_echarts_js()
    cached = script(install.cached_echarts_js())
    assert cached.is_relative_to(nowhere / "cache/vary-data")
    assert install.find_echarts_js() == cached
    above = script(nowhere / "node_modules/echarts/dist/echarts.min.js")
    assert install.find_echarts_js() == above
    vendored = script(nowhere / "site/vendor/echarts.min.js")
    assert install.find_echarts_js() == vendored
    mine = script(nowhere / "mine.js")
    monkeypatch.setenv(install.ECHARTS_ENV, str(mine))
    assert install.find_echarts_js() == mine
    assert install.find_echarts_js(str(above)) == above
    with pytest.raises(ToolNotFound, match=r"--echarts-js.*gone\.js"):
        install.find_echarts_js("gone.js")
