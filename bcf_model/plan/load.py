"""A pool's plan and its scenarios, checked in one pass (docs/method.md, 2 and 3)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

import pandas as pd

from bcf_model.checks import codes
from bcf_model.core.errors import DataHasErrors, UnknownFigure
from bcf_model.core.findings import Check, Finding, brief, has_errors, one_of, run_checks
from bcf_model.core.tables import (
    FOR_SCENARIOS,
    OWN_AGREEMENT,
    Agreement,
    Inputs,
    InputTable,
    SourceFile,
)
from bcf_model.core.years import years_from
from bcf_model.intake.cells import CODE, LONGEST_CODE
from bcf_model.intake.drafts import Draft, Drafts, draft_table, unit_of, validated
from bcf_model.intake.folder import (
    SCENARIOS,
    read_plan,
    read_scenario,
    scenario_as_typed,
    scenario_folders,
)
from bcf_model.intake.plain_form import Names
from bcf_model.intake.raw_table import RawPool, unread
from bcf_model.plan import budget_versions
from bcf_model.plan.checks import assumptions, pool_tables, programmes, ranges, settings
from bcf_model.plan.checks.context import CheckedPlan, twice
from bcf_model.plan.drivers import with_drivers
from bcf_model.plan.inheritance import (
    WHERE,
    measured,
    of_drawn,
    of_pool,
    placed,
    replaced,
    with_place,
    year_by_year,
)
from bcf_model.plan.national import with_national
from bcf_model.plan.other_agreement import name_under, settings_under
from bcf_model.plan.rollout import with_rollout
from bcf_model.plan.settings import INHERITED, ScenarioSettings
from bcf_model.plan.tables import KEYS, PLAN_TABLES, SCENARIO_TABLES
from bcf_model.pool import check_pool

Frames = Mapping[str, pd.DataFrame]
CHECKS_OF_ROWS: Final[tuple[Check[Drafts], ...]] = (
    codes.unique_codes,
    codes.plain_words,
    codes.whole_numbers_in_reach,
    ranges.ends,
)
CHECKS: Final = (*pool_tables.SHARED, *assumptions.CHECKS, *ranges.CHECKS, *programmes.CHECKS)
"""What is checked of a scenario once its settings are known."""


@dataclass(frozen=True)
class Plan:
    """A pool, found sound, with what it adds for its plans.

    Attributes:
        inputs: the pool.
        tables: by name, the frame of each of `PLAN_TABLES`, and of the pool's own `budgets` and
            `perimeters` (money in pence; nil where it is not stated); each row also has `set_by`,
            the pool's name, and `place`, where it stood.
        files: those the tables were read from.
    """

    inputs: Inputs
    tables: Frames
    files: tuple[SourceFile, ...] = ()

    @cached_property
    def stated_versions(self) -> budget_versions.Versions:
        """The budget versions there are."""
        return budget_versions.of_pool(self.inputs, self.tables)

    def not_in_both(self, first: str, second: str) -> dict[str, list[str]]:
        """Return what each of two versions leaves out, as `budget_versions.left_out`."""
        return budget_versions.left_out(self.stated_versions, first, second)


@dataclass(frozen=True)
class Scenario:
    """A scenario as it is in force: what it says, and what it has from its bases and the pool.

    Attributes:
        name: of its folder. chain: its own name, its base's, and so on.
        settings: those in force; set_by: for each that was set, the scenario that set it.
        tables: by name, the rows in force of each of `SCENARIO_TABLES`; each also has `set_by`,
            the scenario (or pool) that set it, and `place`, where it stood. Assumptions have the
            columns of `inheritance.measured` as well.
        files: those it was read from, its bases' included.
        calibrated_by: the base that states the growth to be reached, whose factor holds here too;
            None where the scenario states it itself, or nobody does.
    """

    name: str
    chain: tuple[str, ...]
    settings: ScenarioSettings
    set_by: Mapping[str, str]
    tables: Frames
    files: tuple[SourceFile, ...] = ()
    calibrated_by: "Scenario | None" = None

    @property
    def by_method(self) -> tuple[str, ...]:
        """Years whose agreed budget nobody has agreed: it follows by the method."""
        agreed = self.settings.agreed
        if self.settings.agreed_method is None or not agreed:
            return ()
        last = agreed[max(agreed)]
        return tuple(sorted(year for year, version in agreed.items() if version == last))[1:]

    @property
    def years(self) -> tuple[str, ...]:
        """Years of the plan, in order."""
        first = self.settings.first_year
        return years_from(first, self.settings.last_year or first) if first else ()


def scenario_names(pool: str | Path) -> list[str]:
    """Name the scenarios of a pool, in order."""
    return scenario_folders(Path(pool), FOR_SCENARIOS)


def scenarios_listed(pool: str | Path) -> list[tuple[str, str, str]]:
    """Return name, title and status of each scenario of a pool; of unsound settings, that alone."""
    listed = []
    for name in scenario_names(pool):
        stated = validated(ScenarioSettings, read_scenario(Path(pool), name, ()), [])
        about = (stated.title, stated.status) if stated else ("", "its settings have errors")
        listed.append((name, *about))
    return listed


def load_plan(pool: str | Path) -> Plan:
    """Load a pool with what it adds for its plans; both must be sound.

    Raises:
        DataHasErrors: with every finding; nothing can be calculated from such data.
    """
    inputs, findings = check_pool(pool)
    plan, more = _plan(Path(pool), inputs)
    if plan is None:
        raise DataHasErrors(findings + more)
    return _with_places(plan)


def load_scenario(
    pool: str | Path, name: str, agreement: str | Path | None = None
) -> tuple[Plan, Scenario]:
    """Load a scenario that must be sound.

    Raises:
        DataHasErrors: with every finding; nothing can be calculated from such data.
    """
    found, findings = check_scenario(pool, name, agreement)
    if found is None:
        raise DataHasErrors(findings)
    return found


Checked = tuple[tuple[Plan, Scenario] | None, list[Finding]]
"""A plan and a scenario in force, or None when there is an error; and every finding."""


def check_scenario(pool: str | Path, name: str, agreement: str | Path | None = None) -> Checked:
    """Check a scenario, its bases, and the pool and plan it builds on, as `check_scenarios`."""
    return check_scenarios(pool, [name], agreement)[name]


def check_scenarios(
    pool: str | Path, names: Iterable[str], agreement: str | Path | None = None
) -> dict[str, Checked]:
    """Check scenarios of a pool, their bases, and, once for all, the pool and plan they build on.

    Args:
        pool: a folder of CSV files.
        names: of the scenarios.
        agreement: one to try instead of the pool's own, as for `pool.load`.

    Returns:
        By name, what was checked; the findings of pool and plan stand with each. Under an agreement
        that is tried, a scenario is one of its own, built on that of the name
        (`other_agreement.name_under`).
    """
    inputs, findings = check_pool(pool, agreement)
    plan, more = _plan(Path(pool), inputs)
    findings += more
    if plan is None:
        return {name: (None, [*findings]) for name in names}
    reader, given_out = _Reader(Path(pool), plan), _with_places(plan)
    checked = {name: _scenario(reader, name) for name in names}
    tried = given_out.inputs.agreement
    return {
        name: (None if one is None else (given_out, _under(one, tried)), findings + more)
        for name, (one, more) in checked.items()
    }


def _under(scenario: Scenario, agreement: Agreement) -> Scenario:
    """Return a scenario as it stands under an agreement; under the pool's own, itself."""
    if agreement == OWN_AGREEMENT:
        return scenario
    name = name_under(scenario.name, agreement.name)
    said = settings_under(scenario.settings, scenario.name, agreement)
    return replace(scenario, name=name, chain=(name, *scenario.chain), settings=said)


def check_what_if(
    pool: str | Path,
    base: str,
    files_of: Callable[[Scenario], Mapping[str, bytes]],
    where: str,
    name: str | None = None,
) -> tuple[dict[str, Checked], Mapping[str, bytes]]:
    """Check a scenario, and one that is built on it and stands in no folder yet.

    Args:
        pool: a folder of CSV files.
        base: name of the scenario.
        files_of: writes the files of the other, given this one (`what_if.files_of`).
        where: its files were typed; findings of it name that.
        name: of the other; a free one where it is left out.

    Returns:
        Both by name, checked; and the files of the other, none where its base is not sound.

    Raises:
        UnknownFigure: the pool has a scenario of that name, or none can have it; or as `files_of`.
    """
    inputs, findings = check_pool(pool)
    plan, more = _plan(Path(pool), inputs)
    findings += more
    if plan is None:
        return {base: (None, findings)}, {}
    reader, given_out = _Reader(Path(pool), plan), _with_places(plan)
    stood, more = _scenario(reader, base)
    if stood is None:
        return {base: (None, findings + more)}, {}
    if name is None:
        numbered = (f"what-if-{number}" for number in count(2))
        name = next(it for it in chain(["what-if"], numbered) if it not in reader.names)
    if wanted := _name_wanted(name, inputs.name if inputs else ""):
        message = f"{brief(name)!r} cannot be a scenario's name: it is to be {wanted}"
        raise UnknownFigure(message)
    if same := [it for it in reader.names if it.casefold() == name.casefold()]:
        message = f"there is a scenario {same[0]} already, and it is left as it is: name another"
        raise UnknownFigure(message)
    files = files_of(stood)
    reader.take(scenario_as_typed(name, files, where))
    tried, found = _scenario(reader, name)
    return {
        base: ((given_out, stood), findings + more),
        name: (None if tried is None else (given_out, tried), findings + found),
    }, files


def check_plans(
    pool: str | Path,
    inputs: Inputs | None,
    calculated: Callable[[Plan, Scenario], Iterable[Finding]] = lambda *_: (),
) -> list[Finding]:
    """Check a pool's plan tables, and each of its scenarios.

    Args:
        pool: a folder of CSV files or an .xlsx workbook.
        inputs: the pool when it is sound; without it only the plan's own cells are checked.
        calculated: what is found of a sound scenario once it is calculated.

    Returns:
        What is found beside `check_pool`'s findings, each once.
    """
    plan, findings = _plan(Path(pool), inputs)
    if plan is not None:
        try:
            reader = _Reader(Path(pool), plan)
        except OSError as problem:
            findings.append(Finding("BCF017", SCENARIOS, value=unread(problem)))
        else:
            given_out = _with_places(plan)
            for name in reader.names:
                scenario, more = _scenario(reader, name)
                findings += more if scenario is None else [*more, *calculated(given_out, scenario)]
    return [*dict.fromkeys(findings)]


def _plan(path: Path, inputs: Inputs | None) -> tuple[Plan | None, list[Finding]]:
    """Read and check the plan tables; the frames of the plan still know file and row."""
    raw = read_plan(path, [table.name for table in PLAN_TABLES])
    findings = list(raw.findings)
    drafts = _drafts(raw, PLAN_TABLES, unit_of(raw), findings, inputs)
    if inputs is None or has_errors(findings):
        return None, raw.addressed(findings)
    frames = {t.name: placed(drafts[t.name], t, inputs.name) for t in PLAN_TABLES}
    frames |= {name: of_pool(inputs, name) for name in ("budgets", "perimeters")}
    plan = Plan(inputs, frames, _files(raw, drafts))
    checked = CheckedPlan(inputs, frames, plan.stated_versions)
    findings += run_checks(pool_tables.CHECKS, checked)
    findings = raw.addressed(findings)
    if has_errors(findings):
        return None, findings
    return plan, findings


def _with_places(plan: Plan) -> Plan:
    frames = {name: with_place(frame) for name, frame in plan.tables.items()}
    return replace(plan, tables=frames)


def _drafts(
    raw: RawPool,
    tables: Sequence[InputTable],
    unit: str | None,
    findings: list[Finding],
    inputs: Inputs | None,
) -> Drafts:
    """Read tables cell by cell; what of a row can be seen without any other is checked."""
    names = None if inputs is None else Names.of_frames(vars(inputs))
    found = {table.name: draft_table(raw, table, unit, findings, names) for table in tables}
    read = {name: draft for name, draft in found.items() if draft is not None}
    drafts = Drafts(read, unit, kinds=tables)
    findings.extend(run_checks(CHECKS_OF_ROWS, drafts))
    return drafts


@dataclass(frozen=True)
class _Stated:
    """What one scenario's own files say."""

    raw: RawPool
    settings: ScenarioSettings
    drafts: Drafts

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return those of its tables that have rows, each row placed."""
        drafts = ((t, self.drafts[t.name]) for t in SCENARIO_TABLES)
        return {t.name: placed(draft, t, self.raw.name) for t, draft in drafts if draft.numbers}


class _Reader:
    """The scenarios of a pool: what each states, and has in force from its bases, is read once.

    One may be the base of hundreds, and stand hundreds deep.
    """

    def __init__(self, path: Path, plan: Plan) -> None:
        """Keep a plan whose frames still know file and row, and the folder of its pool."""
        self.path, self.plan, self.names = path, plan, scenario_names(path)
        of_pool = {t.name: plan.tables.get(t.name, _no_rows(t)) for t in SCENARIO_TABLES}
        self._of_pool = {n: replaced(it, it.iloc[:0], KEYS[n]) for n, it in of_pool.items()}
        self._stated: dict[str, tuple[_Stated | None, list[Finding]]] = {}
        self._in_force: dict[str, tuple[dict[str, pd.DataFrame], list[Finding]]] = {}

    def stated(self, name: str) -> tuple[_Stated | None, list[Finding]]:
        """Return what a scenario's own files say, and what is wrong with them."""
        if name not in self._stated:
            raw = read_scenario(self.path, name, [table.name for table in SCENARIO_TABLES])
            self._read(raw)
        return self._stated[name]

    def take(self, raw: RawPool) -> None:
        """Take a scenario that stands in no folder of the pool."""
        self.names = [*self.names, raw.name]
        self._read(raw)

    def _read(self, raw: RawPool) -> None:
        findings: list[Finding] = []
        self._stated[raw.name] = (_read_stated(raw, self.plan.inputs, findings), findings)

    def in_force(self, chain: Sequence[_Stated]) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
        """Return the tables in force of the first of a chain of scenarios, and what is twice."""
        frames, findings = self._of_pool, list[Finding]()
        for stated in reversed(chain):
            name = stated.raw.name
            if name not in self._in_force:
                own = stated.frames()
                if "assumptions" in own:
                    doubled = twice(own["assumptions"], KEYS["assumptions"], "assumption")
                    findings = [*findings, *doubled]
                frames = frames | {
                    table: replaced(frames[table], frame, KEYS[table])
                    for table, frame in own.items()
                }
                self._in_force[name] = (frames, findings)
            frames, findings = self._in_force[name]
        return dict(frames), findings


def _scenario(reader: _Reader, name: str) -> tuple[Scenario | None, list[Finding]]:
    """Read and check a scenario."""
    plan = reader.plan
    findings: list[Finding] = []
    chain = _chain(reader, name, findings)
    if has_errors(findings):
        return None, findings
    frames, doubled = reader.in_force(chain)
    findings += doubled
    said, set_by = _in_force(chain)
    if said.national:
        frames["assumptions"] = with_national(frames["assumptions"], said.national)
    costs = (frames["rollout"], frames["rollout_payers"])
    frames["assumptions"] = with_rollout(frames["assumptions"], *costs)
    people = (frames["drivers"], frames["cohorts"])
    frames["assumptions"] = with_drivers(frames["assumptions"], *people)
    files = {stated.raw.name: stated.raw.settings_file for stated in chain}
    checked = CheckedPlan(
        plan.inputs, {**plan.tables, **frames}, plan.stated_versions, said, set_by, files
    )
    frames["assumptions"] = measured(year_by_year(frames["assumptions"], checked.years))
    frames["correlations"] = of_drawn(frames["correlations"], frames["assumptions"], name)
    checked = replace(checked, tables={**plan.tables, **frames})
    findings += run_checks(settings.CHECKS, checked)
    if not has_errors(findings):
        lines = budget_versions.opening_lines(plan.stated_versions, said.opening, said.split)
        checked = replace(checked, lines=lines)
    # What is wrong in a row that holds in several years is found in each of them.
    findings += dict.fromkeys(run_checks(CHECKS, checked))
    if has_errors(findings):
        return None, findings
    scenario = Scenario(
        name,
        tuple(files),
        _with_method(said, checked.years),
        set_by,
        {table: with_place(frame) for table, frame in frames.items()},
        tuple(file for stated in chain for file in _files(stated.raw, stated.drafts)),
    )
    states = set_by.get("calibrate", name)
    if states != name:
        scenario = replace(scenario, calibrated_by=_scenario(reader, states)[0])
    return scenario, findings


def _with_method(said: ScenarioSettings, years: Sequence[str]) -> ScenarioSettings:
    """Return settings in which later years have the last agreed budget, if a method grows it."""
    if said.agreed_method is None or not said.agreed:
        return said
    last = max(said.agreed)
    later = {year: said.agreed[last] for year in years if year > last}
    return said.model_copy(update={"agreed": said.agreed | later})


def _chain(reader: _Reader, name: str, findings: list[Finding]) -> list[_Stated]:
    """Read a scenario, its base, the base of that, and so on."""
    names, chain = reader.names, list[_Stated]()
    in_folder = not reader.path.is_file()
    asked = Finding("BCF701", SCENARIOS if in_folder else reader.path.name)
    asked = asked if in_folder else replace(asked, sheet=SCENARIOS)
    wanted = name
    while wanted or not chain:
        if wanted not in names:
            expected = one_of(names, wanted) if names else "a scenario of the pool: it has none"
            findings.append(replace(asked, value=repr(wanted), expected=expected))
            return chain
        if wanted in [stated.raw.name for stated in chain]:
            way = [*(stated.raw.name for stated in chain), wanted]
            findings.append(replace(asked, code="BCF702", value=" on ".join(way)))
            return chain
        stated, more = reader.stated(wanted)
        findings += more
        if stated is None:
            return chain
        chain.append(stated)
        asked = Finding("BCF701", stated.raw.settings_file, column="base")
        wanted = stated.settings.base
    return chain


def _read_stated(raw: RawPool, inputs: Inputs, findings: list[Finding]) -> _Stated | None:
    """Read what one scenario's own files say; None where its settings are not sound."""
    findings.extend(raw.findings)
    said = validated(ScenarioSettings, raw, findings)
    drafts = _drafts(raw, SCENARIO_TABLES, inputs.settings.unit, findings, inputs)
    if expected := _name_wanted(raw.name, inputs.name):
        value = repr(raw.name)
        findings.append(Finding("BCF210", raw.settings_file, value=value, expected=expected))
    findings[:] = raw.addressed(findings)
    return None if said is None else _Stated(raw, said, drafts)


def _name_wanted(name: str, pool: str) -> str:
    """Return what a scenario is to be called instead; blank where its name will do."""
    if name == pool:
        return "another name: that is the pool's"
    if CODE.fullmatch(name) and len(name) <= LONGEST_CODE:
        return ""
    return (
        "a letter or digit, and then only letters, digits, spaces and . - _ &, "
        f"at most {LONGEST_CODE} in all"
    )


def _in_force(chain: Sequence[_Stated]) -> tuple[ScenarioSettings, dict[str, str]]:
    """Return the settings in force, and who set each: the scenario nearest to its own that does."""
    own = chain[0]
    values: dict[str, Any] = {}
    set_here = [
        name for name in ScenarioSettings.model_fields if name in own.settings.model_fields_set
    ]
    set_by = dict.fromkeys(set_here, own.raw.name)
    for stated in reversed(chain):
        for name in INHERITED:
            if name in stated.settings.model_fields_set:
                values[name], set_by[name] = getattr(stated.settings, name), stated.raw.name
    return own.settings.model_copy(update=values), set_by


@cache
def _no_rows(table: InputTable) -> pd.DataFrame:
    """Return the frame of a table that is not there; nobody writes into a frame of a plan."""
    return table.model.without_rows().assign(**{name: [] for name in WHERE}).astype(WHERE)


def _files(raw: RawPool, drafts: Mapping[str, Draft]) -> tuple[SourceFile, ...]:
    rows = {draft.file: len(draft.numbers) for draft in drafts.values()}
    return tuple(
        SourceFile(name, raw.hashes[name], rows.get(name, 0), raw.data[name]) for name in raw.hashes
    )
