package io.orderstream.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.orderstream.event.EventHandlers.Found;
import io.orderstream.record.Delivery;
import io.smallrye.mutiny.Uni;

class EventHandlersTest {

    private static final EventHandler ONE = new One();
    private static final EventHandler OTHER = new Other();

    private static class One implements EventHandler {
        @Override
        public Uni<Void> handle(Delivery<Event> event) {
            return Uni.createFrom().voidItem();
        }
    }

    private static final class Other extends One {
    }

    @Test
    void shouldMatchEachTypeWithItsHandler() {
        assertThat(EventHandlers.match(Set.of("a", "b"), List.of(new Found("b", OTHER), new Found("a", ONE))))
                .containsEntry("a", ONE).containsEntry("b", OTHER).hasSize(2);
    }

    @Test
    void shouldNotStartWithASchemaThatHasNoHandler() {
        assertThatThrownBy(() -> EventHandlers.match(Set.of("a", "b"), List.of(new Found("a", ONE))))
                .isInstanceOf(IllegalStateException.class).hasMessage("events of type 'b' have a schema but no handler: "
                        + "an application-scoped EventHandler with @EventType(\"b\") is missing");
    }

    @Test
    void shouldNotStartWithAHandlerThatHasNoSchema() {
        assertThatThrownBy(() -> EventHandlers.match(Set.of("a"), List.of(new Found("a", ONE), new Found("c", OTHER))))
                .isInstanceOf(IllegalStateException.class).hasMessage(Other.class.getName()
                        + " handles events of type 'c', for which there is no schema schemas/payload/c.v1.json");
    }

    @Test
    void shouldNotStartWithTwoHandlersOfATypeOrOneOfNone() {
        assertThatThrownBy(() -> EventHandlers.match(Set.of("a"),
                List.of(new Found("a", ONE), new Found("a", OTHER), new Found(null, ONE))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("events of type 'a' have two handlers, " + One.class.getName() + " and " + Other.class.getName()
                        + "; " + One.class.getName() + " has no @EventType that says which events it handles");
    }
}
