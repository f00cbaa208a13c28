"""The prompts of forms, by language."""

from __future__ import annotations

from collections.abc import Sequence

from vary_data.targets.charts.chart_words import chart_words

PROMPTS: dict[str, dict[str, tuple[str, ...]]] = {
    "html": {
        "en": ("Convert the image to HTML.", "Write this image as HTML.", "Transcribe as HTML."),
        "zh": ("将这幅图转成 HTML。", "用 HTML 写出图中内容。"),
    },
    "html-structure": {
        "en": ("Write the structure of the table as HTML.", "Give the HTML of the empty table."),
        "zh": ("用 HTML 写出表格的结构。", "写出不含内容的表格 HTML。"),
    },
    "otsl": {
        "en": ("Convert this table to OTSL.", "Write the table as OTSL."),
        "zh": ("将表格转成 OTSL。", "用 OTSL 写出这个表格。"),
    },
    "markdown": {
        "en": ("Convert the image to Markdown.", "Write this image as Markdown."),
        "zh": ("将这幅图转成 Markdown。", "用 Markdown 写出图中内容。"),
    },
    "csv": {
        "en": ("Convert the image to CSV.", "Write the data as CSV."),
        "zh": ("将图中数据转成 CSV。", "用 CSV 写出图中数据。"),
    },
    "json": {
        "en": ("Convert the image to JSON.", "Write the data as JSON."),
        "zh": ("将图中数据转成 JSON。", "用 JSON 写出图中数据。"),
    },
    "latex": {
        "en": ("Convert the image to LaTeX.", "Write this as LaTeX."),
        "zh": ("将这幅图转成 LaTeX。", "用 LaTeX 写出图中内容。"),
    },
    "mathml": {
        "en": ("Convert the formula to MathML.", "Write this formula as MathML."),
        "zh": ("将公式转成 MathML。", "用 MathML 写出这个公式。"),
    },
    "dict": {
        "en": ("Convert this chart to a python dict.",),
        "zh": ("将这张图表转换成 python 字典。",),
    },
    "triples": {
        "en": ("List the values of the chart as JSON triples of row, column and value.",),
        "zh": ("以 JSON 三元组（行、列、数值）列出图表中的数值。",),
    },
    "matplotlib": {
        "en": ("Write matplotlib code that draws this chart.", "Redraw this chart in matplotlib."),
        "zh": ("写出绘制这张图表的 matplotlib 代码。",),
    },
    "pyecharts": {
        "en": ("Write pyecharts code that draws this chart.", "Redraw this chart in pyecharts."),
        "zh": ("写出绘制这张图表的 pyecharts 代码。",),
    },
    "mermaid": {
        "en": ("Convert this diagram to Mermaid.", "Write this diagram as Mermaid."),
        "zh": ("将这幅图转成 Mermaid。", "用 Mermaid 写出这幅图。"),
    },
    "doctags": {
        "en": ("Convert this page to docling.", "Convert the image to DocTags."),
        "zh": ("将这一页转成 DocTags。",),
    },
    "dots": {
        "en": ("Output the layout of the page as JSON: bbox, category and text of each element.",),
        "zh": ("以 JSON 输出页面布局：每个元素的 bbox、类别和文字。",),
    },
    "qwen": {
        "en": ("Locate all layout elements, with bbox_2d in pixels, label and text, as JSON.",),
        "zh": ("以 JSON 给出所有版面元素的 bbox_2d（像素）、label 和文字。",),
    },
    "qwen-1000": {
        "en": ("Locate all layout elements: bbox_2d from 0 to 1000, label and text, as JSON.",),
        "zh": ("以 JSON 给出所有版面元素的 bbox_2d（0 到 1000）、label 和文字。",),
    },
    "deepseek": {
        "en": ("<|grounding|>Convert the document to markdown.",),
        "zh": ("<|grounding|>Convert the document to markdown.",),
    },
    "omnidocbench": {
        "en": ("Annotate this page in the format of OmniDocBench.",),
        "zh": ("按 OmniDocBench 的格式标注这一页。",),
    },
    "plain": {
        "en": ("Provide the OCR results of this image.", "Write out all the text in this image."),
        "zh": ("写出这幅图中所有文字。", "读出图中的文字。"),
    },
    "mmd": {
        "en": ("Transcribe this page as markdown with LaTeX formulas and tables.",),
        "zh": ("用 markdown 写出这一页，公式和表格用 LaTeX。",),
    },
}


def prompts_of(form: str, lang: str) -> Sequence[str]:
    """The prompts of a form in a language, in English where there are none. Those of captions are
    with the words about charts."""
    if form == "caption":
        return tuple(chart_words(lang).caption["prompts"])
    return PROMPTS[form].get(lang, PROMPTS[form]["en"])
