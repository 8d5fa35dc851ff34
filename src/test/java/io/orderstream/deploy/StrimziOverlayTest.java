package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import jakarta.enterprise.inject.Produces;

import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import io.orderstream.Settings;
import io.orderstream.kafka.RequiredTopics;
import io.orderstream.kafka.RequiredTopics.Purpose;
import io.orderstream.kafka.RequiredTopics.Topic;
import io.orderstream.kafka.TopicCreator;
import io.orderstream.settings.DerivedSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.strimzi.api.kafka.model.topic.KafkaTopic;

/** The topics and rights Strimzi is asked for are those of the application. */
class StrimziOverlayTest {

    /** A row of the table of rights. */
    private static final Pattern RIGHT = Pattern
            .compile("(?m)^\\| (topic|group|transactionalId) `([^`]+)`( prefix)? \\| ([^|]+?) \\|");

    private final Manifests overlay = Manifests.rendered(Manifests.STRIMZI);

    @Test
    void shouldAskForTheTopicsOfTheApplicationAsItWouldMakeThem() throws IOException {
        // Given
        List<Topic> needed = neededTopics();

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
                    Environment.of(overlay).get("TOPIC_REPLICATION")));
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
            configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(TopicCreator.ROOM_BYTES));
        }
        return configs;
    }

    private static Map<String, String> texts(KafkaTopic topic) {
        return topic.getSpec().getConfig().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().toString()));
    }

    /**
     * Those the application asks for when nothing is set: of the pipelines' channels, and of each other bean that names some.
     */
    private static List<Topic> neededTopics() throws IOException {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().addDefaultInterceptors().addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(Path.of("src/main/resources/application.properties").toUri().toURL()))
                .withInterceptors(new Settings(), new DerivedSettings());
        Settings.mappings().forEach(builder::withMapping);
        SmallRyeConfig config = builder.build();
        JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.orderstream");
        assertThat(classes.stream().filter(type -> type.isAssignableTo(RequiredTopics.class) && !type.isInterface()
                && !type.getSimpleName().contains("_"))).extracting(JavaClass::getSimpleName).containsOnly("Pipelines");
        Stream<Topic> others = classes.stream().flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(Produces.class)
                        && method.getRawReturnType().isEquivalentTo(RequiredTopics.class))
                .flatMap(method -> make(method.reflect(), config).topics().stream());
        return Stream.of(channelTopics(config, "topic", Purpose.RECORDS),
                channelTopics(config, "dead-letter-queue\\.topic", Purpose.DEAD_LETTERS), others).flatMap(topics -> topics)
                .distinct().toList();
    }

    private static Stream<Topic> channelTopics(SmallRyeConfig config, String attribute, Purpose purpose) {
        return StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.matches("mp\\.messaging\\.incoming\\.[^.]+\\." + attribute))
                .map(name -> new Topic(config.getValue(name, String.class), purpose));
    }

    private static RequiredTopics make(Method producer, SmallRyeConfig config) {
        try {
            producer.setAccessible(true);
            return (RequiredTopics) producer.invoke(null, config.getConfigMapping(producer.getParameterTypes()[0]));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("no static producer that takes its settings alone: " + producer, e);
        }
    }

    @Test
    void shouldGrantTheTopicsAndGroupsOfTheApplication() throws IOException {
        // Given
        Map<String, String> needed = neededTopics().stream()
                .collect(Collectors.toMap(topic -> "topic " + topic.name(), topic -> "Read Write"));
        needed.put("group " + Declared.text("CONSUMER_GROUP_ID") + " prefix", "Read");
        needed.put("group " + Declared.text("EVENTS_GROUP_ID"), "Read");
        needed.put("group " + Declared.text("TRACKER_GROUP_ID"), "Read");
        needed.put("transactionalId " + Declared.text("CONSUMER_GROUP_ID") + " prefix", "Write");

        // When
        Map<String, String> granted = new TreeMap<>();
        overlay.all("KafkaUser").get(0).json().at("/spec/authorization/acls").forEach(rule -> granted.put(
                Stream.of("type", "name", "patternType").map(field -> rule.get("resource").path(field).asText())
                        .collect(Collectors.joining(" ")).strip(),
                String.join(" ", Yaml.texts(rule.get("operations")))));

        // Then
        assertThat(granted).isEqualTo(needed).as("the table of the documentation").isEqualTo(documented());
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        RIGHT.matcher(Files.readString(Path.of("docs", "kafka-security.md"))).results().forEach(row -> documented
                .put(row.group(1) + " " + row.group(2) + Objects.requireNonNullElse(row.group(3), ""), row.group(4)
                        .replaceAll("[`,]", "")));
        return documented;
    }

    @Test
    void shouldBelongToOneCluster() {
        assertThat(overlay.all("KafkaTopic", "KafkaUser")).isNotEmpty()
                .extracting(object -> object.json().at("/metadata/labels").path("strimzi.io/cluster").asText())
                .containsOnly("kafka");
        assertThat(overlay.all()).extracting(object -> object.json().at("/metadata/namespace").asText())
                .containsOnly("kafka");
        assertThat(Environment.of(overlay))
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "kafka-kafka-bootstrap.kafka.svc:9093");
    }
}
