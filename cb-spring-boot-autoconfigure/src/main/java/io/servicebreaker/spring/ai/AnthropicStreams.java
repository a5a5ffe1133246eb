package io.servicebreaker.spring.ai;

import com.anthropic.client.AnthropicClientAsync;
import com.anthropic.core.ClientOptions;
import com.anthropic.core.LogLevel;
import com.anthropic.core.RequestOptions;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpResponse;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets the asynchronous client of Anthropic's SDK send on threads that know the call: that in which the client is asked
 * for its part, as in {@code client.messages()}. What is sent there is heard by {@link AttemptInterceptor}.
 */
record AnthropicStreams(StreamThreads threads) {

    AnthropicClientAsync guard(AnthropicClientAsync client) {
        return (AnthropicClientAsync) Proxy.newProxyInstance(
                AnthropicClientAsync.class.getClassLoader(),
                new Class<?>[] {AnthropicClientAsync.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "messages", "beta" -> invoke(method, within(CurrentCall.get(), client), arguments);
                    default -> invoke(method, client, arguments);
                });
    }

    private AnthropicClientAsync within(@Nullable OngoingCall call, AnthropicClientAsync client) {
        return client.withOptions(options -> addTo(options, call));
    }

    /** The options do not tell their HTTP client, but what they build does: here without what is to be above of ours. */
    private void addTo(ClientOptions.Builder options, @Nullable OngoingCall call) {
        ClientOptions before = options.build();
        HttpClient plain = options.maxRetries(0)
                .logLevel(LogLevel.OFF)
                .interceptors(List.of())
                .build()
                .httpClient();
        options.maxRetries(before.maxRetries())
                .logLevel(before.logLevel())
                .interceptors(before.interceptors())
                .httpClient(new SendingHttpClient(plain, threads, call));
    }

    private static @Nullable Object invoke(Method method, Object target, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private record SendingHttpClient(
            HttpClient delegate,
            StreamThreads threads,
            @Nullable OngoingCall call) implements HttpClient {

        @Override
        public HttpResponse execute(HttpRequest request, RequestOptions options) {
            return delegate.execute(request, options);
        }

        @Override
        public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
            return threads.send(call, () -> delegate.execute(request, options));
        }

        /** Does nothing: it is closed when it is no longer used, and then its delegate may still be. */
        @Override
        public void close() {}
    }
}
