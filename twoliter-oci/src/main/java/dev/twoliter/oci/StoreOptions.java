package dev.twoliter.oci;

import dev.twoliter.api.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How to reach an {@link ImageStore}. Proxies, credentials and further certificate authorities are found by the
 * environment variables that other tools read too (docs/registries.md). Immutable, thread-safe.
 */
public final class StoreOptions {

    private final Path baseDirectory;
    private final Environment environment;
    private final int parallelism;
    private final boolean allowHttp;
    private final List<Path> caBundles;
    private final Map<String, CredentialSource> credentialSources;
    private final Map<String, List<String>> mirrors;
    private final boolean tagsFromMirrors;
    private final RetryPolicy retryPolicy;
    private final Duration connectTimeout;
    private final Duration stallTimeout;
    private final StoreListener listener;

    private StoreOptions(Builder b) {
        this.baseDirectory = b.baseDirectory;
        this.environment = b.environment;
        this.parallelism = b.parallelism;
        this.allowHttp = b.allowHttp;
        this.caBundles = List.copyOf(b.caBundles);
        this.credentialSources = new LinkedHashMap<>(b.credentialSources);
        this.mirrors = Map.copyOf(b.mirrors);
        this.tagsFromMirrors = b.tagsFromMirrors;
        this.retryPolicy = b.retryPolicy;
        this.connectTimeout = b.connectTimeout;
        this.stallTimeout = b.stallTimeout;
        this.listener = b.listener;
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return what {@code oci:DIR} is relative to} */
    public Path baseDirectory() {
        return baseDirectory;
    }

    /** {@return where proxies, credentials and certificate authorities are looked for} */
    public Environment environment() {
        return environment;
    }

    /** {@return how many blobs are transferred at once, 1 or more} */
    public int parallelism() {
        return parallelism;
    }

    /** {@return whether plain http may be used with hosts other than this one} */
    public boolean allowHttp() {
        return allowHttp;
    }

    /** {@return certificate authorities that are trusted beside those of the JVM} */
    public List<Path> caBundles() {
        return caBundles;
    }

    /** {@return who is asked for credentials first, by the name for messages, in order} */
    public Map<String, CredentialSource> credentialSources() {
        return new LinkedHashMap<>(credentialSources);
    }

    /**
     * {@return the mirrors of a registry, in the order in which they are asked; mostly none}
     *
     * @param registry the registry's host, with its port if it was given
     */
    public List<String> mirrors(String registry) {
        return mirrors.getOrDefault(registry, List.of());
    }

    /** {@return whether mirrors may say what a tag stands for} */
    public boolean tagsFromMirrors() {
        return tagsFromMirrors;
    }

    /** {@return how failed requests are made again} */
    public RetryPolicy retryPolicy() {
        return retryPolicy;
    }

    /** {@return how long a connection may take to come about} */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** {@return how long a transfer may bring next to nothing before it counts as cut} */
    public Duration stallTimeout() {
        return stallTimeout;
    }

    /** {@return who is told what happens} */
    public StoreListener listener() {
        return listener;
    }

    /** Collects {@link StoreOptions}. Not thread-safe. */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofDays(1);

        private Path baseDirectory = Path.of("");
        private Environment environment = Environment.system();
        private int parallelism = 4;
        private boolean allowHttp;
        private final List<Path> caBundles = new ArrayList<>();
        private final Map<String, CredentialSource> credentialSources = new LinkedHashMap<>();
        private final Map<String, List<String>> mirrors = new LinkedHashMap<>();
        private boolean tagsFromMirrors;
        private RetryPolicy retryPolicy = RetryPolicy.DEFAULT;
        private Duration connectTimeout = Duration.ofSeconds(20);
        private Duration stallTimeout = Duration.ofSeconds(60);
        private StoreListener listener = StoreListener.NONE;

        private Builder() {}

        /** Sets what {@code oci:DIR} is relative to; default the working directory. */
        public Builder baseDirectory(Path value) {
            this.baseDirectory = Objects.requireNonNull(value, "baseDirectory");
            return this;
        }

        /** Sets where proxies, credentials and certificate authorities are looked for; default this process's. */
        public Builder environment(Environment value) {
            this.environment = Objects.requireNonNull(value, "environment");
            return this;
        }

        /** Sets how many blobs are transferred at once; default 4. */
        public Builder parallelism(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("parallelism must be 1 or more, but is " + value);
            }
            this.parallelism = value;
            return this;
        }

        /** Allows plain http with hosts that do not speak TLS; by default only loopback addresses may do so. */
        public Builder allowHttp(boolean value) {
            this.allowHttp = value;
            return this;
        }

        /** Trusts further certificate authorities: a file in PEM. */
        public Builder addCaBundle(Path value) {
            caBundles.add(Objects.requireNonNull(value, "caBundle"));
            return this;
        }

        /**
         * Asks somebody for credentials before any file is looked into, in the order of these calls.
         *
         * @param name for messages
         * @param source who
         * @return this
         */
        public Builder addCredentialSource(String name, CredentialSource source) {
            credentialSources.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(source, "source"));
            return this;
        }

        /**
         * Sets mirrors, which are asked before the registry for what a digest names, and only to read.
         *
         * @param registry the registry's host, with its port if it is given
         * @param values the mirrors, {@code host[:port][/path]}, in the order in which they are asked
         * @return this
         */
        public Builder mirrors(String registry, List<String> values) {
            mirrors.put(Objects.requireNonNull(registry, "registry"), List.copyOf(values));
            return this;
        }

        /** Lets mirrors say what a tag stands for: they may be behind, and nothing verifies it; default false. */
        public Builder tagsFromMirrors(boolean value) {
            this.tagsFromMirrors = value;
            return this;
        }

        /** Sets how failed requests are made again; default {@link RetryPolicy#DEFAULT}. */
        public Builder retryPolicy(RetryPolicy value) {
            this.retryPolicy = Objects.requireNonNull(value, "retryPolicy");
            return this;
        }

        /** Sets how long a connection may take to come about, a day at most; default 20 seconds. */
        public Builder connectTimeout(Duration value) {
            this.connectTimeout = positive("connectTimeout", value);
            return this;
        }

        /** Sets how long a transfer may bring less than a kilobyte, a day at most; default a minute. */
        public Builder stallTimeout(Duration value) {
            this.stallTimeout = positive("stallTimeout", value);
            return this;
        }

        private static Duration positive(String name, Duration value) {
            if (value.toMillis() < 1 || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(name + " must be between a millisecond and a day, but is " + value);
            }
            return value;
        }

        /** Sets who is told what happens; default nobody. */
        public Builder listener(StoreListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /** {@return the options} */
        public StoreOptions build() {
            return new StoreOptions(this);
        }
    }
}
