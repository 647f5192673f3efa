"""Inference: what is known of a normal expression, by a table over sums and products.

Floor 3.  Nothing is guessed: what no row of `rules.inference`, record of an operator or record of
a property says is not known.  Symmetry is found by representation (`normal.symmetry`).
"""

from __future__ import annotations

from matgrad.catalogue.properties import PROPERTIES, closure, of_members, record_of
from matgrad.core.complexes import is_complex
from matgrad.core.dims import Size
from matgrad.core.errors import NoRule
from matgrad.core.expr import APPLY, CONTRACTION, SUM, SYMBOL, Expr
from matgrad.core.interval import NONNEGATIVE, POSITIVE, REALS, Interval, interval, point
from matgrad.normal.build import is_real
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.chain import chain, components, halves, palindrome, parted
from matgrad.normal.fusion import FUSE
from matgrad.normal.indices import MEMBER, is_affine, lead, positions_of
from matgrad.normal.known import (
    OF_COMPLEX,
    Known,
    given,
    joined,
    known,
    multiple,
    names_turned,
    product,
    total,
    turned,
)
from matgrad.normal.kronecker import kronecker_parts
from matgrad.normal.masks import MASK
from matgrad.normal.product import contract
from matgrad.normal.properties import provide_properties
from matgrad.normal.squares import square_root
from matgrad.normal.sums import split
from matgrad.normal.symmetry import group_of, permute


def known_of(root: Expr) -> Known:
    """What is known of a normal expression."""
    found: Known | None = root.memo.get("known")
    if found is not None:
        return found
    stack = [root]
    while stack:
        node = stack[-1]
        if "known" in node.memo:
            stack.pop()
            continue
        waiting = [arg for arg in node.args if "known" not in arg.memo]
        if waiting:
            stack += waiting
            continue
        node.memo["known"] = _symmetric(node, _known(node))
        if is_complex(node):
            node.memo["known"] = _of_complex(node, node.memo["known"])
        stack.pop()
    last: Known = root.memo["known"]
    return last


def _known(node: Expr) -> Known:
    if node.op is SYMBOL or node.op is MEMBER:
        return _symbol(node)
    if node.op is APPLY:
        return _application(node)
    if node.op is SUM:
        return _sum(node)
    if node.op is CONTRACTION:
        return _contraction(node)
    if node.op is MASK or node.op is FUSE:
        below = node.op is MASK and node.data <= 0 and node.shape[0] == node.shape[1]
        return known(("lower",) if below else (), interval("[0, 1]"), node.shape)
    held = given(node.op, tuple(map(known_of, node.args)))
    if is_equivariant(node):
        held |= names_turned(_given_turned(node))
    return known(() if _is_family(node) else held, _declared(held), node.shape)


def is_equivariant(node: Expr) -> bool:
    """Whether a node's transpose is its operator's value at the transpose of its one matrix."""
    single = node.op.transpose == "equivariant" and [arg.order for arg in node.args] == [2]
    return single and not _is_family(node)


def _is_family(node: Expr) -> bool:
    """Whether an operator's value is a family of values, not one."""
    return bool(lead(node) or (is_affine(node) and node.data[1]))


def known_turned(matrix: Expr) -> Known:
    """What is known of a matrix's transpose."""
    found = turned(known_of(matrix), matrix.shape[::-1])
    if not is_equivariant(matrix):
        return found
    return known(found.properties | _given_turned(matrix), found.entries, matrix.shape[::-1])


def _given_turned(node: Expr) -> frozenset[str]:
    """What its record says of the transpose of an equivariant operator's value: which of the two
    stands in the normal form depends on what the operand is."""
    (arg,) = node.args
    return given(node.op, (turned(known_of(arg), arg.shape[::-1]),))


def _symbol(node: Expr) -> Known:
    """What is declared; of a family that is said of its members, and only bounds hold of all."""
    family = node.args[0] if node.op is MEMBER else node
    held = of_members(family.data[1])
    whole = None not in positions_of(node)
    return known(held if whole else (), _declared(held), node.shape)


def _declared(properties: frozenset[str]) -> Interval:
    """Where the entries lie of what has some properties."""
    where = REALS
    if not properties:
        return where
    for record in map(record_of, closure(properties)):
        if record and record.entries:
            where = where.meet(interval(record.entries))
    return where


def _symmetric(node: Expr, found: Known) -> Known:
    """With the symmetry that representation shows."""
    node.memo["known"] = found  # the symmetry of an operator's value may ask for it
    if node.order != 2:
        return found
    signs = [sign for turn, sign in group_of(node) if turn == (1, 0)]
    names = {"symmetric" if sign > 0 else "skew" for sign in signs}
    return known(found.properties | names, found.entries, node.shape) if names else found


def _of_complex(node: Expr, found: Known) -> Known:
    """What remains of a claim where the values are complex; only what is real has bounds."""
    try:
        entries = found.entries if is_real(node) else REALS
    except NoRule:  # a function of reals, at what may be complex for all that is known
        entries = REALS
    return known(found.properties & OF_COMPLEX, entries, node.shape)


def _application(node: Expr) -> Known:
    """The value of an unknown function as declared; of a derivative what is linear of that."""
    function, slots = node.data
    properties = closure(function.properties)
    if slots:
        same = len(function.value) == node.order and not function.elementwise
        properties = frozenset(p for p in properties if same and PROPERTIES[p].linear)
    return known(properties, _declared(properties), node.shape)


def _sum(node: Expr) -> Known:
    terms = _terms(node)
    if not terms:
        return known((), point(0), node.shape)
    parts = [
        multiple(known((), point(weight), ()), known_of(arg), node.shape) for weight, arg in terms
    ]
    found = total(parts, node.shape)
    if len(terms) == 2 and node.order == 2 and node.shape[0] == node.shape[1]:
        for (outer, unit), (inner, other) in (terms, terms[::-1]):
            if outer == 1 and inner in (-1, -2) and is_identity(unit) and _is_idempotent(other):
                form = "eye(n) - A" if inner == -1 else "eye(n) - 2*A"
                held = joined(form, (Known(frozenset({"idempotent"})),))
                return known(found.properties | held, found.entries, node.shape)
    return found


def _terms(node: Expr) -> list[tuple[Size, Expr]]:
    """The terms of a sum, a coefficient in front multiplied out."""
    outer, inner = split(node)
    if inner.op is not SUM:
        return list(zip(node.data, node.args, strict=True))
    return [(outer * c, arg) for c, arg in zip(inner.data, inner.args, strict=True)]


def is_identity(node: Expr) -> bool:
    """Whether a node is an identity matrix."""
    return node.op is CONTRACTION and not node.args and node.data[0] == (0, 0)


def _is_idempotent(node: Expr) -> bool:
    """Whether a square matrix is its own square, as declared or as representation shows."""
    if "idempotent" in known_of(node).properties:
        return True
    return contract((0, 2), [(node, (0, 1), 1), (node, (1, 2), 1)]) is node


def _contraction(node: Expr) -> Known:
    out = node.data[0]
    scalars, factors = parted(node)
    if not out:
        scalars += [contract((), part) for part in components(factors)]
    if len(scalars) + bool(out) < 2:
        if not out:
            return known((), _entries(node).meet(_quadratic(node, factors)), ())
        sizes = dict(zip(out, node.shape, strict=True))
        return known(_properties(node, factors, sizes), _entries(node), node.shape)
    found = Known(frozenset(), point(1))
    if out:
        found = known_of(contract(out, factors, 1, dict(zip(out, node.shape, strict=True))))
    for scalar in scalars:
        found = multiple(known_of(scalar), found, node.shape)
    return found


def _properties(node: Expr, factors: list[Factor], sizes: dict[int, Size]) -> frozenset[str]:
    """What an array without scalar factors has by its form."""
    out: Labels = node.data[0]
    if len(out) > 2:
        return frozenset()
    if len(set(out)) < len(out):
        vector = contract(out[:1], factors, 1, sizes)
        return joined("diag(x)", (known_of(vector),))
    kronecker = kronecker_parts(node)
    if kronecker:
        left, right = map(known_of, kronecker)
        return joined("kron(A, B)", (left, right))
    pair = halves(out, factors, sizes) if len(out) == 2 else None
    if pair:
        return _congruence(None, [pair[0]]) if pair[0] is pair[1] else frozenset()
    if len(out) == 2 and len(factors) == 1 and factors[0][1:] == (out[::-1], 1):
        return known_turned(factors[0][0]).properties
    links = chain(out, factors, sizes)
    if links is None:
        return frozenset()
    if len(links) == 1:
        return _hadamard(out, factors)
    found = product(list(map(known_of, links)), node.shape)
    middle = palindrome(links) if len(out) == 2 else None
    return found | _congruence(*middle) if middle else found


def _congruence(middle: Expr | None, half: list[Expr]) -> frozenset[str]:
    """B'*A*B, or B'*B, with B a product of links."""
    within = known_of(middle) if middle else Known(frozenset({"pd", "psd"}))
    shape = (1, 1) if half[-1].order == 2 else (1,)
    outside = product(list(map(known_of, half)), shape)
    return joined("B'*A*B", (within, Known(outside)))


def _hadamard(out: Labels, factors: list[Factor]) -> frozenset[str]:
    """Matrices on the same pair of labels, multiplied entry by entry."""
    if len(out) < 2 or any(len(row) != 2 or power != 1 for _, row, power in factors):
        return frozenset()
    parts = [known_of(node if row == out else permute(node, (1, 0))) for node, row, _ in factors]
    found = parts[0]
    for part in parts[1:]:
        found = Known(closure(joined("A.*B", (found, part)) | joined("A.*B", (part, found))))
    return found.properties


def _entries(node: Expr) -> Interval:
    """Where sums of products of real entries lie."""
    if is_complex(node):
        return REALS
    out, rows, powers = node.data
    where = point(1)
    for arg, row, power in zip(node.args, rows, powers, strict=True):
        where = where.times(_entry(arg, row).power(power))
    if {label for row in rows for label in row} - set(out):
        where = where.repeated()
    return where if len(set(out)) == len(out) else where.hull(point(0))


def _entry(node: Expr, row: Labels) -> Interval:
    """Where the entries of a factor lie, those on its diagonal if its labels are one."""
    held, where = known_of(node)
    if len(set(row)) == len(row):
        return where
    bounds = {"unit_diagonal": point(1), "hollow": point(0), "pd": POSITIVE, "psd": NONNEGATIVE}
    for name, bound in bounds.items():
        if name in held and len(row) == 2:
            return where.meet(bound)
    return where


def _quadratic(node: Expr, factors: list[Factor]) -> Interval:
    """Where a scalar product lies by what its factors are as matrices: x'*A*x, tr(A*B)."""
    root = square_root(node)
    if root is not None:
        return POSITIVE if "nonzero" in known_of(root).properties else NONNEGATIVE
    for at, (part, row, power) in enumerate(factors):
        others = factors[:at] + factors[at + 1 :]
        if power != 1 or len(row) != 2 or len(set(row)) < 2:
            continue
        if "psd" in known_of(part).properties:
            sizes = dict(zip(row, part.shape, strict=True))
            pair = known_of(part), known_of(contract(row, others, 1, sizes))
            held = joined("tr(A*B)", pair) | joined("tr(A*B)", pair[::-1])
            if held:
                return POSITIVE if "positive" in held else NONNEGATIVE
    return REALS


provide_properties(lambda node: known_of(node).properties)
