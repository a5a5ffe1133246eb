package io.servicebreaker.coordination;

import static io.servicebreaker.coordination.Fleet.needing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DependencyGraphTest {

    @Test
    void knowsWhoNeedsAServiceAndHowFarAwayTheyAre() {
        DependencyGraph graph = graph(
                3,
                needing("store"),
                needing("search", "store"),
                needing("rag", "search", "store"),
                needing("chat", "rag"));

        assertThat(graph.dependantsOf("store")).isEqualTo(Map.of("search", 1, "rag", 1, "chat", 2));
        assertThat(graph.dependantsOf("search")).isEqualTo(Map.of("rag", 1, "chat", 2));
        assertThat(graph.dependantsOf("chat")).isEmpty();
        assertThat(graph.needsOf("rag")).containsExactly("search", "store");
    }

    @Test
    void refusesAnUnknownService() {
        assertThatThrownBy(() -> graph(3, needing("a", "b")))
                .isInstanceOf(InvalidDependencyException.class)
                .hasMessage("a depends on b, which is not configured");
    }

    @Test
    void refusesACycle() {
        assertThatThrownBy(() -> graph(3, needing("a", "b"), needing("b", "c"), needing("c", "a")))
                .isInstanceOfSatisfying(InvalidDependencyException.class, e -> {
                    assertThat(e.service()).isEqualTo("c");
                    assertThat(e.dependency()).isEqualTo("a");
                    assertThat(e.problem()).isEqualTo("depends on it in turn: a -> b -> c -> a");
                });
    }

    @Test
    void refusesAServiceThatNeedsItself() {
        assertThatThrownBy(() -> graph(3, needing("a", "a"))).hasMessageContaining("a -> a");
    }

    @Test
    void refusesAChainThatIsTooLong() {
        List<CoordinatedService> chain = List.of(needing("a", "b"), needing("b", "c"), needing("c", "d"), needing("d"));

        assertThat(new DependencyGraph(chain, 3).dependantsOf("d")).containsEntry("a", 3);
        assertThatThrownBy(() -> new DependencyGraph(chain, 2))
                .hasMessageContaining("longer than max-cascade-depth, which is 2: a -> b -> c -> d");
    }

    private static DependencyGraph graph(int depth, CoordinatedService... services) {
        return new DependencyGraph(List.of(services), depth);
    }
}
