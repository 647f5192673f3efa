"""The builders that fill an operator's record, and the register of operators.

Floor 1.  Four builders, one for each way an operator comes by its derivative:
a `contraction` from its einsum string, a `linear` one from its coefficients, an
`elementwise` one from its scalar derivative, a `primitive` from its differential.
A `composed` operator is an abbreviation; it has its definition's derivative.
"""

from __future__ import annotations

from matgrad.core.errors import DeclarationProblem
from matgrad.core.expr import Form, Op, Transposition

NOTATIONS = ("text", "unicode", "latex", "numpy")
OPERATORS: dict[str, Op] = {}

# Binding strengths for printing.  They belong to a notation; all four agree on this ladder
# (Python's minus binds more tightly, but before a product it makes no difference).
# What is PREFIXED is a factor as it stands, and has brackets under an exponent.
ADD, NEGATE, PRODUCT, PREFIXED, POSTFIX, CALL = 10, 20, 30, 35, 40, 50


# What an increasing function with a root at zero gives.
SIGN_KEPT = tuple(
    f"{name} if x {name}" for name in ("positive", "nonnegative", "negative", "nonpositive")
)


def register(op: Op) -> Op:
    """Enter `op` into the catalogue; a name is taken once."""
    if op.name in OPERATORS:
        raise DeclarationProblem(f"the operator {op.name} exists already")
    missing = [notation for notation in NOTATIONS if notation not in dict(op.forms)]
    if missing:
        raise DeclarationProblem(f"operator {op.name} has no notation for {', '.join(missing)}")
    OPERATORS[op.name] = op
    return op


def call(name: str) -> Form:
    return Form("call", name, CALL)


def infix(token: str, level: int) -> Form:
    return Form("infix", token, level)


def prefix(token: str, level: int = NEGATE) -> Form:
    return Form("prefix", token, level)


def postfix(token: str, level: int = POSTFIX) -> Form:
    return Form("postfix", token, level)


def template(text: str, level: int = CALL) -> Form:
    """`#1`, `#2` stand for operands, `#n` for the sizes made; `#i` and `#k` for the positions
    and the exponent in a node's data, `#o` for an offset and the comma before it, `#x`, `#a` and
    `#z` for the index of a sum, its first value and its last."""
    return Form("template", text, level)


def forms(
    text: Form, unicode: Form | None = None, latex: Form | None = None, numpy: Form | None = None
) -> tuple[tuple[str, Form], ...]:
    """The notation columns.  Unicode and NumPy follow `text` unless given."""
    if latex is None:
        latex = call(rf"\operatorname{{{_escaped(text.token)}}}")
    return (
        ("text", text),
        ("unicode", unicode or text),
        ("latex", latex),
        ("numpy", numpy or text),
    )


def _escaped(name: str) -> str:
    return name.replace("_", r"\_")


def along(
    name: str, axis: int, latex: str = "", named: bool = False
) -> tuple[tuple[str, Form], ...]:
    """The columns of a reduction along one axis, which the matrix language counts from 1; `named`
    where NumPy's second operand is no axis."""
    latex = latex or rf"\operatorname{{{_escaped(name)}}}"
    return forms(
        template(f"{name}(#1, {axis + 1})"),
        latex=template(rf"{latex}_{{{axis + 1}}}\left(#1\right)"),
        numpy=template(f"{name}(#1, {'axis=' * named}{axis})"),
    )


def contraction(
    name: str,
    signature: str,
    columns: tuple[tuple[str, Form], ...],
    *,
    weights: str = "",
    conditions: tuple[str, ...] = (),
    gives: tuple[str, ...] = (),
    row: bool = False,
    cite: str = "definition",
) -> Op:
    """An operator that multiplies entries and sums: its einsum string says everything."""
    return register(
        Op(
            name,
            "contraction",
            signature,
            operands=("A", "B"),
            weights=weights,
            conditions=conditions,
            gives=gives,
            row=row,
            forms=columns,
            cite=cite,
        )
    )


def linear(name: str, signature: str, weights: str, columns: tuple[tuple[str, Form], ...]) -> Op:
    """A weighted sum of its operands; `weights` are the coefficients."""
    return register(
        Op(
            name,
            "linear",
            signature,
            operands=("A", "B"),
            weights=weights,
            forms=columns,
            cite="definition",
        )
    )


def elementwise(
    name: str,
    derivative: str,
    *,
    latex: str,
    numpy: str = "",
    conditions: tuple[str, ...] = (),
    gives: tuple[str, ...] = (),
    complex: str = "",
    cite: str = "Abramowitz & Stegun 1964, ch. 4",
) -> Op:
    """A scalar function applied entry by entry; `derivative` is its derivative at x."""
    return register(
        Op(
            name,
            "elementwise",
            "(...)->(...)",
            operands=("x",),
            differential=derivative,
            conditions=conditions,
            gives=gives,
            complex=complex,
            forms=forms(call(name), latex=call(latex), numpy=call(numpy or name)),
            cite=cite,
        )
    )


def primitive(
    name: str,
    signature: str,
    columns: tuple[tuple[str, Form], ...],
    *,
    operands: tuple[str, ...],
    differential: str,
    singular: str = "",
    conditions: tuple[str, ...] = (),
    transpose: Transposition = "",
    adjoint: str = "",
    matrix: str = "",
    gives: tuple[str, ...] = (),
    row: bool = False,
    complex: str = "",
    cite: str,
) -> Op:
    """An operator that is no contraction; its differential is written in our notation, and where
    that needs a nonsingular matrix, one that does not in `singular`.

    One with an `adjoint` is linear in its last operand, which the differential leaves out;
    `matrix` is what multiplies that operand's vec.
    """
    return register(
        Op(
            name,
            "primitive",
            signature,
            operands=operands,
            differential=differential,
            singular=singular,
            conditions=conditions,
            transpose=transpose,
            adjoint=adjoint,
            matrix=matrix,
            gives=gives,
            row=row,
            complex=complex,
            forms=columns,
            cite=cite,
        )
    )


def conjugate(name: str, columns: tuple[tuple[str, Form], ...]) -> Op:
    """The conjugate of every entry: of real values the value itself, and of sums and products
    those of the conjugates."""
    return register(
        Op(name, "conjugate", "...->...", operands=("A",), forms=columns, cite="definition")
    )


def composed(
    name: str,
    signature: str,
    definition: str,
    columns: tuple[tuple[str, Form], ...],
    *,
    operands: tuple[str, ...],
    conditions: tuple[str, ...] = (),
    gives: tuple[str, ...] = (),
    row: bool = False,
    cite: str = "definition",
) -> Op:
    """An abbreviation: `definition` in our notation, operands by name."""
    return register(
        Op(
            name,
            "composed",
            signature,
            operands=operands,
            definition=definition,
            conditions=conditions,
            gives=gives,
            row=row,
            forms=columns,
            cite=cite,
        )
    )
