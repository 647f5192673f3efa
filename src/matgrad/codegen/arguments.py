"""Arguments of generated functions: their types, the sizes they show, the checks.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import final

from matgrad.codegen.columns.column import Column
from matgrad.codegen.names import Identifiers
from matgrad.codegen.program import INPUT, Value
from matgrad.codegen.sizes import size_text
from matgrad.core.complexes import COMPLEX
from matgrad.core.dims import Dim, Size, names_of
from matgrad.core.expr import SYMBOL, Expr


@final
@dataclass(frozen=True)
class Signature:
    """The arguments of a function: arrays, unknown functions, whole numbers; `known` are the
    identifiers of all that has a name."""

    arrays: tuple[Expr, ...]
    functions: tuple[str, ...]
    integers: tuple[str, ...]
    known: Mapping[str, str]
    like: str
    # The named sizes that the code mentions.
    mentioned: frozenset[str]

    def parameters(self, column: Column) -> list[str]:
        """The arguments as Python declares them."""
        found = [f"{self.known[a.data[0]]}: {column.array}" for a in self.arrays]
        found += [f"{self.known[f]}: Callable[..., {column.array}]" for f in self.functions]
        found += [f"{self.known[i]}: int" for i in self.integers]
        asked = column.namespace and not self.like
        return [*found, f"{column.namespace}: {column.array}"] if asked else found

    @property
    def static(self) -> list[str]:
        """The arguments that are no arrays."""
        return [self.known[name] for name in (*self.functions, *self.integers)]


def signature(
    values: Sequence[Value],
    symbols: Mapping[str, Expr],
    identifiers: Identifiers,
    inner: Sequence[Expr] = (),
    sizes: Sequence[Size] = (),
    also: Sequence[Value] = (),
) -> Signature:
    """The arguments that a program needs; `symbols` are all that there may be, in order, of which
    the `inner` ones come later, once the sizes are known; further `sizes` are mentioned.
    There are arguments for what is computed `also`, elsewhere."""
    everything = (*values, *also)
    used = {value.data for value in everything if value.op == INPUT}
    used.difference_update(node.data[0] for node in inner)
    arrays = [node for name, node in symbols.items() if name in used and not is_constant(node)]
    arrays.sort(key=lambda node: any(not _is_name(size) for size in node.shape))
    keys = dict.fromkeys(
        " ".join([*(f"D{slot + 1}" for slot in slots), name])
        for name, slots in filter(None, map(_applied, everything))
    )
    known = {node.data[0]: identifiers.of(node.data[0]) for node in arrays}
    known |= {key: identifiers.of(key.replace(" ", "_")) for key in keys}
    shown = {size.text for a in arrays for size in a.shape if isinstance(size, Dim)}
    mentioned = frozenset(
        _sizes_in(values)
        | {name for a in inner for size in a.shape for name in names_of(size)}
        | {name for size in sizes for name in names_of(size)}
    )
    needed = sorted(
        mentioned | _sizes_in(also) | {n for a in arrays for s in a.shape for n in names_of(s)}
    )
    known |= {node.data[0]: identifiers.of(node.data[0]) for node in inner}
    for name in needed:
        known[name] = known[name] if name in known else identifiers.of(name)
    for node in symbols.values():
        if is_constant(node):
            known[node.data[0]] = _CONSTANTS[node.data[0]]
    like = next((known[a.data[0]] for a in sorted(arrays, key=lambda a: not a.shape)), "")
    integers = tuple(name for name in needed if name not in shown)
    return Signature(tuple(arrays), tuple(keys), integers, known, like, mentioned)


def _applied(value: Value) -> tuple[str, tuple[int, ...]] | None:
    """The unknown function that an instruction calls, and by what it was differentiated."""
    op, data = value.data[:2] if value.op == "each" else (value.op, value.data)
    return data if op == "apply" else None


def is_constant(node: Expr) -> bool:
    """Whether a symbol has a value of its own, as pi has."""
    return node.op is SYMBOL and bool(node.data[1] & {"constant", "imaginary"})


def checks(sig: Signature, column: Column) -> list[str]:
    """The statements that take the arguments and compare their sizes."""
    lines: list[str] = []
    source: dict[str, str] = {}
    shown = [name for node in sig.arrays for size in node.shape for name in names_of(size)]
    used = sig.mentioned | {name for name in shown if shown.count(name) > 1}
    for node in sig.arrays:
        name, known = node.data[0], sig.known
        here = known[name]
        take = "_array" if COMPLEX.isdisjoint(node.data[1]) else "_complex_array"
        sizes = [size_text(size, known) for size in node.shape]
        quoted = "".join(f', "{size}"' for size in sizes)
        lines.append(f'{here} = {take}("{here}", {here}{quoted})')
        fresh = [
            _is_name(size) and str(size) not in (*source, *sig.integers) for size in node.shape
        ]
        for k, size in enumerate(node.shape):
            fresh[k] = fresh[k] and size not in node.shape[:k]
            if fresh[k]:
                source[str(size)] = here
        taken = [k for k, size in enumerate(node.shape) if fresh[k] and str(size) in used]
        if len(taken) == len(sizes) > 1:
            lines.append(f"{', '.join(sizes)} = {here}.shape")
        else:
            lines += [f"{sizes[k]} = {here}.shape[{k}]" for k in taken]
        compared = [k for k in range(len(sizes)) if not fresh[k]]
        if compared:
            lines += _comparison(sig, node, sizes, compared, source)
    return lines


def check(sig: Signature, node: Expr) -> list[str]:
    """The statements that take one argument more, whose sizes are all known."""
    here = sig.known[node.data[0]]
    sizes = [size_text(size, sig.known) for size in node.shape]
    quoted = "".join(f', "{size}"' for size in sizes)
    lines = [f'{here} = _array("{here}", {here}{quoted})']
    return lines + (_comparison(sig, node, sizes, list(range(len(sizes))), {}) if sizes else [])


def _comparison(
    sig: Signature, node: Expr, sizes: list[str], compared: list[int], source: Mapping[str, str]
) -> list[str]:
    """The statements that compare some sizes of an argument with what they should be."""
    known, here = sig.known, sig.known[node.data[0]]
    if len(compared) == len(sizes):
        misfit = f"{here}.shape != ({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
    else:
        misfit = " or ".join(f"{here}.shape[{k}] != {sizes[k]}" for k in compared)
    names = sorted({name for k in compared for name in names_of(node.shape[k])})
    whence = [
        f"{known[name]} = {{{known[name]}}}" + (f" from {source[name]}" if name in source else "")
        for name in names
        if source.get(name) != here
    ]
    because = f" ({', '.join(whence)})" if whence else ""
    message = f"{here} should be {' x '.join(sizes)}{because}, but its shape is {{{here}.shape}}"
    return [f"if {misfit}:", f'    raise ValueError(f"{message}")']


def _sizes_in(values: Iterable[Value]) -> set[str]:
    """The named sizes that the instructions mention."""
    found: set[str] = set()
    for value in values:
        if value.op == INPUT:
            continue
        waiting: list[object] = [value.data]
        if value.op in _SHAPED:
            waiting += value.shape
        while waiting:
            item = waiting.pop()
            if isinstance(item, tuple):
                waiting += item
            elif isinstance(item, Dim):
                found |= item.names
            elif isinstance(item, str) and value.op in ("unit", "entry", "component"):
                found.add(item)
    return found


_CONSTANTS = {"pi": "math.pi", "e": "math.e", "1i": "1j"}
# Instructions whose text says the shape.
_SHAPED = frozenset(
    "reshape broadcast full spread unit mask count within place powers raised".split()
)


def _is_name(size: Size) -> bool:
    return isinstance(size, Dim) and size is Dim(next(iter(size.names)))
