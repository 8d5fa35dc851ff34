package io.orderstream.settings;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Documents one method of a {@code @ConfigMapping} interface as a setting people may change: its environment variable, its
 * meaning and the bounds of its value.
 * <p>
 * This is the only place where a setting is described. {@link SettingsInterceptor} checks every value against it before
 * anything starts, and the table in README.md is rendered from it (SettingsTableTest holds the two together).
 * The rule follows from the type of the method: a whole number, a number, a duration, a switch, one of an enum's names,
 * a url, or text; {@link #min()}, {@link #max()} and {@link #choices()} narrow it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Setting {

    /** Name of the environment variable, also accepted as a system property of that name. */
    String env();

    /** What it does, in one sentence, with the unit. */
    String doc();

    /** Smallest value allowed, in the form of a value of the setting; empty for no bound. */
    String min() default "";

    /** Largest value allowed, in the form of a value of the setting; empty for no bound. */
    String max() default "";

    /** The texts allowed, to the letter, for what others read as it stands and no enum can be named like; empty for any. */
    String[] choices() default {};
}
