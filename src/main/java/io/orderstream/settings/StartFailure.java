package io.orderstream.settings;

import java.net.BindException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.orderstream.support.Failures;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;

/** Says in a sentence why the application cannot start. */
public final class StartFailure {

    private static final Pattern EXCEPTION = Pattern.compile("(?:[a-z][\\w$]*\\.)+[A-Z][\\w$]*(?:Exception|Error): ");
    private static final Pattern CODE = Pattern.compile("\\b[A-Z]{3,8}\\d{5}: ");
    private static final Pattern CONVERSION = Pattern.compile("The config property (\\S+) with the config value \"(.*)\" "
            + "threw an Exception whilst being converted\\s+(.*)", Pattern.DOTALL);

    private static final String QUARKUS = "Failed to start quarkus";

    private final List<Throwable> causes;

    /** @param failure what Quarkus has been given */
    public StartFailure(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        this.causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
    }

    /** One sentence; one a line if several settings are invalid. */
    public String sentence() {
        return find(InvalidSettingException.class).map(Throwable::getMessage)
                .or(() -> find(ConfigValidationException.class).map(StartFailure::problems))
                .or(() -> find(ConfigurationException.class).map(failure -> clean(Failures.message(failure))))
                .or(this::port)
                .orElseGet(() -> "The application cannot start: " + reason());
    }

    /** Whether it is a mistake in the code, which needs the stack trace. */
    public boolean isDefect() {
        Throwable root = causes.get(causes.size() - 1);
        return root instanceof Error || root instanceof NullPointerException || root instanceof ClassCastException
                || root instanceof IndexOutOfBoundsException;
    }

    private <T extends Throwable> Optional<T> find(Class<T> type) {
        return causes.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private static String problems(ConfigValidationException failure) {
        return IntStream.range(0, failure.getProblemCount())
                .mapToObj(problem -> clean(failure.getProblem(problem).getMessage())).distinct()
                .collect(Collectors.joining("\n"));
    }

    /** Without what is for developers: names of exceptions, and numbers of messages. */
    private static String clean(String message) {
        String words = CODE.matcher(EXCEPTION.matcher(message).replaceAll("")).replaceAll("");
        return Failures.oneLine(CONVERSION.matcher(words).replaceFirst("$1 cannot be read, since it is '$2': $3")).strip();
    }

    /** The metrics' port that is taken is not a failure of Quarkus' own kind. */
    private Optional<String> port() {
        Optional<QuarkusBindException> http = find(QuarkusBindException.class);
        if (http.isEmpty() && find(BindException.class).isEmpty()) {
            return Optional.empty();
        }
        String which = http.map(taken -> taken.getHost() + ":" + taken.getPort()).orElse("one of them");
        return Optional.of("HTTP_PORT and METRICS_PORT must be ports of this machine that nobody else listens on, but " + which
                + " is not.");
    }

    /** What the first and the last cause say: the last alone may be no more than the name of a file. */
    public String reason() {
        List<String> said = causes.stream().filter(cause -> !QUARKUS.equals(cause.getMessage()))
                .filter(cause -> cause.getCause() == null || !Objects.equals(cause.getMessage(), cause.getCause().toString()))
                .map(StartFailure::named).distinct().toList();
        return said.size() < 2 ? String.join("", said) : said.get(0) + ": " + said.get(said.size() - 1);
    }

    private static String named(Throwable cause) {
        boolean isText = cause.getMessage() != null && cause.getMessage().matches("(?s).*\\s.*");
        return clean(isText ? cause.getMessage() : cause.getClass().getSimpleName() + " " + Failures.message(cause));
    }
}
