"""Distances and text sizes that several parts of a chart share, in ems of the base size."""

from __future__ import annotations

NAME_SIZE = 0.92
"""Text size of category names and of the legend."""
TICK_SIZE = 0.86
"""Text size of the labels of a value axis."""
NAME_GAP = 0.45
"""Between an axis and its labels, and between neighbors in a row of names."""
AXIS_TITLE_GAP = 0.6
"""Between the labels of the horizontal axis and its title."""
SIDE_TITLE_GAP = 0.5
"""Between a title at the side or above and what follows it."""
LABEL_GAP = 0.3
"""Between a mark and its value."""
LABEL_SPACE = 0.7
"""Kept free on a value axis beyond the longest mark, in addition to its label."""
NO_LABEL_SPACE = 0.4
"""The same where no values are printed."""
SLANT_OFFSET = 0.3
"""By how much of its em the end of a slanted name is right of its tick: the end of its last letter
is then below the tick."""
RIGHT_ANGLE = 90
"""Degrees of text that reads upwards."""
