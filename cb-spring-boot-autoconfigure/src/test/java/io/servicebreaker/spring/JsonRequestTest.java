package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRequestTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"gpt-5\",\"messages\":[]} | gpt-5",
                "{\"messages\":[{\"model\":\"not this\"}],\"model\":\"gpt-5\"} | gpt-5",
                "{\"messages\":[{\"model\":\"not this\"}]} | ``",
                "{\"model\":7} | ``",
                "{\"model\":null} | ``",
                "{\"messages\":[ | ``",
                "[\"model\",\"gpt-5\"] | ``",
                "not JSON | ``",
                "`` | ``"
            })
    void theModelIsReadFromTheTopOfTheBody(String body, String model) {
        assertThat(request(body).model()).isEqualTo(model);
    }

    @ParameterizedTest
    @CsvSource({"application/json", "'application/json; charset=utf-8'", "application/vnd.openai+JSON"})
    void theBodyIsAskedForWhereItIsJson(String contentType) {
        JsonRequest request = JsonRequest.of(contentType, -1, to -> to.write(bytes("{\"model\":\"gpt-5\"}")));

        assertThat(request.model()).isEqualTo("gpt-5");
    }

    @ParameterizedTest
    @CsvSource({"multipart/form-data; boundary=b", "audio/wav", ","})
    void noOtherBodyIsAskedFor(String contentType) {
        JsonRequest request = JsonRequest.of(contentType, -1, to -> {
            throw new AssertionError("nobody should ask");
        });

        assertThat(request.isKnown()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 7, 20_000_000, Long.MAX_VALUE})
    void ofABodyThatIsTooLongTheBeginningIsKnown(long length) {
        AtomicInteger written = new AtomicInteger();
        JsonRequest request = JsonRequest.of("application/json", length, to -> {
            to.write(bytes("{\"model\":\"gpt-5\",\"prompt\":[\"abcd\""));
            for (int i = 0; i < 20; i++) {
                to.write(bytes(" ".repeat(1_000_000)));
                to.write(' ');
                written.incrementAndGet();
            }
            to.write(bytes(",\"efgh\"]}"));
        });
        PromptText prompt = new PromptText();
        request.addTo(prompt);

        assertThat(written).hasValue(20);
        assertThat(request.model()).isEqualTo("gpt-5");
        assertThat(prompt.input(String::length)).isEqualTo("abcd|".length());
    }

    @Test
    void nothingIsKnownOfABodyThatCannotBeWritten() {
        JsonRequest request = JsonRequest.of("application/json", 20, to -> {
            to.write(bytes("{\"model\":\"gpt-5\"}"));
            throw new IOException("file is gone");
        });

        assertThat(request.isKnown()).isFalse();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void thePromptOfAChatIsWhatItsMessagesSay() {
        assertThat(prompt("""
                {"model": "gpt-5", "metadata": {"text": "not sent to the model"}, "messages": [
                  {"role": "system", "content": "abcd"},
                  {"role": "user", "content": [{"type": "text", "text": "efgh"}]},
                  {"role": "assistant", "tool_calls": [{"id": "call-1", "type": "function",
                    "function": {"name": "look", "arguments": "{}"}}]}]}""")).isEqualTo("3 messages, abcd|efgh|look|{}|");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"input\":\"abcd\",\"instructions\":\"efgh\"}; abcd|efgh|",
                "{\"input\":[{\"role\":\"user\",\"content\":\"abcd\"}]}; 1 messages, abcd|",
                "{\"input\":[\"abcd\",\"efgh\"]}; abcd|efgh|",
                "{\"system\":[{\"type\":\"text\",\"text\":\"abcd\"}]}; 1 messages, abcd|",
                "{\"query\":\"abcd\",\"mode\":\"mix\"}; abcd|",
                "{\"prompt\":\"abcd\"}; abcd|"
            })
    void thePromptIsWhereverTheProviderExpectsIt(String body, String prompt) {
        assertThat(prompt(body)).isEqualTo(prompt);
    }

    @Test
    void theNamesInTheDescriptionOfAToolAreSentToo() {
        assertThat(prompt("{\"tools\":[{\"name\":\"look\",\"parameters\":{\"type\":\"object\"}}]}"))
                .isEqualTo("1 messages, name|look|parameters|type|object|");
    }

    @Test
    void anImageCountsAsOneAndNotAsText() {
        String image = "data:image/png;base64," + "A".repeat(100_000);
        PromptText prompt = new PromptText();

        request("{\"messages\":[{\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + image + "\"}}]}]}")
                .addTo(prompt);
        request("{\"messages\":[{\"content\":[{\"type\":\"image\",\"source\":{\"data\":\"" + image + "\"}}]}]}")
                .addTo(prompt);

        assertThat(prompt.input(TokenCounter.BY_BYTES)).isEqualTo(2 * (1000 + 4));
    }

    @Test
    void tokensThatAreSentAreCountedOneByOne() {
        PromptText prompt = new PromptText();

        request("{\"input\":[[1,2,3],[4,5]]}").addTo(prompt);

        assertThat(prompt.input(TokenCounter.BY_BYTES)).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"max_tokens\":100', 100",
        "'\"max_completion_tokens\":100,\"n\":3', 300",
        "'\"max_output_tokens\":100', 100",
        "'\"max_tokens\":0', 0",
        "'\"max_tokens\":-1', 0",
        "'\"max_tokens\":2147483647', 0",
        "'\"max_tokens\":99999999999999999999', 0",
        "'\"max_tokens\":\"100\"', 0",
        "'\"max_tokens\":[100]', 0",
        "'\"stream\":true', 0"
    })
    void theLongestAnswerIsRead(String limit, int tokens) {
        PromptText prompt = new PromptText();

        request("{" + limit + "}").addTo(prompt);

        assertThat(prompt.mostOutput()).isEqualTo(tokens);
    }

    @Test
    void ofABrokenTextThePromptIsWhatComesBefore() {
        assertThat(prompt("{\"input\":[\"abcd\",\"efgh")).isEqualTo("abcd|");
        assertThat(prompt("not JSON")).isEmpty();
    }

    private static JsonRequest request(String body) {
        return JsonRequest.of(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String prompt(String body) {
        StringBuilder seen = new StringBuilder();
        PromptText prompt = new PromptText();
        request(body).addTo(prompt);
        int tokens = prompt.input(text -> {
            seen.append(text.replace('\n', '|'));
            return 0;
        });
        return (tokens == 0 ? "" : tokens / 4 + " messages, ") + seen;
    }
}
