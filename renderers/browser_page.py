"""One Chromium with one page, kept open for a worker's whole life.

Playwright starts Chromium with its control channel on a pipe, so Chromium leaves as soon as the
worker or Playwright's driver is gone, however it went: a test kills them with SIGKILL.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import Browser, CDPSession, Page, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from renderers.fonts import Family, face_data
from renderers.tool_errors import BackendDied, BackendError, ToolNotFound

START_TIMEOUT = 60.0
"""Seconds to start Chromium: a busy machine needs many."""
STOP_TIMEOUT = 10.0
"""Seconds to stop Chromium."""
PING_TIMEOUT = 5.0
"""Seconds in which a page that works answers."""

CSS_DPI = 96
"""Pixels of CSS in an inch."""

MAX_TEMPORARY = 60
"""Characters of a folder in which Chromium can make the socket that it needs to start: a socket's
path has at most 107, and Chromium adds 45."""
_MIN_SHARED_MEMORY = 512 << 20
"""Free bytes of /dev/shm from which on Chromium may use it. In a container it has 64 MiB."""
_SHARED_MEMORY = Path("/dev/shm")
_NO_SHARED_MEMORY = "--disable-dev-shm-usage"

T = TypeVar("T")

_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-lcd-text",
    "--disable-sync",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--in-process-gpu",
    "--no-first-run",
    "--no-pings",
)
_BLANK = (
    '<!doctype html><meta charset="utf-8">'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">'
)
NOTHING = "default-src 'none'"
"""A content security policy under which a page loads nothing."""

_LOAD_FONT = """async (json) => {
  const { name, weight, style, data } = JSON.parse(json);
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const font = new FontFace(name, bytes, { weight, style });
  await font.load();
  document.fonts.add(font);
}"""


class PageFailed(BackendError):
    """A script of the page threw an error; the page itself is well."""


class BrowserPage:
    """A page that runs given scripts. Not thread-safe; must be opened in the process that uses it.

    The page has no network. It is replaced after `recycle_after` calls of `count_use`, which gives
    its memory back.
    """

    failure: type[PageFailed] = PageFailed
    """What an error of the page's scripts is raised as."""

    def __init__(
        self,
        browser: Path,
        scripts: Sequence[str],
        *,
        timeout: float = 20.0,
        recycle_after: int = 1000,
        named: str = "",
        policy: str = NOTHING,
        viewport: tuple[int, int] | None = None,
    ) -> None:
        """Start Chromium and run the scripts in an empty page.

        `named` is the script that the user chose, for errors, `policy` the page's content security
        policy, `viewport` its size in pixels.

        Raises:
            ToolNotFound: the program is not Chromium, a script fails, or the path of the folder
                for temporary files is too long.
        """
        self._scripts = list(scripts)
        self._executable = browser
        self._timeout = timeout
        self._recycle_after = recycle_after
        self._content = _BLANK.format(policy=policy)
        self._viewport = viewport
        self._drawn = 0
        self._fonts: list[tuple[str, str, str, Callable[[], bytes]]] = []
        self._temporary: int | None = None
        self._folder = self._temporary_folder()
        self._loop = asyncio.new_event_loop()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._page: Page | None = None
        self._devtools: CDPSession | None = None
        try:
            self._run(self._start(), START_TIMEOUT)
        except BackendDied as error:
            self.close()
            failed = f"{browser} did not start" + (f" with {named}" if named else "")
            advice = "check both paths" if named else "give the path of Chromium to --browser"
            raise ToolNotFound(failed, f"{advice} ({error.message})") from error

    def call(self, function: str, argument: Any) -> Any:
        """Call a function of the scripts with plain data; it takes and returns JSON text.

        Raises:
            PageFailed: the script threw an error.
            BackendDied: the page crashed, or did not answer in time.
        """
        text = json.dumps(argument, ensure_ascii=False, separators=(",", ":"))
        return json.loads(self._run(self._evaluate(function, text), self._timeout))

    def count_use(self) -> None:
        """Count a use of the page, and replace it if it was used often enough."""
        if self._drawn >= self._recycle_after:
            self._run(self._new_page(), self._timeout)
            for font in self._fonts:
                self._load_font(*font)
        self._drawn += 1

    def add_font(self, family: Family) -> bool:
        """Load a family from its files, as `@font-face` does, for this page and those after it.

        Returns whether Chromium takes its files: it refuses damaged ones that others read.

        Raises:
            BackendDied: the page crashed, or did not answer in time.
        """
        faces = (("normal", family.regular), ("bold", family.bold))
        named = [(weight, face) for weight, face in faces if face is not None]
        try:
            for weight, face in named:
                self.add_font_file(family.name, weight, "normal", partial(face_data, face))
        except PageFailed:
            return False
        return True

    def add_font_file(self, name: str, weight: str, style: str, read: Callable[[], bytes]) -> None:
        """Load one file of a family, for this page and those after it.

        Raises:
            PageFailed: Chromium refuses the file.
            BackendDied: the page crashed, or did not answer in time.
        """
        self._load_font(name, weight, style, read)
        self._fonts.append((name, weight, style, read))

    def _load_font(self, name: str, weight: str, style: str, read: Callable[[], bytes]) -> None:
        data = base64.b64encode(read()).decode("ascii")
        request = json.dumps({"name": name, "weight": weight, "style": style, "data": data})
        self._run(self._evaluate(_LOAD_FONT, request), self._timeout)

    def screenshot(self, width: int, height: int) -> bytes:
        """The top left of the viewport as PNG.

        Raises:
            BackendDied: the page crashed, or did not answer in time.
        """
        return self._run(self._capture(width, height), self._timeout)

    def pdf(self, width: int, height: int) -> bytes:
        """The page as PDF, on sheets of this size in pixels of CSS, with the styles of the screen.

        Raises:
            BackendDied: the page crashed, or did not answer in time.
        """
        return self._run(self._print(width, height), self._timeout)

    def close(self) -> None:
        """Stop Chromium; never fails and may be called twice."""
        if self._loop.is_closed():
            return
        try:
            self._loop.run_until_complete(asyncio.wait_for(self._stop(), STOP_TIMEOUT))
        except (PlaywrightError, TimeoutError, OSError):
            pass  # a dead browser cannot be stopped again; its pipe ends with this process
        finally:
            _cancel_all(self._loop)
            self._loop.close()
            if self._temporary is not None:
                os.close(self._temporary)

    def _run(self, work: Coroutine[Any, Any, T], timeout: float) -> T:
        if self._loop.is_closed():
            work.close()
            raise BackendDied("the browser was closed")
        try:
            return self._loop.run_until_complete(asyncio.wait_for(work, timeout))
        except TimeoutError:
            raise BackendDied(f"the page did not answer within {timeout:g} s") from None
        except PlaywrightError as error:
            first = str(error).strip().splitlines()[0]
            if self._alive():
                raise self.failure(first) from None
            raise BackendDied(f"the browser died: {first}") from None

    def _alive(self) -> bool:
        """Whether the page still answers, so that an error was the chart's own."""
        if self._page is None:
            return False
        try:
            ping = asyncio.wait_for(self._evaluate("1"), PING_TIMEOUT)
            return bool(self._loop.run_until_complete(ping) == 1)
        except (PlaywrightError, TimeoutError):
            return False

    async def _start(self) -> None:
        self._playwright = await async_playwright().start()
        shared = self._temporary is not None
        self._browser = await self._playwright.chromium.launch(
            executable_path=self._executable,
            env={**os.environ, "TMPDIR": self._folder},
            args=list(_ARGUMENTS),
            # Playwright's default is shared memory in the folder for temporary files.
            ignore_default_args=[_NO_SHARED_MEMORY] if shared else None,
            chromium_sandbox=os.geteuid() != 0,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
        await self._new_page()

    def _temporary_folder(self) -> str:
        """The folder for temporary files, by a path that is short enough.

        A short path through `/proc` is for Chromium's first process only: the others have fewer
        rights, so that shared memory cannot be there.

        Raises:
            ToolNotFound: the path is too long, and there is no other place for shared memory.
        """
        folder = tempfile.gettempdir()
        if len(folder) <= MAX_TEMPORARY:
            return folder
        if not Path("/proc/self/fd").is_dir() or not _has_shared_memory():
            raise ToolNotFound(
                f"Chromium cannot use {folder}: its path is longer than {MAX_TEMPORARY} characters",
                f"set TMPDIR to a shorter path, or give {_SHARED_MEMORY} more space",
            )
        self._temporary = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        return f"/proc/{os.getpid()}/fd/{self._temporary}"

    async def _new_page(self) -> None:
        """A fresh page without network, in its own context so that closing it frees all of it."""
        assert self._browser is not None
        if self._page is not None:
            await self._page.context.close()
        width, height = self._viewport or (1280, 720)
        context = await self._browser.new_context(
            offline=True,
            timezone_id="UTC",
            locale="en-US",
            viewport={"width": width, "height": height},
        )
        await context.route("**/*", lambda route: route.abort())
        page = await context.new_page()
        await page.set_content(self._content)
        for script in self._scripts:
            await page.evaluate(script)
        self._page = page
        self._devtools = await context.new_cdp_session(page)
        self._drawn = 0

    async def _capture(self, width: int, height: int) -> bytes:
        assert self._devtools is not None
        answer = await self._devtools.send(
            "Page.captureScreenshot",
            {
                "format": "png",
                "optimizeForSpeed": True,
                "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1},
            },
        )
        return base64.b64decode(answer["data"])

    async def _print(self, width: int, height: int) -> bytes:
        assert self._devtools is not None
        await self._devtools.send("Emulation.setEmulatedMedia", {"media": "screen"})
        answer = await self._devtools.send(
            "Page.printToPDF",
            {
                "paperWidth": width / CSS_DPI,
                "paperHeight": height / CSS_DPI,
                **dict.fromkeys(("marginTop", "marginBottom", "marginLeft", "marginRight"), 0),
                "printBackground": True,
            },
        )
        return base64.b64decode(answer["data"])

    async def _evaluate(self, expression: str, argument: str | None = None) -> Any:
        assert self._page is not None
        return await self._page.evaluate(expression, argument)

    async def _stop(self) -> None:
        if self._browser is not None:
            await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()


def _has_shared_memory() -> bool:
    try:
        space = os.statvfs(_SHARED_MEMORY)
    except OSError:
        return False
    return space.f_bavail * space.f_frsize >= _MIN_SHARED_MEMORY


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    if pending:
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
