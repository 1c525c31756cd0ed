from support.applying import new_application


def test_what_others_tell_never_takes_the_stage_back() -> None:
    application = new_application("accepted")

    for stage in ("under_review", "on_notice", "shortlisted"):
        application.advance(stage=stage)
    application.advance(stage="registered", brand_number="SDMP-2015-00001-B")
    application.advance(stage="recognised", outcome="recognised")

    assert (application.stage, application.outcome) == ("registered", "recognised")
    assert application.brand_number == "SDMP-2015-00001-B"
    application.advance(stage="brand_warned")
    application.advance(stage="brand_active")
    assert application.stage == "brand_active"


def test_an_application_that_has_ended_keeps_its_own_stage() -> None:
    application = new_application("withdrawn")

    application.advance(stage="recognised", outcome="recognised")

    assert (application.stage, application.outcome, application.recorded) == ("withdrawn", None, [])
