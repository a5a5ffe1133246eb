package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointPatternTest {

    @ParameterizedTest(name = "{0} covers {1}")
    @CsvSource({
        "https://api.openai.com/**, https://api.openai.com/v1/chat/completions?stream=true",
        "https://api.openai.com, https://api.openai.com/v1/chat/completions",
        "https://api.openai.com/**, https://API.OpenAI.com:443",
        "https://*.openai.azure.com/openai/**, https://ours.openai.azure.com/openai/deployments/a/chat",
        "http://localhost:9621/query*, http://localhost:9621/query",
        "http://localhost:*/v1/**, http://localhost:49152/v1/models",
        "http://rag.internal/**, http://rag.internal:80/query",
        "HTTPS://Api.Perplexity.ai/chat/*, https://api.perplexity.ai/chat/completions",
    })
    void coversAddresses(String pattern, URI url) {
        assertThat(EndpointPattern.parse(pattern).orElseThrow().matches(url)).isTrue();
    }

    @ParameterizedTest(name = "{0} does not cover {1}")
    @CsvSource({
        "https://api.openai.com/**, http://api.openai.com/v1/models",
        "https://api.openai.com/**, https://api.openai.com.evil.example/v1/models",
        "https://api.openai.com/**, https://evil.example/api.openai.com/v1",
        "https://api.openai.com/**, https://api.openai.com@evil.example/v1",
        "https://api.openai.com/v1/**, https://api.openai.com/v2/models",
        "https://api.openai.com/v1/*, https://api.openai.com/v1/chat/completions",
        "http://localhost:9621/**, http://localhost:9622/query",
        "https://api.openai.com/**, mailto:someone@api.openai.com",
        "https://api.openai.com/**, /v1/chat/completions",
    })
    void leavesOthersAlone(String pattern, URI url) {
        assertThat(EndpointPattern.parse(pattern).orElseThrow().matches(url)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api.openai.com/**",
                "ftp://api.openai.com/**",
                "https://",
                "https:///v1",
                "https://host:port/**",
                "https://host:70000/**",
                "https://user@host/**",
                "https://host/v1?x=1",
            })
    void isNoPattern(String text) {
        assertThat(EndpointPattern.parse(text)).isEmpty();
    }
}
