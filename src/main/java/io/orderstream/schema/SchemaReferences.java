package io.orderstream.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

import io.orderstream.schema.RegisteredSchema.Reference;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/**
 * Parses one schema of the registry with all the schemas it refers to, directly or not. They are fetched one after the other,
 * each name once. All are parsed together, those that are used before those that use them. Their number, depth and size are
 * bounded, since anyone may have registered them. To be used once.
 */
final class SchemaReferences {

    /** Most schemas that one schema may refer to, directly or not. */
    static final int MOST = 500;

    /** Longest chain of references. */
    static final int DEEPEST = 32;

    /** Most characters of all these schemas together. */
    static final int LARGEST = 2 * RegistryClient.LARGEST_ANSWER;

    private final String name;
    private final BiFunction<String, Integer, Uni<RegisteredSchema>> versions;
    private final Set<String> fetched = new HashSet<>();
    private final Deque<String> path = new ArrayDeque<>();
    private final List<String> texts = new ArrayList<>();
    private final SchemaLimits limits = new SchemaLimits();
    private long characters;

    /**
     * @param name the schema, for messages
     * @param versions fetches a version of a subject
     */
    SchemaReferences(String name, BiFunction<String, Integer, Uni<RegisteredSchema>> versions) {
        this.name = name;
        this.versions = versions;
    }

    /** Returns the schema; fails as {@link RegistryClient} does. */
    Uni<Schema> resolve(RegisteredSchema schema) {
        return collect(schema).map(complete -> parse());
    }

    private Uni<Void> collect(RegisteredSchema schema) {
        return Multi.createFrom().iterable(schema.references()).onItem().transformToUniAndConcatenate(this::fetch)
                .collect().last().invoke(() -> add(schema.text())).replaceWithVoid();
    }

    private Uni<Void> fetch(Reference reference) {
        String version = "version %d of subject '%s'".formatted(reference.version(), reference.subject());
        if (path.contains(version)) {
            return failure("refers to itself through " + version);
        }
        if (path.size() == DEEPEST) {
            return failure("has references nested deeper than " + DEEPEST);
        }
        if (!fetched.add(reference.name())) {
            return Uni.createFrom().voidItem();
        }
        if (fetched.size() > MOST) {
            return failure("has more than " + MOST + " references");
        }
        path.push(version);
        return versions.apply(reference.subject(), reference.version())
                .onFailure(RegistryRejectedException.class).transform(refusal -> new RegistryRejectedException(
                        "%s refers to %s: %s".formatted(name, version, refusal.getMessage()),
                        refusal))
                .chain(this::collect).invoke(path::pop);
    }

    private Uni<Void> failure(String problem) {
        return Uni.createFrom().failure(RegisteredSchema.unusable(name + " " + problem));
    }

    private void add(String text) {
        characters += text.length();
        if (characters > LARGEST) {
            throw RegisteredSchema.unusable("%s and its references are larger than %d characters".formatted(name, LARGEST));
        }
        try {
            limits.add(text);
        } catch (IllegalArgumentException e) {
            throw RegisteredSchema.unusable("%s cannot be parsed: %s".formatted(name, problem(e)));
        }
        texts.add(text);
    }

    /**
     * Avro resolves all that is known for each text it parses, so it gets a single one, in which each schema is a field's type.
     */
    private Schema parse() {
        String all = IntStream.range(0, texts.size())
                // A comment may be the end of a text.
                .mapToObj(each -> "{\"name\": \"%d\", \"type\": %s\n}".formatted(each, texts.get(each)))
                .collect(Collectors.joining(",", "{\"type\": \"record\", \"name\": \" \", \"fields\": [", "]}"));
        try {
            // Lenient, since the registry has already accepted the writer's names and defaults.
            Schema parsed = new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(all);
            Schema schema = parsed.getFields().get(texts.size() - 1).schema();
            SchemaLimits.requireReadable(schema);
            return schema;
        } catch (RuntimeException e) {
            throw RegisteredSchema.unusable("%s cannot be parsed: %s".formatted(name, problem(e)));
        } catch (StackOverflowError e) {
            throw RegisteredSchema.unusable("%s cannot be parsed: nested too deep".formatted(name));
        }
    }

    private static String problem(RuntimeException failure) {
        String message = RegistryClient.excerpt(failure.getMessage());
        // Avro 1.12 names a placeholder of its own instead of the type.
        return message.contains("UnresolvedSchema") ? "neither it nor a reference defines a type that it uses" : message;
    }
}
