"""Counts of what the design has no room for, taken on the syntax tree: see tests/test_counts.py.

*Pages* are all of `bcf_model/publish`, and whatever it calls elsewhere, by name, down to the last
helper: of a method any of that name. Left out are the rooms that calculate (`ENGINE`): sums belong
there, and `asked` counts how often pages have them done. A sum is also told by another name (an
alias, getattr with a text put together of parts), a formula wherever its text is put together.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "bcf_model"
LAYS_OUT = "publish"
ENGINE = {
    "agreement",
    "audit",
    "checks",
    "core.sums",
    "explain",
    "extracts",
    "indicators",
    "plan",
    "pool",
    "year",
}
"""Rooms that calculate."""
CALCULATES = {
    "core.ledger.Ledger._places", "core.ledger.Ledger._total",
    "core.worked_columns.Limited.counted", "core.worked_columns.Limited.room",
    "core.worked_columns.room_of",
}  # fmt: skip
"""Elsewhere: what evaluates a figure, and what puts expressions together, which adds up nothing."""
PRINTERS = {
    "core.expressions.formula",
    "core.expressions._choice",
    "publish.excel_formulas.Formulas.formula",
    "publish.excel_formulas.Formulas.printed",
    "publish.excel_formulas.Formulas._near",
    "publish.excel_formulas.Formulas._row_of",
    "publish.excel_formulas.Formulas._over",
    "publish.excel_formulas.Formulas.reference",
    "publish.excel_formulas.Formulas._selected",
    "publish.excel_formulas.Formulas._unstated",
    "publish.excel_formulas.sum_over",
}
"""What prints expressions: the operators, a figure and the cells it is of, totals over rows, and a
column of a row."""
BOOKS = {
    "publish.excel_formulas.Formulas", "publish.scenario.formula_grid.Grid",
    "publish.template._Template",
}  # fmt: skip
"""Write cells, and so know where they stand: no numbers with a formula."""
FLOORS = (
    "core.words", "core.years", "core.spellings", "core.sources", "core.package_files",
    "core.findings",
    "core.errors", "core.money", "core.printed_numbers", "core.expressions", "core.figures",
    "core.quantities",
    "core.stated_amounts", "core.ledger", "core.weights", "core.sums",
    "core.worked_columns", "core.basis",
    "core.settings", "core.whole_pool", "core.tables", "core.year_parts",
    "intake.cells", "intake.raw_table", "intake.headings", "intake.workbooks",
    "intake.as_displayed", "intake.plain_form", "intake.csv_text", "intake.workbook",
    "intake.folder", "intake.extract_file", "intake.unknown_columns", "intake.drafts",
    "intake.whole_pool",
    "indicators", "checks", "pool", "extracts",
    "year", "agreement", "year.results", "year.pipeline", "plan", "explain", "audit",
    "explain.printed_figures", "notebook",
    "publish", "publish.comparison", "publish.audit", "publish.scenario",
    "verify", "verify.selftest", "commands", "cli", "__init__", "__main__",
)  # fmt: skip
"""The rooms from the ground up, as MAY_IMPORT of tests/test_architecture.py lets them import."""
SUMS = {
    "sum", "nansum", "fsum", "sumprod", "cumsum", "groupby", "agg", "aggregate", "add_up", "reduce",
    "accumulate", "pivot_table", "bincount", "einsum", "dot", "mean", "fmean", "average",
}  # fmt: skip
BY_TEXT = {"getattr", "attrgetter", "methodcaller", "__getattribute__", "apply", "transform"}
EXCEL = {
    "ABS", "AND", "AVERAGE", "CHOOSE", "CONCAT", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "FIND",
    "FIXED", "IF", "IFERROR", "INDEX", "INDIRECT", "INT", "ISBLANK", "ISERROR", "ISNUMBER",
    "ISTEXT", "LEFT", "LEN", "LET", "LOOKUP", "MATCH", "MAX", "MEDIAN", "MID", "MIN", "MOD", "N",
    "NOT", "OFFSET", "OR", "RIGHT", "ROUND", "ROUNDDOWN", "ROUNDUP", "ROW", "ROWS", "SIGN",
    "SUBSTITUTE", "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "TEXT", "TEXTJOIN", "TRIM", "VALUE",
    "VLOOKUP", "XLOOKUP",
}  # fmt: skip
_FUNCTION = re.compile(rf"(?<![A-Za-z_])(?:{'|'.join(EXCEL)})\(")
_SAID_IN_WORDS = re.compile("[×÷]")
_LENGTH = re.compile(r"(?:^|_)(?:width|height)s?$")
_IN_TEMPLATE = re.compile(r"""(?<!map\("length"\))\|\s*sum\b""")
UNKNOWN = "\0"
"""Stands in a text for what only a run can tell."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Places = list[str]


@dataclass
class House:
    """The modules of the package, by dotted name."""

    sources: dict[str, str]
    money: frozenset[str] = frozenset({"pence"})
    templates: dict[str, str] = field(default_factory=dict)
    trees: dict[str, ast.Module] = field(init=False)
    _texts: dict[str, "Texts"] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Parse every module."""
        self.trees = {name: ast.parse(text) for name, text in self.sources.items()}

    @staticmethod
    def here() -> "House":
        """Return the package as it stands; a money column is what the data dictionary calls so."""
        from bcf_model.core.tables import AUDIT_TABLES, INDICATOR_TABLES, OUTPUT_TABLES
        from bcf_model.plan.output_tables import COMPARISON_TABLES, PROJECTION_TABLES

        tables = [
            OUTPUT_TABLES,
            INDICATOR_TABLES,
            AUDIT_TABLES,
            PROJECTION_TABLES,
            COMPARISON_TABLES,
        ]
        models = [model for of in tables for model in of.values()]
        columns = {it.name for model in models for it in model.fields if it.form == "money"}
        columns -= {"left"}  # a side, on a drawing
        sources = {
            ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path.read_text("utf-8")
            for path in sorted(PACKAGE.rglob("*.py"))
            if path.name != "__init__.py" or path.parent == PACKAGE
        }
        templates = {
            str(path.relative_to(PACKAGE)): path.read_text("utf-8")
            for path in sorted(PACKAGE.rglob("*.j2"))
        }
        return House(sources, frozenset({*columns, "pence"}), templates)

    # -------------------------------------------------------------- names

    def module_of(self, dotted: str) -> str:
        """Return a module of ours by the name it is imported under; "" for another's."""
        own = dotted.removeprefix("bcf_model").removeprefix(".")
        return own if dotted != own and own in self.trees else ""

    @cached_property
    def imports(self) -> dict[str, list[ast.Import | ast.ImportFrom]]:
        """Return what each module imports, wherever that stands in it."""
        return {
            module: [it for it in ast.walk(tree) if isinstance(it, ast.Import | ast.ImportFrom)]
            for module, tree in self.trees.items()
        }

    @cached_property
    def imported(self) -> dict[str, dict[str, tuple[str, str]]]:
        """Return what each name that a module imports is: a module, and a name there."""
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for module, nodes in self.imports.items():
            of = found[module] = {}
            for node in nodes:
                for it in node.names:
                    if isinstance(node, ast.Import):
                        of[it.asname or it.name] = (self.module_of(it.name) or it.name, "")
                    else:
                        child = self.module_of(f"{node.module}.{it.name}")
                        home = self.module_of(node.module or "") or node.module or ""
                        of[it.asname or it.name] = (child, "") if child else (home, it.name)
        return found

    @cached_property
    def functions(self) -> dict[str, tuple[str, ast.AST]]:
        """Return every function and method by its full name, with its module."""
        found: dict[str, tuple[str, ast.AST]] = {}
        for module, tree in self.trees.items():
            for node in tree.body:
                if isinstance(node, Function):
                    found[f"{module}.{node.name}"] = module, node
                for it in node.body if isinstance(node, ast.ClassDef) else ():
                    if isinstance(it, Function):
                        found[f"{module}.{node.name}.{it.name}"] = module, it
        return found

    @cached_property
    def methods(self) -> dict[str, list[str]]:
        """Return methods by their last name: of rooms that pages import, and these in turn.

        What a room that calculates imports is its own matter.
        """
        rooms, more = {LAYS_OUT}, True
        while more:
            to = {room(it) for module, its in self.arrows.items()
                  if room(module) in rooms - ENGINE for it in its}  # fmt: skip
            rooms, more = rooms | to, bool(to - rooms)
        found: dict[str, list[str]] = {}
        for name, (module, _) in self.functions.items():
            if name.count(".") > module.count(".") + 1 and room(module) in rooms:
                found.setdefault(name.rpartition(".")[2], []).append(name)
        return found

    def named_in(self, module: str, part: ast.AST) -> Iterator[tuple[ast.AST, str]]:
        """Give what of ours a piece of code names: functions, and methods of any class."""
        names = self.imported[module]
        for node in ast.walk(part):
            if isinstance(node, ast.Name):
                home, name = names.get(node.id, (module, node.id))
                if f"{home}.{name}" in self.functions:
                    yield node, f"{home}.{name}"
            elif isinstance(node, ast.Attribute):
                of = names.get(node.value.id) if isinstance(node.value, ast.Name) else None
                if of and not of[1]:
                    if f"{of[0]}.{node.attr}" in self.functions:
                        yield node, f"{of[0]}.{node.attr}"
                else:
                    yield from ((node, name) for name in self.methods.get(node.attr, ()))

    # -------------------------------------------------------------- pages

    @cached_property
    def pages(self) -> list[tuple[str, ast.AST]]:
        """Return all code of pages, with its module: of `publish`, and the helpers it calls."""
        found = [
            (name, piece)
            for name, tree in self.trees.items()
            if room(name) == LAYS_OUT
            for it in tree.body
            for piece in (it.body if isinstance(it, ast.ClassDef) else [it])
        ]
        reached = [*found]
        seen: set[str] = set()
        while reached:
            for _, name in self.named_in(*reached.pop()):
                module, node = self.functions[name]
                if name in seen or room(module) in ENGINE | {LAYS_OUT} or name in CALCULATES:
                    continue
                seen.add(name)
                reached.append((module, node))
                found.append((module, node))
        return found

    def place(self, module: str, node: ast.AST, what: str) -> str:
        """Name a place."""
        return f"bcf_model/{module.replace('.', '/')}.py:{node.lineno}: {what}"

    def sums(self) -> Places:
        """List the sums on pages; in a template, but of lengths."""
        in_templates = [
            f"bcf_model/{name}:{at}: |sum"
            for name, text in self.templates.items()
            for at, line in enumerate(text.splitlines(), 1)
            for _ in _IN_TEMPLATE.finditer(line)
        ]
        return in_templates + [
            self.place(module, node, what)
            for module, part in self.pages
            for node, what in self.sums_in(module, part)
        ]

    def sums_in(self, module: str, part: ast.AST) -> Iterator[tuple[ast.AST, str]]:
        """Give the sums in a piece of code: by name, by text, by adding on, and of money."""
        names = self.imported[module]
        nodes = [*ast.walk(part)]
        plain = {id(it.func) for it in nodes if isinstance(it, ast.Call) and _counts(it)}
        kept, money = _kept_as_text(nodes), self._money_in(nodes)
        for node in nodes:
            match node:
                case ast.Name(id=name, ctx=ast.Load()):
                    home, name = names.get(name, ("", name))
                    ours = home in self.trees
                    known = name in SUMS if home and not ours else name == ("sum", "add_up")[ours]
                    if known and id(node) not in plain:
                        yield node, f"{name}()"
                case ast.Attribute(attr=name) if name in SUMS and id(node) not in plain:
                    yield node, f".{name}"
                case ast.Attribute(value=ast.Name(id=of), attr="add" | "subtract"):
                    if names.get(of) == ("numpy", ""):
                        yield node, f"numpy.{node.attr}"
                case ast.Call(func=of, args=given) if (
                    _last(of) in BY_TEXT or names.get(_last(of), ("", ""))[1] in BY_TEXT
                ):
                    said = map(Texts(self, module, part).of, given)
                    yield from ((node, f"{_last(of)} of {it!r}") for it in said if it in SUMS)
                case ast.AugAssign(op=ast.Add() | ast.Sub(), target=target, value=value):
                    if _last(target) not in kept and not self._no_amount(module, value):
                        yield node, ast.unparse(node)[:60]
                case ast.BinOp(op=ast.Add() | ast.Sub(), left=left, right=right):
                    if _is_money(left, money) or _is_money(right, money):
                        yield node, ast.unparse(node)[:60]

    def _money_in(self, nodes: list[ast.AST]) -> frozenset[str]:
        """Name what is money in a piece of code: columns, and what is set to an amount."""
        return self.money.union(
            f"={_last(it.targets[0])}" for it in nodes
            if isinstance(it, ast.Assign) and _is_money(it.value, self.money)
        )  # fmt: skip

    def _no_amount(self, module: str, value: ast.AST) -> bool:
        """Say whether what is added on is a step, a length, a text, a list, or a call for one."""
        match value:
            case ast.Constant() | ast.JoinedStr() | ast.List() | ast.ListComp() | ast.Tuple():
                return True
            case ast.Call(func=ast.Name(id="len")) | ast.Subscript(slice=ast.Slice()):
                return True
            case ast.Name(id=name) if name.isupper() or _LENGTH.search(name):
                return True
            case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
                return self._no_amount(module, one) or self._no_amount(module, other)
            case ast.Call(func=ast.Name(id=name)) if f"{module}.{name}" in self.functions:
                gives = self.functions[f"{module}.{name}"][1].returns
                return _last(gives) not in ("", "Any", "Decimal", "Fraction", "float", "int")
        return False

    def texts(self, module: str) -> "Texts":
        """Return what the texts of a module come to."""
        if module not in self._texts:
            self._texts[module] = Texts(self, module)
        return self._texts[module]

    @cached_property
    def summing(self) -> set[str]:
        """Return what adds up in rooms that calculate, itself or by what it calls."""
        of_engine = {name: it for name, it in self.functions.items() if room(it[0]) in ENGINE}
        calls = {name: {to for _, to in self._called(*it)} for name, it in of_engine.items()}
        found = {name for name, it in of_engine.items() if any(self.sums_in(*it))}
        while more := {name for name, to in calls.items() if to & found} - found:
            found |= more
        return found

    def _called(self, module: str, part: ast.AST) -> Iterator[tuple[ast.AST, str]]:
        """Give what is named, but for methods whose name others have too."""
        for node, name in self.named_in(module, part):
            if not isinstance(node, ast.Attribute) or (
                len(self.methods.get(node.attr, ())) < 2 and node.attr not in dir(Path)
            ):
                yield node, name

    def asked(self) -> Places:
        """List where pages have a room that calculates add up for them."""
        return [
            self.place(module, node, name)
            for module, part in self.pages
            for node, name in self._called(module, part)
            if name in self.summing and name != "core.sums.add_up"
        ]

    # -------------------------------------------------------------- formulas

    def formulas(self) -> Places:
        """List the formulas typed by hand, anywhere but in what prints expressions."""
        printers = {id(self.functions[name][1]) for name in PRINTERS if name in self.functions}
        return [
            self.place(module, node, repr(said.replace(UNKNOWN, "…"))[:80])
            for module, tree in self.trees.items()
            if room(module) not in ("intake", "verify")  # which read formulas of others
            for node, said in self.texts(module).typed(tree, printers)
        ]

    # -------------------------------------------------------------- classes

    def numbers_with_formulas(self) -> Places:
        """List the classes of pages that mean a number with a formula.

        They are cells (members of a union such as `Cell`), or made of one, unless they hold a
        constant: a `value` or `pence` and no more. They have a field that is a formula. Or they
        know addresses: a method asks xlsxwriter for one, or another such class.
        """
        nodes = [(module, node) for module, tree in self.trees.items()
                 if room(module) == LAYS_OUT for node in tree.body]  # fmt: skip
        classes = {f"{m}.{node.name}": node for m, node in nodes if isinstance(node, ast.ClassDef)}
        last = {name: node.name for name, node in classes.items()}
        unions = [{_last(it) for it in ast.walk(node.value)} for _, node in nodes
                  if isinstance(getattr(node, "value", None), ast.BinOp)]  # fmt: skip
        cells = {it for union in unions if {"str", "float"} & union for it in union}
        knowing = {last[name] for name, node in classes.items() if _addresses(node, set())}
        books, found = {*BOOKS}, set[str]()
        for _ in classes:  # until nothing is found any more, at the latest
            for name, node in classes.items():
                bases = {_last(base) for base in node.bases}
                if name in books or bases & {last.get(it) for it in books}:
                    books.add(name)
                elif (
                    (node.name in cells and not _constant(node))
                    or bases & {last[it] for it in classes if last[it] in cells or it in found}
                    or _formula_field(node)
                    or _addresses(node, knowing)
                ):
                    found.add(name)
        return [
            self.place(name.rpartition(".")[0], classes[name], name)
            for name in sorted(found - books)
        ]

    # -------------------------------------------------------------- arrows

    @cached_property
    def arrows(self) -> dict[str, dict[str, int]]:
        """Return the modules each imports, for types alone too, and the line; a version is none."""
        found: dict[str, dict[str, int]] = {module: {} for module in self.trees}
        for module, nodes in self.imports.items():
            for node in nodes:
                home = node.module or "" if isinstance(node, ast.ImportFrom) else ""
                to = {self.module_of(f"{home}.{it.name}".strip(".")) or self.module_of(home)
                      for it in node.names}  # fmt: skip
                found[module] |= dict.fromkeys(to - {"", module}, node.lineno)
        return found

    def circles(self) -> Places:
        """List the modules that stand in a circle of imports, with whom they import of it."""
        reach, more = {module: {*to} for module, to in self.arrows.items()}, True
        while more:
            further = {m: to.union(*(reach[it] for it in to)) for m, to in reach.items()}
            reach, more = further, further != reach
        inside = {module: {it for it in to if module in reach[it]} for module, to in reach.items()}
        return [
            f"{module} → {', '.join(sorted(inside[module] & {*self.arrows[module]}))}"
            for module in sorted(reach)
            if inside[module]
        ]

    def back_up(self) -> Places:
        """List the imports of a higher floor."""
        return [
            f"bcf_model/{module.replace('.', '/')}.py:{line}: {to}"
            for module, arrows in self.arrows.items()
            for to, line in arrows.items()
            if floor(to) > floor(module)
        ]


def room(module: str) -> str:
    """Return the room of a module; each module of core is one, and so are the results of a year."""
    first = module.partition(".")[0]
    return module if first == "core" or module == "year.results" else first


def floor(module: str) -> int:
    """Return the floor a module is on: that of the nearest room it is in."""
    rooms = [*accumulate(module.split("."), "{}.{}".format)]
    return FLOORS.index(next(it for it in reversed(rooms) if it in FLOORS))


def formulas_in(text: str) -> int:
    """Count what of a text is a formula: functions' names before a bracket, or alone."""
    if _SAID_IN_WORDS.search(text):
        return 0
    joined = (text, text.replace(UNKNOWN, ""))  # of two texts, one of which may stand there
    return max(len(_FUNCTION.findall(it)) for it in joined) + (text in EXCEL and len(text) > 2)


def begins(text: str) -> bool:
    """Say whether a text begins as a formula does; a comparison is none."""
    return text.startswith("=") and bool(text.strip("=<>"))


class Texts:
    """What the texts of a module, or of a function in it, come to, as far as can be told."""

    def __init__(self, house: House, module: str, part: ast.AST | None = None) -> None:
        self._house, self._module = house, module
        self._known: dict[str, str] = {}
        self._outer = house.texts(module) if part is not None else None
        for node in _assigned(house.trees[module] if part is None else part):
            for target in node.targets if isinstance(node, ast.Assign) else (node.target,):
                if isinstance(target, ast.Name) and node.value is not None:
                    said = self.of(node.value)
                    before = self._known.get(target.id)
                    self._known[target.id] = said if before is None else before + UNKNOWN + said

    def of(self, node: ast.AST, *, names: bool = True) -> str:
        """Return a text, with a mark for each part that is not known; or for each name, too."""

        def of(part: ast.AST) -> str:
            return self.of(part, names=names)

        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Name(id=name) if names:
                return self.named(name)
            case ast.JoinedStr(values=parts):
                return "".join(map(of, parts))
            case ast.FormattedValue(value=value):
                return of(value)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return of(left) + of(right)
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                given = right.elts if isinstance(right, ast.Tuple) else [right]
                return _filled(r"%[sdr]", of(left), map(of, given))
            case ast.IfExp(body=one, orelse=other):
                return of(one) + UNKNOWN + of(other)
            case ast.Call(func=ast.Attribute(value=text, attr="format"), args=given):
                return _filled(r"\{[^{}]*\}", of(text), map(of, given))
            case ast.Call(
                func=ast.Attribute(value=text, attr="join"), args=[ast.List() | ast.Tuple() as all_]
            ):
                return of(text).join(map(of, all_.elts))
        return UNKNOWN

    def named(self, name: str) -> str:
        """Return the text of a name: of this piece of code, its module, or another module."""
        if name in self._known:
            return self._known[name]
        if self._outer is not None:
            return self._outer.named(name)
        home, there = self._house.imported[self._module].get(name, ("", ""))
        return self._house.texts(home).named(there) if home in self._house.trees else UNKNOWN

    def typed(self, node: ast.AST, but: Iterable[int]) -> Iterator[tuple[ast.AST, str]]:
        """Give each text that is a formula, as a whole; of a text put together, not of its names.

        No docstring is one, and nothing inside the pieces of code to leave out.
        """
        if id(node) in but or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            return
        if isinstance(node, Function):
            inside = Texts(self._house, self._module, node)
            inside._outer = self
            for child in ast.iter_child_nodes(node):
                yield from inside.typed(child, but)
            return
        joined = isinstance(node, ast.JoinedStr | ast.BinOp)
        if joined or self.of(node, names=False).strip(UNKNOWN):
            if self._is_typed(node):
                yield node, self.of(node)
            for part in _parts(node):
                if self.of(part, names=False) == UNKNOWN:
                    yield from self.typed(part, but)
            return
        for child in ast.iter_child_nodes(node):
            yield from self.typed(child, but)

    def _is_typed(self, node: ast.AST) -> bool:
        """Say whether a text is a formula by more than the names in it."""
        said, parts = self.of(node), [*_parts(node)]
        of_names = [self.of(it) for it in parts if isinstance(it, ast.Name)]
        first = isinstance(parts[0], ast.Name) and self.of(parts[0])[:1] == "="
        by_hand = formulas_in(said) > sum(map(formulas_in, of_names))
        return by_hand or (begins(said) and not first)


def _assigned(part: ast.AST) -> Iterator[ast.Assign | ast.AnnAssign]:
    """Give the assignments of a module, or a function, but not of the functions inside."""
    for node in ast.iter_child_nodes(part):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            yield node
        elif not isinstance(node, Function | ast.ClassDef | ast.Lambda):
            yield from _assigned(node)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Give the smallest parts of a text that was put together."""
    inside = isinstance(node, ast.JoinedStr | ast.FormattedValue | ast.BinOp | ast.IfExp)
    joined = isinstance(node, ast.Call) and _last(node.func) in ("join", "format")
    if not inside and not joined:
        yield node
        return
    for child in ast.iter_child_nodes(node):
        yield from _parts(child)


def _filled(blank: str, text: str, given: Iterable[str]) -> str:
    left = iter(given)
    return re.sub(blank, lambda _: next(left, UNKNOWN), text)


def _last(node: ast.AST | None) -> str:
    """Return the last name of a name, an attribute, or what is called or taken of one."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
            return name
        case ast.Call(func=of) | ast.Subscript(value=of):
            return _last(of)
    return ""


def _counts(call: ast.Call) -> bool:
    """Say whether a call adds up lengths on paper, or counts what is so: no amounts."""
    if _last(call.func) != "sum":
        return False
    of_name = isinstance(call.func, ast.Name) and call.args
    summed = call.args[0] if of_name else getattr(call.func, "value", call)
    summed = summed.elt if isinstance(summed, ast.GeneratorExp) else summed
    while isinstance(summed, ast.BinOp) and isinstance(summed.op, ast.BitAnd | ast.BitOr):
        summed = summed.right
    return isinstance(summed, ast.Compare | ast.Constant) or bool(_LENGTH.search(_last(summed)))


def _kept_as_text(nodes: Iterable[ast.AST]) -> set[str]:
    """Name what begins as a text, a list or a tuple."""
    texts = ast.JoinedStr | ast.List | ast.ListComp | ast.Tuple
    return {
        _last(target)
        for node in nodes
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(node.value, texts) or isinstance(getattr(node.value, "value", 0), str)
    }


def _is_money(node: ast.AST, columns: frozenset[str]) -> bool:
    """Say whether a term is an amount: `pence`, or a money column of a row or a frame."""
    match node:
        case ast.Name(id=name):
            return f"={name}" in columns
        case ast.Attribute(attr=name) | ast.Call(func=ast.Attribute(attr="pence" as name)):
            return name in columns
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name in columns
        case ast.Call(func=ast.Name(id="int" | "float" | "abs" | "round"), args=[inside, *_]):
            return _is_money(inside, columns)
        case ast.UnaryOp(operand=inside):
            return _is_money(inside, columns)
    return False


def _fields(node: ast.ClassDef) -> set[str]:
    return {_last(it.target) for it in node.body if isinstance(it, ast.AnnAssign)}


def _formula_field(node: ast.ClassDef) -> bool:
    return bool(_fields(node) & {"formula", "printed", "expression"})


def _constant(node: ast.ClassDef) -> bool:
    return bool(_fields(node) & {"value", "pence"}) and not _formula_field(node)


def _addresses(node: ast.ClassDef, known: set[str]) -> bool:
    """Say whether a method gives addresses: of xlsxwriter, or of a class that does."""
    methods = [it for it in node.body if isinstance(it, Function)]
    calls = (it for method in methods for it in ast.walk(method) if isinstance(it, ast.Call))
    return any(_last(it.func).startswith("xl_") for it in calls) or any(
        _last(it.returns) == "str" and known & {_last(a.annotation) for a in it.args.args}
        for it in methods
    )
