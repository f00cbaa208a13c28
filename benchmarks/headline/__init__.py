"""A Vary-tiny that reads, from random weights: data, training and test by one command.

    python -m benchmarks.headline prepare FOLDER [--cache FOLDER] [--lang both] [--latex]
    python -m benchmarks.headline run FOLDER --out OUT [--gpus 4] [--minutes 22] [--seed 0]
                                  [--data-seed 0] [--scale 1] [--lang both] [--latex]
                                  [--after RUN] [--recipe FILE] [SETTING ...]

`prepare` needs the network and some minutes: texts, fonts, and the test of real documents, none of
which the texts are from. The folder can be copied to the machine that trains. `run` needs no
network: it sets pages in many styles, draws charts, trains a Vary-tiny from random weights for
`--minutes` on all GPUs, and answers the test. A stage that ended is not repeated: the same command
goes on after an interruption. OUT gets data, pdf, run (the model), answers, compiling (a training
of some steps that fills the compiler's cache; it can be deleted), a log per stage, and stages.jsonl
with their times. With `--after` the model of a run is trained on, by the last stage of the warm-up
only; another `--data-seed` gives it other charts and pages. `--scale` is that of the data: 1 for 64
cores, 0.5 for 32. With `--latex`, `prepare` also sets LaTeX sources in several templates, for which
it needs TeX, and `run` trains on them and asks for the Markdown of others. A trial with `--gpus 0
--scale 0.002 --recipe trainer/recipes/tiny-toy.yaml` runs on two CPU cores.
"""
