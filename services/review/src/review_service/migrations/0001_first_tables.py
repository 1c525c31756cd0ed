"""First tables."""

import sqlalchemy as sa
from alembic import op

import common.storage.columns
from common.storage.migrations import steps

revision = "0001"
down_revision = None
FLOOR = "0001"


def upgrade() -> None:
    """Bring the tables forward."""
    steps.records_0001()
    _tables_to_notices()
    _tables_from_objections()


def _tables_to_notices() -> None:
    op.create_table(
        "admitted_codes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admitted_codes")),
    )
    op.create_table(
        "announcements",
        sa.Column("deliberation_id", sa.String(), nullable=False),
        sa.Column("list_digest", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("honour", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("document_number", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("published_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.Column("recognised_by", common.storage.columns.JsonText(), nullable=False),
        sa.Column("confirmed_by", common.storage.columns.JsonText(), nullable=False),
        sa.Column("items", common.storage.columns.JsonText(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("document_number_key", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.UniqueConstraint("deliberation_id", name=op.f("uq_announcements_deliberation_id")),
        sa.UniqueConstraint("document_number_key", name=op.f("uq_announcements_document_number_key")),
    )
    op.create_table(
        "calendars",
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("special_days", common.storage.columns.JsonText(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
    )
    op.create_table(
        "deliberations",
        sa.Column("ranking_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("honour", sa.String(), nullable=False),
        sa.Column("recognition_body", sa.String(), nullable=False),
        sa.Column("votes", common.storage.columns.JsonText(), nullable=False),
        sa.Column("items", common.storage.columns.JsonText(), nullable=False),
        sa.Column("minutes", sa.String(), nullable=False),
        sa.Column("recorded_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=False),
        sa.Column("votes_against", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("attachments", common.storage.columns.JsonText(), nullable=False),
        sa.Column("concluded_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("concluded_by", sa.String(), nullable=True),
        sa.Column("waits_for", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("list_digest", sa.String(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliberations")),
    )
    with op.batch_alter_table("deliberations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliberations_ranking_id"), ["ranking_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliberations_waits_for"), ["waits_for"], unique=False)

    op.create_table(
        "desk_reminders",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about_id", sa.String(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("recipients", common.storage.columns.JsonText(), nullable=False),
        sa.Column("sent_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_reminders")),
    )
    with op.batch_alter_table("desk_reminders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_reminders_about_id"), ["about_id"], unique=False)

    op.create_table(
        "draws",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("panel_size", sa.Integer(), nullable=False),
        sa.Column("drawn_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("drawn_by", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("panels", common.storage.columns.JsonText(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
    )
    with op.batch_alter_table("draws", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draws_round_id"), ["round_id"], unique=False)

    op.create_table(
        "experts",
        sa.Column("sub", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("division", sa.String(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("roles", common.storage.columns.JsonText(), nullable=False),
        sa.Column("specialities", common.storage.columns.JsonText(), nullable=False),
        sa.Column("organisations", common.storage.columns.JsonText(), nullable=False),
        sa.Column("conflicts", common.storage.columns.JsonText(), nullable=False),
        sa.Column("absences", common.storage.columns.JsonText(), nullable=False),
        sa.Column("yearly_load", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("sub_key", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts")),
        sa.UniqueConstraint("sub_key", name=op.f("uq_experts_sub_key")),
    )
    op.create_table(
        "holdings",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("honour", sa.String(), nullable=False),
        sa.Column("applicant_id", sa.String(), nullable=False),
        sa.Column("uscc", sa.String(), nullable=True),
        sa.Column("holder_name", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("trademark", sa.String(), nullable=True),
        sa.Column("models", common.storage.columns.JsonText(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=True),
        sa.Column("barred_until", sa.Date(), nullable=True),
        sa.Column("trademark_key", sa.String(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holdings")),
    )
    with op.batch_alter_table("holdings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holdings_applicant_id"), ["applicant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_holdings_trademark_key"), ["trademark_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_holdings_uscc"), ["uscc"], unique=False)

    op.create_table(
        "mergers",
        sa.Column("uscc", sa.String(), nullable=True),
        sa.Column("into_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mergers")),
    )
    with op.batch_alter_table("mergers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mergers_into_id"), ["into_id"], unique=False)

    op.create_table(
        "notices",
        sa.Column("ranking_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("honour", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("counting", common.storage.columns.JsonText(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("published_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("supplementary", sa.Boolean(), nullable=False),
        sa.Column("text", common.storage.columns.JsonText(), nullable=False),
        sa.Column("objecting", common.storage.columns.JsonText(), nullable=False),
        sa.Column("items", common.storage.columns.JsonText(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_ranking_id"), ["ranking_id"], unique=False)


def _tables_from_objections() -> None:
    op.create_table(
        "objections",
        sa.Column("notice_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("review_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("applicant_id", sa.String(), nullable=False),
        sa.Column("applicant", sa.String(), nullable=False),
        sa.Column("division", sa.String(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("objector", common.storage.columns.JsonText(), nullable=False),
        sa.Column("filed_by", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("drafted_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("evidence", common.storage.columns.JsonText(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("waits_for", sa.String(), nullable=True),
        sa.Column("clock", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("counting", common.storage.columns.JsonText(), nullable=True),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("overdue_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("filed_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("investigation_due_on", sa.Date(), nullable=True),
        sa.Column("investigation_left", sa.Integer(), nullable=True),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("hearing_due_on", sa.Date(), nullable=True),
        sa.Column("statement", sa.String(), nullable=True),
        sa.Column("stated_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
    )
    with op.batch_alter_table("objections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objections_applicant"), ["applicant"], unique=False)
        batch_op.create_index(batch_op.f("ix_objections_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objections_review_id"), ["review_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objections_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objections_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_objections_remind_on"), ["remind_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_objections_waits_for"), ["waits_for"], unique=False)

    op.create_table(
        "rankings",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("honour", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("proposed_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("recognition_body", sa.String(), nullable=False),
        sa.Column("items", common.storage.columns.JsonText(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("list_version", sa.Integer(), nullable=False),
        sa.Column("changes", common.storage.columns.JsonText(), nullable=False),
        sa.Column("announced_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rankings")),
        sa.UniqueConstraint("round_id", name=op.f("uq_rankings_round_id")),
    )
    op.create_table(
        "redraws",
        sa.Column("review_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("draw_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("waits_for", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("refused_because", sa.String(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redraws")),
    )
    with op.batch_alter_table("redraws", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_redraws_review_id"), ["review_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_redraws_waits_for"), ["waits_for"], unique=False)

    op.create_table(
        "recusals",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("applicant", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("declared_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("declared_by", sa.String(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusals")),
    )
    with op.batch_alter_table("recusals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusals_person"), ["person"], unique=False)

    op.create_table(
        "reviews",
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("honour", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("programme_digest", sa.String(), nullable=False),
        sa.Column("applicant_id", sa.String(), nullable=False),
        sa.Column("applicant", sa.String(), nullable=False),
        sa.Column("applicant_name", sa.String(), nullable=False),
        sa.Column("division", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("snapshot", common.storage.columns.JsonText(), nullable=False),
        sa.Column("recommenders", common.storage.columns.JsonText(), nullable=False),
        sa.Column("opened_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("draw_id", sa.String(), nullable=True),
        sa.Column("sheets_due_on", sa.Date(), nullable=True),
        sa.Column("vacancies", common.storage.columns.JsonText(), nullable=False),
        sa.Column("vacant_seats", sa.Integer(), nullable=False),
        sa.Column("score", common.storage.columns.ExactDecimal(), nullable=True),
        sa.Column("arithmetic", common.storage.columns.JsonText(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("reasons", common.storage.columns.JsonText(), nullable=False),
        sa.Column("on_reserve", sa.Boolean(), nullable=False),
        sa.Column("shown_until", sa.Date(), nullable=True),
        sa.Column("hold", common.storage.columns.JsonText(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("application_id", name=op.f("uq_reviews_application_id")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviews_round_id"), ["round_id"], unique=False)

    op.create_table(
        "rounds",
        sa.Column("honour", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("programme_digest", sa.String(), nullable=False),
        sa.Column("accepted_count", sa.Integer(), nullable=True),
        sa.Column("accepted_digest", sa.String(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_table(
        "rules",
        sa.Column("honour", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("definition", common.storage.columns.JsonText(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
    )
    op.create_table(
        "sheets",
        sa.Column("review_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("draw_id", sa.String(), nullable=False),
        sa.Column("expert_id", sa.String(), nullable=False),
        sa.Column("expert_sub", sa.String(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("laid_out_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("scores", common.storage.columns.JsonText(), nullable=False),
        sa.Column("remarks", common.storage.columns.JsonText(), nullable=False),
        sa.Column("waits_for", sa.String(), nullable=True),
        sa.Column("clock", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("counting", common.storage.columns.JsonText(), nullable=True),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("overdue_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("submitted_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("ground", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheets")),
        sa.UniqueConstraint("draw_id", "review_id", "expert_id", name=op.f("uq_sheets_draw_id_review_id_expert_id")),
    )
    with op.batch_alter_table("sheets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheets_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheets_expert_sub"), ["expert_sub"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheets_review_id"), ["review_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheets_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheets_remind_on"), ["remind_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheets_waits_for"), ["waits_for"], unique=False)

    op.create_table(
        "statements",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("expert_sub", sa.String(), nullable=False),
        sa.Column("programme_digest", sa.String(), nullable=False),
        sa.Column("signed_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("round_id", "expert_sub", name=op.f("uq_statements_round_id_expert_sub")),
    )
    with op.batch_alter_table("statements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statements_expert_sub"), ["expert_sub"], unique=False)
