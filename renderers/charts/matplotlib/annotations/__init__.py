"""Annotations by matplotlib: a pen for what is drawn on the plot, and the texts around it."""
