package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.OrderApp;

/** One instance of the application: its process, where it answers, and what it has done with its records. */
final class Instance {

    private static final String LISTENING = "Listening on: (http://[^:]+:\\d+)\\..* listening on (http://[^:]+:\\d+)";
    private static final Pattern CALL = Pattern.compile("attempt: record=(\\S+) attempt=(\\d+)");
    private static final Pattern REJECTION = Pattern
            .compile("dead letter: kind=undecodable .*?topic=(\\S+) partition=(\\d+) offset=(\\d+) attempts=0");

    private final AppProcess process;
    private final List<HandlerCall> calls = new ArrayList<>();
    private int linesRead;

    Instance(AppProcess process) {
        this.process = process;
    }

    AppProcess process() {
        return process;
    }

    /** Its REST API, once it answers. */
    OrderApp api() {
        return new OrderApp(listening(1));
    }

    /** Where its probes are, once they answer. */
    String managementUrl() {
        return listening(2);
    }

    private String listening(int group) {
        return awaitListening().group(group).replace("0.0.0.0", "localhost");
    }

    MatchResult awaitListening() {
        return process.awaitLine(LISTENING, PATIENCE);
    }

    /**
     * Reads what it has done since this was asked last. A call is printed before it is made, and a rejection before it is
     * committed, so none is missing.
     */
    void readCalls(Consumer<HandlerCall> each) {
        List<String> lines = process.lines();
        for (String line : lines.subList(linesRead, lines.size())) {
            Optional<HandlerCall> call = read(line);
            call.ifPresent(calls::add);
            call.ifPresent(each);
        }
        linesRead = lines.size();
    }

    private static Optional<HandlerCall> read(String line) {
        Matcher call = CALL.matcher(line);
        if (call.find()) {
            return Optional.of(new HandlerCall(call.group(1), Integer.parseInt(call.group(2))));
        }
        Matcher rejection = REJECTION.matcher(line);
        return rejection.find()
                ? Optional.of(new HandlerCall(rejection.group(1) + "-" + rejection.group(2) + "-" + rejection.group(3), 0))
                : Optional.empty();
    }

    /** What was read so far, in the order in which it has happened. */
    List<HandlerCall> calls() {
        return calls;
    }
}
