package io.servicebreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.spring.CallListenerFactory;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/**
 * Drives each fault of the simulated providers that speak OpenAI's format through one kind of client, and looks at what
 * the breaker makes of it. What a stream that stalls is taken for depends on the client.
 */
abstract class FaultsThroughClient {

    static final String OPENAI = """
            NONE,                ASK,    SUCCESS,
            SLOW,                ASK,    SUCCESS,
            EMPTY,               ASK,    SUCCESS,
            ABSURD_HEADERS,      ASK,    SUCCESS,
            RATE_LIMIT,          ASK,    IGNORED, RATE_LIMIT
            TOKEN_LIMIT,         ASK,    IGNORED, RATE_LIMIT
            ABSURD_RATE_LIMIT,   ASK,    IGNORED, RATE_LIMIT
            QUOTA,               ASK,    IGNORED, QUOTA
            AUTH,                ASK,    IGNORED, AUTHENTICATION
            OVERLOAD,            ASK,    FAILURE, OVERLOADED
            MODEL_OVERLOAD,      ASK,    FAILURE, OVERLOADED
            SLOW_DOWN,           ASK,    FAILURE, OVERLOADED
            SERVER_ERROR,        ASK,    FAILURE, SERVER_ERROR
            GATEWAY_TIMEOUT,     ASK,    FAILURE, TIMEOUT
            BAD_REQUEST,         ASK,    IGNORED, BAD_REQUEST
            CONTEXT_LENGTH,      ASK,    IGNORED, CONTEXT_LENGTH
            CONTENT_FILTER,      ASK,    IGNORED, CONTENT_FILTER
            MODEL_NOT_FOUND,     ASK,    IGNORED, BAD_REQUEST
            TIMEOUT,             ASK,    FAILURE, TIMEOUT
            KEEP_ALIVE,          ASK,    FAILURE, TIMEOUT
            CONNECTION_RESET,    ASK,    FAILURE, CONNECTION
            MALFORMED,           ASK,    FAILURE, CONNECTION
            NONE,                STREAM, SUCCESS,
            RATE_LIMIT,          STREAM, IGNORED, RATE_LIMIT
            QUOTA,               STREAM, IGNORED, QUOTA
            SERVER_ERROR,        STREAM, FAILURE, SERVER_ERROR
            TIMEOUT,             STREAM, FAILURE, TIMEOUT
            CONNECTION_RESET,    STREAM, FAILURE, CONNECTION
            STREAM_CUT,          STREAM, FAILURE, CONNECTION
            STREAM_ERROR,        STREAM, FAILURE, SERVER_ERROR
            STREAM_ERROR_BILLED, STREAM, FAILURE, SERVER_ERROR
            """;

    /** A stream of Perplexity that fails tells no error. */
    static final String PERPLEXITY = """
            NONE,                ASK,    SUCCESS,
            SLOW,                ASK,    SUCCESS,
            EMPTY,               ASK,    SUCCESS,
            NO_CITATIONS,        ASK,    SUCCESS,
            ABSURD_HEADERS,      ASK,    SUCCESS,
            RATE_LIMIT,          ASK,    IGNORED, RATE_LIMIT
            ABSURD_RATE_LIMIT,   ASK,    IGNORED, RATE_LIMIT
            QUOTA,               ASK,    IGNORED, QUOTA
            AUTH,                ASK,    IGNORED, AUTHENTICATION
            OVERLOAD,            ASK,    FAILURE, OVERLOADED
            SERVER_ERROR,        ASK,    FAILURE, SERVER_ERROR
            GATEWAY_TIMEOUT,     ASK,    FAILURE, TIMEOUT
            BAD_REQUEST,         ASK,    IGNORED, BAD_REQUEST
            CONTEXT_LENGTH,      ASK,    IGNORED, CONTEXT_LENGTH
            CONTENT_FILTER,      ASK,    IGNORED, CONTENT_FILTER
            MODEL_NOT_FOUND,     ASK,    IGNORED, BAD_REQUEST
            TIMEOUT,             ASK,    FAILURE, TIMEOUT
            KEEP_ALIVE,          ASK,    FAILURE, TIMEOUT
            CONNECTION_RESET,    ASK,    FAILURE, CONNECTION
            MALFORMED,           ASK,    FAILURE, CONNECTION
            NONE,                STREAM, SUCCESS,
            NO_CITATIONS,        STREAM, SUCCESS,
            RATE_LIMIT,          STREAM, IGNORED, RATE_LIMIT
            QUOTA,               STREAM, IGNORED, QUOTA
            CONTENT_FILTER,      STREAM, IGNORED, CONTENT_FILTER
            SERVER_ERROR,        STREAM, FAILURE, SERVER_ERROR
            CONNECTION_RESET,    STREAM, FAILURE, CONNECTION
            STREAM_CUT,          STREAM, FAILURE, CONNECTION
            STREAM_ERROR,        STREAM, FAILURE, CONNECTION
            STREAM_ERROR_BILLED, STREAM, FAILURE, CONNECTION
            """;

    private static final Map<String, String> MODELS =
            Map.of("openai", "gpt-4o-mini", "perplexity", "sonar", "lightrag", "");

    private final Class<?>[] configurations;

    /** Tests a client that those auto-configurations guard. */
    FaultsThroughClient(Class<?>... configurations) {
        this.configurations = configurations;
    }

    /** Asks and takes the whole answer; what the client throws does not matter. */
    abstract void ask(ApplicationContext application, Question question) throws Exception;

    /** Asks and takes the answer piece by piece. */
    abstract void stream(ApplicationContext application, Question question) throws Exception;

    /** Whether the model is known that a request names, so that a failure can be its own. */
    boolean namesTheModel() {
        return true;
    }

    @ParameterizedTest
    @CsvSource(textBlock = OPENAI)
    void isUnderstoodAtOpenAi(Fault fault, Way way, Outcome.Kind kind, FailureCause cause) throws Exception {
        assertOutcome("openai", fault, way, kind, cause);
    }

    @ParameterizedTest
    @CsvSource(textBlock = PERPLEXITY)
    void isUnderstoodAtPerplexity(Fault fault, Way way, Outcome.Kind kind, FailureCause cause) throws Exception {
        assertOutcome("perplexity", fault, way, kind, cause);
    }

    /** For clients that do not wait for ever for the next piece. */
    final void assertThatAStreamThatStallsIs(FailureCause cause, String provider) throws Exception {
        assertOutcome(provider, Fault.STREAM_STALL, Way.STREAM, Outcome.Kind.FAILURE, cause);
    }

    /** Looks at what the breaker of a provider makes of a fault that a client runs into. */
    final void assertOutcome(String provider, Fault fault, Way way, Outcome.Kind kind, FailureCause cause)
            throws Exception {
        BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
        try (RunningSimulator simulator = RunningSimulator.start()) {
            simulator.fault(provider, fault.label());
            boolean stalls = fault == Fault.STREAM_STALL;
            if (fault.hangs() || stalls) {
                simulator.pause.hold();
            }
            Duration patience = Duration.ofMillis(fault.hangs() ? 500 : stalls ? 1000 : 30_000);
            String url = simulator.simulator.baseUrl(provider).toString();
            application(provider, url, outcomes).run(context -> {
                assertThat(context).hasNotFailed();
                use(context, new Question(provider, MODELS.get(provider), url, patience), way, fault, kind);
                Outcome outcome = outcomes.poll(30, TimeUnit.SECONDS);
                assertThat(outcome).isNotNull();
                assertThat(outcome.cause()).isEqualTo(cause);
                assertThat(outcome.kind()).isEqualTo(kind);
                assertThat(outcome.scope()).isEqualTo(scope(fault));
                assertThat(outcomes).isEmpty();
                assertThat(simulator.state(provider).path("requests").intValue())
                        .as("attempts")
                        .isEqualTo(1);
                assertThat(context.getBean(Breakers.class)
                                .breaker(provider)
                                .snapshot()
                                .calls())
                        .as("calls that count for the service")
                        .isEqualTo(kind == Outcome.Kind.IGNORED || outcome.scope() == RejectionScope.MODEL ? 0 : 1);
            });
        }
    }

    private void use(ApplicationContext context, Question question, Way way, Fault fault, Outcome.Kind kind) {
        try {
            if (way == Way.ASK) {
                ask(context, question);
            } else {
                stream(context, question);
            }
        } catch (Exception e) {
            assertThat(kind)
                    .as("what %s is taken for, which threw %s", fault, e)
                    .isNotEqualTo(Outcome.Kind.SUCCESS);
        }
    }

    private RejectionScope scope(Fault fault) {
        boolean modelsOwn = fault == Fault.MODEL_OVERLOAD || fault == Fault.MODEL_NOT_FOUND;
        return modelsOwn && namesTheModel() ? RejectionScope.MODEL : RejectionScope.SERVICE;
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

    /** How an answer is taken. */
    enum Way {
        ASK,
        STREAM
    }

    /**
     * What a graph is, to be asked of a model of a service.
     *
     * @param patience after which a client gives up
     */
    record Question(String service, String model, String url, Duration patience) {

        static final String TEXT = "What is a graph?";
    }
}
