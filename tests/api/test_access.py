"""Every route in every role, against a table written by hand: what it lacks does not exist or is refused.

Refused is 401 for anybody and 403 `role-missing` in a role; whatever else an allowed call meets (an empty body, an
unknown id) comes after.
"""

from typing import Final

from common.actor import Role
from support.platform import Platform

PUBLIC: Final = frozenset({"anybody", *Role})
MEMBERS: Final = frozenset(Role)
APPLICANT: Final = frozenset({"applicant"})
OFFICER: Final = frozenset({"recognition_officer"})
EXPERT: Final = frozenset({"expert"})
OFFICE: Final = frozenset({"office"})
ADMINISTRATOR: Final = frozenset({"administrator"})
CASEWORK: Final = OFFICER | OFFICE
WATCHED: Final = OFFICER | {"observer"}
GOVERNED: Final = WATCHED | OFFICE
REVIEWED: Final = GOVERNED | {"department", "partner"}
APPLIED: Final = REVIEWED | {"applicant", "recommender"}
REGISTERED: Final = APPLICANT | OFFICER | OFFICE | ADMINISTRATOR

TABLE: Final[dict[str, frozenset[str]]] = {
    "GET /v1/me": MEMBERS,
    # applications
    "POST /v1/agencies": ADMINISTRATOR,
    "GET /v1/agencies": PUBLIC,
    "GET /v1/agencies/{code}": PUBLIC,
    "POST /v1/programmes": ADMINISTRATOR,
    "GET /v1/programmes": PUBLIC,
    "GET /v1/programmes/{programme_id}": PUBLIC,
    "POST /v1/rounds": OFFICE,
    "POST /v1/rounds/{round_id}/closings": OFFICE,
    "GET /v1/rounds": PUBLIC,
    "GET /v1/rounds/{round_id}": PUBLIC,
    "POST /v1/applicants": APPLICANT,
    "PUT /v1/applicants/{uscc}/contact": APPLICANT,
    "GET /v1/applicants": REGISTERED,
    "GET /v1/applicants/{uscc}": REGISTERED,
    "POST /v1/applications": APPLICANT,
    "PUT /v1/applications/{application_id}": APPLICANT,
    "POST /v1/applications/{application_id}/attachments": APPLICANT,
    "GET /v1/applications/{application_id}/attachments/{digest}": APPLIED,
    "POST /v1/applications/{application_id}/submissions": APPLICANT,
    "POST /v1/applications/{application_id}/supplement-requests": OFFICER,
    "POST /v1/applications/{application_id}/supplements": APPLICANT,
    "POST /v1/applications/{application_id}/acceptances": OFFICER,
    "POST /v1/applications/{application_id}/rejections": OFFICER,
    "POST /v1/applications/{application_id}/withdrawals": APPLICANT,
    "GET /v1/applications": APPLIED,
    "GET /v1/applications/{application_id}": APPLIED,
    "POST /v1/applications/{application_id}/recommendations": frozenset({"recommender"}),
    "POST /v1/applications/{application_id}/returns": OFFICER | {"recommender"},
    "GET /v1/recommendations": APPLIED,
    # review
    "POST /v1/experts": OFFICER,
    "GET /v1/experts": WATCHED,
    "GET /v1/experts/{expert_id}": WATCHED,
    "GET /v1/reviews": REVIEWED,
    "GET /v1/reviews/{review_id}": REVIEWED,
    "POST /v1/draws": OFFICER,
    "GET /v1/draws": WATCHED,
    "GET /v1/draws/{draw_id}": WATCHED,
    "GET /v1/sheets": EXPERT,
    "GET /v1/sheets/{sheet_id}": EXPERT,
    "PUT /v1/sheets/{sheet_id}": EXPERT,
    "POST /v1/sheets/{sheet_id}/submissions": EXPERT,
    "POST /v1/rankings": OFFICER,
    "GET /v1/rankings": GOVERNED,
    "GET /v1/rankings/{ranking_id}": GOVERNED,
    "POST /v1/notices": OFFICER,
    "GET /v1/notices": PUBLIC,
    "GET /v1/notices/{notice_id}": PUBLIC,
    "POST /v1/objections": MEMBERS,
    "POST /v1/objections/{objection_id}/answers": OFFICER,
    "GET /v1/objections": MEMBERS,
    "GET /v1/objections/{objection_id}": MEMBERS,
    "POST /v1/deliberations": OFFICER,
    "POST /v1/deliberations/{deliberation_id}/holds": OFFICE,
    "POST /v1/deliberations/{deliberation_id}/confirmations": OFFICE,
    "POST /v1/deliberations/{deliberation_id}/returns": OFFICE,
    "POST /v1/deliberations/{deliberation_id}/refusals": OFFICE,
    "GET /v1/deliberations": GOVERNED,
    "GET /v1/deliberations/{deliberation_id}": GOVERNED,
    "POST /v1/announcements": OFFICE,
    "GET /v1/announcements": PUBLIC,
    "GET /v1/announcements/{announcement_id}": PUBLIC,
    # registry
    "GET /v1/brands": PUBLIC,
    "GET /v1/brands/{number}": PUBLIC,
    "GET /v1/brands/{number}/history": PUBLIC,
    "GET /v1/brands/{number}/verification": PUBLIC,
    "POST /v1/brands/{number}/warnings": CASEWORK,
    "POST /v1/brands/{number}/suspensions": CASEWORK,
    "POST /v1/brands/{number}/reinstatements": CASEWORK,
    "POST /v1/brands/{number}/revocations": CASEWORK,
    "POST /v1/brands/{number}/cancellations": CASEWORK,
    "POST /v1/acts/{act_id}/approvals": OFFICE,
    "POST /v1/acts/{act_id}/refusals": OFFICE,
    "GET /v1/acts": GOVERNED | {"department"},
    "GET /v1/acts/{act_id}": GOVERNED | {"department"},
    "GET /v1/holders/{uscc}": PUBLIC,
    # notifications
    "POST /v1/contacts": MEMBERS,
    "GET /v1/contacts/{org}": MEMBERS,
    "GET /v1/messages": MEMBERS,
    "GET /v1/messages/{message_id}": MEMBERS,
    "POST /v1/messages/{message_id}/redeliveries": ADMINISTRATOR,
    "GET /v1/events": PUBLIC,
}


async def test_the_table_and_the_openapi_document_have_the_same_routes(platform: Platform) -> None:
    assert sorted(f"{method} {path}" for method, path in await platform.operations()) == sorted(TABLE)


async def test_every_route_admits_the_roles_of_the_table_and_no_other(platform: Platform) -> None:
    before = await platform.row_counts()
    wrong = [
        f"{route} as {who}: {verdict}, but {'allowed' if who in allowed else 'refused'} by the table"
        for route, allowed in TABLE.items()
        for who in ["anybody", *Role]
        if (verdict := await answered(platform, route, who)) != due(who, allowed)
    ]
    assert wrong == []
    assert await platform.row_counts() == before


def due(who: str, allowed: frozenset[str]) -> str:
    """Return the verdict that the table asks for."""
    if who in allowed:
        return "allowed"
    return "401 unauthenticated" if who == "anybody" else "403 role-missing"


async def answered(platform: Platform, route: str, who: str) -> str:
    """Call a route with an empty body and an unknown id; returns `allowed` or how it was refused."""
    method, path = route.split()
    target = "/".join("unknown-1" if part.startswith("{") else part for part in path.split("/"))
    headers = await platform.headers(None if who == "anybody" else who, method)
    answer = await platform.client.request(method, target, headers=headers, json={} if method != "GET" else None)
    refused = answer.status_code in {401, 403} or answer.is_server_error
    return f"{answer.status_code} {answer.json()['code']}" if refused else "allowed"
