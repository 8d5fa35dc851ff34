package io.orderstream.deploy;

import java.util.List;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;

/**
 * What of KEDA's types is in use here. No model of them is on Maven Central, so this is written from its Go types; what is
 * not here is refused.
 */
final class Keda {

    private Keda() {
    }

    record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, Scaling spec) {
    }

    record Scaling(Target scaleTargetRef, Integer minReplicaCount, Integer maxReplicaCount, Integer pollingInterval,
            Advanced advanced, Fallback fallback, List<Trigger> triggers) {
    }

    record Target(String apiVersion, String kind, String name) {
    }

    record Advanced(HpaConfig horizontalPodAutoscalerConfig) {
    }

    record HpaConfig(HorizontalPodAutoscalerBehavior behavior) {
    }

    record Fallback(Integer failureThreshold, Integer replicas) {
    }

    record Trigger(String type, String metricType, Boolean useCachedMetrics, AuthenticationRef authenticationRef,
            Kafka metadata) {
    }

    record AuthenticationRef(String name) {
    }

    /** Parameters of the trigger kafka, all of which are texts. */
    record Kafka(String bootstrapServersFromEnv, String consumerGroup, String topic, String lagThreshold,
            String offsetResetPolicy, String excludePersistentLag, String version, String tls, String sasl) {
    }

    record TriggerAuthentication(String apiVersion, String kind, ObjectMeta metadata, Sources spec) {
    }

    record Sources(List<Source> secretTargetRef, List<Source> configMapTargetRef) {
    }

    /** A parameter of the trigger, and the object and key its value is in. */
    record Source(String parameter, String name, String key) {
    }
}
