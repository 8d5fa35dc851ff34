package io.orderstream.deploy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;

/** Something of the machine without which a test cannot tell anything. */
final class Requirement {

    private Requirement() {
    }

    /** Skips the test where it is missing; with CI=true, where nobody reads what was skipped, the test fails. */
    static void isMet(boolean there, String message) {
        isMet(there, message, System.getenv());
    }

    static void isMet(boolean there, String message, Map<String, String> environment) {
        if (!there && "true".equals(environment.get("CI"))) {
            throw new AssertionError(message + " (nothing is skipped with CI=true)");
        }
        assumeTrue(there, message);
    }
}
