"""Scalar functions of two or more operands, applied entry by entry.

Floor 1, data only.  A scalar operand goes with every entry of the others.
"""

from __future__ import annotations

from matgrad.catalogue.record import POSTFIX, call, composed, forms, infix, primitive, template

_KINK = "definition"

# `where(x < y, a, b)` is read as `where(y > x, a, b)`.
where = primitive(
    "where",
    "(...),(...),(...),(...)->(...)",
    forms(
        template("where(#1 > #2, #3, #4)"),
        latex=template(r"\operatorname{where}\left(#1 > #2,\,#3,\,#4\right)"),
    ),
    operands=("L", "R", "A", "B"),
    differential="0*dL .+ 0*dR .+ step.(L .- R).*dA .+ (1 .- step.(L .- R)).*dB",
    conditions=("L != R",),
    transpose="equivariant",
    cite=_KINK,
)
larger = primitive(
    "maximum",
    "(...),(...)->(...)",
    forms(call("maximum"), latex=call(r"\max")),
    operands=("A", "B"),
    differential="step.(A .- B).*dA .+ step.(B .- A).*dB",
    transpose="equivariant",
    cite=_KINK,
)
smaller = primitive(
    "minimum",
    "(...),(...)->(...)",
    forms(call("minimum"), latex=call(r"\min")),
    operands=("A", "B"),
    differential="step.(B .- A).*dA .+ step.(A .- B).*dB",
    transpose="equivariant",
    cite=_KINK,
)
clip = primitive(
    "clip",
    "(...),(...),(...)->(...)",
    forms(call("clip")),
    operands=("A", "a", "b"),
    differential=("step.(A .- a).*step.(b .- A).*dA .+ step.(a .- A).*da .+ step.(A .- b).*db"),
    conditions=("b > a",),
    transpose="equivariant",
    cite=_KINK,
)
# A power whose exponent is no number and no integer.
pow = primitive(
    "pow",
    "(...),(...)->(...)",
    forms(infix(".^", POSTFIX), latex=infix(r"^{\odot}", POSTFIX), numpy=infix("**", POSTFIX)),
    operands=("A", "B"),
    differential="B.*A.^(B .- 1).*dA .+ A.^B.*log.(A).*dB",
    conditions=("A > 0",),
    transpose="equivariant",
    gives=("positive",),
    cite="Abramowitz & Stegun 1964, 4.2",
)
logaddexp = primitive(
    "logaddexp",
    "(...),(...)->(...)",
    forms(call("logaddexp")),
    operands=("A", "B"),
    differential="sigmoid.(A .- B).*dA .+ sigmoid.(B .- A).*dB",
    transpose="equivariant",
    cite="Boyd & Vandenberghe 2004, Convex Optimization, sec. 3.1.5",
)
hypot = primitive(
    "hypot",
    "(...),(...)->(...)",
    forms(call("hypot")),
    operands=("A", "B"),
    differential="A.*dA./hypot(A, B) .+ B.*dB./hypot(A, B)",
    transpose="equivariant",
    cite="Pythagoras; chain rule",
)
# The angle of the point (B, A).
atan2 = primitive(
    "atan2",
    "(...),(...)->(...)",
    forms(call("atan2"), latex=call(r"\operatorname{atan2}"), numpy=call("arctan2")),
    operands=("A", "B"),
    differential="B.*dA./(A.^2 .+ B.^2) .- A.*dB./(A.^2 .+ B.^2)",
    transpose="equivariant",
    cite="Abramowitz & Stegun 1964, ch. 4",
)
lbeta = composed(
    "lbeta",
    "(...),(...)->(...)",
    "lgamma.(A) .+ lgamma.(B) .- lgamma.(A .+ B)",
    forms(call("lbeta"), latex=call(r"\log\mathrm{B}")),
    operands=("A", "B"),
    cite="Abramowitz & Stegun 1964, 6.2.2",
)
# A square near zero and linear beyond the threshold.
huber = primitive(
    "huber",
    "(...),()->(...)",
    forms(call("huber")),
    operands=("A", "t"),
    differential="clip(A, -t, t).*dA .+ relu.(abs.(A) .- t)*dt",
    conditions=("t > 0",),
    transpose="equivariant",
    cite="Huber 1964, Robust estimation of a location parameter",
)
soft_threshold = primitive(
    "soft_threshold",
    "(...),()->(...)",
    forms(call("soft_threshold")),
    operands=("A", "t"),
    differential="step.(abs.(A) .- t).*dA .- sign.(A).*step.(abs.(A) .- t)*dt",
    conditions=("t > 0",),
    transpose="equivariant",
    cite="Parikh & Boyd 2014, Proximal Algorithms, ch. 6",
)
