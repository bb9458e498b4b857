"""Mutation testing: change the code in one place, and see whether a test fails.

    python -m tests.mutants                       # every module: hours
    python -m tests.mutants core/money agreement/calls --sample 60

A mutant differs from the code in one comparison, sum, whole number, truth value, condition,
minimum or maximum, returned value, or statement left out. Each runs in a process of its own, in
which the module is imported as changed; no file is written. Strings are left alone: nearly all are
names of columns, which any test would miss at once, or sentences.

A mutant no test notices has survived. Those with a known reason are in mutants-survivors.csv; they
count as survivors all the same. The run fails if fewer than 90 % are killed, or if a survivor is
not in that file.
"""

import argparse
import ast
import copy
import csv
import importlib.abc
import importlib.machinery
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

# One thread each, and imported once: a mutant's process starts with them already there.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
import highspy  # noqa: F401
import hypothesis
import pandera.pandas  # noqa: F401
import pytest

from tests.make.places import ROOT

KNOWN = Path(__file__).with_name("mutants-survivors.csv")
ENOUGH = 0.9
NOT_IMPORTED, NO_TESTS = 98, 5

AGREEMENTS = [
    f"tests/properties/test_agreements.py::{name}"
    for name in ("test_from_frames[0]", "test_many_outturns_at_once[0]", "test_from_frames[3]")
]
AUDIT = ["tests/unit/audit/test_small_papers.py", "tests/published/test_audit_sheffield.py"]
LIMITS = "tests/unit/agreement/test_limits.py"
SHARED = [
    "tests/unit/agreement/test_calls.py",
    "tests/unit/agreement/test_risk_share.py",
    *AGREEMENTS,
]
EXAMPLES = "tests/unit/agreement/test_example_agreements.py"
NOTHING = "tests/unit/agreement/test_nothing_to_share_by.py"
PLANS = "tests/properties/test_plan_oracle.py::test_plans_from_files[0]"
DRAWN = "tests/unit/plan/test_draws.py::test_all_at_once_are_the_scenario_with_those_values"
SHARED_DRAWS = [
    f"tests/unit/plan/test_draws.py::test_each_draw_is_shared_as_that_outturn_would_be[{pool}]"
    for pool in ("12-ordered-calls-4", "15-caps-collars-tiers-12")
]
WALKED = [
    f"tests/unit/plan/test_worked_columns.py::{name}"
    for name in (
        "test_a_small_walk_knows_its_numbers_and_stands_by_year_and_line",
        "test_what_is_looked_up_or_constant_has_no_expression",
        "test_a_saving_takes_off_a_cost_puts_on_and_a_reversal_undoes_it",
        "test_near_is_within_a_thousandth_of_a_penny",
        "test_what_the_lines_above_have_reached_may_be_near_a_half_penny",
        "test_an_odd_number_of_parts_is_near_a_half_penny_at_its_middle",
    )
]


def of_plan(*names: str) -> list[str]:
    """Name unit tests of the plan."""
    return [f"tests/unit/plan/test_{name}.py" for name in names]


# The quickest first: a run ends with the first failure.
TESTS = {
    "core/money": ["tests/unit/core/test_money.py", "tests/properties/test_money.py"],
    "core/worked_columns": ["tests/unit/core/test_worked_columns.py", *SHARED],
    "agreement/rules": ["tests/unit/agreement/test_rules.py", *SHARED, EXAMPLES],
    "agreement/calls": [*SHARED, NOTHING, "tests/unit/agreement/test_rules.py"],
    "agreement/limits": [LIMITS, *SHARED],
    "agreement/limit_use": [LIMITS, "tests/properties/test_limits.py", *AGREEMENTS],
    "agreement/parcels": ["tests/unit/agreement/test_parcels.py", *SHARED, EXAMPLES],
    "agreement/pots": [NOTHING, "tests/unit/agreement/test_working_paper.py", *SHARED, EXAMPLES],
    "agreement/outturns": ["tests/unit/agreement/test_outturns.py", *SHARED],
    "agreement/working_paper": ["tests/unit/agreement/test_working_paper.py", *SHARED, EXAMPLES],
    "year/variance": ["tests/unit/year/test_variance.py", *AGREEMENTS[:1]],
    "year/settlement": ["tests/unit/year/test_settlement.py", *AGREEMENTS, EXAMPLES],
    "year/reserves": ["tests/unit/year/test_reserves.py", *AGREEMENTS, EXAMPLES],
    "year/payments": ["tests/unit/year/test_payments.py", *AGREEMENTS, EXAMPLES],
} | {
    f"audit/{path.stem}": [f"tests/unit/audit/test_{path.stem}.py", *AUDIT]
    for path in sorted((ROOT / "bcf_model/audit").glob("*.py"))
    if path.stem not in {"__init__", "slips"}
}
TESTS |= {
    "audit/slips": ["tests/unit/audit/test_conclusions.py", *AUDIT],
}
TESTS |= {
    "plan/bridge": [*of_plan("bridge"), PLANS, f"{DRAWN}[start]"],
    "plan/apportion": [*of_plan("apportion", "bridge"), PLANS],
    "plan/part_year": [*of_plan("part_year"), PLANS],
    "plan/budget_versions": [*of_plan("budget_versions"), PLANS],
    "plan/savings": [*of_plan("savings"), "tests/properties/test_plan_savings.py", PLANS],
    "plan/prevention": [*of_plan("prevention"), "tests/properties/test_plan_prevention.py", PLANS],
    "plan/positions": [*of_plan("prevention"), PLANS],
    "plan/growth": [*of_plan("growth"), PLANS],
    "plan/root_finding": [*of_plan("root_finding", "growth")],
    "plan/goal_seek": [*of_plan("goal_seek", "projection")],
    "plan/goal_seek_inputs": [*of_plan("goal_seek_inputs", "goal_seek")],
    "plan/funding": [*of_plan("funding"), PLANS],
    "plan/efficiencies": [*of_plan("efficiencies")],
    "plan/worked_columns": [*WALKED, *of_plan("worked_columns")],
    "plan/inheritance": [*of_plan("inheritance", "load")],
    "plan/scopes": [*of_plan("scopes"), PLANS],
    "plan/comparison": [*of_plan("comparison")],
    "plan/comparison_columns": [*of_plan("comparison")],
    "plan/percentiles": [*of_plan("percentiles")],
    "plan/sensitivities": [*of_plan("sensitivities"), f"{DRAWN}[start]", f"{DRAWN}[city]"],
    "plan/ranges": [*of_plan("ranges")],
    "plan/partner_shares": [*of_plan("partner_shares"), *SHARED_DRAWS, PLANS],
    "plan/partner_share_draws": SHARED_DRAWS,
    "plan/draws": [f"{DRAWN}[city]", f"{DRAWN}[start]", *of_plan("draws")],
    "plan/uncertainty": [*of_plan("uncertainty")],
    "plan/projection": [*of_plan("projection"), PLANS],
}
DESK = "tests/unit/commands/test_desk.py"


def of_extracts(*names: str) -> list[str]:
    """Name unit tests of extracts."""
    return [f"tests/unit/extracts/test_{name}.py" for name in names]


TESTS |= {
    "checks/headings_among_lines": ["tests/unit/checks/test_headings_among_lines.py"],
    "extracts/answers": [*of_extracts("answers", "plan"), "tests/unit/commands/test_extracts.py"],
    "extracts/drafted": [*of_extracts("drafted"), DESK],
}

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}  # fmt: skip
NAMES = {
    "min": "max", "minimum": "maximum", "Least": "Most", "any": "all", "floor": "ceil",
    "first": "last",
}  # fmt: skip
NAMES |= {other: name for name, other in NAMES.items()}


@dataclass(frozen=True)
class Mutant:
    """The code of a module, changed in one place.

    `where` is the function or class; `number` tells changes that read alike there apart.
    """

    module: str
    where: str
    change: str
    number: int
    line: int
    tree: ast.Module

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.module, self.where, self.change, str(self.number)


def mutants(module: str) -> list[Mutant]:
    """Give every mutant of a module, in the order of its lines."""
    source = (ROOT / "bcf_model" / f"{module}.py").read_text(encoding="utf-8")
    tree, found, seen = ast.parse(source), [], Counter[tuple[str, str]]()
    for where, parent, name, at in _places(tree, "module"):
        node = _held(parent, name, at)
        for changed in _changes(node, parent):
            _put(parent, name, at, changed)
            change = f"{_told(node)} → {_told(changed)}"
            whole = copy.deepcopy(tree)
            _put(parent, name, at, node)
            seen[where, change] += 1
            found.append(Mutant(module, where, change, seen[where, change], node.lineno, whole))
    return found


def _places(node: ast.AST, where: str) -> Iterator[tuple[str, ast.AST, str, int | None]]:
    """Walk what can be changed: not annotations, nor the pieces of an f-string."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        where = node.name if where == "module" else f"{where}.{node.name}"
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "format_spec", "decorator_list", "pattern"}:
            continue
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.expr | ast.stmt):
                yield where, node, name, at
            if isinstance(child, ast.AST):
                yield from _places(child, where)


def _held(parent: ast.AST, name: str, at: int | None) -> ast.AST:
    value = getattr(parent, name)
    return value if at is None else value[at]


def _put(parent: ast.AST, name: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[at] = node


def _told(node: ast.AST) -> str:
    text = ast.unparse(node).splitlines()[0]
    return text if len(text) <= 90 else f"{text[:87]}..."


def _with(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _not(node: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(ast.Not(), node), node)


def _changes(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:  # noqa: PLR0912
    """Give what one place may be changed to."""
    match node:
        case ast.Compare():
            for i, operator in enumerate(node.ops):
                other = OPERATORS[type(operator)]()
                yield _with(node, ops=[*node.ops[:i], other, *node.ops[i + 1 :]])
        case ast.BinOp() | ast.BoolOp() | ast.AugAssign() if type(node.op) in OPERATORS:
            yield _with(node, op=OPERATORS[type(node.op)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield node.operand
        case ast.Constant(value=bool()):
            yield _with(node, value=not node.value)
        case ast.Constant(value=int() | float()):
            yield _with(node, value=node.value + 1)
        case ast.IfExp():
            yield _with(node, body=node.orelse, orelse=node.body)
        case ast.If(test=test) | ast.While(test=test) if not isinstance(test, ast.Compare):
            yield _with(node, test=_not(test))
        case ast.Name(id=name) if isinstance(parent, ast.Call) and node is parent.func:
            if name in NAMES:
                yield _with(node, id=NAMES[name])
        case ast.Attribute(attr=name) if isinstance(parent, ast.Call) and node is parent.func:
            if name in NAMES:
                yield _with(node, attr=NAMES[name])
        case ast.Continue():
            yield ast.copy_location(ast.Break(), node)
        case ast.Break():
            yield ast.copy_location(ast.Continue(), node)
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield _with(node, value=ast.copy_location(ast.Constant(None), value))
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield ast.copy_location(ast.Pass(), node)
    if isinstance(node, ast.AugAssign):
        yield ast.copy_location(ast.Pass(), node)
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        for i, part in enumerate(node.generators):
            if part.ifs:
                rest = _with(part, ifs=[])
                yield _with(
                    node, generators=[*node.generators[:i], rest, *node.generators[i + 1 :]]
                )


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Imports one module as the mutant has it."""

    def __init__(self, name: str, path: Path, code: CodeType | None) -> None:
        self.name, self.path, self.code, self.imported = name, path, code, False

    def find_spec(
        self, fullname: str, path: object, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=str(self.path))

    def get_filename(self, fullname: str) -> str:
        return str(self.path)

    def get_data(self, path: str | bytes) -> bytes:
        return Path(os.fsdecode(path)).read_bytes()

    def get_code(self, fullname: str) -> CodeType:
        self.imported = True
        return self.code or compile(self.path.read_bytes(), self.path, "exec")


def run(module: str, tree: ast.Module | None, limit: float) -> str:
    """Run the tests of a module with a mutant of it, or with the module as it is (None).

    Returns:
        `survived`, `killed`, or `timeout` after the seconds allowed.

    Raises:
        RuntimeError: the tests chosen never import the module, or there are none.
    """
    sys.stdout.flush()
    child = os.fork()
    if not child:
        _in_child(module, tree)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            if code in {NOT_IMPORTED, NO_TESTS}:
                message = f"the tests chosen for {module} do not import it, or are none"
                raise RuntimeError(message)
            return "killed" if code else "survived"
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def _in_child(module: str, tree: ast.Module | None) -> None:
    code = NOT_IMPORTED
    try:
        os.setpgid(0, 0)
        nothing = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nothing, stream)
        path = ROOT / "bcf_model" / f"{module}.py"
        compiled = compile(ast.fix_missing_locations(tree), path, "exec") if tree else None
        changed = _Changed(f"bcf_model.{module.replace('/', '.')}", path, compiled)
        sys.meta_path.insert(0, changed)
        # The same examples for every mutant, none kept, and none made smaller when one fails.
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile(
            "mutants", derandomize=True, database=None, deadline=None, phases=phases
        )
        hypothesis.settings.load_profile("mutants")
        result = pytest.main(
            ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", *TESTS[module]]
        )
        code = int(result) if changed.imported else NOT_IMPORTED
    except BaseException:  # a mutant may do anything: that it did is a test that failed
        code = 1
    finally:
        os._exit(code)


def known() -> dict[tuple[str, ...], str]:
    """Read the survivors whose reason is known."""
    with KNOWN.open(encoding="utf-8", newline="") as file:
        return {tuple(row.values())[:4]: row["reason"] for row in csv.DictReader(file)}


def main(arguments: list[str]) -> int:
    """Run the mutants of the modules named, or of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=list(TESTS), help="such as core/money")
    parser.add_argument("--sample", type=int, help="at most so many of each module")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    chosen = parser.parse_args(arguments)
    os.chdir(ROOT)
    reasons, total, unknown = known(), Counter[str](), 0
    for module in chosen.modules:
        every = mutants(module)
        some = every
        if chosen.sample and chosen.sample < len(every):
            some = random.Random(chosen.seed).sample(every, chosen.sample)
        start = time.monotonic()
        if run(module, None, 600) != "survived":
            print(f"{module}: its tests fail without any mutant")
            return 1
        limit = 10 + 4 * (time.monotonic() - start)
        results = Counter[str]()
        for mutant in sorted(some, key=lambda mutant: mutant.line):
            result = run(module, mutant.tree, limit)
            results[result] += 1
            if result == "survived":
                reason = reasons.get(mutant.key, "")
                unknown += not reason
                number = f" (no. {mutant.number})" if mutant.number > 1 else ""
                print(f"  {module}.py:{mutant.line} {mutant.where}: {mutant.change}{number}")
                print(f"    {reason or 'NOT IN mutants-survivors.csv'}", flush=True)
        total += results
        print(f"{module}: {_score(results)}, of {len(every)} mutants", flush=True)
    print(f"in all: {_score(total)}")
    enough = total["survived"] <= (1 - ENOUGH) * total.total()
    return int(not enough or unknown > 0)


def _score(results: Counter[str]) -> str:
    killed = results.total() - results["survived"]
    share = 100 * killed / max(results.total(), 1)
    timeouts = f" ({results['timeout']} by running on)" if results["timeout"] else ""
    return f"{killed} of {results.total()} killed{timeouts}, {share:.1f} %"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
