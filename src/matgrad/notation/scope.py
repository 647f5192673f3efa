"""Scope: what every name of a text stands for, declared or assumed.

Floor 2.  Symbols, unknown functions, sizes, index names and named intermediates share one
namespace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

from matgrad.catalogue.properties import indices_of
from matgrad.core.dims import Dim, Shape, Size
from matgrad.core.errors import NameProblem
from matgrad.core.expr import NUMBER, SYMBOL, Expr, symbol
from matgrad.notation import kinds as k
from matgrad.notation.draft import Unknown
from matgrad.notation.kinds import Kinds
from matgrad.notation.members import Range
from matgrad.notation.tree import Position

PI = symbol("pi", (), {"constant"})


@final
@dataclass(slots=True)
class Symbol:
    """A name for a value; `kinds` narrows to one when the text has been typed.

    `note` says what was assumed, `square` which use forces a matrix to be square.  A family has
    leading axes for the indices in `family`; its `kinds` and `shape` are a member's, and `ends`
    how many values each index takes in sums with bounds.
    """

    name: str
    kinds: Kinds
    shape: Shape | None = None
    properties: frozenset[str] = frozenset()
    declared: bool = False
    expr: Expr | None = None
    note: str = ""
    square: str = ""
    family: tuple[str, ...] = ()
    ends: dict[int, set[Size]] = field(default_factory=dict)


@final
@dataclass(slots=True)
class Scope:
    """The names of one text.

    `closed`: every name must be declared.  `identity`: an undeclared `I` is the identity.
    `sizes` are declared sizes, which are rigid; `loose` sizes were only used, as in `eye(n)`;
    `fixed` ones have a value.  `integers` are sizes that are no axis, such as exponents, with what
    is declared of them, `bound` the indices of sums, `heading` those in front of index forms.
    `links` are the arguments that functions were declared with, as in `f(X): p p`; `axes` how many
    indices a name was seen with.  `ranges` are those of indices without bounds of their own,
    `members` what names such as x_i stand for: an array and positions of its first axes.
    `remarks` are what a reader should know of how the text was taken; `bold` are the lower-case
    letters that LaTeX sets in bold, with or without a subscript: vectors.  `matrices` are
    differentials of upper-case letters.
    """

    closed: bool = False
    identity: bool = False
    symbols: dict[str, Symbol] = field(default_factory=dict)
    functions: dict[str, Unknown] = field(default_factory=dict)
    declared_functions: set[str] = field(default_factory=set)
    sizes: set[str] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    fixed: dict[str, Size] = field(default_factory=dict)
    indices: set[str] = field(default_factory=set)
    integers: dict[str, frozenset[str]] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    heading: set[str] = field(default_factory=set)
    lets: dict[str, int] = field(default_factory=dict)
    axes: dict[str, int] = field(default_factory=dict)
    links: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)
    members: dict[str, tuple[str, tuple[Position, ...]]] = field(default_factory=dict)
    remarks: dict[str, None] = field(default_factory=dict)
    bold: dict[str, set[bool]] = field(default_factory=dict)
    matrices: set[str] = field(default_factory=set)

    def declare(self, values: Mapping[str, Expr]) -> None:
        """Enter finished symbols, and integers, which stand for themselves as numbers."""
        for name, expr in values.items():
            if expr.op is NUMBER:
                self.integers[name] = frozenset()
                self.sizes.add(name)
                continue
            family = indices_of(expr.data[1]) if expr.op is SYMBOL else ()
            shape = expr.shape[len(family) :]
            kinds = k.only(k.of_order(len(shape)))
            self.symbols[name] = Symbol(name, kinds, shape, declared=True, expr=expr, family=family)
            for size in expr.shape:
                self.sizes |= size.names if isinstance(size, Dim) else frozenset()

    def is_value(self, name: str) -> bool:
        """Whether `name` stands for a value already, and so for no function."""
        return name in self.symbols or name in self.lets or self.is_number(name)

    def is_constant(self, name: str) -> bool:
        """Whether `name` is the number pi."""
        return name == "pi" and name not in self.symbols

    def is_identity(self, name: str) -> bool:
        """Whether `name` is the identity matrix, of a size that follows from its use."""
        return self.identity and name == "I" and name not in self.symbols

    def names(self) -> set[str]:
        """Every name in use."""
        sizes = {*self.sizes, *self.loose, *self.fixed}
        indices = self.indices | self.bound
        return {*self.symbols, *self.functions, *sizes, *indices, *self.lets}

    def is_number(self, name: str) -> bool:
        """Whether `name`, where it is no position of an entry, is an integer."""
        return any(name in names for names in (self.sizes, self.loose, self.fixed, self.bound))

    def is_size(self, name: str) -> bool:
        """Whether it is one as a position too, where the axes of index forms are letters."""
        return name not in self.heading and self.is_number(name)

    def size(self, name: str) -> Size:
        """The size called `name`, noted as one."""
        if name in self.symbols and name not in self.sizes:
            raise NameProblem(f"{name} is used as a size and is also a symbol")
        if name in self.heading and name not in self.sizes:
            raise NameProblem(f"{name} is used as a size and is also an axis of an index form")
        if name in self.fixed:
            return self.fixed[name]
        if name not in self.sizes and name not in self.bound:
            self.loose.add(name)
        return Dim(name)

    def integer(self, name: str) -> Size:
        """The integer called `name`; one that was read as a scalar, undeclared, becomes one."""
        known = self.symbols.get(name)
        if known is not None and known.shape is not None:
            raise NameProblem(
                f"{name} is declared as a scalar and stands where an integer must",
                hint=f"declare `{name}: integer`",
            )
        if known is not None:
            del self.symbols[name]
        if not self.is_number(name):
            self.integers[name] = known.properties if known is not None else frozenset()
        return self.size(name)

    def known_integer(self, name: str) -> Size | None:
        """The integer called `name` if that is known to be one."""
        return self.size(name) if self.is_number(name) else None

    def range(self, index: str) -> Range:
        """The range of an index without bounds of its own."""
        return self.ranges.setdefault(index, Range(index))

    def families(self) -> dict[str, tuple[str, ...]]:
        """The families with their indices."""
        return {name: symbol.family for name, symbol in self.symbols.items() if symbol.family}

    def bind(self, name: str) -> None:
        """Enter the index of a sum."""
        if name in {*self.symbols, *self.functions, *self.sizes, *self.loose, *self.lets}:
            raise NameProblem(
                f"{name} is the index of a sum here and stands for something else too",
                hint="give the index another name",
            )
        self.bound.add(name)

    def value(self, name: str) -> Symbol:
        """The symbol called `name`, assumed by its spelling when nobody declared it."""
        found = self.symbols.get(name)
        if found is None:
            if name in self.functions:
                raise NameProblem(
                    f"{name} is a function and stands here without its arguments",
                    hint=f"write {name}(X)",
                )
            if name in self.indices:
                raise NameProblem(f"{name} is used as an index and also as a symbol")
            if self.closed:
                raise NameProblem(f"{name} is not declared")
            found = self.symbols[name] = Symbol(name, self.assumed(name))
        return found

    def assumed(self, name: str) -> Kinds:
        """The kinds that a name's spelling and its indices leave open."""
        axes = self.axes.get(name, 0)
        if axes > 1:
            return k.only(k.of_order(axes))
        if name[0].isupper() or name in self.matrices:
            return k.only(k.MATRIX)
        base, _, label = name.rpartition("_")
        bold = False in self.bold.get(name, ()) or (label and True in self.bold.get(base, ()))
        return k.only(k.COLUMN) if axes or bold else k.only(k.SCALAR) | k.only(k.COLUMN)

    def assumed_member(self, base: str) -> Kinds:
        """The kinds that are open for the members of a family: where the array is bold, and they
        are not, they are its entries."""
        if base not in self.bold:
            return self.assumed(base)
        return k.only(k.COLUMN) if True in self.bold[base] else k.only(k.SCALAR)

    def function(self, name: str) -> Unknown:
        """The unknown function called `name`."""
        found = self.functions.get(name)
        if found is None:
            if name in self.symbols:
                raise NameProblem(
                    f"{name} is a symbol and cannot be applied",
                    hint=f"a product is written with `*`: {name}*(…)",
                )
            if self.closed:
                raise NameProblem(f"{name} is not a known function")
            found = self.functions[name] = Unknown(name)
        return found
