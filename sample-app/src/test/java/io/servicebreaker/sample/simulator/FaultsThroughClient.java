package io.servicebreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.spring.CallListenerFactory;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Drives each fault of the simulated OpenAI through one kind of client, and looks at what the breaker makes of it. */
abstract class FaultsThroughClient {

    static final String MODEL = "gpt-4o-mini";
    static final String QUESTION = "What is a graph?";
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Class<?>[] configurations;

    /** Tests a client that those auto-configurations guard. */
    FaultsThroughClient(Class<?>... configurations) {
        this.configurations = configurations;
    }

    /** Asks the model and takes the whole answer; what the client throws does not matter. */
    abstract void ask(ApplicationContext application, String url) throws Exception;

    /** Asks the model and takes the answer piece by piece. */
    abstract void stream(ApplicationContext application, String url) throws Exception;

    @ParameterizedTest
    @CsvSource(textBlock = """
            NONE,              SUCCESS,
            SLOW,              SUCCESS,
            EMPTY,             SUCCESS,
            ABSURD_HEADERS,    SUCCESS,
            RATE_LIMIT,        IGNORED, RATE_LIMIT
            TOKEN_LIMIT,       IGNORED, RATE_LIMIT
            ABSURD_RATE_LIMIT, IGNORED, RATE_LIMIT
            QUOTA,             IGNORED, QUOTA
            AUTH,              IGNORED, AUTHENTICATION
            OVERLOAD,          FAILURE, OVERLOADED
            MODEL_OVERLOAD,    FAILURE, OVERLOADED
            SLOW_DOWN,         FAILURE, OVERLOADED
            SERVER_ERROR,      FAILURE, SERVER_ERROR
            GATEWAY_TIMEOUT,   FAILURE, TIMEOUT
            BAD_REQUEST,       IGNORED, BAD_REQUEST
            CONTEXT_LENGTH,    IGNORED, CONTEXT_LENGTH
            CONTENT_FILTER,    IGNORED, CONTENT_FILTER
            MODEL_NOT_FOUND,   IGNORED, BAD_REQUEST
            TIMEOUT,           FAILURE, TIMEOUT
            KEEP_ALIVE,        FAILURE, TIMEOUT
            CONNECTION_RESET,  FAILURE, CONNECTION
            MALFORMED,         FAILURE, CONNECTION
            """)
    void isUnderstood(Fault fault, Outcome.Kind kind, FailureCause cause) throws Exception {
        assertOutcome("openai", fault, this::ask, kind, cause);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            NONE,               SUCCESS,
            RATE_LIMIT,         IGNORED, RATE_LIMIT
            QUOTA,              IGNORED, QUOTA
            SERVER_ERROR,       FAILURE, SERVER_ERROR
            TIMEOUT,            FAILURE, TIMEOUT
            CONNECTION_RESET,   FAILURE, CONNECTION
            STREAM_CUT,         FAILURE, CONNECTION
            STREAM_ERROR,       FAILURE, SERVER_ERROR
            STREAM_ERROR_BILLED, FAILURE, SERVER_ERROR
            """)
    void isUnderstoodInAStream(Fault fault, Outcome.Kind kind, FailureCause cause) throws Exception {
        assertOutcome("openai", fault, this::stream, kind, cause);
    }

    /** For clients that do not wait for ever for the next piece. */
    final void assertThatAStreamThatStallsIsATimeout() throws Exception {
        assertOutcome("openai", Fault.STREAM_STALL, this::stream, Outcome.Kind.FAILURE, FailureCause.TIMEOUT);
    }

    /** Looks at what the breaker of a provider makes of a fault that a client runs into. */
    final void assertOutcome(String provider, Fault fault, Client client, Outcome.Kind kind, FailureCause cause)
            throws Exception {
        BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
        try (RunningSimulator simulator = RunningSimulator.start()) {
            simulator.fault(provider, fault.label());
            if (fault == Fault.TIMEOUT || fault == Fault.KEEP_ALIVE || fault == Fault.STREAM_STALL) {
                simulator.pause.hold();
            }
            String url = simulator.simulator.baseUrl(provider).toString();
            application(provider, url, outcomes).run(context -> {
                assertThat(context).hasNotFailed();
                try {
                    client.use(context, url);
                } catch (Exception e) {
                    assertThat(kind)
                            .as("what %s is taken for, which threw %s", fault, e)
                            .isNotEqualTo(Outcome.Kind.SUCCESS);
                }
                Outcome outcome = outcomes.poll(30, TimeUnit.SECONDS);
                assertThat(outcome).isNotNull();
                assertThat(outcome.cause()).isEqualTo(cause);
                assertThat(outcome.kind()).isEqualTo(kind);
                assertThat(outcomes).isEmpty();
            });
        }
    }

    private ApplicationContextRunner application(String provider, String url, BlockingQueue<Outcome> outcomes) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
                .withConfiguration(AutoConfigurations.of(configurations))
                .withBean(
                        CallListenerFactory.class,
                        () -> service -> new CallListener() {
                            @Override
                            public void finished(CallRequest request, Outcome outcome, long durationNanos) {
                                outcomes.add(outcome);
                            }

                            @Override
                            public void rejected(CallRequest request, Rejection rejection) {}
                        })
                .withPropertyValues("service-breaker.services." + provider + ".endpoint-patterns=" + url + "/**");
    }

    /** A way to use the client. */
    interface Client {
        void use(ApplicationContext application, String url) throws Exception;
    }
}
