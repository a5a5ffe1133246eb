package io.servicebreaker.benchmarks;

import io.servicebreaker.benchmarks.startup.EmptyApplication;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Start-up of an empty web and actuator application with and without each starter, and with nothing but the Prometheus
 * registry that ours brings.
 *
 * <p>One breaker is configured. Each start is a fresh JVM, timed from outside until it says that it is ready. The variants take turns, so that a
 * busy minute of the machine hits all of them.
 */
public final class StartupTime {
    private static final List<String> STARTERS = List.of("resilience4j", "servicebreaker");

    private final Path jars;

    private StartupTime(Path jars) {
        this.jars = jars;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
        new StartupTime(besideThisJar()).run(rounds);
    }

    private void run(int rounds) throws IOException, InterruptedException {
        Timings timings = new Timings();
        Map<String, String> classPaths = classPaths();
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<String, String> variant : classPaths.entrySet()) {
                double taken = startOnce(variant.getValue());
                if (round > 0) { // the first start of each only fills the file cache
                    timings.add(variant.getKey(), taken);
                }
            }
        }
        timings.print();
    }

    private Map<String, String> classPaths() throws IOException {
        String base = jars.resolve("application") + File.separator + "*";
        Map<String, String> classPaths = new LinkedHashMap<>();
        classPaths.put("without", base);
        for (String starter : STARTERS) {
            if (Files.isDirectory(jars.resolve(starter))) {
                classPaths.put(starter, base + File.pathSeparator + jars.resolve(starter) + File.separator + "*");
            }
        }
        classPaths.put("prometheusRegistry", base + File.pathSeparator + registry());
        return classPaths;
    }

    private String registry() throws IOException {
        try (Stream<Path> brought = Files.list(jars.resolve("servicebreaker"))) {
            return brought.filter(jar -> jar.getFileName().toString().contains("prometheus"))
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    private static double startOnce(String classPath) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process =
                new ProcessBuilder(command(classPath)).redirectErrorStream(true).start();
        List<String> output = new ArrayList<>();
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.equals(EmptyApplication.READY)) {
                    long taken = System.nanoTime() - start;
                    process.waitFor();
                    return taken / (double) Duration.ofMillis(1).toNanos();
                }
                output.add(line);
            }
        }
        throw new IllegalStateException("did not start: " + String.join(System.lineSeparator(), output));
    }

    private static List<String> command(String classPath) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                EmptyApplication.class.getName(),
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--management.endpoints.web.exposure.include=*",
                "--resilience4j.circuitbreaker.instances.answers.sliding-window-size=100",
                "--service-breaker.services.answers.failure-threshold=5");
    }

    private static Path besideThisJar() throws URISyntaxException, IOException {
        Path jar = Path.of(StartupTime.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path jars = jar.resolveSibling("startup");
        try (Stream<Path> found = Files.list(jars.resolve("application"))) {
            if (found.findAny().isEmpty()) {
                throw new IllegalStateException("no jars in " + jars);
            }
        }
        return jars;
    }
}
