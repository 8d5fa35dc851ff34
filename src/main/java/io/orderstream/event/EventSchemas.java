package io.orderstream.event;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.event.EventTypes.Found;
import io.orderstream.json.ValueSchema;
import io.quarkus.runtime.util.ClassPathUtils;

/**
 * Finds the schemas on the class path, {@code schemas/envelope/envelope.json} and
 * {@code schemas/payload/<type>.v<major>.json}, and compiles them once.
 */
@ApplicationScoped
public class EventSchemas {

    static final String PAYLOADS = "schemas/payload";
    private static final String ENVELOPE = "schemas/envelope/envelope.json";
    private static final Pattern FILE = Pattern.compile("(?<type>[a-z][a-z0-9-]{0,63})\\.v(?<major>0|[1-9]\\d{0,3})\\.json");
    // Read when the class is loaded, which for a native application is when it is built: there is no directory to list when it runs.
    private static final Map<String, byte[]> PAYLOAD_FILES = payloads();

    private final EventValidator validator;

    EventSchemas() {
        this.validator = new EventValidator(ValueSchema.ofResource(ENVELOPE), types(PAYLOAD_FILES));
    }

    private static Map<String, byte[]> payloads() {
        Map<String, byte[]> files = new TreeMap<>();
        try {
            ClassPathUtils.consumeAsPaths(EventSchemas.class.getClassLoader(), PAYLOADS, directory -> read(directory, files));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(files);
    }

    private static void read(Path directory, Map<String, byte[]> files) {
        try (Stream<Path> found = Files.list(directory)) {
            for (Path file : found.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The types, by the names of their files.
     *
     * @throws IllegalStateException if a file is not named as it should be, or is no schema
     */
    static EventTypes types(Map<String, byte[]> payloads) {
        List<Found> found = new ArrayList<>();
        payloads.forEach((name, text) -> {
            Matcher file = FILE.matcher(name);
            if (!file.matches()) {
                throw new IllegalStateException("schema " + PAYLOADS + "/" + name
                        + ": the file must be named <type>.v<major>.json, such as file-added.v1.json");
            }
            found.add(new Found(file.group("type"), Integer.parseInt(file.group("major")),
                    ValueSchema.compile(PAYLOADS + "/" + name, text)));
        });
        return new EventTypes(found);
    }

    /** Validates events against these schemas. */
    public EventValidator validator() {
        return validator;
    }
}
