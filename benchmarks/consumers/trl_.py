"""TRL's `SFTTrainer` on an export."""

from __future__ import annotations

from pathlib import Path

from benchmarks.consumers.tiny_llava import tiny_llava

STEPS = 2


def train_with_trl(source: Path, folder: Path) -> str:
    from datasets import load_dataset
    from trl import SFTConfig, SFTTrainer

    rows = load_dataset(str(source), split="train", cache_dir=str(folder / "cache"))
    model, processor = tiny_llava()
    settings = SFTConfig(
        output_dir=str(folder / "run"), max_steps=STEPS, per_device_train_batch_size=2,
        max_length=None, report_to=[], use_cpu=True, logging_steps=1, save_strategy="no",
        remove_unused_columns=False, dataset_kwargs={"skip_prepare_dataset": True},
        gradient_checkpointing=False, bf16=False, disable_tqdm=True,
    )  # fmt: skip
    trainer = SFTTrainer(model=model, args=settings, train_dataset=rows, processing_class=processor)
    done = trainer.train()
    assert done.global_step == STEPS, done
    assert 0 < done.training_loss < 20, done
    return f"SFTTrainer: {len(rows)} rows, {STEPS} steps, loss {done.training_loss:.2f}"
