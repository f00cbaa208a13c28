"""The prompts of forms, by language."""

from __future__ import annotations

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
    "caption": {
        "en": ("Describe this chart.", "Write a short caption for this chart."),
        "zh": ("描述这张图表。", "为这张图表写一段简短说明。"),
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
    "plain": {
        "en": ("Provide the OCR results of this image.", "Write out all the text in this image."),
        "zh": ("写出这幅图中所有文字。", "读出图中的文字。"),
    },
    "mmd": {
        "en": ("Transcribe this page as markdown with LaTeX formulas and tables.",),
        "zh": ("用 markdown 写出这一页，公式和表格用 LaTeX。",),
    },
}
