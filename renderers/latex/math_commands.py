"""Commands that may stand in a formula: pdflatex, KaTeX and the MathJax of Mathpix know them.

Lists as in the amsmath and amssymb manuals, without what KaTeX's table of supported functions
leaves out.
"""

from __future__ import annotations

_GREEK = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega digamma varkappa Gamma Delta
Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega varGamma varDelta varTheta varLambda varXi varPi
varSigma varUpsilon varPhi varPsi varOmega
"""
_ORDINARY = """
hbar hslash ell imath jmath wp Re Im aleph beth gimel daleth eth partial infty nabla forall exists
nexists emptyset varnothing neg lnot top bot angle measuredangle sphericalangle triangle
triangledown blacktriangle blacktriangledown square blacksquare Box Diamond lozenge blacklozenge
bigstar flat natural sharp clubsuit diamondsuit heartsuit spadesuit prime backprime surd complement
checkmark maltese circledR circledS yen mho Finv Game Bbbk S P dag ddag copyright pounds vert Vert
lvert rvert lVert rVert colon cdotp ldotp
"""
_BINARY = """
pm mp times div cdot ast star circ bullet cap cup uplus sqcap sqcup vee wedge lor land setminus wr
diamond bigtriangleup bigtriangledown triangleleft triangleright lhd rhd unlhd unrhd oplus ominus
otimes oslash odot bigcirc dagger ddagger amalg ltimes rtimes leftthreetimes rightthreetimes
smallsetminus dotplus divideontimes intercal barwedge veebar doublebarwedge curlywedge curlyvee
circledast circledcirc circleddash boxplus boxminus boxtimes boxdot Cap Cup centerdot doublecap
doublecup gtrdot lessdot bmod
"""
_RELATION = """
le leq ge geq ne neq equiv sim simeq approx cong propto asymp doteq ll gg prec succ preceq succeq
subset supset subseteq supseteq sqsubset sqsupset sqsubseteq sqsupseteq in ni notin owns mid nmid
parallel nparallel perp vdash dashv models smile frown bowtie Join leqslant geqslant lesssim gtrsim
lessapprox gtrapprox lessgtr gtrless lesseqgtr gtreqless lesseqqgtr gtreqqless leqq geqq lll ggg
preccurlyeq succcurlyeq curlyeqprec curlyeqsucc precsim succsim precapprox succapprox subseteqq
supseteqq Subset Supset vDash Vdash Vvdash nvdash nvDash nVdash nVDash vartriangle
vartriangleleft vartriangleright trianglelefteq trianglerighteq ntriangleleft ntriangleright
ntrianglelefteq ntrianglerighteq blacktriangleleft blacktriangleright approxeq thickapprox thicksim
backsim backsimeq eqsim bumpeq Bumpeq doteqdot Doteq risingdotseq fallingdotseq circeq triangleq
eqcirc between pitchfork therefore because nless ngtr nleq ngeq nleqslant ngeqslant nleqq ngeqq
nprec nsucc npreceq nsucceq nsim ncong nsubseteq nsupseteq nsubseteqq nsupseteqq subsetneq
supsetneq varsubsetneq varsupsetneq subsetneqq supsetneqq lneq gneq lneqq gneqq lvertneqq gvertneqq
lnsim gnsim lnapprox gnapprox precneqq succneqq precnsim succnsim precnapprox succnapprox shortmid
shortparallel nshortmid nshortparallel smallsmile smallfrown varpropto backepsilon eqslantless
eqslantgtr
"""
_ARROW = """
leftarrow gets rightarrow to leftrightarrow Leftarrow Rightarrow Leftrightarrow longleftarrow
longrightarrow longleftrightarrow Longleftarrow Longrightarrow Longleftrightarrow implies impliedby
iff mapsto longmapsto hookleftarrow hookrightarrow leftharpoonup leftharpoondown rightharpoonup
rightharpoondown rightleftharpoons leftrightharpoons uparrow downarrow updownarrow Uparrow Downarrow
Updownarrow nearrow searrow swarrow nwarrow leadsto nleftarrow nrightarrow nleftrightarrow
nLeftarrow nRightarrow nLeftrightarrow leftleftarrows rightrightarrows leftrightarrows
rightleftarrows upuparrows downdownarrows Lleftarrow Rrightarrow twoheadleftarrow twoheadrightarrow
leftarrowtail rightarrowtail looparrowleft looparrowright curvearrowleft curvearrowright
circlearrowleft circlearrowright dashleftarrow dashrightarrow multimap upharpoonleft upharpoonright
restriction downharpoonleft downharpoonright rightsquigarrow leftrightsquigarrow Lsh Rsh
"""
_LARGE = """
sum prod coprod int iint iiint oint bigcap bigcup bigsqcup bigvee bigwedge bigoplus bigotimes
bigodot biguplus smallint
"""
_FUNCTION = """
sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan log ln lg exp dim ker hom arg deg
"""
_LIMIT_NAME = """
lim limsup liminf max min sup inf det gcd Pr injlim projlim varinjlim varprojlim varliminf varlimsup
"""
_STRUCTURE = """
frac dfrac tfrac cfrac binom dbinom tbinom sqrt stackrel overset underset substack overline
underline widehat widetilde overrightarrow overleftarrow overleftrightarrow underrightarrow
underleftarrow overbrace underbrace hat check tilde acute grave dot ddot dddot breve bar vec
mathring not boxed cancel bcancel xcancel smash phantom hphantom vphantom sideset operatorname
mathop mathbin mathrel mathord mathopen mathclose mathpunct mathinner tag
pmod mod xrightarrow xleftarrow limits nolimits left right middle
"""
_SIZE = """
big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm
"""
_DELIMITER = """
langle rangle lceil rceil lfloor rfloor lbrace rbrace lbrack rbrack lgroup rgroup lmoustache
rmoustache ulcorner urcorner llcorner lrcorner backslash
"""
_FONT = """
mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathbb mathnormal boldsymbol pmb text
textrm textbf textit textsf texttt textup textnormal rm bf it sf tt cal displaystyle textstyle
scriptstyle scriptscriptstyle
"""
_SPACE = """
quad qquad enspace thinspace medspace thickspace negthinspace negmedspace negthickspace
"""
_LENGTH = "hspace mkern mskip kern hskip nobreakspace space hfill"
_DOTS = "dots ldots cdots vdots ddots dotsc dotsb dotsm dotsi dotso"
_TABLE = "begin end hline cline multicolumn"

KNOWN = frozenset(
    " ".join(
        (
            *(_GREEK, _ORDINARY, _BINARY, _RELATION, _ARROW, _LARGE, _FUNCTION, _LIMIT_NAME),
            *(_STRUCTURE, _SIZE, _DELIMITER, _FONT, _SPACE, _LENGTH, _DOTS, _TABLE),
        )
    ).split()
)
"""Names without their backslash."""

GREEK = frozenset(_GREEK.split())
SIGNS = frozenset(
    " ".join((_GREEK, _ORDINARY, _BINARY, _RELATION, _ARROW, _DELIMITER, _SPACE, _DOTS)).split()
)
"""Those that stand alone: letters, signs, arrows, dots, spaces."""
LIMIT_OPERATORS = frozenset(f"{_LARGE} {_LIMIT_NAME}".split())
"""Those with limits above and below in displays."""
OPERATORS = LIMIT_OPERATORS | frozenset(_FUNCTION.split())
SIZES = frozenset(_SIZE.split())
"""Those that make the delimiter after them larger."""
_FENCE = """
vert Vert lvert rvert lVert rVert uparrow downarrow updownarrow Uparrow Downarrow Updownarrow
"""
DELIMITERS = frozenset(f"{_DELIMITER} {_FENCE}".split())
"""Those that `\\left`, `\\right` and sizes take."""

KNOWN_SYMBOLS = frozenset(r",:;!> \{}|&%#$_-/")
"""Characters that may follow a backslash: spaces, braces, norms, escapes, the end of a row."""

ENVIRONMENTS = frozenset(
    [
        "aligned",
        "alignedat",
        "gathered",
        "split",
        "array",
        "subarray",
        "cases",
        "matrix",
        "pmatrix",
        "bmatrix",
        "Bmatrix",
        "vmatrix",
        "Vmatrix",
        "smallmatrix",
    ]
)
"""Environments inside a formula."""

DISPLAYS = frozenset(
    ["equation", "equation*", "align", "align*", "gather", "gather*", "alignat", "alignat*"]
)
"""Environments that are a formula."""

TEXT_ARGUMENT = frozenset(
    ["text", "textrm", "textbf", "textit", "textsf", "texttt", "textup", "textnormal"]
)
