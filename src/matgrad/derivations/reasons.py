"""Why one line equals the next: the laws of products, the rules and the properties it takes.

Floor 4.  What holds by representation in the normal form is named here, by what the lines show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from matgrad.catalogue import algebra, structure
from matgrad.catalogue.differential import DIFFERENTIAL
from matgrad.catalogue.properties import PROPERTIES
from matgrad.certificate.step import Rule
from matgrad.core.errors import BudgetExceeded
from matgrad.core.expr import SYMBOL, Expr, Op, replaced, symbol, symbols_of, walk
from matgrad.derivations.rules import book_rules, law
from matgrad.normal.expand import expand
from matgrad.normal.journal import noting
from matgrad.normal.lower import lower_all
from matgrad.shorten.search import OPEN_LIMIT

# Properties that say what a value is, not which equalities hold of it.
_FIELDS = frozenset({"complex", "constant", "imaginary"})


def rules_used(*lines: Expr) -> list[str]:
    """The named rules that bringing lines to normal form applies."""
    with noting() as names:
        lower_all(lines)
    return list(names)


def properties_used(before: Expr, after: Expr) -> list[Rule]:
    """The declared properties without which two lines are not one normal form."""
    found = []
    for part in dict.fromkeys(symbols_of(before, after)):
        name, properties = part.data
        for each in sorted(properties - _FIELDS):
            bare = symbol(name, part.shape, properties - {each})
            sides = (replaced(side, {part: bare}) for side in (before, after))
            if not alike(*sides) and alike(before, after):
                words = f"{name} is {each.replace('_', ' ')}"
                found.append(Rule(f"{each.replace('_', '-')}", words=words, cite=_says(each)))
    return found


def _says(name: str) -> str:
    return "declared" if name in PROPERTIES else ""


def alike(before: Expr, after: Expr) -> bool:
    """Whether two lines are one normal form, products multiplied out."""
    left, right = lower_all((before, after))
    return left is right or opened(left) is opened(right)


def opened(root: Expr) -> Expr:
    """A normal expression with all its products multiplied out, as far as that is little work."""
    try:
        return expand(root, axes=0, limit=OPEN_LIMIT)
    except BudgetExceeded:
        return root


def rearranging(before: Expr, after: Expr, variable: Expr) -> tuple[Rule, ...]:
    """Why a line equals the form in which the derivative is read off."""
    names = dict.fromkeys(_shown(before, after, variable))
    fired = [name for name in rules_used(before) if name not in rules_used(after)]
    rules = [*map(law, names), *properties_used(before, after), *book_rules(fired)]
    return tuple(rules) or (law(_moved(before, after)),)


def _moved(before: Expr, after: Expr) -> str:
    """What happened where two lines are one normal form: factors that scalars moved past, or
    transposes."""
    lines = (before, after)
    divided, mixed = (
        [sum(map(holds, walk(line))) for line in lines] for holds in (_divides, _holds_scalar)
    )
    if divided[0] > divided[1]:
        return "scalars-cancel"
    return "scalars-in-front" if mixed[0] > mixed[1] else "product-transposed"


def _divides(node: Expr) -> bool:
    return node.op is algebra.divide


def _holds_scalar(node: Expr) -> bool:
    """Whether a sign or a scalar stands inside a product of matrices."""
    products = (algebra.matmul, algebra.outer, structure.trace)
    return node.op in products and any(
        arg.op in (algebra.neg, algebra.scale, algebra.divide) for arg in node.args
    )


def _shown(before: Expr, after: Expr, variable: Expr) -> Iterator[str]:
    """The laws of products that the two lines show."""
    counts = _counts(before, variable)
    products = [node for node, count in counts.items() if count]
    turned = any(_is_turned(node, counts, variable) for node in products)
    if before.order == 0 and variable.order == 2:
        if any(node.op is structure.trace for node in products):
            yield "trace-rearranged"
            if turned:
                yield "trace-transposed"
        if any(node.op is algebra.matmul and not node.order for node in products):
            yield "product-as-trace"
    elif before.order == 0 and variable.order == 1 and turned:
        yield "scalar-transposed"
    if _holds(after, structure.diag) and not _holds(before, structure.diag):
        yield "diagonal-product"
    if counts[before] > _counts(after, variable)[after]:
        yield "terms-collected"


def _holds(line: Expr, op: Op) -> bool:
    return any(node.op is op for node in walk(line))


def _counts(line: Expr, variable: Expr) -> dict[Expr, int]:
    """How often the differential of the variable stands under each node, as a tree."""
    counts: dict[Expr, int] = {}
    for node in walk(line):
        own = node.op is DIFFERENTIAL and node.args[0] is variable
        counts[node] = own + sum(counts[arg] for arg in node.args)
    return counts


def _is_turned(node: Expr, counts: Mapping[Expr, int], variable: Expr) -> bool:
    """Whether the differential stands transposed here, as a matrix or on the left of a product."""
    if not node.args:
        return False
    first = node.args[0]
    if node.op is structure.transpose and first.op is DIFFERENTIAL:
        return True
    return node.op is algebra.matmul and first.order == 1 == variable.order and counts[first] > 0


def shortening(before: Expr, after: Expr, answer_rules: Mapping[str, None]) -> tuple[Rule, ...]:
    """Why a derivative equals its shorter form."""
    found = [*book_rules(answer_rules), *properties_used(before, after)]
    left, right = lower_all((before, after))
    if left is right:
        return tuple(found) or (law(_moved(before, after)),)
    if opened(left) is opened(right) or not found:
        sums = [opened(side) is not side for side in (left, right)]
        grouped = sums[1] if sums[0] != sums[1] else _terms(after) <= _terms(before)
        found.append(law("common-factor" if grouped else "multiplied-out"))
    return tuple(found)


def _terms(line: Expr) -> int:
    """How many factors a line prints, as a tree."""
    counts: dict[Expr, int] = {}
    for node in walk(line):
        counts[node] = 1 if node.op is SYMBOL else sum(counts[arg] for arg in node.args)
    return counts[line]
