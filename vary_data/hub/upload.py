"""The upload, with a one-line message for every error."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from vary_data.base.errors import UsageError, VaryError
from vary_data.hub.stage import Stage

RESUME = "run the same command again to continue"
REPO = re.compile(r"[A-Za-z0-9_]([\w.-]{0,94}\w)?/[A-Za-z0-9_]([\w.-]{0,94}\w)?", re.ASCII)
INVALID_CARD = "Invalid metadata in README.md."
"""Start of the messages of `huggingface_hub` from the Hub's validator."""
LOGIN = "log in with `hf auth login`, or set HF_TOKEN"


class UploadFailed(VaryError):
    """The upload stopped or was refused."""


def check_name(repo: str) -> None:
    """Check the name of a repository.

    Raises:
        UsageError: the Hub does not allow this name.
    """
    if not REPO.fullmatch(repo) or "--" in repo or ".." in repo:
        raise UsageError(
            f"{repo!r} is not a valid name of a repository",
            "expected ORG/NAME of letters, digits, - _ and ., each up to 96 of them",
        )


def endpoint() -> str:
    """The Hub's address, which HF_ENDPOINT changes."""
    from huggingface_hub.constants import ENDPOINT

    return ENDPOINT


def upload(stage: Stage, repo: str, private: bool, message: str) -> str:
    """Create the repository if it is missing, and upload the staged files.

    Files that are already there are not sent again, so calling this again resumes a stopped
    upload; shards of an earlier upload that are not in the stage are deleted. The Hub validates
    the card before anything is sent.

    Returns:
        The address of the repository.

    Raises:
        UploadFailed: no token, no permission, no network, or the Hub rejects the upload.
    """
    from huggingface_hub import HfApi, get_token

    if get_token() is None:
        raise UploadFailed("no Hugging Face token was found", LOGIN)
    api = HfApi()
    with _explained(repo):
        api.create_repo(repo, repo_type="dataset", private=private or None, exist_ok=True)
        if private and not api.repo_info(repo, repo_type="dataset").private:
            raise UploadFailed(
                f"{repo} exists already and is public",
                "make it private on its settings page, or choose another name",
            )
        api.upload_folder(
            repo_id=repo,
            repo_type="dataset",
            folder_path=stage.folder,
            delete_patterns=stage.replaced,
            commit_message=message,
        )
    return f"{endpoint()}/datasets/{repo}"


@contextlib.contextmanager
def _explained(repo: str) -> Iterator[None]:
    """Raise every exception of the Hub's client as an `UploadFailed` with one line."""
    try:
        yield
    except VaryError:
        raise
    except Exception as error:
        raise _explanation(error, repo) from error


def _explanation(error: BaseException, repo: str) -> UploadFailed:
    from huggingface_hub.errors import HfHubHTTPError

    causes: list[BaseException] = [error]
    while (earlier := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(earlier)
    if str(error).startswith(INVALID_CARD):
        message = " ".join(str(error).removeprefix(INVALID_CARD).split())
        return UploadFailed(f"the Hub does not accept the card: {message}")
    for cause in causes:
        if isinstance(cause, HfHubHTTPError):
            status = cause.response.status_code
            if "/api/" not in str(cause.response.url):
                return UploadFailed(f"the Hub's storage rejected a file with {status}", RESUME)
            return _http_failure(status, _first_line(cause), repo)
    if any("connect" in type(cause).__name__.lower() for cause in causes):
        return UploadFailed(f"cannot reach {endpoint()}: {_first_line(error)}", RESUME)
    return UploadFailed(f"the upload stopped: {_first_line(error)}", RESUME)


def _http_failure(status: int, message: str, repo: str) -> UploadFailed:
    if status == 401:
        return UploadFailed("the Hub does not accept the token", LOGIN)
    if status == 403:
        hint = f"it needs permission to write to {repo.partition('/')[0]}"
        return UploadFailed(f"the token may not write to {repo}", hint)
    if status == 404:
        return UploadFailed(f"the Hub has no {repo}, or does not show it to this token")
    if status == 429:
        return UploadFailed("too many requests to the Hub", f"wait a few minutes; {RESUME}")
    if status >= 500:
        return UploadFailed(f"the Hub failed with {status}", RESUME)
    return UploadFailed(f"the Hub rejected the request: {message}")


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines or [type(error).__name__])[0][:300]
