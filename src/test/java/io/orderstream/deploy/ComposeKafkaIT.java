package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.TopicClient;
import kafka.server.KafkaConfig;

/**
 * The broker of docker-compose.yml, with exactly its settings, as processes of this machine. Only what is this machine's is
 * replaced: ports, the directory, and the name of the container.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the container's health check needs bash")
@Timeout(120)
class ComposeKafkaIT {

    private static final ComposeFile COMPOSE = new ComposeFile();
    private static final String CLIENT_TOPIC = "compose";

    private final int hostPort = AppProcess.freePort();
    private final int dockerPort = AppProcess.freePort();
    private final int controllerPort = AppProcess.freePort();
    private KafkaProgram kafka;

    @BeforeAll
    void startAsTheContainerDoes(@TempDir Path directory) throws IOException {
        Map<String, String> environment = new HashMap<>(COMPOSE.environment("kafka"));
        environment.replaceAll((name, value) -> ofThisMachine(value)
                .replace("/var/lib/kafka/data", directory.resolve("data").toString()));
        List<String> check = COMPOSE.healthCheck("kafka").stream().skip(1).map(this::ofThisMachine).toList();
        kafka = new KafkaProgram(directory).start(environment, check);
    }

    private String ofThisMachine(String value) {
        return value.replaceAll("(?<=[:/])19092\\b", "" + dockerPort).replaceAll("(?<=[:/])9092\\b", "" + hostPort)
                .replaceAll("(?<=[:/])9093\\b", "" + controllerPort).replace("//kafka:", "//localhost:")
                .replace("0.0.0.0", "127.0.0.1");
    }

    @AfterAll
    void stop() {
        if (kafka != null) {
            kafka.close();
        }
    }

    @Test
    void shouldMakeSettingsOfEachVariableThatKafkaKnows() throws IOException {
        // When
        var names = kafka.properties().stringPropertyNames();

        // Then
        assertThat(names).contains("process.roles", "log.dirs", "group.initial.rebalance.delay.ms")
                .allSatisfy(name -> assertThat(KafkaConfig.configNames().contains(name)).as(name).isTrue());
    }

    @Test
    void shouldServeThisMachineOnOneListenerAndTheContainersOnTheOther() throws Exception {
        assertThat(portTold(hostPort)).isEqualTo(hostPort);
        assertThat(portTold(dockerPort)).isEqualTo(dockerPort);
    }

    /** The port a client goes on with that has connected to one. */
    private static int portTold(int port) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "localhost:" + port))) {
            return admin.describeCluster().nodes().get().stream().map(Node::port).findFirst().orElseThrow();
        }
    }

    @Test
    void shouldCarryARecordOfAProgramOnThisMachine() {
        try (TopicClient topics = new TopicClient("localhost:" + hostPort)) {
            // Given
            topics.create(CLIENT_TOPIC, 1);

            // When
            topics.send(CLIENT_TOPIC, "key".getBytes(StandardCharsets.UTF_8), "value".getBytes(StandardCharsets.UTF_8));

            // Then
            assertThat(topics.read(CLIENT_TOPIC)).singleElement()
                    .satisfies(record -> assertThat(record.value()).asString().isEqualTo("value"));
        }
    }
}
