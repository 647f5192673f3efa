"""Tokens: text cut into numbers, names and signs, each with its place.

Floor 2.  The two dialects differ in what a dot and a quote mean, so there is a table of
patterns for each; everything else about them is in `grammar`.  Unicode spellings are
translated here, and nothing later sees them.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from matgrad.core.errors import BudgetExceeded, SyntaxProblem

Syntax = Literal["matrix", "numpy", "latex"]
QUESTIONS: dict[Syntax, str] = {
    "matrix": "d/dX tr(A*X)",
    "numpy": "d/dX np.trace(A @ X)",
    "latex": r"\frac{\partial}{\partial X} \operatorname{tr}(AX)",
}
"""How one asks for a derivative, by the language of the text."""

MAX_CHARACTERS = 1_000_000
MAX_TOKENS = 250_000
MAX_DIGITS = 300


class Token(NamedTuple):
    """A piece of the text; `text` is its ASCII spelling, `start:end` its place.

    `power` is a Unicode superscript such as `⁻¹`, spelt `-1`; `imaginary` a multiple of the
    imaginary unit such as `2i`, spelt `2`.
    """

    kind: Literal["number", "imaginary", "name", "quoted", "power", "sign", "end"]
    text: str
    start: int
    end: int


GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψωϵϕϑς",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
        "sigma tau upsilon phi chi psi omega epsilon phi theta sigma".split(),
        strict=True,
    )
)
GREEK |= {capital: GREEK[capital.lower()].capitalize() for capital in "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"}
_TO_ASCII = str.maketrans(GREEK | dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)))
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SIGNS = {
    "−": "-",
    "·": "*",
    "⋅": "*",
    "⊙": ".*",
    "⊘": "./",
    "ᵀ": "'",
    "⊤": "'",
    "ᴴ": "^H",
    "√": "sqrt",
    "==": "=",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "‖₂": "‖_2",
    "‖₁": "‖_1",
    "||₂": "||_2",
    "||₁": "||_1",
}
_NAME = rf"[A-Za-z_{''.join(GREEK)}][A-Za-z0-9_{''.join(GREEK)}₀-₉]*"
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_UNIT = r"(?:[ijJ](?![A-Za-z0-9_]))?"
_COMMON = rf"""
    (?P<space>\s+)
  | (?P<number>NUMBER)
  | (?P<name>∑?{_NAME}|√(?=\())
  | (?P<power>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
"""
_PART = r"(?:linalg|special)\."
_PACKAGE = r"np|numpy|jnp|jax\.numpy|jax\.nn|torch\.nn\.functional|torch|scipy"
_NAMED = rf"(?:(?:{_PACKAGE})\.(?:{_PART})?|{_PART})"
_QUALIFIER = re.compile(rf"\b{_NAMED}\Z")
_PATTERNS: dict[Syntax, re.Pattern[str]] = {
    # `2.*x` is an elementwise product here: a number ends in a dot only before nothing else.
    "matrix": re.compile(
        _COMMON.replace("NUMBER", rf"(?:\d+(?:\.\d+|\.(?![.*/^\\(+\-']))?|\.\d+){_EXPONENT}{_UNIT}")
        + r"""| (?P<sign>\.\.\.?|\.[*/^+\-(]|\*\*|->|[=<>!]=|(?:‖|\|\|)(?:_[F12]|[₁₂])?
              |[-+*/\\^'()\[\],;:=|<>≤≥≠−·⋅⊙⊘⊗ᵀ⊤ᴴ∂×])""",
        re.VERBOSE,
    ),
    "numpy": re.compile(
        rf"(?P<module>{_NAMED}(?=[A-Za-z])) |"
        + _COMMON.replace("NUMBER", rf"(?:\d+\.?\d*|\.\d+){_EXPONENT}{_UNIT}")
        + r"""| (?P<sign>\.\.\.|\.(?:m?T|H)\b|\.[a-z_]\w*(?=\()|\*\*|->|[=<>!]=
              |[-+*/()\[\],;:=@<>])""",
        re.VERBOSE,
    ),
}
# What the other dialect writes, and what to write instead.
_HINTS: dict[tuple[Syntax, str], str] = {
    ("matrix", "@"): "the product is `*` (NumPy's spelling is another syntax: numpy)",
    ("matrix", "."): "the transpose is `X'` (NumPy's spelling is another syntax: numpy)",
    ("numpy", "'"): "the transpose is `.T`",
    ("numpy", "^"): "the power is `**`",
    ("numpy", "\\"): "write solve(A, b)",
    ("numpy", "."): "behind a dot stand `T`, `mT`, `H` and methods, such as `x.sum()`",
}
_LATIN_GREEK = re.compile(r"(?<=[A-Za-z])(?=[\u0391-\u03c9])")
_BARS = re.compile(r"\|+|‖")
_OPERAND_ENDS = frozenset({")", "]", "'", "^H", ".T", ".mT", ".H"})


def tokenize(text: str, syntax: Syntax = "matrix") -> list[Token]:
    """The tokens of `text`, with an `end` token last.

    Raises SyntaxProblem at a character that means nothing, BudgetExceeded for a long text.
    """
    if len(text) > MAX_CHARACTERS:
        raise BudgetExceeded(
            f"the text has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}"
        )
    match = _PATTERNS[syntax].match
    tokens: list[Token] = []
    position, length = 0, len(text)
    after_operand = False
    bars: list[str] = []
    while position < length:
        character = text[position]
        if character in "'\"" and not (after_operand and character == "'"):
            token = _quoted(text, position)
        else:
            found = match(text, position)
            if found is None:
                raise _unexpected(text, position, syntax)
            position = found.end()
            if found.lastgroup == "space" or found.lastgroup == "module":
                continue
            token = _token(text, found)
            if token.kind == "sign" and token.text[0] in "‖|":
                token = _bar(text, token, bars, closes=after_operand and bool(bars))
        position = token.end
        tokens.append(token)
        if token.kind != "sign" or token.text[0] not in "‖|":
            after_operand = token.kind != "sign" or token.text in _OPERAND_ENDS
        if len(tokens) > MAX_TOKENS:
            raise BudgetExceeded(f"the text has more than {MAX_TOKENS:,} signs, names and numbers")
    tokens.append(Token("end", "", length, length))
    return tokens


def module_before(text: str, position: int) -> str:
    """NumPy's module in front of a name that stands at `position`, such as `np.linalg.`."""
    found = _QUALIFIER.search(text[:position])
    return found.group() if found else ""


def _token(text: str, found: re.Match[str]) -> Token:
    spelling, (start, end) = found.group(), found.span()
    match found.lastgroup:
        case "number":
            real = spelling.rstrip("ijJ")
            mantissa, _, exponent = real.lower().partition("e")
            if len(mantissa) > MAX_DIGITS or len(exponent) > 4:
                raise BudgetExceeded("the number has too many digits", text=text, span=(start, end))
            return Token("number" if real == spelling else "imaginary", real, start, end)
        case "name":
            if spelling.isascii():
                return Token("name", spelling, start, end)
            if joined := _LATIN_GREEK.search(spelling):  # Xθ is no name, as Δx is one
                spelling = spelling[: joined.start()]
                end = start + len(spelling)
            name = spelling.replace("∑", "sum").translate(_TO_ASCII)
            return Token("name", _SIGNS.get(spelling, name), start, end)
        case "power":
            return Token("power", spelling.translate(_SUPERSCRIPT), start, end)
        case _:
            return Token("sign", _SIGNS.get(spelling, spelling), start, end)


def _bar(text: str, token: Token, bars: list[str], *, closes: bool) -> Token:
    """A bar, or the double bar of a norm, as it may be read; `bars` are those that are open.

    `||x||` is a norm, and `||a| - |b||` an absolute value that holds two: two bars are one sign
    where the next ones are two as well, or where the bar to be closed is double.
    """
    if token.text[:2] == "||":
        upcoming = _BARS.search(text, token.end)
        double = bars[-1] != "|" if closes else upcoming and upcoming.group() != "|"
        spelling = f"‖{token.text[2:]}" if double else "|"
        token = Token("sign", spelling, token.start, token.end if double else token.start + 1)
    if not closes:
        bars.append(token.text)
    elif bars:
        bars.pop()
    return token


def _quoted(text: str, start: int) -> Token:
    end = text.find(text[start], start + 1)
    if end < 0:
        raise SyntaxProblem(
            "a quote that follows no operand and is never closed",
            text=text,
            span=(start, start + 1),
            hint="`'` transposes what stands before it: X'",
        )
    return Token("quoted", text[start + 1 : end], start, end + 1)


def _unexpected(text: str, position: int, syntax: Syntax) -> SyntaxProblem:
    character = text[position]
    shown = f"`{character}`" if character.isprintable() else f"U+{ord(character):04X}"
    hint = _HINTS.get((syntax, character))
    return SyntaxProblem(
        f"{shown} has no meaning here", text=text, span=(position, position + 1), hint=hint
    )
