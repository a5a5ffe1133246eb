package io.servicebreaker.sample.simulator;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The simulated providers on their own port.
 *
 * <p>The port is taken when the simulator is made, not when it starts, so that clients can learn their base URLs before.
 */
public final class Simulator implements SmartLifecycle, AutoCloseable {

    static final List<String> PROVIDERS = List.of("openai", "perplexity", "lightrag");

    private static final Logger log = LoggerFactory.getLogger(Simulator.class);
    private static final int BACKLOG = 1024;

    static {
        // The server sends head and body apart; without this every answer waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Map<String, SimulatedProvider> providers;
    private final @Nullable Replay replay;
    private final Pause pause;
    private final Duration hangLimit;
    private final InetSocketAddress address;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;

    Simulator(
            SimulatorProperties properties,
            Map<String, SimulatedProvider> providers,
            @Nullable Replay replay,
            Pause pause) {
        this.providers = providers;
        this.replay = replay;
        this.pause = pause;
        this.hangLimit = properties.hangLimit();
        HttpServer bound = bind(new InetSocketAddress(properties.address(), properties.port()));
        this.server = bound;
        this.address =
                new InetSocketAddress(properties.address(), bound.getAddress().getPort());
    }

    /**
     * Where clients find a provider, as they would be given its real address.
     *
     * @param provider {@code openai}, {@code perplexity} or {@code lightrag}
     */
    public URI baseUrl(String provider) {
        if (!PROVIDERS.contains(provider)) {
            throw new IllegalArgumentException(
                    "No provider '" + provider + "' is simulated, only " + String.join(", ", PROVIDERS));
        }
        return url("/" + provider + (provider.equals("openai") ? "/v1" : ""));
    }

    /** Where faults are switched: {@code PUT} to this address, a slash and the provider. */
    public URI controlUrl() {
        return url(ControlHandler.PATH);
    }

    private URI url(String path) {
        return URI.create("http://" + address.getHostString() + ":" + address.getPort() + path);
    }

    @Override
    public synchronized void start() {
        if (isRunning()) {
            return;
        }
        HttpServer started = server != null ? server : bind(address);
        ExecutorService executor = Executors.newCachedThreadPool(Simulator::thread);
        pause.allow();
        started.createContext(
                "/",
                http -> new Connection(http, new Traffic(), pause)
                        .send(ControlHandler.problem(404, "Not Found", "Nothing is simulated here"), Duration.ZERO));
        started.createContext(ControlHandler.PATH, new ControlHandler(providers, pause));
        providers.forEach((name, provider) ->
                started.createContext("/" + name + "/", new ProviderHandler(provider, pause, hangLimit)));
        started.setExecutor(executor);
        started.start();
        if (replay != null) {
            replay.rewind();
            executor.execute(() -> follow(replay));
        }
        server = started;
        threads = executor;
        log.info("Simulating {} at {}", String.join(", ", providers.keySet()), url(""));
    }

    @Override
    public synchronized void stop() {
        pause.endAll();
        if (server != null) {
            server.stop(0);
            server = null;
        }
        if (threads != null) {
            threads.shutdownNow();
            threads = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return threads != null;
    }

    /** Also gives back the port of a simulator that never started. */
    @Override
    public void close() {
        stop();
    }

    /** Starts before the web server and stops after it, so that nobody who asks the assistant finds it gone. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void follow(Replay followed) {
        do {
            followed.announce();
        } while (pause.lasts(followed.untilNextStretch()));
    }

    private static HttpServer bind(InetSocketAddress address) {
        try {
            return HttpServer.create(address, BACKLOG);
        } catch (BindException ex) {
            throw new SimulatorPortTakenException(address.getPort(), ex);
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot listen on " + address, ex);
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "simulator");
        thread.setDaemon(true);
        return thread;
    }
}
