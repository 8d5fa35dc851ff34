package io.orderstream.guarantee;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.OrderApp;

/** One instance of the application: its process, where it answers, and the handler calls it has made. */
final class Instance {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LISTENING = "Listening on: (http://[^:]+:\\d+)\\..* listening on (http://[^:]+:\\d+)";
    private static final Pattern CALL = Pattern.compile("attempt: record=(\\S+) attempt=(\\d+)");

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

    /** Reads the calls it has made since this was asked last; a call is printed before it is made, so none is missing. */
    void readCalls(Consumer<HandlerCall> each) {
        List<String> lines = process.lines();
        for (String line : lines.subList(linesRead, lines.size())) {
            Matcher call = CALL.matcher(line);
            if (call.find()) {
                calls.add(new HandlerCall(call.group(1), Integer.parseInt(call.group(2))));
                each.accept(calls.get(calls.size() - 1));
            }
        }
        linesRead = lines.size();
    }

    /** The calls read so far. */
    List<HandlerCall> calls() {
        return calls;
    }
}
