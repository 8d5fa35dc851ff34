package io.orderstream.deploy;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.Ports;
import io.orderstream.testsupport.TopicClient;

/**
 * The broker of docker-compose.yml, with exactly its settings, as processes of this machine. Only what is this machine's is
 * replaced: ports, the directory, and the name of the container.
 */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the container's health check needs bash")
class ComposeKafkaIT {

    private static final ComposeFile COMPOSE = new ComposeFile();

    private final int hostPort = Ports.free();
    private final int dockerPort = Ports.free();
    private final int controllerPort = Ports.free();
    @AutoClose
    private KafkaServer kafka;

    @BeforeAll
    void startAsTheContainerDoes(@TempDir Path directory) throws IOException {
        Map<String, String> environment = new HashMap<>(COMPOSE.environment("kafka"));
        environment.replaceAll((name, value) -> ofThisMachine(value)
                .replace("/var/lib/kafka/data", directory.resolve("data").toString()));
        kafka = new KafkaServer(KafkaServer.properties(directory, environment), "localhost:" + hostPort);
    }

    private String ofThisMachine(String value) {
        return value.replaceAll("(?<=[:/])19092\\b", "" + dockerPort).replaceAll("(?<=[:/])9092\\b", "" + hostPort)
                .replaceAll("(?<=[:/])9093\\b", "" + controllerPort).replace("//kafka:", "//localhost:")
                .replace("0.0.0.0", "127.0.0.1");
    }

    @Test
    void shouldBeHealthyInTheEyesOfItsContainer() {
        // Given
        List<String> command = COMPOSE.healthCheck("kafka").stream().skip(1).map(this::ofThisMachine).toList();

        // Then
        await().atMost(PATIENCE).until(() -> {
            try (AppProcess check = AppProcess.start(command, Path.of("").toAbsolutePath(), Map.of())) {
                return check.awaitExit(PATIENCE) == 0;
            }
        });
    }

    @Test
    void shouldServeThisMachineOnOneListenerAndTheContainersOnTheOther() throws Exception {
        for (int port : List.of(hostPort, dockerPort)) {
            String topic = "compose-" + port;
            try (TopicClient topics = new TopicClient("localhost:" + port);
                    Admin admin = Admin.create(Map.of("bootstrap.servers", "localhost:" + port))) {
                // When
                topics.create(topic, 1);
                topics.send(topic, "key".getBytes(StandardCharsets.UTF_8), "value".getBytes(StandardCharsets.UTF_8));

                // Then
                assertThat(topics.read(topic)).singleElement()
                        .satisfies(record -> assertThat(record.value()).asString().isEqualTo("value"));
                assertThat(admin.describeCluster().nodes().get()).as("where a client goes on").extracting(Node::port)
                        .containsExactly(port);
            }
        }
    }
}
