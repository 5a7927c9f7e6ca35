"""The same tables as SQLAlchemy Core sees them: typed columns for statements, no ORM on the way."""

from sqlalchemy import Table
from sqlmodel import SQLModel

import models


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


account = _table(models.Account)
api_answer = _table(models.ApiAnswer)
api_secret = _table(models.ApiSecret)
audit_entry = _table(models.AuditEntry)
binding = _table(models.Binding)
binding_event = _table(models.BindingEvent)
bonus = _table(models.Bonus)
campaign = _table(models.Campaign)
commission = _table(models.Commission)
console_session = _table(models.ConsoleSession)
distributor = _table(models.Distributor)
distributor_tag = _table(models.DistributorTag)
heartbeat = _table(models.Heartbeat)
inbox_message = _table(models.InboxMessage)
journal = _table(models.Journal)
level = _table(models.Level)
mass_job = _table(models.MassJob)
material = _table(models.Material)
member = _table(models.Member)
merchant = _table(models.Merchant)
operator = _table(models.Operator)
order = _table(models.Order)
order_line = _table(models.OrderLine)
outbox_row = _table(models.OutboxRow)
pay_notice = _table(models.PayNotice)
payment_alarm = _table(models.PaymentAlarm)
picture = _table(models.Picture)
policy_version = _table(models.PolicyVersion)
poster = _table(models.Poster)
posting = _table(models.Posting)
product = _table(models.Product)
recipient = _table(models.Recipient)
refund = _table(models.Refund)
registration_draft = _table(models.RegistrationDraft)
scene = _table(models.Scene)
tag = _table(models.Tag)
team_path = _table(models.TeamPath)
visit = _table(models.Visit)
withdrawal = _table(models.Withdrawal)
