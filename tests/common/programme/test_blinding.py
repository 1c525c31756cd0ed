"""What the experts of a case see of it, by the programme's blind level."""

from common.programme import Programme
from support.casts.programmes import definition, handed_in

FIRM = "91370102FAKE00013R"
CASE = handed_in(
    "FAMOUS_PRODUCT",
    application_id="app_1",
    round_id="rnd_1",
    digest="sha256:0",
    item="虚泉牌数控车床",
    org=FIRM,
)
CASE["attachments"] = [
    {"kind": "business_licence", "name": f"{FIRM}.pdf", "digest": "sha256:1"},
    {"kind": "inspection_report", "name": f"{FIRM}检验.pdf", "digest": "sha256:2"},
]


def rules(**blind: object) -> Programme:
    changed = definition("FAMOUS_PRODUCT")
    changed["materials"]["kinds"][0]["kind"] = "business_licence"
    changed["review"]["blind"] = {"source": "default: ours"} | blind
    return Programme.from_definition(changed)


def test_a_single_blind_review_shows_the_whole_submission() -> None:
    assert rules(level="single").blinded(CASE) == CASE


def test_a_double_blind_review_shows_nothing_that_names_the_applicant() -> None:
    double = rules(
        level="double",
        withheld_answers=["/trademark/registration_number", "/quality_summary"],
        withheld_materials=["business_licence"],
    )

    seen = double.blinded(CASE | {"owner": FIRM})

    assert "applicant" not in seen
    assert FIRM not in str(seen)
    assert seen["attachments"] == [{"kind": "inspection_report", "name": "inspection_report", "digest": "sha256:2"}]
    assert "registration_number" not in seen["answers"]["trademark"]
    assert "quality_summary" not in seen["answers"]
    assert seen["answers"]["product_name"] == CASE["answers"]["product_name"]
    assert "registration_number" in CASE["answers"]["trademark"], "the snapshot itself never changes"
