"""What an error of the database says."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from models import tables as t
from models.database import Database


def test_an_error_of_the_database_tells_nobodys_name(database: Database, clock) -> None:
    draft = insert(t.registration_draft).values(member_id=404, name="李娜", updated_at=clock.now())

    with pytest.raises(IntegrityError) as caught, database.transaction() as session:
        session.execute(draft)

    assert "李娜" not in str(caught.value)
