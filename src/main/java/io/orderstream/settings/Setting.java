package io.orderstream.settings;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a method of a {@code @ConfigMapping} interface as a user-visible setting: its environment variable, its
 * meaning and its valid values.
 * <p>
 * Settings are documented only here. {@link SettingsInterceptor} validates every value at startup, and the table in
 * docs/settings.md is generated from it (checked by SettingsTableTest). The type of a valid value follows from the method's
 * return type: integer, number, duration, boolean, enum, URL or text; {@link #min()}, {@link #max()},
 * {@link #choices()} and {@link #text()} narrow it, {@link #atLeast()}, {@link #with()} and {@link #without()} relate it to
 * other settings.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Setting {

    /** Name of the environment variable, which is also accepted as a system property. */
    String env();

    /** Description in one sentence, with the unit. */
    String doc();

    /** Smallest valid value, written like a value of the setting; empty for no bound. */
    String min() default "";

    /** Largest valid value, written like a value of the setting; empty for no bound. */
    String max() default "";

    /** Valid values, case sensitive, where they cannot be the names of an enum; empty for any text. */
    String[] choices() default {};

    /** What a text has to be, such as the name of a topic; by default any text will do. */
    SettingRule.Kind text() default SettingRule.Kind.TEXT;

    /** Environment variable of a setting of the same type whose value this one may not be below; empty for none. */
    String atLeast() default "";

    /** Environment variable of the setting that has to be set as well if this one is; empty for none. */
    String with() default "";

    /** Environment variable of a setting that must not be set if this one is; empty for none. */
    String without() default "";

    /** Whether the value is a secret: it is never shown, not even if it is invalid. */
    boolean secret() default false;
}
