package io.servicebreaker.spring.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a server that can be cut, and then refuses connections, or swallows all that is sent. */
final class Proxy implements AutoCloseable {

    private final int target;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket server;
    private volatile boolean swallows;

    Proxy(int target) {
        this.target = target;
        this.server = listen(0);
        this.port = server.getLocalPort();
    }

    int port() {
        return port;
    }

    /** From now on nothing gets through, and nobody is told. */
    void swallow() {
        swallows = true;
    }

    /** Whoever has waited for what was swallowed has to connect again. */
    void spit() {
        swallows = false;
        cut();
    }

    void allow() {
        server = listen(port);
    }

    private ServerSocket listen(int at) {
        try {
            ServerSocket listening = new ServerSocket();
            listening.setReuseAddress(true);
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
            start(() -> accept(listening));
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(behind);
                start(() -> copy(client, behind));
                start(() -> copy(behind, client));
                if (listening.isClosed()) {
                    cut();
                }
            } catch (IOException e) {
                // it is closed, or the client has gone
            }
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] bytes = new byte[8192];
        try (from;
                to;
                InputStream in = from.getInputStream()) {
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (!swallows) {
                    to.getOutputStream().write(bytes, 0, read);
                }
            }
        } catch (IOException e) {
            // it has been cut
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    void refuse() {
        close(server);
        cut();
    }

    private void cut() {
        sockets.forEach(Proxy::close);
        sockets.clear();
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        refuse();
    }
}
