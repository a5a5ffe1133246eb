package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Usage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is learned from streams while they arrive. */
class StreamedAnswersTest {

    static final String CHAT = """
            : keep-alive

            data: {"object":"chat.completion.chunk","model":"gpt-5","choices":[{"delta":{"role":"assistant","content":""}}]}

            data: {"object":"chat.completion.chunk","model":"gpt-5","choices":[{"delta":{"content":"Grüß"}}]}

            : keep-alive

            data: {"object":"chat.completion.chunk","model":"gpt-5","choices":[{"delta":{"tool_calls":[{"index":0}]}}]}

            data: {"object":"chat.completion.chunk","model":"gpt-5","choices":[{"delta":{},"finish_reason":"stop"}]}

            data: {"object":"chat.completion.chunk","model":"gpt-5","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3}}

            data: [DONE]

            """;

    static final String MESSAGE = """
            event: message_start
            data: {"type":"message_start","message":{"model":"claude","usage":{"input_tokens":25,"cache_read_input_tokens":5,"output_tokens":1}}}

            event: ping
            data: {"type":"ping"}

            event: content_block_delta
            data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Hi"}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15,"server_tool_use":{"web_search_requests":2}}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    static final String RESPONSE = """
            event: response.created
            data: {"type":"response.created","response":{"model":"gpt-5","error":null,"output":[],"usage":null}}

            event: response.output_item.done
            data: {"type":"response.output_item.done","item":{"type":"web_search_call","action":{"type":"search"}}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","delta":"Hi"}

            event: response.completed
            data: {"type":"response.completed","response":{"model":"gpt-5","error":null,
            data: "output":[{"type":"web_search_call","action":{"type":"search"}},{"type":"message"}],
            data: "usage":{"input_tokens":36,"output_tokens":87,"input_tokens_details":{"cached_tokens":6}}}}

            """;

    static final String LINES = """
            {"references":[]}
            {"response":"Because"}
            {"response":" of light"}
            """;

    private static final String EVENTS = "text/event-stream;charset=UTF-8";

    private final JudgedExchange exchange = new JudgedExchange();

    @Test
    void readsAChatToItsEnd() {
        stream(CHAT);

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
        assertThat(exchange.report().model()).contains("gpt-5");
        assertThat(exchange.report().usage()).contains(new Usage(9, 3, 0));
    }

    @Test
    void takesNeitherKeepAlivesNorRolesForContent() {
        stream(CHAT);

        assertThat(exchange.pieces()).isEqualTo(2);
    }

    @Test
    void addsUpWhatAnthropicTellsAtTheBeginningAndAtTheEnd() {
        stream(MESSAGE);

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
        assertThat(exchange.report().usage()).contains(new Usage(30, 15, 5, 2));
        assertThat(exchange.pieces()).isEqualTo(1);
    }

    @Test
    void readsAResponseAndDataOnSeveralLines() {
        stream(RESPONSE);

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
        assertThat(exchange.report().usage()).contains(new Usage(36, 87, 6, 1));
    }

    @Test
    void understandsEveryEndOfLine() {
        stream(CHAT.replace("\n", "\r\n"));

        assertThat(exchange.report().usage()).contains(new Usage(9, 3, 0));
        assertThat(exchange.pieces()).isEqualTo(2);
    }

    @Test
    void aChatWithoutItsEndWasCut() {
        stream(
                CHAT.substring(
                        0,
                        CHAT.indexOf(
                                "data: {\"object\":\"chat.completion.chunk\",\"model\":\"gpt-5\",\"choices\":[{\"delta\":{},")));

        assertThat(exchange.verdict()).isEqualTo("FAILURE CONNECTION");
        assertThat(exchange.report().model()).contains("gpt-5");
    }

    @Test
    void aMessageWithoutItsEndWasCut() {
        stream(MESSAGE.substring(0, MESSAGE.indexOf("event: message_stop")));

        assertThat(exchange.verdict()).isEqualTo("FAILURE CONNECTION");
        assertThat(exchange.report().usage()).contains(new Usage(30, 15, 5, 2));
    }

    @Test
    void aResponseWithoutItsEndWasCut() {
        stream(RESPONSE.substring(0, RESPONSE.indexOf("event: response.completed")));

        assertThat(exchange.verdict()).isEqualTo("FAILURE CONNECTION");
    }

    @Test
    void ofAnUnknownStreamEveryEndIsGood() {
        stream("data: {\"news\": 1}\n\ndata: text\n\n");

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
        assertThat(exchange.pieces()).isEqualTo(2);
    }

    @Test
    void aChatIsOverWithTheReasonWhyItStopped() {
        AnswerReader reader = exchange.reader(EVENTS);

        feed(reader, CHAT.substring(0, CHAT.indexOf("data: [DONE]")));
        reader.closed();

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
    }

    @Test
    void aChatThatIsClosedBeforeIsGivenUpAndTellsWhatItUsed() {
        AnswerReader reader = exchange.reader(EVENTS);

        feed(reader, MESSAGE.substring(0, MESSAGE.indexOf("event: message_delta")));
        reader.closed();

        assertThat(exchange.verdict()).isEqualTo("IGNORED CANCELLED");
        assertThat(exchange.report().usage()).contains(new Usage(30, 1, 5));
    }

    @Test
    void anErrorInAStreamEndsTheCallAtOnce() {
        AnswerReader reader = exchange.reader(EVENTS);

        feed(reader, "data: {\"error\": {\"code\": \"rate_limit_exceeded\", \"message\": \"canary\"}}\n\n");

        assertThat(exchange.verdict()).isEqualTo("IGNORED RATE_LIMIT");
        assertThat(exchange.report().code()).contains("rate_limit_exceeded");
        assertThat(exchange.report().message()).isEmpty();
    }

    @Test
    void theTypeSaysMoreThanACodeOfDigits() {
        stream("data: {\"error\": {\"type\": \"insufficient_quota\", \"code\": 429}}\n\n");

        assertThat(exchange.report().code()).contains("insufficient_quota");
        assertThat(exchange.verdict()).endsWith("QUOTA");
    }

    @Test
    void anErrorOfAnthropicIsOne() {
        stream(MESSAGE.substring(0, MESSAGE.indexOf("event: content_block_delta"))
                + "event: error\ndata: {\"type\": \"error\", \"error\": {\"type\": \"overloaded_error\"}}\n\n");

        assertThat(exchange.verdict()).isEqualTo("FAILURE OVERLOADED");
        assertThat(exchange.report().usage()).contains(new Usage(30, 1, 5));
    }

    @Test
    void anErrorOfAResponseIsOne() {
        stream(
                "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"m\",\"param\":null}\n\n");

        assertThat(exchange.verdict()).isEqualTo("FAILURE SERVER_ERROR");
        assertThat(exchange.report().code()).contains("server_error");
    }

    @Test
    void aResponseThatFailedIsAnError() {
        stream("data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"rate_limit_exceeded\"}}}\n\n");

        assertThat(exchange.verdict()).endsWith("RATE_LIMIT");
    }

    @Test
    void anErrorByNameAloneIsOne() {
        stream("event: error\ndata: oh no\n\n");

        assertThat(exchange.verdict()).isEqualTo("FAILURE SERVER_ERROR");
    }

    @Test
    void anErrorThatIsNullOrEmptyIsNone() {
        stream("data: {\"error\": null}\n\ndata: {\"error\": {}}\n\ndata: {\"error\": \"\"}\n\n");

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
    }

    @Test
    void anErrorWordInContentsIsNone() {
        stream("data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"delta\":{\"content\":\"x\","
                + "\"error\":{\"code\":\"500\"}},\"finish_reason\":\"stop\"}]}\n\n");

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
    }

    @Test
    void readsJsonLines() {
        AnswerReader reader = exchange.reader("application/x-ndjson");

        feed(reader, LINES);
        reader.completed();

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
        assertThat(exchange.pieces()).isEqualTo(3);
    }

    @Test
    void anErrorInAJsonLineIsOne() {
        AnswerReader reader = exchange.reader("application/x-ndjson");

        feed(reader, LINES + "{\"error\": \"the model is gone\"}");
        reader.completed();

        assertThat(exchange.verdict()).isEqualTo("FAILURE SERVER_ERROR");
    }

    @Test
    void aBrokenPieceDoesNotHideTheNext() {
        stream("data: {\"object\": {{{\n\n" + CHAT);

        assertThat(exchange.report().usage()).contains(new Usage(9, 3, 0));
        assertThat(exchange.faults()).isZero();
    }

    private void stream(String body) {
        AnswerReader reader = exchange.reader(EVENTS);
        feed(reader, body);
        reader.completed();
    }

    private static void feed(AnswerReader reader, String text) {
        reader.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
