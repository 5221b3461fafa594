package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;

/**
 * The SDK that a project names. Immutable.
 *
 * @param written what it names
 * @param mayRise whether a newer version of the same SDK will do
 */
public record SdkRule(ImageDependency written, boolean mayRise) {

    boolean allows(ImageDependency sdk) {
        return sdk.equals(written)
                || (mayRise
                        && sdk.name().equals(written.name())
                        && sdk.vendor().equals(written.vendor())
                        && sdk.version().compareTo(written.version()) > 0);
    }
}
