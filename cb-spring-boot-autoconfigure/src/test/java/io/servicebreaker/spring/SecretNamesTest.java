package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept from a service that is asked instead of another. */
class SecretNamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "Proxy-Authorization",
                "Cookie",
                "x-api-key",
                "API-Key",
                "api_key",
                "apikey",
                "key",
                "x-goog-api-key",
                "Ocp-Apim-Subscription-Key",
                "x-functions-key",
                "X-Auth-Token",
                "X-Amz-Security-Token",
                "X-Amz-Signature",
                "X-Amz-Credential",
                "access_token",
                "client_secret",
                "password",
                "Mcp-Session-Id",
                "sig",
                "X-Jwt-Assertion",
                "client_assertion",
                "SAML-Assertion",
                "X-Passphrase",
                "X-Hmac-Sha256",
                "bearer_id",
                "X-Ticket",
                "X-Token-Value",
                "access_tokens",
                "pass",
                "DPoP"
            })
    void includeWhatCarriesSecrets(String name) {
        assertThat(SecretNames.include(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept",
                "Content-Type",
                "Idempotency-Key",
                "traceparent",
                "X-Request-Id",
                "User-Agent",
                "anthropic-version",
                "max_tokens",
                "max_completion_tokens",
                "x-ratelimit-remaining-tokens",
                "token_count",
                "tokenizer",
                "passage",
                "keyword",
                "api-version",
                "author"
            })
    void leaveTheRest(String name) {
        assertThat(SecretNames.include(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer abc", "basic am86c2VjcmV0", " Digest x", "Token abc", "ApiKey x", "eyJhbGciOi.e30.x"})
    void knowCredentialsByTheirScheme(String value) {
        assertThat(SecretNames.isCredential(value)).isTrue();
        assertThat(SecretNames.isCredential("bearers of news")).isFalse();
    }
}
