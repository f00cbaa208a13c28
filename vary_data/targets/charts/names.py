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
    "horizontal_grouped_bar": ("grouped horizontal bar chart", "分组条形图"),
    "horizontal_stacked_bar": ("stacked horizontal bar chart", "堆叠条形图"),
    "horizontal_percent_bar": ("100% stacked horizontal bar chart", "百分比堆叠条形图"),
    "marimekko": ("marimekko chart", "不等宽堆叠柱状图"),
    "small_multiples": ("set of small multiples", "分面条形图"),
    "slope": ("slope chart", "斜率图"),
    "bump": ("bump chart", "排名变化图"),
    "survival": ("survival curve", "生存曲线"),
    "confusion_matrix": ("confusion matrix", "混淆矩阵"),
    "tile_map": ("tile grid map", "网格地图"),
    "waffle": ("waffle chart", "华夫饼图"),
    "venn": ("Venn diagram", "韦恩图"),
    "timeline": ("timeline", "时间线"),
    "range_bar": ("range bar chart", "区间柱状图"),
    "bullet": ("bullet chart", "子弹图"),
    "forest": ("forest plot", "森林图"),
    "gantt": ("Gantt chart", "甘特图"),
    "violin": ("violin plot", "小提琴图"),
    "box_points": ("box plot with points", "带散点的箱线图"),
    "interval_line": ("line chart with an interval", "带区间的折线图"),
    "roc_curve": ("ROC curve", "ROC曲线"),
    "pr_curve": ("precision-recall curve", "精确率-召回率曲线"),
    "icicle": ("icicle chart", "冰柱图"),
    "org_chart": ("organization chart", "组织结构图"),
    "strip": ("strip plot", "带状散点图"),
    "swarm": ("swarm plot", "蜂群图"),
    "hexbin": ("hexagonal binning plot", "六边形分箱图"),
    "flowchart": ("flowchart", "流程图"),
    "mind_map": ("mind map", "思维导图"),
    "contour": ("filled contour plot", "等值线填充图"),
    "density": ("density plot", "密度曲线图"),
    "ridgeline": ("ridgeline plot", "山脊图"),
    "histogram_2d": ("two-dimensional histogram", "二维直方图"),
    "quiver": ("vector field plot", "矢量场图"),
    "table_chart": ("bar chart with a data table", "带数据表的柱状图"),
    "ternary": ("ternary plot", "三元图"),
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
    "estimate": ("estimate", "估计值"),
    "lower": ("lower end", "下限"),
    "upper": ("upper end", "上限"),
    "start": ("start", "开始"),
    "end": ("end", "结束"),
    "x": ("x value", "x值"),
    "y": ("y value", "y值"),
    "size": ("size", "大小"),
    "from": ("lower end of the band", "所在色带的下限"),
    "to": ("upper end of the band", "所在色带的上限"),
    "u": ("part along the x axis", "横向分量"),
    "v": ("part along the y axis", "纵向分量"),
    "peak": ("peak", "峰值位置"),
}
POINT_NAMES: dict[str, tuple[str, str]] = {
    "density": ("peak", "个峰"),
    "quiver": ("arrow", "个箭头"),
    "contour": ("named place", "个地点"),
    "hexbin": ("hexagon", "个六边形"),
}
"""What the points of a type are; those of others are points."""


def point_name(type_: str, lang: str) -> str:
    """What the points of a type are called, in Chinese with the word for counting them."""
    return POINT_NAMES.get(type_, ("point", "个点"))[lang == "zh"]


def field_name(name: str, lang: str) -> str:
    """A figure of a summary or point in words; names that are printed on the picture stay."""
    return FIELD_NAMES[name][lang == "zh"] if name in FIELD_NAMES else name
