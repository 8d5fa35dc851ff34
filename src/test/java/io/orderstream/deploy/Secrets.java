package io.orderstream.deploy;

import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The keys of Secrets that have to be there for pods to start, or for KEDA to ask the broker. */
final class Secrets {

    private Secrets() {
    }

    /** By the name of the Secret. */
    static SortedMap<String, SortedSet<String>> keys(Manifests manifests) {
        SortedMap<String, SortedSet<String>> keys = new TreeMap<>();
        Stream.of(ofEnvironment(manifests), ofVolumes(manifests), ofTriggers(manifests)).flatMap(all -> all)
                .forEach(entry -> keys.computeIfAbsent(entry.getKey(), name -> new TreeSet<>()).add(entry.getValue()));
        return keys;
    }

    private static Stream<Map.Entry<String, String>> ofEnvironment(Manifests manifests) {
        return Workload.of(manifests).stream().flatMap(workload -> workload.container().getEnv().stream())
                .filter(variable -> variable.getValueFrom() != null).map(variable -> variable.getValueFrom().getSecretKeyRef())
                .map(key -> Map.entry(key.getName(), key.getKey()));
    }

    private static Stream<Map.Entry<String, String>> ofVolumes(Manifests manifests) {
        return Workload.of(manifests).stream().flatMap(workload -> workload.pod().getVolumes().stream())
                .filter(volume -> volume.getSecret() != null).map(volume -> volume.getSecret())
                .flatMap(secret -> secret.getItems().stream().map(item -> Map.entry(secret.getSecretName(), item.getKey())));
    }

    private static Stream<Map.Entry<String, String>> ofTriggers(Manifests manifests) {
        return manifests.all(TriggerAuthentication.class).stream().flatMap(trigger -> trigger.spec().secretTargetRef().stream())
                .map(source -> Map.entry(source.name(), source.key()));
    }
}
