package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheableOperation;

/**
 * Warns of answers that are cached inside of the breaker, where Spring puts its caches: each hit then counts as a call
 * that was answered at once, and an open breaker keeps the answers that are there from whoever asks.
 */
final class CacheOrder {

    private static final Logger log = LoggerFactory.getLogger(CacheOrder.class);

    private final AnnotationCacheOperationSource caches = new AnnotationCacheOperationSource();
    private final Set<Method> warned = ConcurrentHashMap.newKeySet();

    void check(Object bean, Collection<Declaration> declarations) {
        if (bean instanceof Advised proxy && isCachedInside(proxy)) {
            declarations.stream()
                    .map(Declaration::method)
                    .filter(method -> isCached(method, proxy.getTargetClass()) && warned.add(method))
                    .forEach(CacheOrder::warn);
        }
    }

    private static boolean isCachedInside(Advised proxy) {
        boolean inside = false;
        for (Advisor advisor : proxy.getAdvisors()) {
            if (inside && advisor instanceof BeanFactoryCacheOperationSourceAdvisor) {
                return true;
            }
            inside |= advisor instanceof ServiceBreakerAdvisor;
        }
        return false;
    }

    private boolean isCached(Method method, @Nullable Class<?> target) {
        Collection<CacheOperation> operations = caches.getCacheOperations(method, target);
        return operations != null && operations.stream().anyMatch(CacheableOperation.class::isInstance);
    }

    private static void warn(Method method) {
        log.warn(
                "{}: the breaker stands before the cache, so a hit counts as a call and an open breaker hides what is "
                        + "cached. Let the cache come first: @EnableCaching(order = Ordered.LOWEST_PRECEDENCE - 20)",
                Problem.describe(method));
    }
}
