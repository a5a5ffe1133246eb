package io.servicebreaker.spring.aop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Checks every bean when the application starts, and reports all mistakes at once.
 *
 * <p>A bean that does not exist yet is checked by its type, without creating it, and again when it is created.
 */
final class GuardedBeans implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(GuardedBeans.class);

    private final ConfigurableListableBeanFactory beans;
    private final Declarations declarations;
    private final GuardedMethods methods;
    private final BuiltBeans built;
    private final ProxyChoice proxies;
    private final SelfInvocations selfInvocations;
    private final CacheOrder caches = new CacheOrder();

    GuardedBeans(
            ConfigurableListableBeanFactory beans,
            Declarations declarations,
            GuardedMethods methods,
            BuiltBeans built,
            ProxyChoice proxies,
            SelfInvocations selfInvocations) {
        this.beans = beans;
        this.declarations = declarations;
        this.methods = methods;
        this.built = built;
        this.proxies = proxies;
        this.selfInvocations = selfInvocations;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<Problem> problems = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        Collections.addAll(names, beans.getBeanDefinitionNames());
        Collections.addAll(names, beans.getSingletonNames());
        for (String name : names) {
            check(name, problems);
        }
        if (!problems.isEmpty()) {
            throw new InvalidServiceBreakerException(problems);
        }
        beans.addBeanPostProcessor(new LateBeans(declarations, this));
    }

    /** Checks a bean that was created after the start. */
    void checkLate(Object bean) {
        Owner owner = Owner.of(bean);
        List<Problem> problems = new ArrayList<>();
        methods.plan(owner, problems);
        selfInvocations.look(owner.userClass());
        caches.check(bean, declarations.all(owner.target()).values());
        if (!problems.isEmpty()) {
            throw new InvalidServiceBreakerException(problems);
        }
    }

    private void check(String name, List<Problem> problems) {
        if (beans.containsBeanDefinition(name)
                && beans.getMergedBeanDefinition(name).isAbstract()) {
            return;
        }
        Object bean = existing(name);
        if (bean == null) {
            checkType(beans.getType(name, false), problems);
        } else if (!(bean instanceof ScopedObject)) { // its target is a bean of its own
            checkBean(name, bean, problems);
        }
    }

    private @Nullable Object existing(String name) {
        Object bean = beans.containsSingleton(name) ? beans.getSingleton(name) : null;
        return bean instanceof FactoryBean<?> ? null : bean;
    }

    private void checkType(@Nullable Class<?> type, List<Problem> problems) {
        if (type == null || ScopedObject.class.isAssignableFrom(type) || !declarations.in(type)) {
            return;
        }
        Owner owner = Owner.ofType(type, proxies);
        methods.make(owner, problems);
        selfInvocations.look(owner.userClass());
    }

    private void checkBean(String name, Object bean, List<Problem> problems) {
        Owner owner = Owner.of(bean);
        if (!declarations.in(owner.target())) {
            return;
        }
        if (!owner.guarded() && !built.include(name)) {
            log.warn(
                    "Bean '{}' was registered ready-made, as mocks of tests are: @ServiceBreaker has no effect on it",
                    name);
            return;
        }
        int before = problems.size();
        methods.plan(owner, problems);
        if (!owner.guarded() && problems.size() == before) {
            reportUnguarded(name, owner, problems);
        }
        selfInvocations.look(owner.userClass());
        caches.check(bean, declarations.all(owner.target()).values());
    }

    private void reportUnguarded(String name, Owner owner, List<Problem> problems) {
        for (Declaration declaration : declarations.all(owner.target()).values()) {
            problems.add(Problem.at(
                    declaration.method(),
                    "Bean '" + name + "' was created before it could be proxied, so its calls are not guarded.",
                    "Let the bean post processor, advisor or factory that needs it early take it as ObjectProvider or "
                            + "@Lazy, or declare that one's @Bean method static."));
        }
    }
}
