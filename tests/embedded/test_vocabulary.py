"""The vocabulary is complete: whatever the four services show has its word, and no word is left of what is gone."""

import copy
import re
from collections.abc import Iterator
from typing import Any

from common.codes.vocabulary.words import ACTIONS, ADVICE, NOUNS, OPERATIONS, ROLES, STATES, VALUES
from common.kernel.actor import Role
from common.kernel.errors import NotFound
from common.kernel.lifecycle import Lifecycle, states_of
from common.service import EVERYWHERE
from common.web.answers.problems import status_of
from common.web.documents.naming import missing_words
from common.web.documents.openapi import operations
from common.web.refusals import WebRefusal
from embedded.docs.refusals import our_refusals
from embedded.docs.sources import modules
from embedded.origin.documents import combined
from embedded.origin.parts import SERVICES


def lifecycles() -> Iterator[tuple[str, Lifecycle]]:
    """Yield each noun that has states, with its table."""
    for service in SERVICES:
        for module in modules(service.package):
            table = getattr(module, "LIFECYCLE", None)
            if module.__name__.endswith(".lifecycle") and isinstance(table, Lifecycle):
                yield module.__name__.split(".")[-2], table


def test_every_field_parameter_value_operation_and_tag_has_its_word(documents: dict[str, dict[str, Any]]) -> None:
    missing = {name: missing_words(document, operations(document)) for name, document in documents.items()}
    assert missing == {name: [] for name in documents}, "add the words to common/codes/vocabulary/"


def test_what_is_planted_without_a_word_is_missed(documents: dict[str, dict[str, Any]]) -> None:
    planted = copy.deepcopy(documents["registry"])
    planted["components"]["schemas"]["BrandView"]["properties"]["colour"] = {"anyOf": [{"enum": ["red"]}, {}]}
    planted["components"]["schemas"]["BrandState"]["enum"].append("painted")
    painting = {"tags": ["paintings"], "parameters": [{"in": "query", "name": "shade"}], "responses": {}}
    planted["paths"]["/v1/paintings"] = {"post": painting}
    assert missing_words(planted, operations(planted)) == [
        "fields: BrandView.colour",
        "fields: parameter.shade",
        "nouns: paintings",
        "operations: POST /v1/paintings",
        *(f"values: BrandState.{state}" for state in sorted([*STATES.section("brands"), "painted"])),
        "values: colour.red",
    ]


def test_every_state_and_action_of_every_lifecycle_has_its_word_and_no_other_has() -> None:
    tables = dict(lifecycles())
    assert len(tables) == len(list(lifecycles())) > 10
    beyond = {"brands": {"superseded"}}  # of the contract; the table has no move to it yet
    assert {noun: set(STATES.section(noun)) for noun in STATES.sections()} == {
        noun: {str(state) for state in states_of(table)} | beyond.get(noun, set()) for noun, table in tables.items()
    }
    assert {noun: set(ACTIONS.section(noun)) for noun in ACTIONS.sections()} == {
        noun: {move.action for move in table.moves} for noun, table in tables.items()
    }


def test_every_role_service_and_noun_has_its_word() -> None:
    assert set(ROLES.flat()) >= set(Role)
    assert list(NOUNS.section("services")) == [service.name for service in SERVICES]
    own = {noun for service in SERVICES for noun in service.nouns}
    assert set(NOUNS.section("nouns")) == own | {router.noun for router in EVERYWHERE}


def test_every_operation_has_its_chinese_summary_and_none_is_left_of_what_is_gone(
    documents: dict[str, dict[str, Any]],
) -> None:
    there = {f"{method.upper()} {path}" for each in documents.values() for method, path, _ in operations(each)}
    assert there - OPERATIONS.flat().keys() == set(), "add the Chinese summaries to vocabulary/operations.yaml"
    assert OPERATIONS.flat().keys() - there == set(), "take these out of vocabulary/operations.yaml"


def test_every_stage_that_a_brand_can_give_an_application_has_its_word() -> None:
    of_brand = {f"brand_{state}" for state in STATES.section("brands")}
    assert of_brand <= set(VALUES.section("lapsed_because"))
    assert of_brand - {"brand_superseded"} <= set(VALUES.section("stage"))
    of_its_own = set(STATES.section("applications")) - {"withdrawal_requested"}  # the stage goes on meanwhile
    assert of_its_own <= set(VALUES.section("stage"))


def test_every_refusal_by_a_rule_of_the_domain_has_advice_of_its_own() -> None:
    refusals = {kind.code: kind for kind in our_refusals()}
    by_rule = {code for code, kind in refusals.items() if not issubclass(kind, WebRefusal | NotFound)}
    assert by_rule - ADVICE.section("codes").keys() == set(), "say in vocabulary/advice.yaml what the reader can do"
    assert ADVICE.section("codes").keys() - refusals.keys() == set()
    assert {str(status_of(kind)) for kind in refusals.values()} <= ADVICE.section("status").keys()


def test_no_chinese_text_of_a_refusal_has_half_width_punctuation_or_a_doubled_stop() -> None:
    odd = re.compile(r"[\u4e00-\u9fff}][,:;!?]|[\u4e00-\u9fff]\.|。。")
    assert [kind.code for kind in our_refusals() if odd.search(kind.zh)] == []
    assert odd.search("只能向前调整,当前")


def test_tags_stand_in_the_order_of_the_work_in_both_languages(documents: dict[str, dict[str, Any]]) -> None:
    tags = combined(documents)["tags"]
    assert [tag["name"] for tag in tags] == list(NOUNS.section("nouns"))
    assert tags[2]["x-displayName"] == "荣誉方案 programmes"
    assert all(tag["description"] for tag in tags)


def test_every_operation_has_a_summary_in_both_languages_and_moves_name_their_action(
    documents: dict[str, dict[str, Any]],
) -> None:
    whole = combined(documents)
    assert [path for _, path, one in operations(whole) if one.get("x-summary", {}).keys() != {"zh", "en"}] == []
    closing = whole["paths"]["/v1/rounds/{round_id}/closings"]["post"]
    assert closing["summary"].startswith("截止申报；此后不能再提交。Close")
    assert closing["x-action"] == "close"
    assert whole["paths"]["/v1/objections/{objection_id}/answers"]["post"]["x-action"] == ["uphold", "reject"]
    named = {name for _, _, one in operations(whole) for name in listed(one.get("x-action"))}
    declared = {name for service in SERVICES for each in service.routers for row in each.access for name in row.actions}
    assert named == declared


def test_the_document_begins_with_the_guide(documents: dict[str, dict[str, Any]]) -> None:
    for document in [*documents.values(), combined(documents)]:
        heads = [line for line in document["info"]["description"].splitlines() if line.startswith("## ")]
        assert [head.split(" ", 2)[1] for head in heads] == [
            "登录",
            "第一次调用",
            "取值",
            "错误",
            "分页",
            "重发与并发",
            "限流",
            "事件",
        ]


def test_states_of_nouns_that_share_a_stage_are_kept_apart(documents: dict[str, dict[str, Any]]) -> None:
    schemas = combined(documents)["components"]["schemas"]
    for noun, schema in (
        ("deliberations", "DeliberationsState"),
        ("objections", "ObjectionsState"),
        ("rankings", "RankingsState"),
        ("acts", "ActsState"),
        ("messages", "MessagesState"),
    ):
        assert set(schemas[schema]["enum"]) == set(STATES.section(noun))
        assert schemas[schema]["x-enum-names"] == {
            code: term.as_json() for code, term in STATES.section(noun).items() if code in schemas[schema]["enum"]
        }
    titles = {name: schema["title"] for name, schema in schemas.items() if "title" in schema}
    assert titles == {name: name for name in titles}


def listed(action: object) -> list[str]:
    """Return the moves that an operation names."""
    return list(map(str, action)) if isinstance(action, list) else [str(action)] if action else []
