package io.orderstream.deploy;

import java.util.List;

import io.fabric8.kubernetes.api.model.ObjectMeta;

/** What of KEDA's TriggerAuthentication is in use here; see {@link ScaledObject}. */
record TriggerAuthentication(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

    record Spec(List<Source> secretTargetRef, List<Source> configMapTargetRef) {
    }

    /** A parameter of the trigger, and the object and key its value is in. */
    record Source(String parameter, String name, String key) {
    }
}
