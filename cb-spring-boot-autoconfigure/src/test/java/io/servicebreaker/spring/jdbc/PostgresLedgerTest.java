package io.servicebreaker.spring.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.call.Outcome;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendRecord;
import io.servicebreaker.cost.ledger.RefusedException;
import io.servicebreaker.cost.ledger.SpendBatch;
import io.servicebreaker.cost.ledger.SpendLedger;
import io.servicebreaker.time.FakeTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The ledger in a real PostgreSQL. */
class PostgresLedgerTest extends JdbcLedgerContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.postgres();
    }

    @Test
    void refusesCharactersThatTheDatabaseDoesNotHave() {
        TestDatabase latin = TestDatabase.postgres("ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        SpendLedger ledger =
                new JdbcSpendLedger(new Database(latin.dataSource(), () -> {}, true), "ours", "USD", new FakeTime());
        ledger.open();
        String writer = UUID.randomUUID().toString();

        assertThatThrownBy(() -> ledger.append(new SpendBatch(writer, 0, List.of(of("研究")))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("LATIN1");
        assertThatThrownBy(() -> ledger.reserve(writer, MIDNIGHT, Map.of("研究", Money.ZERO)))
                .isInstanceOf(RefusedException.class);
        ledger.append(new SpendBatch(writer, 0, List.of(of("??"))));

        assertThat(StoredRecords.in(latin.dataSource())).hasSize(1);
    }

    private static SpendRecord of(String service) {
        return new SpendRecord(
                MIDNIGHT, MIDNIGHT, service, "", "", "", "", Outcome.Kind.SUCCESS, null, null, Money.ZERO, Money.ZERO);
    }
}
