package io.servicebreaker.spring.openai;

import com.openai.core.ClientOptions;
import com.openai.core.LogLevel;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.ExchangeSource;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts our HTTP client below a client of the SDK.
 *
 * @param around the call in which all requests are sent; null for the one that is current when each is
 */
record Hook(
        ExchangeSource<HttpRequest> exchanges,
        Hearing hearing,
        @Nullable OngoingCall around) {

    Hook within(OngoingCall call) {
        return new Hook(exchanges, hearing, call);
    }

    /** The options do not tell their HTTP client, but what they build does: here without what is to be above of ours. */
    void addTo(ClientOptions.Builder options) {
        ClientOptions before = options.build();
        HttpClient plain = options.maxRetries(0).logLevel(LogLevel.OFF).build().httpClient();
        options.maxRetries(before.maxRetries())
                .logLevel(before.logLevel())
                .httpClient(new GuardedHttpClient(plain, exchanges, hearing, around));
    }

    static boolean isGuarded(Object client) {
        if (!Proxy.isProxyClass(client.getClass())) {
            return false;
        }
        InvocationHandler handler = Proxy.getInvocationHandler(client);
        return handler instanceof GuardedClient || handler instanceof GuardedAsyncClient;
    }

    /** By reflection, since the parts that a client has differ from version to version. */
    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @SuppressWarnings("unchecked") // the only parameter of withOptions
    static Consumer<ClientOptions.Builder> modifier(Object @Nullable [] arguments) {
        return (Consumer<ClientOptions.Builder>) Objects.requireNonNull(arguments)[0];
    }

    /** What a proxy answers to {@code equals} and, without arguments, to {@code hashCode}. */
    static Object identity(Object proxy, Object @Nullable [] arguments) {
        if (arguments == null) {
            return System.identityHashCode(proxy);
        }
        return proxy == arguments[0];
    }

    static @Nullable Object invoke(Method method, Object target, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
