"""What to apply to samples: a profile of degradations, its strength, and to how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from vary_data.base.errors import SourceError, ToolMissing, UsageError, nearest
from vary_data.base.options import check_values, from_plain, option
from vary_data.base.plain_yaml import plain_yaml
from vary_data.base.seed import stable_hash
from vary_data.base.storage import location

if TYPE_CHECKING:
    from renderers.degrade.profile import Profile

MAX_PROFILE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Degradation:
    """A profile, how strong its steps are, and the share of the samples that it is applied to."""

    profile: str = option("mix")
    """The name of a packaged profile, or the path of a YAML file."""
    strength: float = option(0.6, range=(0, 1))
    """How strong the steps are: 0 is none, 1 the ranges of the profile."""
    share: float = option(1.0, range=(0, 1))
    """Share of the samples that is degraded."""
    backgrounds: str = option("", role="path")
    """Folder of photographs, empty for procedural backgrounds."""
    steps: Any = option(None)  # noqa: RUF009
    """The content of the profile's file, so that a recipe does not need the file."""

    @classmethod
    def from_plain(cls, data: Mapping[str, Any], where: str) -> Degradation:
        """Raises:
        UsageError: an unknown key, or a value that is not allowed.
        """
        values = {key: value for key, value in data.items() if key != "steps"}
        read = replace(from_plain(cls, values, where), steps=data.get("steps"))
        check_values(read, f"{where}.")
        return read  # type: ignore[no-any-return]

    def to_plain(self) -> dict[str, Any]:
        """Plain data with every field that has a value."""
        return {key: value for key, value in asdict(self).items() if value not in ("", None)}

    def resolved(self) -> Degradation:
        """This degradation with the content of the profile's file; everything is checked.

        Raises:
            UsageError: the profile is unknown, or has an error.
            SourceError: its file or the folder of backgrounds cannot be read.
            ToolMissing: OpenCV is not installed.
        """
        from renderers.degrade.profile import NAMES, ProfileError, read_yaml

        found = self
        if self.steps is None and self.profile not in NAMES:
            if not self.profile.endswith((".yaml", ".yml")):
                hint = f"{nearest(self.profile, NAMES)}; a file of your own ends in .yaml"
                raise UsageError(f"unknown profile {self.profile!r}", hint)
            try:
                found = replace(self, steps=read_yaml(_text(self.profile), plain_yaml))
            except ProfileError as error:
                raise _unusable(self.profile, error) from error
        found.load()
        return replace(found, profile=PurePath(self.profile).stem) if found.steps else found

    def load(self) -> Profile:
        """The profile.

        Raises:
            UsageError: it has an error.
            SourceError: the folder of backgrounds cannot be read.
            ToolMissing: OpenCV is not installed.
        """
        try:
            import cv2  # noqa: F401
        except ImportError as error:
            hint = "pip install 'vary-data[degrade]'"
            raise ToolMissing("OpenCV is not installed", hint) from error
        from renderers.degrade.backdrop import pictures
        from renderers.degrade.profile import ProfileError, from_plain, packaged

        if self.steps is None:
            profile = packaged(self.profile)
        else:
            try:
                profile = from_plain(self.steps, PurePath(self.profile).stem)
            except ProfileError as error:
                raise _unusable(self.profile, error) from error
        if self.backgrounds:
            profile = profile.with_backgrounds(self.backgrounds)
        for step in profile.all_steps():
            folder = step.ranges["folder"][0] if step.name == "background" else ""
            if folder and not pictures(folder):
                hint = "name a local folder of photographs"
                raise SourceError(f"{folder} has no JPEG, PNG or WebP files", hint)
        return profile

    def digest(self) -> str:
        """A hash of the profile's content and of the names of the backgrounds."""
        from renderers.degrade.backdrop import pictures

        names = pictures(self.backgrounds) if self.backgrounds else ()
        return f"{stable_hash(self.load().to_json(), *names):016x}"


def _unusable(path: str, error: Exception) -> UsageError:
    return UsageError(f"{path}: {error}", "docs/degrade.md describes profiles")


def _text(path: str) -> str:
    try:
        data = location(path).read_bytes()
        if len(data) > MAX_PROFILE_BYTES:
            hint = "a profile is a short list of steps"
            raise SourceError(f"{path} has {len(data):,} bytes", hint)
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SourceError(f"cannot read the profile {path}: {reason}") from error
