package io.orderstream.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Finds out whether a listener speaks TLS where the settings say so, and not where they do not. Kafka's clients cannot say: to
 * a listener without TLS they connect again and again, and of the answer of one with TLS a client without takes the first bytes
 * for a length, for which it wants 350 MB of memory. Sends nothing that is secret. Thread safe.
 */
final class ListenerProbe {

    private static final int CONNECT_MILLIS = 1_000;
    private static final int ANSWER_MILLIS = 2_000;
    /** ApiVersions in its first version, which each broker answers before anybody has said who it is. */
    private static final byte[] HELLO = ByteBuffer.allocate(14).putInt(10).putShort((short) 18).putShort((short) 0).putInt(0)
            .putShort((short) -1).array();
    private static final int TLS_ALERT = 21;

    private ListenerProbe() {
    }

    /**
     * Blocks for up to some seconds.
     *
     * @param protocol the security protocol of the clients
     * @return a sentence if the listener contradicts it; empty if not, or if that cannot be known now
     */
    static Optional<String> contradiction(String host, int port, String protocol) {
        boolean isTls = protocol.contains("SSL");
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            boolean speaksTls = isTls ? handshake(socket, host, port) : hello(socket);
            return speaksTls == isTls ? Optional.empty()
                    : Optional.of("the listener at %s:%d %s, but KAFKA_SECURITY_PROTOCOL is '%s'".formatted(host, port,
                            speaksTls ? "speaks TLS" : "does not speak TLS", protocol));
        } catch (IOException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static boolean hello(Socket socket) throws IOException {
        socket.getOutputStream().write(HELLO);
        InputStream answer = socket.getInputStream();
        return answer.read() == TLS_ALERT;
    }

    private static boolean handshake(Socket connected, String host, int port) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] { new Anybody() }, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(connected, host, port, true)) {
            socket.startHandshake();
            return true;
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (SSLException e) {
            String said = String.valueOf(e.getMessage());
            return !said.contains("Unsupported or unrecognized") && !said.contains("Remote host terminated");
        }
    }

    /** Whose certificate it is does not matter here: no client is told of this connection, and nothing is sent by it. */
    private static final class Anybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // Is not called by a client.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // The clients do.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
