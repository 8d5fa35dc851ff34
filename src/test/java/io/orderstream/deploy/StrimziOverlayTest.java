package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import io.orderstream.kafka.KafkaClients;
import io.orderstream.kafka.RequiredTopics.Purpose;
import io.orderstream.kafka.RequiredTopics.Topic;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.AclOperation;
import io.strimzi.api.kafka.model.user.acl.AclResourcePatternType;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleGroupResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTransactionalIdResource;

/** The topics and rights Strimzi is asked for are those of the application. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrimziOverlayTest {

    private final Manifests overlay = Manifests.rendered(Manifests.STRIMZI);

    @Test
    void shouldAskForTheTopicsOfTheApplicationAsItWouldMakeThem() {
        // Given
        List<Topic> needed = NeededTopics.byDefault();

        // When
        Map<String, KafkaTopic> asked = overlay.all(KafkaTopic.class).stream()
                .collect(Collectors.toMap(topic -> topic.getMetadata().getName(), topic -> topic));

        // Then
        assertThat(needed).hasSizeGreaterThan(5);
        assertThat(asked).containsOnlyKeys(needed.stream().map(Topic::name).toList());
        assertThat(needed).allSatisfy(topic -> {
            KafkaTopic made = asked.get(topic.name());
            assertThat(made.getSpec().getTopicName()).isNull();
            assertThat(made.getSpec().getPartitions())
                    .isEqualTo(topic.purpose() == Purpose.STATE ? 1 : Declared.number("TOPIC_PARTITIONS"));
            assertThat(texts(made)).isEqualTo(configs(topic.purpose()));
            assertThat(made.getSpec().getReplicas()).isEqualTo(Integer.parseInt(
                    Environment.of(overlay, Workload.application(overlay), (secret, key) -> "").get("TOPIC_REPLICATION")));
        });
    }

    private static Map<String, String> configs(Purpose purpose) {
        Map<String, String> configs = new TreeMap<>(Map.of(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2"));
        if (purpose == Purpose.DEAD_LETTERS) {
            configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(Declared.duration("DLQ_RETENTION").toMillis()));
        }
        if (purpose == Purpose.STATE) {
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        }
        if (purpose != Purpose.RECORDS) {
            configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(KafkaClients.LARGEST_RECORD_BYTES));
        }
        return configs;
    }

    private static Map<String, String> texts(KafkaTopic topic) {
        return topic.getSpec().getConfig().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().toString()));
    }

    @Test
    void shouldGrantTheTopicsAndGroupsOfTheApplication() {
        // When
        List<AclRule> rules = ((KafkaUserAuthorizationSimple) overlay.one(KafkaUser.class, "orderstream-kafka").getSpec()
                .getAuthorization()).getAcls();

        // Then
        assertThat(rules).filteredOn(rule -> rule.getResource() instanceof AclRuleTopicResource).allSatisfy(
                rule -> assertThat(rule.getOperations()).containsExactlyInAnyOrder(AclOperation.CREATE, AclOperation.DESCRIBE,
                        AclOperation.READ, AclOperation.WRITE))
                .extracting(rule -> ((AclRuleTopicResource) rule.getResource()).getName())
                .containsExactlyInAnyOrderElementsOf(NeededTopics.byDefault().stream().map(Topic::name).toList());
        assertThat(rules).filteredOn(rule -> rule.getResource() instanceof AclRuleGroupResource)
                .extracting(rule -> ((AclRuleGroupResource) rule.getResource()).getName())
                .containsExactlyInAnyOrder(Declared.text("CONSUMER_GROUP_ID"), Declared.text("EVENTS_GROUP_ID"),
                        Declared.text("TRACKER_GROUP_ID"));
        assertThat(rules).filteredOn(rule -> rule.getResource() instanceof AclRuleTransactionalIdResource).hasSize(1)
                .extracting(rule -> (AclRuleTransactionalIdResource) rule.getResource())
                .allMatch(resource -> resource.getName().equals(Declared.text("CONSUMER_GROUP_ID"))
                        && resource.getPatternType() == AclResourcePatternType.PREFIX);
        assertThat(rules).extracting(rule -> (Object) rule.getResource().getType()).containsOnly("topic", "group",
                "transactionalId");
    }

    @Test
    void shouldBelongToOneCluster() {
        assertThat(overlay.all("KafkaTopic", "KafkaUser")).isNotEmpty()
                .extracting(object -> object.json().at("/metadata/labels").path("strimzi.io/cluster").asText())
                .containsOnly("kafka");
        assertThat(overlay.all()).extracting(object -> object.json().at("/metadata/namespace").asText())
                .containsOnly("kafka");
        assertThat(Environment.of(overlay, Workload.application(overlay), (secret, key) -> ""))
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "kafka-kafka-bootstrap.kafka.svc:9093");
        assertThat(Set.copyOf(Secrets.keys(overlay).keySet())).containsExactlyInAnyOrder("kafka-cluster-ca-cert",
                overlay.one(KafkaUser.class, "orderstream-kafka").getMetadata().getName());
    }
}
