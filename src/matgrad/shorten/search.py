"""From a derivative to the answer one would print: the cheapest form that a small search finds.

Floor 4.  A form is the derivative as it came, or with its products opened, each also with the
user's names in it; the common factors of each are taken out, and the cheapest is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import groupby
from typing import final

from matgrad.catalogue.structure import einsum
from matgrad.core.errors import BudgetExceeded
from matgrad.core.expr import CONTRACTION, SUM, Expr, operators, walk
from matgrad.normal.expand import expand
from matgrad.normal.lift import Lifter
from matgrad.shorten.answers import apply_answer_rules
from matgrad.shorten.collapse import collapsed
from matgrad.shorten.factor import Factoring, shows_constant
from matgrad.shorten.names import Names
from matgrad.shorten.rewriting import Instance, instances

# Answers with fewer operators than this are short enough.
LONG = 8
# Opening products is tried as long as it makes no more terms than this.
OPEN_LIMIT = 16
# At most this many rules are applied one after another.
MOST_RULES = 6
# A rule that makes more forms than this is left out.
MOST_PLACES = 12


def shorten(root: Expr, names: Names, lifter: Lifter, *, row: bool) -> Expr:
    """The cheapest form found of a derivative."""
    return _Search(names, lifter, row).run(root)


@final
class _Search:
    def __init__(self, names: Names, lifter: Lifter, row: bool) -> None:
        self.names = names
        self.lifter = lifter
        self.row = row
        self.available = None if lifter.counted else lifter.available
        self.factoring = Factoring(lifter, lifter.given, row)

    def run(self, root: Expr) -> Expr:
        root = collapsed(root)
        if root.order > 2 and any(node.op is einsum for node in walk(self.lifter.draft(root))):
            root = expand(root)
        best = self.cheapest(root)
        cost, constants = self.burden(best)
        if root.op not in (CONTRACTION, SUM) or cost >= LONG or constants:
            best = self.settled(root, best)
        return self.ruled(best)

    def settled(self, root: Expr, best: Expr) -> Expr:
        """The best of a form, as it is and opened."""
        for opened in self.opened(root):
            if _promising(best, opened):
                best = min(best, self.cheapest(opened), key=self.burden)
        return best

    def ruled(self, best: Expr) -> Expr:
        """A form rewritten by rules as long as that is cheaper."""
        for _ in range(MOST_RULES):
            rules = instances(best, self.available)
            cheaper = self.rewritten(best, rules) if rules else None
            if cheaper is None:
                break
            best = cheaper
        return best

    def rewritten(self, best: Expr, rules: Sequence[Instance]) -> Expr | None:
        """A form, as it is or opened, with one rule applied that makes it cheaper: the first such
        rule of the table, at the operands where it makes it cheapest, or at all of them."""
        cost = self.cost(best)
        forms = (best, *self.opened(best))
        for _, rows in groupby(rules, lambda rule: rule.name):
            group = list(rows)
            changed = [rule.applied(form) for rule in group for form in forms]
            changed += [
                reduce(lambda node, rule: rule.applied(node), group, form) for form in forms
            ]
            new = [form for form in dict.fromkeys(changed) if form not in forms]
            if len(new) > MOST_PLACES:
                continue
            settled = [self.settled(form, self.cheapest(form)) for form in new]
            found = min(settled, key=self.rank, default=best)
            if self.cost(found) < cost:
                return found
        return None

    def opened(self, root: Expr) -> Iterator[Expr]:
        """The forms with products distributed over sums: first over all but the input's own, so
        that these can cancel, then over them too."""
        if SUM not in operators(root):
            return
        for closed in (self.lifter.given, ()):
            try:
                opened = expand(root, axes=0, given=closed, limit=OPEN_LIMIT)
            except BudgetExceeded:
                return
            if opened is not root:
                root = apply_answer_rules(opened)[0]
                yield root

    def cheapest(self, root: Expr) -> Expr:
        """One form with common factors taken out: with the user's names, unless these save nothing
        and it is cheaper without."""
        folded = self.names.fold(root)
        named = self.factoring.run(folded)
        if folded is root:
            return named
        draft = self.lifter.draft(named, self.row)
        if self.cost(named) < self.lifter.cost(self.lifter.opened(draft)):
            return named
        return min(named, self.factoring.run(root), key=self.cost)

    def cost(self, node: Expr) -> int:
        """The published cost of a form.  On the page a name is free: the user knows what it
        stands for.  In code its definition counts."""
        draft = self.lifter.draft(node, self.row)
        used = self.names.used(draft) if self.lifter.counted else ()
        return self.lifter.cost(draft) + sum(self.lifter.cost(name.draft) for name in used)

    def rank(self, node: Expr) -> tuple[int, int, tuple[int, ...]]:
        """The burden of a form; ties go by what is printed, so that no letter decides."""
        return *self.burden(node), self.lifter.order(self.lifter.draft(node, self.row))[0]

    def burden(self, node: Expr) -> tuple[int, int]:
        """What a form weighs on a reader: its cost, then how many of its parts are constants."""
        return self.cost(node), sum([shows_constant(part) for part in walk(node)])


def _promising(grouped: Expr, opened: Expr) -> bool:
    """Whether opening products did more than spread them: it made fewer factors of them, or the
    grouped form shows constants that the opened one may not."""
    return _factors(opened) <= _factors(grouped) or any(map(shows_constant, walk(grouped)))


def _factors(root: Expr) -> int:
    """The number of factors in all products below a node, as a tree."""
    counts: dict[Expr, int] = {}
    for node in walk(root):
        inside = sum(counts[arg] for arg in node.args)
        counts[node] = inside if node.op in (SUM, CONTRACTION) else 1
    return counts[root]
