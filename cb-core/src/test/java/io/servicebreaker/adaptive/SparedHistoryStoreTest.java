package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SparedHistoryStoreTest {

    private final FakeTime time = new FakeTime();
    private final Down down = new Down();
    private final HistoryStore store = HistoryStore.spared(down, time);

    @Test
    void isNotReadForAMinuteAfterItWasSlowToFail() {
        down.takes = Duration.ofSeconds(30);

        assertThatThrownBy(() -> read("a")).hasMessage("no connection");
        assertThatThrownBy(() -> read("b")).hasMessageContaining("not read for a minute");
        assertThatThrownBy(() -> store.readHours("b", Instant.EPOCH, minute -> {}))
                .hasMessageContaining("not read for a minute");
        time.advance(SparedHistoryStore.REST);
        assertThatThrownBy(() -> read("b")).hasMessage("no connection");

        assertThat(down.asked).containsExactly("a", "b");
    }

    @Test
    void isReadForOthersAfterItFailedAtOnce() {
        assertThatThrownBy(() -> read("a")).hasMessage("no connection");
        assertThatThrownBy(() -> read("b")).hasMessage("no connection");

        assertThat(down.asked).containsExactly("a", "b");
    }

    @Test
    void takesWhatIsWrittenMeanwhile() {
        down.takes = SparedHistoryStore.SLOW;
        assertThatThrownBy(() -> read("a")).hasMessage("no connection");

        store.append(List.of());

        assertThat(down.asked).containsExactly("a", "written");
    }

    private void read(String service) {
        store.read(service, Instant.EPOCH, minute -> {});
    }

    private final class Down implements HistoryStore {

        private final List<String> asked = new ArrayList<>();
        private Duration takes = Duration.ZERO;

        @Override
        public void append(List<CallMinute> minutes) {
            asked.add("written");
        }

        @Override
        public void read(String service, Instant since, Consumer<CallMinute> reader) {
            asked.add(service);
            time.advance(takes);
            throw new IllegalStateException("no connection");
        }

        @Override
        public void readHours(String service, Instant since, Consumer<CallMinute> reader) {
            read(service, since, reader);
        }
    }
}
