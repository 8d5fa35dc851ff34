package io.orderstream.dev;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.jar.JarFile;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.testsupport.TopicClient;
import kafka.server.KafkaRaftServer;

class EmbeddedKafkaTest {

    private static final String TOPIC = "things";
    private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);
    private static final byte[] VALUE = { 0, 1, -1 };

    @TempDir
    private Path directory;

    @Tag("full")
    @Test
    void shouldHaveItsRecordsAgainAfterARestartOnTheSamePort() throws ExecutionException, InterruptedException {
        // Given
        Path data = directory.resolve("made/when/missing");
        String servers;
        try (EmbeddedKafka kafka = new EmbeddedKafka(0, data).start();
                TopicClient client = new TopicClient(kafka.bootstrapServers())) {
            servers = kafka.bootstrapServers();
            createTopic(client);
            client.send(TOPIC, KEY, VALUE);
            assertSent(client.read(TOPIC), 1);
        }

        // When
        int port = Integer.parseInt(servers.substring(servers.indexOf(':') + 1));
        try (EmbeddedKafka kafka = new EmbeddedKafka(port, data).start();
                TopicClient client = new TopicClient(kafka.bootstrapServers())) {
            client.send(TOPIC, KEY, VALUE);

            // Then
            assertThat(kafka.bootstrapServers()).isEqualTo(servers);
            assertSent(client.read(TOPIC), 2);
        }
    }

    @Test
    void shouldForgetTheMembersOfAGroupAndKeepItsOffsets() throws ExecutionException, InterruptedException {
        // Given
        try (EmbeddedKafka kafka = new EmbeddedKafka(0, directory).start();
                TopicClient client = new TopicClient(kafka.bootstrapServers());
                Admin admin = client.admin();
                Consumer<byte[], byte[]> member = client.member("group", TOPIC)) {
            createTopic(client);
            await().atMost(PATIENCE).until(() -> {
                member.poll(Duration.ofMillis(100));
                return !member.assignment().isEmpty();
            });
            member.commitSync(Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(1)));
            assertThat(members(admin)).hasSize(1);

            // When
            kafka.forgetMembers();

            // Then
            assertThat(members(admin)).isEmpty();
            assertThat(client.committed("group")).containsValue(1L);
        }
    }

    private static Collection<MemberDescription> members(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(List.of("group")).all().get().get("group").members();
    }

    @Test
    void shouldBeOfTheVersionTheClientsHave() throws URISyntaxException, IOException {
        // Given
        Path broker = Path.of(KafkaRaftServer.class.getProtectionDomain().getCodeSource().getLocation().toURI());

        // When
        try (JarFile jar = new JarFile(broker.toFile())) {
            String version = jar.getManifest().getMainAttributes().getValue("Version");

            // Then
            assertThat(version).as("version of the broker, property kafka.version in pom.xml; the clients' comes with Quarkus")
                    .isEqualTo(AppInfoParser.getVersion());
        }
    }

    @Test
    void shouldBeClosedWithoutHavingStarted() {
        // Given
        EmbeddedKafka kafka = new EmbeddedKafka(0, directory);

        // When
        kafka.close();

        // Then
        assertThat(directory).isEmptyDirectory();
    }

    private static void createTopic(TopicClient client) throws ExecutionException, InterruptedException {
        try (Admin admin = client.admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static void assertSent(List<ConsumerRecord<byte[], byte[]>> records, int count) {
        assertThat(records).hasSize(count).allSatisfy(record -> {
            assertThat(record.key()).isEqualTo(KEY);
            assertThat(record.value()).isEqualTo(VALUE);
        });
    }
}
