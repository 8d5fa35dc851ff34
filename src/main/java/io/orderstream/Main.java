package io.orderstream;

import io.orderstream.settings.StartFailure;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Runs the application, and ends a start that fails with one sentence on the standard error output: Quarkus itself prints the
 * stack traces of most failures.
 */
@QuarkusMain
public final class Main {

    // ArC, which makes it a bean, advises against a private one.
    Main() {
    }

    public static void main(String... arguments) {
        Quarkus.run(null, Main::exit, arguments);
    }

    /** @param failure why the start has failed; null if the application ends for another reason */
    private static void exit(int code, Throwable failure) {
        if (failure != null) {
            StartFailure start = new StartFailure(failure);
            System.err.println(start.sentence());
            if (start.isDefect()) {
                failure.printStackTrace();
            }
        }
        ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(code, failure);
    }
}
