package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.UnknownServiceException;
import io.servicebreaker.coordination.Correlation.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailureCorrelationTest {

    private static final List<CorrelatedService> SERVICES = List.of(
            new CorrelatedService("chat", "openai", "api.openai.com"),
            new CorrelatedService("embed", "openai", "api.openai.com"),
            new CorrelatedService("claude", "anthropic", "api.anthropic.com"),
            new CorrelatedService("graph", "", "gateway"),
            new CorrelatedService("search", "perplexity", "gateway"));

    private static final IntPredicate NONE = service -> false;
    private static final IntPredicate OPENAI = service -> service < 2;

    private final CorrelatedWorld world = new CorrelatedWorld(7, SERVICES);

    @AfterEach
    void end() {
        world.close();
    }

    private void quiet(int seconds) {
        failing(seconds, NONE, CorrelatedWorld.USUAL);
    }

    private void failing(int seconds, IntPredicate which, FailureCause cause) {
        for (int second = 0; second < seconds; second++) {
            for (int service = 0; service < world.size(); service++) {
                if (which.test(service)) {
                    world.fail(service, cause);
                }
            }
            world.second();
        }
    }

    @Test
    void servicesThatBeginToFailTogetherArePairAndTheirProviderIsTheCause() {
        quiet(2 * 3600);
        failing(30, OPENAI, FailureCause.SERVER_ERROR);

        Correlation found = world.open();
        assertThat(found.kind()).isEqualTo(Kind.PAIR);
        assertThat(found.services()).containsExactly("chat", "embed");
        assertThat(found.cause()).isEqualTo(SharedCause.SHARED_PROVIDER);
        assertThat(found.confidence()).isEqualTo(1);
        assertThat(found.sentence()).isEqualTo("chat and embed fail together: all of them are services of openai.");
        assertThat(found.since())
                .isBetween(world.time.now().minusSeconds(31), world.time.now().minusSeconds(29));
        assertThat(found.support()).isGreaterThan(20);
        assertThat(found.lift()).isGreaterThan(100);
        assertThat(found.pValue()).isLessThan(0.005);
        assertThat(world.correlation.correlated("chat")).isGreaterThan(0.99);
        assertThat(world.correlation.correlated("claude")).isZero();
        assertThat(world.correlation.failingWith("chat")).isEqualTo(Set.of("embed"));
        assertThat(world.correlation.failingWith("claude")).isEmpty();
        assertThat(world.correlation.correlatedFailures("chat")).isEqualTo(30);
        assertThat(world.correlation.correlatedFailures("claude")).isZero();
    }

    @Test
    void itIsToldOnceWhenFoundAndOnceWhenOver() {
        quiet(2 * 3600);
        failing(60, OPENAI, FailureCause.SERVER_ERROR);
        quiet(200);
        failing(60, OPENAI, FailureCause.SERVER_ERROR); // it comes back before it is over: no flapping
        quiet(900);

        assertThat(world.correlation.correlated("chat")).isZero();
        assertThat(world.correlation.failingWith("chat")).isEmpty();
        assertThat(world.correlation.correlations()).singleElement().matches(over -> !over.isOpen());
        assertThat(world.told()).extracting(told -> told.correlation().isOpen()).containsExactly(true, false);
    }

    @Test
    void itGoesOnWhileServicesAreNotCalledBecauseOfIt() {
        quiet(2 * 3600);
        failing(5, OPENAI, FailureCause.SERVER_ERROR);
        world.down.addAll(List.of("chat", "embed"));
        quiet(3600);
        assertThat(world.open().services()).containsExactly("chat", "embed");

        world.down.remove("chat");
        quiet(400);
        assertThat(world.correlation.correlations()).noneMatch(Correlation::isOpen);
    }

    @Test
    void servicesOfDifferentProvidersOnOneHostShareTheHost() {
        quiet(4 * 3600);
        failing(30, service -> service >= 3, FailureCause.TIMEOUT);

        assertThat(world.open().cause()).isEqualTo(SharedCause.SHARED_HOST);
        assertThat(world.open().sentence()).contains("on the host gateway");
    }

    @Test
    void whenNothingCanBeReachedItIsUs() {
        quiet(3600);
        failing(30, service -> true, FailureCause.CONNECTION);

        assertThat(world.open().kind()).isEqualTo(Kind.GROUP);
        assertThat(world.open().cause()).isEqualTo(SharedCause.OURSELVES);
        assertThat(world.open().confidence()).isGreaterThan(0.9);
    }

    @Test
    void whenAllAnswerWithErrorsItIsNotUs() {
        quiet(3600);
        failing(30, service -> true, FailureCause.SERVER_ERROR);

        assertThat(world.open().cause()).isEqualTo(SharedCause.UNKNOWN);
        assertThat(world.open().confidence()).isZero();
    }

    @Test
    void oneServiceAloneIsABurstAndNoCorrelation() {
        quiet(3600);
        failing(300, service -> service == 0, FailureCause.SERVER_ERROR);

        assertThat(world.correlation.correlations()).isEmpty();
        assertThat(world.correlation.correlated("chat")).isZero();
        assertThat(world.correlation.bursts()).singleElement().satisfies(burst -> {
            assertThat(burst.kind()).isEqualTo(Kind.BURST);
            assertThat(burst.services()).containsExactly("chat");
            assertThat(burst.support()).isEqualTo(300);
        });
        quiet(300);
        assertThat(world.correlation.bursts()).isEmpty();
        assertThat(world.told()).isEmpty();
    }

    @Test
    void whatIsNobodysOutageDoesNotCount() {
        quiet(2 * 3600);
        Set<FailureCause> others = EnumSet.complementOf(EnumSet.of(
                FailureCause.TIMEOUT,
                FailureCause.CONNECTION,
                FailureCause.SERVER_ERROR,
                FailureCause.OVERLOADED,
                FailureCause.UNKNOWN));
        others.forEach(cause -> failing(30, OPENAI, cause));
        for (int second = 0; second < 30; second++) {
            for (CorrelatedService service : SERVICES) {
                world.correlation
                        .listenerFor(service.name())
                        .finished(CallRequest.to(service.name()), Outcome.ignored(FailureCause.TIMEOUT), 1);
            }
            world.second();
        }

        assertThat(world.correlation.correlations()).isEmpty();
        assertThat(world.correlation.bursts()).isEmpty();
    }

    /** A64. */
    @Test
    void repeatedFailuresThirtySecondsApartAreFoundWithTheirLag() {
        for (int repetition = 0; repetition < 12; repetition++) {
            world.fail(0);
            quiet(30);
            world.fail(2);
            quiet(60 + world.random().nextInt(120));
        }

        assertThat(world.open().services()).containsExactly("chat", "claude");
        assertThat(world.open().lag()).isBetween(Duration.ofSeconds(28), Duration.ofSeconds(32));
        assertThat(world.open().support()).isGreaterThanOrEqualTo(RepeatedLags.LEAST_SUPPORT);
        assertThat(world.open().sentence()).startsWith("claude fails again and again 30 s after chat: ");
        assertThat(world.correlation.correlated("claude")).isGreaterThan(0.5);
    }

    /** A64. */
    @Test
    void independentFailuresOfTheSameRateAreNotFound() {
        for (int hour = 0; hour < 6; hour++) {
            world.run(3600, service -> service == 0 || service == 2 ? 1 / 150.0 : 0);
            assertThat(world.correlation.correlations()).isEmpty();
        }
    }

    @Test
    void anEventAloneIsNothing() {
        quiet(3600);
        world.correlation.post(
                new ExternalEvent(ExternalEvent.Type.PROVIDER_STATUS, "openai", "degraded", world.time.now()));
        quiet(60);

        assertThat(world.correlation.correlations()).isEmpty();
        assertThat(world.correlation.correlated("chat")).isZero();
    }

    @Test
    void anEventNearTheOnsetIsNamedAndMakesItsCauseSurer() {
        quiet(4 * 3600);
        failing(30, service -> service == 0 || service == 2, FailureCause.SERVER_ERROR);
        assertThat(world.open().cause()).isEqualTo(SharedCause.UNKNOWN);

        world.correlation.post(
                new ExternalEvent(ExternalEvent.Type.DEPLOYMENT, "claude", "version 2", world.time.now()));
        assertThat(world.open().cause()).isEqualTo(SharedCause.OURSELVES);
        assertThat(world.open().confidence()).isEqualTo(0.6);
        assertThat(world.open().sentence()).endsWith("a deployment near the beginning: version 2.");

        world.correlation.post(new ExternalEvent(ExternalEvent.Type.DEPLOYMENT, "", "a firewall", world.time.now()));
        assertThat(world.open().confidence()).isEqualTo(0.8);
    }

    @Test
    void anEventAboutOthersOrLongAgoIsNotNamed() {
        quiet(4 * 3600);
        world.correlation.post(new ExternalEvent(ExternalEvent.Type.OTHER, "", "long ago", world.time.now()));
        quiet(1000);
        world.correlation.post(new ExternalEvent(ExternalEvent.Type.OTHER, "search", "elsewhere", world.time.now()));
        failing(30, OPENAI, FailureCause.SERVER_ERROR);

        assertThat(world.open().sentence()).doesNotContain("long ago", "elsewhere");
    }

    @Test
    void aServiceThatAlwaysFailsALotIsNoNews() {
        failing(3 * 3600, service -> service < 4, FailureCause.SERVER_ERROR);

        assertThat(world.correlation.correlations()).isEmpty();
        assertThat(world.correlation.bursts()).isEmpty();
    }

    @Test
    void aLateLookMakesNoCorrelation() {
        world.run(4 * 3600, service -> service < 2 ? 0 : 1 / 100.0);
        for (int i = 0; i < 50; i++) {
            world.fail(0);
            world.fail(2);
        }
        world.time.advance(Duration.ofMinutes(5)); // nobody knows when in these minutes they failed
        world.correlation.analyse();

        assertThat(world.correlation.correlations()).isEmpty();
    }

    @Test
    void aServiceThatIsNotThereIsNamed() {
        assertThatExceptionOfType(UnknownServiceException.class)
                .isThrownBy(() -> world.correlation.listenerFor("other"))
                .withMessageContaining("chat");
    }

    @Test
    void settingsHaveBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CorrelationSettings(Duration.ofSeconds(1), 0.005))
                .withMessageContaining("PT1M to PT1H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CorrelationSettings(Duration.ofMinutes(5), 0))
                .withMessageContaining("above 0");
    }
}
