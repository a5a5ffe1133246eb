package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestModelTest {

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
    void isReadFromTheTopOfTheBody(String body, String model) {
        assertThat(RequestModel.in(body.getBytes(StandardCharsets.UTF_8))).isEqualTo(model);
    }
}
