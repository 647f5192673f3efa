"""Generated code against automatic differentiation and the expert's closed form.

    python benchmarks/autodiff.py [--only NAMES] [--rivals jax,torch,torch.compile] [--largest]
                                  [--device cuda] [--memory] [--json OUT] [--svg OUT]

Every problem is written as people type it; ours is `derive` and `compile("numpy")`, or the operator
where that is what a problem asks for.  The rivals differentiate the same formula: jitted JAX, and
torch.func, compiled or not.  One thread, pinned to one core, rounds interleaved, CPU time, medians
of five; every value is compared with the first rival's to 1e-10 before it is timed.  What stating
the problem, compiling and the first call take is timed by itself; `--memory` adds what a call takes
at its highest, each in a process of its own.  On a GPU (`--device cuda`) ours is `compile("torch")`
and times are wall times.  Missing rivals are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

import numpy as np

import peak
from derivatives import PROBLEMS, Problem
from plot import picture
from systems import RIVALS, SYSTEMS, Device, Prepared

ROUNDS, SETTLING, LEAST, LONG = 5, 0.05, 0.02, 0.5
TOLERANCE = 1e-10
# What operators are for: sizes at which nothing else has the memory.
BEYOND = {"inverse, operator": 2000}


def seconds_of(call: Callable[[], Any], device: Device) -> float:
    """Seconds of one call, from as many as it takes to see them.  Before come calls that are not
    counted: what ran before has left the allocator in a state that is not this call's."""
    until = device.clock() + SETTLING
    while device.clock() < until:
        call()
    count = 1
    while True:
        started = device.clock()
        for _ in range(count):
            call()
        spent = device.clock() - started
        if spent > LEAST:
            return spent / count
        count = max(2 * count, int(count * LEAST / max(spent, 1e-6)))


def measured(
    problem: Problem, size: int, rivals: Sequence[str], device: Device | None = None
) -> dict[str, Any]:
    """Seconds of every form at one size, values compared first, and those of the first call."""
    device = device or Device()
    values = problem.arrays(size)
    found: dict[str, Prepared] = {}
    for name in ("ours", "expert", *rivals):
        try:
            found[name] = SYSTEMS[name](problem, values, device)
        except ImportError:
            continue
        except Exception as problem_of_it:
            if name != "torch.compile":
                raise
            print(f"torch.compile: {problem_of_it!r}"[:200], file=sys.stderr)
    theirs = next((name for name in rivals if name in found), "")
    reference = found[theirs].whole() if theirs else (problem.array or problem.expert)(values)
    error = float(np.linalg.norm(found["ours"].whole() - reference) / np.linalg.norm(reference))
    if error > TOLERANCE:
        raise SystemExit(f"{problem.text} at {size}: off by {error:.1e}")
    samples = {name: [seconds_of(each.call, device)] for name, each in found.items()}
    # The first is to warm up; of what takes long it is all.
    quick = [name for name, seconds in samples.items() if seconds[0] < LONG]
    for name in quick:
        samples[name] = []
    for _ in range(ROUNDS):
        for name in quick:
            samples[name].append(seconds_of(found[name].call, device))
    return {
        "size": size,
        "error": error,
        "seconds": {name: median(seconds) for name, seconds in samples.items()},
        "first": {name: each.first for name, each in found.items()},
    }


HEADS = {"expert": "expert", "jax": "JAX", "torch": "torch.func", "torch.compile": "torch.compile"}


def table(found: dict[str, list[dict[str, Any]]]) -> str:
    """The figures as Markdown: milliseconds, and how many times ours the others take."""
    rows = [row for each in found.values() for row in each]
    others = [name for name in HEADS if any(name in row["seconds"] for row in rows)]
    rivals = [name for name in others if name in RIVALS]
    heads = ["problem", "n", "ours, ms", *(f"{HEADS[name]} / ours" for name in others)]
    heads += ["first, ms", *(f"first {HEADS[name]}, ms" for name in rivals)]
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for name, each in found.items():
        for row in each:
            times, first = row["seconds"], row["first"]
            cells = [name, str(row["size"]), f"{times['ours'] * 1e3:.3g}"]
            for other in others:
                ratio = times[other] / times["ours"] if other in times else None
                cells.append(
                    "–" if ratio is None else f"{ratio:,.2f}" if ratio < 10 else f"{ratio:,.0f}"
                )
            cells += [
                f"{first[other] * 1e3:,.1f}" if other in first else "–"
                for other in ("ours", *rivals)
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def memory(names: Sequence[str], rivals: Sequence[str], device: str) -> str:
    """What calls take at their highest, as Markdown: megabytes at the largest size, and far beyond
    it for operators."""
    systems = ["ours", *(["expert"] if device == "cpu" else []), *rivals]
    heads = ["problem", "n", "arguments, MB", *(f"{name}, MB" for name in systems)]
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    cases = [(name, PROBLEMS[name].sizes[-1], systems) for name in names]
    cases += [(name, size, ["ours"]) for name, size in BEYOND.items() if name in names]
    for name, size, chosen in cases:
        given = sum(np.asarray(array).nbytes for array in PROBLEMS[name].arrays(size).values())
        taken = [peak.measured(s, name, size, device) if s in chosen else None for s in systems]
        cells = [f"{given / 2**20:,.1f}"]
        cells += ["–" if each is None else f"{each / 2**20:,.1f}" for each in taken]
        lines.append(f"| {name} | {size} | {' | '.join(cells)} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", default="", help="names of problems, semicolon between")
    parser.add_argument("--rivals", default="jax,torch", help="of jax, torch and torch.compile")
    parser.add_argument("--largest", action="store_true", help="the largest size of each only")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--memory", action="store_true", help="the highest memory instead of time")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--svg", type=Path, help="where to draw cost against size")
    options = parser.parse_args()
    if options.device == "cpu":
        os.environ["JAX_PLATFORMS"] = "cpu"
        os.environ["XLA_FLAGS"] = (
            "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        )
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    device = Device(options.device)
    chosen = options.only.split(";") if options.only else list(PROBLEMS)
    rivals = options.rivals.split(",") if options.rivals else []
    unknown = [*set(chosen).difference(PROBLEMS), *set(rivals).difference(RIVALS)]
    if unknown:
        raise SystemExit(f"not known: {', '.join(unknown)}")
    if options.memory:
        print(memory(chosen, rivals, options.device))
        return
    found: dict[str, list[dict[str, Any]]] = {}
    for name in chosen:
        problem = PROBLEMS[name]
        sizes = problem.sizes[-1:] if options.largest else problem.sizes
        found[name] = [measured(problem, size, rivals, device) for size in sizes]
        print(table({name: found[name]}).split("\n", 2)[2], file=sys.stderr, flush=True)
        if options.json:
            options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    print(table(found))
    if options.svg:
        options.svg.write_text(picture(found), encoding="utf-8")


if __name__ == "__main__":
    main()
