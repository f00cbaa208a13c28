"""How annotations are laid out on a chart whose marks are placed, whatever renderer draws them.

A sheet knows the plot, the marks and the texts of a chart; a function for each kind (`kinds`) finds
places on it and asks a pen of the backend (`pen.Pen`) to draw shapes and texts there.
"""
