package io.servicebreaker.spring.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.time.FakeTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The history in a real PostgreSQL. */
class PostgresHistoryTest extends JdbcHistoryContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.postgres();
    }

    @Test
    void aNameThatTheDatabaseDoesNotTakeLosesTheHistoryOfNoOtherService() {
        TestDatabase latin = TestDatabase.postgres("ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        JdbcHistoryStore store = new JdbcHistoryStore(
                new Database(latin.dataSource(), () -> {}, true), "ours", "USD", KEPT, new FakeTime());

        store.append(List.of(calls("研究", "", noon, 1, 0), calls("openai", "研究", noon, 1, 0)));

        assertThat(minutes(store, "openai", noon)).containsExactly(calls("openai", "研究", noon, 1, 0));
    }
}
