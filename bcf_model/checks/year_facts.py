"""The facts of the year: causes, reserves and what releases them, payment by activity."""

from collections import defaultdict
from collections.abc import Iterator

from bcf_model.checks.code_index import astray, declared_codes
from bcf_model.checks.lines import line_amounts, payments_worked
from bcf_model.core.findings import Finding
from bcf_model.core.money import LARGEST_PENCE, MILLIONTHS, sterling
from bcf_model.core.words import NOT_STATED
from bcf_model.intake.drafts import Drafts

OF_LINES = ("causes", "payments", "activity")


def facts_of_the_pool(drafts: Drafts) -> Iterator[Finding]:
    """What is said of a line is said of one in the pool (BCF432)."""
    lines = drafts.table("schemes").rows("scheme_id", "pooling")
    pooling = {code: word for _, code, word in lines}
    for draft in map(drafts.table, OF_LINES):
        for i, code in draft.rows("scheme_id"):
            if pooling.get(code, "pooled") != "pooled":
                value = f"{code!r}, which is {pooling[code]}"
                yield draft.at(i).finding("BCF432", "scheme_id", value)


def causes_attributed(drafts: Drafts) -> Iterator[Finding]:
    """A cause stands once for a line (BCF431), and not for a category not stated (BCF406)."""
    draft = drafts.table("causes")
    first: dict[tuple[str, str], int] = {}
    for i, code, cause in draft.rows("scheme_id", "cause"):
        earlier = first.setdefault((code, cause), i)
        if earlier != i:
            rows = f"row {draft.numbers[earlier]} and row {draft.numbers[i]}"
            value = f"{cause!r} of {code} in {rows}"
            yield draft.at(i).finding("BCF431", "cause", value)
    lines = drafts.table("schemes").rows("scheme_id", "category")
    category = {code: word for _, code, word in lines}
    for i, code, amount in draft.rows("scheme_id", "amount"):
        if category.get(code) == NOT_STATED and amount:
            value = f"{sterling(amount)} of {code}"
            expected = "a category, or nothing attributed"
            yield draft.at(i).finding("BCF406", "scheme_id", value, expected)


def causes_within_variance(drafts: Drafts) -> Iterator[Finding]:
    """What is attributed of a line is part of its variance (BCF433)."""
    lines = line_amounts(drafts)
    if lines is None or "causes" not in drafts or "amount" in drafts["causes"].broken:
        return
    draft = drafts["causes"]
    lines = lines[lines["variance_step"] > 0]
    variance = dict(zip(lines["scheme_id"], lines["variance"].tolist(), strict=True))
    rows: dict[str, list[int]] = defaultdict(list)
    for i, code in draft.rows("scheme_id"):
        if code in variance:
            rows[code].append(i)
    for code, places in rows.items():
        amounts = [draft.cells["amount"][i] for i in places]
        whole, total = variance[code], sum(amounts)
        if abs(total) > abs(whole) or any(amount * whole < 0 for amount in amounts):
            parts = ", ".join(
                f"{sterling(draft.cells['amount'][i])} (row {draft.numbers[i]})" for i in places
            )
            value = f"{parts} of a variance of {sterling(whole)} on {code}"
            yield draft.at(places[-1]).finding("BCF433", "amount", value)


def reserves_sound(drafts: Drafts) -> Iterator[Finding]:
    """A reserve is not below nil (BCF434), and its release is said in full (BCF435)."""
    draft = drafts.table("reserves")
    for i, opening in draft.rows("opening"):
        if opening < 0:
            yield draft.at(i).finding("BCF434", "opening", sterling(opening))
    for i, measure, keeper in draft.rows("released_by", "unreleased_to"):
        if bool(measure) != bool(keeper):
            stated, missing = ("released_by", "unreleased_to")[:: 1 if measure else -1]
            value = f"{stated} {measure or keeper!r}, and no {missing}"
            yield draft.at(i).finding("BCF435", missing, value, f"{missing} too")


def plans_above_nil(drafts: Drafts) -> Iterator[Finding]:
    """What was planned is above nil (BCF436)."""
    draft = drafts.table("achievement")
    for i, planned in draft.rows("planned"):
        if planned <= 0:
            yield draft.at(i).finding("BCF436", "planned", f"{planned / MILLIONTHS:g}")


def payments_and_activity(drafts: Drafts) -> Iterator[Finding]:
    """A line paid for by activity has its terms and its activity (BCF441)."""
    pair = ("payments", "activity")
    if not drafts.keys() >= {*pair} or any("scheme_id" in drafts[t].broken for t in pair):
        return
    known = {*declared_codes(drafts).get("scheme_id", ())}
    for table, other in (pair, pair[::-1]):
        there = {*drafts[other].cells["scheme_id"]}
        for i, code in drafts[table].rows("scheme_id"):
            if code not in there and code in known:
                value, expected = f"{code!r} in {table} only", f"a row of {code} in {other}"
                yield drafts[table].at(i).finding("BCF441", "scheme_id", value, expected)


def activity_in_reach(drafts: Drafts) -> Iterator[Finding]:
    """Activity at full price is no more than an amount may be (BCF207)."""
    draft = drafts.table("activity")
    for i, planned, actual, price in draft.rows("planned", "actual", "price"):
        if max(planned, actual) * price > LARGEST_PENCE:
            value = f"{max(planned, actual):,} × {sterling(price)}"
            yield draft.at(i).finding("BCF207", "price", value)


def activity_reopens(drafts: Drafts) -> Iterator[Finding]:
    """Activity far from plan reopens the payment (BCF442)."""
    for row in payments_worked(drafts) or ():
        beyond = int(abs(row["difference"]) - row["point"])
        if beyond > 0:
            way = "above" if row["difference"] > 0 else "below"
            value = (
                f"{row['actual']:,} against a plan of {row['planned']:,}: "
                f"{sterling(abs(int(row['difference'])))} {way} plan at full price, "
                f"{sterling(beyond)} beyond the point at which the payment reopens"
            )
            expected = f"at most {sterling(int(row['point']))} {way} plan"
            yield drafts["activity"].at(row["i"]).finding("BCF442", "actual", value, expected)


def at_full_price(drafts: Drafts) -> Iterator[Finding]:
    """Expenditure is given before what is not paid is taken off (BCF447; docs/rules.md)."""
    if "schemes" not in drafts or "activity" not in drafts:
        return
    lines = drafts["schemes"]
    spent = {code: (i, amount) for i, code, amount in lines.rows("scheme_id", "expenditure")}
    for row in payments_worked(drafts) or ():
        i, amount = spent.get(row["scheme_id"], (0, LARGEST_PENCE))
        full = int(row["actual"]) * int(row["price"])
        if amount < full:
            value = f"{sterling(amount)} of {row['scheme_id']}"
            expected = (
                f"at least {row['actual']:,} × {sterling(int(row['price']))}, {sterling(full)}"
            )
            yield lines.at(i).finding("BCF447", "expenditure", value, expected)


def transfers_to_another(drafts: Drafts) -> Iterator[Finding]:
    """A line does not pay its own budget holder (BCF443)."""
    draft = drafts.table("schemes")
    lost = astray(draft, declared_codes(drafts), "organisation")
    for i, holder, receiver in draft.rows("organisation", "transfer_to"):
        if receiver == holder and i not in lost:
            yield draft.at(i).finding("BCF443", "transfer_to", repr(receiver))
