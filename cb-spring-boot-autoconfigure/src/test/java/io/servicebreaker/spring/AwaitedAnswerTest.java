package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.servicebreaker.call.StreamTimeoutException;
import io.servicebreaker.provider.StreamSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Streams that a client waits for on its thread. */
class AwaitedAnswerTest {

    private static final String PIECE =
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n";
    private static final String KEEP_ALIVE = ": still there\n\n";
    private static final String END = "data: [DONE]\n\n";

    private final ManualScheduler scheduler = new ManualScheduler();
    private final JudgedExchange exchange = new JudgedExchange(
            new StreamSettings(Duration.ofSeconds(10), Duration.ofSeconds(3)), new ReactorClock(scheduler));
    private final AnswerReader reader = exchange.reader("text/event-stream");

    @Test
    void aStreamThatDoesNotBeginInTimeHasFailed() {
        reader.awaited();
        pass(9);
        assertThat(exchange.hasEnded()).isFalse();

        pass(1);

        assertThat(exchange.verdict()).isEqualTo("FAILURE TIMEOUT");
        assertThat(reader.ended())
                .hasRootCauseMessage(
                        "openai did not begin to answer within stream.first-token-timeout, which is PT10S");
    }

    @Test
    void keepAlivesDoNotBeginAnAnswer() {
        for (int seconds = 0; seconds < 10; seconds += 5) {
            reader.awaited();
            pass(5);
            read(KEEP_ALIVE);
        }

        assertThat(exchange.verdict()).isEqualTo("FAILURE TIMEOUT");
    }

    @Test
    void aStreamThatDoesNotGoOnInTimeHasFailed() {
        reader.awaited();
        pass(9);
        read(PIECE);
        reader.awaited();
        pass(2);
        read(PIECE);
        reader.awaited();
        pass(2);
        assertThat(exchange.hasEnded()).isFalse();

        pass(1);

        assertThat(exchange.verdict()).isEqualTo("FAILURE TIMEOUT");
        assertThat(reader.ended()).hasRootCauseInstanceOf(StreamTimeoutException.class);
    }

    @Test
    void theServiceIsNotBlamedForAClientThatDoesNotRead() {
        reader.awaited();
        read(PIECE);

        pass(3600);

        assertThat(exchange.hasEnded()).isFalse();
        assertThat(reader.ended()).isNull();
    }

    @Test
    void aWholeAnswerIsNoStream() {
        AnswerReader whole = exchange.reader("application/json");
        whole.awaited();

        pass(3600);

        assertThat(exchange.hasEnded()).isFalse();
    }

    @Test
    void whoeverStillWaitsIsToldWhenSomethingComes() {
        InputStream late = new ByteArrayInputStream(PIECE.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public int read(byte[] bytes, int offset, int length) {
                pass(11);
                return super.read(bytes, offset, length);
            }
        };
        AnswerStream stream = new AnswerStream(late, reader);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(stream::readAllBytes)
                .withCauseInstanceOf(StreamTimeoutException.class);
        assertThat(exchange.pieces()).isZero();
        assertThat(exchange.verdict()).isEqualTo("FAILURE TIMEOUT");
    }

    @Test
    void anAnswerThatIsCompleteDoesNotStall() {
        reader.awaited();
        read(PIECE + END);
        reader.awaited(); // for the end of the connection

        pass(3600);

        assertThat(exchange.hasEnded()).isFalse();
        assertThat(reader.ended()).isNull();
        reader.completed();
        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
    }

    @Test
    void whateverComesInAFormatThatNobodyKnowsIsContent() {
        AnswerReader unknown = exchange.blindReader();
        unknown.awaited();
        pass(9);
        unknown.read(ByteBuffer.wrap("?".getBytes(StandardCharsets.UTF_8)));
        unknown.awaited();
        pass(2);
        assertThat(exchange.hasEnded()).isFalse();

        pass(1);
        assertThat(exchange.verdict()).isEqualTo("FAILURE TIMEOUT");
    }

    @Test
    void theEndStopsTheTimer() {
        reader.awaited();
        assertThat(scheduler.isUnused()).isFalse();

        read(PIECE + END);
        reader.completed();

        assertThat(scheduler.isUnused()).isTrue();
        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
    }

    private void read(String piece) {
        reader.read(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
    }

    private void pass(int seconds) {
        scheduler.advance(Duration.ofSeconds(seconds));
    }
}
