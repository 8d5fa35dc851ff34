package io.orderstream.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.orderstream.settings.InvalidSettingException;
import io.orderstream.settings.OperationSettings;
import io.orderstream.support.Lifecycle;
import io.orderstream.web.HttpSettings;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;

/** Identity provider for HTTP basic authentication of the single operator in the settings. */
@ApplicationScoped
public class OperatorCredentials implements IdentityProvider<UsernamePasswordAuthenticationRequest> {

    /** Role that is required to redrive dead letters, and to publish if the settings say so. */
    static final String ROLE = "operator";

    private final OperationSettings settings;
    private final boolean isForPublishers;

    OperatorCredentials(OperationSettings settings, HttpSettings http) {
        this.settings = settings;
        this.isForPublishers = http.postNeedsOperator();
    }

    /** @throws InvalidSettingException if only an operator may publish, and there is none */
    void check(@Observes @Priority(Lifecycle.Start.CONTRADICTIONS) StartupEvent event) {
        if (isForPublishers && !areSet()) {
            throw new InvalidSettingException(
                    "POST_NEEDS_OPERATOR must be false, or OPERATOR_USER be set as well, but is 'true'.");
        }
    }

    /** Whether an operator is configured. */
    boolean areSet() {
        return settings.operatorUser().isPresent();
    }

    @Override
    public Class<UsernamePasswordAuthenticationRequest> getRequestType() {
        return UsernamePasswordAuthenticationRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(UsernamePasswordAuthenticationRequest request,
            AuthenticationRequestContext context) {
        if (!areSet()) {
            // Anonymous, so that the caller gets the message that redrive is off instead of a 401.
            return Uni.createFrom().item(QuarkusSecurityIdentity.builder().setAnonymous(true).build());
        }
        // Always compare both, each in constant time, to reveal nothing by timing.
        boolean isUser = isEqual(settings.operatorUser().orElseThrow(), request.getUsername());
        boolean isPassword = isEqual(settings.operatorPassword().orElseThrow(),
                new String(request.getPassword().getPassword()));
        if (!(isUser & isPassword)) {
            return Uni.createFrom().failure(new AuthenticationFailedException());
        }
        return Uni.createFrom().item(QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(request.getUsername())).addRole(ROLE).build());
    }

    private static boolean isEqual(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
