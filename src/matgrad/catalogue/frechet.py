"""Fréchet derivatives of functions of matrices: f_frechet(A, E), f_frechet2(A, D, E) and
f_frechet3(A, B, D, E).

Floor 1, data only.  Each is linear in every direction and symmetric in them, but no contraction,
and carries its adjoint in the last; by A it is differentiated by the next, of which the third has
none.
"""

from __future__ import annotations

from matgrad.catalogue.record import call, forms, primitive

_RELTON = "Higham & Relton 2014, SIAM J. Matrix Anal. Appl. 35, 1019-1037"
_DIRECTIONS = (("E",), ("D", "E"), ("B", "D", "E"))
_RESTS = "pqr"


def derivatives(
    name: str,
    cite: str,
    *,
    before: tuple[str, ...] = (),
    symmetric: bool = False,
    conditions: tuple[str, ...] = (),
    complex: str = "",
    further: str = _RELTON,
) -> None:
    """The records of a function's derivatives; `before` are operands that stand before the matrix,
    scalars all, `symmetric` one that reads only the symmetric part of its matrix.  The first is
    stated in `cite`, the others in `further`."""
    for times, directions in enumerate(_DIRECTIONS, start=1):
        own = f"{name}_frechet{times if times > 1 else ''}"
        rests = [f"n,n,{rest}..." for rest in _RESTS[:times]]
        inputs = ["()"] * len(before) + [f"({axes})" for axes in ("n,n", *rests)]
        passed = ",".join(f"{rest}..." for rest in _RESTS[:times])
        turned = [f"{direction}'" for direction in directions[:-1]]
        back = [*before, "A" if symmetric else "A'", *turned, "C"]
        known = ", ".join((*before, "A", *directions))
        following = f"{name}_frechet{times + 1}({known}, dA)"
        if symmetric:
            following = f"{following}/2 + {name}_frechet{times + 1}({known}, dA')/2"
        primitive(
            own,
            f"{','.join(inputs)}->(n,n,{passed})",
            forms(call(own)),
            operands=(*before, "A", *directions),
            differential=following if times < len(_DIRECTIONS) else "",
            adjoint=f"{own}({', '.join(back)})",
            conditions=conditions,
            transpose="equivariant",
            complex=complex,
            cite=cite if times == 1 else further,
        )
