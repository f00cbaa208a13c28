"""Which math commands may stand in a formula, and what others are rewritten to.

A command is allowed when KaTeX, the MathJax of mathpix-markdown-it and pdflatex with amsmath and
amssymb all print it alike: those are listed in `renderers.latex.math_commands`. Everything else is
rewritten here or its formula is rejected.
"""

from __future__ import annotations

from renderers.latex import math_commands
from vary_data.sources.arxiv.words import words

_STYLES = """
displaystyle textstyle scriptstyle scriptscriptstyle
"""
_TEXT_SIGNS = frozenset(("P", "copyright"))
"""Signs for text, or with another meaning in most sources."""

SYMBOLS = (math_commands.SIGNS - _TEXT_SIGNS) | {
    ",", ";", ":", "!", ">", " ", "|", "{", "}", "%", "$", "&", "#", "_",
}  # fmt: skip
STYLES = frozenset(_STYLES.split())
OPERATORS = math_commands.OPERATORS
LIMIT_OPERATORS = math_commands.LIMIT_OPERATORS
DELIMITERS = frozenset("\\" + name for name in math_commands.DELIMITERS) | {
    "(", ")", "[", "]", "|", "/", ".", "<", ">", "\\{", "\\}", "\\|",
}  # fmt: skip
SIZES = math_commands.SIZES

ARGUMENTS: dict[str, int] = {
    **dict.fromkeys(words(
        "frac dfrac tfrac binom dbinom tbinom overset underset stackrel"
    ), 2),
    **dict.fromkeys(
        words(
            "sqrt hat widehat check tilde widetilde acute grave dot ddot breve bar vec"
            " mathring overline underline overbrace underbrace overrightarrow overleftarrow"
            " overleftrightarrow mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak"
            " boldsymbol operatorname substack boxed phantom hphantom vphantom mathop mathbin"
            " mathrel mathord mathopen mathclose mathpunct mathinner xrightarrow xleftarrow"
            " pmod smash dddot underrightarrow underleftarrow"
        ),
        1,
    ),
}  # fmt: skip
"""Commands with arguments, all of them formulas."""
OPTIONAL_ARGUMENT = frozenset({"sqrt", "xrightarrow", "xleftarrow"})
ALPHABETS = frozenset(words("mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak"))

OLD_FONTS = {
    "bf": "mathbf", "rm": "mathrm", "it": "mathit", "cal": "mathcal", "sf": "mathsf",
    "tt": "mathtt", "bfseries": "mathbf", "rmfamily": "mathrm", "mit": "mathit",
    "boldmath": "boldsymbol", "frak": "mathfrak", "Bbb": "mathbb", "sffamily": "mathsf",
    "normalfont": "mathrm", "sl": "mathit", "itshape": "mathit", "em": "mathit",
}  # fmt: skip
"""Declarations that change the rest of their group."""

RENAMED = {
    "bm": "boldsymbol", "pmb": "boldsymbol", "mathbold": "boldsymbol", "bold": "mathbf",
    "mathds": "mathbb", "mathbbm": "mathbb", "mathbbmss": "mathbb", "mathscr": "mathcal",
    "mathpzc": "mathcal", "matheus": "mathcal", "EuScript": "mathcal", "mathnormal": "mathit",
    "mathup": "mathrm", "symbf": "mathbf", "symrm": "mathrm", "symbfit": "boldsymbol",
    "symbb": "mathbb", "mathbfit": "boldsymbol", "vv": "overrightarrow", "Vec": "vec",
    "Tilde": "tilde", "Hat": "hat", "Bar": "bar", "Dot": "dot", "Ddot": "ddot", "Check": "check",
    "Breve": "breve", "Acute": "acute", "Grave": "grave", "nicefrac": "frac", "sfrac": "frac",
    "flatfrac": "frac", "cfrac": "dfrac", "widebar": "overline", "wideparen": "widehat",
    "undertilde": "underline", "uline": "underline", "mathsfit": "mathsf", "mathbfsf": "mathsf",
    "mathbfcal": "mathcal", "vcentcolon": "colon", "space": " ", "medspace": ":",
    "thickspace": ";", "negmedspace": "!", "negthickspace": "!", "enskip": "enspace",
    "thinspace": ",", "negthinspace": "!", "enspace": "quad", "hslash": "hbar",
    "gtrapprox": "gtrsim", "lessapprox": "lesssim", "upalpha": "alpha", "upbeta": "beta",
    "upgamma": "gamma", "updelta": "delta", "upmu": "mu", "uppi": "pi", "upsigma": "sigma",
    "upphi": "phi", "uprho": "rho", "uptau": "tau", "uplambda": "lambda", "upepsilon": "epsilon",
    "uptheta": "theta", "upomega": "omega", "upchi": "chi", "upeta": "eta", "upnu": "nu",
    "upxi": "xi", "uppsi": "psi", "upkappa": "kappa", "lnot": "neg", "land": "wedge", "lor": "vee",
    "owns": "ni", "gets": "leftarrow", "dag": "dagger", "ddag": "ddagger", "lhd": "triangleleft",
    "rhd": "triangleright", "unlhd": "trianglelefteq", "unrhd": "trianglerighteq",
    "leadsto": "rightsquigarrow", "doublecap": "Cap", "doublecup": "Cup", "Doteq": "doteqdot",
    "llless": "lll", "gggtr": "ggg", "ngeqq": "ngeq", "nleqq": "nleq", "varsubsetneq": "subsetneq",
    "varsupsetneq": "supsetneq", "longhookrightarrow": "hookrightarrow",
    "dasharrow": "dashrightarrow", "blacktriangleright": "triangleright",
    "blacktriangleleft": "triangleleft", "trianglelefteqslant": "trianglelefteq",
    "trianglerighteqslant": "trianglerighteq", "Join": "bowtie", "thetasym": "vartheta",
    "bracevert": "vert", "arrowvert": "vert", "Arrowvert": "Vert", "square": "Box", "qed": "Box",
    "qedsymbol": "Box",
}  # fmt: skip
"""Rewritten to a command that all three renderers print; picture and truth both change."""
REWRITTEN = {
    "coloneqq": ":=", "coloneq": ":=", "defeq": ":=", "eqqcolon": "=:", "eqdef": "=:",
    "Coloneqq": "::=", "llbracket": "[\\![", "rrbracket": "]\\!]", "hdots": "\\ldots",
    "lbag": "\\{", "degree": "^{\\circ}", "textdegree": "^{\\circ}", "argmin":
    "\\operatorname*{arg\\,min}", "argmax": "\\operatorname*{arg\\,max}",
    "dd": "\\mathrm{d}", "textbackslash": "\\backslash", "textbar": "|", "textless": "<",
    "textgreater": ">", "lt": "<", "gt": ">", "euler": "e",
    "tr": "\\operatorname{tr}", "rank": "\\operatorname{rank}", "Tr": "\\operatorname{Tr}",
    "textasteriskcentered": "*", "textquotesingle": "'", "slash": "/",
    "textunderscore": "\\_", "And": "\\mathbin{\\&}", "qedhere": "", "colonequals": ":=",
    "mathcolon": ":", "mathellipsis": "\\ldots", "nsubset": "\\not\\subset",
    "mod": "\\quad\\mathrm{mod}\\ ", "notni": "\\not\\ni", "Perp": "\\perp\\!\\!\\!\\perp",
    "independent": "\\perp\\!\\!\\!\\perp",
}  # fmt: skip
"""Rewritten to a piece of source."""

DROPPED = frozenset(
    words(
        "nonumber notag allowbreak relax noindent strut mathstrut null leavevmode unskip"
        " ignorespaces displaylimits centering raggedright raggedleft small large Large"
        " normalsize footnotesize scriptsize tiny Huge huge LARGE break nobreak nolinebreak"
        " linebreak goodbreak penalty smallskip medskip bigskip hfill hfil vfill protect"
        " ensuremath mathchoice mathsurround upshape mdseries normalcolor bgroup egroup"
        " begingroup endgroup nopagebreak pagebreak par unboldmath singlespacing / @ noalign"
        " raggedbottom hss"
    )
)
"""Commands that print nothing, alone."""
DROPPED_WITH = {
    "label": 1, "vspace": 1, "index": 1, "color": 1, "mathcolor": 1, "rowcolor": 1,
    "cellcolor": 1, "setlength": 2, "addtolength": 2, "eqlabel": 1, "fontsize": 2, "hspace": -1,
    "displaybreak": 0, "phantomsection": 0, "todo": 1, "arraycolsep": 0, "renewcommand": 2,
    "linespread": 1, "setcounter": 2, "captionsetup": 1, "refstepcounter": 1, "vphantomsection": 0,
}  # fmt: skip
"""Commands that print nothing, with their arguments (−1: a space of some width)."""
UNWRAPPED = {
    "ensuremath": 0, "textcolor": 1, "colorbox": 1, "mathclap": 0, "mathllap": 0, "mathrlap": 0,
    "clap": 0, "llap": 0, "rlap": 0, "cramped": 0, "resizebox": 2, "scalebox": 1, "raisebox": 1,
    "hypertarget": 1, "hyperlink": 1, "href": 1, "adjustbox": 1, "vcenter": 0, "tensor": 0,
    "texorpdfstring": -1, "Hy@raisedlink": 0,
}  # fmt: skip
"""Commands whose last argument is what they print, after so many that are dropped."""

TEXT_IN_MATH = frozenset(
    words(
        "tag ref eqref cref Cref autoref text textrm textup textnormal textit textbf textsf texttt"
        " textsc textsl textmd emph mbox hbox fbox framebox makebox parbox shortintertext"
        " intertext"
    )
)
"""Commands whose argument is text."""

MATRICES = frozenset(words("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix"))
INNER_ENVIRONMENTS = MATRICES | frozenset(words("cases aligned gathered array"))
ENVIRONMENT_NAMES = {
    "dcases": "cases", "split": "aligned", "rcases": "", "alignedat": "",
    "matrix*": "matrix", "pmatrix*": "pmatrix",
    "bmatrix*": "bmatrix", "cases*": "cases", "smallmatrix*": "smallmatrix",
    "multlined": "gathered", "psmallmatrix": "pmatrix", "bsmallmatrix": "bmatrix",
    "eqnarray": "aligned", "align": "aligned", "align*": "aligned", "gather": "gathered",
    "gather*": "gathered", "numcases": "", "spreadlines": "", "subarray": "",
}  # fmt: skip
"""Inner environments rewritten to allowed ones; empty: not possible."""

DISPLAY_ENVIRONMENTS = frozenset(
    f"{name}{star}"
    for name in ("equation", "align", "gather", "multline", "eqnarray", "flalign", "alignat",
                 "displaymath", "dmath", "xalignat", "xxalignat", "dgroup", "empheq",
                 "IEEEeqnarray", "dseries")
    for star in ("", "*")
)  # fmt: skip
MATH_ENVIRONMENTS = DISPLAY_ENVIRONMENTS | {"math", "numcases", "subnumcases", "tikzcd"}

UNICODE = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "×": "\\times", "÷": "\\div", "·": "\\cdot",
    "⋅": "\\cdot", "∙": "\\cdot", "±": "\\pm", "∓": "\\mp", "≤": "\\leq", "≥": "\\geq",
    "⩽": "\\leqslant", "⩾": "\\geqslant", "≠": "\\neq", "≈": "\\approx", "≡": "\\equiv",
    "∼": "\\sim", "≃": "\\simeq", "≅": "\\cong", "∝": "\\propto", "∞": "\\infty",
    "∈": "\\in", "∉": "\\notin", "∋": "\\ni", "⊂": "\\subset", "⊆": "\\subseteq",
    "⊃": "\\supset", "⊇": "\\supseteq", "∪": "\\cup", "∩": "\\cap", "∅": "\\emptyset",
    "∧": "\\wedge", "∨": "\\vee", "¬": "\\neg", "∀": "\\forall", "∃": "\\exists",
    "→": "\\rightarrow", "←": "\\leftarrow", "↔": "\\leftrightarrow", "⇒": "\\Rightarrow",
    "⇐": "\\Leftarrow", "⇔": "\\Leftrightarrow", "↦": "\\mapsto", "↑": "\\uparrow",
    "↓": "\\downarrow", "∂": "\\partial", "∇": "\\nabla", "∑": "\\sum", "∏": "\\prod",
    "∫": "\\int", "√": "\\surd", "′": "'", "’": "'", "″": "''", "…": "\\ldots", "⋯": "\\cdots",
    "⟨": "\\langle", "⟩": "\\rangle", "〈": "\\langle", "〉": "\\rangle", "‖": "\\|",
    "∥": "\\parallel", "⊥": "\\perp", "⊕": "\\oplus", "⊗": "\\otimes", "∘": "\\circ",
    "∗": "*", "⋆": "\\star", "†": "\\dagger", "‡": "\\ddagger", "°": "^{\\circ}", "∣": "\\mid",
    "≪": "\\ll", "≫": "\\gg", "ℓ": "\\ell", "ℝ": "\\mathbb{R}", "ℕ": "\\mathbb{N}",
    "ℤ": "\\mathbb{Z}", "ℚ": "\\mathbb{Q}", "ℂ": "\\mathbb{C}", "ℙ": "\\mathbb{P}", "⊢": "\\vdash",
    "⊨": "\\models", "⌊": "\\lfloor", "⌋": "\\rfloor", "⌈": "\\lceil", "⌉": "\\rceil",
    "，": ",", "。": ".", "：": ":", "；": ";", "（": "(", "）": ")", "＝": "=", "＋": "+",
    "－": "-", "！": "!", "＜": "<", "＞": ">", "％": "\\%", "【": "[", "】": "]", "、": ",",
    "\u00a0": "~", "\u2009": "\\,", "\u3000": "\\quad", "\u200b": "", "\ufeff": "", "µ": "\\mu",
    **dict(zip("αβγδεζηθικλμνξπρστυφχψω",
               words(
                   "\\alpha \\beta \\gamma \\delta \\varepsilon \\zeta \\eta \\theta \\iota"
                   " \\kappa \\lambda \\mu \\nu \\xi \\pi \\rho \\sigma \\tau \\upsilon"
                   " \\varphi \\chi \\psi \\omega"
               ), strict=True)),
    **dict(zip("ΓΔΘΛΞΠΣΦΨΩ", words(
        "\\Gamma \\Delta \\Theta \\Lambda \\Xi \\Pi \\Sigma \\Phi \\Psi \\Omega"
    ), strict=True)),
    "ϕ": "\\phi", "ϵ": "\\epsilon", "ϑ": "\\vartheta", "ς": "\\varsigma",
}  # fmt: skip
"""Characters that authors type in formulas, as commands."""

MATH_COMMANDS = (
    SYMBOLS | STYLES | OPERATORS | SIZES | DROPPED | TEXT_IN_MATH
    | frozenset((*ARGUMENTS, *OLD_FONTS, *RENAMED, *REWRITTEN, *DROPPED_WITH, *UNWRAPPED))
    | {"left", "right", "middle", "not", "limits", "nolimits", "tag", "over", "choose", "hspace"}
)  # fmt: skip
