"""What the environments of LaTeX and of common classes are to the extraction."""

from __future__ import annotations

from vary_data.sources.arxiv.words import words

SIGNATURES: dict[str, str] = {
    # o optional, m mandatory: what follows \begin{name} and is not content.
    "minipage": "ooom", "multicols": "mo", "wrapfigure": "omom", "wraptable": "omom", "figure": "o",
    "figure*": "o", "table": "o", "table*": "o", "subfigure": "ooom", "subtable": "ooom",
    "sidewaystable": "o", "sidewaysfigure": "o", "SCfigure": "oo", "floattable": "o",
    "threeparttable": "o", "tablenotes": "o", "spacing": "m", "adjustbox": "m", "adjustwidth": "mm",
    "tcolorbox": "o", "mdframed": "o", "framed": "", "shaded": "", "otherlanguage": "m",
    "otherlanguage*": "m", "CJK": "mm", "CJK*": "mm", "changemargin": "mm", "addmargin": "om",
    "refsection": "o", "refsegment": "o", "parcolumns": "om", "column": "m", "columns": "o",
    "frame": "oomm", "acks": "o", "appendices": "o", "abstract": "o", "ruledfigure": "o",
    "scope": "o", "quoting": "o", "list": "mm", "deluxetable": "om", "marginfigure": "o",
    "figurehere": "", "tablehere": "", "scriptsize": "", "chapquote": "om", "savenotes": "",
}  # fmt: skip

TRANSPARENT = frozenset(
    words(
        "center flushleft flushright raggedright quote quotation verse small footnotesize"
        " scriptsize tiny large normalsize minipage multicols landscape spacing singlespace"
        " singlespacing onehalfspace doublespace doublespacing document appendix appendices"
        " subappendices frontmatter mainmatter backmatter sloppypar samepage adjustbox"
        " adjustwidth threeparttable threeparttablex tablenotes tcolorbox mdframed framed"
        " shaded leftbar otherlanguage otherlanguage* english chinese CJK CJK* changemargin"
        " addmargin refsection refsegment group block column columns widetext strip onecolumn"
        " acks acknowledgement acknowledgements acknowledgment acknowledgments ack"
        " Acknowledgement linenumbers savenotes quoting significancestatement ruledtabular"
        " frame bf it em sffamily summary claimproof tabularnotes measuredfigure ThreePartTable"
        " nolinenumbers chapquote"
    )
)
"""Environments whose content is read as if it stood without them."""

FLOATS = {
    "figure": "figure", "figure*": "figure", "wrapfigure": "figure", "sidewaysfigure": "figure",
    "SCfigure": "figure", "marginfigure": "figure", "ruledfigure": "figure", "figurehere": "figure",
    "table": "table", "table*": "table", "wraptable": "table", "sidewaystable": "table",
    "sidewaystable*": "table", "sidewaysfigure*": "figure", "floattable": "table",
    "tablehere": "table", "margintable": "table", "longtabu": "table", "SCtable": "table",
}  # fmt: skip
SUBFLOATS = {"subfigure": "figure", "subtable": "table", "subfigure*": "figure"}

TABULARS: dict[str, str] = {
    # o optional, m dropped, C the column specification
    "tabular": "oC", "tabular*": "moC", "tabularx": "moC", "tabulary": "mC", "longtable": "oC",
    "supertabular": "C", "xtabular": "C", "tabu": "C", "longtabu": "C", "array": "oC",
    "NiceTabular": "oCo", "longtable*": "oC", "xltabular": "omC", "mpsupertabular": "C",
    "tabu*": "C", "tabularew": "C",
}  # fmt: skip

LISTS = {
    "itemize": False, "enumerate": True, "description": False, "compactitem": False,
    "compactenum": True, "itemize*": False, "asparaitem": False, "asparaenum": True,
    "compactdesc": False, "easylist": False, "tightlist": False, "asparadesc": False, "list": False,
    "trivlist": False, "labeling": False, "checklist": False, "enumerate*": True, "tight_enumerate":
    True, "algolist": True, "steps": True, "introduction": False, "problemset": True,
}  # fmt: skip
INLINE_LISTS = frozenset({"inparaenum", "inparaitem", "enumerate*", "itemize*", "inlineenum"})

PICTURES = frozenset(
    words(
        "tikzpicture pgfpicture picture pspicture tikzcd axis scope forest circuitikz psfrags"
        " overpic tikzfigure dependency figurealign xy asy mpost feynman fmffile quantikz"
        " diagram prooftree mathpar bytefield sequencediagram chart gantt"
    )
)
"""Drawings: there is no block for them."""

ALGORITHMS = frozenset(
    words(
        "algorithm algorithm* algorithmic algorithm2e algorithm2e* procedure function"
        " algorithmc pseudocode lstlisting listing listing* program code codebox tabbing"
        " CodeChunk algo alg breakablealgorithm lean ghci minted"
    )
)
"""Programs and pseudo-code: there is no block for them."""

FRONT_MATTER = frozenset(
    words(
        "keyword keywords IEEEkeywords titlepage highlights graphicalabstract CCSXML"
        " teaserfigure authors AMS MSCcodes PACS JEL classification dedication"
    )
)
"""Title pages and index terms, left out."""

FRONT_MATTER_COMMANDS: dict[str, str] = {
    "author": "om", "date": "m", "affil": "om", "affiliation": "om", "address": "om",
    "email": "om", "institute": "m", "institution": "m", "keywords": "m", "keyword": "m",
    "thanks": "m", "orcid": "m", "correspondingauthor": "om", "ead": "om", "cortext": "om",
    "fntext": "om", "tnotetext": "om", "journal": "m", "received": "om", "accepted": "m",
    "homepage": "om", "altaffiliation": "om", "collaboration": "om", "pacs": "m", "preprint": "m",
    "subjclass": "om", "dedicatory": "m", "curraddr": "om", "urladdr": "m", "authorrunning": "m",
    "titlerunning": "m", "shorttitle": "m", "shortauthors": "m", "runninghead": "mm",
    "altaffiltext": "mm", "altaffilmark": "m", "slugcomment": "m", "corrauth": "m", "Address": "m",
    "Plainauthor": "m", "Plaintitle": "m", "Shorttitle": "m", "Keywords": "m",
    "Plainkeywords": "m", "authornote": "m", "authornotemark": "o", "acmConference": "ommm",
    "acmYear": "m", "acmDOI": "m", "acmISBN": "m", "acmPrice": "m", "setcopyright": "m",
    "copyrightyear": "m", "acmJournal": "m", "acmVolume": "m", "acmNumber": "m", "acmArticle": "m",
    "acmMonth": "m", "startPage": "m", "settopmatter": "m", "subtitle": "m", "extraAuth": "m",
    "helveticabold": "", "onecolumn": "", "firstpage": "m", "software": "om", "facility": "m",
    "facilities": "m", "correspondence": "m", "corresp": "om", "IEEEauthorblockN": "m",
    "IEEEauthorblockA": "m", "IEEEpubid": "m", "IEEEoverridecommandlockouts": "", "version": "m",
    "logo": "m", "cover": "m", "extrainfo": "m", "bioinfo": "mm", "pubinfo": "m", "ccsdesc": "om",
    "jyear": "m", "blurb": "m", "corrAuthor": "m", "corrEmail": "m", "equalcont": "m",
    "authors": "m", "revised": "m", "copyrightnotice": "m", "history": "m", "doi": "m",
    "published": "m", "maindocument": "", "ackname": "", "titleblock": "m", "makeorcid": "",
    "contribution": "om", "metadata": "om", "corauthor": "m", "authorinfo": "mmm", "nocite": "m",
    "ckeywords": "m", "ekeywords": "m", "tihao": "m", "baominghao": "m", "schoolname": "m",
    "membera": "m", "memberb": "m", "memberc": "m", "supervisor": "m", "yearinput": "m",
    "monthinput": "m", "dayinput": "m", "leadauthor": "m", "significancestatement": "m",
    "correspondingauthors": "m", "dates": "m", "datereceived": "m", "dateaccepted": "m",
    "pubyear": "m", "pubvolume": "m", "issue": "m", "articlenum": "m", "pubDOI": "m",
    "githubrepository": "m",
}  # fmt: skip
"""Commands of title pages, with their arguments; what they print is left out."""

THEOREMS: dict[str, tuple[str, str]] = {
    "theorem": ("Theorem", "定理"), "thm": ("Theorem", "定理"), "lemma": ("Lemma", "引理"),
    "lem": ("Lemma", "引理"), "corollary": ("Corollary", "推论"), "cor": ("Corollary", "推论"),
    "proposition": ("Proposition", "命题"), "prop": ("Proposition", "命题"),
    "definition": ("Definition", "定义"), "defn": ("Definition", "定义"),
    "remark": ("Remark", "注"), "example": ("Example", "例"), "exercise": ("Exercise", "练习"),
    "problem": ("Problem", "例题"), "conjecture": ("Conjecture", "猜想"),
    "claim": ("Claim", "断言"),
    "assumption": ("Assumption", "假设"), "axiom": ("Axiom", "公理"), "fact": ("Fact", "事实"),
    "observation": ("Observation", "观察"), "question": ("Question", "问题"),
    "note": ("Note", "注"), "property": ("Property", "性质"), "notation": ("Notation", "记号"),
    "conclusion": ("Conclusion", "结论"), "case": ("Case", "情形"),
    "postulate": ("Postulate", "公设"),
    "hypothesis": ("Hypothesis", "假设"),
}  # fmt: skip
"""Theorem-like environments of common classes, used when the document does not define its own."""
UNNUMBERED_THEOREMS: dict[str, tuple[str, str]] = {
    "proof": ("Proof", "证明"), "solution": ("Solution", "解"), "pf": ("Proof", "证明"),
    "answer": ("Answer", "答"),
}  # fmt: skip

HEADINGS = (
    "part",
    "chapter",
    "section",
    "subsection",
    "subsubsection",
    "paragraph",
    "subparagraph",
)

BOXES: dict[str, str] = {
    "resizebox": "smm", "scalebox": "mo", "adjustbox": "m", "centerline": "", "makebox": "oo",
    "parbox": "ooom", "rotatebox": "om", "fbox": "", "framebox": "oo", "colorbox": "om",
    "textcolor": "om", "mbox": "", "hbox": "", "vbox": "", "subfloat": "oo", "subcaptionbox": "sm",
    "fcolorbox": "mm", "tcbox": "o", "raisebox": "moo", "center": "",
    "textsf": "", "textrm": "", "textnormal": "", "vtop": "", "leftline": "", "rightline": "",
    "ffigbox": "om", "ttabbox": "om", "floatbox": "omom",
    "shadowbox": "", "doublebox": "", "ovalbox": "",
}  # fmt: skip
"""Commands whose last argument may hold blocks, after the arguments of the signature."""
