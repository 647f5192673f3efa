"""Further products: Kronecker products by columns and by rows, Kronecker sums.

Floor 1, data only.
"""

from __future__ import annotations

from matgrad.catalogue.record import (
    PRODUCT,
    call,
    composed,
    contraction,
    forms,
    infix,
)

_RAO = "Khatri & Rao 1968, Sankhya A 30, 167-180"

khatri_rao = contraction(
    "khatri_rao",
    "ij,kj->[ik]j",
    forms(call("khatri_rao"), latex=infix(r" \ast ", PRODUCT)),
    cite=_RAO,
)
face_split = contraction(
    "face_split",
    "ij,ik->i[jk]",
    forms(call("face_split"), latex=infix(r" \bullet ", PRODUCT)),
    cite="Slyusar 1999, Cybernetics and Systems Analysis 35, 379-384",
)
kronsum = composed(
    "kronsum",
    "ii,kk->[ik][ik]",
    "kron(A, eye(k)) + kron(eye(i), B)",
    forms(call("kronsum"), unicode=infix(" ⊕ ", PRODUCT), latex=infix(r" \oplus ", PRODUCT)),
    operands=("A", "B"),
    cite="Horn & Johnson 1991, Topics in Matrix Analysis, sec. 4.4",
)
