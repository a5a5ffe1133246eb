package io.servicebreaker.spring.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.adaptive.CallMinute;
import io.servicebreaker.adaptive.HistoryStore;
import io.servicebreaker.adaptive.HistoryStoreContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What holds in every database. */
abstract class JdbcHistoryContract extends HistoryStoreContract {

    private TestDatabase database;

    abstract TestDatabase emptyDatabase();

    @Override
    protected HistoryStore emptyStore() {
        database = emptyDatabase();
        return store("ours", "USD");
    }

    @Override
    protected HistoryStore again(HistoryStore before) {
        return store("ours", "USD");
    }

    private JdbcHistoryStore store(String application, String currency) {
        return store(database.dataSource(), application, currency);
    }

    private JdbcHistoryStore store(DataSource dataSource, String application, String currency) {
        return new JdbcHistoryStore(new Database(dataSource, () -> {}, true), application, currency, KEPT, time);
    }

    @Test
    void keepsApplicationsAndCurrenciesApart() {
        store("theirs", "USD").append(List.of(calls("openai", "", noon, 1, 0)));
        store("ours", "JPY").append(List.of(calls("openai", "", noon, 1, 0)));

        assertThat(minutes(store("ours", "USD"), "openai", noon)).isEmpty();
        assertThat(minutes(store("theirs", "USD"), "openai", noon)).hasSize(1);
    }

    @Test
    void goesOnWithAnHourThatIsNotTheLatest() {
        JdbcHistoryStore store = store("ours", "USD");
        CallMinute one = calls("openai", "", noon, 1, 0);
        CallMinute more = calls("openai", "", noon.plusSeconds(60), 2, 1);
        store.append(List.of(one));
        time.advance(Duration.ofHours(5));
        store.append(List.of(calls("openai", "", noon.plus(Duration.ofHours(5)), 1, 0)));

        store.append(List.of(more));

        assertThat(minutes(store, "openai", noon)).startsWith(one, more).hasSize(3);
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void countsOnceWhatComesAgainBecauseNobodyHeardThatItWasKept() {
        AtomicBoolean silent = new AtomicBoolean();
        JdbcHistoryStore store = store(new SilentCommits(database.dataSource(), silent), "ours", "USD");
        List<CallMinute> first = List.of(calls("openai", "", noon, 1, 0));
        List<CallMinute> second = List.of(calls("openai", "", noon.plusSeconds(60), 1, 0));
        store.append(List.of(calls("perplexity", "", noon, 1, 0)));

        for (List<CallMinute> minutes : List.of(first, second)) {
            silent.set(true);
            assertThatThrownBy(() -> store.append(minutes)).isInstanceOf(StoreException.class);
            silent.set(false);
            store.append(minutes);
        }

        assertThat(minutes(store, "openai", noon)).containsExactly(first.get(0), second.get(0));
        assertThat(hours(store, "openai", noon)).containsExactly(calls("openai", "", noon, 2, 0));
    }

    @Test
    void deletesOldRowsOfAllInstancesDayByDay() {
        for (int day = 0; day < 5; day++) {
            store("ours", "USD").append(List.of(calls("openai", "", onDay(day), 1, 0)));
        }
        store("theirs", "USD").append(List.of(calls("openai", "", noon, 1, 0)));
        time.advance(Duration.ofDays(5));

        store("ours", "USD").append(List.of(calls("openai", "", onDay(5), 1, 0)));

        assertThat(minutes(store("ours", "USD"), "openai", Instant.EPOCH))
                .extracting(CallMinute::start)
                .containsExactly(onDay(3), onDay(4), onDay(5));
        assertThat(minutes(store("theirs", "USD"), "openai", Instant.EPOCH)).hasSize(1);
    }

    private Instant onDay(int day) {
        return noon.plus(Duration.ofDays(day));
    }

    private int rows() {
        Integer rows = new JdbcTemplate(database.dataSource())
                .queryForObject("SELECT COUNT(*) FROM service_breaker_call_history", Integer.class);
        return rows == null ? 0 : rows;
    }
}
