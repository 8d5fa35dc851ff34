package io.orderstream.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.core.Response.Status;

import io.orderstream.web.HttpSettings;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.spi.runtime.AuthorizationController;
import io.smallrye.mutiny.Uni;

/** Authorizes requests that require the operator role. Call it before the request is examined. */
@ApplicationScoped
class OperatorAccess {

    private static final String OFF = "redrive is off: set OPERATOR_USER and OPERATOR_PASSWORD,"
            + " or add an OIDC extension that gives the role " + OperatorCredentials.ROLE;
    private static final String ANYBODY = "anonymous";

    private final CurrentIdentityAssociation caller;
    private final AuthorizationController authorization;
    private final OperatorCredentials credentials;
    private final boolean isForPublishers;

    OperatorAccess(CurrentIdentityAssociation caller, AuthorizationController authorization, OperatorCredentials credentials,
            HttpSettings settings) {
        this.caller = caller;
        this.authorization = authorization;
        this.credentials = credentials;
        this.isForPublishers = settings.postNeedsOperator();
    }

    /** Completes if the caller may publish, and fails as {@link #operator()} does if only operators may. On any thread. */
    Uni<Void> publisher() {
        return isForPublishers ? caller.getDeferredIdentity().invoke(identity -> operator(identity)).replaceWithVoid()
                : Uni.createFrom().voidItem();
    }

    /**
     * Returns the name of the calling operator; without authorization, as in dev mode, also that of anybody. Call it on a
     * worker
     * thread, since who it is may have to be found out.
     *
     * @throws UnauthorizedException if the caller is not authenticated (401)
     * @throws ForbiddenException if the caller lacks the role, or no operator is configured (403)
     */
    String operator() {
        return operator(caller.getIdentity());
    }

    private String operator(SecurityIdentity identity) {
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
