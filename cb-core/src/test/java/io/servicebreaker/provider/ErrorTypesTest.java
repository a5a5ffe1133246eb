package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.call.UnacceptableResultException;
import io.servicebreaker.time.FakeTime;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** By type of exception. */
@Timeout(30)
class ErrorTypesTest {

    private static final CallRequest CALL = CallRequest.to("service");

    private static final Rejection OPEN =
            new Rejection(RejectionReason.OPEN, RejectionScope.SERVICE, Rejection.UNKNOWN_TIME, "");

    private final ProfileClassifier classifier = ruledBy(ExceptionRules.NONE);

    private static ProfileClassifier ruledBy(ExceptionRules rules) {
        return Classifiers.generic(Duration.ofSeconds(30), rules, List.of(), new FakeTime());
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new UnacceptableResultException("poor"), FailureCause.QUALITY),
                arguments(new TimeoutException(), FailureCause.TIMEOUT),
                arguments(new SocketTimeoutException(), FailureCause.TIMEOUT),
                arguments(new InterruptedIOException("timeout"), FailureCause.TIMEOUT),
                arguments(new HttpTimeoutException("timeout"), FailureCause.TIMEOUT),
                arguments(new HttpConnectTimeoutException("timeout"), FailureCause.TIMEOUT),
                arguments(new IOException(), FailureCause.CONNECTION),
                arguments(new EOFException(), FailureCause.CONNECTION),
                arguments(new ConnectException(), FailureCause.CONNECTION),
                arguments(new UnknownHostException(), FailureCause.CONNECTION),
                arguments(new SSLHandshakeException("expired"), FailureCause.CONNECTION),
                arguments(new AsynchronousCloseException(), FailureCause.CONNECTION),
                arguments(new IllegalStateException(), FailureCause.UNKNOWN),
                arguments(new Exception(), FailureCause.UNKNOWN));
    }

    static Stream<Arguments> nobodysFault() {
        return Stream.of(
                arguments(new InterruptedException(), FailureCause.CANCELLED),
                arguments(new CancellationException(), FailureCause.CANCELLED),
                arguments(new ClosedByInterruptException(), FailureCause.CANCELLED),
                arguments(new StackOverflowError(), FailureCause.LOCAL_ERROR),
                arguments(new AssertionError(), FailureCause.LOCAL_ERROR),
                arguments(new OutOfMemoryError(), FailureCause.LOCAL_ERROR),
                arguments(new CallRejectedException("cache", OPEN, false), FailureCause.LOCAL_ERROR));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void counts(Throwable error, FailureCause cause) {
        assertThat(classifier.failed(CALL, error, null)).isSameAs(Outcome.failure(cause));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void countsInWrappers(Throwable error, FailureCause cause) {
        assertThat(wrapped(error))
                .allSatisfy(wrapped ->
                        assertThat(classifier.failed(CALL, wrapped, null)).isSameAs(Outcome.failure(cause)));
    }

    @ParameterizedTest
    @MethodSource("nobodysFault")
    void doesNotCount(Throwable error, FailureCause cause) {
        assertThat(classifier.failed(CALL, error, null)).isSameAs(Outcome.ignored(cause));
    }

    @ParameterizedTest
    @MethodSource("nobodysFault")
    void doesNotCountInWrappers(Throwable error, FailureCause cause) {
        assertThat(wrapped(error))
                .allSatisfy(wrapped ->
                        assertThat(classifier.failed(CALL, wrapped, null)).isSameAs(Outcome.ignored(cause)));
    }

    private static Stream<Throwable> wrapped(Throwable error) {
        return Stream.of(
                new CompletionException(error),
                new ExecutionException(error),
                new IllegalStateException("of a client library", error),
                new CompletionException(new ExecutionException(new IllegalArgumentException(error))));
    }

    @Test
    void looksThroughAnUncheckedIoException() {
        UncheckedIOException error = new UncheckedIOException(new SocketTimeoutException());

        assertThat(classifier.failed(CALL, error, null)).isSameAs(Outcome.failure(FailureCause.TIMEOUT));
    }

    @Test
    void theOuterOfTwoExceptionsThatSaySomethingDecides() {
        TimeoutException error = new TimeoutException();
        error.initCause(new IOException());

        assertThat(classifier.failed(CALL, error, null)).isSameAs(Outcome.failure(FailureCause.TIMEOUT));
    }

    @Test
    void anInterruptionThatAClientWrapsInAnIoExceptionDoesNotCount() {
        IOException error = new IOException("Request was interrupted", new InterruptedException());

        assertThat(classifier.failed(CALL, error, null)).isSameAs(Outcome.ignored(FailureCause.CANCELLED));
    }

    @Test
    void aConnectionThatBreaksBecauseTheCallerIsInterruptedDoesNotCount() {
        Thread.currentThread().interrupt();
        Outcome outcome = classifier.failed(CALL, new SocketException("Closed by interrupt"), null);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome).isSameAs(Outcome.ignored(FailureCause.CANCELLED));
    }

    @Test
    void whatTheServiceDidNotCauseNeverCountsWhateverIsConfigured() {
        ProfileClassifier ruled = ruledBy(new ExceptionRules(List.of(), List.of(Throwable.class)));

        assertThat(ruled.failed(CALL, new ClosedByInterruptException(), null))
                .isSameAs(Outcome.ignored(FailureCause.CANCELLED));
        assertThat(ruled.failed(CALL, new AssertionError(), null)).isSameAs(Outcome.ignored(FailureCause.LOCAL_ERROR));
    }

    @Test
    void looksSixteenLinksDeep() {
        assertThat(classifier.failed(CALL, buried(new IOException(), 15), null))
                .isSameAs(Outcome.failure(FailureCause.CONNECTION));
        assertThat(classifier.failed(CALL, buried(new IOException(), 16), null))
                .isSameAs(Outcome.failure(FailureCause.UNKNOWN));
    }

    private static Throwable buried(Throwable error, int depth) {
        Throwable outer = error;
        for (int i = 0; i < depth; i++) {
            outer = new IllegalStateException(outer);
        }
        return outer;
    }

    @Test
    void endsOnCyclicCauses() {
        IllegalStateException first = new IllegalStateException("first");
        first.initCause(new IllegalStateException("second", first));
        ExceptionRules someRules = new ExceptionRules(List.of(IOException.class), List.of());

        assertThat(classifier.failed(CALL, first, null)).isSameAs(Outcome.failure(FailureCause.UNKNOWN));
        assertThat(ruledBy(someRules).failed(CALL, new ExceptionRulesTest.Cycle(), null))
                .isSameAs(Outcome.failure(FailureCause.UNKNOWN));
    }

    @Test
    void theConfigurationWinsOverTheCause() {
        ProfileClassifier ruled = ruledBy(
                new ExceptionRules(List.of(SocketTimeoutException.class), List.of(IllegalArgumentException.class)));

        assertThat(ruled.failed(CALL, new SocketTimeoutException(), null))
                .isSameAs(Outcome.ignored(FailureCause.TIMEOUT));
        assertThat(ruled.failed(CALL, new IOException(), null)).isSameAs(Outcome.ignored(FailureCause.CONNECTION));
        assertThat(ruled.failed(CALL, new IllegalArgumentException(), null))
                .isSameAs(Outcome.failure(FailureCause.UNKNOWN));
    }
}
