package io.orderstream.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;

import io.orderstream.support.Lifecycle;
import io.quarkus.arc.All;
import io.quarkus.arc.ClientProxy;
import io.quarkus.arc.InstanceHandle;
import io.quarkus.runtime.StartupEvent;

/** The handler of each type of event. Types with a schema and types with a handler are the same, or there is no start. */
@ApplicationScoped
public class EventHandlers {

    private final Map<String, EventHandler> byType;

    /** A handler, and the type its annotation names; null if it has none. */
    record Found(String type, EventHandler handler) {

        String name() {
            return ClientProxy.unwrap(handler).getClass().getName();
        }
    }

    EventHandlers(EventSchemas schemas, @Any @All List<InstanceHandle<EventHandler>> handlers) {
        this.byType = match(schemas.validator().types().names(), handlers.stream().flatMap(EventHandlers::found).toList());
    }

    /** Before any channel starts. The constructor has checked them: that this is called makes the bean. */
    void start(@Observes @Priority(Lifecycle.Start.EVENT_HANDLERS) StartupEvent event) {
        byType.keySet();
    }

    private static Stream<Found> found(InstanceHandle<EventHandler> handler) {
        List<Found> found = handler.getBean().getQualifiers().stream().filter(EventType.class::isInstance)
                .map(qualifier -> new Found(((EventType) qualifier).value(), handler.get())).toList();
        return found.isEmpty() ? Stream.of(new Found(null, handler.get())) : found.stream();
    }

    /**
     * The handlers by type.
     *
     * @param types those that have a schema
     * @throws IllegalStateException if a type has no handler or two, or a handler no schema
     */
    static Map<String, EventHandler> match(Set<String> types, List<Found> handlers) {
        Map<String, Found> byType = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        for (Found found : handlers) {
            if (found.type() == null) {
                problems.add(found.name() + " has no @EventType that says which events it handles");
                continue;
            }
            Found other = byType.putIfAbsent(found.type(), found);
            if (other != null) {
                problems.add("events of type '" + found.type() + "' have two handlers, " + other.name() + " and "
                        + found.name());
            }
            if (!types.contains(found.type())) {
                problems.add(found.name() + " handles events of type '" + found.type() + "', for which there is no schema "
                        + EventSchemas.PAYLOADS + "/" + found.type() + ".v1.json");
            }
        }
        types.stream().filter(type -> !byType.containsKey(type)).sorted()
                .forEach(type -> problems.add("events of type '" + type + "' have a schema but no handler: an "
                        + "application-scoped EventHandler with @EventType(\"" + type + "\") is missing"));
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("; ", problems));
        }
        Map<String, EventHandler> matched = new TreeMap<>();
        byType.forEach((type, found) -> matched.put(type, found.handler()));
        return matched;
    }

    /** The handler of a type that has a schema. */
    EventHandler of(String type) {
        return byType.get(type);
    }
}
