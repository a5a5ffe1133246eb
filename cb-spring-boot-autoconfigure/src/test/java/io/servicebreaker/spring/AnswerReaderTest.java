package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is learned from one JSON text, and how bodies end. Streams have a test of their own. */
class AnswerReaderTest {

    private static final String JSON = "application/json";
    private static final String CHAT = """
            {"id": "1", "object": "chat.completion", "model": "gpt-5-2026",
             "choices": [{"message": {"role": "assistant", "content": "ü{\\"usage\\": {\\"prompt_tokens\\": 7}}"}}],
             "usage": {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25,
                       "prompt_tokens_details": {"cached_tokens": 16}}}""";

    private final JudgedExchange exchange = new JudgedExchange();

    @Test
    void readsModelAndTokensOfAChat() {
        whole(JSON, CHAT);

        assertThat(exchange.report().model()).contains("gpt-5-2026");
        assertThat(exchange.report().usage()).contains(new Usage(20, 5, 16));
        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
        assertThat(exchange.pieces()).isZero();
    }

    @Test
    void readsTheTokensOfAResponse() {
        whole("application/json; charset=utf-8", """
                {"model": "gpt-5", "error": null, "output": [{"type": "message", "usage": {"input_tokens": 1}}],
                 "usage": {"input_tokens": 36, "input_tokens_details": {"cached_tokens": 10}, "output_tokens": 87}}""");

        assertThat(exchange.report().usage()).contains(new Usage(36, 87, 10));
        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
    }

    @Test
    void addsWhatAnthropicReadFromAndWroteToItsCache() {
        whole(JSON, """
                {"type": "message", "model": "claude", "usage": {"input_tokens": 10, "output_tokens": 4,
                 "cache_creation_input_tokens": 100, "cache_read_input_tokens": 1000}}""");

        assertThat(exchange.report().usage()).contains(new Usage(1110, 4, 1000));
    }

    @Test
    void doesNotAddWhatAChatsInputIncludes() {
        whole(JSON, """
                {"usage": {"prompt_tokens": 1100, "completion_tokens": 4, "cache_read_input_tokens": 1000}}""");

        assertThat(exchange.report().usage()).contains(new Usage(1100, 4, 1000));
    }

    @Test
    void readsThePriceThatPerplexityNames() {
        whole(JSON, """
                {"usage": {"prompt_tokens": 1, "cost": {"input_tokens_cost": 1.5, "total_cost": 0.0063}}}""");

        assertThat(exchange.report().cost()).contains(new BigDecimal("0.0063"));
    }

    @Test
    void readsTheSearchesThatPerplexityNames() {
        whole(JSON, """
                {"model": "sonar-deep-research", "usage": {"prompt_tokens": 14, "completion_tokens": 300,
                 "citation_tokens": 9, "num_search_queries": 21, "reasoning_tokens": 70}}""");

        assertThat(exchange.report().usage()).contains(new Usage(14, 300, 0, 21));
    }

    @Test
    void readsTheSearchesThatAnthropicNames() {
        whole(JSON, """
                {"type": "message", "model": "claude", "usage": {"input_tokens": 6, "output_tokens": 9,
                 "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 5}}}""");

        assertThat(exchange.report().usage()).contains(new Usage(6, 9, 0, 2));
    }

    @Test
    void countsTheSearchesAmongWhatAModelOfOpenAiDid() {
        whole(JSON, """
                {"object": "response", "model": "gpt-5", "output": [
                  {"type": "reasoning", "summary": [{"type": "web_search_call"}]},
                  {"id": "1", "type": "web_search_call", "status": "completed",
                   "action": {"type": "search", "query": "x", "sources": [{"type": "url", "url": "y"}]}},
                  {"action": {"type": "open_page", "url": "y"}, "type": "web_search_call"},
                  {"type": "web_search_call", "action": {"type": "find_in_page", "pattern": "z"}},
                  {"type": "message", "content": [{"type": "output_text", "text": "web_search_call"}]},
                  {"type": "web_search_call", "status": "completed"}],
                 "usage": {"input_tokens": 36, "output_tokens": 87}}""");

        assertThat(exchange.report().usage()).contains(new Usage(36, 87, 0, 2));
    }

    @Test
    void readsSearchesWithoutTokens() {
        whole(JSON, "{\"usage\": {\"num_search_queries\": 3}}");

        assertThat(exchange.report().usage()).contains(new Usage(0, 0, 0, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-3", "10001", "99999999999999999999", "1.5", "\"many\"", "null", "{}"})
    void ignoresAnAbsurdNumberOfSearches(String searches) {
        whole(JSON, "{\"usage\": {\"prompt_tokens\": 1, \"num_search_queries\": " + searches + "}}");

        assertThat(exchange.report().usage()).contains(new Usage(1, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"usage\": {\"prompt_tokens\": -1, \"completion_tokens\": \"many\", \"cost\": {\"total_cost\": -2}}}",
                "{\"usage\": {\"prompt_tokens\": null, \"completion_tokens\": 0, \"cost\": {\"total_cost\": 0}}}",
                "{\"usage\": {\"prompt_tokens\": 1.5, \"cost\": {\"total_cost\": 1e999999999}}}",
                "{\"usage\": 5, \"model\": 7}",
                "{\"usage\": null, \"model\": {\"usage\": {\"prompt_tokens\": 1}}}",
                "[{\"usage\": {\"prompt_tokens\": 1}}]",
                "\"usage\"",
                "no JSON at all",
                ""
            })
    void learnsNothingFromNonsense(String body) {
        whole(JSON, body);

        assertThat(exchange.report())
                .hasToString("CallReport[status=0, code=null, model=null, usage=null, cost=null, headers=[]]");
        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
        assertThat(exchange.faults()).isZero();
    }

    @Test
    void takesTooManyTokensForTheMostThereCanBe() {
        whole(JSON, """
                {"usage": {"prompt_tokens": 99999999999, "completion_tokens": 1,
                 "prompt_tokens_details": {"cached_tokens": 99999999999}}}""");

        assertThat(exchange.report().usage()).contains(new Usage(Integer.MAX_VALUE, 1, Integer.MAX_VALUE));
    }

    @Test
    void looksPastLargeEmbeddings() {
        String vector = "0.0123456789,".repeat(200_000) + "1";

        whole(JSON, "{\"data\": [{\"embedding\": [" + vector + "]}], \"usage\": {\"prompt_tokens\": 8}}");

        assertThat(exchange.report().usage()).contains(new Usage(8, 0, 0));
    }

    @Test
    void givesUpOnATextThatIsTooLong() {
        AnswerReader reader = exchange.reader(JSON);
        byte[] spaces = " ".repeat(1024 * 1024).getBytes(StandardCharsets.UTF_8);

        reader.read(bytes("{"), 0, 1);
        for (int i = 0; i < 9; i++) {
            reader.read(spaces, 0, spaces.length);
        }
        reader.read(ByteBuffer.wrap(bytes("\"usage\": {\"prompt_tokens\": 8}}")));
        reader.completed();

        assertThat(exchange.report().usage()).isEmpty();
        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
    }

    @Test
    void givesUpOnAStringThatIsTooLong() {
        whole(JSON, "{\"b64_json\": \"" + "A".repeat(300_000) + "\", \"usage\": {\"prompt_tokens\": 8}}");

        assertThat(exchange.report().usage()).isEmpty();
        assertThat(exchange.faults()).isZero();
    }

    @Test
    void leavesBuffersAsTheyAre() {
        ByteBuffer direct =
                ByteBuffer.allocateDirect(CHAT.length() * 2).put(bytes(CHAT)).flip();
        int before = direct.remaining();
        AnswerReader reader = exchange.reader(JSON);

        reader.read(direct);
        reader.completed();

        assertThat(direct.remaining()).isEqualTo(before);
        assertThat(exchange.report().model()).contains("gpt-5-2026");
    }

    @Test
    void aJsonTextThatWasReadToItsLastBraceIsCompleteWhenClosed() {
        AnswerReader reader = exchange.reader(JSON);

        reader.read(ByteBuffer.wrap(bytes(CHAT)));
        reader.closed();

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
        assertThat(exchange.report().usage()).isPresent();
    }

    @Test
    void aJsonTextThatNobodyReadsToItsEndIsComplete() {
        AnswerReader reader = exchange.reader(JSON);

        reader.read(ByteBuffer.wrap(bytes(CHAT.substring(0, 75))));
        reader.closed();

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
        assertThat(exchange.report().model()).contains("gpt-5-2026");
    }

    @Test
    void aBodyThatNobodyLooksAtIsComplete() {
        exchange.reader(JSON).closed();

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
    }

    @Test
    void aStreamThatNobodyLooksAtIsGivenUp() {
        exchange.reader("text/event-stream").closed();

        assertThat(exchange.verdict()).isEqualTo("IGNORED CANCELLED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/octet-stream", "", "nonsense;;;"})
    void ofAnUnknownBodyNothingIsLearned(String type) {
        AnswerReader reader = exchange.reader(type);

        reader.read(ByteBuffer.wrap(bytes(CHAT)));
        reader.read(ByteBuffer.allocateDirect(4));
        reader.closed();

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
        assertThat(exchange.report().model()).isEmpty();
    }

    @Test
    void aJsonTextThatEndsBeforeItsLastBraceIsAFailure() {
        whole(JSON, CHAT.substring(0, CHAT.length() / 2));

        assertThat(exchange.verdict()).isEqualTo("FAILURE CONNECTION");
    }

    @Test
    void aBodyThatBreaksOffIsAFailure() {
        AnswerReader reader = exchange.reader(JSON);

        reader.read(ByteBuffer.wrap(bytes(CHAT.substring(0, 75))));
        reader.failed(new IOException("reset"));
        reader.completed();

        assertThat(exchange.verdict()).isEqualTo("FAILURE CONNECTION");
        assertThat(exchange.report().model()).contains("gpt-5-2026");
    }

    @Test
    void whatBreaksAfterTheLastBraceChangesNothing() {
        AnswerReader reader = exchange.reader(JSON);

        reader.read(ByteBuffer.wrap(bytes(CHAT)));
        reader.failed(new IOException("reset"));

        assertThat(exchange.verdict()).isEqualTo("SUCCESS");
    }

    private void whole(String type, String body) {
        AnswerReader reader = exchange.reader(type);
        byte[] bytes = bytes(body);
        reader.read(bytes, 0, bytes.length);
        reader.completed();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
