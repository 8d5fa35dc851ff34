package io.orderstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.testsupport.Ports;

/** A listener with TLS: SecuredKafkaIT. */
class ListenerProbeTest {

    private static final byte[] ALERT = { 21, 3, 3, 0, 2, 2, 80 };

    @Test
    void shouldSayThatABrokerDoesNotSpeakTlsAlthoughTheSettingsDo(@TempDir Path directory) {
        // Given
        int port = Ports.free();
        try (EmbeddedKafka kafka = new EmbeddedKafka(port, directory).start()) {
            // Then
            assertThat(ListenerProbe.contradiction("localhost", port, "SASL_SSL")).contains("the listener at localhost:" + port
                    + " does not speak TLS, but KAFKA_SECURITY_PROTOCOL is 'SASL_SSL'");
            assertThat(ListenerProbe.contradiction("localhost", port, "PLAINTEXT")).isEmpty();
            assertThat(kafka.bootstrapServers()).endsWith(Integer.toString(port));
        }
    }

    @Test
    void shouldSayThatABrokerSpeaksTlsAlthoughTheSettingsDoNot() throws IOException {
        assertThat(answering(ALERT, "PLAINTEXT")).hasValueSatisfying(
                sentence -> assertThat(sentence).endsWith("speaks TLS, but KAFKA_SECURITY_PROTOCOL is 'PLAINTEXT'"));
        assertThat(answering(ALERT, "SSL")).as("an alert is TLS").isEmpty();
    }

    @Test
    void shouldSayNothingOfABrokerThatIsAway() {
        // Given
        int nobody = Ports.free();

        // Then
        assertThat(ListenerProbe.contradiction("localhost", nobody, "SSL")).isEmpty();
        assertThat(ListenerProbe.contradiction("localhost", nobody, "PLAINTEXT")).isEmpty();
    }

    @Test
    void shouldSayNothingOfABrokerThatDoesNotAnswer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("localhost"))) {
            assertThat(ListenerProbe.contradiction("localhost", silent.getLocalPort(), "SSL")).isEmpty();
            assertThat(ListenerProbe.contradiction("localhost", silent.getLocalPort(), "PLAINTEXT")).isEmpty();
        }
    }

    private static Optional<String> answering(byte[] answer, String protocol) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("localhost"))) {
            Thread thread = new Thread(() -> answer(server, answer), "listener");
            thread.setDaemon(true);
            thread.start();
            return ListenerProbe.contradiction("localhost", server.getLocalPort(), protocol);
        }
    }

    private static void answer(ServerSocket server, byte[] answer) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().read(new byte[1024]);
            socket.getOutputStream().write(answer);
        } catch (IOException e) {
            // The probe has had what it wanted.
        }
    }
}
