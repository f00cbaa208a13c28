"""The upload, and what can go wrong with it in one line each."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from vary_data.base.errors import UsageError, VaryError
from vary_data.hub.stage import Stage

RESUME = "the same command again goes on where this one stopped"
REPO = re.compile(r"[A-Za-z0-9_]([\w.-]{0,94}\w)?/[A-Za-z0-9_]([\w.-]{0,94}\w)?", re.ASCII)
INVALID_CARD = "Invalid metadata in README.md."
"""How `huggingface_hub` begins what the Hub's validator says."""
LOGIN = "log in with `hf auth login`, or set HF_TOKEN"


class UploadFailed(VaryError):
    pass


def check_name(repo: str) -> None:
    """Raises:
    UsageError: this cannot name a repository on the Hub.
    """
    if not REPO.fullmatch(repo) or "--" in repo or ".." in repo:
        raise UsageError(
            f"{repo!r} does not name a repository",
            "expected ORG/NAME of letters, digits, - _ and ., each up to 96 of them",
        )


def endpoint() -> str:
    """The Hub's address; HF_ENDPOINT moves it."""
    from huggingface_hub.constants import ENDPOINT

    return ENDPOINT


def upload(stage: Stage, repo: str, private: bool, message: str) -> str:
    """Create the repository where it is missing, and make it hold what the stage holds.

    What is there already is not sent again, so that a stopped upload is resumed by calling this
    again; shards of an earlier upload that are not in the stage are deleted. The card is
    validated by the Hub before anything is sent. The address of the repository.

    Raises:
        UploadFailed: no token, no right, no network, or the Hub refuses.
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
    """The Hub's client raises what its libraries raise; for people it is always one line."""
    try:
        yield
    except VaryError:
        raise
    except Exception as error:
        raise _explanation(error, repo) from error


def _explanation(error: BaseException, repo: str) -> UploadFailed:
    from huggingface_hub.errors import HfHubHTTPError

    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    if str(error).startswith(INVALID_CARD):
        said = " ".join(str(error).removeprefix(INVALID_CARD).split())
        return UploadFailed(f"the Hub does not accept the card: {said}")
    for one in causes:
        if isinstance(one, HfHubHTTPError):
            status = one.response.status_code
            if "/api/" not in str(one.response.url):
                return UploadFailed(f"the Hub's storage refused a file with {status}", RESUME)
            return _refusal(status, _first_line(one), repo)
    if any("connect" in type(one).__name__.lower() for one in causes):
        return UploadFailed(f"cannot reach {endpoint()}: {_first_line(error)}", RESUME)
    return UploadFailed(f"the upload stopped: {_first_line(error)}", RESUME)


def _refusal(status: int, said: str, repo: str) -> UploadFailed:
    if status == 401:
        return UploadFailed("the Hub does not accept the token", LOGIN)
    if status == 403:
        hint = f"it needs the right to write to {repo.partition('/')[0]}"
        return UploadFailed(f"the token may not write to {repo}", hint)
    if status == 404:
        return UploadFailed(f"the Hub does not know {repo}, or does not show it to this token")
    if status == 429:
        return UploadFailed("the Hub asks to slow down", f"wait a while; {RESUME}")
    if status >= 500:
        return UploadFailed(f"the Hub failed with {status}", RESUME)
    return UploadFailed(f"the Hub refused: {said}")


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines or [type(error).__name__])[0][:300]
