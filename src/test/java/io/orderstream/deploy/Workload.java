package io.orderstream.deploy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;

/**
 * What makes pods.
 *
 * @param name its name
 * @param selector the pods it takes for its own
 * @param template the pods it makes
 */
record Workload(String name, LabelSelector selector, PodTemplateSpec template) {

    static final String APPLICATION = "orderstream";

    static List<Workload> of(Manifests manifests) {
        return Stream.concat(
                manifests.all(Deployment.class).stream().map(deployment -> new Workload(deployment.getMetadata().getName(),
                        deployment.getSpec().getSelector(), deployment.getSpec().getTemplate())),
                manifests.all(StatefulSet.class).stream().map(set -> new Workload(set.getMetadata().getName(),
                        set.getSpec().getSelector(), set.getSpec().getTemplate())))
                .toList();
    }

    static Workload application(Manifests manifests) {
        return named(manifests, APPLICATION);
    }

    static Workload named(Manifests manifests, String name) {
        return of(manifests).stream().filter(workload -> workload.name().equals(name)).findFirst().orElseThrow();
    }

    PodSpec pod() {
        return template.getSpec();
    }

    /** The only one it has. */
    Container container() {
        return pod().getContainers().get(0);
    }

    /** The limit of its memory, in MiB: with more the pod would be ended. */
    long megabytes() {
        return container().getResources().getLimits().get("memory").getNumericalAmount().longValueExact() >> 20;
    }

    Map<String, String> labels() {
        return template.getMetadata().getLabels();
    }

    /** Whether a selector takes its pods. One that takes all is none that is meant. */
    boolean isSelectedBy(Map<String, String> wanted) {
        return wanted != null && !wanted.isEmpty() && labels().entrySet().containsAll(wanted.entrySet());
    }

    /** The number behind the name of a port, or the number itself; throws if the container has no such port. */
    int port(IntOrString port) {
        return container().getPorts().stream()
                .filter(known -> port.getStrVal() == null ? known.getContainerPort().equals(port.getIntVal())
                        : known.getName().equals(port.getStrVal()))
                .map(ContainerPort::getContainerPort).findFirst()
                .orElseThrow(() -> new AssertionError(name + " has no port " + port));
    }

    @Override
    public String toString() {
        return name;
    }
}
