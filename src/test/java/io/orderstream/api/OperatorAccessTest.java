package io.orderstream.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import jakarta.ws.rs.ForbiddenException;

import org.junit.jupiter.api.Test;

import io.orderstream.settings.OperationSettings;
import io.orderstream.web.Problem;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.credential.PasswordCredential;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.security.spi.runtime.AuthorizationController;

class OperatorAccessTest {

    private static final SecurityIdentity NOBODY = QuarkusSecurityIdentity.builder().setAnonymous(true).build();
    private static final OperatorCredentials UNSET = credentials(null, null);
    private static final OperatorCredentials SET = credentials("olga", "secret");

    private record Settings(int httpPort, int metricsPort, Duration lagMonitorInterval, Optional<String> operatorUser,
            Optional<String> operatorPassword, Optional<List<String>> consolePipelines, LogLevel logLevel,
            LogFormat logFormat) implements OperationSettings {
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
        return new OperatorAccess(identity, new AuthorizationController() {

            @Override
            public boolean isAuthorizationEnabled() {
                return isEnabled;
            }
        }, credentials);
    }

    private static OperatorCredentials credentials(String user, String password) {
        return new OperatorCredentials(
                new Settings(0, 0, Duration.ZERO, Optional.ofNullable(user), Optional.ofNullable(password),
                        Optional.empty(), OperationSettings.LogLevel.INFO, OperationSettings.LogFormat.PLAIN));
    }
}
