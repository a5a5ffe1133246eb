package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** However a body is cut into pieces, and whatever is in it. */
class AnswerPiecesTest {

    private record Body(String type, String text) {}

    private static final String ERROR =
            "event: error\r\ndata: {\"error\":{\"code\":\"slow_down\",\"message\":\"müde\"}}\r\n\r\n";

    @Provide
    Arbitrary<Body> bodies() {
        String json = "{\"model\":\"größe-1\",\"usage\":{\"prompt_tokens\":12345,\"cost\":{\"total_cost\":0.0125}}}";
        return Arbitraries.of(
                new Body("application/json", json),
                new Body("application/x-ndjson", StreamedAnswersTest.LINES),
                new Body("text/event-stream", StreamedAnswersTest.CHAT),
                new Body("text/event-stream", StreamedAnswersTest.CHAT.replace("\n", "\r\n")),
                new Body("text/event-stream", StreamedAnswersTest.CHAT.replace("\n", "\r")),
                new Body("text/event-stream", StreamedAnswersTest.MESSAGE),
                new Body("text/event-stream", StreamedAnswersTest.RESPONSE),
                new Body("text/event-stream", ERROR));
    }

    @Provide
    Arbitrary<String> fragments() {
        return Arbitraries.of(
                "data",
                "event",
                ":",
                " ",
                "\n",
                "\r",
                "{",
                "}",
                "[",
                "]",
                "\"",
                "\\",
                ",",
                "error",
                "\"error\"",
                "\"usage\"",
                "\"prompt_tokens\"",
                "1",
                "-",
                "e9",
                "null",
                "\"choices\"",
                "\"delta\"",
                "ü",
                "[DONE]",
                "\"type\"",
                "\"message_start\"",
                "\0",
                "\uFEFF");
    }

    @Property(tries = 300)
    void theSameIsLearnedFromAnyPieces(
            @ForAll @From("bodies") Body body,
            @ForAll @Size(max = 40) List<@IntRange(min = 1, max = 60) Integer> sizes) {
        byte[] bytes = body.text().getBytes(StandardCharsets.UTF_8);

        String inPieces = learnedFrom(body.type(), bytes, sizes);

        assertThat(inPieces).isEqualTo(learnedFrom(body.type(), bytes, List.of()));
    }

    @Property(tries = 300)
    void noBytesDoHarm(@ForAll byte[] bytes, @ForAll @Size(max = 5) List<@IntRange(min = 1, max = 9) Integer> sizes) {
        for (String type : List.of("application/json", "application/x-ndjson", "text/event-stream")) {
            assertThat(learnedFrom(type, bytes, sizes)).isNotEmpty();
        }
    }

    @Property(tries = 300)
    void noFragmentsDoHarm(@ForAll List<@From("fragments") String> fragments) {
        byte[] bytes = String.join("", fragments).getBytes(StandardCharsets.UTF_8);

        for (String type : List.of("application/json", "application/x-ndjson", "text/event-stream")) {
            assertThat(learnedFrom(type, bytes, List.of(1, 2, 3))).isNotEmpty();
        }
    }

    private static String learnedFrom(String type, byte[] bytes, List<Integer> sizes) {
        JudgedExchange exchange = new JudgedExchange();
        AnswerReader reader = exchange.reader(type);
        int from = 0;
        for (int size : sizes) {
            int length = Math.min(size, bytes.length - from);
            reader.read(bytes, from, length);
            from += length;
        }
        reader.read(bytes, from, bytes.length - from);
        reader.completed();
        assertThat(exchange.faults()).isZero();
        assertThat(exchange.hasEnded()).isTrue();
        return exchange.toString();
    }
}
