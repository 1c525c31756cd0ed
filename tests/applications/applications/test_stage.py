from support.casts.applying import new_application


def test_events_of_other_services_never_move_the_stage_back() -> None:
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
