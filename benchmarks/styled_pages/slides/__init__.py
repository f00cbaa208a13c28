"""Decks of slides: landscape pages with few words, as beamer and office programs export them.

`deck` orders the slides of a document, `theme` is how they look (`inks` makes its colors readable),
`frame` draws what stands around the content of a slide, `bodies` and `covers` draw the content.
"""
