"""How each notation spells names, sizes, positions and exponents.

Floor 2.  Operators are spelt in the catalogue; this is everything that is not an operator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import final

from matgrad.core.dims import Number

# A number, or an integer that is spelt already.
Exponent = Number | str


@final
@dataclass(frozen=True, slots=True)
class Spelling:
    """The spelling of one notation.

    `fence` are its brackets, `snug` those around a single name.  `over` holds a quotient by a
    scalar, stacked where it delimits its parts.  `entrywise` marks a scalar function applied
    to the entries of a matrix.  `base` is the number of the first position.  `grid` is what stands
    before a block array, between blocks, between rows, and behind.
    """

    notation: str
    name: Callable[[str], str]
    function: Callable[[str], str]
    exponent: Callable[[Exponent, bool], str]
    sizes: Callable[[Sequence[str]], str]
    positions: Callable[[Sequence[str]], str] = ",".join
    fence: tuple[str, str] = ("(", ")")
    snug: tuple[str, str] = ("(", ")")
    over: tuple[str, str, str] = ("", "/", "")
    index: tuple[str, str] = ("[", "]")
    grid: tuple[str, str, str, str] = ("[", ", ", "; ", "]")
    entrywise: str = "."
    delta: str = "delta"
    dot: str = "*"
    base: int = 1
    where: tuple[str, str, str] = (" where ", " = ", ", ")

    @property
    def stacks_fractions(self) -> bool:
        return bool(self.over[0])


def _plain(name: str) -> str:
    return name


def _array_name(name: str) -> str:
    return "1j" if name == IMAGINARY else name


def _power(mark: str, minus: str = "-") -> Callable[[Exponent, bool], str]:
    def exponent(value: Exponent, entrywise: bool) -> str:
        dot = "." if entrywise and mark == "^" else ""
        if isinstance(value, str):
            return dot + mark + (value if value.isidentifier() else f"({value})")
        digits = str(abs(value)) if value >= 0 else f"{minus}{abs(value)}"
        return dot + mark + (digits if digits.isdigit() else f"({digits})")

    return exponent


# The imaginary unit's own spelling; no user's name begins with a digit.
IMAGINARY = "1i"
# Greek letters with a LaTeX macro and a shape of their own.
_GREEK = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
        "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi "
        "Omega".split(),
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
        strict=True,
    )
)
_LETTERS = {letter: name for name, letter in _GREEK.items()}
_STEM = re.compile(r"([^\W\d_]+)(.*)")
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPT = str.maketrans("0123456789aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_SUBSCRIPTS = frozenset(chr(code) for code in _SUBSCRIPT)


def _unicode_name(name: str) -> str:
    found = _STEM.fullmatch(name)
    if name == IMAGINARY:
        return "i"
    if found is None:
        return name
    stem = found[1]
    differential = stem[0] == "d" and stem[1:] in _GREEK and stem not in _GREEK
    spelled = "d" + _GREEK[stem[1:]] if differential else _GREEK.get(stem, stem)
    return spelled + found[2]


def _unicode_exponent(value: Exponent, entrywise: bool) -> str:
    if isinstance(value, str) or entrywise or Fraction(value).denominator != 1:
        return _power("^", "−")(value, entrywise)
    return str(value).translate(_SUPERSCRIPT)


def _unicode_sizes(sizes: Sequence[str]) -> str:
    if all((len(size) == 1 and size in _SUBSCRIPTS) or size.isdigit() for size in sizes):
        return "ₓ".join(size.translate(_SUBSCRIPT) for size in sizes)
    if len(sizes) == 1 and sizes[0].isidentifier():
        return f"_{sizes[0]}"
    return f"_({'×'.join(sizes)})"


def _latex_name(name: str) -> str:
    """`x_1` and `A1` get subscripts, Greek names their macro, longer ones stand upright.

    A differential `dX` gets an upright d.
    """
    found = _STEM.fullmatch(name)
    if name == IMAGINARY:
        return r"\mathrm{i}"
    if found is None:
        return rf"\mathrm{{{_escaped(name)}}}"
    stem, rest = found[1], found[2].removeprefix("_")
    if len(stem) > 1 and stem[0] == "d" and (len(stem) == 2 or stem[1:] in _GREEK):
        spelled = rf"\mathrm{{d}}{_latex_word(stem[1:])}"
    else:
        spelled = _latex_word(stem)
    if not rest:
        return spelled
    return f"{spelled}_{{{','.join(_latex_word(word) for word in rest.split('_'))}}}"


def _latex_word(word: str) -> str:
    name = _LETTERS.get(word, word)
    if name in _GREEK:
        return "\\" + name
    return word if len(word) == 1 or word.isdigit() else rf"\mathrm{{{_escaped(word)}}}"


def _latex_function(name: str) -> str:
    return _latex_name(name).replace(r"\mathrm{", r"\operatorname{", 1)


def _escaped(name: str) -> str:
    return name.replace("_", r"\_")


def _latex_exponent(value: Exponent, entrywise: bool) -> str:
    if not entrywise:
        return f"^{{{value}}}"
    shown = rf"\left({value}\right)" if isinstance(value, str) and " " in value else value
    return rf"^{{\odot {shown}}}"


def _latex_positions(positions: Sequence[str]) -> str:
    return ("" if all(len(p) == 1 and p.isalpha() for p in positions) else ",").join(positions)


TEXT = Spelling("text", _plain, _plain, _power("^"), ", ".join)
UNICODE = replace(
    TEXT,
    notation="unicode",
    name=_unicode_name,
    function=_unicode_name,
    exponent=_unicode_exponent,
    sizes=_unicode_sizes,
    delta="δ",
    dot="·",
)
LATEX = replace(
    TEXT,
    notation="latex",
    name=_latex_name,
    function=_latex_function,
    exponent=_latex_exponent,
    sizes=r" \times ".join,
    positions=_latex_positions,
    fence=(r"\left(", r"\right)"),
    over=(r"\frac{", "}{", "}"),
    index=("_{", "}"),
    grid=(r"\begin{bmatrix}", " & ", r" \\ ", r"\end{bmatrix}"),
    entrywise=r"_{\odot}",
    delta=r"\delta",
    dot=r" \cdot ",
    where=(r"\quad\text{where }", " = ", r",\; "),
)
NUMPY = replace(
    TEXT,
    notation="numpy",
    name=_array_name,
    exponent=_power("**"),
    positions=", ".join,
    grid=("block([[", ", ", "], [", "]])"),
    entrywise="",
    base=0,
)
SPELLINGS = {spelling.notation: spelling for spelling in (TEXT, UNICODE, LATEX, NUMPY)}
