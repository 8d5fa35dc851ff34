package io.orderstream.dev;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything the embedded registry knows, in the form it is kept in its file.
 *
 * @param schemas text of every schema by its id; ids begin at 1 and are never given twice
 * @param subjects versions of every subject, oldest first, those deleted included
 * @param levels compatibility level by subject; that of the empty name holds for all the others
 */
record RegistryContent(SortedMap<Integer, String> schemas, SortedMap<String, List<Version>> subjects,
        Map<String, String> levels) {

    /** One version of a subject: its number from 1, the id of its schema, and whether it was deleted. */
    record Version(int number, int id, boolean deleted) {

        Version delete() {
            return new Version(number, id, true);
        }
    }

    static RegistryContent empty() {
        return new RegistryContent(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }
}
