package io.orderstream.fulfilment;

import static io.orderstream.testsupport.FulfilmentServer.Reply.of;
import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.fulfilment.FulfilmentCalls.Trial;
import io.orderstream.order.OrderHandler;
import io.orderstream.record.UnavailableException;
import io.orderstream.settings.InvalidSettingException;
import io.orderstream.testsupport.FulfilmentServer;
import io.orderstream.testsupport.FulfilmentServer.Call;
import io.orderstream.testsupport.HttpsKeys;
import io.orderstream.testsupport.NamedTls;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.vertx.core.Vertx;

/** An endpoint with https that wants to know who calls: none of it is ever an order's fault. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FulfilmentTlsTest {

    private final Vertx vertx = Vertx.vertx();
    private final FulfilmentCalls calling = new FulfilmentCalls(vertx, PATIENCE);
    private FulfilmentServer endpoint;
    private HttpsKeys keys;
    private Path server;
    private Path client;

    @BeforeAll
    void makeKeys(@TempDir Path directory) {
        keys = new HttpsKeys(directory);
        server = keys.make("server");
        client = keys.make("client");
    }

    @AfterEach
    void stop() {
        calling.close();
        endpoint.close();
    }

    @AfterAll
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void shouldShowItsCertificateAndItsToken() {
        // Given
        start(server);

        // When
        List<Throwable> failures = calling.failures(trial().token("t0k3n"), tls(server, client), 1);

        // Then
        assertThat(failures).isEmpty();
        assertThat(endpoint.calls()).extracting(Call::authorization).containsExactly("Bearer t0k3n");
    }

    @Test
    void shouldShowUserAndPassword() {
        // Given
        start(server);

        // Then
        assertThat(calling.failures(trial().user("ada", "s\u00e9cret"), tls(server, client), 1)).isEmpty();
        assertThat(endpoint.calls()).extracting(Call::authorization).containsExactly("Basic YWRhOnPDqWNyZXQ=");
    }

    @Test
    void shouldWaitUntilItsCredentialsAreRight() {
        // Given
        start(server);
        endpoint.answer(call -> "Bearer right".equals(call.authorization()) ? of(200) : of(401));

        // Then
        assertThat(calling.failures(trial().token("wrong"), tls(server, client), 1)).singleElement()
                .isInstanceOf(UnavailableException.class).asString().contains("HTTP 401 Unauthorized, ", "FULFILMENT_TOKEN")
                .doesNotContain("wrong:", "Bearer");
        assertThat(calling.failures(trial().token("right"), tls(server, client), 1)).isEmpty();
    }

    @Test
    void shouldShowNoCredentialsToAnotherHost() {
        try (FulfilmentServer other = new FulfilmentServer().start()) {
            // Given
            start(server);
            endpoint.answer(call -> of(307).with("Location", other.url()));

            // Then
            assertThat(calling.failures(trial().token("t0k3n"), tls(server, client), 1)).singleElement()
                    .isInstanceOf(UnavailableException.class).asString().contains("redirects are not followed");
            assertThat(other.calls()).isEmpty();
        }
    }

    @Test
    void shouldSayWhatIsWrongWithACertificate() {
        assertNotReached(server, tls(client, client), "the server's certificate is not from a trusted authority");
        Path other = keys.ofAnotherHost("other");
        assertNotReached(other, tls(other, client), "the server's certificate is not accepted");
        assertNotReached(server, tls(server, server), "not reached: ");
        assertNotReached(server, tls(server, null), "not reached: ");
        start(server);
    }

    private void assertNotReached(Path shown, Optional<TlsConfiguration> tls, String reason) {
        start(shown);
        assertThat(calling.failures(trial().token("t0k3n"), tls, 1)).singleElement().isInstanceOf(UnavailableException.class)
                .asString().contains(reason).doesNotContain("t0k3n");
        assertThat(endpoint.calls()).isEmpty();
        endpoint.close();
    }

    @Test
    void shouldUseACertificateThatIsRenewedWithoutARestart() {
        // Given
        start(server);
        OrderHandlers handlers = new OrderHandlers(trial().tls("partner"),
                new NamedTls(Map.of("partner", new HttpsKeys.Configuration(server, client))));
        handlers.start(null);
        OrderHandler handler = handlers.handler(null, vertx);
        assertThat(FulfilmentCalls.failures(handler, 1)).isEmpty();

        // When
        endpoint.stop();
        Path next = keys.make("next");
        Path nextClient = keys.make("next-client");
        endpoint.secured(options -> HttpsKeys.require(options, next, nextClient)).start();

        // Then
        assertThat(FulfilmentCalls.failures(handler, 1)).singleElement().isInstanceOf(UnavailableException.class);

        // And when
        TlsConfiguration renewed = new HttpsKeys.Configuration(next, nextClient);
        handlers.renewed(new CertificateUpdatedEvent("another", renewed));
        assertThat(FulfilmentCalls.failures(handler, 1)).hasSize(1);
        handlers.renewed(new CertificateUpdatedEvent("partner", renewed));

        // Then
        assertThat(FulfilmentCalls.failures(handler, 1)).isEmpty();
        handlers.close(handler);
    }

    @Test
    void shouldRefuseATlsConfigurationThatDoesNotExistOrIsNotUsed() {
        start(server);
        assertThatThrownBy(() -> new OrderHandlers(trial().tls("nope"), NamedTls.NONE).start(null))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("FULFILMENT_TLS must name a TLS configuration (quarkus.tls.<name>), but there is no 'nope'.");
        Trial http = new Trial(URI.create("http://example.org/orders"), PATIENCE, 1).token("t0k3n");
        assertThatThrownBy(() -> new OrderHandlers(http.tls("own"), NamedTls.NONE).start(null))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("FULFILMENT_URL must have an https url, since FULFILMENT_TLS is 'own', but has http urls only.");
        assertThatCode(() -> new OrderHandlers(http, NamedTls.NONE).start(null)).doesNotThrowAnyException();
    }

    private void start(Path shown) {
        endpoint = new FulfilmentServer().secured(options -> HttpsKeys.require(options, shown, client)).start();
    }

    private Trial trial() {
        return new Trial(URI.create(endpoint.url()), PATIENCE, 1);
    }

    private static Optional<TlsConfiguration> tls(Path trusted, Path own) {
        return Optional.of(new HttpsKeys.Configuration(trusted, own));
    }
}
