package io.orderstream.commit;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.commit.ConsumerState.Kind;
import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.testsupport.GuardedBroker;
import io.orderstream.testsupport.LogLines;
import io.orderstream.testsupport.TopicClient;

/** A consumer that cannot consume says why, and goes on by itself when it can, on a broker that refuses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailingConsumerTest {

    private GuardedBroker broker;
    private TopicClient topics;
    private String topic;
    private String group;
    private LogLines log;
    private final List<ChannelConsumer> consumers = new ArrayList<>();

    @BeforeAll
    void startBroker(@TempDir Path directory) {
        broker = new GuardedBroker(directory);
        topics = new TopicClient(broker.openAddress());
    }

    @AfterAll
    void stopBroker() {
        topics.close();
        broker.close();
    }

    @BeforeEach
    void makeTopic() {
        topic = "orders-" + UUID.randomUUID();
        group = "group-" + UUID.randomUUID();
        log = new LogLines(ConsumerTrouble.class);
        topics.create(topic, 1);
    }

    @AfterEach
    void stop() {
        consumers.forEach(ChannelConsumer::close);
        consumers.clear();
        log.close();
    }

    @Test
    void shouldSayThatItMayNotJoinItsGroupAndGoOnWhenItMay() {
        // Given
        broker.grant(ResourceType.TOPIC, topic, AclOperation.READ);
        send("first");

        // When
        ChannelConsumer consumer = start(Map.of());

        // Then
        awaitFailure(consumer, "GroupAuthorizationException: Not authorized to access group: " + group);

        // When
        broker.grant(ResourceType.GROUP, group, AclOperation.READ);

        // Then
        awaitWell(consumer, Kind.CONSUMING);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(consumer.received()).containsExactly("first"));
        assertToldOnce("GroupAuthorizationException");
    }

    @Test
    @Tag("full")
    void shouldSayThatItMayNotStayInItsGroup() {
        grantAll();
        assertThatItSaysThatItMayNotStay();
    }

    /** The coordinator is found then, and only the heartbeats are refused, of which Kafka's consumer says one thing once. */
    @Test
    @Tag("full")
    void shouldSayThatItMayNotStayInAGroupItMayStillDescribe() {
        grantAll();
        broker.grant(ResourceType.GROUP, group, AclOperation.DESCRIBE);
        assertThatItSaysThatItMayNotStay();
    }

    private void assertThatItSaysThatItMayNotStay() {
        // Given
        ChannelConsumer consumer = start(Map.of());
        send("first");
        await().atMost(PATIENCE).until(() -> consumer.received().size() == 1);

        // When
        broker.revoke(ResourceType.GROUP, group, AclOperation.READ);

        // Then
        awaitFailure(consumer, "GroupAuthorizationException: Not authorized to access group: " + group);

        // When
        broker.grant(ResourceType.GROUP, group, AclOperation.READ);
        send("second");

        // Then
        awaitWell(consumer, Kind.CONSUMING);
        await().atMost(PATIENCE).until(() -> consumer.received().contains("second"));
        assertToldOnce("GroupAuthorizationException");
    }

    @Test
    @Tag("full")
    void shouldSayThatItMayNotReadItsTopicAndLoseNothing() {
        // Given
        grantAll();
        ChannelConsumer consumer = start(Map.of());
        send("first");
        await().atMost(PATIENCE).until(() -> consumer.received().size() == 1);

        // When
        broker.revoke(ResourceType.TOPIC, topic, AclOperation.READ);
        send("second");

        // Then
        awaitFailure(consumer, "TopicAuthorizationException: Not authorized to access topics: [" + topic + "]");

        // When
        broker.grant(ResourceType.TOPIC, topic, AclOperation.READ);
        send("third");

        // Then
        awaitWell(consumer, Kind.CONSUMING);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(consumer.received()).contains("second", "third"));
        assertToldOnce("TopicAuthorizationException");
    }

    @Test
    @Tag("full")
    void shouldSayThatItsPasswordIsRefused() {
        // Given
        grantAll();

        // When
        ChannelConsumer consumer = start(broker.client("another"));

        // Then
        awaitFailure(consumer, "SaslAuthenticationException: Authentication failed: Invalid username or password");
    }

    @Test
    @Tag("full")
    void shouldSayThatItsTopicIsNotThere() {
        // Given
        grantAll();
        ChannelConsumer consumer = start(Map.of());
        awaitWell(consumer, Kind.CONSUMING);

        // When
        topics.delete(topic);

        // Then
        awaitFailure(consumer, "UnknownTopicOrPartitionException: there is no topic " + topic);

        // When
        topics.create(topic, 1);
        send("first");

        // Then
        awaitWell(consumer, Kind.CONSUMING);
        await().atMost(PATIENCE).until(() -> consumer.received().contains("first"));
        assertToldOnce("UnknownTopicOrPartitionException");
    }

    @Test
    @Tag("full")
    void shouldSayThatItsGroupAssignsInAnotherWayAndGoOnWhenItDoesNot() {
        // Given
        ChannelConsumer other = start(open(Map.of("partition.assignment.strategy", RangeAssignor.class.getName())));
        awaitWell(other, Kind.CONSUMING);

        // When
        ChannelConsumer consumer = start(open(Map.of()));

        // Then
        awaitFailure(consumer, "InconsistentGroupProtocolException: ");
        assertThat(other.state().kind()).isEqualTo(Kind.CONSUMING);

        // When
        consumers.remove(other);
        other.close();

        // Then
        awaitWell(consumer, Kind.CONSUMING);
        assertToldOnce("InconsistentGroupProtocolException");
    }

    @Test
    @Tag("full")
    void shouldSayThatAnotherInstanceHasItsNameAndGoOnWhenThatIsGone() {
        // Given
        ChannelConsumer consumer = start(open(Map.of("group.instance.id", "one")));
        awaitWell(consumer, Kind.CONSUMING);

        // When
        ChannelConsumer other = start(open(Map.of("group.instance.id", "one")));

        // Then
        awaitFailure(consumer, "FencedInstanceIdException: ");
        awaitFailure(other, "FencedInstanceIdException: ");
        log.close();
        log = new LogLines(ConsumerTrouble.class);

        // When
        consumers.remove(other);
        other.close();
        send("first");

        // Then
        awaitWell(consumer, Kind.CONSUMING);
        await().atMost(PATIENCE).until(() -> consumer.received().contains("first"));
        assertThat(log.lines()).hasSize(1).allMatch(line -> line.startsWith("consumer works again: "));
    }

    /** Which is the case for ever where the topic of the commits is to have more replicas than there are brokers. */
    @Test
    @Tag("full")
    void shouldSayThatItsGroupHasNoCoordinator(@TempDir Path directory) {
        // Given
        try (EmbeddedKafka alone = new EmbeddedKafka(0, directory, Map.of("offsets.topic.replication.factor", "3")).start();
                TopicClient client = new TopicClient(alone.bootstrapServers())) {
            client.create(topic, 1);

            // When
            try (ChannelConsumer consumer = new ChannelConsumer(group, topic,
                    Map.of("bootstrap.servers", alone.bootstrapServers()))) {

                // Then
                awaitFailure(consumer, "it is not a member of its group yet: no coordinator answers for the group");
            }
        }
    }

    @Test
    void shouldBeWellWithoutAPartitionIfOthersHaveThemAll() {
        // Given
        ChannelConsumer first = start(open(Map.of()));
        awaitWell(first, Kind.CONSUMING);

        // When
        ChannelConsumer second = start(open(Map.of()));

        // Then
        awaitWell(second, Kind.IDLE);
        assertThat(second.state().reason()).startsWith("no partition is left for it");
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void shouldSayThatItMayNotMoveRecordsAndMoveThemWhenItMay() {
        // Given
        LogLines said = new LogLines(RetryTopicTransactions.class);
        Map<String, Object> client = new HashMap<>(broker.client(GuardedBroker.PASSWORD));
        client.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group);
        try (RetryTopicTransactions transactions = new RetryTopicTransactions("moves",
                () -> new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer()),
                partitions -> Map.of())) {
            transactions.prepare(() -> {
            });
            await().atMost(PATIENCE).until(() -> said.lines().size() == 1);

            // When
            broker.grant(ResourceType.TRANSACTIONAL_ID, group, AclOperation.WRITE);

            // Then
            await().atMost(PATIENCE).until(() -> {
                transactions.prepare(() -> {
                });
                return transactions.isReady();
            });
        }
        said.close();
        assertThat(said.lines()).hasSize(2);
        assertThat(said.lines().get(0)).matches("moves have to wait, tried again at each interval: reason=\"Transactional.*\"");
        assertThat(said.lines().get(1)).isEqualTo("moves are made again");
    }

    private ChannelConsumer start(Map<String, Object> client) {
        ChannelConsumer consumer = new ChannelConsumer(group, topic,
                client.containsKey("bootstrap.servers") ? client : broker.client(GuardedBroker.PASSWORD));
        consumers.add(consumer);
        return consumer;
    }

    private Map<String, Object> open(Map<String, Object> more) {
        Map<String, Object> client = new HashMap<>(more);
        client.put("bootstrap.servers", broker.openAddress());
        return client;
    }

    private void grantAll() {
        broker.grant(ResourceType.TOPIC, topic, AclOperation.READ);
        broker.grant(ResourceType.GROUP, group, AclOperation.READ);
    }

    private void send(String value) {
        topics.send(topic, null, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void awaitFailure(ChannelConsumer consumer, String reason) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(consumer.state().kind()).as(() -> consumer.state().toString()).isEqualTo(Kind.FAILING);
            assertThat(consumer.state().reason()).startsWith(reason);
        });
    }

    private static void awaitWell(ChannelConsumer consumer, Kind kind) {
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(consumer.state().kind()).as(() -> consumer.state().toString()).isEqualTo(kind));
    }

    /** One line at its begin and one at its end. */
    private void assertToldOnce(String error) {
        assertThat(log.lines()).hasSize(2);
        assertThat(log.lines().get(0)).matches(
                "consumer fails: channel=orders-in group=" + group + " seconds=\\d+ reason=\"" + error + ": .*\"");
        assertThat(log.lines().get(1)).matches("consumer works again: channel=orders-in group=" + group + " seconds=\\d+");
    }
}
