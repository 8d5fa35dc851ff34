package io.orderstream.deploy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.SecretKeySelector;

/** The variables the program in a container finds. */
final class Environment {

    private Environment() {
    }

    /** Those of a workload that has no key of a Secret. */
    static Map<String, String> of(Manifests manifests, Workload workload) {
        return of(manifests, workload, (secret, key) -> {
            throw new AssertionError("not known here: " + key + " of the Secret " + secret);
        });
    }

    /**
     * The variables as the kubelet puts them together: later ones win, {@code env} over {@code envFrom}.
     *
     * @param secrets gives the value of a key of a Secret, whose name comes first
     */
    static Map<String, String> of(Manifests manifests, Workload workload, BinaryOperator<String> secrets) {
        Container container = workload.container();
        Map<String, String> environment = new LinkedHashMap<>();
        for (EnvFromSource source : container.getEnvFrom()) {
            // What is in a Secret is not in the manifests, and that of the application may be missing.
            if (source.getConfigMapRef() != null) {
                environment.putAll(manifests.one(ConfigMap.class, source.getConfigMapRef().getName()).getData());
            }
        }
        for (EnvVar variable : container.getEnv()) {
            environment.put(variable.getName(), variable.getValueFrom() == null ? variable.getValue()
                    : value(variable.getValueFrom().getSecretKeyRef(), secrets));
        }
        return environment;
    }

    private static String value(SecretKeySelector key, BinaryOperator<String> secrets) {
        return secrets.apply(key.getName(), key.getKey());
    }
}
