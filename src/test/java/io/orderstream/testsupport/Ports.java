package io.orderstream.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Ports for processes that are started later. They are below those which systems give to outgoing connections, so that none of
 * these takes one before it is bound, or is connected with itself while a broker is away; and below those of EmbeddedKafka.
 * May be used by any thread.
 */
public final class Ports {

    private static final int LOWEST = 12_000;
    private static final int COUNT = 8_000;

    // One counter for the JVM, which starts anywhere: what is asked for twice before either is bound has to differ.
    private static final AtomicInteger LAST = new AtomicInteger(RandomGenerator.getDefault().nextInt(COUNT));

    private Ports() {
    }

    /** A port nobody listens on, which this JVM has not been given before. */
    public static int free() {
        while (true) {
            int port = LOWEST + Math.floorMod(LAST.incrementAndGet(), COUNT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Somebody listens there: the next one.
            }
        }
    }
}
