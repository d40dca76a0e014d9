"""Health intervals get a revision; what people did about quarantined entries is written down."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("health_intervals", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "quarantine_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarantine_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ledger_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_quarantine_acts"),
    )
    op.create_index("ix_quarantine_acts_quarantine_id", "quarantine_acts", ["quarantine_id"])


def downgrade() -> None:
    op.drop_table("quarantine_acts")
    op.drop_column("health_intervals", "revision")
