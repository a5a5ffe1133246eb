package io.servicebreaker.spring;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Says which beans something guarded may take the place of: whoever asks for a bean by the type that it was declared with
 * must still find it. Safe for use by many threads.
 */
public final class DeclaredBeans {

    private static final Logger log = LoggerFactory.getLogger(DeclaredBeans.class);

    private final ConfigurableListableBeanFactory beans;
    private final String way;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * The beans of a factory.
     *
     * @param way how else to guard one, for the log
     */
    public DeclaredBeans(ConfigurableListableBeanFactory beans, String way) {
        this.beans = beans;
        this.way = way;
    }

    /** Whether the bean may become another of that type; logged once if it may not. */
    public boolean mayBecome(Class<?> type, String name) {
        Class<?> declared = declaredType(name);
        if (declared == null || declared.isAssignableFrom(type)) {
            return true;
        }
        if (told.add(name)) {
            log.warn(
                    "Bean '{}' is not guarded, since it is declared as {}: declare it as {}, or use what {} makes of it",
                    name,
                    declared.getName(),
                    type.getSimpleName(),
                    way);
        }
        return false;
    }

    private @Nullable Class<?> declaredType(String name) {
        Class<?> type = beans.containsBeanDefinition(name)
                ? beans.getMergedBeanDefinition(name).getResolvableType().resolve()
                : null;
        return type == null || FactoryBean.class.isAssignableFrom(type) ? null : type;
    }
}
