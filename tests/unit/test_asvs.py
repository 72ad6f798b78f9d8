"""docs/asvs.csv names every requirement once, and only tests that exist."""

from tools import asvs


def test_every_requirement_is_met_by_tests_that_exist_or_says_why_not() -> None:
    assert list(asvs.wrong(asvs.read())) == []


def test_a_test_that_does_not_exist_is_found() -> None:
    said = [
        asvs.Requirement("V1.1.1", asvs.MET, "tests/unit/test_asvs.py::test_nothing"),
        asvs.Requirement("V1.1.1", "perhaps", "x"),
    ]
    found = list(asvs.wrong(said))
    assert "V1.1.1 names tests/unit/test_asvs.py::test_nothing, which is no test" in found
    assert {
        "V1.1.1 stands 2 times",
        "V1.1.1 says neither by what it is met nor why not",
        "V2 has 0 of 11 requirements",
    } <= set(found)


def test_the_page_counts_every_requirement() -> None:
    page = asvs.page(asvs.read())
    assert [each.id for each in asvs.read() if f"| {each.id.removeprefix('V')} |" not in page] == []
