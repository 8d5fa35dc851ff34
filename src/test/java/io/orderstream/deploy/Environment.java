package io.orderstream.deploy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;

/** The variables the program in a container finds. */
final class Environment {

    private Environment() {
    }

    /** Those of the application. */
    static Map<String, String> of(Manifests manifests) {
        return of(manifests, Workload.application(manifests));
    }

    /** Those of a workload, for which the content of a Secret is only some text. */
    static Map<String, String> of(Manifests manifests, Workload workload) {
        return of(manifests, workload, (secret, key) -> "secret");
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
                    : secrets.apply(variable.getValueFrom().getSecretKeyRef().getName(),
                            variable.getValueFrom().getSecretKeyRef().getKey()));
        }
        return environment;
    }
}
