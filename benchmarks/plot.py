"""The cost of derivatives against size as a picture: a small plot for each problem, both axes
logarithmic.

    python benchmarks/plot.py RESULT.json PICTURE.svg
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

# Systems in the order of the legend: what they are called, and their colours.
LINES = {
    "ours": ("matgrad", "#0b6e4f"),
    "expert": ("by hand", "#8d99ae"),
    "jax": ("JAX", "#d1495b"),
    "torch": ("torch.func", "#edae49"),
    "torch.compile": ("torch.compile", "#30638e"),
}
COLUMNS, WIDTH, HEIGHT, LEFT, TOP, GAP = 4, 180, 125, 66, 60, 66

Rows = Sequence[dict[str, Any]]


def picture(found: Mapping[str, Rows]) -> str:
    """The picture as SVG."""
    cells = [panel(name, rows, k) for k, (name, rows) in enumerate(found.items())]
    width = LEFT + COLUMNS * (WIDTH + GAP)
    height = TOP + math.ceil(len(cells) / COLUMNS) * (HEIGHT + GAP)
    shown = {system for rows in found.values() for row in rows for system in row["seconds"]}
    systems = [system for system in LINES if system in shown]
    legend = "".join(
        f'<line x1="{LEFT + 130 * k}" y1="22" x2="{LEFT + 22 + 130 * k}" y2="22" '
        f'stroke="{LINES[system][1]}" stroke-width="2"/>'
        f'<text x="{LEFT + 28 + 130 * k}" y="26">{LINES[system][0]}</text>'
        for k, system in enumerate(systems)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="11">\n'
        f"<title>Milliseconds of CPU time against size</title>\n"
        f'<rect width="{width}" height="{height}" fill="white"/>\n'
        f"{legend}\n" + "\n".join(cells) + "\n</svg>\n"
    )


def panel(name: str, rows: Rows, k: int) -> str:
    """One problem: its lines, and its axes with the least and the greatest value."""
    x0, y0 = LEFT + k % COLUMNS * (WIDTH + GAP), TOP + k // COLUMNS * (HEIGHT + GAP)
    sizes = [row["size"] for row in rows]
    times = [1e3 * seconds for row in rows for seconds in row["seconds"].values()]
    low, high = 10 ** math.floor(math.log10(min(times))), 10 ** math.ceil(math.log10(max(times)))

    def at(size: float, time: float) -> str:
        across = share(size, min(sizes), max(sizes))
        return f"{x0 + WIDTH * across:.1f},{y0 + HEIGHT * (1 - share(time, low, high)):.1f}"

    parts = [
        f'<rect x="{x0}" y="{y0}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#ccc"/>',
        f'<text x="{x0}" y="{y0 - 7}" font-weight="bold">{escape(name)}</text>',
        label(x0, y0 + HEIGHT + 14, str(min(sizes)), "start"),
        label(x0 + WIDTH, y0 + HEIGHT + 14, f"n = {max(sizes)}", "end"),
        label(x0 - 4, y0 + HEIGHT, f"{low:g}", "end"),
        label(x0 - 4, y0 + 8, f"{high:g} ms", "end"),
    ]
    # Ours last, on top.
    for system, (_, colour) in reversed(LINES.items()):
        points = [
            at(row["size"], 1e3 * row["seconds"][system])
            for row in rows
            if system in row["seconds"]
        ]
        parts.append(line(points, colour))
    return "".join(parts)


def label(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" fill="#555" text-anchor="{anchor}">{text}</text>'


def line(points: Iterable[str], colour: str) -> str:
    found = list(points)
    marks = "".join(
        f'<circle cx="{point.split(",")[0]}" cy="{point.split(",")[1]}" r="2" fill="{colour}"/>'
        for point in found
    )
    if len(found) < 2:
        return marks
    path = f'<polyline points="{" ".join(found)}" fill="none" stroke="{colour}" stroke-width="2"/>'
    return path + marks


def share(value: float, low: float, high: float) -> float:
    """How far a value is along a logarithmic axis."""
    return (math.log(value) - math.log(low)) / (math.log(high) - math.log(low) or 1)


def main() -> None:
    result, target = map(Path, sys.argv[1:])
    found = json.loads(result.read_text(encoding="utf-8"))
    target.write_text(picture(found), encoding="utf-8")


if __name__ == "__main__":
    main()
