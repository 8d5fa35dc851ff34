package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

import org.assertj.core.groups.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.orderstream.deploy.Keda.Kafka;
import io.orderstream.deploy.Keda.ScaledObject;
import io.orderstream.deploy.Keda.Scaling;
import io.orderstream.deploy.Keda.Source;
import io.orderstream.deploy.Keda.Sources;
import io.orderstream.deploy.Keda.Target;
import io.orderstream.deploy.Keda.Trigger;
import io.orderstream.deploy.Keda.TriggerAuthentication;

/** KEDA looks at the lag of the application's groups, and connects as the application does. */
class AutoscalingTest {

    private static Stream<Path> scaled() {
        return Stream.of(Manifests.PRODUCTION, Manifests.STRIMZI);
    }

    @ParameterizedTest
    @MethodSource("scaled")
    void shouldScaleTheApplicationByTheLagOfItsPipelines(Path overlay) {
        // Given
        Manifests manifests = Manifests.rendered(overlay);
        Scaling scaled = manifests.one(ScaledObject.class, Workload.APPLICATION).spec();

        // Then
        assertThat(scaled.scaleTargetRef()).isEqualTo(new Target("apps/v1", "Deployment", Workload.APPLICATION));
        assertThat(scaled.triggers()).extracting(Trigger::metadata).extracting(Kafka::consumerGroup, Kafka::topic)
                .containsExactlyInAnyOrder(pipeline("CONSUMER_GROUP_ID", "ORDERS_TOPIC"),
                        pipeline("EVENTS_GROUP_ID", "EVENTS_TOPIC"), pipeline("TRACKER_GROUP_ID", "ITEM_ORDERS_TOPIC"));
        assertThat(scaled.triggers()).extracting(Trigger::metadata).allSatisfy(kafka -> {
            assertThat(kafka.lagThreshold()).isEqualTo(Declared.text("MAX_IN_FLIGHT"));
            // A new group begins with the earliest record, as in application.properties.
            assertThat(kafka.offsetResetPolicy()).isEqualTo("earliest");
        });
        assertThat(scaled.maxReplicaCount()).isEqualTo(Declared.number("TOPIC_PARTITIONS"));
        assertThat(scaled.minReplicaCount()).isEqualTo(replicas(Manifests.base()));
        // A number in the manifest would be set again with each kubectl apply.
        assertThat(replicas(manifests)).isNull();
    }

    @ParameterizedTest
    @MethodSource("scaled")
    void shouldAskTheBrokerAsTheApplicationDoes(Path overlay) {
        // Given
        Manifests manifests = Manifests.rendered(overlay);
        Map<String, String> environment = Environment.of(manifests);

        // Then
        assertThat(manifests.one(ScaledObject.class, Workload.APPLICATION).spec().triggers()).allSatisfy(trigger -> {
            assertThat(trigger.type()).isEqualTo("kafka");
            assertThat(environment).containsKey(trigger.metadata().bootstrapServersFromEnv());
            assertThat(trigger.metadata().sasl())
                    .isEqualTo(environment.get("KAFKA_SASL_MECHANISM").toLowerCase().replaceFirst("-sha-", "_sha"));
            assertThat(trigger.metadata().tls().equals("enable"))
                    .isEqualTo(environment.get("KAFKA_SECURITY_PROTOCOL").endsWith("_SSL"));
            Sources secrets = manifests.one(TriggerAuthentication.class, trigger.authenticationRef().name()).spec();
            assertThat(Stream.of(secrets.secretTargetRef(), secrets.configMapTargetRef())
                    .flatMap(sources -> sources == null ? Stream.empty() : sources.stream()))
                    .extracting(Source::parameter).containsExactlyInAnyOrder("username", "password", "ca");
        });
    }

    private static Integer replicas(Manifests manifests) {
        return manifests.one(Deployment.class, Workload.APPLICATION).getSpec().getReplicas();
    }

    private static Tuple pipeline(String group, String topic) {
        return Tuple.tuple(Declared.text(group), Declared.text(topic));
    }
}
