package dev.twoliter.examples.cli;

import dev.twoliter.api.plan.RunOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of every command that may download the sources of packages. */
final class SourceOptions {

    @Option(
            names = "--lookaside-cache",
            paramLabel = "URL",
            converter = CacheUrl.class,
            description = "Where sources are looked for; repeatable, asked in turn; default $BUILDSYS_LOOKASIDE_CACHE.")
    private List<URI> caches = new ArrayList<>();

    @Option(
            names = "--upstream-source-fallback",
            description = "Let sources that no cache has come from their own URLs.")
    private boolean upstream;

    /** Takes what {@link RunOptions.Builder#lookasideCaches} takes. */
    static final class CacheUrl implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            try {
                URI url = URI.create(text);
                RunOptions.builder().lookasideCaches(url);
                return url;
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Sets them. */
    RunOptions.Builder on(RunOptions.Builder options) {
        options.lookasideCaches(caches.toArray(URI[]::new));
        return upstream ? options.upstreamSources(true) : options;
    }
}
