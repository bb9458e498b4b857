import pytest

from bcf_model.extracts.names import likeliest, likeness, words_of

SCHEMES = {
    str(number): name
    for number, name in enumerate(
        (
            "Residential care for older people", "Nursing care for older people", "Home care",
            "Reablement at home", "Intermediate care beds", "Discharge to assess",
            "Community equipment store", "Disabled facilities grant", "Carers support and respite",
            "Continuing healthcare", "Funded nursing care", "Falls prevention",
            "Community nursing", "Mental health crisis cafe",
            "Learning disabilities supported living", "Voluntary sector grants",
            "Hospital social work team", "Telecare and assistive technology",
            "End of life care at home", "Occupational therapy", "Dementia day services",
        ),
        start=1,
    )
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("OP Resi Care - Indep Sector", "Residential care for older people"),
        ("Nursing Care OP", "Nursing care for older people"),
        ("REABLEMENT", "Reablement at home"),
        ("IC Beds", "Intermediate care beds"),
        ("D2A", "Discharge to assess"),
        ("Comm Equip", "Community equipment store"),
        ("DFG Capital", "Disabled facilities grant"),
        ("FNC", "Funded nursing care"),
        ("MH Crisis Cafe", "Mental health crisis cafe"),
        ("LD Supported Living", "Learning disabilities supported living"),
        ("Hosp Social Work", "Hospital social work team"),
        ("OT", "Occupational therapy"),
    ],
)
def test_a_name_is_likeliest_the_schemes_that_has_its_words(name, scheme):
    assert SCHEMES[likeliest(name, SCHEMES)[0]] == scheme


@pytest.mark.parametrize(
    "name",
    ["Care Home Fees", "Training", "Corporate Recharges", "Community Grants", "Nursing", "Carers",
     "Social Work Training", "", "the service", "Day Care Transport"],
)  # fmt: skip
def test_nothing_is_proposed_of_what_may_be_several_or_none(name):
    assert likeliest(name, SCHEMES)[0] == ""


def test_two_schemes_of_one_name_are_never_told_apart():
    assert likeliest("Home care", {"a": "Home care", "b": "Home care"}) == ("", 100)


def test_likeness_goes_both_ways_and_is_whole_for_the_same_words():
    for name in SCHEMES.values():
        assert likeness(name, name) == 100
        assert likeness(name, "Reablement") == likeness("Reablement", name)


def test_a_care_home_is_no_home_care():
    assert words_of("Care homes") == ("carehome",)
