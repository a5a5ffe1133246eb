package io.servicebreaker.spring.langchain4j;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import io.servicebreaker.spring.ExchangeSource;
import java.time.Duration;
import org.springframework.util.ClassUtils;

/** Builds what another builder does, guarded. */
final class GuardedHttpClientBuilder implements HttpClientBuilder {

    private static final boolean JDK = ClassUtils.isPresent(
            "dev.langchain4j.http.client.jdk.JdkHttpClientBuilder", GuardedHttpClientBuilder.class.getClassLoader());

    private final HttpClientBuilder delegate;
    private final ExchangeSource<HttpRequest> exchanges;
    private final Hearing hearing;

    GuardedHttpClientBuilder(HttpClientBuilder delegate, ExchangeSource<HttpRequest> exchanges, Hearing hearing) {
        this.delegate = delegate;
        this.exchanges = exchanges;
        this.hearing = hearing;
        if (JDK) {
            JdkHook.addTo(delegate);
        }
    }

    @Override
    public Duration connectTimeout() {
        return delegate.connectTimeout();
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
        delegate.connectTimeout(timeout);
        return this;
    }

    @Override
    public Duration readTimeout() {
        return delegate.readTimeout();
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
        delegate.readTimeout(timeout);
        return this;
    }

    @Override
    public HttpClient build() {
        return new GuardedHttpClient(delegate.build(), exchanges, hearing);
    }
}
