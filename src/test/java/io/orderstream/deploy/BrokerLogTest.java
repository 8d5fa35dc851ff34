package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;

/** The demonstration's broker is the only one, and an emptyDir that grows beyond its limit would have it evicted. */
class BrokerLogTest {

    @Test
    void shouldLogToTheOutputOnly() {
        // When
        JsonNode configuration = Yaml.read(BrokerLog.FILE).path("Configuration");
        JsonNode appenders = configuration.path("Appenders");

        // Then
        assertThat(Yaml.fields(appenders)).containsOnlyKeys("Console");
        assertThat(configuration.at("/Loggers/Root/AppenderRef/ref").asText()).isNotEmpty()
                .isEqualTo(appenders.at("/Console/name").asText());
    }

    @Test
    void shouldBeWhatTheImageTakesInTheDemonstration() {
        // Given
        Manifests demo = Manifests.rendered(Manifests.DEMO);
        Workload kafka = Workload.named(demo, "kafka");

        // When
        String volume = kafka.container().getVolumeMounts().stream()
                .filter(mount -> mount.getMountPath().equals(BrokerLog.MOUNTED.toString())).map(VolumeMount::getName)
                .findFirst().orElseThrow();
        String map = kafka.pod().getVolumes().stream().filter(known -> known.getName().equals(volume))
                .map(Volume::getConfigMap).findFirst().orElseThrow().getName();

        // Then
        assertThat(demo.one(ConfigMap.class, map).getData())
                .isEqualTo(Map.of(BrokerLog.NAME, Manifests.read(BrokerLog.FILE)));
        assertThat(Environment.of(demo, kafka).get(BrokerLog.GC)).matches(BrokerLog.NO_FILE);
    }
}
