package io.orderstream.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.Schema.Type;

/**
 * Adapts a reader schema to one writer schema so that Avro's schema resolution also accepts a record of the same
 * simple name in another namespace, a double where the reader has a float, and what a field adapter allows.
 * <p>
 * A record gets the writer's full name as an alias, and each field only the aliases it needs.
 */
final class FittedSchema {

    /** Records finished or under construction, by full name: a record may contain itself. */
    private final Map<String, Schema> records = new HashMap<>();

    private final BiFunction<Field, Schema, Optional<Schema>> adapter;

    private FittedSchema(BiFunction<Field, Schema, Optional<Schema>> adapter) {
        this.adapter = adapter;
    }

    static Schema fit(Schema reader, Schema writer, BiFunction<Field, Schema, Optional<Schema>> adapter) {
        return new FittedSchema(adapter).fitTo(reader, writer);
    }

    /** Whether the names allow a reader's record to be read from a writer's: same simple name, or an alias. */
    static boolean sameName(Schema reader, Schema writer) {
        return reader.getName().equals(writer.getName()) || reader.getAliases().contains(writer.getFullName());
    }

    private Schema fitTo(Schema reader, Schema writer) {
        return switch (reader.getType()) {
            case RECORD -> branch(writer, Type.RECORD, reader).map(w -> record(reader, w)).orElse(reader);
            case ARRAY -> branch(writer, Type.ARRAY, reader)
                    .map(w -> withProps(reader, Schema.createArray(fitTo(reader.getElementType(), w.getElementType()))))
                    .orElse(reader);
            case MAP -> branch(writer, Type.MAP, reader)
                    .map(w -> withProps(reader, Schema.createMap(fitTo(reader.getValueType(), w.getValueType()))))
                    .orElse(reader);
            case UNION -> union(reader, writer);
            case FLOAT -> branch(writer, Type.DOUBLE, reader).map(w -> narrowed(writer)).orElse(reader);
            default -> reader;
        };
    }

    private static Optional<Schema> branch(Schema writer, Type type, Schema reader) {
        List<Schema> branches = writer.isUnion() ? writer.getTypes() : List.of(writer);
        return branches.stream().filter(b -> b.getType() == type && (type != Type.RECORD || sameName(reader, b))).findFirst();
    }

    private static Schema narrowed(Schema writer) {
        // If the writer has a union, Avro applies a logical type twice, for the branch and for the field, and fails;
        // as the only branch of a union the type is applied once.
        Schema narrowed = FromNumber.FLOAT.schema(Type.DOUBLE);
        return writer.isUnion() ? Schema.createUnion(narrowed) : narrowed;
    }

    private Schema union(Schema reader, Schema writer) {
        boolean hasDouble = reader.getTypes().stream().anyMatch(branch -> branch.getType() == Type.DOUBLE);
        List<Schema> fitted = new ArrayList<>();
        for (Schema branch : reader.getTypes()) {
            if (branch.getType() != Type.FLOAT) {
                fitted.add(fitTo(branch, writer));
            } else {
                boolean narrow = !hasDouble && branch(writer, Type.DOUBLE, branch).isPresent();
                fitted.add(narrow ? FromNumber.FLOAT.schema(Type.DOUBLE) : branch);
            }
        }
        return withProps(reader, Schema.createUnion(fitted));
    }

    private Schema record(Schema reader, Schema writer) {
        Schema known = records.get(reader.getFullName());
        if (known != null) {
            return known;
        }
        Schema fitted = Schema.createRecord(reader.getName(), reader.getDoc(), reader.getNamespace(), reader.isError());
        records.put(reader.getFullName(), fitted);
        if (!writer.getFullName().equals(reader.getFullName())) {
            fitted.addAlias(writer.getFullName());
        }
        fitted.setFields(reader.getFields().stream().map(field -> field(field, writer)).toList());
        return withProps(reader, fitted);
    }

    private Field field(Field reader, Schema writer) {
        Optional<Field> written = writtenField(reader, writer);
        Schema schema = written.map(w -> adapter.apply(reader, w.schema()).orElseGet(() -> fitTo(reader.schema(), w.schema())))
                .orElse(reader.schema());
        // The default belongs to the reader's own type and is used only if the writer lacks the field.
        Field fitted = written.isPresent() ? new Field(reader.name(), schema, reader.doc())
                : new Field(reader.name(), schema, reader.doc(), reader.defaultVal(), reader.order());
        written.map(Field::name).filter(name -> !name.equals(reader.name())).ifPresent(fitted::addAlias);
        fitted.addAllProps(reader);
        return fitted;
    }

    /** The writer's field of that name, else of an alias: with both, the alias would make Avro see the name twice. */
    private static Optional<Field> writtenField(Field reader, Schema writer) {
        Field sameName = writer.getField(reader.name());
        if (sameName != null) {
            return Optional.of(sameName);
        }
        return reader.aliases().stream().map(writer::getField).filter(field -> field != null).findFirst();
    }

    private static Schema withProps(Schema from, Schema to) {
        to.addAllProps(from);
        return to;
    }
}
