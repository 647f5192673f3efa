"""The problems, as matgrad reads them.  Each rival states the same ones in its own module."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """A derivative to take: of `text` by `wrt`, under the declarations `given`."""

    text: str
    wrt: str
    given: str = ""


UNKNOWN = "f(X): p p; X: m n"
RESIDUAL = "(x - A*s)'*W*(x - A*s)"

# Keys are the equation numbers of "Mathematics for Machine Learning".
IDENTITIES = {
    "5.99": Problem("f(X)'", "X", UNKNOWN),
    "5.100": Problem("tr(f(X))", "X", UNKNOWN),
    "5.101": Problem("det(f(X))", "X", UNKNOWN),
    "5.102": Problem("inv(f(X))", "X", UNKNOWN),
    "5.103": Problem("a'*inv(X)*b", "X", "a: n; b: n"),
    "5.104": Problem("x'*a", "x", "x: n; a: n"),
    "5.105": Problem("a'*x", "x", "x: n; a: n"),
    "5.106": Problem("a'*X*b", "X", "X: m n; a: m; b: n"),
    "5.107": Problem("x'*B*x", "x", "x: n; B: n n"),
    "5.108": Problem(RESIDUAL, "s", "W symmetric; x: m; A: m n; s: n"),
    "5.108 general": Problem(RESIDUAL, "s", "x: m; A: m n; s: n"),
}


def chain(k: int) -> Problem:
    """tr(X*A1*X*A2*…*X*Ak) by X: k places to differentiate, each a product of 2k - 1 matrices."""
    return Problem(f"tr({'*'.join(f'X*A{i}' for i in range(1, k + 1))})", "X", "X: m n")


def network(layers: int) -> Problem:
    """v'*tanh(WL*…tanh(W1*x)…) by W1."""
    text = "x"
    for layer in range(1, layers + 1):
        text = f"tanh(W{layer}*{text})"
    weights = "; ".join(f"W{layer}: h h" for layer in range(2, layers + 1))
    return Problem(f"v'*{text}", "W1", f"v: h; x: n; W1: h n; {weights}")


def total(nodes: int) -> Problem:
    """a1'*x + a2'*x + … by x, with about `nodes` nodes: three to a term."""
    terms = max(1, nodes // 3)
    vectors = "; ".join(f"a{i}: n" for i in range(terms))
    return Problem(" + ".join(f"a{i}'*x" for i in range(terms)), "x", f"x: n; {vectors}")


FAMILIES = {"chain": chain, "network": network, "sum": total}


def problem(name: str, size: int) -> Problem:
    """The identity `name`, or the member of a family at `size`."""
    return FAMILIES[name](size) if name in FAMILIES else IDENTITIES[name]
