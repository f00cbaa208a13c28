"""Exports read by the code of those for whom they are made.

    pip install trl webdataset           # two parts
    pip install --no-deps llamafactory   # a third
    python -m venv swift && swift/bin/pip install ms-swift     # a fourth
    python -m benchmarks.consumers --swift swift/bin/python

Makes a few charts and browser pages, exports them, and

* trains a small random LLaVA for two steps on the CPU with TRL's `SFTTrainer`, from the folder of
  `--format trl`;
* reads the folder of `--format llava` with LLaMA-Factory's own parser and converter;
* reads the folder of `--format swift` with ms-swift's own loader, encodes every row with its
  template, compares the answers and the scaled boxes, and trains the same LLaVA for two steps with
  `swift sft`;
* reads the tars of `--format webdataset` with the library webdataset.

A part whose package is not installed is left out and named. ms-swift needs older versions of
datasets and TRL than the others, hence an environment of its own.
"""
