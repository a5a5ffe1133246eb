package io.servicebreaker.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.Usage;
import io.servicebreaker.spring.http.ClientApplication.Annotated;
import io.servicebreaker.spring.http.ClientApplication.Ended;
import io.servicebreaker.spring.http.ClientApplication.Kind;
import io.servicebreaker.spring.http.ClientApplication.Record;
import io.servicebreaker.spring.http.Provider.Answer;
import io.servicebreaker.spring.http.Provider.End;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ApplicationContext;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** What holds for clients of every kind, with and without an annotated method around them. */
class GuardedClientsTest {

    private static final Answer DOWN = Answer.json(500, "{\"error\": {\"code\": \"server_error\"}}");
    private static final Answer CHAT = Answer.json(
                    200, "{\"model\": \"gpt-5-2026\", \"usage\": {\"prompt_tokens\": 9, \"completion_tokens\": 3}}")
            .with("x-ratelimit-remaining-requests", "99");

    private static Provider provider;

    @BeforeAll
    static void startProvider() throws IOException {
        provider = new Provider();
    }

    @AfterAll
    static void stopProvider() {
        provider.close();
    }

    @ParameterizedTest
    @EnumSource
    void anOutageOpensTheBreakerAndWhatIsRefusedIsNotSent(Kind kind) {
        run(kind, world -> {
            provider.answers(DOWN);
            world.fail();
            world.fail();

            Throwable refusal = world.fail();

            assertThat(refusal).isInstanceOf(CallRejectedException.class);
            int evidence = kind.blocks() ? 1 : 2; // half of it closes off the model, where that is known
            assertThat(provider.requests()).isEqualTo(evidence);
        });
    }

    @ParameterizedTest
    @EnumSource
    void throttlingHoldsForAsLongAsTheProviderAsks(Kind kind) {
        run(kind, world -> {
            provider.answers(Answer.json(429, "{}").with("Retry-After", "7"));
            world.fail();

            CallRejectedException refusal = catchThrowableOfType(CallRejectedException.class, world::ask);

            assertThat(refusal.reason()).isEqualTo(RejectionReason.RATE_LIMITED);
            assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(7));
        });
    }

    @ParameterizedTest
    @EnumSource
    void theBodyTellsAQuotaFromThrottling(Kind kind) {
        run(kind, world -> {
            provider.answers(Answer.json(429, "{\"error\": {\"code\": \"insufficient_quota\"}}"));
            world.fail();

            CallRejectedException refusal = catchThrowableOfType(CallRejectedException.class, world::ask);

            assertThat(refusal.reason()).isEqualTo(RejectionReason.QUOTA_EXHAUSTED);
        });
    }

    @ParameterizedTest
    @EnumSource
    void theClientStillReadsWhatAnErrorSays(Kind kind) {
        run(kind, world -> {
            String words = "x".repeat(100_000);
            provider.answers(Answer.json(400, words));

            Throwable error = world.fail();

            String read = error instanceof WebClientResponseException reactive
                    ? reactive.getResponseBodyAsString()
                    : ((RestClientResponseException) error).getResponseBodyAsString();
            assertThat(read).isEqualTo(words);
            assertThat(world.verdicts()).containsExactly("IGNORED BAD_REQUEST");
        });
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerTellsModelTokensAndHeaders(Kind kind) {
        run(kind, world -> {
            provider.answers(CHAT);

            assertThat(world.ask()).isEqualTo(CHAT.body());

            Ended call = world.onlyCall();
            CallReport report = call.outcome().report();
            assertThat(call.verdict()).isEqualTo("SUCCESS");
            assertThat(report.model()).contains("gpt-5-2026");
            assertThat(report.usage()).contains(new Usage(9, 3, 0));
            assertThat(report.header("x-ratelimit-remaining-requests")).contains("99");
            assertThat(call.request().model()).isEqualTo(kind.blocks() ? "gpt-5" : "");
        });
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatBreaksOffIsAFailure(Kind kind) {
        run(kind, world -> {
            provider.answers(Answer.json(200, "{\"model\": \"gpt-5\", ").ending(End.CUT));

            assertThat(world.fail()).isNotNull();

            assertThat(world.verdicts()).containsExactly("FAILURE CONNECTION");
        });
    }

    @ParameterizedTest
    @EnumSource
    void insideACallToTheSameServiceNothingCountsTwice(Kind kind) {
        run(kind, world -> {
            provider.answers(DOWN, CHAT);
            Annotated annotated = world.annotated();

            assertThatThrownBy(() -> annotated.openai(world::ask)).isNotInstanceOf(CallRejectedException.class);
            annotated.openai(world::ask);

            assertThat(world.breaker("openai").snapshot().calls()).isEqualTo(2);
            assertThat(world.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
            assertThat(world.record().ended).hasSize(2);
            assertThat(world.record().ended.get(1).outcome().report().usage()).contains(new Usage(9, 3, 0));
        });
    }

    @ParameterizedTest
    @EnumSource
    void insideACallToTheSameServiceWhoCannotBeReachedFailsOnce(Kind kind) throws IOException {
        Provider gone = new Provider();
        gone.close();
        ClientApplication.runner(gone.url())
                .withPropertyValues("service-breaker.services.openai.failure-threshold=5")
                .run(context -> {
                    World world = new World(context, kind);

                    assertThatThrownBy(() -> world.annotated().openai(() -> kind.ask(context, gone.url(), "/v1/chat")));

                    assertThat(world.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
                });
    }

    @ParameterizedTest
    @EnumSource
    void insideACallToAnotherServiceEachCountsItsOwn(Kind kind) {
        run(kind, world -> {
            provider.answers(DOWN);

            world.annotated().assistant(() -> String.valueOf(world.fail()));

            assertThat(world.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
            assertThat(world.breaker("assistant").snapshot().failedCalls()).isZero();
            assertThat(world.breaker("assistant").snapshot().calls()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void retriesInsideACallAreAttempts(Kind kind) {
        run(kind, world -> {
            provider.answers(DOWN);
            RetryTemplate retries = new RetryTemplate(
                    RetryPolicy.builder().maxRetries(2).delay(Duration.ZERO).build());

            assertThatThrownBy(() -> world.annotated().openai(() -> retried(retries, world)));

            assertThat(provider.requests()).as("until it opened").isEqualTo(2);
            assertThat(world.breaker("openai").state()).isEqualTo(BreakerState.OPEN);
            assertThat(world.record().ended).hasSize(1);
        });
    }

    private static String retried(RetryTemplate retries, World world) {
        try {
            return retries.execute(world::ask);
        } catch (RetryException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static void run(Kind kind, Consumer<World> test) {
        ClientApplication.runner(provider.url()).run(context -> test.accept(new World(context, kind)));
    }

    private record World(ApplicationContext context, Kind kind) {

        String ask() {
            return kind.ask(context, provider.url(), "/v1/chat");
        }

        Throwable fail() {
            return catchThrowable(this::ask);
        }

        Annotated annotated() {
            return context.getBean(Annotated.class);
        }

        Breaker breaker(String service) {
            return context.getBean(Breakers.class).breaker(service);
        }

        Record record() {
            return context.getBean(Record.class);
        }

        List<String> verdicts() {
            return record().ended.stream().map(Ended::verdict).toList();
        }

        Ended onlyCall() {
            assertThat(record().ended).hasSize(1);
            return record().ended.get(0);
        }
    }
}
