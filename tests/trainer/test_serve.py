"""A saved model behind transformers' server, asked by OpenAI's client."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from PIL import Image

from tests.tools.local_servers import free_port, wait_for
from tests.trainer.small import save_small_model
from trainer import load_reader
from trainer.errors import RunError, SettingsError
from trainer.serving import serve
from trainer.weights import lora

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_small_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[openai.OpenAI]:
    pytest.importorskip("fastapi", reason="the server's packages are not installed")
    pytest.importorskip("uvicorn", reason="the server's packages are not installed")
    port = free_port()
    command = [sys.executable, "-m", "trainer", "serve", "--model", str(folder), "--port",
               str(port), "--host", "127.0.0.1", "--device", "cpu"]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}) as server:
        try:
            wait_for(port, server)
            with openai.OpenAI(
                base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0
            ) as client:
                yield client
        finally:
            server.kill()


def test_a_picture_gets_the_answer_of_predict(folder: Path, client: openai.OpenAI) -> None:
    picture = Image.linear_gradient("L").convert("RGB")
    (expected,) = load_reader(folder, device="cpu", max_new_tokens=12).read([picture])
    data = io.BytesIO()
    picture.save(data, "PNG")
    url = "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()
    answer = client.chat.completions.create(
        model="vary",
        messages=[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}],
        max_tokens=12,
    )
    assert answer.choices[0].message.content == expected.text
    assert expected.text
    assert answer.usage is not None
    assert answer.usage.completion_tokens == expected.tokens


def test_files_of_the_server_are_not_read(client: openai.OpenAI, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "secret.png")
    for url in (str(tmp_path / "secret.png"), "http://127.0.0.1:1/x.png"):
        with pytest.raises(openai.BadRequestError) as refused:
            client.chat.completions.create(
                model="vary",
                messages=[
                    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}
                ],
            )
        assert "data: URLs" in refused.value.response.text


def test_wrong_uses_are_one_line(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="holds no model"):
        serve(tmp_path)
    with pytest.raises(SettingsError, match=r"--name is '\.\./x'"):
        serve(folder, name="../x")
    (tmp_path / lora.CONFIG).write_text("{}")
    with pytest.raises(RunError, match="vary-train merge"):
        serve(tmp_path)
