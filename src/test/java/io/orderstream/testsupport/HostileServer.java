package io.orderstream.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A server that answers every HTTP request with a beginning, and then with the same bytes again and again. Thread safe. */
public final class HostileServer implements AutoCloseable {

    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong written = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final byte[] beginning;
    private final byte[] again;
    private final long most;
    private final long pauseMillis;

    /**
     * @param beginning status line, headers and the first bytes of the body, as they are sent
     * @param again what is sent from then on
     * @param most bytes after which it is silent, and keeps the connection
     * @param pauseMillis time between two writes
     */
    public HostileServer(String beginning, byte[] again, long most, long pauseMillis) {
        this.beginning = beginning.getBytes(StandardCharsets.ISO_8859_1);
        this.again = again.clone();
        this.most = most;
        this.pauseMillis = pauseMillis;
        try {
            this.socket = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                threads.execute(() -> serve(connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket connection) {
        open.incrementAndGet();
        try (connection; InputStream in = connection.getInputStream(); OutputStream out = connection.getOutputStream()) {
            // The first part of the request is all it waits for.
            if (in.read(new byte[65_536]) < 0) {
                return;
            }
            out.write(beginning);
            for (long sent = beginning.length; sent < most; sent += again.length) {
                out.write(again);
                written.addAndGet(again.length);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
            }
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The client has closed the connection.
        } finally {
            open.decrementAndGet();
        }
    }

    /** Bytes written by all answers, without their beginnings. */
    public long written() {
        return written.get();
    }

    /** Connections that the client has not closed. */
    public int open() {
        return open.get();
    }

    public String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
