package io.orderstream.api;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import jakarta.ws.rs.ForbiddenException;

import org.junit.jupiter.api.Test;

import io.orderstream.settings.InvalidSettingException;
import io.orderstream.settings.OperationSettings;
import io.orderstream.web.HttpSettings;
import io.orderstream.web.Problem;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.credential.PasswordCredential;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.security.spi.runtime.AuthorizationController;
import io.smallrye.mutiny.Uni;

class OperatorAccessTest {

    private static final SecurityIdentity NOBODY = QuarkusSecurityIdentity.builder().setAnonymous(true).build();
    private static final OperatorCredentials UNSET = credentials(null, null);
    private static final OperatorCredentials SET = credentials("olga", "secret");

    private record Settings(int httpPort, int metricsPort, Duration lagMonitorInterval, Optional<String> operatorUser,
            Optional<String> operatorPassword, Optional<List<String>> consolePipelines, LogLevel logLevel,
            LogFormat logFormat) implements OperationSettings {
    }

    private record Http(boolean postNeedsOperator, int maxPostsPerSecond, int maxStreamClients,
            int maxConnections, Optional<List<String>> hosts) implements HttpSettings {
    }

    private record Caller(SecurityIdentity identity) implements CurrentIdentityAssociation {

        @Override
        public SecurityIdentity getIdentity() {
            return identity;
        }

        @Override
        public Uni<SecurityIdentity> getDeferredIdentity() {
            return Uni.createFrom().item(identity);
        }

        @Override
        public void setIdentity(SecurityIdentity other) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setIdentity(Uni<SecurityIdentity> other) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void shouldAskWhoPublishesOnlyIfTheSettingsSaySo() {
        // Given
        SecurityIdentity operator = identity("olga", "operator");
        SecurityIdentity viewer = identity("viewer", "viewer");

        // Then
        assertThatNoException().isThrownBy(() -> publish(access(NOBODY, true, SET, false)));
        assertThatNoException().isThrownBy(() -> publish(access(operator, true, SET, true)));
        assertThatNoException().isThrownBy(() -> publish(access(NOBODY, false, SET, true)));
        assertThatExceptionOfType(ForbiddenException.class).isThrownBy(() -> publish(access(viewer, true, SET, true)));
        assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> publish(access(NOBODY, true, SET, true)));
    }

    private static void publish(OperatorAccess access) {
        access.publisher().await().atMost(PATIENCE);
    }

    @Test
    void shouldRefuseAStartWhereOnlyAnOperatorMayPublishAndThereIsNone() {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> credentials(null, null, true).check(null))
                .withMessage("POST_NEEDS_OPERATOR must be false, or OPERATOR_USER be set as well, but is 'true'.");
        assertThatNoException().isThrownBy(() -> credentials("olga", "secret", true).check(null));
        assertThatNoException().isThrownBy(() -> UNSET.check(null));
    }

    @Test
    void shouldLetWhoeverHasTheRolePassAlsoWithoutCredentialsInTheSettings() {
        assertThat(access(identity("oidc-user", "operator"), true, UNSET).operator()).isEqualTo("oidc-user");
    }

    @Test
    void shouldForbidWhoHasAnotherRole() {
        assertThatExceptionOfType(ForbiddenException.class)
                .isThrownBy(access(identity("viewer", "viewer"), true, SET)::operator)
                .satisfies(forbidden -> assertThat(forbidden.getResponse().getEntity())
                        .isEqualTo(Problem.of(403, "the role operator is needed")));
    }

    @Test
    void shouldAskWhoItIsOnlyWhereThatCanBeAnswered() {
        assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(access(NOBODY, true, SET)::operator);
        assertThatExceptionOfType(ForbiddenException.class).isThrownBy(access(NOBODY, true, UNSET)::operator);
    }

    @Test
    void shouldBeOpenInDevMode() {
        assertThat(access(NOBODY, false, UNSET).operator()).isEqualTo("anonymous");
        assertThat(access(NOBODY, false, SET).operator()).isEqualTo("anonymous");
    }

    @Test
    void shouldGiveTheRoleToTheOneUserWithTheOnePassword() {
        // When
        SecurityIdentity identity = SET.authenticate(request("olga", "secret"), null).await().indefinitely();

        // Then
        assertThat(identity.getPrincipal().getName()).isEqualTo("olga");
        assertThat(identity.getRoles()).containsExactly("operator");
        assertThat(UNSET.authenticate(request("", ""), null).await().indefinitely().isAnonymous()).isTrue();
    }

    private static UsernamePasswordAuthenticationRequest request(String user, String password) {
        return new UsernamePasswordAuthenticationRequest(user, new PasswordCredential(password.toCharArray()));
    }

    private static SecurityIdentity identity(String name, String role) {
        return QuarkusSecurityIdentity.builder().setPrincipal(new QuarkusPrincipal(name)).addRole(role).build();
    }

    private static OperatorAccess access(SecurityIdentity identity, boolean isEnabled, OperatorCredentials credentials) {
        return access(identity, isEnabled, credentials, true);
    }

    private static OperatorAccess access(SecurityIdentity identity, boolean isEnabled, OperatorCredentials credentials,
            boolean isForPublishers) {
        return new OperatorAccess(new Caller(identity), new AuthorizationController() {

            @Override
            public boolean isAuthorizationEnabled() {
                return isEnabled;
            }
        }, credentials, new Http(isForPublishers, 1, 1, 2, Optional.empty()));
    }

    private static OperatorCredentials credentials(String user, String password) {
        return credentials(user, password, false);
    }

    private static OperatorCredentials credentials(String user, String password, boolean isForPublishers) {
        return new OperatorCredentials(
                new Settings(0, 0, Duration.ZERO, Optional.ofNullable(user), Optional.ofNullable(password),
                        Optional.empty(), OperationSettings.LogLevel.INFO, OperationSettings.LogFormat.PLAIN),
                new Http(isForPublishers, 1, 1, 2, Optional.empty()));
    }
}
