"""The text files of one source: resolve the names in `\\input`."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from vary_data.sources.arxiv.read.archive import Members
from vary_data.sources.arxiv.read.decode import decode

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")


@dataclass(slots=True)
class Project:
    """Text files by their path; decoded when first asked for, and then kept unless not `keep`."""

    members: Members
    keep: bool = True
    _texts: dict[str, str] = field(default_factory=dict)

    def text(self, path: str) -> str:
        """The decoded text of a file.

        Raises:
            KeyError: there is no such file.
        """
        known = self._texts.get(path)
        if known is None:
            known = decode(self.members.files[path])
            if self.keep:
                self._texts[path] = known
        return known

    def resolve(
        self, name: str, folders: tuple[str, ...], suffix: str = ".tex", exact: bool = False
    ) -> str | None:
        """The path of a file name, searched in folders inside the source only.

        `suffix` is appended; unless `exact`, the name as it is counts, too.

        Raises:
            PermissionError: a name that points outside.
        """
        name = name.strip().strip('"').replace("\\", "/")
        if posixpath.isabs(name) or name.startswith("~") or "|" in name or "\0" in name:
            raise PermissionError(name)
        outside = True
        for folder in folders:
            path = posixpath.normpath(posixpath.join(folder, name))
            if path.startswith(".."):
                continue
            outside = False
            for candidate in (path + suffix,) if exact else (path + suffix, path):
                if candidate in self.members.files:
                    return candidate
        if outside:
            raise PermissionError(name)
        return None


def without_comments(text: str) -> str:
    """TeX without its comments; `\\%` is kept."""
    return _COMMENT.sub(r"\1", text)
