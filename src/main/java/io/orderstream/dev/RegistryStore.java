package io.orderstream.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.apache.avro.Schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * In-memory model of a schema registry: schemas, subjects with their versions, compatibility levels. Thread safe.
 * <p>
 * Deletions are soft: the version is removed from its subject, but its number and id are not reused, and records with
 * the id can still be read.
 */
final class RegistryStore {

    static final String ALL_SUBJECTS = "";

    private final Path file;
    private final Content content;

    /**
     * Everything the registry knows, in the form it is kept in its JSON file, so that ids survive a restart of dev mode.
     *
     * @param schemas schema texts by id; ids start at 1 and are never reused
     * @param references by id, of the schemas that have any; null in a file of an older version
     * @param subjects versions by subject, oldest first, deleted ones included
     * @param levels compatibility level by subject; the empty name holds the global level
     */
    record Content(SortedMap<Integer, String> schemas, SortedMap<Integer, List<SchemaReference>> references,
            SortedMap<String, List<Version>> subjects, Map<String, String> levels) {

        private static final ObjectMapper JSON = new ObjectMapper();

        Content {
            references = references == null ? new TreeMap<>() : references;
        }

        /** @param path the file; null, or one that does not exist, holds nothing */
        static Content read(Path path) {
            if (path == null || !Files.exists(path)) {
                return new Content(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
            }
            try {
                return JSON.readValue(path.toFile(), Content.class);
            } catch (IOException e) {
                throw new IllegalStateException("the embedded registry cannot read its file, delete it to begin anew: " + path,
                        e);
            }
        }

        /** @param path the file, made with its directories if missing; null to keep nothing */
        void write(Path path) {
            if (path == null) {
                return;
            }
            Path absolute = path.toAbsolutePath();
            try {
                Files.createDirectories(absolute.getParent());
                // A kill in the middle of writing leaves the file as it was.
                Path next = absolute.resolveSibling(absolute.getFileName() + ".next");
                Files.write(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
                Files.move(next, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException("the embedded registry cannot write its file " + absolute, e);
            }
        }
    }

    /** One version of a subject: its number from 1, the id of its schema, and whether it was deleted. */
    record Version(int number, int id, boolean deleted) {

        Version delete() {
            return new Version(number, id, true);
        }
    }

    /** A schema as it is registered: its text may use the types of the schemas it refers to. */
    record Text(String schema, @JsonInclude(Include.NON_EMPTY) List<SchemaReference> references) {
    }

    /** A version of a subject, with its schema. */
    record Registered(String subject, int version, int id, @JsonUnwrapped Text text) {
    }

    /** @param path file to store the content in, null to keep it in memory only */
    RegistryStore(Path path) {
        this.file = path;
        this.content = Content.read(path);
    }

    synchronized List<String> subjects() {
        return content.subjects().keySet().stream().filter(subject -> !live(subject).isEmpty()).toList();
    }

    synchronized List<Integer> versions(String subject) {
        return existing(subject).stream().map(Version::number).toList();
    }

    /**
     * @param version a version number, {@code latest} or {@code -1}
     * @param orDeleted whether it may be a version that was deleted
     */
    synchronized Registered version(String subject, String version, boolean orDeleted) {
        List<Version> versions = orDeleted ? content.subjects().getOrDefault(subject, List.of()) : existing(subject);
        if (version.equals("latest") || version.equals("-1")) {
            return registered(subject, existing(subject).get(existing(subject).size() - 1));
        }
        int number = number(version);
        return versions.stream().filter(v -> v.number() == number).findFirst().map(v -> registered(subject, v))
                .orElseThrow(() -> new RegistryError(40402, "Version " + version + " not found."));
    }

    synchronized int register(String subject, Text text) {
        Schema schema = parse(text);
        Text stored = stored(text, schema);
        Optional<Version> same = find(subject, stored);
        if (same.isPresent()) {
            return same.get().id();
        }
        List<String> problems = problems(subject, schema, live(subject));
        if (!problems.isEmpty()) {
            throw new RegistryError(409,
                    "Schema being registered is incompatible with an earlier schema for subject '" + subject
                            + "': " + problems);
        }
        int id = idOf(stored);
        List<Version> versions = content.subjects().computeIfAbsent(subject, key -> new ArrayList<>());
        versions.add(new Version(versions.size() + 1, id, false));
        content.write(file);
        return id;
    }

    private int idOf(Text text) {
        Optional<Integer> known = content.schemas().keySet().stream().filter(id -> text(id).equals(text)).findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        int id = content.schemas().isEmpty() ? 1 : content.schemas().lastKey() + 1;
        content.schemas().put(id, text.schema());
        if (!text.references().isEmpty()) {
            content.references().put(id, text.references());
        }
        return id;
    }

    private Text text(int id) {
        return new Text(content.schemas().get(id), content.references().getOrDefault(id, List.of()));
    }

    synchronized Registered lookup(String subject, Text text) {
        existing(subject);
        return find(subject, stored(text, parse(text))).map(version -> registered(subject, version))
                .orElseThrow(() -> new RegistryError(40403, "Schema under subject '" + subject + "' not found."));
    }

    synchronized List<Integer> deleteSubject(String subject) {
        List<Integer> deleted = versions(subject);
        content.subjects().get(subject).replaceAll(Version::delete);
        content.levels().remove(subject);
        content.write(file);
        return deleted;
    }

    synchronized int deleteVersion(String subject, String version) {
        int number = version(subject, version, false).version();
        content.subjects().get(subject).replaceAll(v -> v.number() == number ? v.delete() : v);
        content.write(file);
        return number;
    }

    synchronized Text schema(int id) {
        if (!content.schemas().containsKey(id)) {
            throw new RegistryError(40403, "Schema " + id + " not found.");
        }
        return text(id);
    }

    /** Returns the versions of all subjects that use the schema. */
    synchronized List<Registered> uses(int id) {
        schema(id);
        return content.subjects().keySet().stream()
                .flatMap(subject -> live(subject).stream().filter(v -> v.id() == id).map(v -> registered(subject, v))).toList();
    }

    synchronized CompatibilityLevel globalLevel() {
        return CompatibilityLevel.valueOf(content.levels().getOrDefault(ALL_SUBJECTS, CompatibilityLevel.BACKWARD.name()));
    }

    /** The subject-level compatibility, empty if the global level applies. */
    synchronized Optional<CompatibilityLevel> level(String subject) {
        return Optional.ofNullable(content.levels().get(subject)).map(CompatibilityLevel::valueOf);
    }

    /** @param subject {@link #ALL_SUBJECTS} for those that have no level of their own */
    synchronized void setLevel(String subject, String level) {
        content.levels().put(subject, CompatibilityLevel.of(level).name());
        content.write(file);
    }

    /** Returns the incompatibilities of a schema with this version of the subject. */
    synchronized List<String> problems(String subject, String version, Text text) {
        Version compared = new Version(0, version(subject, version, false).id(), false);
        return problems(subject, parse(text), List.of(compared));
    }

    private List<String> problems(String subject, Schema schema, List<Version> versions) {
        List<Schema> schemas = versions.stream().map(v -> parse(text(v.id()))).toList();
        return level(subject).orElseGet(this::globalLevel).problems(schema, schemas);
    }

    private Optional<Version> find(String subject, Text stored) {
        return live(subject).stream().filter(v -> text(v.id()).equals(stored)).findFirst();
    }

    /** In a form that is the same however the text is laid out. Avro's own would contain the types of other schemas. */
    private static Text stored(Text text, Schema schema) {
        return text.references().isEmpty() ? new Text(schema.toString(), List.of())
                : new Text(compact(text.schema()), text.references());
    }

    private List<Version> live(String subject) {
        return content.subjects().getOrDefault(subject, List.of()).stream().filter(v -> !v.deleted()).toList();
    }

    private List<Version> existing(String subject) {
        List<Version> versions = live(subject);
        if (versions.isEmpty()) {
            throw new RegistryError(40401, "Subject '" + subject + "' not found.");
        }
        return versions;
    }

    private Registered registered(String subject, Version version) {
        return new Registered(subject, version.number(), version.id(), text(version.id()));
    }

    private static int number(String version) {
        try {
            int number = Integer.parseInt(version);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Rejected below, like a number that is not positive.
        }
        throw new RegistryError(42202, "The specified version '" + version
                + "' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\"");
    }

    private static String compact(String json) {
        try {
            return Content.JSON.readTree(json).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Schema parse(Text text) {
        try {
            return parse(new Schema.Parser(), text, new HashSet<>());
        } catch (RegistryError e) {
            throw e;
        } catch (RuntimeException e) {
            throw new RegistryError(42201, "Input schema is an invalid Avro schema: " + e.getMessage());
        }
    }

    /** The types that are referred to first. References to what is registered already cannot form a cycle. */
    private Schema parse(Schema.Parser parser, Text text, Set<String> parsed) {
        for (SchemaReference reference : text.references()) {
            if (parsed.add(reference.name())) {
                parse(parser, version(reference.subject(), Integer.toString(reference.version()), true).text(), parsed);
            }
        }
        return parser.parse(text.schema());
    }
}
