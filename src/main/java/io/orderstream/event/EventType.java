package io.orderstream.event;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import jakarta.inject.Qualifier;

/** Says which type of event an {@link EventHandler} handles; repeated, if there are several. */
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.METHOD })
@Repeatable(EventType.List.class)
public @interface EventType {

    /** The type: there has to be a schema {@code schemas/payload/<type>.v<major>.json}. */
    String value();

    /** Holds several. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ ElementType.TYPE, ElementType.METHOD })
    @interface List {
        EventType[] value();
    }
}
