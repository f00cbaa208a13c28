"""The prompts of single-turn samples, by format and language."""

from __future__ import annotations

import numpy as np

from vary_data.dataset.languages import languages

POOLS: dict[tuple[str, str], tuple[str, ...]] = {
    ("dict", "en"): (
        "Convert this chart to a python dict.",
        "Convert the key information of the chart to a python dict:",
        "Read the chart and give its content as a python dict.",
        "What does this chart show? Answer with a python dict.",
    ),
    ("dict", "zh"): (
        "将这张图表转换成 python 字典。",
        "把图表中的关键信息写成 python 字典：",
        "读出图表内容，用 python 字典回答。",
        "这张图表展示了什么？请用 python 字典作答。",
    ),
    ("plain", "en"): (
        "Provide the OCR results of this image.",
        "Write out all the text in this image.",
        "Read this page.",
        "What text is on this page?",
    ),
    ("plain", "zh"): (
        "写出这幅图中所有文字。",
        "读出图中的文字。",
        "识别这一页的全部文字。",
        "这幅图里写了什么？",
    ),
    ("markdown", "en"): (
        "Convert the image to markdown format.",
        "Convert this page to markdown.",
        "Transcribe this page as markdown.",
    ),
    ("markdown", "zh"): (
        "将这幅图转成 markdown 格式。",
        "把这一页转写成 markdown。",
        "用 markdown 写出这一页。",
    ),
    ("mmd", "en"): (
        "Convert the image to markdown format.",
        "Convert this page to markdown.",
        "Transcribe this page as markdown with LaTeX formulas and tables.",
    ),
    ("mmd", "zh"): (
        "将这幅图转成 markdown 格式。",
        "把这一页转写成 markdown。",
        "用 markdown 写出这一页，公式和表格用 LaTeX。",
    ),
    ("caption", "en"): (
        "Describe this image.",
        "What is in this image?",
        "Give a short caption for this image.",
    ),
    ("caption", "zh"): ("描述这幅图。", "图中有什么？", "用一句话说明这幅图。"),
}


def pick(rng: np.random.Generator, format_: str, lang: str) -> str:
    """A prompt from the pool of this format (a column value) and language.

    Of a language of the registry alone, half of the prompts are English.
    """
    pool = POOLS.get((format_, lang))
    if pool is None:
        pool = POOLS[format_, "en"]
        own = languages()[lang].prompts.get(format_, ())
        if own and rng.integers(2):
            pool = own
    return pool[int(rng.integers(len(pool)))]
