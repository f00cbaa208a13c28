"""HTML of what is on a page and is no text: formulas and pictures."""

from __future__ import annotations

import base64
from html import escape

from renderers.web.art import draw
from renderers.web.document import Art, Inset
from renderers.web.formulas import Math


def formula_html(math: Math, display: bool = False) -> str:
    """MathML, or the place of a formula that KaTeX draws."""
    if math.mathml:
        block = ' display="block"' if display else ""
        return f'<math data-f="1"{block}>{math.mathml}</math>'
    block = ' data-display="1"' if display else ""
    return f'<span class="tex" data-f="1" data-tex="{escape(math.latex)}"{block}></span>'


def picture_html(art: Art | Inset, n: int) -> str:
    """A drawing as SVG or an encoded picture, as the entry `n` of its page."""
    if isinstance(art, Art):
        return f'<div class="art" data-n="{n}">{draw(art)}</div>'
    data = base64.b64encode(art.data).decode("ascii")
    wide = f"{art.width / art.density:.2f}px"
    place = f"aspect-ratio:{art.width}/{art.height};width:{wide};max-width:100%"
    return (
        f'<div class="art inset" data-n="{n}" style="{place}">'
        f'<img src="data:{art.media_type};base64,{data}"></div>'
    )
