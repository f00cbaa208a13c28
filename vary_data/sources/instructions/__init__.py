"""Public image-text and instruction sets as they lie on people's disks, one module each.

Every reader lists `Example`s in the order of its source. A row that cannot be used is listed
too, with the reason, so that nothing disappears unseen.
"""
