"""The parts of a generated module: its head, its docstring, the helpers and imports it needs.

Floor 4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from matgrad.catalogue.properties import of_members
from matgrad.codegen.arguments import Signature
from matgrad.codegen.columns.column import Column

_WIDTH = 88


def definition(name: str, parameters: list[str], returned: str) -> list[str]:
    line = f"def {name}({', '.join(parameters)}) -> {returned}:"
    if len(line) <= _WIDTH:
        return [line]
    inner = f"    {', '.join(parameters)}"
    if len(inner) <= _WIDTH:
        return [f"def {name}(", inner, f") -> {returned}:"]
    return [f"def {name}(", *(f"    {p}," for p in parameters), f") -> {returned}:"]


def docstring(title: str, notes: Sequence[str], sig: Signature) -> list[str]:
    """The formula, and what the arguments are."""
    lines = [_plain(title), ""]
    lines += [_plain(note) for note in notes]
    for node in sig.arrays:
        shape = " x ".join(map(str, node.shape)) or "a scalar"
        held = ", ".join(sorted(of_members(node.data[1])))
        lines.append(_plain(f"{sig.known[node.data[0]]}: {shape}{', ' if held else ''}{held}"))
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) == 1:
        return [f'    """{lines[0]}"""']
    return [f'    """{lines[0]}', *(f"    {line}".rstrip() for line in lines[1:]), '    """']


def _plain(text: str) -> str:
    """Text that may stand in a docstring."""
    return text.replace("\\", "/").replace('"""', "'''").replace("\n", " ").rstrip('"')


def decorator(column: Column, sig: Signature) -> str:
    static = "".join(f'"{name}", ' for name in sig.static)
    if not static:
        return column.decorator
    return column.decorator_static.format(static=static.strip())


def whole(column: Column, text: str) -> str:
    """A module around the text of a function or class."""
    pieces = [*helpers(column, text), text]
    top = "\n".join(imports(column, "\n".join(pieces)))
    return "\n\n\n".join([top, *pieces]) + "\n"


def helpers(column: Column, text: str) -> list[str]:
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


def imports(column: Column, text: str) -> list[str]:
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
    std_from = [
        line for line in own if line.split()[1] in ("collections.abc", "dataclasses", "typing")
    ]
    own = [line for line in own if line not in std_from]
    first = [*standard, *std_from]
    return [*first, *([""] if first and (others or own) else []), *others, *own]
