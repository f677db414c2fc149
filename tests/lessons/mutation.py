"""Change a solution a little, everywhere, and see whether its check notices.

:func:`mutants_of` makes the changed sources. :class:`Judge` runs the check of an exercise on each
of them in another process with a time limit: a warm process that has checked the solutions forks a
child for a few mutants. What they were told counts if all were rejected in time and the solution is
right even after them; else each gets a child of its own. Where there is no fork, the process judges
them itself and is started again after one that did not end.

References
----------
.. [1] Y. Jia and M. Harman, "An analysis and survey of the development of mutation testing", IEEE
   Transactions on Software Engineering 37(5), 2011.
"""

from __future__ import annotations

import ast
import copy
import importlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# --- Mutants -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutant:
    """A changed source; ``change`` says where and how, and is unique within a source."""

    operator: str
    change: str
    source: str


@dataclass(frozen=True)
class Slot:
    """A place in a syntax tree that holds a node."""

    parent: ast.AST
    field: str
    index: int | None

    @property
    def node(self) -> ast.AST:
        value = getattr(self.parent, self.field)
        return value if self.index is None else value[self.index]

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutants_of(source: str) -> list[Mutant]:
    """Return every mutant of a function's source, in the order of its code.

    Examples
    --------
    >>> [mutant.change for mutant in mutants_of("def f(a):\\n    return a > 0")]
    ...     # doctest: +NORMALIZE_WHITESPACE
    ['line 2: statement `return a > 0` → `pass`',
     'line 2: comparison `a > 0` → `a >= 0`',
     'line 2: comparison `a > 0` → `a < 0`',
     'line 2: constant `0` → `1`',
     'line 2: constant `0` → `-1`']
    """
    tree = ast.parse(source)
    variables = _variables(tree)
    seen = {ast.unparse(tree)}
    mutants: list[Mutant] = []
    changes: Counter[str] = Counter()
    for slot in _slots(tree):
        before = slot.node
        for operator, after in [*_variants(before), *_exchanges(before, variables)]:
            slot.put(after)
            text = ast.unparse(ast.fix_missing_locations(tree))
            slot.put(before)
            if text in seen:
                continue
            seen.add(text)
            change = f"line {before.lineno}: {operator} `{_short(before)}` → `{_short(after)}`"
            changes[change] += 1
            again = f" ({changes[change]})" if changes[change] > 1 else ""
            mutants.append(Mutant(operator, change + again, text))
    return mutants


def _slots(node: ast.AST) -> Iterator[Slot]:
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST) and not _is_docstring(node, field, index, child):
                if hasattr(child, "lineno") and not isinstance(child, (ast.FunctionDef, ast.arg)):
                    yield Slot(node, field, index if isinstance(value, list) else None)
                yield from _slots(child)


def _is_docstring(parent: ast.AST, field: str, index: int, child: ast.AST) -> bool:
    return (
        isinstance(parent, ast.FunctionDef)
        and (field, index) == ("body", 0)
        and isinstance(child, ast.Expr)
        and isinstance(child.value, ast.Constant)
        and isinstance(child.value.value, str)
    )


def _variables(tree: ast.AST) -> list[str]:
    nodes = list(ast.walk(tree))
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return sorted(stored | {n.arg for n in nodes if isinstance(n, ast.arg)})


def _short(node: ast.AST) -> str:
    first = ast.unparse(node).splitlines()[0]
    return first if len(first) <= 60 else first[:57] + "..."


_OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv, ast.Mult),
    ast.Pow: (ast.Mult, ast.Div),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
_COMPARISONS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_NAMES = {
    "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum",
    "argmin": "argmax", "argmax": "argmin", "any": "all", "all": "any",
    "sum": "mean", "mean": "sum", "zeros": "ones", "ones": "zeros",
    "zeros_like": "ones_like", "floor": "ceil", "ceil": "floor", "sin": "cos", "cos": "sin",
}  # fmt: skip
_STATEMENTS = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.If, ast.For, ast.While)


def _variants(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the changes of one node: the kind of change and what comes in its place."""
    match node:
        case ast.Constant(value=bool(value)):
            yield "constant", ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield "constant", ast.Constant(value + 1)
            yield "constant", ast.Constant(value - 1)
        case ast.BinOp(op=op) | ast.AugAssign(op=op):
            for other in _OPERATORS.get(type(op), ()):
                yield "operator", _with(node, op=other())
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert()):
            yield "sign", node.operand
        case ast.BoolOp(op=op):
            yield "and, or", _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.Compare(ops=ops):
            for index, op in enumerate(ops):
                for other in _COMPARISONS[type(op)]:
                    changed = [*ops[:index], other(), *ops[index + 1 :]]
                    yield "comparison", _with(node, ops=changed)
        case ast.Attribute(attr="T"):
            yield "axis", node.value
        case ast.Attribute(attr=name) if name in _NAMES:
            yield "name", _with(node, attr=_NAMES[name])
        case ast.Name(id=name) if name in _NAMES and isinstance(node.ctx, ast.Load):
            yield "name", _with(node, id=_NAMES[name])
        case ast.Slice():
            for part in ("lower", "upper", "step"):
                if getattr(node, part) is not None:
                    yield "slice", _with(node, **{part: None})
        case ast.Tuple(elts=[first, second, *rest]):
            yield "axis", _with(node, elts=[second, first, *rest])
        case ast.Call(keywords=[_, *_]):
            for index in range(len(node.keywords)):
                kept = [k for n, k in enumerate(node.keywords) if n != index]
                yield "argument", _with(node, keywords=kept)
        case ast.IfExp():
            yield "condition", node.body
            yield "condition", node.orelse
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
            for index, part in enumerate(node.generators):
                if part.ifs:
                    every = list(node.generators)
                    every[index] = ast.comprehension(part.target, part.iter, [], part.is_async)
                    yield "condition", _with(node, generators=every)
        case ast.Break():
            yield "statement", ast.Continue()
        case ast.Continue():
            yield "statement", ast.Break()
    if isinstance(node, (ast.If, ast.While)):
        yield "condition", _with(node, test=ast.Constant(True))
        yield "condition", _with(node, test=ast.Constant(False))
    if isinstance(node, _STATEMENTS):
        yield "statement", ast.Pass(lineno=node.lineno)


def _exchanges(node: ast.AST, variables: list[str]) -> Iterator[tuple[str, ast.AST]]:
    """Yield every other variable of the function in the place of one that is read."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in variables:
        for name in variables:
            if name != node.id:
                yield "variable", ast.Name(name, ast.Load())


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


# --- Judging, in other processes ---------------------------------------------------------------

TIMEOUT, CRASHED = "timeout", "crashed"
_RIGHT, _READY = "correct", "ready\n"
_WAITING = 6
_TOGETHER = 64 if hasattr(os, "fork") else 1
_SHORTEST, _SLOWER = 0.25, 20


@dataclass(frozen=True)
class Job:
    """A source to be checked: ``name`` is both the function and the exercise of the module."""

    module: str
    name: str
    setup: str
    source: str


@dataclass(frozen=True)
class Verdict:
    """What the check said, or ``timeout`` or ``crashed``."""

    status: str
    message: str = ""


class Judge:
    """A warm process that judges jobs; use it in a ``with`` block.

    Parameters
    ----------
    folders : iterable of Path
        Where to look for the jobs' modules beside the installed packages.
    seconds : float
        Longest computing time for one job, of which it may have 20 times what the solution takes,
        and at least a quarter of a second; waiting is allowed six times as long.
    """

    def __init__(self, folders: Iterable[Path] = (), *, seconds: float = 5):
        self._order = json.dumps([[str(folder) for folder in folders], seconds])
        self._learned: list[str] = []
        self._patience = _WAITING * seconds + 10 if hasattr(os, "fork") else seconds

    def __enter__(self) -> Judge:
        self._start()
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def learn(self, solutions: Sequence[Job]) -> None:
        """Check solutions in the process, so that everything they need is imported.

        Raises
        ------
        RuntimeError
            If a solution cannot be checked or is not right.
        """
        self._learned.append(json.dumps({"solutions": [vars(job) for job in solutions]}))
        if self._ask(self._learned[-1]) != _READY:
            self._learned.pop()
            self._close()
            self._start()
            raise RuntimeError("A solution is not right, or cannot be checked; see above.")

    def judge(self, jobs: Iterable[Job]) -> list[Verdict]:
        """Return the verdicts in the order of the jobs; neighbours are mostly of one exercise."""
        verdicts: list[Verdict] = []
        for _, alike in itertools.groupby(jobs, lambda job: (job.module, job.name)):
            while several := list(itertools.islice(alike, _TOGETHER)):
                verdicts += self._judge_several(several)
        return verdicts

    def _start(self) -> None:
        one = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | one | {"PYTHONUTF8": "1"},
        )
        if any(self._ask(line) != _READY for line in [self._order, *self._learned]):
            self._close()
            raise RuntimeError("The process that judges mutants did not start; see above.")

    def _ask(self, line: str) -> str:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def _judge_several(self, jobs: Sequence[Job]) -> list[Verdict]:
        timer = threading.Timer(self._patience * 2 * len(jobs), self._process.kill)
        timer.start()
        answer = self._ask(json.dumps({"jobs": [vars(job) for job in jobs]}))
        late = not timer.is_alive()
        timer.cancel()
        if answer:
            return [Verdict(**verdict) for verdict in json.loads(answer)]
        self._close()
        self._start()
        return [Verdict(TIMEOUT if late else CRASHED)] * len(jobs)

    def _close(self) -> None:
        self._process.kill()
        self._process.communicate()


def _serve() -> None:
    """Answer each line of the standard input with one line: the order, then solutions and jobs."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    folders, longest = json.loads(sys.stdin.readline())
    sys.path[:0] = folders
    print(_READY, file=answers, end="", flush=True)
    right: dict[tuple[str, str], tuple[Job, float]] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        for job in (Job(**solution) for solution in asked.get("solutions", ())):
            right[job.module, job.name] = job, _time_limit(job, longest)
        if jobs := [Job(**job) for job in asked.get("jobs", ())]:
            print(json.dumps([vars(verdict) for verdict in _judge(jobs, right)]), file=answers)
        else:
            print(_READY, file=answers, end="")
        answers.flush()


def _judge(jobs: Sequence[Job], right: dict[tuple[str, str], tuple[Job, float]]) -> list[Verdict]:
    if hasattr(os, "fork"):
        return _judge_in_children(jobs, *right[jobs[0].module, jobs[0].name])
    return [_judge_here(job) for job in jobs]


def _time_limit(solution: Job, longest: float) -> float:
    """Return how long a mutant may compute: many times as long as the warm solution does."""
    for _ in range(2):
        started = time.process_time()
        verdict = _judge_here(solution)
        if verdict.status != _RIGHT:
            raise RuntimeError(f"The solution of {solution.name} is {verdict}.")
    return min(longest, max(_SHORTEST, _SLOWER * (time.process_time() - started)))


def _judge_here(job: Job) -> Verdict:
    space: dict[str, Any] = {}
    exec(job.setup, space)
    exec(job.source, space)
    exercise = getattr(importlib.import_module(job.module), job.name)
    outcome = exercise.check(space[job.name])
    return Verdict(outcome.status, outcome.message)


def _judge_in_children(jobs: Sequence[Job], solution: Job, seconds: float) -> list[Verdict]:
    verdicts: list[Verdict] = []
    while rest := jobs[len(verdicts) :]:
        told = _judge_in_child([*rest, solution], seconds)
        before = rest[: len(told) - 1]
        if len(told) > len(rest):
            clean = told.pop().status == _RIGHT
        else:  # The last one told ended the child: is the solution right after those before it?
            clean = _judge_in_child([*before, solution], seconds)[-1].status == _RIGHT
        verdicts += [
            verdict if clean and verdict.status != _RIGHT else _judge_in_child([job], seconds)[0]
            for job, verdict in zip(rest, told, strict=False)
        ]
    return verdicts


def _judge_in_child(jobs: Sequence[Job], seconds: float) -> list[Verdict]:
    """Return the verdicts of all jobs, or of those up to the one that ended the child."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for job in jobs:
                # Without handlers these signals end the child wherever it is, inside NumPy too.
                signal.setitimer(signal.ITIMER_PROF, seconds)
                signal.setitimer(signal.ITIMER_REAL, _WAITING * seconds)
                os.write(writer, json.dumps(vars(_judge_here(job))).encode() + b"\n")
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as stream:
        told = stream.read().split("\n")[:-1]
    _, status = os.waitpid(child, 0)
    verdicts = [Verdict(**json.loads(line)) for line in told]
    if len(verdicts) < len(jobs):
        late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGALRM)
        verdicts.append(Verdict(TIMEOUT if late else CRASHED))
    return verdicts


if __name__ == "__main__":
    _serve()
