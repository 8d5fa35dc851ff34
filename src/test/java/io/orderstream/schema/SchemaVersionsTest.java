package io.orderstream.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.orderstream.schema.RegistryClient.SchemaVersion;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;

class SchemaVersionsTest {

    private static final SchemaVersion VERSION = new SchemaVersion("orders-value", 1);

    private final List<UniEmitter<? super List<SchemaVersion>>> open = new ArrayList<>();
    private final SchemaVersions versions = new SchemaVersions(id -> Uni.createFrom().emitter(open::add));

    @Test
    void shouldAskOnceForWhatManyWant() {
        // When
        UniAssertSubscriber<SchemaVersion> first = ask();
        UniAssertSubscriber<SchemaVersion> second = ask();
        open.get(0).complete(List.of(VERSION));
        UniAssertSubscriber<SchemaVersion> third = ask();

        // Then
        List.of(first, second, third).forEach(each -> each.assertCompleted().assertItem(VERSION));
        assertThat(open).hasSize(1);
    }

    @Test
    void shouldAskAgainAfterAnOutageOrWhenItWasNowhere() {
        // Given
        UniAssertSubscriber<SchemaVersion> first = ask();
        open.get(0).fail(new RegistryUnavailableException("away"));
        first.assertFailedWith(RegistryUnavailableException.class);
        UniAssertSubscriber<SchemaVersion> second = ask();
        open.get(1).complete(List.of());
        second.assertCompleted().assertItem(null);

        // When
        UniAssertSubscriber<SchemaVersion> third = ask();
        open.get(2).complete(List.of(VERSION));

        // Then
        third.assertItem(VERSION);
    }

    private UniAssertSubscriber<SchemaVersion> ask() {
        return versions.of(7, List.of("orders")).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
