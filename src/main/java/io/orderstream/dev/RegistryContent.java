package io.orderstream.dev;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Content of the embedded registry, as stored in its JSON file.
 *
 * @param schemas schema texts by id; ids start at 1 and are never reused
 * @param subjects versions by subject, oldest first, deleted ones included
 * @param levels compatibility level by subject; the empty name holds the global level
 */
record RegistryContent(SortedMap<Integer, String> schemas, SortedMap<String, List<Version>> subjects,
        Map<String, String> levels) {

    /** A version of a subject: its number starting at 1, the id of its schema, and whether it is deleted. */
    record Version(int number, int id, boolean deleted) {

        Version delete() {
            return new Version(number, id, true);
        }
    }

    static RegistryContent empty() {
        return new RegistryContent(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }
}
