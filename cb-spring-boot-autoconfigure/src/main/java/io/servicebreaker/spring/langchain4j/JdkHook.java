package io.servicebreaker.spring.langchain4j;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;

/** Lets LangChain4j's usual client build JDK clients that note the headers of errors. Apart, since it may be absent. */
final class JdkHook implements InvocationHandler {

    private final HttpClient.Builder builder;

    private JdkHook(HttpClient.Builder builder) {
        this.builder = builder;
    }

    static void addTo(HttpClientBuilder builder) {
        if (builder instanceof JdkHttpClientBuilder jdk) {
            HttpClient.Builder own = jdk.httpClientBuilder();
            jdk.httpClientBuilder(proxy(own == null ? HttpClient.newBuilder() : own));
        }
    }

    private static HttpClient.Builder proxy(HttpClient.Builder builder) {
        Class<?>[] types = {HttpClient.Builder.class};
        return (HttpClient.Builder) Proxy.newProxyInstance(JdkHook.class.getClassLoader(), types, new JdkHook(builder));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object result;
        try {
            result = method.invoke(builder, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (result instanceof HttpClient client) {
            return new HeardJdkClient(client);
        }
        return result == builder ? proxy : result;
    }
}
