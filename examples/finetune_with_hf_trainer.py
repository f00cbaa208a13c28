"""Fine-tuning a Vary-tiny with the Trainer of Hugging Face Transformers.

    pip install accelerate
    python examples/finetune_with_hf_trainer.py --steps 20

Trains a toy model for a few steps with `trainer.train`, then goes on with `transformers.Trainer`,
saves the result and loads it again: one to two minutes on two CPU cores. Replace `start` by the
folder of a model of yours. The toy is too small to read charts; only its loss goes down.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from datasets import load_dataset
from torch.nn.utils.rnn import pad_sequence
from transformers import Trainer, TrainingArguments

from vary_data import generate


def main() -> None:
    from trainer import load_reader, train
    from trainer.model.configuration import image_tokens
    from trainer.model.conversation import ChatTurn, encode

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-o", "--out", type=Path, default=Path("out/finetune"))
    parser.add_argument("--steps", type=int, default=20)
    arguments = parser.parse_args()
    start, tuned = arguments.out / "start", arguments.out / "tuned"
    charts = generate("render-charts", arguments.out / "data", num_samples=64, types=["bar"])
    train("tiny-toy", start, [str(charts.path)], ["train.steps=4", "warm_up.mode=none"])
    reader = load_reader(start)
    model, processor = reader.model.train(), reader.processor

    def collate(rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        """Image, answer and labels; the labels of everything but the answer are -100."""
        tokens = image_tokens(processor.image_processor.image_size)
        question = ChatTurn("user", "", images=1)
        turns = [[question, ChatTurn("assistant", row["text"])] for row in rows]
        encoded = [encode(processor.tokenizer, processor.conversation, t, tokens) for t in turns]
        ids = [torch.tensor(e.ids[:512]) for e in encoded]
        labels = [torch.tensor(e.labels[:512]) for e in encoded]
        return {
            "input_ids": pad_sequence(ids, True, 0),
            "labels": pad_sequence(labels, True, -100),
            "attention_mask": pad_sequence([torch.ones_like(i) for i in ids], True, 0),
            **processor.image_processor([row["image"] for row in rows]),
        }

    settings = TrainingArguments(
        str(tuned), max_steps=arguments.steps, per_device_train_batch_size=8, learning_rate=1e-3,
        logging_steps=5, report_to="none", save_strategy="no", remove_unused_columns=False,
        use_cpu=True, disable_tqdm=True,
    )  # fmt: skip
    rows = load_dataset(str(arguments.out / "data"), charts.name, split="train")
    Trainer(model=model, args=settings, train_dataset=rows, data_collator=collate).train()

    model.save_pretrained(tuned)
    processor.save_pretrained(tuned)
    (answer,) = load_reader(tuned, max_new_tokens=40).read([rows[0]["image"]], "")
    print(f"the tuned model answers: {answer.text!r}")


if __name__ == "__main__":
    main()
