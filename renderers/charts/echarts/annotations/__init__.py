"""Annotations by ECharts: a pen for what is drawn on the plot, and the texts around it."""
