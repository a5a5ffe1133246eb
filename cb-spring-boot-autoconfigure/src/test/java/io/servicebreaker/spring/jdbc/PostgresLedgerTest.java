package io.servicebreaker.spring.jdbc;

/** The ledger in a real PostgreSQL. */
class PostgresLedgerTest extends JdbcLedgerContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.postgres();
    }
}
