"""What each chart type is called in captions and questions."""

TYPE_NAMES: dict[str, tuple[str, str]] = {
    "bar": ("bar chart", "柱状图"),
    "horizontal_bar": ("horizontal bar chart", "条形图"),
    "grouped_bar": ("grouped bar chart", "分组柱状图"),
    "stacked_bar": ("stacked bar chart", "堆叠柱状图"),
    "percent_bar": ("100% stacked bar chart", "百分比堆叠柱状图"),
    "diverging_bar": ("diverging bar chart", "正负柱状图"),
    "line": ("line chart", "折线图"),
    "multi_line": ("line chart", "折线图"),
    "step": ("step chart", "阶梯图"),
    "area": ("area chart", "面积图"),
    "stacked_area": ("stacked area chart", "堆叠面积图"),
    "pie": ("pie chart", "饼图"),
    "donut": ("donut chart", "环形图"),
    "rose": ("rose chart", "玫瑰图"),
    "scatter": ("scatter plot", "散点图"),
    "bubble": ("bubble chart", "气泡图"),
    "radar": ("radar chart", "雷达图"),
    "histogram": ("histogram", "直方图"),
    "box": ("box plot", "箱线图"),
    "heatmap": ("heat map", "热力图"),
    "bar_line": ("combined bar and line chart", "柱线组合图"),
    "waterfall": ("waterfall chart", "瀑布图"),
    "lollipop": ("lollipop chart", "棒棒糖图"),
    "error_bar": ("chart with error bars", "误差棒图"),
    "dumbbell": ("dumbbell chart", "哑铃图"),
    "pyramid": ("population pyramid", "人口金字塔图"),
    "funnel": ("funnel chart", "漏斗图"),
    "gauge": ("gauge", "仪表盘图"),
    "calendar": ("calendar heat map", "日历热力图"),
    "candlestick": ("candlestick chart", "K线图"),
    "treemap": ("tree map", "矩形树图"),
    "sunburst": ("sunburst chart", "旭日图"),
    "sankey": ("Sankey diagram", "桑基图"),
    "graph": ("network graph", "关系图"),
    "theme_river": ("theme river", "主题河流图"),
    "parallel": ("parallel coordinates plot", "平行坐标图"),
    "polar_bar": ("polar bar chart", "极坐标柱状图"),
    "pictorial_bar": ("pictorial bar chart", "象形柱图"),
    "effect_scatter": ("scatter plot", "散点图"),
}


def type_name(type_: str, lang: str) -> str:
    """The name of a type; `chart` for one that is not known."""
    return TYPE_NAMES.get(type_, ("chart", "图表"))[lang == "zh"]


FIELD_NAMES: dict[str, tuple[str, str]] = {
    "min": ("minimum", "最小值"),
    "q1": ("first quartile", "第一四分位数"),
    "median": ("median", "中位数"),
    "q3": ("third quartile", "第三四分位数"),
    "max": ("maximum", "最大值"),
    "mean": ("mean", "平均值"),
    "error": ("error", "误差"),
    "open": ("opening price", "开盘价"),
    "close": ("closing price", "收盘价"),
    "low": ("lowest price", "最低价"),
    "high": ("highest price", "最高价"),
    "x": ("x value", "x值"),
    "y": ("y value", "y值"),
    "size": ("size", "大小"),
}


def field_name(name: str, lang: str) -> str:
    """A figure of a summary or point in words; names that are printed on the picture stay."""
    return FIELD_NAMES[name][lang == "zh"] if name in FIELD_NAMES else name
