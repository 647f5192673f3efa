"""Random problems over every operator of the catalogue: what is differentiated, by what, and how it
is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

import matgrad as mg
from matgrad.calculus.layout import LAYOUTS
from matgrad.calculus.structure import is_flat, structure_of
from matgrad.catalogue.properties import PROPERTIES, Property, family_of, indices_of, of_members
from matgrad.catalogue.structures import READINGS, STRUCTURES
from matgrad.core.complexes import COMPLEX
from matgrad.core.dims import Dim, Shape, is_nonnegative
from matgrad.core.errors import NoForm
from matgrad.core.expr import APPLY, SYMBOL, Expr, replaced, symbol, symbols_of, walk
from random_maker import AWAY, K, M, Maker, N, P, Q, op
from random_ways import ways

# Results of these shapes are differentiated.
SHAPES: tuple[Shape, ...] = ((), (), (), (), (N,), (M,), (M, N), (N, N), (P, P))
VARIABLES = (
    symbol("X", (M, N)),
    symbol("Y", (N, N)),
    symbol("x", (N,)),
    symbol("t"),
    symbol("z", (Q, N), family_of(["i"])),
    symbol("T", (M, N, P)),
)
# Second derivatives of more axes than this are skipped.
MOST_AXES = 4
# What is declared of symbols: each property, and those together that structures are made of.
# What is complex has tests of its own, and constants are no variables.
DECLARED = sorted(
    {frozenset({name}) for name in PROPERTIES if name not in {"constant", *COMPLEX}}
    | {frozenset(row.properties.split()) for row in STRUCTURES},
    key=sorted,
)
LOW_RANK = frozenset({"onehot", "centered"})
# Operators whose derivatives have no rule in their turn: they are differentiated once.
ONCE = re.compile(r"\w+_frechet2?|digamma|trigamma|loewner|funm")


class Problem(NamedTuple):
    """What is differentiated by which variables in turn, in which layout, how read on a structure;
    `part` is named and written out behind `where`."""

    root: Expr
    variables: tuple[Expr, ...]
    layout: str
    structure: str
    part: Expr | None

    @property
    def names(self) -> list[str]:
        return [named(variable) for variable in self.variables]

    def __str__(self) -> str:
        said = "; ".join(f"{name}: {text}" for name, text in declarations(self.root).items())
        shown = f"d/d({', '.join(self.names)}) {mg.Expression(self.root)}"
        asked = f"{self.layout}, {self.structure}, part {self.part and mg.Expression(self.part)}"
        return f"{shown} in {asked} given {said}"


def named(variable: Expr) -> str:
    """What is differentiated by: a symbol, of a family one member."""
    name, properties = variable.data
    return f"{name}_j" if indices_of(properties) else name


def declarations(*exprs: Expr) -> dict[str, str]:
    """The names in expressions, as `symbols=` declares them; also those of sizes, by a vector."""
    found: dict[str, str] = {}
    for node in walk(*exprs):
        data = node.data if isinstance(node.data, tuple) else (node.data,)
        for size in (*node.shape, *data):
            if isinstance(size, Dim):
                found |= {"k": "integer"} if K.names <= size.names else {}
                found |= {f"of_{n}": str(n) for n in (M, N, P, Q) if n.names <= size.names}
        if node.op is SYMBOL:
            name, properties = node.data
            indices = indices_of(properties)
            sizes = " ".join(map(str, node.shape[len(indices) :])) or "scalar"
            said = " ".join([sizes, *sorted(of_members(properties))])
            for index, count in zip(indices, node.shape, strict=False):
                name, said = f"{name}_{index}", f"{said}, {index}=1..{count}"
            found[name] = said
        elif node.op is APPLY:
            function = node.data[0]
            params = ", ".join(f"({' '.join(map(str, shape))})" for shape in function.params)
            value = f"({' '.join(map(str, function.value))})"
            found[function.name] = "elementwise" if function.elementwise else f"{params} -> {value}"
    return found


def problem(seed: int, *, declaring: bool = True) -> Problem:
    """A random expression, what it is differentiated by (once or twice) and how it is asked; of its
    symbols nothing is known unless `declaring`."""
    random = Random(seed)
    maker = Maker(random, ways)
    shape = random.choice(SHAPES)
    root = maker.make(shape, random.choice([1, 1, 1, 2, 2, 2, 3]))
    while not any(node in VARIABLES for node in walk(root)):
        root = op("add", root, maker.make(root.shape, 1))
    known = {node: declared(random, node) if declaring else node for node in symbols_of(root)}
    root = replaced(root, known)
    occurring = [known[v] for v in VARIABLES if v in known]
    first, second = random.choice(occurring), random.choice(occurring)
    twice = random.random() < 0.15 and root.order + first.order + second.order <= MOST_AXES
    # Sums inside sums, twice differentiated, take longer to check than a test may.
    twice &= sum(node.op.name == "index_sum" for node in walk(root)) < 2
    twice &= not any(ONCE.fullmatch(node.op.name) for node in walk(root))
    variables = (first, second) if twice else (first,)
    layout = random.choice(LAYOUTS) if random.random() < 0.2 else "book"
    part = random.choice(list(parts(root))) if random.random() < 0.1 else None
    if part and " where " in f"{mg.Expression(root)} {mg.Expression(part)}":
        part = None  # its print names parts of its own
    return Problem(root, variables, layout, reading(random, variables), part)


def declared(random: Random, node: Expr) -> Expr:
    """A symbol, perhaps with properties that such a one may have."""
    name, properties = node.data
    shape = node.shape[len(indices_of(properties)) :]
    if name.startswith(AWAY) or random.random() < 0.7:
        return node
    fitting = [
        names for names in DECLARED if all(may_have(shape, PROPERTIES[name]) for name in names)
    ]
    given = random.choice(fitting) if fitting else frozenset[str]()
    if given & LOW_RANK and len(shape) == 2:
        return node  # a product through it may be singular, as it itself would be if it were square
    return symbol(name, node.shape, properties | given)


def may_have(shape: Shape, record: Property) -> bool:
    """Whether a property may be declared of something of a shape whatever its sizes are."""
    if len(shape) == 2:
        rows, columns = shape if record.name != "full_row_rank" else shape[::-1]
        if record.name in ("orthonormal", "full_column_rank", "full_row_rank"):
            return is_nonnegative(rows - columns)
        if record.name in LOW_RANK and rows == columns:
            return False  # singular, and the derivative of a determinant asks for an inverse
        return record.of != "square" or rows == columns
    return record.of == "any" and (len(shape) == 1 or bool(record.entries))


def reading(random: Random, variables: tuple[Expr, ...]) -> str:
    """How the derivative is read: on the structure of the variable, where it has one."""
    wanted = random.choice(READINGS)
    if any(indices_of(variable.data[1]) for variable in variables):
        return "free"
    try:
        rows = [structure_of(variable, wanted, "embedded") for variable in variables]
    except NoForm:
        return "free"
    return wanted if len(rows) == 1 or all(map(is_flat, rows)) else "free"


def parts(root: Expr) -> Iterator[Expr | None]:
    """What may be named: the whole expression and, where no sum has an index, parts of it."""
    bound = any(node.op.name == "index_sum" for node in walk(root))
    yield root
    for node in () if bound else walk(root):
        if node.args and node.op.kind != "structural":
            yield node
