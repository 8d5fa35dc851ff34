package io.orderstream.dev;

/** A reference of a schema to a version of a subject, by the full name of a type in it. */
record SchemaReference(String name, String subject, int version) {
}
