package dev.twoliter.oci.internal.http;

import dev.twoliter.api.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Connections to servers, directly or through a proxy, kept for the next request. Thread-safe. */
public final class Transport implements AutoCloseable {

    private static final long MAX_IDLE_NANOS = Duration.ofSeconds(20).toNanos();
    private static final int MAX_IDLE = 16;
    private static final int SMALL = 1 << 16;
    private static final long WATCH_MILLIS = 500;

    private final ProxyRules proxies;
    private final TlsTrust trust;
    private final Duration connectTimeout;
    private final Duration patience;
    private final Map<Address, Deque<Connection>> idle = new HashMap<>();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private @Nullable Thread watchdog;
    private boolean closed;

    /**
     * Prepares; connects to nothing.
     *
     * @param proxies which servers are reached through which proxy
     * @param trust whom TLS trusts
     * @param connectTimeout how long a connection may take to come about
     * @param patience how long next to nothing may be sent or received
     */
    public Transport(ProxyRules proxies, TlsTrust trust, Duration connectTimeout, Duration patience) {
        this.proxies = proxies;
        this.trust = trust;
        this.connectTimeout = connectTimeout;
        this.patience = patience;
    }

    /**
     * Prepares what an environment asks for: its proxies, and the authorities of {@code SSL_CERT_FILE}; connects to nothing.
     *
     * @param environment the environment
     * @param bundles further authorities
     * @param connectTimeout how long a connection may take to come about
     * @param patience how long next to nothing may be sent or received
     * @return the transport
     * @throws IllegalArgumentException if a variable has no proper value; the message does not show it
     */
    public static Transport of(
            Environment environment, List<Path> bundles, Duration connectTimeout, Duration patience) {
        List<Path> all = new ArrayList<>(bundles);
        environment.variable("SSL_CERT_FILE").map(Path::of).ifPresent(all::add);
        return new Transport(ProxyRules.of(environment), new TlsTrust(all), connectTimeout, patience);
    }

    /**
     * Sends a request and waits for the head of the answer.
     *
     * @return the answer, to be closed
     * @throws UnreachableException if there is no connection
     * @throws IOException if the connection breaks
     */
    public Response send(Request request) throws IOException {
        Address address = Address.of(request.uri());
        Optional<Proxy> proxy = proxies.proxyFor(address);
        boolean relayed = proxy.isPresent() && !address.tls();
        String target = relayed ? "http://" + address.authority() + request.target() : request.target();
        Headers more = relayed ? proxy.get().authorization() : new Headers();
        while (true) {
            Connection connection = take(address).orElse(null);
            if (connection == null) {
                connection = connect(address, proxy);
            }
            boolean used = connection.isUsed();
            try {
                return connection.exchange(request, target, more);
            } catch (IOException e) {
                end(connection);
                if (!used || !isWorthASecondTry(request, e)) {
                    throw e;
                }
            } catch (RuntimeException | Error e) {
                end(connection);
                throw e;
            }
        }
    }

    /** A server may give up an idle connection at the very moment that we take it. */
    private static boolean isWorthASecondTry(Request request, IOException e) {
        return (request.body() == null || request.body().length() <= SMALL)
                && !(e instanceof SocketTimeoutException || e instanceof ProtocolException)
                && !Thread.currentThread().isInterrupted();
    }

    private Connection connect(Address address, Optional<Proxy> proxy) throws IOException {
        Address first = proxy.map(Proxy::address).orElse(address);
        SocketChannel channel = reach(first);
        try {
            if (address.tls() && proxy.isPresent()) {
                openTunnel(channel, address, proxy.get());
            }
            Socket socket = address.tls() ? secure(channel, address) : channel.socket();
            Connection connection = new Connection(address, channel, socket, patience, this::keep);
            register(connection);
            return connection;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private SocketChannel reach(Address address) throws IOException {
        IOException failure = null;
        try {
            for (InetAddress one : InetAddress.getAllByName(address.host())) {
                SocketChannel channel = SocketChannel.open();
                try {
                    channel.socket()
                            .connect(
                                    new InetSocketAddress(one, address.port()),
                                    Math.toIntExact(connectTimeout.toMillis()));
                    channel.socket().setTcpNoDelay(true);
                    return channel;
                } catch (IOException e) {
                    channel.close();
                    failure = e;
                }
            }
        } catch (UnknownHostException e) {
            throw new UnreachableException("the host name " + address.host() + " is unknown", e);
        }
        IOException cause = failure == null ? new IOException("no address") : failure;
        throw new UnreachableException("no connection to " + address.authority() + ": " + cause.getMessage(), cause);
    }

    /** Asks a proxy for a tunnel (RFC 9110, 9.3.6). The connection to it is not one for requests. */
    private void openTunnel(SocketChannel channel, Address address, Proxy proxy) throws IOException {
        Connection connection = new Connection(address, channel, channel.socket(), patience, c -> {});
        Request request = new Request("CONNECT", URI.create("http://" + address.authority()), new Headers(), null);
        Response response = connection.exchange(request, address.authority(), proxy.authorization());
        if (response.status() / 100 != 2) {
            throw new ProxyRefusalException(proxy.address().authority(), response.status());
        }
    }

    private Socket secure(SocketChannel channel, Address address) throws IOException {
        SSLSocket socket = (SSLSocket)
                trust.context().getSocketFactory().createSocket(channel.socket(), address.host(), address.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!address.host().contains(":") && !address.host().matches("[0-9.]+")) {
            parameters.setServerNames(List.of(new SNIHostName(address.host())));
        }
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(Math.toIntExact(connectTimeout.toMillis()));
        socket.startHandshake();
        return socket;
    }

    private synchronized Optional<Connection> take(Address address) {
        Deque<Connection> waiting = idle.getOrDefault(address, new ArrayDeque<>());
        while (!waiting.isEmpty()) {
            Connection connection = waiting.pop();
            if (connection.isFresh(MAX_IDLE_NANOS)) {
                return Optional.of(connection);
            }
            end(connection);
        }
        return Optional.empty();
    }

    private synchronized void keep(Connection connection) {
        Deque<Connection> waiting = idle.computeIfAbsent(connection.address(), a -> new ArrayDeque<>());
        if (closed || waiting.size() >= MAX_IDLE) {
            end(connection);
        } else {
            waiting.push(connection);
        }
    }

    private void end(Connection connection) {
        open.remove(connection);
        connection.close();
    }

    private synchronized void register(Connection connection) throws IOException {
        if (closed) {
            throw new IOException("the store is closed");
        }
        open.removeIf(c -> !c.isOpen());
        open.add(connection);
        if (watchdog == null) {
            watchdog = new Thread(this::watch, "twoliter-transfers");
            watchdog.setDaemon(true);
            watchdog.start();
        }
    }

    /** Ends what stalls and what nobody has taken for long, and itself with the last connection. */
    private void watch() {
        do {
            try {
                Thread.sleep(WATCH_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            open.forEach(connection -> connection.endStalledWrite(now));
        } while (anyOpen());
    }

    private synchronized boolean anyOpen() {
        for (Deque<Connection> waiting : idle.values()) {
            waiting.removeIf(connection -> {
                boolean stale = !connection.isFresh(MAX_IDLE_NANOS);
                if (stale) {
                    end(connection);
                }
                return stale;
            });
        }
        open.removeIf(connection -> !connection.isOpen());
        if (open.isEmpty()) {
            watchdog = null;
            return false;
        }
        return true;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (watchdog != null) {
            watchdog.interrupt();
        }
        open.forEach(Connection::close);
        open.clear();
        idle.clear();
    }
}
