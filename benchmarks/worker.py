"""A system under measurement runs in a process of its own and answers requests, a line each.

The clock is the CPU time of the process: on a machine that is doing something else too, that
is what an idle machine's wall clock would show.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SAMPLES_AT_MOST = 25

# Everything that is timed: gives the printed answer, and the seconds that stating the problem took.
Call = Callable[[], tuple[str, float]]


def stated_then_answered(state: Callable[[], Any], answer: Callable[[Any], str]) -> Call:
    """A call that states a problem, and then differentiates, simplifies and prints."""

    def call() -> tuple[str, float]:
        start = time.process_time()
        problem = state()
        seconds = time.process_time() - start
        return answer(problem), seconds

    return call


def serve(
    versions: dict[str, str], solve: Callable[[str, int], Call], forget: Callable[[], None]
) -> None:
    """Answer requests from standard input; `forget()` clears every cache of results.

    What the system made at import lives as long as the process: it is set aside, so that collecting
    the garbage of a run does not visit it, and neither fills the processor's cache nor counts.
    """
    gc.collect()
    gc.freeze()
    answers = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        print(json.dumps(versions), file=answers, flush=True)
        for line in sys.stdin:
            request = json.loads(line)
            reply: dict[str, Any]
            try:
                reply = measure(solve(request["problem"], request["size"]), forget)
            except Exception as error:
                reply = {"refused": f"{type(error).__name__}: {error}".splitlines()[0][:90]}
            print(json.dumps(reply), file=answers, flush=True)


def measure(call: Call, forget: Callable[[], None]) -> dict[str, Any]:
    """CPU seconds of runs from cleared caches, after one that warms up (and counts if slow).

    `stated` are the seconds for stating the problem, `samples` those for answering it.
    """
    text, stated, answered = timed(call, forget)
    runs = [(stated, answered)] if answered > 0.5 else []
    while not runs or (sum(map(sum, runs)) < 0.05 and len(runs) < SAMPLES_AT_MOST):
        text, stated, answered = timed(call, forget)
        runs.append((stated, answered))
    return {"text": text, "stated": [s for s, _ in runs], "samples": [a for _, a in runs]}


def timed(call: Call, forget: Callable[[], None]) -> tuple[str, float, float]:
    forget()
    gc.collect()
    start = time.process_time()
    text, stated = call()
    return text, stated, time.process_time() - start - stated


class Worker:
    """The other end: one system in its own process, restarted after a time-out."""

    def __init__(self, module: str, python: str, timeout: float) -> None:
        self.command = [python, str(HERE / f"{module}.py")]
        self.timeout = timeout
        self.process: subprocess.Popen[str] | None = None
        self.versions = self.start()

    def start(self) -> dict[str, str]:
        """The versions that the system reports.  Raises RuntimeError when it is not installed."""
        environment = dict(os.environ, OMP_NUM_THREADS="1", PYTHONHASHSEED="0")
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.stop()
            again = subprocess.run(self.command, input="", capture_output=True, text=True)
            message = again.stderr.strip().splitlines()
            raise RuntimeError(message[-1] if message else "the process ended")
        versions: dict[str, str] = json.loads(line)
        return versions

    def ask(self, problem: str, size: int = 0) -> dict[str, Any]:
        """Samples and text, or the reason there are none."""
        if self.process is None:
            self.start()
        process = self.process
        assert process is not None and process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps({"problem": problem, "size": size}) + "\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], self.timeout)[0]:
            self.stop()
            return {"timeout": self.timeout}
        reply: dict[str, Any] = json.loads(process.stdout.readline() or '{"refused": "crashed"}')
        return reply

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None
