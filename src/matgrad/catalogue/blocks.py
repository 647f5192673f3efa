"""Parts of arrays, and arrays made of blocks.

Floor 1, data only.  A part's data has, for each axis, where it begins (from 0), or None for an
axis that is whole; it carries its own shape.  A block array's data are the numbers of block rows
and block columns, or of pieces of a vector; its operands stand row by row.
"""

from __future__ import annotations

from matgrad.catalogue.record import CALL, call, contraction, forms, postfix, register
from matgrad.core.expr import Op

part = contraction(
    "part",
    "...->...",
    forms(postfix("[#s]", CALL), latex=postfix("_{#s}", CALL)),
    weights="part",
)
block = register(
    Op(
        "block",
        "linear",
        "...->...",
        operands=("A", "B"),
        weights="block",
        forms=forms(call("block")),
        cite="definition",
    )
)
