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
    op.create_table(
        "agencies",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("division", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("created_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("code_key", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("code_key", name=op.f("uq_agencies_code_key")),
    )
    with op.batch_alter_table("agencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agencies_division"), ["division"], unique=False)

    op.create_table(
        "applicants",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("uscc", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("division", sa.String(), nullable=False),
        sa.Column("contact", common.storage.columns.JsonText(), nullable=False),
        sa.Column("created_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("division_confirmation", common.storage.columns.JsonText(), nullable=True),
        sa.Column("uscc_exception", common.storage.columns.JsonText(), nullable=True),
        sa.Column("former_names", common.storage.columns.JsonText(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("merged_into_org", sa.String(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("org_key", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicants")),
        sa.UniqueConstraint("org_key", name=op.f("uq_applicants_org_key")),
    )
    with op.batch_alter_table("applicants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applicants_merged_into"), ["merged_into"], unique=False)

    op.create_table(
        "applications",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("honour", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("programme_digest", sa.String(), nullable=False),
        sa.Column("applicant_id", sa.String(), nullable=False),
        sa.Column("applicant", sa.String(), nullable=False),
        sa.Column("uscc", sa.String(), nullable=True),
        sa.Column("applicant_name", sa.String(), nullable=False),
        sa.Column("applicant_kind", sa.String(), nullable=False),
        sa.Column("division", sa.String(), nullable=False),
        sa.Column("answers", common.storage.columns.JsonText(), nullable=False),
        sa.Column("created_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("scope", sa.String(), nullable=True),
        sa.Column("priorities", common.storage.columns.JsonText(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attachments", common.storage.columns.JsonText(), nullable=False),
        sa.Column("recommenders", common.storage.columns.JsonText(), nullable=False),
        sa.Column("waits_for", sa.String(), nullable=True),
        sa.Column("readers", common.storage.columns.JsonText(), nullable=False),
        sa.Column("clock", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("counting", common.storage.columns.JsonText(), nullable=True),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("overdue_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("snapshot", common.storage.columns.JsonText(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("receipt_number", sa.String(), nullable=True),
        sa.Column("submitted_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("accepted_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("supplement_due_on", sa.Date(), nullable=True),
        sa.Column("supplements_left", sa.Integer(), nullable=True),
        sa.Column("supplement_extended", sa.Boolean(), nullable=False),
        sa.Column("escalated_from", sa.Text(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("moved_from", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("brand_number", sa.String(), nullable=True),
        sa.Column("formal_check", common.storage.columns.JsonText(), nullable=True),
        sa.Column("decisions", common.storage.columns.JsonText(), nullable=False),
        sa.Column("withdrawal", common.storage.columns.JsonText(), nullable=True),
        sa.Column("division_confirmation", common.storage.columns.JsonText(), nullable=True),
        sa.Column("uscc_exception", common.storage.columns.JsonText(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_applications_receipt_number")),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applications_applicant"), ["applicant"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_applicant_id"), ["applicant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_division"), ["division"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_remind_on"), ["remind_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_scope"), ["scope"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_waits_for"), ["waits_for"], unique=False)

    op.create_table(
        "calendars",
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("special_days", common.storage.columns.JsonText(), nullable=False),
        sa.Column("document_number", sa.String(), nullable=True),
        sa.Column("published_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
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
        "programmes",
        sa.Column("honour", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("definition", common.storage.columns.JsonText(), nullable=False),
        sa.Column("proposed_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("first_numbered_by", sa.String(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("published_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("digest", name=op.f("uq_programmes_digest")),
        sa.UniqueConstraint("first_numbered_by", name=op.f("uq_programmes_first_numbered_by")),
        sa.UniqueConstraint("honour", "edition", name=op.f("uq_programmes_honour_edition")),
    )
    op.create_table(
        "recommendations",
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("chain_stage", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
    )
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recommendations_application_id"), ["application_id"], unique=False)
        batch_op.create_index("ix_recommendations_of_agency", ["round_id", "agency"], unique=False)

    op.create_table(
        "reminders",
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("recipients", common.storage.columns.JsonText(), nullable=False),
        sa.Column("sent_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
    )
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminders_application_id"), ["application_id"], unique=False)

    op.create_table(
        "recusals",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("applicant", sa.String(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusals")),
    )
    with op.batch_alter_table("recusals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusals_person"), ["person"], unique=False)

    op.create_table(
        "rounds",
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("honour", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("programme_digest", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("opens_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("closes_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("recommendation_closes_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("acceptance_closes_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("accepted_count", sa.Integer(), nullable=True),
        sa.Column("accepted_digest", sa.String(), nullable=True),
        sa.Column("waits_for", sa.String(), nullable=True),
        sa.Column("clock", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("counting", common.storage.columns.JsonText(), nullable=True),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("overdue_at", common.storage.columns.UtcDateTime(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("honour", "year", name=op.f("uq_rounds_honour_year")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rounds_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_rounds_remind_on"), ["remind_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_rounds_waits_for"), ["waits_for"], unique=False)

    op.create_table(
        "uscc_exceptions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("admitted_by", sa.String(), nullable=False),
        sa.Column("admitted_at", common.storage.columns.UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uscc_exceptions")),
    )
