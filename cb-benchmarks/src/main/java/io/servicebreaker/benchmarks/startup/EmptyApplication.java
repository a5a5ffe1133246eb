package io.servicebreaker.benchmarks.startup;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** A web server, the actuator, and whichever starter is on the class path. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class EmptyApplication {
    /** Printed when the application has started and its web server listens. */
    public static final String READY = "application ready";

    public static void main(String[] arguments) {
        SpringApplication.run(EmptyApplication.class, arguments);
        System.out.println(READY);
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
