package io.servicebreaker.coordination;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The incidents of {@code incidents/incidents-train.csv} (X. Chu and others, ICPE 2025), each after some hours of few failures.
 * What a status page does not tell is drawn at random: how many calls a second each service gets (0.2 to 2) and the half minute
 * in which it begins to fail; the share of calls that fail is by impact.
 */
class RealIncidentsTest {

    private static final Map<String, List<String>> SERVICES = Map.of(
            "openai", List.of("API", "ChatGPT", "Labs", "Playground"),
            "anthropic", List.of("api.anthropic.com", "claude.ai", "console.anthropic.com"),
            "character", List.of("Character.AI"));

    private static final Map<String, Double> FAILING = Map.of("none", 0.2, "minor", 0.3, "major", 0.6, "critical", 0.9);

    private static final double USUAL = 1 / 300.0;
    private static final int HOUR = 3600;
    private static final int LONGEST = 900;

    private record Incident(String id, String provider, List<String> services, String impact, int seconds) {

        static Incident of(String line) {
            String[] cells = line.split(",", -1);
            List<String> services = cells[2].isEmpty() ? List.of() : List.of(cells[2].split("\\|"));
            return new Incident(
                    cells[0], cells[1], services, cells[3], (int) Math.min(LONGEST, Double.parseDouble(cells[8])));
        }
    }

    @Test
    void incidentsOfSeveralServicesAreFoundWithTheirProviderAsTheCause() {
        List<Incident> incidents = incidents().stream()
                .filter(incident -> incident.services.size() > 1)
                .toList();
        List<Incident> lasting =
                incidents.stream().filter(incident -> incident.seconds > 0).toList();
        List<String> missed = new ArrayList<>();
        for (Incident incident : lasting) {
            boolean found = replay(incident, 8 * HOUR).stream()
                    .anyMatch(seen -> seen.cause() == SharedCause.SHARED_PROVIDER
                            && seen.services().size() > 1
                            && incident.services.containsAll(seen.services()));
            if (!found) {
                missed.add(incident.id);
            }
        }
        System.out.printf(
                "Real incidents of several services: %d of %d that lasted were found (%d had no length); missed: %s%n",
                lasting.size() - missed.size(), lasting.size(), incidents.size() - lasting.size(), missed);
        assertThat(lasting).hasSizeGreaterThan(50);
        assertThat(missed).isEmpty();
    }

    @Test
    void incidentsOfOneServiceAreNoCorrelation() {
        List<Incident> incidents = incidents().stream()
                .filter(incident -> incident.services.size() == 1)
                .toList();
        assertThat(incidents).hasSizeGreaterThan(150);
        assertThat(incidents)
                .allSatisfy(incident -> assertThat(replay(incident, HOUR)).isEmpty());
    }

    private static List<Correlation> replay(Incident incident, int learned) {
        List<CorrelatedService> services = new ArrayList<>();
        SERVICES.get(incident.provider)
                .forEach(name -> services.add(new CorrelatedService(name, incident.provider, "")));
        services.addAll(CorrelatedWorld.strangers(4));
        try (CorrelatedWorld world = new CorrelatedWorld(incident.id.hashCode(), services)) {
            world.run(learned, service -> USUAL);
            double[] rates = new double[services.size()];
            int[] begin = new int[services.size()];
            for (int i = 0; i < rates.length; i++) {
                double calls = 0.2 * Math.pow(10, world.random().nextDouble());
                boolean affected = incident.services.contains(services.get(i).name());
                rates[i] = affected ? calls * FAILING.get(incident.impact) : 0;
                begin[i] = world.random().nextInt(30);
            }
            for (int second = 0; second < incident.seconds; second++) {
                int now = second;
                world.run(1, service -> USUAL + (now >= begin[service] ? rates[service] : 0));
            }
            return world.correlation.correlations();
        }
    }

    private static List<Incident> incidents() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(RealIncidentsTest.class.getResourceAsStream("/incidents/incidents-train.csv")),
                UTF_8))) {
            return lines.lines().skip(1).map(Incident::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
