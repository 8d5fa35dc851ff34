package io.orderstream.health;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.testsupport.GuardedBroker;

/** All rights of the application: SecuredKafkaIT. */
class RightsWatchTest {

    private static final Right READ = new Right(ResourceType.TOPIC, "a", AclOperation.READ, true, "nothing is read");
    private static final Right WRITE = new Right(ResourceType.TOPIC, "a", AclOperation.WRITE, false, "nothing is written");
    private static final Right CREATE = new Right(ResourceType.TOPIC, "a", AclOperation.CREATE, false, "there is none");
    private static final Right JOIN = new Right(ResourceType.GROUP, "g", AclOperation.READ, true, "nothing is read");
    private static final Right MOVE = new Right(ResourceType.TRANSACTIONAL_ID, "t", AclOperation.WRITE, true,
            "nothing is moved");
    private static final List<Right> ALL = List.of(READ, WRITE, CREATE, JOIN, MOVE);

    private GuardedBroker broker;
    private Admin owner;
    private Admin user;

    @BeforeEach
    void start(@TempDir Path directory) {
        broker = new GuardedBroker(directory);
        owner = Admin.create(Map.of("bootstrap.servers", broker.openAddress()));
        user = Admin.create(broker.client(GuardedBroker.PASSWORD));
    }

    @AfterEach
    void stop() {
        owner.close(Duration.ZERO);
        user.close(Duration.ZERO);
        broker.close();
    }

    @Test
    void shouldNameEachRightThatIsMissingAndNoOther() throws Exception {
        // Given
        owner.createTopics(List.of(new NewTopic("a", 1, (short) 1))).all().get();
        awaitMissing(user, List.of(READ, WRITE, JOIN, MOVE));
        awaitMissing(owner, List.of());

        // When
        broker.grant(ResourceType.TOPIC, "a", AclOperation.READ);

        // Then
        awaitMissing(user, List.of(WRITE, JOIN, MOVE));

        // When
        broker.grant(ResourceType.TOPIC, "a", AclOperation.WRITE);
        broker.revoke(ResourceType.TOPIC, "a", AclOperation.READ);
        broker.grant(ResourceType.GROUP, "g", AclOperation.READ);

        // Then
        awaitMissing(user, List.of(READ, MOVE));

        // When
        broker.grant(ResourceType.TOPIC, "a", AclOperation.READ);
        broker.grant(ResourceType.TRANSACTIONAL_ID, "t", AclOperation.WRITE);

        // Then
        awaitMissing(user, List.of());
    }

    @Test
    void shouldSayThatATopicIsNeitherThereNorToBeCreated() {
        // Given
        broker.grant(ResourceType.TOPIC, "a", AclOperation.READ);

        // Then
        awaitMissing(user, List.of(CREATE, JOIN, MOVE));
    }

    @Test
    void shouldSayWhatDoesNotWork() {
        assertThat(MOVE.resource()).isEqualTo("transactional id t");
        assertThat(MOVE.describe()).isEqualTo("no right Write: nothing is moved");
    }

    private static void awaitMissing(Admin admin, List<Right> missing) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                RightsWatch.look(admin, ALL).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(missing));
    }
}
