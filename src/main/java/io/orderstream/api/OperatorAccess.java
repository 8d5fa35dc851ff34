package io.orderstream.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.spi.runtime.AuthorizationController;

/** Lets operators pass. To be asked on a worker thread, before anything else is looked at. */
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

    /** The body of an answer that is no result. */
    @RegisterForReflection
    record Message(String message) {
    }

    /**
     * The name of the operator who asks.
     *
     * @throws UnauthorizedException if it is not known who asks
     * @throws ForbiddenException if it is nobody who may
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
        return new ForbiddenException(Response.status(Response.Status.FORBIDDEN).type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new Message(message)).build());
    }
}
