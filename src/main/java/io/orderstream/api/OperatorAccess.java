package io.orderstream.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.core.Response.Status;

import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.spi.runtime.AuthorizationController;

/** Authorizes requests that require the operator role. Call on a worker thread, before the request is examined. */
@ApplicationScoped
class OperatorAccess {

    private static final String OFF = "redrive is off: set OPERATOR_USER and OPERATOR_PASSWORD,"
            + " or add an OIDC extension that gives the role " + OperatorCredentials.ROLE;
    private static final String ANYBODY = "anonymous";

    private final SecurityIdentity identity;
    private final AuthorizationController authorization;
    private final OperatorCredentials credentials;

    OperatorAccess(SecurityIdentity identity, AuthorizationController authorization, OperatorCredentials credentials) {
        this.identity = identity;
        this.authorization = authorization;
        this.credentials = credentials;
    }

    /**
     * Returns the name of the calling operator; without authorization, as in dev mode, also that of anybody.
     *
     * @throws UnauthorizedException if the caller is not authenticated (401)
     * @throws ForbiddenException if the caller lacks the role, or no operator is configured (403)
     */
    String operator() {
        if (!authorization.isAuthorizationEnabled()) {
            // dev mode
            return identity.isAnonymous() ? ANYBODY : identity.getPrincipal().getName();
        }
        if (identity.isAnonymous()) {
            throw credentials.areSet() ? new UnauthorizedException() : forbidden(OFF);
        }
        if (!identity.hasRole(OperatorCredentials.ROLE)) {
            throw forbidden("the role " + OperatorCredentials.ROLE + " is needed");
        }
        return identity.getPrincipal().getName();
    }

    private static ForbiddenException forbidden(String message) {
        return new ForbiddenException(FailureAnswers.answer(Status.FORBIDDEN, message).build());
    }
}
