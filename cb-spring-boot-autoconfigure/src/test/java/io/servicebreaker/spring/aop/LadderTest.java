package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.decisions;
import static io.servicebreaker.spring.aop.Calling.hops;
import static io.servicebreaker.spring.aop.Calling.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.AnswerStep;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.coordination.DecisionRecord;
import io.servicebreaker.event.Event;
import io.servicebreaker.event.Events;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Fallbacks one after the other: who is asked, for how long, and what is told of it. */
class LadderTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A55. */
    @Test
    void a55AsksOneAfterTheOtherAndNotesEachHopWithItsReasonAndLatency() {
        run((context, client) -> {
            open(context, "lightrag");
            assertThat(client.first("q")).isEqualTo("second q");
            open(context, "openai");
            assertThat(client.first("q")).isEqualTo("third q");
            client.script().broken.add("third");
            assertThat(client.first("q")).isEqualTo("static q");
            open(context, "perplexity");
            assertThat(client.first("q")).isEqualTo("static q");

            assertThat(hops(context))
                    .containsExactly(
                            "lightrag FORCED_OPEN -> Client.second ANSWERED openai",
                            "lightrag FORCED_OPEN -> Client.second ANSWERED perplexity",
                            "openai FORCED_OPEN -> Client.third ANSWERED perplexity",
                            "lightrag FORCED_OPEN -> Client.second ANSWERED Client.staticAnswer",
                            "openai FORCED_OPEN -> Client.third ANSWERED Client.staticAnswer",
                            "perplexity CONNECTION -> Client.staticAnswer ANSWERED Client.staticAnswer",
                            "lightrag FORCED_OPEN -> Client.second ANSWERED Client.staticAnswer",
                            "openai FORCED_OPEN -> Client.third ANSWERED Client.staticAnswer",
                            "perplexity FORCED_OPEN -> Client.staticAnswer ANSWERED Client.staticAnswer");
            DecisionRecord last = decisions(context).get(5);
            assertThat(last.latency()).isEqualTo(SECOND);
            assertThat(last.reason())
                    .isEqualTo("Call to 'perplexity' failed: CONNECTION (IOException); asked is Client.staticAnswer,"
                            + " which is for all");
            assertThat(last.options()).containsExactly("Client.staticAnswer");
            assertThat(last.operation()).isEqualTo("third");
            assertThat(decisions(context).get(0).reason())
                    .startsWith("Call to 'lightrag' refused: FORCED_OPEN (")
                    .endsWith("; asked is Client.second, which is for all");
        });
    }

    /** A45. */
    @Test
    void a45LabelsTheAnswerThatIsLeftWhenAllAreOpenAndCallsNobody() {
        run((context, client) -> {
            open(context, "lightrag", "openai", "perplexity");

            try (AnswerPath path = AnswerPath.open()) {
                assertThat(client.first("q")).isEqualTo("static q");

                assertThat(path.isDegraded()).isTrue();
                assertThat(path.answeredBy()).contains("Client.staticAnswer");
                assertThat(steps(path))
                        .containsExactly(
                                "lightrag REFUSED FORCED_OPEN",
                                "openai REFUSED FORCED_OPEN",
                                "perplexity REFUSED FORCED_OPEN",
                                "Client.staticAnswer ANSWERED null");
            }
            assertThat(client.script().called).isEmpty();
        });
    }

    /** A57. */
    @Test
    void a57KeepsEachCauseWhenNobodyAnswers() {
        run((context, client) -> {
            client.script().broken.addAll(List.of("first", "second", "third", "static"));

            Throwable seen = catchThrowable(() -> client.first("q"));

            assertThat(seen).hasMessage("static");
            assertThat(seen.getSuppressed()).extracting(Throwable::getMessage).contains("third", "second", "first");
            assertThat(hops(context))
                    .containsExactly(
                            "lightrag CONNECTION -> Client.second FAILED",
                            "openai CONNECTION -> Client.third FAILED",
                            "perplexity CONNECTION -> Client.staticAnswer FAILED");
        });
    }

    /** A58: each call takes a second, and the ladder has two and a half. */
    @Test
    void a58BeginsNothingMoreWhenTheTimeForTheWholeLadderHasPassed() {
        run((context, client) -> {
            client.script().broken.addAll(List.of("timed", "timedSecond", "timedThird"));

            assertThat(client.timed("q")).isEqualTo("static q");

            assertThat(client.script().called).containsExactly("timed", "timedSecond", "timedThird");
            assertThat(hops(context)).last().asString().startsWith("openai DEADLINE -> Client.staticAnswer");
            assertThat(context.getBean(FakeTime.class).now())
                    .isEqualTo(client.script().begun.plus(SECOND.multipliedBy(3)));
        });
    }

    /** A58. */
    @Test
    void a58HandsOnWhatIsLeftOfTheDeadlineOfACall() {
        run((context, client) -> {
            client.script().broken.add("patient");

            assertThat(client.patient("q", Duration.ofMillis(1500))).isEqualTo("500");
            assertThat(client.patient("q", Duration.ofMillis(900))).isEqualTo("too late");
            assertThat(client.patient("q", null)).isEqualTo("none");
        });
    }

    @Test
    void asksTheFallbackThatIsForTheCause() {
        run((context, client) -> {
            assertThat(client.caused(new SocketTimeoutException("late"))).isEqualTo("shorter");
            assertThat(client.caused(new IOException("gone"))).isEqualTo("for all: gone");
            open(context, "openai");
            assertThat(client.caused(null)).isEqualTo("maintained");

            assertThat(decisions(context)).first().satisfies(hop -> {
                assertThat(hop.options()).containsExactly("Client.maintained", "Client.shorter", "Client.rest");
                assertThat(hop.reason()).endsWith("asked is Client.shorter, which is for TIMEOUT");
            });
        });
    }

    @Test
    void leavesCausesToTheCallerThatNoFallbackIsFor() {
        run((context, client) -> {
            IOException own = new IOException("gone");

            assertThatThrownBy(() -> client.onlyTimeouts(own)).isSameAs(own);
            assertThat(client.onlyTimeouts(new SocketTimeoutException())).isEqualTo("shorter");

            assertThat(hops(context))
                    .containsExactly(
                            "openai CONNECTION -> null NOBODY_ASKED",
                            "openai TIMEOUT -> Client.shorter" + " ANSWERED Client.shorter");
            assertThat(decisions(context).get(0).reason()).endsWith("; none of its fallbacks is for that");
        });
    }

    @Test
    void notesHowFarAnswersAreToBeTrusted() {
        run((context, client) -> {
            try (AnswerPath path = AnswerPath.open()) {
                assertThat(client.sure(0.9)).isEqualTo(0.9);
                assertThat(path.confidence()).hasValue(0.9);
                assertThat(path.isDegraded()).isFalse();

                assertThat(client.sure(0.2)).isEqualTo(0.7);
                assertThat(path.confidence()).hasValue(0.7);
                assertThat(path.isDegraded()).isTrue();
            }
            assertThat(client.sure(7)).isEqualTo(7);

            assertThat(decisions(context)).singleElement().satisfies(hop -> {
                assertThat(hop.confidence()).isEqualTo(0.2);
                assertThat(Objects.requireNonNull(hop.answer()).confidence()).isEqualTo(0.7);
            });
        });
    }

    @Test
    void tellsACallThatItIsAFallback() {
        run((context, client) -> {
            client.first("q");
            open(context, "lightrag");
            client.first("q");

            assertThat(client.script().fallbacks).containsExactly(false, true);
            assertThat(AnswerPath.current()).isNull();
        });
    }

    @Test
    void leavesNoTraceOfACallThatAnswers() {
        run((context, client) -> {
            client.first("q");

            assertThat(decisions(context)).isEmpty();
            assertThat(AnswerPath.current()).isNull();
            assertThat(context.getBean(GuardedServices.Calls.class).requests).noneMatch(CallRequest::isFallback);
        });
    }

    @Test
    void asksNoMoreFallbacksWithinEachOtherThanAreAllowed() {
        run((context, client) -> {
            assertThatThrownBy(() -> client.endless(1)).isInstanceOf(CallRejectedException.class);

            assertThat(decisions(context)).hasSize(9);
            assertThat(decisions(context).get(8).reason())
                    .endsWith("no more than 8 fallbacks are asked within each other");
            assertThat(decisions(context).get(8).chosen()).isNull();
        });
    }

    @Test
    void knowsCallsThatAFallbackMakesWithoutAnAnnotation() {
        run((context, client) -> {
            client.script().broken.add("byHand");

            try (AnswerPath path = AnswerPath.open()) {
                assertThat(client.byHand("q")).isEqualTo("found q");
                assertThat(path.answeredBy()).contains("perplexity");
            }
            assertThat(hops(context)).containsExactly("openai CONNECTION -> Client.hand ANSWERED perplexity");
        });
    }

    @Test
    void followsWhatHappensWithinAPathFromWhereItIsOpened() {
        run((context, client) -> {
            try (AnswerPath outer = AnswerPath.open()) {
                client.sure(0.9);
                try (AnswerPath inner = AnswerPath.open()) {
                    assertThat(inner.steps()).isEmpty();
                    client.first("q");
                    assertThat(steps(inner)).containsExactly("lightrag ANSWERED null");
                }
                assertThat(AnswerPath.current()).isSameAs(outer);
                assertThat(steps(outer)).containsExactly("openai ANSWERED null", "lightrag ANSWERED null");
            }
        });
    }

    @Test
    void asksNobodyInsteadOfAServiceThatIsNotToCascade() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(ServiceBreakerAutoConfiguration.class, AnnotationAutoConfiguration.class))
                .withBean(FakeTime.class)
                .withBean(Client.class)
                .withPropertyValues(
                        "service-breaker.services.lightrag.cascade-to-fallback=false",
                        "service-breaker.services.openai=",
                        "service-breaker.services.perplexity=")
                .run(context -> {
                    Client client = context.getBean(Client.class);
                    client.script().broken.addAll(List.of("first", "second"));

                    assertThatThrownBy(() -> client.first("q"))
                            .isInstanceOf(IOException.class)
                            .hasMessage("first");
                    open(context, "lightrag");
                    assertThatThrownBy(() -> client.first("q")).isInstanceOf(CallRejectedException.class);
                    assertThat(client.second("q")).as("another service").isEqualTo("third q");

                    assertThat(hops(context))
                            .containsExactly(
                                    "lightrag CONNECTION -> null NOBODY_ASKED",
                                    "lightrag FORCED_OPEN -> null NOBODY_ASKED",
                                    "openai CONNECTION -> Client.third ANSWERED perplexity");
                    assertThat(decisions(context).get(0).options()).containsExactly("Client.second");
                    assertThat(decisions(context).get(0).reason()).endsWith("; its cascade-to-fallback is false");
                });
    }

    @Test
    void publishesDecisions() {
        List<Event> published = new ArrayList<>();
        run((context, client) -> {
            context.getBean(Events.class).subscribe(DecisionRecord.class, published::add);
            open(context, "lightrag");

            client.first("q");
            context.getBean(Events.class).close();

            assertThat(published).singleElement().extracting(Event::service).isEqualTo("lightrag");
        });
    }

    private static List<String> steps(AnswerPath path) {
        return path.steps().stream().map(LadderTest::text).toList();
    }

    private static String text(AnswerStep step) {
        return step.by() + " " + step.result() + " " + step.reason();
    }

    private static void run(Scenario scenario) {
        GuardedServices.runner().withBean(Client.class).run(context -> {
            assertThat(context).hasNotFailed();
            scenario.play(context, context.getBean(Client.class));
        });
    }

    private interface Scenario {
        void play(ApplicationContext context, Client client) throws Throwable;
    }

    static class Client extends LadderClient {

        Client(FakeTime time, CallOrchestrator orchestrator) {
            super(time, orchestrator);
        }

        @ServiceBreaker(value = "lightrag", fallback = "second")
        public String first(String question) throws IOException {
            return answer("first", question);
        }

        @ServiceBreaker(value = "openai", fallback = "third")
        public String second(String question) throws IOException {
            return answer("second", question);
        }

        @ServiceBreaker(value = "perplexity", fallback = "staticAnswer")
        public String third(String question) throws IOException {
            return answer("third", question);
        }

        public String staticAnswer(String question) {
            if (script().broken.contains("static")) {
                throw new IllegalStateException("static");
            }
            return "static " + question;
        }

        @ServiceBreaker(value = "lightrag", fallback = "timedSecond", deadline = "2500ms")
        public String timed(String question) throws IOException {
            script().begun = time.now();
            return answer("timed", question);
        }

        @ServiceBreaker(value = "openai", fallback = "timedThird", deadline = "1h")
        public String timedSecond(String question) throws IOException {
            return answer("timedSecond", question);
        }

        @ServiceBreaker(value = "perplexity", fallback = "timedFourth")
        public String timedThird(String question) throws IOException {
            return answer("timedThird", question);
        }

        @ServiceBreaker(value = "openai", fallback = "staticAnswer")
        public String timedFourth(String question) throws IOException {
            return answer("timedFourth", question);
        }

        @ServiceBreaker(value = "openai", fallback = "leftOver", deadline = "#left")
        public String patient(String question, @Nullable Duration left) throws IOException {
            return answer("patient", question);
        }

        @ServiceBreaker(value = "perplexity", fallback = "tooLate")
        public String leftOver(String question, @Nullable Duration left) {
            return Objects.requireNonNull(CurrentCall.get())
                    .request()
                    .deadline()
                    .map(time -> Long.toString(time.toMillis()))
                    .orElse("none");
        }

        public String tooLate(String question, @Nullable Duration left, CallRejectedException why) {
            return why.reason() == RejectionReason.DEADLINE ? "too late" : "otherwise";
        }

        @ServiceBreaker(value = "openai", confidence = "#result", acceptResult = "#result > 0.5", fallback = "surer")
        public double sure(double confidence) {
            return confidence;
        }

        @ServiceBreaker(value = "perplexity", confidence = "#result")
        public double surer(double confidence) {
            return 0.7;
        }

        @ServiceBreaker(value = "openai", fallback = "hand")
        public String byHand(String question) throws IOException {
            return answer("byHand", question);
        }

        public String hand(String question) {
            orchestrator.begin(CallRequest.to("perplexity")).succeeded();
            return "found " + question;
        }
    }
}
