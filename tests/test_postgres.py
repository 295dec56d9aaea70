"""What tests may rely on from the PostgreSQL they are lent."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.postgres import Postgres, running_postgres

pytestmark = pytest.mark.postgres


def make_a_shelf(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE shelf (book text)")


@pytest.fixture(scope="module")
def lent() -> Iterator[Postgres]:
    with running_postgres(make_a_shelf) as postgres:
        yield postgres


def test_a_new_database_holds_what_was_prepared(lent: Postgres) -> None:
    with psycopg.connect(lent.new_database()) as connection:
        assert connection.execute("SELECT count(*) FROM shelf").fetchone() == (0,)


def test_what_one_database_holds_no_other_sees(lent: Postgres) -> None:
    with psycopg.connect(lent.new_database()) as connection:
        connection.execute("INSERT INTO shelf VALUES ('one')")
    with psycopg.connect(lent.new_database()) as connection:
        assert connection.execute("SELECT count(*) FROM shelf").fetchone() == (0,)


def test_when_it_is_over_the_databases_are_gone() -> None:
    with running_postgres(make_a_shelf) as postgres:
        url = postgres.new_database()
        postgres.drop_databases()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)


def test_a_durable_server_waits_for_the_disk() -> None:
    with running_postgres(make_a_shelf, durable=True) as postgres, psycopg.connect(postgres.new_database()) as durable:
        assert durable.execute("SHOW fsync").fetchone() == ("on",)


def test_on_a_server_that_was_named_only_what_was_made_here_is_removed(
    lent: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = lent.new_database()
    monkeypatch.setenv("TEST_DATABASE_URL", theirs)
    with running_postgres(make_a_shelf) as named:
        ours = named.new_database()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(ours)
    with psycopg.connect(theirs) as connection:
        assert connection.execute("SELECT count(*) FROM shelf").fetchone() == (0,)
