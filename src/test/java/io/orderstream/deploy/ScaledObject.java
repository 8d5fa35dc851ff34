package io.orderstream.deploy;

import java.util.List;

import io.fabric8.kubernetes.api.model.ObjectMeta;

/**
 * What of KEDA's ScaledObject is in use here. No model of KEDA's is on Maven Central, so this is written from its Go
 * types; what is not here is refused.
 */
record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

    record Spec(Target scaleTargetRef, Integer minReplicaCount, Integer maxReplicaCount, Integer pollingInterval,
            Advanced advanced, Fallback fallback, List<Trigger> triggers) {
    }

    record Target(String apiVersion, String kind, String name) {
    }

    record Advanced(HpaConfig horizontalPodAutoscalerConfig) {
    }

    /** Behavior is that of Kubernetes' own autoscaler. */
    record HpaConfig(io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior behavior) {
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
}
