"""What text commands print: characters, styles, nothing, or one of their arguments."""

from __future__ import annotations

import unicodedata

from vary_data.sources.arxiv.words import words

SYMBOLS = {
    "%": "%", "&": "&", "#": "#", "_": "_", "{": "{", "}": "}", "$": "$", " ": " ", ",": " ",
    "\n": " ", "\t": " ", "/": "", "-": "", "@": "", ";": " ", ":": " ", "!": "", "*": "",
    ">": " ", "ldots": "…", "dots": "…", "textellipsis": "…", "dotso": "…", "slash": "/",
    "ss": "ß", "o": "ø", "O": "Ø", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "S": "§", "P": "¶", "dag": "†", "ddag": "‡",
    "copyright": "©", "textcopyright": "©", "textregistered": "®", "texttrademark": "™",
    "pounds": "£", "textsterling": "£", "texteuro": "€", "euro": "€", "officialeuro": "€",
    "EUR": "€", "yen": "¥", "textdegree": "°", "degree": "°", "textendash": "–", "textemdash": "—",
    "textbackslash": "\\", "textless": "<", "textgreater": ">", "textbar": "|",
    "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_", "textquotesingle": "'",
    "textquotedbl": '"', "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“",
    "textquotedblright": "”", "quotedblbase": "„", "quotesinglbase": "‚", "guillemotleft": "«",
    "guillemotright": "»", "guillemetleft": "«", "guillemetright": "»", "lq": "‘", "rq": "’",
    "textbullet": "•", "textperiodcentered": "·", "textasteriskcentered": "*", "textdollar": "$",
    "textbraceleft": "{", "textbraceright": "}", "textsection": "§", "textparagraph": "¶",
    "textdagger": "†", "textdaggerdbl": "‡", "textmu": "µ", "textpm": "±", "texttimes": "×",
    "textonehalf": "½", "textonequarter": "¼", "textordfeminine": "ª", "textordmasculine": "º",
    "nobreakspace": " ", "space": " ", "quad": " ", "qquad": " ", "enspace": " ", "thinspace": " ",
    "enskip": " ", "negthinspace": "", "th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð", "dj": "đ",
    "DJ": "Đ", "ng": "ŋ", "LaTeX": "LaTeX", "TeX": "TeX", "LaTeXe": "LaTeX2e", "BibTeX": "BibTeX",
    "XeTeX": "XeTeX", "pdfLaTeX": "pdfLaTeX", "XeLaTeX": "XeLaTeX", "AmS": "AMS",
    "MATLAB": "MATLAB", "textnumero": "№", "textcent": "¢", "cents": "¢", "ier": "er", "og": "«",
    "fg": "»", "lbrack": "[", "rbrack": "]", "lbrace": "{", "rbrace": "}", "backslash": "\\",
    "cdots": "⋯", "arraybackslash": "", "textnbsp": " ", "textvisiblespace": "␣",
    "textsuperscripttwo": "²", "par": " ", "newline": " ", "linebreak": " ",
    "hfill": " ", "hfil": " ", "hskip": " ", "break": " ",
}  # fmt: skip
"""Commands that print fixed characters (Unicode)."""

MATH_SYMBOLS = frozenset(
    words(
        "cdot times pm leq geq rightarrow leftarrow Rightarrow alpha beta gamma mu sim approx"
        " infty bullet circ star ast langle rangle mid dagger ddagger"
    )
)
"""Math commands that authors leave outside a formula and a macro brings into text."""

STYLES: dict[str, str] = {
    "textbf": "bold", "textit": "italic", "emph": "italic", "texttt": "mono", "textsl": "italic",
    "strong": "bold", "textmd": "", "textrm": "", "textsf": "", "textsc": "",
    "textup": "", "textnormal": "", "underline": "", "uline": "", "mbox": "", "hbox": "",
    "text": "", "textsw": "", "textlf": "", "smash": "", "fbox": "", "ul": "", "hl": "",
    "uwave": "", "textls": "", "textulc": "", "hfbox": "", "vbox": "", "bfseries*": "bold",
    "mathit": "italic", "mathrm": "", "mathbf": "bold", "mathtt": "mono", "mathsf": "",
    "pkg": "bold", "proglang": "", "file": "mono", "seqsplit": "", "nohyphens": "",
    "foreign": "italic", "citetext": "", "textlatin": "", "uppercase": "upper",
    "MakeUppercase": "upper", "lowercase": "lower", "MakeLowercase": "lower",
    "MakeTextUppercase": "upper", "NoCaseChange": "", "ensuretext": "", "centerline": "",
    "leftline": "", "rightline": "", "textquote": "quote", "enquote": "quote", "bibnamedelima": "",
    "bibinfo*": "", "natexlab": "", "bibfnamefont": "", "bibnamefont": "", "firstname": "",
    "lastname": "", "textins": "", "sout": "", "Hy@raisedlink": "",
}  # fmt: skip
"""Commands that print their one argument in a style."""

DECLARATIONS: dict[str, str] = {
    "bf": "bold", "bfseries": "bold", "it": "italic", "itshape": "italic", "em": "italic",
    "sl": "italic", "slshape": "italic", "tt": "mono", "ttfamily": "mono", "rm": "plain",
    "normalfont": "plain", "upshape": "upright", "mdseries": "medium", "rmfamily": "",
    "sffamily": "", "sf": "", "sc": "", "scshape": "", "boldmath": "", "unboldmath": "",
    "selectfont": "", "heiti": "bold", "songti": "", "kaishu": "", "kaiti": "", "fangsong": "",
    "lishu": "", "youyuan": "", "cbfseries": "bold", "citshape": "italic", "cnormal": "",
    "tiny": "", "scriptsize": "", "footnotesize": "", "small": "", "normalsize": "", "large": "",
    "Large": "", "LARGE": "", "huge": "", "Huge": "", "smaller": "", "larger": "", "relsize": "",
    "centering": "", "raggedright": "", "raggedleft": "", "sloppy": "", "fussy": "",
    "RaggedRight": "", "justifying": "", "justify": "", "onehalfspacing": "", "singlespacing": "",
    "doublespacing": "", "normalcolor": "",
}  # fmt: skip
"""Declarations: the rest of their group is in a style."""

DROPPED: dict[str, str] = {
    **dict.fromkeys(
        words(
            "noindent indent relax clearpage newpage cleardoublepage smallskip medskip bigskip"
            " vfill vfil protect leavevmode null unskip ignorespaces strut mathstrut maketitle"
            " tableofcontents listoffigures listoftables newline* displaystyle textstyle"
            " nobreak allowbreak goodbreak filbreak onecolumn twocolumn onecolumngrid"
            " twocolumngrid frontmatter mainmatter backmatter phantomsection FloatBarrier"
            " balance flushbottom raggedbottom nopagebreak* frenchspacing nonfrenchspacing"
            " qedhere linenumbers nolinenumbers makeatletter makeatother samepage xspace @"
            " endgraf bgroup egroup begingroup endgroup thefootnote printindex glsresetall"
            " hrule* hrulefill dotfill tabularnewline* global long ExplSyntaxOff nolimits"
            " limits sloppypar acresetall beginsupplement titlepage smallbreak medbreak"
            " bigbreak hss vss nonumber notag unitlength IEEEpeerreviewmaketitle lipsum"
            " newblock and And twocolumnfalse kern* raggedcolumns justifying centerfloat"
            " startdata enddata pause maketitleabstract bibsep qed blacksquare* looseness*"
            " @plus makecover spacing*"
        ), ""),
    **dict.fromkeys(
        words(
            "label vspace* index glsadd thispagestyle pagestyle pagenumbering"
            " bibliographystyle bibliography addbibresource graphicspath hypersetup"
            " captionsetup color pagecolor nocite phantom hphantom vphantom input* includeonly"
            " linespread markright hyphenation setstretch fontfamily fontseries fontshape"
            " fontencoding lstset setminted usetikzlibrary tikzset pgfplotsset tolerance*"
            " address* stepcounter refstepcounter value thusetup sisetup eqlabel linkdest*"
            " zlabel hypertarget* CJKfamily tagpdfsetup balancecolsandclearpage nolinkfootnote"
            " bstctlcite received accepted revised published citestyle setcitestyle biboptions"
            " keywords* cormark tnoteref* balancecolumns graphicalabstract* usefonttheme"
            " enlargethispage* lstlistoflistings crefname*"
        ), "m"),
    **dict.fromkeys(
        words(
            "setcounter addtocounter setlength addtolength fontsize markboth newcounter*"
            " newlength* addcontentslineX settowidth settoheight numberwithin counterwithin"
            " counterwithout newacronymX pdfbookmarkX definecolorX crefname Crefname rule*"
            " makeatX bookmarkX"
        ),
        "mm"),
    "addcontentsline": "mmm", "addtocontents": "mm", "newacronym": "ommm", "definecolor": "mmm",
    "pdfbookmark": "omm", "bookmark": "om", "vspace": "sm", "hspaceX": "sm", "todo": "om",
    "vskip": "d", "rule": "omm", "includegraphics": "som", "enlargethispage": "sm", "cline": "m",
    "pagebreak": "o", "nopagebreak": "o", "nolinebreak": "o", "setcitestyle": "m", "kern": "d",
    "raise": "d", "lower": "d", "parskip": "d", "parindent": "d", "baselineskip": "d",
    "newlength": "m", "newsavebox": "m", "columnsep": "d", "penalty": "d", "tolerance": "d",
    "hfuzz": "d", "vfuzz": "d", "looseness": "d", "multlinegap": "d", "textwidth": "d",
    "leftskip": "d", "rightskip": "d", "abovedisplayskip": "d", "belowdisplayskip": "d",
    "hangindent": "d", "hangafter": "d", "tabcolsep": "d", "marginpar": "om", "marginnote": "om",
    "hypertarget": "m", "raisebox*": "m", "newcounter": "mo", "linewidth": "d", "hsize": "d",
    "thanks": "m", "tnoteref": "m", "fnref": "m", "corref": "m", "lstinputlisting": "om",
    "VaryFormat": "mm", "setkeys": "mm", "tabletypesize": "m", "tablecolumns": "m",
    "tablenum": "m", "rotate": "", "currtabletypesize": "", "tablewidth": "m",
    "DeclareSIUnit": "omm", "bibitem": "om", "hrule": "", "ccsdesc": "om", "clubpenalty": "d",
    "widowpenalty": "d", "interlinepenalty": "d", "abovecaptionskip": "d", "belowcaptionskip": "d",
    "textfloatsep": "d", "topskip": "d", "includepdf": "om", "inputminted": "omm",
    "titleformat": "smmmmm", "titlespacing": "smmmm", "setmainfont": "om", "setCJKmainfont": "om",
    "setCJKfamilyfont": "mom", "newfontfamily": "mom", "lstdefinelanguage": "omom",
    "lstdefinestyle": "mm", "newmdenv": "om", "tcbset": "m", "newtcolorbox": "omoom",
    "markdownSetup": "m", "printbibliography": "o", "printglossary": "o", "printglossaries": "o",
    "crefalias": "mm", "addvspace": "m", "glsreset": "m", "bibliographyS": "m",
    "renewbibmacro": "mm", "extrarowheight": "d", "extracolsep": "m", "setlist": "om",
    "epigraph*": "mm", "vadjust": "m", "openup": "d", "nocite": "m", "nobibliography": "sm",
    "makesavenoteenv": "m", "theoremstyle": "m", "newtheoremstyle": "mmmmmmmmm",
    "usepackage": "om", "documentclass": "om", "allowdisplaybreaks": "o", "tracingonline": "d",
    "fvset": "m", "algnewcommand": "mm", "graphicspath": "m", "appendix": "", "address": "om",
}  # fmt: skip
DROPPED = {name.rstrip("X"): signature for name, signature in DROPPED.items() if name[-1] != "*"}
"""Commands that print nothing in the text, with the arguments that go with them."""

LAST_ARGUMENT: dict[str, str] = {
    "textcolor": "om", "colorbox": "om", "fcolorbox": "mm", "href": "om", "hyperref": "o",
    "hyperlink": "m", "makebox": "oo", "framebox": "oo", "parbox": "ooom", "raisebox": "moo",
    "scalebox": "mo", "resizebox": "smm", "rotatebox": "om", "foreignlanguage": "m",
    "selectlanguage*": "", "texorpdfstring": "T", "sout*": "", "adjustbox": "m", "rlap": "",
    "llap": "", "clap": "", "hspace*": "", "textquotedbl*": "", "minipage*": "", "shortstack": "o",
    "makecell": "so", "thead": "so", "tabincell": "m", "specialcell": "o", "bibinfo": "m", "added":
    "o", "replaced*": "o", "eqparbox": "m", "textblockcolor": "m", "tcbox": "o", "url": "",
    "nolinkurl": "", "path": "", "footnotesize*": "", "IfFileExists": "mm", "circled": "",
    "subfloat*": "o", "hypertarget*": "m", "linkdest*": "m", "textsubscript*": "", "bibfield": "m",
    "BibitemOpen*": "", "urlprefix": "", "enquote*": "", "text*": "", "marginpar*": "",
    "tocless": "", "ltjsetparameter*": "", "vtop": "", "vcenter": "", "emph*": "",
}  # fmt: skip
LAST_ARGUMENT = {name: value for name, value in LAST_ARGUMENT.items() if name[-1] != "*"}
"""Commands that print their last argument, after the arguments of the signature."""

_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "d": "\u0323", "b": "\u0331", "r": "\u030a", "t": "\u0361",
}  # fmt: skip
ACCENTS = frozenset(_ACCENTS)


def accented(accent: str, letter: str) -> str:
    """A letter under an accent as one composed character, or an empty string if there is none."""
    letter = {"\\i": "i", "\\j": "j", "ı": "i", "ȷ": "j"}.get(letter.strip(), letter.strip())
    if not letter:
        return {"^": "^", "~": "~", '"': "¨", "'": "´", "`": "`"}.get(accent, "")
    composed = unicodedata.normalize("NFC", letter[0] + _ACCENTS[accent])
    return composed + letter[1:] if len(composed) == 1 else ""


CITATIONS = frozenset(
    words(
        "cite citep citet citealp citealt citeauthor citeyear citeyearpar parencite textcite"
        " autocite Cite Citet Citep Citealt Citealp Citeauthor footcite citenum onlinecite"
        " inlinecite upcite supercite citeA shortcite citeN smartcite fullcite* Parencite"
        " Textcite Autocite parencites textcites cites"
    )
) - {"fullcite*"}
REFERENCES = frozenset(
    words(
        "ref eqref cref Cref autoref Autoref pageref nameref labelcref subref vref Vref"
        " cpageref autoeqref fref Fref sref namecref nameCref lcref refeq zcref"
    )
)
SPECIAL = frozenset(
    words(
        "footnote footnotemark footnotetext gls Gls glspl Glspl acrshort acrlong acrfull ac"
        " acp acs acl acf Acp Ac num SI si qty unit SIrange numrange ang textsuperscript"
        " textsubscript ensuremath VaryVerb VaryCode char symbol begin end item uppercase ce"
        " hspace input footnoteref ding verb crefrange Crefrange tnote tablefootnote frac sqrt"
        " today citation textordmasculine numlist unskip hskip"
    )
)
TEXT_COMMANDS = (
    frozenset(name for name in SYMBOLS if name.isalpha()) - {"eg", "ie", "etal", "etc", "code"}
    | frozenset((*STYLES, *DECLARATIONS, *DROPPED, *LAST_ARGUMENT))
    | CITATIONS
    | REFERENCES
    | SPECIAL
) - {"code", "pkg", "proglang", "file", "foreign", "strong", "circled", "address"}
"""What a style file of the document must not replace."""
