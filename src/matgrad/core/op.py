"""The record that says what an operator is.

Floor 0.  Every cell is data: text in our own notation, or a name from a short list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, final

Transposition = Literal["", "equivariant", "reversed", "invariant"]
Kind = Literal[
    "structural", "contraction", "linear", "conjugate", "elementwise", "primitive", "composed"
]


@final
class Form(NamedTuple):
    """How one notation writes an operator.

    `style` is how the operands stand (`call`, `infix`, `prefix`, `postfix`, `fence`,
    `template`), `token` what is written, `level` the binding strength within that notation.
    A template holds `#1`, `#2` … for operands.
    """

    style: Literal["call", "infix", "prefix", "postfix", "fence", "template"]
    token: str
    level: int = 100


@final
@dataclass(frozen=True, slots=True, eq=False)
class Op:
    """One operator: the record that everything else is derived from.  Every cell is data.

    `signature` is the shape rule: an einsum string for a contraction (`ik,kj->ij`),
    NumPy's gufunc notation otherwise (`(n,n)->()`); alternatives are split by `;`, the
    first whose operand orders match is taken, a trailing `...` stands for any further axes, with
    a name (`p...`) for those of one operand.
    `weights` are the exponents of a contraction's operands (`1,-1` for a quotient) or the
    coefficients of a linear operator (`1,-1` for a difference).
    `differential` is in our own notation, operands named by `operands`; `singular` the one that
    holds where the first operand is a matrix that is singular by construction.
    `definition` expands a composed operator.  `conditions` are text with operand names.
    `adjoint` marks an operator that is linear in its last operand E: in our notation, what takes
    a cotangent `C` of its value to that of E, so that <f(A, E), C> = <E, adjoint>.  The value has
    as many axes as E, of which those that the signature has `...` for are passed through.  Where
    other operands have further axes of their own it is linear in each of these and in E, and
    symmetric in them: f(A, D, E) = f(A, E, D) but for the order of the axes passed through.
    `matrix` is the matrix by which such an operator multiplies vec(E), where it has a closed form.
    `transpose` says what transposing the operands does: `equivariant` for f(A', B') = f(A, B)',
    `reversed` for f(B', A', C') = f(A, B, C)', `invariant` for f(A') = f(A).
    `gives` are the properties of its value: what it always has (`positive`), what it has for some
    operands (`pd if A symmetric`), the interval of its entries (`(-1, 1)`).
    `row`: its value, a vector, stands as a row in matrix notation.
    `complex` says what an operator is at complex operands: `analytic` for f(conj(A)) = conj(f(A)),
    otherwise its definition there, in our notation; an empty cell refuses them.
    """

    name: str
    kind: Kind
    signature: str
    operands: tuple[str, ...] = ()
    weights: str = ""
    differential: str = ""
    singular: str = ""
    definition: str = ""
    conditions: tuple[str, ...] = ()
    transpose: Transposition = ""
    adjoint: str = ""
    matrix: str = ""
    gives: tuple[str, ...] = ()
    row: bool = False
    complex: str = ""
    forms: tuple[tuple[str, Form], ...] = ()
    cite: str = ""

    def form(self, notation: str) -> Form:
        """How `notation` writes this operator; KeyError names a missing column."""
        for name, form in self.forms:
            if name == notation:
                return form
        raise KeyError(f"operator {self.name} has no {notation} notation")

    def __repr__(self) -> str:
        return f"Op({self.name})"
