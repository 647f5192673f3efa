"""Programs as source text: one module with one function that runs alone.

Floor 4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matgrad.codegen.arguments import Signature, checks, signature
from matgrad.codegen.assemble import Assembly
from matgrad.codegen.columns.column import Column
from matgrad.codegen.factorise import factorised
from matgrad.codegen.names import Identifiers
from matgrad.codegen.polish import polished
from matgrad.codegen.program import reachable
from matgrad.codegen.write import Statements
from matgrad.core.errors import NoForm
from matgrad.core.expr import Expr, symbols_of

_WIDTH = 88
_RESERVED = (
    "np",
    "xp",
    "jax",
    "jnp",
    "jsp",
    "torch",
    "math",
    "scipy",
    "functools",
    "int",
    "tuple",
    "ValueError",
    "TypeError",
    "float",
)


class Source(NamedTuple):
    """A module's text and the name of its function."""

    text: str
    name: str


def module(
    nodes: Sequence[Expr],
    column: Column,
    *,
    name: str,
    title: str,
    notes: Sequence[str] = (),
    order: Sequence[Expr] = (),
    parts: Sequence[tuple[Expr, Expr]] = (),
) -> Source:
    """The source of one function whose results are normal expressions.

    `order` are the symbols in the order in which arguments stand, `parts` the symbols that stand
    for parts with names, and what they stand for.

    Raises NoForm for an operator that the backend's column lacks.
    """
    assembly = Assembly(parts, column.squares)
    roots = [assembly.add(node) for node in nodes]
    marked = [assembly.done[symbol].value for symbol, _ in parts]
    roots, moved = factorised(assembly.program, roots, column.cells)
    roots, polish = polished(assembly.program, roots)
    hints = {
        polish[moved[value]]: symbol.data[0]
        for value, (symbol, _) in zip(marked, parts, strict=True)
        if value in moved and moved[value] in polish
    }
    symbols = {s.data[0]: s for s in (*order, *symbols_of(*nodes, *(part for _, part in parts)))}
    names = Identifiers((*_RESERVED, name, *column.imports, *column.helpers))
    values = reachable(roots)
    sig = signature(values, symbols, names)
    statements = Statements(column, names, sig.known, sig.like, hints)
    results = statements.write(roots)
    body = checks(sig, column)
    if column.namespace:
        if not sig.like:
            raise NoForm(f"{column.name} code needs an argument that is an array")
        body.append(f"{column.namespace} = {sig.like}.__array_namespace__()")
    body += statements.lines
    body.append(f"return {', '.join(results)}")
    returned = (
        column.array if len(nodes) == 1 else f"tuple[{', '.join([column.array] * len(nodes))}]"
    )
    head = _definition(name, sig.parameters(column), returned)
    text = "\n".join([*head, *_docstring(title, notes, sig), *(f"    {line}" for line in body)])
    if column.decorator:
        text = f"{_decorator(column, sig)}\n{text}"
    helpers = _helpers(column, text)
    pieces = [*helpers, text]
    imports = _imports(column, "\n".join(pieces))
    return Source("\n\n\n".join(["\n".join(imports), *pieces]) + "\n", name)


def _definition(name: str, parameters: list[str], returned: str) -> list[str]:
    line = f"def {name}({', '.join(parameters)}) -> {returned}:"
    if len(line) <= _WIDTH:
        return [line]
    inner = f"    {', '.join(parameters)}"
    if len(inner) <= _WIDTH:
        return [f"def {name}(", inner, f") -> {returned}:"]
    return [f"def {name}(", *(f"    {p}," for p in parameters), f") -> {returned}:"]


def _docstring(title: str, notes: Sequence[str], sig: Signature) -> list[str]:
    """The formula, and what the arguments are."""
    lines = [_plain(title), ""]
    lines += [_plain(note) for note in notes]
    for node in sig.arrays:
        shape = " x ".join(map(str, node.shape)) or "a scalar"
        held = ", ".join(sorted(node.data[1]))
        lines.append(_plain(f"{sig.known[node.data[0]]}: {shape}{', ' if held else ''}{held}"))
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) == 1:
        return [f'    """{lines[0]}"""']
    return [f'    """{lines[0]}', *(f"    {line}".rstrip() for line in lines[1:]), '    """']


def _plain(text: str) -> str:
    """Text that may stand in a docstring."""
    return text.replace("\\", "/").replace('"""', "'''").replace("\n", " ").rstrip('"')


def _decorator(column: Column, sig: Signature) -> str:
    static = "".join(f'"{name}", ' for name in sig.static)
    if not static:
        return column.decorator
    return column.decorator_static.format(static=static.strip())


def _helpers(column: Column, text: str) -> list[str]:
    """The helpers that a text calls, and those that they call."""
    needed: dict[str, None] = {}
    waiting = [text]
    while waiting:
        for name in _called(waiting.pop(), column.helpers):
            if name not in needed:
                needed[name] = None
                waiting.append(column.helpers[name])
    return [column.helpers[name].strip() for name in column.helpers if name in needed]


def _called(text: str, names: Mapping[str, str]) -> list[str]:
    words = set(re.findall(r"\w+", text))
    return [name for name in names if name in words]


def _imports(column: Column, text: str) -> list[str]:
    """The imports that a text needs, those of the standard library first."""
    code = re.sub(r'"""[\s\S]*?"""|#.*', "", text)
    words = set(re.findall(r"(?<![\w.])\w+", code))
    lines = sorted({line for name, line in column.imports.items() if name in words})
    merged: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("from "):
            module_, name = line.removeprefix("from ").split(" import ")
            merged.setdefault(module_, []).append(name)
    plain = [line for line in lines if line.startswith("import ")]
    standard = [
        line for line in plain if line in ("import cmath", "import functools", "import math")
    ]
    others = [line for line in plain if line not in standard]
    own = [f"from {m} import {', '.join(sorted(n))}" for m, n in sorted(merged.items())]
    std_from = [line for line in own if line.split()[1] in ("collections.abc", "typing")]
    own = [line for line in own if line not in std_from]
    first = [*standard, *std_from]
    return [*first, *([""] if first and (others or own) else []), *others, *own]
