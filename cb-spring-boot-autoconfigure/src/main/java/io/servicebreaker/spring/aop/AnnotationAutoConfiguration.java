package io.servicebreaker.spring.aop;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.coordination.Decisions;
import io.servicebreaker.provider.StreamContent;
import io.servicebreaker.provider.StreamErrorReader;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.spring.Hops;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.ServiceBreakerProperties;
import io.servicebreaker.spring.ServiceCosts;
import io.servicebreaker.time.TimeSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** Makes {@link io.servicebreaker.annotation.ServiceBreaker} work on beans. */
@AutoConfiguration(after = ServiceBreakerAutoConfiguration.class)
@ConditionalOnBean(CallOrchestrator.class)
@Import(ProxyCreatorRegistrar.class)
public final class AnnotationAutoConfiguration {

    /** Where an application has an orchestrator of its own and none of our settings. */
    private static final int USUAL_MAX_DEPTH = 8;

    AnnotationAutoConfiguration() {}

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static Declarations serviceBreakerDeclarations(Environment environment) {
        return new Declarations(new Placeholders(environment));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ProxyChoice serviceBreakerProxyChoice(Environment environment) {
        return new ProxyChoice(environment);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ServiceBreakerAdvisor serviceBreakerAdvisor(
            Declarations declarations,
            ProxyChoice proxies,
            ObjectProvider<GuardedMethods> methods,
            ObjectProvider<InternalFaults> faults) {
        return new ServiceBreakerAdvisor(
                new ServiceBreakerPointcut(declarations, proxies), new ServiceBreakerInterceptor(methods, faults));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BuiltBeans serviceBreakerBuiltBeans(Declarations declarations) {
        return new BuiltBeans(declarations);
    }

    @Bean
    static Services serviceBreakerServices(
            Breakers breakers,
            ObjectProvider<ConfiguredServices> configured,
            ObjectProvider<StreamContent> contents,
            ObjectProvider<StreamErrorReader> errors,
            InternalFaults faults) {
        return new Services(
                breakers.all().stream().map(Breaker::service).sorted().toList(),
                configured.getIfAvailable(),
                new Elements(
                        contents.orderedStream().toList(),
                        errors.orderedStream().toList(),
                        faults));
    }

    @Bean
    static GuardedMethods serviceBreakerGuardedMethods(
            Declarations declarations,
            CallOrchestrator orchestrator,
            InternalFaults faults,
            Services services,
            Environment environment,
            ConfigurableListableBeanFactory beans,
            ProxyChoice proxies,
            Hops hops) {
        FallbackLookup lookup = new FallbackLookup(beans, proxies);
        return new GuardedMethods(
                declarations,
                new GuardedMethodFactory(
                        orchestrator,
                        faults,
                        services,
                        new Placeholders(environment),
                        new FallbackBinder(beans, lookup, services),
                        new Ladder(declarations, lookup),
                        hops));
    }

    /** Where an application has an orchestrator of its own and none of our beans. */
    @Bean
    @ConditionalOnMissingBean
    static Hops serviceBreakerHops(
            InternalFaults faults,
            ObjectProvider<TimeSource> time,
            ObjectProvider<Decisions> decisions,
            ObjectProvider<ServiceCosts> costs,
            ObjectProvider<ServiceBreakerProperties> properties) {
        ServiceBreakerProperties configured = properties.getIfAvailable();
        return Hops.of(
                time.getIfAvailable(TimeSource::precise),
                faults,
                decisions.getIfAvailable(),
                costs.getIfAvailable(),
                configured == null ? USUAL_MAX_DEPTH : configured.ladder().maxDepth());
    }

    @Bean
    @ConditionalOnMissingBean
    static RetryableFailures serviceBreakerRetryableFailures(Declarations declarations, CallOrchestrator orchestrator) {
        return new RetryableFailures(declarations, orchestrator);
    }

    @Bean
    static SelfInvocations serviceBreakerSelfInvocations(Declarations declarations) {
        SimpleAsyncTaskExecutor background = new SimpleAsyncTaskExecutor("service-breaker-self-invocations-");
        background.setDaemon(true);
        return new SelfInvocations(declarations, background);
    }

    @Bean
    static GuardedBeans serviceBreakerGuardedBeans(
            ConfigurableListableBeanFactory beans,
            Declarations declarations,
            GuardedMethods methods,
            BuiltBeans built,
            ProxyChoice proxies,
            SelfInvocations selfInvocations) {
        return new GuardedBeans(beans, declarations, methods, built, proxies, selfInvocations);
    }
}
