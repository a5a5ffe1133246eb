package io.servicebreaker.benchmarks.spring;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What any annotation that works through Spring AOP costs at least: a class proxy and one interceptor. */
@Configuration(proxyBeanMethods = false)
class NoOpAdviceConfiguration {

    @Bean
    Answers answers() {
        return new Answers();
    }

    @Bean
    static DefaultAdvisorAutoProxyCreator proxies() {
        DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
        creator.setProxyTargetClass(true);
        return creator;
    }

    @Bean
    static Advisor noOp() {
        NameMatchMethodPointcut pointcut = new NameMatchMethodPointcut();
        pointcut.setMappedName("answer");
        MethodInterceptor advice = MethodInvocation::proceed;
        return new DefaultPointcutAdvisor(pointcut, advice);
    }
}
