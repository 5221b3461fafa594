package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;
import java.util.List;

/** What is published, as the search asks for it. Every answer may cost a few round trips and must not change. */
public interface Releases {

    /**
     * {@return what one version of a kit needs}
     *
     * @param kit the version
     */
    Release kit(ImageDependency kit);

    /**
     * {@return whether an SDK can be used; it needs nothing}
     *
     * @param sdk the SDK
     */
    Release sdk(ImageDependency sdk);

    /**
     * Says which versions will be asked for next, so that they can be read at the same time.
     *
     * @param kits the versions
     */
    default void expect(List<ImageDependency> kits) {}
}
