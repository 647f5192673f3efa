"""Words: what the commands of LaTeX are, for reading.

Floor 2, data only.
"""

from __future__ import annotations

from matgrad.catalogue import OPERATORS
from matgrad.notation.vocabulary import operator_named

GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma "
    "tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
    "ell hbar varGamma varDelta varTheta varLambda varXi varPi varSigma varPhi varPsi "
    "varOmega".split()
)
VARIANTS = {
    "varepsilon": "epsilon",
    "vartheta": "theta",
    "varkappa": "kappa",
    "varphi": "phi",
    "varpi": "pi",
    "varrho": "rho",
    "varsigma": "sigma",
}
"""Letters in another shape, which are other letters where both shapes stand in one text."""

FONTS = {
    **dict.fromkeys(("mathbf", "boldsymbol", "bm", "pmb", "symbf", "bold", "mathbfit"), "bold"),
    **dict.fromkeys(("mathrm", "operatorname", "text", "textrm", "mathop", "mbox"), "upright"),
    **dict.fromkeys(("textnormal", "textup", "rm", "mathup", "symrm"), "upright"),
    **dict.fromkeys(("mathcal", "mathscr", "cal", "symcal"), "cal"),
    **dict.fromkeys(("mathbb", "Bbb", "symbb"), "blackboard"),
    **dict.fromkeys(("mathfrak", "frak"), "fraktur"),
    **dict.fromkeys(("mathsf", "textsf", "sf", "symsf"), "sans"),
    **dict.fromkeys(("mathit", "it", "mathnormal", "textit"), ""),
    **dict.fromkeys(("bf", "boldmath", "textbf"), "bold"),
    **dict.fromkeys(("mathtt", "tt", "texttt"), "typewriter"),
}
"""Commands that choose a font, by its name."""

SWITCHES = frozenset("rm cal frak sf it bf tt boldmath".split())
"""Fonts for the rest of a group."""

RAW = frozenset("operatorname mathrm text textrm mbox textnormal textup rm mathop mathup".split())
"""Fonts whose letters are one word."""

ACCENTS = {
    **dict.fromkeys(("hat", "widehat"), "hat"),
    **dict.fromkeys(("tilde", "widetilde"), "tilde"),
    "bar": "bar",
    "overline": "overline",
    "dot": "dot",
    "ddot": "ddot",
    "check": "check",
    "breve": "breve",
    "acute": "acute",
    "grave": "grave",
    "mathring": "ring",
    "underline": "underline",
    **dict.fromkeys(("vec", "overrightarrow"), "vec"),
}

FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"))
BRACES = frozenset(("underbrace", "overbrace"))
BOXES = BRACES | frozenset("boxed fbox mathstrut smash hbox".split())

SPACES = frozenset(
    ", ; : > ! quad qquad enspace thinspace medspace thickspace space nobreakspace".split()
)
"""Spaces; a negative one, and `\\limits` and the like, say nothing."""

SILENT = frozenset(
    "! displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag big Big "
    "bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm middle "
    "allowbreak nobreak negthinspace negmedspace / left. right. - ".split()
)
DROPPED = frozenset("label tag color phantom vphantom hphantom hspace vspace ref eqref".split())
"""Commands that say nothing of a formula, nor does their argument."""

ARGUMENTS = {
    **dict.fromkeys((*DROPPED, *BOXES, *ACCENTS, "sqrt"), 1),
    **dict.fromkeys(FRACTIONS, 2),
}
"""How many arguments a command takes."""

SIGNS = {
    "cdot": "*",
    "ast": "∗",
    "star": "⋆",
    "times": "×",
    "odot": ".*",
    "circ": ".*",
    "oslash": "./",
    "otimes": "⊗",
    "oplus": "⊕",
    "bullet": "•",
    "div": "/",
    "le": "<=",
    "leq": "<=",
    "leqslant": "<=",
    "ge": ">=",
    "geq": ">=",
    "geqslant": ">=",
    "lt": "<",
    "gt": ">",
    "ne": "!=",
    "neq": "!=",
    "lbrack": "[",
    "rbrack": "]",
    "colon": ":",
    **{word: f"\\{word}" for word in "top intercal prime dagger ddagger dag cdots".split()},
}
"""Commands that are signs of the grammar; `circ` is the entrywise product of many books."""

CHARACTERS = {
    "−": "-",
    "·": "*",
    "⋅": "*",
    "⊙": ".*",
    "∘": ".*",
    "⊘": "./",
    "⊗": "⊗",
    "⊕": "⊕",
    "×": "×",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "*": "*",
    "∗": "∗",
    "•": "•",
}
PRODUCTS = frozenset(("*", ".*", "./", "⊗", "×", "/", "∗", "•", "⊕"))
TERMS = frozenset(("+", "-"))
RELATIONS = frozenset(("=", "<", ">", "<=", ">=", "!=", ",", ";", ":"))

OPENING = {"langle": "⟨", "lVert": "‖", "lvert": "|", "lbrace": "{", "lbrack": "["}
CLOSING = {"rangle": "⟨", "rVert": "‖", "rvert": "|", "rbrace": "{", "rbrack": "["}
BARS = {"Vert": "‖", "vert": "|"}
CLOSERS = {")": "(", "]": "["}

SIZED_OPENING = {"(": "(", "[": "[", "|": "|", **BARS, **OPENING}
SIZED_CLOSING = {**CLOSERS, "|": "|", **BARS, **CLOSING}

GRIDS = {
    "matrix": "(",
    "smallmatrix": "(",
    "pmatrix": "(",
    "bmatrix": "(",
    "Bmatrix": "(",
    "array": "(",
    "vmatrix": "|",
    "Vmatrix": "‖",
}
"""Environments that are arrays, with what stands round them."""
DISPLAYS = frozenset(
    "equation align aligned alignat alignedat gather gathered split eqnarray multline math "
    "displaymath flalign".split()
)
ENVIRONMENTS = {"cases": r"\operatorname{where}(x > 0, a, b) is a where x > 0, and b elsewhere"}

REFUSED = {
    "int": "integrals are not read",
    "iint": "integrals are not read",
    "oint": "integrals are not read",
    "prod": r"\operatorname{prod}(x) is the product of all entries of x",
    "lim": "limits are not read",
    "bigcup": "sets are not read",
    "in": r"say what a name is beside the formula, as in given='X: m n'",
    "to": r"say what a function takes and gives beside it, as in given='f: (m n) -> (p p)'",
    "mapsto": "write the expression alone",
    "mid": "conditional expressions are not read",
    "approx": "equalities are read, with `=`",
    "propto": "equalities are read, with `=`",
    "sim": "distributions are not read",
    "Rightarrow": "write one claim at a time",
    "implies": "write one claim at a time",
    "iff": "write one claim at a time",
    "backslash": "A^{-1} b solves A x = b",
    **dict.fromkeys(
        ("succ", "succeq", "prec", "preceq"), "say beside the formula what holds: given='X pd'"
    ),
    "pm": "write the two cases apart",
    "mp": "write the two cases apart",
    "dots": "write a sum with its bounds",
    "ldots": "write a sum with its bounds",
    "vdots": "write a block for each case",
    "ddots": "write a block for each case",
    "inf": r"\min(x) is the smallest entry",
    "sup": r"\max(x) is the largest entry",
    "argmax": "its value jumps, so that it has no derivative",
    "argmin": "its value jumps, so that it has no derivative",
    "binom": "write the factorials out",
    "begin": "matrices, equation and align are the environments that are read",
}
"""Commands that are known and not read, with a mend."""

WORDS = frozenset(
    "log ln exp det sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min "
    "Re Im".split()
)
"""Commands that are words by themselves."""

NAMES = {"Re": "real", "Im": "imag", "trace": "tr", "Trace": "tr", "Tr": "tr", "etr": "etr"}
"""Words that the matrix language spells differently."""

GREEDY = frozenset(("tr", "trace", "Tr"))
"""Functions that, without brackets, take the whole product behind them: of a matrix in front of
others a trace would be a number in front."""

LETTERS = {
    "sigma": "sigmoid",
    "Gamma": "gamma",
    "lambda_max": "eigmax",
    "lambda_min": "eigmin",
    "sigma_max": "normspec",
}
"""Letters that are functions where they stand in front of brackets and nobody says otherwise."""

MARKS = {"⋆": "star"}

ASKED: dict[str, list[str]] = {}
"""Letters that the catalogue prints for operators, and others use for anything."""
for _op in OPERATORS.values():
    _form = _op.form("latex")
    _letter = _form.token.removeprefix("\\").rstrip("'")
    if _form.style == "call" and _letter in GREEK | VARIANTS.keys() and _letter not in LETTERS:
        ASKED.setdefault(_letter, []).append(_op.name)


def is_function(word: str) -> bool:
    """Whether a word is an operator's."""
    return operator_named(NAMES.get(word, word)) is not None


ENGLISH = frozenset("if for and with or otherwise else when as is then subject let of all".split())
"""Words between formulas."""
